"""Request and answer shapes of journals, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from card_platform.services.journal.model import Record
from card_platform.services.journal.service import RecordProblem
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.documentation import CLIENT_ID_MAX
from card_platform.web.request_body import RequestBody

RECORDS_MAX = 500
"""Most records of one request."""
RECORD_BODY_MAX = 2_000
"""Longest body of a record, in characters; a tap with everything has 500."""
JOURNAL_MAX_BYTES = 1024 * 1024
"""Largest request: twice that of RECORDS_MAX taps."""
_SEQUENCE_MAX = 2**53 - 1
"""The largest whole number every JSON reader keeps."""


class RecordBody(RequestBody, frozen=True):
    """One record. What is signed is the text as it stands here, so nothing is put into order."""

    sequence: Annotated[int, msgspec.Meta(ge=1, le=_SEQUENCE_MAX)]
    kind: Literal["tap", "purchase", "refusal", "medical-payment", "code-use"]
    key: Annotated[str, exactly(rf"[\x21-\x7e]{{1,{CLIENT_ID_MAX}}}")]
    at: Annotated[
        str,
        exactly(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
            r"(Z|[+-][0-9]{2}:[0-9]{2})"
        ),
    ]
    body: Annotated[str, msgspec.Meta(max_length=RECORD_BODY_MAX)]
    previous: Annotated[str, exactly(r"[0-9A-Fa-f]{64}")]
    signature: Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]

    def read(self) -> Record:
        """The same for the service."""
        return Record(
            self.sequence,
            self.kind,
            self.key,
            self.at,
            self.body,
            self.previous,
            self.signature,
        )


class JournalBody(RequestBody, frozen=True):
    """Records in the order of their sequence, without gaps.

    What a record says is kept as bytes, whatever it is: no record may hold up those after it.
    """

    any_text: ClassVar[frozenset[str]] = frozenset({"body"})

    records: Annotated[list[RecordBody], msgspec.Meta(min_length=1, max_length=RECORDS_MAX)]


class RecordAnswer(msgspec.Struct, frozen=True):
    """What became of one record: the answer of its own route, or why it was refused."""

    sequence: int
    result: Literal["taken", "refused"]
    answer: dict[str, Any] | None
    problem: RecordProblem | None


class JournalAnswer(msgspec.Struct, frozen=True):
    """What became of each record, and how far the journal was taken."""

    answers: list[RecordAnswer]
    accepted_through: int


def journal_answer(
    kept: Iterable[tuple[int, bytes | None, bytes | None]], accepted_through: int
) -> JournalAnswer:
    """The answer from the records kept: sequence, answer, problem of each."""
    return JournalAnswer(
        [_record_answer(sequence, answer, problem) for sequence, answer, problem in kept],
        accepted_through,
    )


def _record_answer(sequence: int, answer: bytes | None, problem: bytes | None) -> RecordAnswer:
    if answer is not None:
        told = msgspec.json.decode(answer, type=dict[str, Any])
        return RecordAnswer(sequence, "taken", told, None)
    refused = msgspec.json.decode(problem or b"", type=RecordProblem)
    return RecordAnswer(sequence, "refused", None, refused)
