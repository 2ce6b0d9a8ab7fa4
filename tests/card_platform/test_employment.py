"""Employment and insurance matters: taken in by card, decided in time, enrolments kept right."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from card_platform.errors import Refusal
from card_platform.regions.structured_file import FileIsFaulty
from card_platform.services.employment.kinds import KINDS_FILE, Field, business, read_business
from card_platform.services.employment.model import (
    MATTER_LIFE,
    MatterAction,
    MatterState,
    next_state,
)
from tests.card_platform.city import City
from tests.card_platform.neighbours import Neighbour, two_regions, wait_for

NAME = "测试甲"
MATTERS = "/v1/employment/matters"
DAY_S = 86_400
FIVE = ["maternity", "medical", "pension", "unemployment", "work-injury"]
HIRED = {"employer": "测试机械厂", "wage_fen": "600000", "from_day": "2026-01-01"}


def file(
    city: City, number: str, kind: str, facts: dict[str, str] | None = None, **more: Any
) -> Any:
    body = {"kind": kind, "card_number": number, "name": NAME, "facts": facts or {}} | more
    return city.post(MATTERS, body, "clerk")


def step(city: City, number: str, action: str, text: str = "已审核") -> Any:
    return city.post(f"{MATTERS}/{number}/steps", {"action": action, "text": text}, "supervisor")


def code(answer: Any) -> str:
    return str(answer.json()["code"])


def insured(matter: dict[str, Any]) -> list[str]:
    return sorted(each["insurance"] for each in matter["enrolments"] if not each["until_day"])


def registered(city: City, number: str) -> dict[str, Any]:
    taken = file(city, number, "insurance-registration", HIRED).json()
    granted: dict[str, Any] = step(city, taken["number"], "grant").json()
    return granted


def wait(city: City, seconds: int) -> None:
    assert city.post("/v1/clock", {"advance_s": seconds}, "trainer").status_code == 200


def card_of(city: City, sequence: int = 1) -> tuple[str, str]:
    card_id, _ = city.active_card(sequence)
    return card_id, str(city.get(f"/v1/cards/{card_id}").json()["card_number"])


def test_the_life_of_a_matter_is_its_table() -> None:
    for state, action in product(MatterState, MatterAction):
        if action in MATTER_LIFE[state]:
            assert next_state(state, action) is MATTER_LIFE[state][action]
        else:
            with pytest.raises(Refusal, match=r"^matter-state-forbids$"):
                next_state(state, action)


def test_forty_six_kinds_are_joint_and_every_field_has_some() -> None:
    kinds = business().kinds.values()
    assert sum(each.is_joint for each in kinds) == 46
    assert {each.field for each in kinds} == set(Field)


def test_a_faulty_file_of_kinds_tells_all_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "kinds.toml"
    content = KINDS_FILE.read_text(encoding="utf-8")
    content = content.replace('facts = ["employer", "wage_fen", "from_day"]', 'facts = ["boss"]')
    path.write_text(content.replace('code = "job-subsidy"', 'code = "startup-loan"'), "utf-8")
    with pytest.raises(FileIsFaulty) as found:
        read_business(path)
    told = str(found.value)
    assert "boss" in told and "also employer, from_day, wage_fen" in told
    assert "each code once" in told


def test_a_new_kind_is_a_line_of_data(tmp_path: Path) -> None:
    path = tmp_path / "kinds.toml"
    added = (
        '\n[[kind]]\ncode = "apprentice-filing"\nname_zh = "学徒备案"\n'
        'name_en = "apprentice filing"\nfield = "employment"\ndays = 2\n'
        'source = "NM-14a"\nis_joint = false\nfacts = ["course"]\n'
    )
    path.write_text(KINDS_FILE.read_text(encoding="utf-8") + added, "utf-8")
    kinds = read_business(path)
    assert kinds.faults_of(kinds.kinds["apprentice-filing"], {"course": "焊工"}) == []


def test_somebody_is_enrolled_in_five_insurances_claims_and_is_ended(city: City) -> None:
    card_id, number = card_of(city)
    refused = file(city, number, "unemployment-benefit", {"since_day": "2026-02-01"})
    assert code(refused) == "holder-not-enrolled"
    ending = {"until_day": "2026-03-31"}
    assert code(file(city, number, "insurance-end", ending)) == "holder-not-enrolled"
    assert insured(registered(city, number)) == FIVE
    assert code(file(city, number, "insurance-registration", HIRED)) == "holder-enrolled-already"
    record = file(city, number, "insurance-record").json()
    assert (record["state"], insured(record)) == ("granted", FIVE), "told at once"
    early = {"until_day": "2025-12-31"}
    assert code(file(city, number, "insurance-end", early)) == "enrolment-ends-before-it-begins"
    ended = file(city, number, "insurance-end", ending).json()
    assert insured(step(city, ended["number"], "grant").json()) == []
    claim = file(city, number, "unemployment-benefit", {"since_day": "2026-04-01"}).json()
    assert step(city, claim["number"], "grant").json()["state"] == "granted"
    path = f"/v1/cards/{card_id}/insurance-enrolments"
    told = city.get(path, "clerk").json()["enrolments"]
    assert [each["until_day"] for each in told] == ["2026-03-31"] * 5
    reads = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    assert [each["items"] for each in reads].count("insurance_enrolments") == 2
    assert code(city.get("/v1/cards/nobody/insurance-enrolments", "clerk")) == "card-unknown"
    own = city.get(f"/v1/cards/{card_id}/employment-matters", "clerk").json()["matters"]
    assert len(own) == 4


def test_what_is_asked_for_is_waited_for_and_what_is_late_is_told(city: City) -> None:
    _, number = card_of(city)
    taken = file(city, number, "hardship-recognition", {"grounds": "零就业家庭"}).json()
    due = datetime.fromisoformat(taken["due_at"])
    assert (due - datetime.fromisoformat(taken["filed_at"])).days == 10
    asked = step(city, taken["number"], "ask", "请补交收入证明").json()
    assert (asked["state"], asked["text"]) == ("supplement_asked", "请补交收入证明")
    assert code(step(city, taken["number"], "grant")) == "matter-state-forbids"
    wait(city, 20 * DAY_S)
    assert city.get(f"{MATTERS}/{taken['number']}", "clerk").json()["overdue_since"] is None
    brought = step(city, taken["number"], "supplement", "收入证明").json()
    assert (datetime.fromisoformat(brought["due_at"]) - due).days == 20
    wait(city, 11 * DAY_S)
    late = city.get(f"{MATTERS}/{taken['number']}", "clerk").json()
    assert (late["state"], late["overdue_since"] is None) == ("in_hand", False)
    assert step(city, taken["number"], "refuse", "不符合条件").json()["state"] == "refused"
    assert code(step(city, "CQ-RS0", "grant")) == "matter-unknown"


def test_what_is_wrong_with_a_matter_is_said_at_once(city: City) -> None:
    card_id, number = card_of(city)
    assert code(file(city, number, "no-such-kind")) == "business-kind-unknown"
    wrong = file(city, number, "insurance-registration", {"wage_fen": "-1", "colour": "red"})
    assert code(wrong) == "request-malformed"
    told = {each["path"] for each in wrong.json()["faults"]}
    assert told == {"facts.employer", "facts.from_day", "facts.wage_fen", "facts.colour"}
    assert code(file(city, number, "employment-record", code="OC1:x")) == "request-malformed"
    assert code(file(city, number, "employment-record", name="测试乙")) == "name-differs"
    away = file(city, number, "employment-record", region="640000")
    assert code(away) == "no-agreement-covers"
    own = file(city, number, "labour-contract", region="510000", facts={})
    assert code(own) == "request-malformed"
    contract = {"employer": "测试机械厂", "from_day": "2026-01-01"}
    assert code(file(city, number, "labour-contract", contract, region="510000")) == (
        "business-kind-not-joint"
    )
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert code(file(city, number, "employment-record")) == "card-is-not-active"


def test_of_two_registrations_that_race_one_is_granted(city: City) -> None:
    _, number = card_of(city)
    filed = [file(city, number, "insurance-registration", HIRED).json() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda one: step(city, one["number"], "grant"), filed))
    answers = sorted("granted" if each.is_success else code(each) for each in told)
    assert answers == ["granted", *["holder-enrolled-already"] * 3]
    assert insured(file(city, number, "insurance-record").json()) == FIVE


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def neighbours(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neighbour, Neighbour]]:
    folder = tmp_path_factory.mktemp("neighbours")
    with two_regions(folder, request, request.param) as linked:
        yield linked


def test_another_region_takes_in_and_the_region_of_the_card_decides(
    neighbours: tuple[Neighbour, Neighbour],
) -> None:
    here, home = neighbours
    card = home.active_card(1)
    shown = {"card_number": card["card_number"], "name": NAME, "region": home.code}

    def taken_in(kind: str, facts: dict[str, str]) -> dict[str, Any]:
        body = {"kind": kind, "facts": facts} | shown
        return here.desk.post("clerk", MATTERS, body)

    def ended(number: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            told = here.desk.get("clerk", f"{MATTERS}/{number}")
            return None if told["state"] == "passed_on" else told

        told: dict[str, Any] = wait_for(look)
        return told

    refused = taken_in("unemployment-benefit", {"since_day": "2026-02-01"})
    told = ended(refused["number"])
    assert (told["state"], "没有参加" in told["text"]) == ("refused", True)
    asked = taken_in("insurance-registration", HIRED)
    assert (asked["state"], asked["card_region"]) == ("passed_on", home.code)

    def known() -> str | None:
        found = here.desk.get("clerk", f"{MATTERS}/{asked['number']}")["number_there"]
        return str(found) if found else None

    there = wait_for(known)
    body = {"action": "grant", "text": "已登记"}
    home.desk.post("supervisor", f"{MATTERS}/{there}/steps", body)
    assert (ended(asked["number"])["state"], insured(ended(asked["number"]))) == ("granted", FIVE)
    record = ended(taken_in("insurance-record", {})["number"])
    assert (record["state"], insured(record)) == ("granted", FIVE)
