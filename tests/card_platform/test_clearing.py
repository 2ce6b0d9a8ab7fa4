"""Clearing: days, operators, pairs of regions; each fen once, whatever is repeated or cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from card_platform.errors import Refusal
from card_platform.services.transit.store import TAPS
from card_platform.services.transit.tap_sums import TapSums
from card_platform.settings import Settings
from card_platform.settlement.beside_the_ledger import first_fault_beside
from card_platform.settlement.clearing import service
from card_platform.settlement.clearing.daily import due_day
from card_platform.settlement.clearing.model import (
    CLEARING_SHEET_LIFE,
    SheetAction,
    SheetLine,
    SheetState,
    next_state,
)
from card_platform.settlement.clearing.refusals import SheetStateForbids
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Statement
from card_platform.use_cases import build_use_cases
from tests.card_platform.clearing_regions import Region, carry, region_of, two_regions, yesterday


@pytest.fixture
def regions(
    request: pytest.FixtureRequest, settings: Settings, tmp_path: Path
) -> Iterator[tuple[Region, Region]]:
    is_meant = request.node.get_closest_marker("faulty_books") is not None
    with two_regions(settings, tmp_path, faulty_books=is_meant) as both:
        yield both


def mirrored(statement: Any) -> Any:
    """A pair's statement as the other side must have it."""
    total = statement["total"]
    return {
        "day": statement["day"],
        "here": statement["there"],
        "there": statement["here"],
        "total": {
            "region": statement["here"],
            "claimed_taps": total["owed_taps"],
            "claimed_fen": total["owed_fen"],
            "owed_taps": total["claimed_taps"],
            "owed_fen": total["claimed_fen"],
            "net_fen": -total["net_fen"],
            "agreed": total["agreed"],
        },
        "claimed": statement["owed"],
        "owed": statement["claimed"],
    }


def test_two_regions_clear_a_day_and_their_statements_agree_to_the_fen(
    regions: tuple[Region, Region],
) -> None:
    here, there = regions
    ours, theirs = here.active_card(1), there.active_card(1)
    for chip, region, operator, fen in (
        (ours, here, "CQ-BUS", 200),
        (theirs, here, "CQ-BUS", 200),
        (theirs, here, "CQ-FERRY", 170),
        (ours, there, "SC-BUS", 130),
        (theirs, there, "mianyang-bus", 90),
    ):
        answer = region.ride(chip, operator, fen)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["ride"]["posting_id"] is None) is (chip.issuer[:6] != region.code)
    day = here.end_day()
    assert there.end_day() == day
    assert [each.clear(day).json()["state"] for each in regions] == ["closed", "closed"]
    assert (carry(here, there), carry(there, here)) == (1, 1)

    pair = here.statement(day, "regions", "510000")
    assert pair["total"] == {
        "region": "510000",
        "claimed_taps": 2,
        "claimed_fen": 370,
        "owed_taps": 1,
        "owed_fen": 130,
        "net_fen": 240,
        "agreed": True,
    }
    assert there.statement(day, "regions", "500000") == mirrored(pair)
    whole = here.statement(day)
    assert (whole["taps"], whole["amount_fen"], whole["late_taps"]) == (3, 570, 0)
    assert whole["regions"] == [pair["total"]]
    assert here.statement(day, "operators", "CQ-BUS")["amount_fen"] == 400
    told = ("city", "operators", "taps", "amount_fen", "own_fen", "others_fen")
    cities = [tuple(each[name] for name in told) for each in whole["cities"]]
    assert cities == [("5000", 2, 3, 570, 200, 370)]
    cities = [tuple(each[name] for name in told) for each in there.statement(day)["cities"]]
    assert cities == [("5101", 1, 1, 130, 0, 130), ("5107", 1, 1, 90, 90, 0)]

    balances = here.city.balances()
    assert balances["operator:CQ-BUS"] == 400
    assert balances["operator:CQ-FERRY"] == 170
    assert balances["region:510000"] == -370 + 130
    assert balances["purse:in-510000"] == -130
    assert there.city.balances()["region:500000"] == 370 - 130
    for each in regions:
        assert each.city.get("/v1/ledger/check").json()["balanced"]


@pytest.mark.faulty_books("a tap is put behind the mark for the check to find")
def test_a_tap_that_came_behind_its_mark_is_found_by_the_check(
    regions: tuple[Region, Region],
) -> None:
    here, there = regions
    here.ride(there.active_card(1), "CQ-BUS", 200)
    day = here.end_day()
    assert here.clear(day).json()["state"] == "closed"
    database = here.parts.database
    assert first_fault_beside(database.url) is None
    copy = "INSERT INTO taps ({names}) SELECT {values} FROM taps"
    names = [each.name for each in TAPS.columns]
    values = [
        "'tap-0'" if each == "tap_id" else "'9999'" if each == "offline_sequence" else each
        for each in names
    ]
    text = copy.format(names=", ".join(names), values=", ".join(values))
    database.write_now(lambda tx: tx.run(Statement(text), {}))
    told = first_fault_beside(database.url)
    assert told is not None
    assert "1 taps and 200 fen were cleared, 2 and 400 are on record" in told


def test_a_run_is_done_once_and_what_comes_late_goes_to_the_next_with_its_own_day(
    regions: tuple[Region, Region],
) -> None:
    here, there = regions
    theirs = there.active_card(1)
    here.ride(theirs, "CQ-BUS", 200)
    day = here.end_day()
    closed = here.clear(day).json()
    assert here.clear(day).json() == closed
    assert closed["taps"] == 1
    assert here.ride(theirs, "CQ-BUS", 100, yesterday(here)).status_code == 201
    assert here.ride(theirs, "CQ-BUS", 200).status_code == 201
    refused = here.clear((yesterday(here) - timedelta(days=3)).isoformat()).json()
    assert refused["code"] == "clearing-day-closed"
    early = here.clear(here.today.isoformat())
    assert (early.status_code, early.json()["code"]) == (409, "clearing-day-not-ended")
    next_day = here.end_day()
    assert here.clear(next_day).json()["taps"] == 2
    lines = here.statement(next_day, "operators", "CQ-BUS")
    assert (lines["late_taps"], lines["late_fen"]) == (1, 100)
    assert [(each["ride_day"], each["timing"]) for each in lines["lines"]] == [
        (day, "late"),
        (next_day, "in-time"),
    ]
    assert here.statement(day) == here.statement(day)
    assert here.statement(day)["amount_fen"] == 200
    assert here.city.balances()["region:510000"] == -500
    listed = here.city.get("/v1/clearing/days").json()["days"]
    assert [each["day"] for each in listed] == [next_day, day]


def test_a_run_goes_on_where_it_was_and_a_piece_counts_once(
    regions: tuple[Region, Region], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = regions
    monkeypatch.setattr(service, "PIECE_TAPS", 2)
    theirs = there.active_card(1)
    for fen in (10, 20, 30, 40, 50):
        assert here.ride(theirs, "CQ-BUS", fen).status_code == 201
    day = here.end_day()
    base = here.parts.database
    agreements: list[Any] = []
    ledger = Ledger(here.parts.clock)
    city_of = here.parts.policy.transit.city_of
    clearing = service.Clearing(
        here.code, TapSums(), agreements, ledger, here.parts.clock, city_of=city_of
    )
    base.write_now(lambda tx: clearing.begin(tx, yesterday(here), "operator"))
    under_way = here.clear((yesterday(here) - timedelta(days=1)).isoformat()).json()
    assert under_way["code"] == "clearing-under-way"
    piece = base.read_now(lambda tx: clearing.next_piece(tx, day))
    assert piece is not None
    assert base.write_now(lambda tx: clearing.add_piece(tx, piece))
    assert not base.write_now(lambda tx: clearing.add_piece(tx, piece))
    assert here.statement(day)["state"] == "running"
    # a process that dies here has lost nothing: whoever runs the day goes on
    done = here.clear(day).json()
    assert (done["state"], done["taps"], done["amount_fen"]) == ("closed", 5, 150)
    assert here.city.balances()["region:510000"] == -150


def test_a_sheet_the_other_region_refuses_is_a_difference_until_it_is_worked_off(
    regions: tuple[Region, Region],
) -> None:
    here, there = regions
    theirs = there.active_card(1)
    here.ride(theirs, "CQ-BUS", 200)
    day = here.end_day()  # the other region's clock stays behind: for it the day goes on
    here.clear(day)
    carry(here, there)
    (difference,) = here.city.get("/v1/clearing/differences?limit=1").json()["sheets"]
    assert (difference["state"], difference["amount_fen"]) == ("disputed", 200)
    assert difference["problem"]["code"] == "clearing-sheet-day-ahead"
    path = f"/v1/clearing/differences/{difference['sheet_id']}/working-off"
    there.end_day()
    again = here.city.post(path, {"action": "send_again", "reason": "次日重送"}, "operator")
    assert again.json()["state"] == "sent"
    carry(here, there)
    assert here.city.get("/v1/clearing/differences").json()["sheets"] == []
    assert here.statement(day, "regions", there.code)["total"]["agreed"] is True
    late = here.city.post(path, {"action": "give_up", "reason": "x"}, "operator")
    assert (late.status_code, late.json()["code"]) == (409, "clearing-sheet-state-forbids")
    unknown = here.city.post(
        "/v1/clearing/differences/none/working-off",
        {"action": "give_up", "reason": "x"},
        "operator",
    )
    assert unknown.json()["code"] == "clearing-sheet-unknown"


def test_a_claim_given_up_is_borne_here_and_the_books_say_so(
    regions: tuple[Region, Region],
) -> None:
    here, there = regions
    here.ride(there.active_card(1), "CQ-BUS", 200)
    day = here.end_day()
    here.clear(day)
    carry(here, there)
    (difference,) = here.city.get("/v1/clearing/differences").json()["sheets"]
    path = f"/v1/clearing/differences/{difference['sheet_id']}/working-off"
    given_up = here.city.post(path, {"action": "give_up", "reason": "核对后放弃"}, "operator")
    assert given_up.json()["state"] == "given_up"
    balances = here.city.balances()
    assert balances["operator:CQ-BUS"] == 200
    assert (balances["region:510000"], balances["difference:clearing"]) == (0, -200)
    assert here.statement(day, "regions", there.code)["total"]["claimed_fen"] == 0
    assert here.city.get("/v1/ledger/check").json()["balanced"]


def test_a_region_books_a_sheet_once_and_none_that_does_not_sum_up_or_is_not_agreed(
    regions: tuple[Region, Region],
) -> None:
    _, there = regions
    parts = there.parts
    clearing = build_use_cases(parts.policy, parts.keys, parts.clock).clearing
    day = yesterday(there)

    def book(region: str, fen: int, told_fen: int, ride_day: date = day) -> str:
        lines = [SheetLine("BUS", ride_day, 1, fen)]
        try:
            parts.database.write_now(
                lambda tx: clearing.book(tx, region, day, 1, lines=lines, told_fen=told_fen)
            )
        except Refusal as refusal:
            return refusal.code
        return "booked"

    assert book("500000", 200, 201) == "clearing-sheet-sum-wrong"
    assert book("310000", 200, 200) == "clearing-rides-not-agreed"
    assert book("500000", 200, 200, date(2000, 1, 1)) == "clearing-rides-not-agreed"
    assert [book("500000", 200, 200) for _ in range(2)] == ["booked", "booked"]
    assert book("500000", 300, 300) == "clearing-sheet-differs"
    assert there.city.balances() == {"purse:in-500000": -200, "region:500000": 200}


def test_a_card_rides_only_where_regions_agreed_and_share_the_keys(
    settings: Settings, tmp_path: Path
) -> None:
    with two_regions(settings, tmp_path, "SH") as (here, there):
        refused = here.ride(there.active_card(1), "CQ-BUS", 200)
        assert (refused.status_code, refused.json()["code"]) == (422, "region-not-served")
        nobodys = there.active_card(2)
        nobodys.issuer = "99000001FFFFFFFF"
        assert here.ride(nobodys, "CQ-BUS", 200).json()["code"] == "purse-unknown"
    alone = Settings(tmp_path / "alone", region="SC", clock="virtual")
    with (
        region_of(alone, shared=False) as stranger,
        two_regions(settings, tmp_path / "2") as (
            here,
            _,
        ),
    ):
        assert here.ride(stranger.active_card(3), "CQ-BUS", 200).json()["code"] == "tac-wrong"


def test_a_day_is_due_when_it_ended_and_taps_came_since(regions: tuple[Region, Region]) -> None:
    here, there = regions
    base = here.parts.database
    clearing = build_use_cases(here.parts.policy, here.parts.keys, here.parts.clock).clearing

    def due() -> str | None:
        day = base.read_now(lambda tx: due_day(tx, clearing))
        return day.isoformat() if day else None

    assert due() is None
    here.ride(there.active_card(1), "CQ-BUS", 200)
    assert due() is None
    here.city.post("/v1/clock", {"advance_s": 1_000}, "trainer")
    day = here.end_day()
    assert due() is not None
    here.clear(day)
    assert due() is None


def test_a_sheet_has_only_the_steps_of_its_table() -> None:
    for state in SheetState:
        for action in SheetAction:
            if action in CLEARING_SHEET_LIFE[state]:
                assert next_state(state, action) is CLEARING_SHEET_LIFE[state][action]
            else:
                with pytest.raises(SheetStateForbids):
                    next_state(state, action)
