"""Enrolling terminals, and telling them by their token."""

from __future__ import annotations

from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.terminals import store
from card_platform.services.terminals.model import (
    PsamImage,
    StationIsUnknown,
    Terminal,
    TerminalEnrolled,
    TerminalKind,
    numbers_of,
)
from card_platform.storage import Database, Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import TERMINAL_ROLE, Caller, FindTerminal, token_hash


class Terminals:
    """The machines of one region."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._clock = clock

    def enrol(
        self,
        tx: Transaction,
        *,
        kind: TerminalKind,
        operator: str,
        station: str | None,
        site: str,
        by: str,
    ) -> Terminal:
        """Enrol a terminal: its number, its token, its PSAM.

        Raises:
            StationIsUnknown: the station is not on the line, or a gate has none.
        """
        if station is None and kind is TerminalKind.METRO_GATE:
            raise StationIsUnknown(station="-")
        if station is not None and self._policy.station(station) is None:
            raise StationIsUnknown(station=station)
        number, psam_serial = numbers_of(
            self._policy.region.code, next_number(tx, "terminal-number")
        )
        terminal = Terminal(number, kind, operator, station, site, psam_serial)
        at = moment_of(self._clock.now())
        store.add_terminal(tx, terminal, token_hash(self.token_of(number)), at)
        tx.emit(TerminalEnrolled(at=at, by=by, terminal_number=number, site=site))
        return terminal

    def token_of(self, terminal_number: str) -> str:
        """The terminal's bearer token."""
        return self._keys.terminal_token(terminal_number)

    def psam_image_of(self, tx: Transaction, terminal_number: str) -> PsamImage:
        """What the terminal's PSAM holds."""
        terminal = store.get_terminal(tx, terminal_number)
        return PsamImage(
            testbed=self._keys.testbed,
            psam_serial=terminal.psam_serial,
            terminal_number=terminal.terminal_number,
            keys={"GMPK": self._keys.psam_purchase_key()},
        )


def terminal_finder(database: Database) -> FindTerminal:
    """What the doorkeeper asks for tokens that are not the staff's."""

    async def find(token_sha256: str) -> Caller | None:
        terminal = await database.read(lambda tx: store.find_by_token(tx, token_sha256))
        if terminal is None:
            return None
        return Caller(
            name=f"terminal:{terminal.terminal_number}",
            role=TERMINAL_ROLE,
            terminal_number=terminal.terminal_number,
            operator=terminal.operator,
            site=terminal.site,
        )

    return find
