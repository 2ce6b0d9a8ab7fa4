"""The check of what banks booked against the ledger: each settled or returned order moved its money
with its bank, each refused one did not. It shares no code with what books.

Days before the platform kept movements are not in it (decision 0027).
"""

from __future__ import annotations

from card_platform.storage import Statement, Transaction

_MOVED_OTHERWISE = Statement(
    "SELECT own.bank, own.reference, own.stage FROM bank_movements AS own"
    " LEFT JOIN postings ON postings.client_id = CASE"
    " WHEN own.reference LIKE :orders || '-' || :any AND own.result = 'settled'"
    " THEN :orders || :colon || own.reference || :colon || 'settle'"
    " WHEN own.reference LIKE :orders || '-' || :any AND own.result = 'returned'"
    " THEN :orders || :colon || own.reference || :colon || 'return'"
    " WHEN own.reference LIKE :orders || '-' || :any"
    " THEN :orders || :colon || own.reference || :colon || 'refuse'"
    " ELSE own.reference || :colon || 'settle' END"
    " LEFT JOIN entries ON entries.posting_id = postings.posting_id"
    " AND entries.account = 'bank' || :colon || own.bank"
    " WHERE NOT (own.reference LIKE 'payout-file' || :any AND own.stage = 'return')"
    " AND (postings.posting_id IS NULL OR COALESCE(entries.amount_fen, 0) <> CASE own.result"
    " WHEN 'settled' THEN own.amount_fen WHEN 'returned' THEN -own.amount_fen ELSE 0 END)"
    " ORDER BY own.bank, own.reference LIMIT 1"
)
_LEFT = Statement("SELECT COUNT(*) FROM bank_differences WHERE state IN ('open', 'proposed')")
_TEXTS = {"orders": "bank-order", "colon": ":", "any": "%"}
"""A text of ours holds no colon and no percent sign."""


def first_fault(tx: Transaction) -> str | None:
    """The first line that the ledger moved otherwise, in words; None where all agree."""
    tx.expect_whole_tables()
    rows = tx.rows(_MOVED_OTHERWISE, _TEXTS)
    if not rows:
        return None
    bank, reference, stage = rows[0]
    return f"{bank}: {reference} ({stage}) is in its book, and the ledger moved another sum"


def left(tx: Transaction) -> int:
    """Differences with banks that are still to be worked off."""
    return int(tx.rows(_LEFT, {})[0][0])
