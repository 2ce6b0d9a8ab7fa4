"""Checking the audit: the chain is computed again from the first record to the last.

Rules: the first place that does not fit is named. Records not sealed yet are counted, not judged.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from card_platform.oversight.audit import store
from card_platform.oversight.audit.anchor import read_anchor
from card_platform.oversight.audit.chain import (
    EMPTY,
    ChainFault,
    FaultKind,
    Head,
    hash_after,
)
from card_platform.storage import Transaction


class AuditCheck(msgspec.Struct, frozen=True):
    """What a check found. `head` is what an auditor writes down, to compare it the next time."""

    whole: bool
    sealed: int
    unsealed: int
    head: Head
    anchored: Head | None
    first_fault: ChainFault | None


def check_audit(tx: Transaction, anchor: Path | None) -> AuditCheck:
    """Check every sealed record, the end of the chain, and the anchor."""
    anchored = read_anchor(anchor) if anchor is not None else None
    chain = store.look_at_chain(tx)  # after the anchor, which is never ahead of it
    end, fault = _walk(tx, chain.head.position, anchored)
    if fault is None and (end != chain.head or store.has_seals_beyond_head(tx)):
        fault = ChainFault(FaultKind.HEAD_DIFFERS, end.position + 1, None)
    if fault is None and anchored is not None and anchored.position > end.position:
        fault = ChainFault(FaultKind.ANCHOR_DIFFERS, end.position + 1, None)
    inserted = store.find_inserted(tx, chain.floor) if fault is None else None
    if inserted is not None:
        fault = ChainFault(FaultKind.NOT_IN_CHAIN, 0, inserted)
    waiting = store.count_unsealed(tx, chain.floor)
    return AuditCheck(fault is None, end.position, waiting, chain.head, anchored, fault)


def _walk(tx: Transaction, last: int, anchored: Head | None) -> tuple[Head, ChainFault | None]:
    """The end of what fits, and the first fault."""
    head = EMPTY
    for position, number, sealed_hash, record in store.sealed(tx, last):
        if position != head.position + 1:
            return head, ChainFault(FaultKind.SEAL_MISSING, head.position + 1, None)
        if record is None:
            return head, ChainFault(FaultKind.MISSING, position, number)
        if hash_after(head.hash, record) != sealed_hash:
            return head, ChainFault(FaultKind.DIFFERS, position, number)
        head = Head(position, sealed_hash)
        if anchored is not None and anchored.position == position and anchored != head:
            return head, ChainFault(FaultKind.ANCHOR_DIFFERS, position, number)
    return head, None
