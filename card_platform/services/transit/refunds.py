"""Fare refunds: money back for rides that cost more than the rules ask (decision 0028).

The operator who was paid gives it back, to the holder's personal money: nothing can be put on a
chip from afar. A refund counts what was given back before, so it may be asked for again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from card_platform.errors import PlatformIsBusy
from card_platform.issuance.service import Issuance
from card_platform.issuance.store import get_person
from card_platform.regions import RegionPolicy
from card_platform.services.personal_money import PersonalMoney
from card_platform.services.terminals.model import StationIsUnknown
from card_platform.services.transit import refund_store as store
from card_platform.services.transit.matching import ADJUSTMENT, MISSING_ENTRY
from card_platform.services.transit.refund_rules import RideRefund, refunds_of
from card_platform.services.transit.refusals import (
    MonthIsAhead,
    NothingToRefund,
    RideIsNotCorrectable,
    RideIsUnknown,
)
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import operator_account, personal_account
from card_platform.storage import Event, Transaction
from card_platform.storage.unit_of_work import RowsAreRefused
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

CORRECTION = "correction"
"""The rule of a ride whose missing end was proved."""


class FareRefunded(Event, frozen=True, kw_only=True):
    """Money was given back for rides."""

    action: ClassVar[str] = "refund-fare"
    refund_fen: int
    rides: int

    @property
    def detail(self) -> str:
        """How much, for how many rides."""
        return f"{self.refund_fen} fen for {self.rides} rides"


class Refunds:
    """Gives back what rides cost too much."""

    def __init__(
        self, policy: RegionPolicy, ledger: Ledger, issuance: Issuance, clock: Clock
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._issuance = issuance
        self._clock = clock
        self._money = PersonalMoney(policy, ledger, clock)

    def refund_month(
        self, tx: Transaction, card_id: str, month: str, caller: Caller
    ) -> tuple[str, list[RideRefund]]:
        """What the holder's age and the caps take off the rides of a month (YYYY-MM).

        Raises:
            CardIsUnknown, MonthIsAhead, NothingToRefund, AccountIsFrozen, AccountIsClosed;
            PlatformIsBusy: another refund of these rides came at this moment.
        """
        card = self._issuance.get_card(tx, card_id)
        if month > self._clock.now().strftime("%Y-%m"):
            raise MonthIsAhead(month=month)
        birth_date = get_person(tx, card.person_id).birth_date
        rides = store.rides_of_month(tx, card.application_serial, month.replace("-", ""))
        found = list(refunds_of(self._policy.transit, birth_date, rides))
        return self._give(tx, card_id, found, None, caller), found

    def correct_ride(
        self,
        tx: Transaction,
        card_id: str,
        ride_id: str,
        *,
        station: str,
        evidence: str,
        caller: Caller,
    ) -> tuple[str, list[RideRefund]]:
        """Price a ride by its missing end, which the rider proved, and give back the rest.

        Raises:
            CardIsUnknown, RideIsUnknown, RideIsNotCorrectable, StationIsUnknown, NothingToRefund,
            AccountIsFrozen, AccountIsClosed, PlatformIsBusy.
        """
        card = self._issuance.get_card(tx, card_id)
        ride = store.find_ride(tx, card.application_serial, ride_id)
        if ride is None:
            raise RideIsUnknown
        if ride.kind not in (ADJUSTMENT, MISSING_ENTRY):
            raise RideIsNotCorrectable
        ends = [self._policy.station(code) for code in (ride.end, station)]
        known, proved = ends
        if known is None or proved is None:
            raise StationIsUnknown(station=station)
        right_fen = self._policy.fare(known, proved, ride.day, ride.operator)
        over = [RideRefund(ride, CORRECTION, ride.paid_fen - right_fen)]
        found = [each for each in over if each.fen > 0]
        return self._give(tx, card_id, found, evidence, caller), found

    def require_card(self, tx: Transaction, card_id: str) -> None:
        """Raise CardIsUnknown where there is no such card."""
        self._issuance.get_card(tx, card_id)

    def _give(
        self,
        tx: Transaction,
        card_id: str,
        refunds: Sequence[RideRefund],
        evidence: str | None,
        caller: Caller,
    ) -> str:
        if not refunds:
            raise NothingToRefund
        refund_id, at, by = new_identifier("refund"), moment_of(self._clock.now()), caller.name
        try:
            store.add_refund(tx, refund_id, card_id, refunds, evidence=evidence, at=at, by=by)
        except RowsAreRefused:
            raise PlatformIsBusy from None
        holder = self._issuance.get_card(tx, card_id).person_id
        of_operator: Counter[str] = Counter()
        for each in refunds:
            of_operator[each.ride.operator] += each.fen
        for operator, fen in sorted(of_operator.items()):
            for account in (personal_account(holder), operator_account(operator)):
                self._ledger.begin_account(tx, account, by)
            client_id = f"fare-refund:{refund_id}:{operator}"
            self._money.give_back(tx, client_id, holder, operator, fen, by)
        tx.emit(
            FareRefunded(
                at=at, by=by, card_id=card_id, refund_fen=of_operator.total(), rides=len(refunds)
            )
        )
        return refund_id
