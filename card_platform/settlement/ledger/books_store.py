"""SQL of the check of the books. It reads the tables by itself and shares nothing with what posts:
months are read from the moments of postings, not from what stands beside the entries.
"""

from __future__ import annotations

from card_platform.storage import Statement, Transaction

_TOTALS = Statement(
    "SELECT (SELECT COUNT(*) FROM postings), COUNT(*), COUNT(DISTINCT account),"
    " CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM entries"
)
_UNBALANCED = Statement(
    "SELECT postings.posting_id, COUNT(entries.line),"
    " CAST(COALESCE(SUM(entries.amount_fen), 0) AS BIGINT) FROM postings"
    " LEFT JOIN entries ON entries.posting_id = postings.posting_id"
    " GROUP BY postings.posting_id, postings.at"
    " HAVING COUNT(entries.line) < 2 OR COALESCE(SUM(entries.amount_fen), 0) <> 0"
    " ORDER BY postings.at, postings.posting_id LIMIT 1"
)
_ORPHAN = Statement(
    "SELECT entries.posting_id FROM entries LEFT JOIN postings"
    " ON postings.posting_id = entries.posting_id WHERE postings.posting_id IS NULL LIMIT 1"
)
_MISDATED = Statement(
    "SELECT entries.posting_id, entries.line, entries.period FROM entries"
    " JOIN postings ON postings.posting_id = entries.posting_id WHERE entries.period <>"
    " CAST(SUBSTR(postings.at, 1, 4) || SUBSTR(postings.at, 6, 2) AS INTEGER)"
    " ORDER BY entries.posting_id, entries.line LIMIT 1"
)
_CLOSINGS = Statement("SELECT COUNT(*) FROM ledger_closings WHERE state = 'closed'")
_CLOSED_OTHERWISE = Statement(
    "WITH dated AS (SELECT entries.account AS account, entries.amount_fen AS fen,"
    " CAST(SUBSTR(postings.at, 1, 4) || SUBSTR(postings.at, 6, 2) AS INTEGER) AS month"
    " FROM entries JOIN postings ON postings.posting_id = entries.posting_id),"
    " moved AS (SELECT account, month, SUM(fen) AS fen FROM dated GROUP BY account, month),"
    " ended AS (SELECT period FROM ledger_closings WHERE state = 'closed'),"
    " placed AS (SELECT account, (SELECT MIN(period) FROM ended"
    " WHERE period >= moved.month) AS period, fen FROM moved),"
    " counted AS (SELECT account, period, SUM(fen) AS fen FROM placed"
    " WHERE period IS NOT NULL GROUP BY account, period),"
    " running AS (SELECT account, period, CAST(SUM(fen) OVER"
    " (PARTITION BY account ORDER BY period) AS BIGINT) AS fen FROM counted),"
    " compared AS (SELECT running.period, running.account, running.fen, closed.balance_fen"
    " FROM running LEFT JOIN ledger_closing_balances AS closed"
    " ON closed.account = running.account AND closed.period = running.period UNION ALL"
    " SELECT closed.period, closed.account, running.fen, closed.balance_fen"
    " FROM ledger_closing_balances AS closed JOIN ended ON ended.period = closed.period"
    " LEFT JOIN running"
    " ON closed.account = running.account AND closed.period = running.period"
    " WHERE running.account IS NULL)"
    " SELECT period, account, fen, balance_fen FROM compared"
    " WHERE fen IS NULL OR balance_fen IS NULL OR fen <> balance_fen"
    " ORDER BY period, account LIMIT 1"
)


def totals(transaction: Transaction) -> tuple[int, int, int, int]:
    """Postings, entries, accounts, and the sum of all entries in fen."""
    postings, entries, accounts, sum_fen = transaction.rows(_TOTALS, {})[0]
    return postings, entries, accounts, sum_fen


def first_unbalanced(transaction: Transaction) -> tuple[str, int, int] | None:
    """The earliest posting with fewer than two entries or a sum other than zero."""
    rows = transaction.rows(_UNBALANCED, {})
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def first_orphan(transaction: Transaction) -> str | None:
    """A posting id that entries name and no posting has."""
    rows = transaction.rows(_ORPHAN, {})
    return rows[0][0] if rows else None


def first_misdated(transaction: Transaction) -> tuple[str, int, int] | None:
    """An entry whose month is not that of its posting: posting, line and month."""
    rows = transaction.rows(_MISDATED, {})
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def count_closings(transaction: Transaction) -> int:
    """How many months are closed."""
    return int(transaction.rows(_CLOSINGS, {})[0][0])


def first_closed_otherwise(
    transaction: Transaction,
) -> tuple[int, str, int | None, int | None] | None:
    """The first closing that its entries contradict: month, account, fen by entries, fen closed.

    None stands for no entry, or no row of the closing.
    """
    rows = transaction.rows(_CLOSED_OTHERWISE, {})
    return (rows[0][0], rows[0][1], rows[0][2], rows[0][3]) if rows else None
