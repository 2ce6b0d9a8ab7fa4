"""Rate limits: a bucket by itself, and what a caller over the limit is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app, build_platform
from card_platform.installation import Installation
from card_platform.web.authentication import Caller
from card_platform.web.rate_limits import (
    BUCKETS_MAX,
    RATES,
    Limited,
    Rate,
    RateLimits,
    TooManyRequests,
)
from tests.card_platform.city import City
from tests.card_platform.signing_in import ask, try_password

SIGNING_IN = RATES[Limited.SIGNING_IN]


class HandClock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.s = 1_000.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def unlimited(installation: Installation) -> Iterator[City]:
    """The same platform with its limits lifted."""
    parts = installation
    app = build_platform(
        parts.policy,
        parts.keys,
        parts.database,
        parts.access.tokens,
        parts.clock,
        limits_times=0,
    ).app
    with TestClient(app) as client:
        yield City(client, parts.access.tokens)


def taken(limits: RateLimits, kind: Limited, who: str, tries: int) -> int:
    """How many of so many requests are let through."""
    let = 0
    for _ in range(tries):
        try:
            limits.take(kind, who)
        except TooManyRequests:
            continue
        let += 1
    return let


@pytest.mark.parametrize("kind", Limited)
def test_a_bucket_lets_its_burst_through_and_then_its_rate(kind: Limited, hand: HandClock) -> None:
    limits, rate = RateLimits(now=hand), RATES[kind]
    assert taken(limits, kind, "a", rate.burst + 100) == rate.burst
    assert taken(limits, kind, "b", 1) == 1
    hand.s += 4
    assert taken(limits, kind, "a", rate.burst + 100) == min(rate.burst, 4 * rate.per_s)
    hand.s += 3_600
    assert taken(limits, kind, "a", rate.burst + 100) == rate.burst


def test_whoever_waits_as_long_as_told_is_let_through(hand: HandClock) -> None:
    limits = RateLimits(now=hand)
    taken(limits, Limited.SIGNING_IN, "a", SIGNING_IN.burst)
    with pytest.raises(TooManyRequests) as refused:
        limits.take(Limited.SIGNING_IN, "a")
    wait_s = int(refused.value.facts["retry_after_s"])
    assert wait_s == 1 / SIGNING_IN.per_s
    hand.s += wait_s
    limits.take(Limited.SIGNING_IN, "a")


def test_terminals_have_no_limit_and_each_caller_has_a_bucket_of_its_own(hand: HandClock) -> None:
    limits = RateLimits(now=hand)
    terminal = Caller("terminal:1", "terminal", terminal_number="1")
    for _ in range(2 * RATES[Limited.STAFF_TOKEN].burst):
        limits.take_for(terminal)
    clerk = Caller("clerk:wang.fang", "clerk", session_id="session-1")
    for _ in range(RATES[Limited.SESSION].burst):
        limits.take_for(clerk)
    with pytest.raises(TooManyRequests):
        limits.take_for(clerk)
    limits.take_for(Caller("clerk", "clerk"))


def test_limits_may_be_multiplied_and_lifted(hand: HandClock) -> None:
    tries = 4 * SIGNING_IN.burst
    assert taken(RateLimits(3, hand), Limited.SIGNING_IN, "a", tries) == 3 * SIGNING_IN.burst
    assert taken(RateLimits(0, hand), Limited.SIGNING_IN, "a", tries) == tries


def test_a_million_addresses_take_no_more_room_than_so_many(hand: HandClock) -> None:
    limits = RateLimits(now=hand)
    for number in range(BUCKETS_MAX + 10):
        limits.take(Limited.READING, str(number))
    assert len(limits._full_at[Limited.READING]) <= BUCKETS_MAX


def test_signing_in_too_often_is_refused_with_the_seconds_to_wait(city: City) -> None:
    answers = [ask(city, "/v1/session-challenges", {}) for _ in range(2 * SIGNING_IN.burst)]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    problem = refused[0].json()
    assert problem["code"] == "too-many-requests"
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert refused[0].headers["retry-after"] in problem["detail_en"]
    assert int(refused[0].headers["retry-after"]) > 0
    assert try_password(city, "wang.fang", "x").status_code == 429
    assert city.client.get("/v1/guide").status_code == 200


def test_lifted_limits_let_load_tests_of_public_routes_through(unlimited: City) -> None:
    for _ in range(SIGNING_IN.burst + 5):
        assert ask(unlimited, "/v1/session-challenges", {}).status_code == 200


def test_every_route_documents_the_answer_to_too_many_requests(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith("/v1"):
                assert "Retry-After" in operation["responses"]["429"]["description"], path


def test_the_express_lane_hands_a_clerk_over_the_limit_to_the_refusal(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.STAFF_TOKEN, Rate(burst=2, per_s=1e-9))
    parts = installation
    tokens = parts.access.tokens
    app = build_app(parts.policy, parts.keys, parts.database, tokens, parts.clock)
    check = {"purpose": "test", "card_number": "A12345678", "name": "测试甲"}
    with TestClient(app) as client:
        city = City(client, tokens)
        answers = [city.post("/v1/identity-checks", check, "clerk") for _ in range(4)]
    assert [each.status_code for each in answers[:2]] == [200, 200]
    assert [each.json().get("code") for each in answers[2:]] == ["too-many-requests"] * 2
    assert all(int(each.headers["retry-after"]) > 0 for each in answers[2:])
