"""The chain of hashes over the audit, pure.

Rules: a record is sealed at a position, counted from 1 without gaps. Its hash is SHA-256 over the
hash at the position before and the record itself, its number included; so a record that was
changed, removed, inserted or moved no longer fits. Anybody can compute the chain again: there is no
secret in it, and therefore the head is also kept outside the database (`anchor`), where whoever can
rewrite every hash of the database does not reach.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NamedTuple

import msgspec

FIRST_HASH = "0" * 64
"""Stands before the first record."""


class AuditRecord(NamedTuple):
    """One row of the audit."""

    number: int
    at: str
    by: str
    action: str
    card_id: str | None
    detail: str


class Head(msgspec.Struct, frozen=True):
    """Where the chain ends: its last position (0 for none) and the hash there."""

    position: int
    hash: str


EMPTY = Head(0, FIRST_HASH)


class FaultKind(StrEnum):
    """How a record, or the end of the chain, does not fit."""

    DIFFERS = "record-differs"
    MISSING = "record-missing"
    SEAL_MISSING = "seal-missing"
    NOT_IN_CHAIN = "record-not-in-chain"
    HEAD_DIFFERS = "head-differs"
    ANCHOR_DIFFERS = "anchor-differs"


class ChainFault(msgspec.Struct, frozen=True):
    """The first place that does not fit: position in the chain, number of the record if known."""

    kind: FaultKind
    position: int
    number: int | None


def hash_after(previous: str, record: AuditRecord) -> str:
    """The hash of a record that follows the hash `previous`."""
    return hashlib.sha256(previous.encode("ascii") + msgspec.json.encode(record)).hexdigest()
