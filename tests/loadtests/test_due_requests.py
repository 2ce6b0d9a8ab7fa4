"""The plan of a load: constant rate, the mix of the profile, each card in and out in turn."""

from collections import Counter

import msgspec
import pytest

from loadtests.due_requests import Cast, DueRequest, Holder, share_of, write_plan
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import RESIDENTS_MAX, residents_for
from loadtests.profiles import STATION_RUSH
from loadtests.tap_maker import Gate, Purse


def plan(rate: float = 100.0, duration_s: float = 10.0) -> list[DueRequest]:
    holders = [
        Holder("李明", f"A{i:08d}", Purse(f"{i:020d}", "F" * 16, bytes(16), bytes(16), 90_000))
        for i in range(20)
    ]
    gates = ([Gate(f"{i:012d}", f"in{i}", "0201") for i in range(2)],
             [Gate(f"{9 - i:012d}", f"out{i}", "0205") for i in range(2)])  # fmt: skip
    cast = Cast(holders, gates, {("0201", "0205"): 300, ("0205", "0201"): 300})
    return write_plan(STATION_RUSH, rate, duration_s, cast, "run")


def test_requests_are_due_at_a_constant_rate() -> None:
    due = [request.due_s for request in plan()]
    assert len(due) == 1_000
    assert due == [place / 100.0 for place in range(1_000)]
    assert len({request.key for request in plan()}) == 1_000
    assert all(len(request.key) <= 64 for request in plan())


def test_one_request_in_five_is_an_identity_check_and_taps_go_in_and_out() -> None:
    kinds = Counter(request.name for request in plan())
    assert kinds == {"identity-check": 200, "tap-entry": 400, "tap-exit": 400}


def test_each_card_leaves_at_another_station_than_it_entered() -> None:
    inside: dict[int, str] = {}
    for request in plan():
        if request.lane < 0:
            continue
        body = msgspec.json.decode(request.body)
        if body["kind"] == "entry":
            assert request.lane not in inside
            inside[request.lane] = body["station"]
        else:
            assert body["entry_station"] == inside.pop(request.lane) != body["station"]


def test_processes_share_all_requests_and_no_card_is_in_two() -> None:
    whole = plan()
    shares = [share_of(whole, process, 3) for process in range(3)]
    assert sum(len(share) for share in shares) == len(whole)
    lanes = [{request.lane for request in share} - {-1} for share in shares]
    assert not lanes[0] & lanes[1] | lanes[1] & lanes[2] | lanes[0] & lanes[2]


def test_a_run_that_needs_too_many_people_is_refused_in_one_sentence() -> None:
    assert residents_for(1_600, 200.0, 300) == 100
    with pytest.raises(LoadTestCannotRun, match=f"at most {RESIDENTS_MAX}"):
        residents_for(100_000_000, 200.0, 300)
