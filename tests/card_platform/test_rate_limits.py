"""Rate limits: a bucket by itself, and what a caller over the limit is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from card_platform.app import build_platform
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
from tests.card_platform.signing_in import ask, open_account, sign_in, try_password

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
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.STAFF_TOKEN, Rate(burst=2, per_s=1e-9))
    check = {"purpose": "test", "card_number": "A12345678", "name": "测试甲"}
    answers = [city.post("/v1/identity-checks", check, "clerk") for _ in range(4)]
    assert [each.status_code for each in answers[:2]] == [200, 200]
    assert [each.json().get("code") for each in answers[2:]] == ["too-many-requests"] * 2
    assert all(int(each.headers["retry-after"]) > 0 for each in answers[2:])


def guess(city: City, times: int, path: str = "/v1/clock", prefix: str = "") -> list[Any]:
    """Answers to so many tokens nobody holds."""
    method = "GET" if path == "/v1/clock" else "POST"
    return [
        city.call(method, path, {}, f"{prefix}guess-{number}", "key") for number in range(times)
    ]


@pytest.mark.parametrize("prefix", ["", "session."])
@pytest.mark.parametrize("path", ["/v1/clock", "/v1/transit/taps"])
def test_tokens_nobody_holds_are_refused_unlooked_at_after_so_many(
    city: City, path: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.UNKNOWN_TOKEN, Rate(burst=200, per_s=1))
    answers = guess(city, 2 * RATES[Limited.UNKNOWN_TOKEN].burst, path=path, prefix=prefix)
    codes = [each.json()["code"] for each in answers]
    wrong = codes.index("too-many-requests")
    assert wrong >= RATES[Limited.UNKNOWN_TOKEN].burst
    assert set(codes[:wrong]) == {"token-unknown"}
    assert int(answers[wrong].headers["retry-after"]) > 0


def test_a_right_guess_is_refused_as_well_and_who_called_before_goes_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.UNKNOWN_TOKEN, Rate(burst=20, per_s=1e-9))
    password = open_account(city)["first_password"]
    known = [city.enrol().token, sign_in(city, "wang.fang", password)["token"]]
    new = [city.enrol().token, sign_in(city, "wang.fang", password)["token"]]
    assert [city.get("/v1/clock", token).status_code for token in known] == [200, 200]
    guess(city, 20)
    assert [city.get("/v1/clock", token).status_code for token in known] == [200, 200]
    assert city.get("/v1/clock", "operator").status_code == 200
    assert [city.get("/v1/clock", token).status_code for token in new] == [429, 429]
    assert city.client.get("/v1/clock").status_code == 401


def test_proper_tokens_cost_no_guess_however_many_are_new(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, Limited.UNKNOWN_TOKEN, Rate(burst=1, per_s=1e-9))
    password = open_account(city)["first_password"]
    for _ in range(3):
        assert city.get("/v1/clock", city.enrol().token).status_code == 200
        session = sign_in(city, "wang.fang", password)["token"]
        city.post("/v1/sessions/current/end", {}, session)
        assert city.get("/v1/clock", session).json()["code"] == "session-ended"
    assert city.get("/v1/clock", "guess").json()["code"] == "token-unknown"
    assert city.get("/v1/clock", "guess").json()["code"] == "too-many-requests"


def test_the_limit_of_unknown_tokens_is_lifted_with_the_others(unlimited: City) -> None:
    assert {
        each.status_code for each in guess(unlimited, RATES[Limited.UNKNOWN_TOKEN].burst + 5)
    } == {401}
