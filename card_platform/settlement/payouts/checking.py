"""The books of the lines against the ledger: each fen of a credit file is some line's, and each
credit file has its money moved. It shares no code with what pays.

The ledger holds sums of files, for a holder's account at a bank is in no book of ours; this check
is what makes the sums answer for every line (decision 0021).
"""

from __future__ import annotations

from card_platform.storage import Statement, Transaction

_FILE_NOT_ITS_LINES = Statement(
    "SELECT payout_files.file FROM payout_files LEFT JOIN (SELECT file, COUNT(*) AS lines,"
    " SUM(amount_fen) AS fen FROM payout_credits GROUP BY file) AS kept"
    " ON kept.file = payout_files.file WHERE kept.file IS NULL OR kept.lines <> payout_files.lines"
    " OR kept.fen <> payout_files.sum_fen ORDER BY payout_files.file LIMIT 1"
)
_FILE_NOT_ORDERED = Statement(
    "SELECT payout_files.file FROM payout_files"
    " LEFT JOIN postings ON postings.client_id = :prefix || CAST(payout_files.file AS VARCHAR)"
    " LEFT JOIN entries ON entries.posting_id = postings.posting_id AND entries.line = 1"
    " WHERE entries.amount_fen IS NULL OR entries.amount_fen <> payout_files.sum_fen"
    " ORDER BY payout_files.file LIMIT 1"
)
_CREDIT_NOT_A_LINE = Statement(
    "SELECT payout_files.batch, payout_credits.line FROM payout_credits"
    " JOIN payout_files ON payout_files.file = payout_credits.file"
    " LEFT JOIN payout_lines ON payout_lines.batch = payout_files.batch"
    " AND payout_lines.line = payout_credits.line WHERE payout_lines.line IS NULL"
    " OR payout_lines.amount_fen <> payout_credits.amount_fen LIMIT 1"
)
_PAID_TWICE = Statement(
    "SELECT payout_files.batch, payout_credits.line FROM payout_credits"
    " JOIN payout_files ON payout_files.file = payout_credits.file"
    " GROUP BY payout_files.batch, payout_credits.line"
    " HAVING COUNT(*) > 1 + (SELECT COUNT(*) FROM payout_exception_changes AS changes"
    " WHERE changes.batch = payout_files.batch AND changes.line = payout_credits.line"
    " AND changes.action = 'reissue') LIMIT 1"
)

ORDERED_AS = "transfer:payout-file:"
"""How the client id of the posting begins that ordered a file."""


def first_fault(tx: Transaction) -> str | None:
    """The first fault found, in words; None where the lines and the ledger agree."""
    tx.expect_whole_tables()
    for statement, words in (
        (_FILE_NOT_ITS_LINES, "credit file {}: its credits are not its lines and its sum"),
        (_FILE_NOT_ORDERED, "credit file {}: the ledger moved another sum for it"),
        (_CREDIT_NOT_A_LINE, "payout-{} line {}: credited, but not as the line says"),
        (_PAID_TWICE, "payout-{} line {}: credited more often than it was issued"),
    ):
        values = {"prefix": ORDERED_AS} if "prefix" in statement.names else {}
        rows = tx.rows(statement, values)
        if rows:
            return words.format(*rows[0])
    return None
