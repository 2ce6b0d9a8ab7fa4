"""A bus validator: one tap aboard pays the ride, a complex purchase with its journey (JT/T 978.2).

The fare is that of the line, less what a transfer, a certificate, age and caps take off;
all of it is read from the card, since a bus has no line to anybody while it drives.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.fares import reduction
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.journey_records import Industry, JourneyType, Place
from virtual_cards.terminals.moments import Clock
from virtual_cards.terminals.outcomes import Admitted, Direction, TurnedAway
from virtual_cards.terminals.parameters import BusLine, TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_terminal import Act, Charge, PurseTerminal, Spending, Visit
from virtual_cards.terminals.reports import Tap
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.taps import COMPLEX, TapMaker, with_receipt, write_journey

RECOVERY_MAX: Final = timedelta(minutes=5)
"""A card held again so soon after a lost answer meant the same ride; later it is another ride."""


class BusLineIsUnknown(Exception):
    """The parameters do not have the line this bus drives."""


class BusValidator(PurseTerminal):
    """One validator on one bus."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        *,
        bus_line: str,
        clock: Clock,
        line: PlatformLine | None = None,
        journal: Journal | None = None,
    ) -> None:
        """`bus_line` is the code of the parameters. Raises `BusLineIsUnknown`."""
        self._bus_line = bus_line.upper()
        super().__init__(
            reader, security_module, parameters, clock=clock, line=line, journal=journal
        )

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new fares and a new revocation list. Raises `BusLineIsUnknown`."""
        self._line = _line_of(parameters, self._bus_line)
        super().use_parameters(parameters)
        self._place = Place.of(
            Industry.BUS,
            city=parameters.city,
            operator=parameters.operator,
            line=self._bus_line,
            station=self._bus_line,
            terminal_number=self.module.terminal_number,
        )

    def board(self) -> Admitted | TurnedAway:
        """Take a card aboard for its fare, and report it; `receipt` is None while the line is down.

        Raises as `pass_card`, `PlatformRefuses`, `JournalIsFull`.
        """
        self.journal.require_room()
        return with_receipt(self, self.pass_card())

    def pass_card(self) -> Admitted | TurnedAway:
        """The card's part alone, without the platform; a tap waits in the journal.

        Raises `CardIsAbsent`, and `CardRefusesCommand` for a card that is no transit card.
        """
        served = self.serve(
            Tap,
            Act(Direction.SINGLE.value, RECOVERY_MAX),
            self._ride,
            station=self._bus_line,
            with_concessions=True,
        )
        if isinstance(served, TurnedAway):
            return served
        return Admitted(Direction.SINGLE, served.report, served.card_duration_s, served.recovered)

    def _ride(self, visit: Visit) -> Charge[Tap]:
        card = self.card
        state = card.read_day_state()
        lowered = reduction(
            self._line.fare_fen,
            self.parameters,
            industry=Industry.BUS,
            begun_at=visit.at,
            paid_at=visit.at,
            state=state,
            concessions=visit.concessions,
            card_type=visit.card_type,
        )
        saved_fen = 0 if lowered is None else lowered.fen
        amount_fen = self._line.fare_fen - saved_fen

        def write(spending: Spending) -> None:
            write_journey(self, self._place, JourneyType.SINGLE, spending)
            if state is not None:
                ridden = state.after_ride(
                    visit.at,
                    spent_fen=amount_fen,
                    saved_fen=saved_fen,
                    industry=Industry.BUS,
                    place=self._place.station[-2:],
                )
                card.cache_day_state(ridden)

        tap = TapMaker(Direction.SINGLE, self._bus_line, reduction=lowered)
        return Charge(COMPLEX, amount_fen, tap, write)


def _line_of(parameters: TerminalParameters, code: str) -> BusLine:
    for line in parameters.bus_lines:
        if line.code.upper() == code:
            return line
    known = ", ".join(line.code for line in parameters.bus_lines) or "none"
    raise BusLineIsUnknown(f"no bus line {code}; the parameters have {known}")
