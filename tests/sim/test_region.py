"""Days and sizes of a region: hours, working days, shares, scale."""

import pytest

from sim.distributions import Constant
from sim.models.numbers.commuter import EVENING, MORNING
from sim.network import UNLIMITED, Network, Poisson, Source
from sim.region.days import (
    DAY_S,
    HOUR_S,
    arrivals_by_hours,
    arrivals_over_day,
    capacity_by_hour,
    office_hours,
    quarters_of,
    servers_by_hour,
    setting_out,
    working_days,
)
from sim.region.sizes import named, portions, scaled, servers_for, shares_of
from sim.region.spans import clock, span
from sim.simpy_engine.play import play
from tests.sim.expected_arrivals import customers_of_rate


def test_a_day_of_arrivals_adds_up_to_the_day() -> None:
    for weights in (MORNING, EVENING):
        assert customers_of_rate(arrivals_over_day(1234.0, quarters_of(weights)), DAY_S) == (
            pytest.approx(1234.0)
        )
        assert customers_of_rate(arrivals_by_hours(1234.0, weights), DAY_S) == pytest.approx(1234.0)


def test_a_days_weight_multiplies_that_day_alone() -> None:
    rate = arrivals_by_hours(100.0, (1.0,) * 24, 3, lambda day: 2.0 if day == 1 else 0.5)
    assert rate == ((0.0, 50 / DAY_S), (DAY_S, 200 / DAY_S), (2 * DAY_S, 50 / DAY_S))


def test_an_office_opens_on_working_days_and_one_stays_at_the_end() -> None:
    week = office_hours(5, 9, 17, 7, working_days)
    assert week[:3] == ((0.0, 0), (9 * HOUR_S, 5), (17 * HOUR_S, 0))
    assert len([servers for _, servers in week if servers == 5]) == 5
    assert week[-2:] == ((4 * DAY_S + 9 * HOUR_S, 5), (4 * DAY_S + 18 * HOUR_S, 1))


def test_seats_follow_the_calls_and_are_never_fewer_than_the_least() -> None:
    seats = servers_by_hour((*(1.0,) * 12, *(10.0,) * 12), 20, 3)
    assert seats == (3,) * 12 + (20,) * 12
    assert capacity_by_hour(seats) == ((0.0, 3), (12 * HOUR_S, 20))


def test_who_sets_out_arrives_within_opening_hours_of_a_working_day() -> None:
    days = 21
    road = setting_out("road", 8, Constant(2 * HOUR_S), days)
    source = Source("all", "person", Poisson(((0.0, 200 / DAY_S),)), "road")
    seen = play(Network("road", days * DAY_S, (road,), (source,)), 7, traced=True)
    assert seen.trace is not None
    assert seen.customers > 3000
    hours = seen.trace.end_s / HOUR_S
    assert ((hours % 24 >= 10) & (hours % 24 < 11.01)).all()
    assert ((hours // 24 % 7) < 5).all()
    assert all(servers in {0, UNLIMITED} for _, servers in road.capacity)


def test_portions_add_up_and_leave_nobody_without() -> None:
    shares = shares_of(21, 0.6)
    assert sum(shares) == pytest.approx(1.0)
    assert list(shares) == sorted(shares, reverse=True)
    many = portions(1000, shares)
    assert sum(many) == 1000
    assert list(many) == sorted(many, reverse=True)
    assert portions(3, shares_of(10, 1.0)) == (1,) * 10


def test_scale_keeps_at_least_one_and_none_where_there_were_none() -> None:
    assert [scaled(6, scale) for scale in (1, 0.5, 0.01, 2)] == [6, 3, 1, 12]
    assert scaled(0, 5) == 0
    assert servers_for(4.2, 0.7) == 6
    assert named("bank", 10)[0] == "bank_01"


def test_spans_are_told_in_the_unit_a_person_would_use() -> None:
    assert span(12) == ("12 秒", "12 s")
    assert span(3.21) == ("3.21 秒", "3.21 s")
    assert span(600) == ("10.0 分钟", "10.0 min")
    assert span(9000) == ("2.5 小时", "2.5 h")
    assert span(3 * DAY_S) == ("3.0 天", "3.0 days")
    assert clock(8 * HOUR_S + 1800) == "08:30"
