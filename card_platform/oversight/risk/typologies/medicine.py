"""More medicine than one person can take: medicine-beyond-need.

Rules: a chronic patient buys a month at a time, at several pharmacies, and stocks up before a
holiday; the supply bought within a window of 30 days is bounded by that and some more. Who buys on
and on while there is plenty at home hoards, however slowly: the stock at home is what was bought
less the days since.
"""

from __future__ import annotations

from collections.abc import Sequence

from card_platform.oversight.risk.bounded import FadingMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import EVIDENCE_MAX, NONE, Signals, holder_of, signal

_ALL = "all"
DAY_S = 86_400
STOCK_S = 180 * DAY_S
"""A stock at home to which nothing was added for so long is forgotten."""


class _Stock:
    """One medicine at one home."""

    __slots__ = ("at", "early", "seconds")

    def __init__(self) -> None:
        self.at = 0
        self.seconds = 0
        self.early: tuple[str, ...] = ()
        """Sales made while there was plenty."""

    def add(self, at: int, event: str, days: int, plenty_days: int) -> None:
        """One sale of so many days."""
        self.seconds = max(0, self.seconds - max(0, at - self.at))
        self.at = max(at, self.at)
        if self.seconds >= plenty_days * DAY_S:
            self.early = (*self.early[-(EVIDENCE_MAX - 1) :], event)
        elif not self.seconds:
            self.early = ()
        self.seconds += days * DAY_S


class Medicine:
    """Sees medicine sold."""

    kinds = ("medicine.sold",)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sales: FadingMap[tuple[str, str], Window] = FadingMap(Window)
        self._stocks: FadingMap[tuple[str, str], _Stock] = FadingMap(_Stock)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """More than can be needed, of one medicine or of all."""
        limits, detail = self._limits, event.detail
        name = event.person or event.card
        supply = detail.days_supply or detail.quantity
        if name is None or not supply:
            return NONE
        mark = Mark(at, event.id, supply, event.institution or "")
        window_s = limits["medicine-beyond-need.window_s"]
        self._sales.fade(now, window_s)
        self._stocks.fade(now, STOCK_S)
        of_drug = self._sales.of((name, detail.drug or ""))
        of_all = self._sales.of((name, _ALL))
        of_drug.add(mark, window_s)
        of_all.add(mark, window_s)
        stock = self._stocks.of((name, detail.drug or ""))
        stock.add(at, event.id, supply, limits["medicine-beyond-need.plenty_days"])
        days = limits["medicine-beyond-need.chronic_days"]
        if not detail.chronic:
            days = limits["medicine-beyond-need.acute_days"]
        elif len(of_drug.words()) >= limits["medicine-beyond-need.shops"]:
            days = limits["medicine-beyond-need.chronic_shops_days"]
        if of_drug.weight() >= days:
            return self._found(event, of_drug.events(), of_drug.weight() * 100 // days)
        if of_all.weight() >= limits["medicine-beyond-need.all_drugs_days"]:
            return self._found(event, of_all.events(), 100)
        if (
            len(stock.early) >= limits["medicine-beyond-need.early_sales"]
            and stock.seconds >= limits["medicine-beyond-need.stock_days"] * DAY_S
        ):
            return self._found(event, stock.early, 100)
        return NONE

    def _found(self, event: HistoryEvent, seen: Sequence[str], over_percent: int) -> Signals:
        percent = self._limits["medicine-beyond-need.raise_percent"]
        score = min(percent + (over_percent - 100) // 5, 95)
        return [signal(Typology.MEDICINE_BEYOND_NEED, score, holder_of(event), event, seen)]
