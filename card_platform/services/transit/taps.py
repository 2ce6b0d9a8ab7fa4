"""Taps: receipts of gates, buses and counters become rides and postings.

Each tap is checked by its TAC and taken once (unique key: card, day, offline sequence). Receipts
may come late and out of order: an exit carries its entry station from the card, so its ride is
priced without the entry, which `matching` finds when it is there. A bus ride is one tap at the
line's fare; an adjustment ends a ride whose exit is missing, at the fare for that; so does the tap
of an exit whose entry is missing. Fares are those of the terminal's operator where it has some.
The day of a tap is the terminal's: it is believed for the days of the pack, not ahead of the
platform's; else fare and agreement are those of the day the tap was told. Both times are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from card_platform.keys import SecurityModule
from card_platform.keys.security_module import PurchaseReceipt
from card_platform.keys.transaction_codes import (
    TYPE_COMPLEX_PURCHASE,
    TYPE_PURCHASE,
    purchase_receipt,
)
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.regions.pack import all_regions
from card_platform.regions.policy import Station
from card_platform.services.purse_refusals import TacIsWrong
from card_platform.services.terminals.model import BusLineIsUnknown, StationIsUnknown
from card_platform.services.transit import store
from card_platform.services.transit.loads import find_purse
from card_platform.services.transit.matching import (
    ADJUSTMENT,
    EXIT,
    MISSING_ENTRY,
    PURCHASE,
    RIDE_ENDS,
    SINGLE,
)
from card_platform.services.transit.model import (
    Ride,
    Tap,
    TapAccepted,
    TapDoubted,
    charge_posting,
    ride_of,
)
from card_platform.services.transit.refusals import PurseIsUnknown, RegionIsNotServed, TapIsReplayed
from card_platform.services.transit.tap_batch_store import known_taps
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.card_text import day_of
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

TRANSPORT = "transport"
"""The field of use in which regions serve one another's cards."""
_TARIFFS_KEPT_MAX = 4096
"""Fares remembered, by places, day and operator: those of some days on a line of 40 stations."""
_DAYS_KEPT_MAX = 256
"""Days of taps remembered, with how they count today."""


@dataclass(frozen=True, slots=True)
class AcceptedTap:
    """A tap that was taken, and the ride it ended."""

    tap_id: str
    ride: Ride | None


class Taps:
    """Takes the receipts of rides."""

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        ledger: Ledger,
        agreements: Sequence[Agreement],
        clock: Clock,
    ) -> None:
        self._policy = policy
        self._agreements = agreements
        self.keys = keys
        self._ledger = ledger
        self._clock = clock
        self._fare = lru_cache(_TARIFFS_KEPT_MAX)(self._fare_fresh)
        self._day = lru_cache(_DAYS_KEPT_MAX)(self._day_fresh)

    def accept(self, tx: Transaction, tap: Tap, caller: Caller) -> AcceptedTap:
        """Take one receipt.

        Raises:
            PurseIsUnknown, RegionIsNotServed, StationIsUnknown, BusLineIsUnknown, TacIsWrong,
                TapIsReplayed: as they say.
        """
        now = self._clock.now()
        is_own, card_id = self.is_own(tap), None
        if is_own:
            card_id, _state = find_purse(tx, self._policy, tap.issuer, tap.application_serial)
        else:
            self.require_served(tap, now.date())
        require_tac(self.keys, tap, caller.terminal_number)
        fare_fen = self.fare_of(tap, caller.operator, now.date())
        tap_id = new_identifier("tap")
        at = moment_of(now)
        if not store.add_tap(tx, tap_id, tap, caller.terminal_number, at):
            raise self._replayed(tx, tap, caller, at, card_id)
        # What another region's card paid is posted by the clearing of its day.
        posting = charge_posting(tap_id, tap, fare_fen, caller.operator) if is_own else None
        posting_id = self._ledger.post(tx, posting) if posting else None
        ride = None
        if tap.kind in RIDE_ENDS:
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

    def _replayed(
        self, tx: Transaction, tap: Tap, caller: Caller, at: str, card_id: str | None
    ) -> TapIsReplayed:
        """The refusal; told by another terminal or with another code it leaves a trace, for a
        terminal that tells its own tap again has only missed the answer.
        """
        refusal = TapIsReplayed(date=tap.date, offline_sequence=tap.offline_sequence)
        before = known_taps(tx, [tap]).get((tap.application_serial, tap.date, tap.offline_sequence))
        if before is None or not before.is_told_again(tap, caller.terminal_number):
            refusal.trace = TapDoubted(at=at, by=caller.name, card_id=card_id, receipt=tap)
        return refusal

    def is_own(self, tap: Tap) -> bool:
        """Whether the card is this region's."""
        return tap.issuer == self._policy.transit.issuer_id

    def require_served(self, tap: Tap, today: date) -> None:
        """Refuse another region's card unless an agreement covers rides here (YD-11, NX-12, SC-h).

        Raises:
            PurseIsUnknown, RegionIsNotServed.
        """
        issuer = next((r for r in all_regions() if r.transit.issuer_id == tap.issuer), None)
        prefix = issuer.transit.application_serial_prefix if issuer else ""
        if issuer is None or not tap.application_serial.startswith(prefix):
            raise PurseIsUnknown(application_serial=tap.application_serial)
        covered = find_coverage(
            self._agreements,
            card_region=issuer.region.code,
            place=self._policy.region.code,
            field=TRANSPORT,
            day=self._day(tap.date, today),
        )
        if not covered.served:
            raise RegionIsNotServed(region=issuer.region.code)

    def fare_of(self, tap: Tap, operator: str, today: date) -> int:
        """The tariff of the ride a tap of that operator, told today, ends; nothing for an entry.

        Raises:
            StationIsUnknown, BusLineIsUnknown.
        """
        day = self._day(tap.date, today)
        return self._fare(tap.kind, tap.station, tap.entry_station, day, operator)

    def _day_fresh(self, told: str, today: date) -> date:
        """The day as of which a tap of that day, told today, is judged."""
        day = day_of(told)
        counts = timedelta(days=self._policy.transit.tap_day_counts.on_or_first(today))
        return day if today - counts <= day <= today else today

    def _fare_fresh(
        self, kind: str, place: str, entry_station: str | None, day: date, operator: str
    ) -> int:
        policy, transit = self._policy, self._policy.transit
        if kind == SINGLE:
            line = policy.bus_line(place)
            if line is None:
                raise BusLineIsUnknown(bus_line=place)
            return transit.bus_fare(line, operator).on_or_first(day)
        end = self._station(place)
        if kind == ADJUSTMENT:
            return transit.missing_exit_fare.on_or_first(day)
        if kind == MISSING_ENTRY:
            return transit.missing_entry_fare.on_or_first(day)
        if kind != EXIT:
            return 0
        return policy.fare(self._station(entry_station or "-"), end, day, operator)

    def _station(self, code: str) -> Station:
        station = self._policy.station(code)
        if station is None:
            raise StationIsUnknown(station=code)
        return station

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
        ride = ride_of(new_identifier("ride"), tap_id, tap, fare_fen, posting_id=posting_id, at=at)
        store.add_ride(tx, ride)
        return ride


def receipt_of(tap: Tap, terminal_number: str) -> PurchaseReceipt:
    """A tap or purchase as its TAC is checked, taken at this terminal."""
    kind = TYPE_PURCHASE if tap.kind == PURCHASE else TYPE_COMPLEX_PURCHASE
    figures = purchase_receipt(
        f"{tap.amount_fen:08X}{kind:02X}{terminal_number}{tap.terminal_sequence}"
        f"{tap.date}{tap.time}"
    )
    return figures, tap.issuer, tap.application_serial, tap.tac


def require_tac(keys: SecurityModule, receipt: Tap, terminal_number: str) -> None:
    """Refuse a receipt that is not the card's, taken at this terminal.

    Raises:
        TacIsWrong: it is not.
    """
    if not keys.receipt_is_right(*receipt_of(receipt, terminal_number)):
        raise TacIsWrong
