"""The help desk of a station: ends a ride whose exit is missing, so that gates let the card in
again (JT/T 978.2: fare adjustment).
"""

from __future__ import annotations

from virtual_cards.terminals import rail_records
from virtual_cards.terminals.journey_records import Industry, JourneyType, Place
from virtual_cards.terminals.outcomes import Admitted, Direction, TurnedAway
from virtual_cards.terminals.purse_terminal import (
    Act,
    Charge,
    Decline,
    PurseTerminal,
    Spending,
    Visit,
)
from virtual_cards.terminals.reports import Tap
from virtual_cards.terminals.taps import COMPLEX, TapMaker, with_receipt, write_journey


class StationDesk(PurseTerminal):
    """One desk with its reader, PSAM and line."""

    def end_ride(self) -> Admitted | TurnedAway:
        """End the ride of a card that is still inside, for the fare of a missing exit.

        A card that is not inside is turned away (`missing-entry`). Raises `CardIsAbsent`,
        `CardRefusesCommand`, `PlatformRefuses`, `JournalIsFull`.
        """
        self.journal.require_room()
        served = self.serve(Tap, Act(Direction.ADJUSTMENT.value), self._adjustment)
        if isinstance(served, TurnedAway):
            return with_receipt(self, served)
        admitted = Admitted(
            Direction.ADJUSTMENT, served.report, served.card_duration_s, served.recovered
        )
        return with_receipt(self, admitted)

    def _adjustment(self, _visit: Visit) -> Charge[Tap]:
        card, parameters = self.card, self.parameters
        rail_record = card.read_rail_record()
        if not rail_records.is_inside(rail_record):
            raise Decline("missing-entry")
        entry_station = rail_records.entry_station(rail_record)
        amount_fen = parameters.missing_exit_fare_fen
        place = Place.of(
            Industry.METRO,
            city=parameters.city,
            operator=parameters.operator,
            line=parameters.line,
            station=entry_station,
            terminal_number=self.module.terminal_number,
        )

        def write(spending: Spending) -> None:
            write_journey(self, place, JourneyType.ADJUSTMENT, spending)
            card.cache_rail_record(
                rail_records.left(rail_record, place, moment=spending.moment, amount_fen=amount_fen)
            )

        tap = TapMaker(Direction.ADJUSTMENT, entry_station, entry_station)
        return Charge(COMPLEX, amount_fen, tap, write)
