"""The help desk of a station (JT/T 978.2: fare adjustment).

It ends a ride whose exit is missing, so that gates let the card in again, and lets out whoever is
inside with a card that has no entry, for the fare of that.
"""

from __future__ import annotations

from collections.abc import Callable

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals import rail_records
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.journey_records import Industry, JourneyType, Place
from virtual_cards.terminals.moments import Clock
from virtual_cards.terminals.outcomes import Admitted, Direction, TurnedAway
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_terminal import (
    NO_STATION,
    Act,
    Charge,
    Decline,
    PurseTerminal,
    Spending,
    Visit,
)
from virtual_cards.terminals.reports import Tap
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.taps import COMPLEX, TapMaker, with_receipt, write_journey


class StationDesk(PurseTerminal):
    """One desk with its reader, PSAM and line."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        *,
        clock: Clock,
        station: str | None = None,
        line: PlatformLine | None = None,
        journal: Journal | None = None,
    ) -> None:
        """`station`, a code of the parameters, is where the desk stands; without one it lets nobody
        out. Else as `PurseTerminal`.
        """
        self._station = None if station is None else station.upper()
        super().__init__(
            reader, security_module, parameters, clock=clock, line=line, journal=journal
        )

    def end_ride(self) -> Admitted | TurnedAway:
        """End the ride of a card that is still inside, for the fare of a missing exit.

        A card that is not inside is turned away (`missing-entry`). Raises `CardIsAbsent`,
        `CardRefusesCommand`, `PlatformRefuses`, `JournalIsFull`.
        """
        return self._settle(Direction.ADJUSTMENT, self._adjustment)

    def let_out(self) -> Admitted | TurnedAway:
        """Let out a card that has no entry, for the fare of a missing entry.

        A card that is inside is turned away (`missing-exit`): a gate lets it out for its fare. A
        desk without a station turns away any card (`missing-entry`). Raises as `end_ride`.
        """
        return self._settle(Direction.MISSING_ENTRY, self._unentered)

    def _settle(
        self, direction: Direction, decide: Callable[[Visit], Charge[Tap]]
    ) -> Admitted | TurnedAway:
        self.journal.require_room()
        served = self.serve(Tap, Act(direction.value), decide, station=self._station or NO_STATION)
        if isinstance(served, TurnedAway):
            return with_receipt(self, served)
        admitted = Admitted(direction, served.report, served.card_duration_s, served.recovered)
        return with_receipt(self, admitted)

    def _adjustment(self, _visit: Visit) -> Charge[Tap]:
        parameters = self.parameters
        rail_record = self.card.read_rail_record()
        if not rail_records.is_inside(rail_record):
            raise Decline("missing-entry")
        entry_station = rail_records.entry_station(rail_record)
        return self._charge_of(
            TapMaker(Direction.ADJUSTMENT, entry_station, entry_station),
            rail_record,
            entry_station,
            parameters.missing_exit_fare_fen,
        )

    def _unentered(self, _visit: Visit) -> Charge[Tap]:
        rail_record, station = self.card.read_rail_record(), self._station
        if rail_records.is_inside(rail_record):
            raise Decline("missing-exit")
        if station is None:
            raise Decline("missing-entry")
        fare_fen = self.parameters.missing_entry_fare_fen
        if fare_fen is None:
            fare_fen = self.parameters.missing_exit_fare_fen
        tap = TapMaker(Direction.MISSING_ENTRY, station)
        return self._charge_of(tap, rail_record, station, fare_fen)

    def _charge_of(
        self, tap: TapMaker, rail_record: bytes, station: str, amount_fen: int
    ) -> Charge[Tap]:
        """A ride that ends at a station, on the card as an adjustment."""
        parameters = self.parameters
        place = Place.of(
            Industry.METRO,
            city=parameters.city,
            operator=parameters.operator,
            line=parameters.line,
            station=station,
            terminal_number=self.module.terminal_number,
        )

        def write(spending: Spending) -> None:
            write_journey(self, place, JourneyType.ADJUSTMENT, spending)
            self.card.cache_rail_record(
                rail_records.left(rail_record, place, moment=spending.moment, amount_fen=amount_fen)
            )

        return Charge(COMPLEX, amount_fen, tap, write)
