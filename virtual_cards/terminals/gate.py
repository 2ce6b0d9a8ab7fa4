"""A metro gate: entry and exit, one complex purchase each (JT/T 978.2; docs/interfaces.md).

An entry costs nothing and writes where it was. The exit pays the fare of the two stations, less
what transfer, certificate, age and caps take off, and writes the day state with it.
"""

from __future__ import annotations

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals import rail_records
from virtual_cards.terminals.fares import reduction
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.journey_records import Industry, JourneyType, Place
from virtual_cards.terminals.moments import Clock, parse_moment
from virtual_cards.terminals.outcomes import Admitted, Direction, TurnedAway
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_terminal import (
    Act,
    Charge,
    Decline,
    PurseTerminal,
    Spending,
    Visit,
)
from virtual_cards.terminals.reports import Reduction, Tap
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.taps import COMPLEX, TapMaker, with_receipt, write_journey


class Gate(PurseTerminal):
    """One gate at one station."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        *,
        station: str,
        clock: Clock,
        line: PlatformLine | None = None,
        journal: Journal | None = None,
    ) -> None:
        """`station` is the code of the parameters; else as `PurseTerminal`."""
        self.station = station.upper()
        super().__init__(
            reader, security_module, parameters, clock=clock, line=line, journal=journal
        )

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new fares and a new revocation list."""
        super().use_parameters(parameters)
        self._fares = {(f.entry.upper(), f.exit.upper()): f.fare_fen for f in parameters.fares}
        self._maximum_fare_fen = max(
            (fen for (entry, _), fen in self._fares.items() if entry == self.station), default=0
        )
        self._place = Place.of(
            Industry.METRO,
            city=parameters.city,
            operator=parameters.operator,
            line=parameters.line,
            station=self.station,
            terminal_number=self.module.terminal_number,
        )

    def enter(self) -> Admitted | TurnedAway:
        """Let a card in, and report it; `receipt` is None when the line is down.

        Raises as `pass_card`, `PlatformRefuses` for a report of this or an earlier card, and
        `JournalIsFull`.
        """
        return self._pass_and_tell(Direction.ENTRY)

    def leave(self) -> Admitted | TurnedAway:
        """Let a card out for its fare, and report it, as `enter`."""
        return self._pass_and_tell(Direction.EXIT)

    def pass_card(self, direction: Direction) -> Admitted | TurnedAway:
        """The card's part alone, without the platform; a tap waits in the journal.

        Raises `CardIsAbsent`, and `CardRefusesCommand` for a card that is no transit card.
        """
        is_entry = direction is Direction.ENTRY
        served = self.serve(
            Tap,
            Act(direction.value),
            self._entry if is_entry else self._exit,
            station=self.station,
            with_concessions=not is_entry,
        )
        if isinstance(served, TurnedAway):
            return served
        return Admitted(direction, served.report, served.card_duration_s, served.recovered)

    def _pass_and_tell(self, direction: Direction) -> Admitted | TurnedAway:
        self.journal.require_room()
        outcome = self.pass_card(direction)
        return with_receipt(self, outcome)

    def _entry(self, visit: Visit) -> Charge[Tap]:
        rail_record = self.card.read_rail_record()
        if rail_records.is_inside(rail_record):
            raise Decline("missing-exit")
        if self.card.balance_fen() < self.parameters.minimum_entry_balance_fen:
            raise Decline("insufficient-balance")

        def write(spending: Spending) -> None:
            self._write_journey(JourneyType.ENTRY, spending)
            record = rail_records.entered(
                rail_record,
                self._place,
                serial=visit.card.serial,
                moment=spending.moment,
                balance_fen=spending.balance_after_fen,
                maximum_fare_fen=self._maximum_fare_fen,
            )
            self.card.cache_rail_record(record)

        return Charge(COMPLEX, 0, self._tap_of(Direction.ENTRY, None, None), write)

    def _exit(self, visit: Visit) -> Charge[Tap]:
        card = self.card
        rail_record = card.read_rail_record()
        if not rail_records.is_inside(rail_record):
            raise Decline("missing-entry")
        entry_station = rail_records.entry_station(rail_record)
        fare_fen = self._fare_fen(entry_station)
        state = card.read_day_state()
        lowered = reduction(
            fare_fen,
            self.parameters,
            industry=Industry.METRO,
            begun_at=parse_moment(rail_records.entry_time(rail_record)) or visit.at,
            paid_at=visit.at,
            state=state,
            concessions=visit.concessions,
            card_type=visit.card_type,
        )
        saved_fen = 0 if lowered is None else lowered.fen
        amount_fen = fare_fen - saved_fen

        def write(spending: Spending) -> None:
            self._write_journey(JourneyType.EXIT, spending)
            record = rail_records.left(
                rail_record, self._place, moment=spending.moment, amount_fen=amount_fen
            )
            card.cache_rail_record(record)
            if state is not None:
                ended = state.after_ride(
                    visit.at,
                    spent_fen=amount_fen,
                    saved_fen=saved_fen,
                    industry=Industry.METRO,
                    place=self._place.station[-2:],
                )
                card.cache_day_state(ended)

        tap = self._tap_of(Direction.EXIT, entry_station, lowered)
        return Charge(COMPLEX, amount_fen, tap, write)

    def _fare_fen(self, entry_station: str) -> int:
        """The fare; an entry at a station without a fare to here is no entry of this line."""
        fare_fen = self._fares.get((entry_station, self.station))
        if fare_fen is None:
            raise Decline("missing-entry")
        return fare_fen

    def _write_journey(self, kind: JourneyType, spending: Spending) -> None:
        write_journey(self, self._place, kind, spending)

    def _tap_of(
        self, direction: Direction, entry_station: str | None, lowered: Reduction | None
    ) -> TapMaker:
        return TapMaker(direction, self.station, entry_station, lowered)
