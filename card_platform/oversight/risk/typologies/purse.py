"""Taps that a genuine purse cannot have made: cloned-purse, tap-replayed.

Rules: the counter of a chip never goes back, and is debited once at each value. One counter under
two TACs is two chips; one TAC twice is one tap told twice. A late tap is old, not lower; so moments
are compared by the device's clock, with room for clocks that are wrong.

Of taps there are more than of anything else, so those of a purse are kept as one text: sixty bytes
a tap instead of five hundred. What is older than the window shows itself by the counter alone.
"""

from __future__ import annotations

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, holder_of, signal

DAY_S = 86_400
TEXT_MAX = 16_384
"""Characters of the taps of one purse: about 256 taps."""
_TAP, _COUNTER, _REST, _NEXT = "\x1e", "\x1f", "\x1d", "\x1c"
"""What stands before a tap with its TAC, before its counter where it was paid, before the rest
(moment, device, sequence, event), and between the members of the rest."""


class _Purse:
    """What one purse showed."""

    __slots__ = ("taps", "top", "top_at", "top_event")

    def __init__(self) -> None:
        self.taps = ""
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
        counter, tac = detail.counter, None if detail.tac is None else _plain(detail.tac)
        told = f"{at}{_NEXT}{_plain(event.device or '')}{_NEXT}{detail.sequence}{_NEXT}"
        if tac is not None:
            place = purse.taps.find(f"{_TAP}{tac}{_COUNTER}")
            if place >= 0:
                return self._replayed(event, purse.taps, place, told)
        elif counter is None:
            return NONE
        found = NONE if counter is None else self._copied(event, purse, counter, tac or "", at)
        paid = counter if counter is not None and event.amount_fen else ""
        purse.taps = self._shortened(
            f"{purse.taps}{_TAP}{tac or ''}{_COUNTER}{paid}{_REST}{told}{_plain(event.id)}", at
        )
        if counter is not None and counter > purse.top:
            purse.top, purse.top_at, purse.top_event = counter, at, event.id
        return found

    def _replayed(self, event: HistoryEvent, taps: str, place: int, told: str) -> Signals:
        is_same = taps.startswith(told, taps.index(_REST, place) + 1)
        name = "same" if is_same else "other"
        percent = self._limits[f"tap-replayed.{name}_percent"]
        seen = (_event_at(taps, place),)
        return [signal(Typology.TAP_REPLAYED, percent, holder_of(event), event, seen)]

    def _copied(
        self, event: HistoryEvent, purse: _Purse, counter: int, tac: str, at: int
    ) -> Signals:
        limits = self._limits
        if event.amount_fen:
            place = purse.taps.find(f"{_COUNTER}{counter}{_REST}")
            if place >= 0 and not purse.taps.endswith(f"{_TAP}{tac}", 0, place):
                percent = limits["cloned-purse.collision_percent"]
                seen = _event_at(purse.taps, place)
                return [signal(Typology.CLONED_PURSE, percent, holder_of(event), event, (seen,))]
        room = limits["cloned-purse.clock_s"]
        went_back = counter < purse.top and at > purse.top_at + room
        came_before = counter > purse.top >= 0 and at < purse.top_at - room
        if went_back or came_before:
            percent = limits["cloned-purse.regression_percent"]
            seen = purse.top_event
            return [signal(Typology.CLONED_PURSE, percent, holder_of(event), event, (seen,))]
        return NONE

    def _shortened(self, taps: str, at: int) -> str:
        """Without the taps from before the window, and within the bound."""
        since = at - self._limits["tap-replayed.remembered_days"] * DAY_S
        while True:
            start = taps.index(_REST) + 1
            is_old = int(taps[start : taps.index(_NEXT, start)]) < since
            if not is_old and len(taps) <= TEXT_MAX:
                return taps
            following = taps.find(_TAP, 1)
            if following < 0:
                return taps
            taps = taps[following:]


def _event_at(taps: str, place: int) -> str:
    """The event of the tap there."""
    end = taps.find(_TAP, place + 1)
    return taps[place : end if end >= 0 else None].rpartition(_NEXT)[2]


def _plain(word: str) -> str:
    """A word without the characters that part words."""
    return word if word.isprintable() else ascii(word)
