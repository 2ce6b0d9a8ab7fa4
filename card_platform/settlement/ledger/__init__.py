"""The ledger: double entry in integer fen.

Reading order: `model` (accounts, entries, the rule that a posting sums to zero), `service` (post),
`books` (the check over the whole book), `store`, `routes`.
"""

from card_platform.settlement.ledger.books import BookCheck, check_books
from card_platform.settlement.ledger.service import Ledger

__all__ = ["BookCheck", "Ledger", "check_books"]
