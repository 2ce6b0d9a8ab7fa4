"""The cheapest of several capacities together that meets a target.

Rules: first the least of each by itself, with all others at their most: where more is better, no
combination with less of one can hold. From there combinations are tried in order of their cost, so
the first that holds is the cheapest: exact, where more is better. When more than `TRIALS_MAX` are
cheaper, the search descends instead from the most, always by the step that saves most and still
holds: a heuristic, and said to be one. Either way every single step down from the answer has been
tried and is not shown to hold. Where more of one number makes another place worse (faster counters
crowd the cashier behind them), the bounds found first may be too high: steps down from the answer
go below them, but the cheapest of all is then no longer certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from sim.planning.questions import Range, Setting
from sim.planning.sizing.capacity import Sizing
from sim.planning.sizing.trials import Inquiry

TRIALS_MAX = 200


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a varied number costs, in any currency."""

    name: str
    each: float


def cheapest(
    inquiry: Inquiry,
    vary: Sequence[Range],
    prices: Sequence[Price] = (),
    trials_max: int = TRIALS_MAX,
) -> Sizing:
    """The cheapest setting of all varied numbers; a number without a price costs 1 a unit."""
    search = _Search(inquiry, tuple(vary), prices)
    most = tuple(len(each) - 1 for each in search.values)
    answer: tuple[int, ...] | None = None
    method, monotone = "cheapest first", True
    if inquiry.trial(search.setting(most)).ok:
        floors = tuple(search.least_of(place) for place in range(len(most)))
        for tried, places in enumerate(search.by_cost(floors)):
            if tried == trials_max:
                method, answer = "descent", most
                break
            if search.holds(places):
                answer = places
                break
    if answer is not None:
        lower = search.descended(answer)
        monotone = lower == answer or method == "descent"
        answer = lower
    return Sizing(
        inquiry.target.text,
        tuple(vary),
        search.setting(answer) if answer is not None else None,
        inquiry.trials,
        inquiry.replications,
        monotone,
        method,
        search.cost(answer) if answer is not None else None,
    )


class _Search:
    def __init__(self, inquiry: Inquiry, vary: tuple[Range, ...], prices: Sequence[Price]) -> None:
        self.inquiry, self.vary = inquiry, vary
        self.values = tuple(each.values for each in vary)
        price_of = {price.name: price.each for price in prices}
        self.prices = tuple(price_of.get(each.name, 1.0) for each in vary)

    def setting(self, places: tuple[int, ...]) -> Setting:
        return tuple(
            (each.name, values[place])
            for each, values, place in zip(self.vary, self.values, places, strict=True)
        )

    def cost(self, places: tuple[int, ...]) -> float:
        return sum(
            price * values[place]
            for price, values, place in zip(self.prices, self.values, places, strict=True)
        )

    def holds(self, places: tuple[int, ...]) -> bool:
        return self.inquiry.trial(self.setting(places)).ok

    def least_of(self, place: int) -> int:
        """The least of one number with all others at their most."""
        most = [len(values) - 1 for values in self.values]
        fails, holds = -1, most[place]
        while holds - fails > 1:
            middle = (fails + holds) // 2
            if self.holds((*most[:place], middle, *most[place + 1 :])):
                holds = middle
            else:
                fails = middle
        return holds

    def by_cost(self, floors: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Every combination from the floors on, the cheapest first; of equal ones, least first."""
        waiting, seen = [(self.cost(floors), floors)], {floors}
        while waiting:
            _, places = heappop(waiting)
            yield places
            for more in self._steps(places, 1):
                if more not in seen:
                    seen.add(more)
                    heappush(waiting, (self.cost(more), more))

    def descended(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """From one that holds down to one from which no single step down holds."""
        while True:
            lower = sorted(self._steps(places, -1), key=self.cost)
            held = next((each for each in lower if self.holds(each)), None)
            if held is None:
                return places
            places = held

    def _steps(self, places: tuple[int, ...], step: int) -> Iterator[tuple[int, ...]]:
        for place, at in enumerate(places):
            if 0 <= at + step < len(self.values[place]):
                yield (*places[:place], at + step, *places[place + 1 :])
