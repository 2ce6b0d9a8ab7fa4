"""Taps that a genuine purse cannot have made: cloned-purse, tap-replayed.

Rules: the counter of a chip never goes back, and is debited once at each value. One counter under
two TACs is two chips; one TAC twice is one tap told twice. A late tap is old, not lower; so moments
are compared by the device's clock, with room for clocks that are wrong.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signal, Signals, holder_of, signal

K = TypeVar("K", int, str)
TAPS_MAX = 256
"""Taps of one purse remembered."""


class _Tap(NamedTuple):
    event: str
    at: int
    tac: str | None
    device: str | None
    sequence: int | None


class _Purse:
    """What one purse showed."""

    __slots__ = ("by_counter", "by_tac", "top", "top_at", "top_event")

    def __init__(self) -> None:
        self.by_counter: dict[int, _Tap] = {}
        self.by_tac: dict[str, _Tap] = {}
        self.top = -1
        self.top_at = 0
        self.top_event = ""


class PurseTaps:
    """Sees taps."""

    kinds = ("transit.tap",)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._purses: BoundedMap[str, _Purse] = BoundedMap(_Purse)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """A replayed tap, or the tap of a copy."""
        if event.card is None:
            return NONE
        purse, detail = self._purses.of(event.card), event.detail
        tap = _Tap(event.id, at, detail.tac, event.device, detail.sequence)
        if tap.tac is not None:
            before = purse.by_tac.get(tap.tac)
            if before is not None:
                return [self._replayed(event, before, tap)]
            _keep(purse.by_tac, tap.tac, tap)
        if detail.counter is None:
            return NONE
        found = self._copied(event, purse, detail.counter, tap)
        if detail.counter > purse.top:
            purse.top, purse.top_at, purse.top_event = detail.counter, at, event.id
        return found

    def _replayed(self, event: HistoryEvent, before: _Tap, tap: _Tap) -> Signal:
        is_same = before[1:] == tap[1:]
        percent = self._limits[f"tap-replayed.{'same' if is_same else 'other'}_percent"]
        return signal(Typology.TAP_REPLAYED, percent, holder_of(event), event, (before.event,))

    def _copied(self, event: HistoryEvent, purse: _Purse, counter: int, tap: _Tap) -> Signals:
        limits = self._limits
        if event.amount_fen:
            before = purse.by_counter.get(counter)
            if before is not None and before.tac != tap.tac:
                percent = limits["cloned-purse.collision_percent"]
                return [
                    signal(Typology.CLONED_PURSE, percent, holder_of(event), event, (before.event,))
                ]
            _keep(purse.by_counter, counter, tap)
        room = limits["cloned-purse.clock_s"]
        went_back = counter < purse.top and tap.at > purse.top_at + room
        came_before = counter > purse.top >= 0 and tap.at < purse.top_at - room
        if went_back or came_before:
            percent = limits["cloned-purse.regression_percent"]
            seen = (purse.top_event,)
            return [signal(Typology.CLONED_PURSE, percent, holder_of(event), event, seen)]
        return NONE


def _keep(taps: dict[K, _Tap], key: K, tap: _Tap) -> None:
    if len(taps) >= TAPS_MAX:
        del taps[next(iter(taps))]
    taps[key] = tap
