"""Sealing: records enter the chain of hashes after they were written, in batches, by due work.

Why not at once: a chain has one end. On PostgreSQL each request would wait for the one before it to
commit, and the taps of a city would stand in one line; on SQLite it would add a read and a hash to
every tap. So a request adds its record as before, and the sealer takes what is not sealed, in order
of number, every `DUE_EVERY_S` seconds. Until then a record is told as not sealed; it could be
changed unseen for so long. The back office, which on SQLite writes alone while it does, seals with
each batch what that added, and as much again of what waits.

Which records are not sealed: those above the floor that have no seal. SQLite has one writer, so
numbers are committed in order and the floor is the last number sealed. On PostgreSQL a lower number
may be committed after a higher one; the floor follows a number only when every transaction that
was running some rounds after it was sealed has ended. What turns up below the floor without a seal
was inserted by hand.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from card_platform.oversight.audit import store
from card_platform.oversight.audit.anchor import read_anchor, write_anchor
from card_platform.oversight.audit.chain import Head, hash_after
from card_platform.storage import Transaction

SEAL_BATCH_MAX = 100
"""Most records sealed in one transaction: few milliseconds, since on SQLite taps wait for it."""
KEEP_EVERY = 2_000
"""Records of a long round after which the head is kept again: to replace a file costs a sync."""


class Sealer:
    """Seals the audit of one platform.

    Args:
        anchor: file that keeps the head outside the database; None keeps none.
    """

    def __init__(self, anchor: Path | None) -> None:
        self._anchor = anchor
        self._since_kept = KEEP_EVERY

    def seal(self, tx: Transaction, _now: datetime) -> bool:
        """Seal the next batch; whether there may be more."""
        chain = store.lock_chain(tx)
        if self._since_kept >= KEEP_EVERY:
            self._keep_head(tx, chain.head)
            self._since_kept = 0
        count = seal_next(tx, chain, SEAL_BATCH_MAX)
        is_more = count == SEAL_BATCH_MAX
        self._since_kept = self._since_kept + count if is_more else KEEP_EVERY
        return is_more

    def _keep_head(self, tx: Transaction, head: Head) -> None:
        """Only where the chain still goes through the one kept: else that is the proof."""
        if self._anchor is None or head.position == 0:
            return
        kept = read_anchor(self._anchor)
        if kept is None or (
            kept.position < head.position and store.hash_at(tx, kept.position) == kept.hash
        ):
            write_anchor(self._anchor, head)


def seal_next(tx: Transaction, chain: store.Chain, most: int) -> int:
    """Seal what is not sealed, at most so many records; how many there were.

    `chain` is locked by this transaction.
    """
    batch = store.unsealed(tx, chain.floor, most)
    position, last = chain.head.position, chain.head.hash
    seals = []
    for record in batch:
        position, last = position + 1, hash_after(last, record)
        seals.append((position, record.number, last))
    store.add_seals(tx, seals)
    highest = max([chain.highest, *(record.number for record in batch)])
    store.save_chain(tx, store.next_chain(tx, chain, Head(position, last), highest))
    return len(batch)


def seal_at_once(tx: Transaction, added: int) -> None:
    """Seal so many records as this transaction may have added, and as many that wait."""
    seal_next(tx, store.lock_chain(tx), 2 * added)
