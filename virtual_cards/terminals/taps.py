"""What gates, bus validators and station desks share: a tap, its journey record, telling it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.terminals.journey_records import JourneyType, Place, journey
from virtual_cards.terminals.outcomes import Admitted, Direction, TurnedAway
from virtual_cards.terminals.purse_terminal import PurseTerminal, Spending
from virtual_cards.terminals.reports import Reduction, RefusalReceipt, Tap, TapReceipt

COMPLEX: Final = TransactionType.COMPLEX_PURCHASE


@dataclass(frozen=True, slots=True)
class TapMaker:
    """Makes the report of a tap when the PSAM has signed."""

    direction: Direction
    station: str
    entry_station: str | None = None
    reduction: Reduction | None = None

    def __call__(self, spending: Spending, terminal_sequence: int) -> Tap:
        """The report, without its TAC."""
        visit = spending.visit
        return Tap(
            application_serial=visit.card.application_serial,
            issuer=visit.card.issuer.hex().upper(),
            kind=self.direction.value,
            station=self.station,
            entry_station=self.entry_station,
            amount_fen=spending.amount_fen,
            balance_after_fen=spending.balance_after_fen,
            offline_sequence=spending.offline_sequence,
            terminal_sequence=terminal_sequence,
            transaction_type=f"{spending.type:02X}",
            date=visit.at.strftime("%Y%m%d"),
            time=visit.at.strftime("%H%M%S"),
            tac="",
            reduction=self.reduction,
        )


def write_journey(
    terminal: PurseTerminal, place: Place, kind: JourneyType, spending: Spending
) -> None:
    """Buffer the journey record of a purchase."""
    record = journey(
        place,
        kind,
        moment=spending.moment,
        amount_fen=spending.amount_fen,
        balance_after_fen=spending.balance_after_fen,
    )
    terminal.card.cache_journey(record)


def with_receipt(terminal: PurseTerminal, outcome: Admitted | TurnedAway) -> Admitted | TurnedAway:
    """Tell the platform of an outcome; with what it answered."""
    if isinstance(outcome, TurnedAway):
        told = terminal.tell_refusal(outcome)
        return replace(
            outcome, refusal_id=told.refusal_id if isinstance(told, RefusalReceipt) else None
        )
    receipt = terminal.tell()
    return replace(outcome, receipt=receipt if isinstance(receipt, TapReceipt) else None)
