"""Benefits that nobody may have: dead-payee, double-payout.

Rules: the month of death is still due; what is paid once before an office knows is recovered as
usual. Back pay pays other months, a correction another amount; a migrant gets the last month there
and the first here, which may be one month twice.
"""

from __future__ import annotations

from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

DAY_S = 86_400
PAID_MAX = 64
"""Payouts of one person remembered."""
CERTIFIED_MAX = 4
"""Certifications of one person remembered."""


class _Paid(NamedTuple):
    programme: str
    period: str
    region: str
    amount_fen: int
    at: int
    now: int
    event: str


class _Payee:
    __slots__ = ("certified", "died", "died_event", "died_known", "moved", "overlaps", "paid")

    def __init__(self) -> None:
        self.certified: list[HistoryEvent] = []
        self.paid: list[_Paid] = []
        self.died: str | None = None
        self.died_event = ""
        self.died_known = 0
        self.moved: list[tuple[int, str]] = []
        self.overlaps: dict[str, str] = {}


class Payees:
    """Sees payouts, certifications, deaths and moves."""

    kinds = ("payout.paid", "payout.certified", "person.died", "person.moved")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._payees: BoundedMap[str, _Payee] = BoundedMap(_Payee)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """A payout to the dead, or a second one."""
        if event.person is None:
            return NONE
        payee = self._payees.of(event.person)
        if event.kind == "person.moved":
            payee.moved = [*payee.moved[-3:], (at, event.id)]
            return NONE
        if event.kind == "person.died":
            payee.died, payee.died_event, payee.died_known = event.at[:10], event.id, now
            return [*self._certified(event, payee), *self._to_the_dead(event, payee)]
        if event.kind == "payout.certified":
            payee.certified = [*payee.certified[-(CERTIFIED_MAX - 1) :], event]
            return self._certified(event, payee)
        return self._paid(event, payee, at, now)

    def _paid(self, event: HistoryEvent, payee: _Payee, at: int, now: int) -> Signals:
        paid = _Paid(
            event.detail.programme or "",
            event.detail.period or event.at[:7],
            event.region,
            event.amount_fen or 0,
            at,
            now,
            event.id,
        )
        found = self._doubled(event, payee, paid)
        payee.paid = [*payee.paid[-(PAID_MAX - 1) :], paid]
        return [*found, *self._to_the_dead(event, payee)] if payee.died else found

    def _certified(self, event: HistoryEvent, payee: _Payee) -> Signals:
        """Somebody swore that the dead lived, whichever of both was known first."""
        if payee.died is None:
            return NONE
        after = [each.id for each in payee.certified if each.at[:10] > (payee.died or "")]
        if not after:
            return NONE
        percent = self._limits["dead-payee.proved_percent"]
        who: Subject = ("person", event.person or "")
        seen = [*after, payee.died_event]
        return [signal(Typology.DEAD_PAYEE, percent, who, event, seen)]

    def _to_the_dead(self, event: HistoryEvent, payee: _Payee) -> Signals:
        month = (payee.died or "")[:7]
        wrong = [each for each in payee.paid if each.period > month]
        if not wrong:
            return NONE
        limits = self._limits
        if any(each.now > payee.died_known for each in wrong):
            percent = limits["dead-payee.proved_percent"]
        elif len({each.period for each in wrong}) > 1:
            percent = limits["dead-payee.unknown_again_percent"]
        else:
            percent = limits["dead-payee.unknown_percent"]
        seen = [payee.died_event, *(each.event for each in wrong)]
        return [signal(Typology.DEAD_PAYEE, percent, ("person", event.person or ""), event, seen)]

    def _doubled(self, event: HistoryEvent, payee: _Payee, paid: _Paid) -> Signals:
        limits = self._limits
        for before in payee.paid:
            if before.programme != paid.programme or before.period != paid.period:
                continue
            if before.region != paid.region:
                percent = self._in_two_regions(payee, before, paid)
                seen = [*payee.overlaps.values(), before.event]
            else:
                larger = max(before.amount_fen, paid.amount_fen, 1)
                apart = abs(before.amount_fen - paid.amount_fen) * 100 // larger
                if apart > limits["double-payout.alike_percent"]:
                    continue
                percent, seen = limits["double-payout.same_percent"], [before.event]
            payee.overlaps[paid.period] = paid.event
            who: Subject = ("person", event.person or "")
            return [signal(Typology.DOUBLE_PAYOUT, percent, who, event, seen)]
        return NONE

    def _in_two_regions(self, payee: _Payee, before: _Paid, paid: _Paid) -> int:
        limits = self._limits
        if payee.overlaps and paid.period not in payee.overlaps:
            return limits["double-payout.again_percent"]
        near_s = limits["double-payout.moved_days"] * DAY_S
        first = min(before.at, paid.at)
        if any(abs(moved - first) <= near_s for moved, _ in payee.moved):
            return limits["double-payout.moved_percent"]
        return limits["double-payout.second_region_percent"]
