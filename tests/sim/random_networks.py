"""Networks made at random, with every feature mixed, for two engines to agree on.

Times are of few sizes and often whole, so that things happen at one and the same moment.
"""

from __future__ import annotations

from array import array

from hypothesis import strategies as st

from sim.network import (
    UNLIMITED,
    Arrivals,
    Batch,
    Breakdown,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Network,
    Poisson,
    Recorded,
    Retry,
    Route,
    Scheduled,
    Source,
    Station,
    Uniform,
    link,
)

HORIZON_S = 200.0
CLASSES = ("ordinary", "assisted", "record")

whole_s = st.integers(0, 12).map(float)
some_s = st.floats(0.25, 20.0)


@st.composite
def distributions(draw: st.DrawFn, *, above_zero: bool = False) -> Distribution:
    mean_s = draw(some_s)
    low_s, more_s = draw(whole_s), draw(whole_s)
    least = 1.0 if above_zero else 0.0
    kinds: list[Distribution] = [
        Constant(low_s + least),
        Exponential(mean_s),
        Uniform(low_s, low_s + more_s + least),
        Erlang(draw(st.integers(1, 4)), mean_s),
        Lognormal(mean_s, draw(st.sampled_from((0.0, 0.4, 2.0)))),
        Gamma(mean_s, draw(st.sampled_from((0.4, 1.0, 1.7)))),
        Empirical((*sorted(draw(st.lists(whole_s, min_size=1, max_size=4))), 20.0)),
    ]
    return draw(st.sampled_from(kinds))


@st.composite
def capacities(draw: st.DrawFn) -> tuple[tuple[float, int], ...]:
    moments = sorted(draw(st.sets(st.integers(1, 300).map(float), max_size=4)))
    counts = [draw(st.integers(0, 4)) for _ in moments]
    steps = [(0.0, draw(st.integers(0, 4))), *zip(moments, counts, strict=True)]
    return (*steps[:-1], (steps[-1][0], max(1, steps[-1][1])))


@st.composite
def stations(draw: st.DrawFn, name: str, classes: tuple[str, ...]) -> Station:
    if draw(st.integers(0, 4)) == 0:
        begins = sorted(draw(st.sets(st.integers(1, 20), max_size=2)))
        outages = tuple((15.0 * begin, 15.0 * begin + 10) for begin in begins)
        return link(name, draw(distributions()), outages, draw(breakdowns(whole=True)))
    capacity = draw(capacities())
    if draw(st.integers(0, 9)) == 0:
        capacity = (*capacity, (capacity[-1][0] + 40, UNLIMITED))
    own = draw(st.sets(st.sampled_from(classes), max_size=2))
    batch = Batch(draw(st.integers(1, 6)), draw(st.sampled_from((0.0, 5.0, 30.0))))
    is_unlimited = capacity[-1][1] == UNLIMITED
    return Station(
        name,
        capacity,
        draw(distributions()),
        queue_max=draw(st.none() | st.integers(0, 8)),
        patience=draw(st.none() | distributions()),
        priority=draw(st.booleans()),
        service_of=tuple((each, draw(distributions())) for each in sorted(own)),
        breakdown=None if is_unlimited else draw(breakdowns()),
        batch=draw(st.none() | st.just(batch)),
    )


@st.composite
def breakdowns(draw: st.DrawFn, *, whole: bool = False) -> Breakdown | None:
    if draw(st.integers(0, 2)):
        return None
    between = draw(distributions(above_zero=True))
    return Breakdown(between, draw(distributions()), whole or draw(st.booleans()))


@st.composite
def arrivals(draw: st.DrawFn) -> Arrivals:
    moments = sorted(draw(st.sets(st.integers(0, 230).map(float), min_size=1, max_size=5)))
    match draw(st.integers(0, 3)):
        case 0:
            return Scheduled(tuple((moment, draw(st.integers(0, 12))) for moment in moments))
        case 1:
            return Recorded(array("d", sorted(moments + draw(st.lists(whole_s, max_size=9)))))
        case _:
            rates = [draw(st.sampled_from((0.0, 0.1, 0.5, 2.0))) for _ in moments]
            return Poisson(((0.0, 0.3), *(zip((m + 1 for m in moments), rates, strict=True))))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    names = [f"s{place}" for place in range(draw(st.integers(1, 5)))]
    sources = tuple(
        Source(
            f"from {place}",
            draw(st.sampled_from(CLASSES)),
            draw(arrivals()),
            draw(st.sampled_from(names)),
            draw(st.integers(0, 2)),
        )
        for place in range(draw(st.integers(1, 3)))
    )
    classes = tuple(dict.fromkeys(source.customer_class for source in sources))
    routes = [
        Route(name, origin, draw(ways(names)))
        for name in classes
        for origin in names
        if draw(st.booleans())
    ]
    retries = [
        Retry(
            name,
            draw(distributions()),
            draw(st.integers(1, 4)),
            draw(st.none() | st.sampled_from(names)),
        )
        for name in classes
        if draw(st.booleans())
    ]
    return Network(
        "at random",
        HORIZON_S,
        tuple(draw(stations(name, classes)) for name in names),
        sources,
        tuple(routes),
        tuple(retries),
    )


@st.composite
def ways(draw: st.DrawFn, names: list[str]) -> tuple[tuple[str, float], ...]:
    goals = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    most = draw(st.sampled_from((0.5, 0.9)))  # what is missing leads out
    return tuple((goal, most / len(goals)) for goal in goals)
