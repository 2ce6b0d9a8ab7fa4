"""A record of a journal, what is signed of it, and how records hang together. Pure.

Rules (docs/interfaces.md, section 4):
- Signed are the UTF-8 lines `onecard-journal/1`, terminal number, sequence, kind, key, at,
  previous, body, joined by LF. No field before the body may hold an LF, or two records could sign
  alike.
- `previous` is the SHA-256 of what was signed for the record before, 64 zeros for the first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from card_platform.services.journal.refusals import JournalHasGap
from card_platform.storage import Event

FIRST_PREVIOUS = "0" * 64
_HEAD = "onecard-journal/1"


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record as the terminal wrote it; `body` is the JSON text of the direct route."""

    sequence: int
    kind: str
    key: str
    at: str
    body: str
    previous: str
    signature: str


@dataclass(frozen=True, slots=True)
class SignedRecord:
    """A record whose signature is right, and the digest the record after it must name."""

    record: Record
    digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """How far a journal was taken: the last sequence, 0 for none, and its digest."""

    sequence: int = 0
    digest: str = FIRST_PREVIOUS


def signed_text(terminal_number: str, record: Record) -> bytes:
    """What the terminal signs of a record."""
    lines = (
        _HEAD,
        terminal_number,
        str(record.sequence),
        record.kind,
        record.key,
        record.at,
        record.previous,
        record.body,
    )
    return "\n".join(lines).encode("utf-8")


def digest_of(signed: bytes) -> str:
    """SHA-256, in lower-case hex."""
    return hashlib.sha256(signed).hexdigest()


def new_records(
    records: Sequence[SignedRecord], place: Place, taken: dict[int, str]
) -> Sequence[SignedRecord]:
    """The records that follow the place, after those taken before.

    Args:
        records: of one request, in order.
        place: how far the journal was taken.
        taken: the digests of the records of this request that were taken before, by sequence.

    Raises:
        JournalHasGap: a record does not follow the one before it, or another was taken in its
            stead.
    """
    expected = min(records[0].record.sequence, place.sequence + 1)
    before = place.digest
    for each in records:
        sequence = each.record.sequence
        if sequence > place.sequence:
            fits = each.record.previous.lower() == before
            before = each.digest
        else:
            fits = taken.get(sequence) == each.digest
        if sequence != expected or not fits:
            raise JournalHasGap(sequence=sequence, accepted_through=place.sequence)
        expected += 1
    return [each for each in records if each.record.sequence > place.sequence]


class JournalTaken(Event, frozen=True, kw_only=True):
    """New records of a terminal's journal were taken."""

    action: ClassVar[str] = "take-journal"
    card_id: None = None
    first: int
    last: int
    refused: int

    @property
    def detail(self) -> str:
        """Which records, and how many of them were refused."""
        return f"records {self.first} to {self.last}, {self.refused} refused"
