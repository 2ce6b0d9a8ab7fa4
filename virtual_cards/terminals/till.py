"""A till: a plain purchase from the transit purse (JT/T 978.2: type 06).

A card pays a bill once: one that left before its answer came, or had answered, and is held again
for the same bill does not pay it twice.
"""

from __future__ import annotations

from dataclasses import replace

from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.terminals.outcomes import Sold, TurnedAway
from virtual_cards.terminals.purse_terminal import Act, Charge, PurseTerminal, Spending, Visit
from virtual_cards.terminals.reports import Purchase, PurchaseReceipt, RefusalReceipt


class Till(PurseTerminal):
    """One till."""

    def sell(self, bill: str, amount_fen: int) -> Sold | TurnedAway:
        """Take the amount of a bill from the card, and report it.

        Raises ValueError for an amount of nothing, `CardIsAbsent`, `CardRefusesCommand`,
        `PlatformRefuses`, `JournalIsFull`.
        """
        if amount_fen <= 0:
            raise ValueError(f"a bill has an amount above 0 fen, this one has {amount_fen}")
        self.journal.require_room()
        served = self.serve(
            Purchase,
            Act(f"bill {bill}", once=True),
            lambda _visit: Charge(TransactionType.PURCHASE, amount_fen, _purchase),
        )
        if isinstance(served, TurnedAway):
            told = self.tell_refusal(served)
            return replace(
                served, refusal_id=told.refusal_id if isinstance(told, RefusalReceipt) else None
            )
        receipt = self.tell()
        return Sold(
            served.report,
            served.card_duration_s,
            served.recovered,
            receipt if isinstance(receipt, PurchaseReceipt) else None,
        )


def _purchase(spending: Spending, terminal_sequence: int) -> Purchase:
    visit: Visit = spending.visit
    return Purchase(
        application_serial=visit.card.application_serial,
        issuer=visit.card.issuer.hex().upper(),
        amount_fen=spending.amount_fen,
        balance_after_fen=spending.balance_after_fen,
        offline_sequence=spending.offline_sequence,
        terminal_sequence=terminal_sequence,
        transaction_type=f"{spending.type:02X}",
        date=visit.at.strftime("%Y%m%d"),
        time=visit.at.strftime("%H%M%S"),
        tac="",
    )
