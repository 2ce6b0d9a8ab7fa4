"""What the personal account can pay: its credit, account of the current year first.

Rule: what a load that was allowed may still take is left alone, whatever its sequence, so that its
confirmation always finds its money. Whoever pays from the account holds the card's row, as loads
do, so that no two spend the same fen.
"""

from __future__ import annotations

from card_platform.issuance.model import Card
from card_platform.services.medical import store
from card_platform.services.medical.model import ACCOUNTS
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import medical_credit_account
from card_platform.storage import Transaction


def pay_from_account(
    tx: Transaction, ledger: Ledger, card: Card, amount_fen: int
) -> dict[int, int]:
    """What each account pays of the amount, in fen; accounts that pay nothing are left out."""
    left_fen, paid_fen = amount_fen, dict[int, int]()
    for account in ACCOUNTS:
        held_fen = ledger.balance(tx, medical_credit_account(card.card_id, account))
        open_fen = store.open_fen_of(tx, card.historical_bytes, account)
        share_fen = min(left_fen, max(held_fen - open_fen, 0))
        if share_fen > 0:
            paid_fen[account] = share_fen
            left_fen -= share_fen
    return paid_fen
