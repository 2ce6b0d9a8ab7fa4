"""Participants of the exchange and what they sign.

Rules (NM-9, CQ-17, CQ-18, YD-5, YD-17):
- Everybody signs under an identity of their own; a participant may send only the subjects granted
  to it, each for a purpose of that subject, and names nobody to whom the data are handed on.
- Messages have an effect. Those of a sender are numbered from 1 without gaps and taken in that
  order; one taken before is answered as it was and has no second effect.
- Queries read. They are answered at once and once, and only while they are fresh.
- What is signed is the text of the content as it was sent: nobody need write JSON anew to check.
- An answer says which request it answers, so that one given before serves for no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

ParticipantId = Annotated[str, exactly(r"[0-9a-z][0-9a-z-]{1,39}")]
Hex = Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]
RequestHash = Annotated[str, exactly(r"[0-9a-f]{64}")]
CONTENT_LENGTH_MAX = 32_000
"""Longest content, in characters."""
BATCH_MAX = 50
"""Most messages in one request."""


ANY_FIELD = "*"
"""Whatever two regions agreed on."""


class ParticipantKind(StrEnum):
    """Who takes part."""

    REGION = "region"
    DEPARTMENT = "department"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody on the road.

    Attributes:
        participant_id: of a region its GB/T 2260 code.
        url: where it takes messages; None for who only sends.
        public_key: X || Y in hex.
        subjects: what it may send here.
    """

    participant_id: str
    kind: ParticipantKind
    name_zh: str
    url: str | None
    public_key: str
    subjects: tuple[str, ...]


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed. `sequence` counts the messages of the sender to the recipient; 0 else.

    `answer_to` stands in answers only: messages keep the text they had without it.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: Literal["message", "query", "answers"]
    sender: ParticipantId
    recipient: ParticipantId
    subject: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    purpose: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    sent_at: Annotated[str, msgspec.Meta(min_length=20, max_length=40)]
    body: msgspec.Raw
    handed_on_to: str | None = None
    answer_to: RequestHash | msgspec.UnsetType = msgspec.UNSET


class Envelope(RequestBody, frozen=True):
    """A content, as JSON text, and its sender's signature r || s over that text, in hex."""

    content: Annotated[str, msgspec.Meta(min_length=2, max_length=CONTENT_LENGTH_MAX)]
    signature: Hex


def hash_of_request(envelopes: Sequence[Envelope]) -> str:
    """What an answer names its request by: SHA-256 over the contents as they were sent, in their
    order with nothing between, in hex.
    """
    return hashlib.sha256("".join(each.content for each in envelopes).encode()).hexdigest()


class Told(msgspec.Struct, frozen=True):
    """A refusal as it travels."""

    code: str
    detail_zh: str
    detail_en: str


class MessageAnswer(msgspec.Struct, frozen=True):
    """What became of a message or a query: `answer` when it was taken, else `problem`."""

    sequence: int
    result: Literal["taken", "refused"]
    answer: msgspec.Raw = msgspec.Raw(b"null")
    problem: Told | None = None


class Answers(msgspec.Struct, frozen=True):
    """The signed reply to messages; `accepted_through` is the last one taken or refused."""

    answers: list[MessageAnswer]
    accepted_through: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that waits for its answer. `reference` is the sender's own."""

    recipient: str
    sequence: int
    message_id: str
    subject: str
    purpose: str
    body: str
    reference: str | None
    sent_at: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of message or query.

    Attributes:
        name: of the subject.
        kind: a message has an effect, a query reads.
        purposes: for which it may be sent.
        senders: who may be granted it.
        body: its struct.
        take: what it does here. A refusal it raises undoes what it did; one it returns does not,
            for what must stay on record.
        learn: what its sender does with the answer, in the transaction that keeps it.
        field: of the agreements under which regions are granted it without a new enrolment, where
            it was not known yet when they were enrolled; `ANY_FIELD` for whatever they agreed on.
    """

    name: str
    kind: Literal["message", "query"]
    purposes: frozenset[str]
    senders: frozenset[ParticipantKind]
    body: type[Any]
    take: Callable[[Transaction, Participant, Any, str], msgspec.Struct | Refusal]
    learn: Callable[[Transaction, Sent, MessageAnswer], None] | None = None
    field: str | None = None


class ParticipantEnrolled(Event, frozen=True, kw_only=True):
    """Somebody joined the road, or came with a new key or new grants."""

    action: ClassVar[str] = "enrol-participant"
    card_id: None = None
    participant_id: str
    subjects: str

    @property
    def detail(self) -> str:
        """Who, for what."""
        return f"{self.participant_id}: {self.subjects}"


class ParticipantGranted(Event, frozen=True, kw_only=True):
    """A region was granted subjects that nobody knew when it was enrolled."""

    action: ClassVar[str] = "grant-subjects"
    card_id: None = None
    participant_id: str
    subjects: str

    @property
    def detail(self) -> str:
        """Who, for what."""
        return f"{self.participant_id}: {self.subjects}"


class ExchangeAnswered(Event, frozen=True, kw_only=True):
    """A message was taken or refused, or a query answered or refused (CQ-18: on record)."""

    action: ClassVar[str] = "exchange"
    card_id: None = None
    kind: str
    subject: str
    purpose: str
    result: str

    @property
    def detail(self) -> str:
        """What, for what, how it ended."""
        return f"{self.kind} {self.subject} for {self.purpose}: {self.result}"
