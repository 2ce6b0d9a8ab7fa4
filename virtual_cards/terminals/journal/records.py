"""What a terminal signs: one record after the other, each bound to the one before.

Rules: docs/interfaces.md, section 4, Journal. The signature is SM2 with SM3 (GB/T 32918.2), the
chain SHA-256. A record that was taken out, changed or put elsewhere breaks the chain.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Self

import msgspec

from virtual_cards.keys import sm2

FIRST_PREVIOUS: Final = "0" * 64
_VERSION: Final = "onecard-journal/1"


@dataclass(frozen=True, slots=True)
class TerminalKey:
    """The key pair a terminal signs with; the public half goes to the platform at enrolment."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """A new pair."""
        return cls(*sm2.generate())


class Record(msgspec.Struct, frozen=True):
    """One signed record as it is sent."""

    sequence: int
    kind: str
    key: str
    at: str
    body: str
    previous: str
    signature: str


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain: the last sequence, and the hash of what was signed for it."""

    sequence: int = 0
    hash: str = FIRST_PREVIOUS


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, not yet signed; `body` is the JSON text of the direct route."""

    kind: str
    key: str
    at: str
    body: str


def sign(entry: Entry, last: Link, terminal_number: bytes, key: TerminalKey) -> tuple[Record, Link]:
    """The record that follows `last`, and the new end of the chain."""
    sequence = last.sequence + 1
    lines = (
        _VERSION,
        terminal_number.hex().upper(),
        str(sequence),
        entry.kind,
        entry.key,
        entry.at,
        last.hash,
        entry.body,
    )
    signed = "\n".join(lines).encode()
    signature = sm2.sign(key.private, key.public, signed).hex().upper()
    record = Record(sequence, entry.kind, entry.key, entry.at, entry.body, last.hash, signature)
    return record, Link(sequence, hashlib.sha256(signed).hexdigest())
