"""Merchants that sell cash for what a card may not be turned into: merchant-cash-out.

Rules: round prices are everyday; large round amounts, far above what such merchants sell for, again
and again, are not. So are purchases undone against cash.
"""

from __future__ import annotations

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

BUCKETS = 40
"""Amounts by powers of the square root of two, in fen."""


class _Prices:
    """How large the purchases of one category are, by buckets."""

    __slots__ = ("count", "counts")

    def __init__(self) -> None:
        self.counts = [0] * BUCKETS
        self.count = 0

    def add(self, amount_fen: int) -> None:
        """One purchase."""
        self.counts[min((amount_fen * amount_fen).bit_length(), BUCKETS - 1)] += 1
        self.count += 1

    def median_fen(self) -> int:
        """About the median."""
        seen = 0
        for bucket, count in enumerate(self.counts):
            seen += count
            if seen * 2 >= self.count:
                return int(2 ** (bucket / 2))
        return 0


class _Merchant:
    __slots__ = ("cash", "count", "refunds", "since")

    def __init__(self) -> None:
        self.cash = Window()
        self.refunds = Window()
        self.count = 0
        self.since = 0


class Merchants:
    """Sees purchases and refunds."""

    kinds = ("purchase", "payout.paid")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._prices: BoundedMap[str, _Prices] = BoundedMap(_Prices)
        self._merchants: BoundedMap[str, _Merchant] = BoundedMap(_Merchant)
        self._paid: BoundedMap[str, tuple[int, int]] = BoundedMap(lambda: (0, 0))

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """A merchant whose sales look like cash."""
        place, amount = event.institution, event.amount_fen or 0
        if event.kind == "payout.paid":
            if event.person is not None:
                self._paid.put(event.person, (at, amount))
            return NONE
        if place is None or amount <= 0:
            return NONE
        limits, merchant = self._limits, self._merchants.of(place)
        window_s = limits["merchant-cash-out.window_s"]
        if at - merchant.since > window_s:
            merchant.since, merchant.count = at, merchant.count // 2
        name = event.person or event.card or ""
        if event.detail.refund:
            merchant.refunds.add(Mark(at, event.id, amount, name), window_s)
        else:
            merchant.count += 1
            prices = self._prices.of(event.detail.category or "")
            usual = (
                prices.median_fen() if prices.count >= limits["merchant-cash-out.purchases"] else 0
            )
            prices.add(amount)
            if self._is_cash_like(amount, usual) or self._drains(event, amount, at):
                merchant.cash.add(Mark(at, event.id, amount, name), window_s)
        return self._judge(event, place, merchant)

    def _is_cash_like(self, amount: int, usual: int) -> bool:
        limits = self._limits
        return (
            amount % limits["merchant-cash-out.round_fen"] == 0
            and amount >= limits["merchant-cash-out.least_fen"]
            and amount >= usual * limits["merchant-cash-out.times_median"]
        )

    def _drains(self, event: HistoryEvent, amount: int, at: int) -> bool:
        """Whether nearly a whole payout goes over one counter in the days after it."""
        limits, paid = self._limits, self._paid.get(event.person or "")
        return (
            paid is not None
            and 0 <= at - paid[0] <= limits["merchant-cash-out.payday_s"]
            and amount >= limits["merchant-cash-out.least_fen"]
            and amount * 100 >= paid[1] * limits["merchant-cash-out.payout_percent"]
        )

    def _judge(self, event: HistoryEvent, place: str, merchant: _Merchant) -> Signals:
        limits = self._limits
        cash, refunds = len(merchant.cash), len(merchant.refunds)
        sells_cash = (
            cash >= limits["merchant-cash-out.purchases"]
            and cash * 100 >= merchant.count * limits["merchant-cash-out.share_percent"]
        )
        undoes = (
            refunds >= limits["merchant-cash-out.refunds"]
            and refunds * 100 >= merchant.count * limits["merchant-cash-out.refund_percent"]
        )
        if not sells_cash and not undoes:
            return NONE
        window = merchant.cash if sells_cash else merchant.refunds
        percent = limits["merchant-cash-out.raise_percent"] + (10 if sells_cash and undoes else 0)
        who: Subject = ("institution", place)
        people = window.words()
        seen = window.events()
        return [signal(Typology.MERCHANT_CASH_OUT, percent, who, event, seen, persons=people)]
