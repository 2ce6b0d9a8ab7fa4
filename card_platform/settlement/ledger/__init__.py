"""The ledger: double entry in integer fen.

Reading order: `accounts` (kinds and lives of accounts), `model` (entries, transfers, periods),
`service` (post, transfer), `closing_life` and `periods` (closing a month), `books` (the check over
the whole book), `store`, `closing_store`, `books_store`, `shapes`, `routes`, `refusals`.
"""

from card_platform.settlement.ledger.books import BookCheck, check_books
from card_platform.settlement.ledger.periods import Periods
from card_platform.settlement.ledger.service import Ledger

__all__ = ["BookCheck", "Ledger", "Periods", "check_books"]
