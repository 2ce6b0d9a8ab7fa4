"""Merchants that sell cash for what a card may not be turned into: merchant-cash-out.

Rules: round prices are everyday at a barber and a year's membership at a gym is dear; so a purchase
is held against what its kind of merchant usually sells. Purchases far above it, round where nobody
charges round prices, a whole payout at one counter, or one customer who buys dear again and again
in a day look like cash. One such is everyday; many in a day or a large share of a fortnight's are
not. So are purchases undone against cash. Many large round purchases within an hour are cash
whatever is sold there: a gym sells memberships for round prices, but not eight in an hour.
"""

from __future__ import annotations

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

BUCKETS = 40
"""Amounts by powers of the square root of two, in fen."""
HOUR_S = 3_600
DAY_S = 86_400
BUYERS_MAX = 128
"""Customers with a dear purchase remembered by one merchant."""


class _Prices:
    """How large the purchases of one category are, by buckets."""

    __slots__ = ("count", "counts", "round")

    def __init__(self) -> None:
        self.counts = [0] * BUCKETS
        self.count = 0
        self.round = 0

    def add(self, amount_fen: int, is_round: bool) -> None:
        """One purchase."""
        self.counts[min((amount_fen * amount_fen).bit_length(), BUCKETS - 1)] += 1
        self.count += 1
        self.round += is_round

    def usual_fen(self, percent: int) -> int:
        """About what so many percent of the purchases stay below."""
        seen = 0
        for bucket, count in enumerate(self.counts):
            seen += count
            if seen * 100 >= self.count * percent:
                return int(2 ** (bucket / 2))
        return 0


class _Merchant:
    __slots__ = ("buyers", "cash", "count", "refunds", "rounds", "since")

    def __init__(self) -> None:
        self.cash = Window()
        self.refunds = Window()
        self.rounds = Window()
        self.buyers: dict[str, int] = {}
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
            if (
                self._is_dear(amount, prices)
                or self._drains(event, amount, at)
                or self._is_again(merchant, name, amount, at)
            ):
                merchant.cash.add(Mark(at, event.id, amount, name), window_s)
            if self._is_large_and_round(amount):
                merchant.rounds.add(Mark(at, event.id, amount, name), HOUR_S)
            prices.add(amount, amount % limits["merchant-cash-out.round_fen"] == 0)
        return self._judge(event, place, merchant, at)

    def _is_large_and_round(self, amount: int) -> bool:
        limits = self._limits
        is_round = amount % limits["merchant-cash-out.round_fen"] == 0
        return is_round and amount >= limits["merchant-cash-out.least_fen"]

    def _is_dear(self, amount: int, prices: _Prices) -> bool:
        """Far above what such merchants sell for, or round where prices are not known to be."""
        limits = self._limits
        if amount < limits["merchant-cash-out.least_fen"]:
            return False
        is_round = amount % limits["merchant-cash-out.round_fen"] == 0
        if prices.count < limits["merchant-cash-out.known_sales"]:
            return is_round
        usual = prices.usual_fen(limits["merchant-cash-out.usual_percent"])
        if amount * 100 >= usual * limits["merchant-cash-out.dear_percent"]:
            return True
        return (
            is_round
            and prices.count >= limits["merchant-cash-out.known_round_sales"]
            and prices.round * 100 < prices.count * limits["merchant-cash-out.round_percent"]
        )

    def _drains(self, event: HistoryEvent, amount: int, at: int) -> bool:
        """Whether nearly a whole payout goes over one counter in the days after it."""
        limits, paid = self._limits, self._paid.get(event.person or "")
        return (
            paid is not None
            and 0 <= at - paid[0] <= limits["merchant-cash-out.payday_s"]
            and amount >= limits["merchant-cash-out.payout_least_fen"]
            and paid[1] * limits["merchant-cash-out.payout_percent"]
            <= amount * 100
            <= paid[1] * limits["merchant-cash-out.payout_most_percent"]
        )

    def _is_again(self, merchant: _Merchant, name: str, amount: int, at: int) -> bool:
        """Whether one customer buys for much a second time within a day."""
        if amount < self._limits["merchant-cash-out.least_fen"]:
            return False
        before = merchant.buyers.pop(name, None)
        if len(merchant.buyers) >= BUYERS_MAX:
            del merchant.buyers[next(iter(merchant.buyers))]
        merchant.buyers[name] = at
        return before is not None and abs(at - before) <= DAY_S

    def _judge(self, event: HistoryEvent, place: str, merchant: _Merchant, at: int) -> Signals:
        limits = self._limits
        cash, refunds = len(merchant.cash), len(merchant.refunds)
        of_day = [each for each in merchant.cash if abs(at - each.at) <= DAY_S]
        sells_cash = len(of_day) >= limits["merchant-cash-out.purchases_a_day"] or (
            cash >= limits["merchant-cash-out.purchases"]
            and cash * 100 >= merchant.count * limits["merchant-cash-out.share_percent"]
        )
        undoes = (
            refunds >= limits["merchant-cash-out.refunds"]
            and refunds * 100 >= merchant.count * limits["merchant-cash-out.refund_percent"]
        )
        of_hour = [each for each in merchant.rounds if abs(at - each.at) <= HOUR_S]
        queues = len(of_hour) >= limits["merchant-cash-out.round_an_hour"]
        if not sells_cash and not undoes and not queues:
            return NONE
        window = merchant.cash if sells_cash else merchant.refunds if undoes else merchant.rounds
        percent = limits["merchant-cash-out.raise_percent"] + (10 if sells_cash and undoes else 0)
        who: Subject = ("institution", place)
        people, seen = window.words(), window.events()
        return [signal(Typology.MERCHANT_CASH_OUT, percent, who, event, seen, persons=people)]
