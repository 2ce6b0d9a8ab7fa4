"""Enrolling terminals, telling them by their token, withdrawing one that was lost or stolen."""

from __future__ import annotations

import asyncio
import dataclasses
import logging

from msgspec.structs import replace

from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.terminals import certificate_store, store
from card_platform.services.terminals.certificates import Certificates, terminal_in_service
from card_platform.services.terminals.model import (
    PROVINCE_KEYS,
    BusLineIsUnknown,
    ProvinceKeys,
    PsamImage,
    StationIsUnknown,
    Terminal,
    TerminalEnrolled,
    TerminalKind,
    TerminalWithdrawn,
    numbers_of,
)
from card_platform.storage import Database, Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import (
    TERMINAL_ROLE,
    Caller,
    Doorkeeper,
    FindCaller,
    TerminalIsWithdrawn,
    token_hash,
)

LOOK_EVERY_S = 1.0
"""How long a process may not know that another one withdrew a terminal."""
_LOG = logging.getLogger(__name__)


class Terminals:
    """The machines of one region."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._clock = clock
        self.certificates = Certificates(policy, keys, clock)

    def enrol(
        self,
        tx: Transaction,
        *,
        kind: TerminalKind,
        operator: str,
        station: str | None,
        bus_line: str | None,
        site: str,
        public_key: str | None,
        by: str,
    ) -> Terminal:
        """Enrol a terminal: its number, its token, its PSAM, the certificate of its key.

        Raises:
            StationIsUnknown: the station is not on the line, or a gate has none.
            BusLineIsUnknown: there is no such bus line, or a bus validator has none.
        """
        self._require_place(kind, station, bus_line)
        number, psam_serial = numbers_of(
            self._policy.region.code, next_number(tx, "terminal-number")
        )
        terminal = Terminal(
            number, kind, operator, station, bus_line, site, psam_serial, public_key
        )
        at = moment_of(self._clock.now())
        store.add_terminal(tx, terminal, token_hash(self.token_of(number)), at)
        tx.emit(TerminalEnrolled(at=at, by=by, terminal_number=number, site=site))
        self.certificates.certify(tx, terminal, by)
        return terminal

    def withdraw(self, tx: Transaction, terminal_number: str, reason: str, by: str) -> Terminal:
        """Withdraw a terminal that was lost or stolen, and the certificate it has.

        Raises:
            TerminalIsUnknown, TerminalIsWithdrawnAlready.
        """
        terminal = terminal_in_service(tx, terminal_number)
        at = moment_of(self._clock.now())
        newest = certificate_store.newest(tx, terminal_number)
        if newest is not None and newest.ended_at(at) is None:
            self.certificates.withdraw(tx, terminal_number, by)
        store.withdraw(tx, terminal_number, at)
        tx.emit(TerminalWithdrawn(at=at, by=by, terminal_number=terminal_number, reason=reason))
        return dataclasses.replace(terminal, withdrawn_at=at)

    def token_of(self, terminal_number: str) -> str:
        """The terminal's bearer token."""
        return self._keys.terminal_token(terminal_number)

    def psam_image_of(self, tx: Transaction, terminal_number: str) -> PsamImage:
        """What the terminal's PSAM holds: version 2 where its kind has keys of the province."""
        terminal = store.get_terminal(tx, terminal_number)
        image = PsamImage(
            testbed=self._keys.testbed,
            psam_serial=terminal.psam_serial,
            terminal_number=terminal.terminal_number,
            keys={"GMPK": self._keys.psam_purchase_key()},
        )
        names = PROVINCE_KEYS[terminal.kind]
        if not names:
            return image
        region = self._policy.region.code
        keys = ProvinceKeys(region[:2], self._keys.province_keys(region, names))
        return replace(image, version=2, social_security=keys)

    def _require_place(self, kind: TerminalKind, station: str | None, bus_line: str | None) -> None:
        if station is None and kind is TerminalKind.METRO_GATE:
            raise StationIsUnknown(station="-")
        if station is not None and self._policy.station(station) is None:
            raise StationIsUnknown(station=station)
        if bus_line is None and kind is TerminalKind.BUS_VALIDATOR:
            raise BusLineIsUnknown(bus_line="-")
        if bus_line is not None and self._policy.bus_line(bus_line) is None:
            raise BusLineIsUnknown(bus_line=bus_line)


def terminal_finder(database: Database) -> FindCaller:
    """What the doorkeeper asks for tokens that are not the staff's."""

    async def find(token_sha256: str) -> Caller | None:
        terminal = await database.read(lambda tx: store.find_by_token(tx, token_sha256))
        if terminal is None:
            return None
        if terminal.withdrawn_at is not None:
            number, since = terminal.terminal_number, terminal.withdrawn_at
            raise TerminalIsWithdrawn(terminal_number=number, since=since)
        return Caller(
            name=f"terminal:{terminal.terminal_number}",
            role=TERMINAL_ROLE,
            terminal_number=terminal.terminal_number,
            operator=terminal.operator,
            site=terminal.site,
        )

    return find


async def follow_withdrawals(database: Database, doorkeeper: Doorkeeper) -> None:
    """Forget the terminals that are remembered whenever one was withdrawn, until cancelled.

    The process that withdraws one forgets by itself; this is for those beside it.
    """
    known = 0
    while True:
        try:
            found = await database.read(store.withdrawals)
            if found != known:
                known = found
                doorkeeper.forget_terminals()
        except Exception:  # noqa: BLE001 - logged, and looked again
            _LOG.exception("withdrawn terminals were not looked up; tried again")
        await asyncio.sleep(LOOK_EVERY_S)
