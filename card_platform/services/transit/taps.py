"""Taps: receipts of the gates become rides and postings.

Each tap is checked by its TAC and taken once (unique key: card, day, offline sequence). Receipts
may come late and out of order: an exit carries its entry station from the card, so its ride is
priced without the entry, which `matching` finds when it is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from card_platform.keys import SecurityModule
from card_platform.keys.transaction_codes import Purchase
from card_platform.regions import RegionPolicy
from card_platform.services.terminals.model import StationIsUnknown
from card_platform.services.transit import store
from card_platform.services.transit.loads import find_purse
from card_platform.services.transit.matching import EXIT
from card_platform.services.transit.model import Ride, Tap, TapAccepted, charge_posting
from card_platform.services.transit.refusals import TacIsWrong, TapIsReplayed
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

_TARIFFS_KEPT_MAX = 4096
"""Fares remembered, by stations and day: the rides of some days on a line of 40 stations."""


@dataclass(frozen=True, slots=True)
class AcceptedTap:
    """A tap that was taken, and the ride it ended."""

    tap_id: str
    ride: Ride | None


class Taps:
    """Takes the receipts of gates."""

    def __init__(
        self, policy: RegionPolicy, keys: SecurityModule, ledger: Ledger, clock: Clock
    ) -> None:
        self._policy = policy
        self._keys = keys
        self._ledger = ledger
        self._clock = clock
        self._tariff = lru_cache(_TARIFFS_KEPT_MAX)(policy.fare)

    def accept(self, tx: Transaction, tap: Tap, caller: Caller) -> AcceptedTap:
        """Take one receipt.

        Raises:
            PurseIsUnknown, StationIsUnknown, TacIsWrong, TapIsReplayed: as they say.
        """
        card_id, _state = find_purse(tx, self._policy, tap.issuer, tap.application_serial)
        self._require_tac(tap, caller.terminal_number)
        fare_fen = self._fare(tap)
        tap_id = new_identifier("tap")
        at = moment_of(self._clock.now())
        if not store.add_tap(tx, tap_id, tap, caller.terminal_number, at):
            raise TapIsReplayed(date=tap.date, offline_sequence=tap.offline_sequence)
        posting_id = None
        if tap.amount_fen or fare_fen:
            posting = charge_posting(tap_id, tap, fare_fen, caller.operator)
            posting_id = self._ledger.post(tx, posting)
        ride = None
        if tap.kind == EXIT:
            ride = self._end_ride(
                tx, tap_id=tap_id, tap=tap, fare_fen=fare_fen, posting_id=posting_id, at=at
            )
        tx.emit(
            TapAccepted(
                at=at,
                by=caller.name,
                card_id=card_id,
                kind=tap.kind,
                station=tap.station,
                amount_fen=tap.amount_fen,
            )
        )
        return AcceptedTap(tap_id, ride)

    def _require_tac(self, tap: Tap, terminal_number: str) -> None:
        purchase = Purchase(
            amount_fen=tap.amount_fen,
            terminal=bytes.fromhex(terminal_number),
            terminal_sequence=bytes.fromhex(tap.terminal_sequence),
            date=bytes.fromhex(tap.date),
            time=bytes.fromhex(tap.time),
        )
        issuer, serial = bytes.fromhex(tap.issuer), bytes.fromhex(tap.application_serial)
        if not self._keys.purchase_tac_is_right(purchase, issuer, serial, bytes.fromhex(tap.tac)):
            raise TacIsWrong

    def _fare(self, tap: Tap) -> int:
        """The tariff of the ride an exit ends; nothing for an entry."""
        end = self._policy.station(tap.station)
        if end is None:
            raise StationIsUnknown(station=tap.station)
        if tap.kind != EXIT:
            return 0
        start = self._policy.station(tap.entry_station or "")
        if start is None:
            raise StationIsUnknown(station=tap.entry_station or "-")
        return self._tariff(start, end, tap.day)

    def _end_ride(
        self,
        tx: Transaction,
        *,
        tap_id: str,
        tap: Tap,
        fare_fen: int,
        posting_id: str | None,
        at: str,
    ) -> Ride:
        ride = Ride(
            ride_id=new_identifier("ride"),
            application_serial=tap.application_serial,
            exit_tap_id=tap_id,
            start=tap.entry_station or "",
            end=tap.station,
            fare_fen=fare_fen,
            charged_fen=tap.amount_fen,
            posting_id=posting_id,
            at=at,
        )
        store.add_ride(tx, ride)
        return ride
