"""Servers by the hour: every hour holds, also with customers the search never saw."""

from __future__ import annotations

import pytest

from sim.network import Exponential, Network, Poisson, Source, Station
from sim.parameters import FaultyParameters
from sim.planning.intervals import interval_of
from sim.planning.replications import Effort, Experiment, Runs
from sim.planning.staffing import Staffing, staff
from sim.planning.staffing.hours import HoursTask, play_hours
from sim.planning.staffing.roster import Asked
from sim.planning.targets.expressions import read_target
from sim.planning.targets.figures import names_of
from sim.planning.workers import Here

HOURLY_PER_S = (0.01, 0.05, 0.1, 0.08, 0.02, 0.0)
TARGET = "seats.served_within(60) >= 80% and seats.abandoned_share <= 10%"


def day() -> Network:
    station = Station("seats", ((0.0, 1),), Exponential(120.0), patience=Exponential(240.0))
    rate = tuple((hour * 3600.0, per_s) for hour, per_s in enumerate(HOURLY_PER_S))
    source = Source("line", "caller", Poisson(rate), "seats")
    return Network("day", 6 * 3600.0, (station,), (source,))


@pytest.fixture(scope="module")
def staffed() -> Staffing:
    network = day()
    target = read_target(TARGET, names_of(network))
    return staff(network, "seats", target, Experiment(Runs(seed=2), Effort(8, 64), Here()))


def test_every_hour_holds_with_other_customers_too(staffed: Staffing) -> None:
    assert staffed.ok
    network = day()
    target = read_target(TARGET, names_of(network))
    asked = Asked(network, "seats", target, 3600.0)
    roster = tuple(hour.servers for hour in staffed.hours)
    played = [
        play_hours(
            HoursTask(
                asked.staffed(roster), number, Runs(seed=999), target.figures, "seats", 3600.0
            )
        ).values
        for number in range(40)
    ]
    for hour in range(6):
        for place, condition in enumerate(target.conditions):
            seen = interval_of([run[hour][place] for run in played])
            worst = seen.low if condition.is_upper else seen.high
            assert condition.holds(worst), (hour, str(condition), seen)


def test_no_hour_has_servers_to_spare(staffed: Staffing) -> None:
    """The hour itself, or the one after it, fails without one of them."""
    network = day()
    target = read_target(TARGET, names_of(network))
    roster = [hour.servers for hour in staffed.hours]
    busiest = roster.index(max(roster))
    roster[busiest] -= 2
    asked = Asked(network, "seats", target, 3600.0)
    task = HoursTask(
        asked.staffed(tuple(roster)), 0, Runs(seed=999), target.figures, "seats", 3600.0
    )
    assert not all(
        condition.holds(play_hours(task).values[busiest][place])
        for place, condition in enumerate(target.conditions)
    )


def test_the_roster_follows_the_load_and_an_hour_without_calls_has_the_least(
    staffed: Staffing,
) -> None:
    servers = [hour.servers for hour in staffed.hours]
    assert servers[2] == max(servers)
    assert servers[5] == 1
    for hour, per_s in zip(staffed.hours[:5], HOURLY_PER_S, strict=False):
        assert hour.load == pytest.approx(per_s * 120, rel=0.35)
    assert staffed.server_hours == sum(servers)
    assert staffed.capacity[0] == (0.0, servers[0])


def test_figures_that_an_hour_does_not_have_are_refused() -> None:
    network = day()
    target = read_target("seats.utilisation <= 0.8", names_of(network))
    with pytest.raises(FaultyParameters) as told:
        staff(
            network, "seats", target, Experiment(Runs(), Effort(8, 8), Here()),
            period_s=-1.0, least=0,
        )  # fmt: skip
    assert [fault.key for fault in told.value.faults] == ["target", "period_s", "least"]
