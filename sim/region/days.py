"""Days of a region: when people come, when counters are open.

Rules: a model begins at midnight, and where it lasts several days, on a Monday. Profiles are 24
weights, one an hour; only their proportions count. Public holidays are working days here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.customers import Steps
from sim.network import UNLIMITED, Distribution, Station

HOUR_S, DAY_S = 3600.0, 86400.0
WEEKDAYS = 5
QUARTERS = 96
HOURS = 24


def every_day(_day: int) -> bool:
    """Open on each day of the week."""
    return True


def working_days(day: int) -> bool:
    """Open from Monday to Friday; day 0 is a Monday."""
    return day % 7 < WEEKDAYS


def quarters_of(weights: Sequence[float]) -> tuple[float, ...]:
    """The weights of 96 quarter hours, of mean 1: straight between the middles of the hours."""
    mean = sum(weights) / HOURS
    quarters = []
    for quarter in range(QUARTERS):
        place = (quarter + 0.5) / 4 - 0.5
        before = int(place // 1)
        part = place - before
        between = weights[before % HOURS] * (1 - part) + weights[(before + 1) % HOURS] * part
        quarters.append(between / mean)
    scale = QUARTERS / sum(quarters)
    return tuple(quarter * scale for quarter in quarters)


def arrivals_over_day(per_day: float, quarters: Sequence[float]) -> Steps:
    """The rate per second of a day with so many arrivals, by quarters of an hour."""
    return tuple((i * 900.0, per_day / DAY_S * part) for i, part in enumerate(quarters))


def arrivals_by_hours(
    per_day: float,
    weights: Sequence[float],
    days: int = 1,
    of_day: Callable[[int], float] = lambda _: 1.0,
) -> Steps:
    """The rate per second, by hours of several days; `of_day` weighs each day (1: `per_day`)."""
    total = sum(weights) * HOUR_S
    steps: list[tuple[float, float]] = []
    for day in range(days):
        weight = of_day(day)
        for hour, part in enumerate(weights):
            rate = per_day * weight * part / total
            if not steps or steps[-1][1] != rate:
                steps.append((day * DAY_S + hour * HOUR_S, rate))
    return tuple(steps)


def servers_by_hour(weights: Sequence[float], most: int, least: int = 1) -> tuple[int, ...]:
    """Servers on duty in each hour, in proportion to what comes: `most` in the busiest hour."""
    top = max(weights)
    return tuple(max(least, round(most * weight / top)) for weight in weights)


def capacity_by_hour(servers: Sequence[int], days: int = 1) -> tuple[tuple[float, int], ...]:
    """These servers in each hour of every day."""
    steps: list[tuple[float, int]] = []
    for hour in range(days * HOURS):
        if not steps or steps[-1][1] != servers[hour % HOURS]:
            steps.append((hour * HOUR_S, servers[hour % HOURS]))
    return tuple(steps)


def office_hours(
    servers: int,
    opens_h: float,
    closes_h: float,
    days: int = 1,
    is_open: Callable[[int], bool] = every_day,
) -> tuple[tuple[float, int], ...]:
    """So many servers between these hours of each open day (at least one day is open).

    On the last day they stay an hour longer, and one of them until everybody inside is served.
    """
    changes, closes_s = {0.0: 0}, 0.0
    for day in range(days):
        if is_open(day):
            changes[day * DAY_S + opens_h * HOUR_S] = servers
            closes_s = day * DAY_S + closes_h * HOUR_S
            changes[closes_s] = 0
    del changes[closes_s]
    changes[closes_s + HOUR_S] = 1
    steps = [
        (moment_s, now)
        for before, (moment_s, now) in zip((None, *changes.values()), changes.items(), strict=False)
        if now != before
    ]
    return tuple(steps)


def setting_out(
    name: str,
    leaves_h: float,
    arrives: Distribution,
    days: int,
    is_open: Callable[[int], bool] = working_days,
) -> Station:
    """A road that is entered at one hour of a day: whoever is there by then sets out together and
    arrives after a time of `arrives`.

    So people come within opening hours, whenever they decided to; the wait here is no queue, but
    the time until the next such hour. After `days` it opens once more for good.
    """
    steps: list[tuple[float, int]] = [(0.0, 0)]
    for day in range(days):
        if is_open(day):
            begin_s = day * DAY_S + leaves_h * HOUR_S
            steps += [(begin_s, UNLIMITED), (begin_s + 1.0, 0)]
    after_s = (days + (0 if is_open(days) else 7 - days % 7)) * DAY_S + leaves_h * HOUR_S
    return Station(name, (*steps, (after_s, UNLIMITED)), arrives)
