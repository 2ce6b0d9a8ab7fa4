"""Purchases: receipts of canteens and merchants become postings.

Each is checked by its TAC and taken once, by the same key as taps (card, day, offline sequence):
the card counts one sequence for all it pays.
"""

from __future__ import annotations

from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.transit import store
from card_platform.services.transit.loads import find_purse
from card_platform.services.transit.model import PurchaseAccepted, Tap, purchase_posting
from card_platform.services.transit.refusals import TapIsReplayed
from card_platform.services.transit.taps import require_tac
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


class Purchases:
    """Takes the receipts of purchases."""

    def __init__(
        self, policy: RegionPolicy, keys: SecurityModule, ledger: Ledger, clock: Clock
    ) -> None:
        self._policy = policy
        self._keys = keys
        self._ledger = ledger
        self._clock = clock

    def accept(self, tx: Transaction, receipt: Tap, caller: Caller) -> tuple[str, str]:
        """Take one receipt; the ids of the purchase and of its posting.

        Raises:
            PurseIsUnknown, TacIsWrong, TapIsReplayed: as they say.
        """
        card_id, _state = find_purse(tx, self._policy, receipt.issuer, receipt.application_serial)
        require_tac(self._keys, receipt, caller.terminal_number)
        purchase_id = new_identifier("purchase")
        at = moment_of(self._clock.now())
        if not store.add_tap(tx, purchase_id, receipt, caller.terminal_number, at):
            raise TapIsReplayed(date=receipt.date, offline_sequence=receipt.offline_sequence)
        posting = purchase_posting(purchase_id, receipt, caller.operator)
        posting_id = self._ledger.post(tx, posting)
        store.add_purchase(tx, purchase_id, posting_id)
        tx.emit(
            PurchaseAccepted(at=at, by=caller.name, card_id=card_id, amount_fen=receipt.amount_fen)
        )
        return purchase_id, posting_id
