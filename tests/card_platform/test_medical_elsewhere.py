"""Treatment elsewhere: filed for, settled by the insured region once, taken back, cleared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from card_platform.exchange import store as exchange_store
from card_platform.exchange.courier import LETTERS_MAX_BYTES, together
from card_platform.exchange.model import Sent
from card_platform.services.medical.institutions.model import InstitutionKind
from card_platform.services.medical.visits import store as visit_store
from card_platform.services.medical.visits.held_bill_news import overtaken
from card_platform.services.medical.visits.model import Visit, VisitState
from card_platform.settings import Settings
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import moment_of
from scenarios.service_desk import PlatformRefused
from tests.card_platform.chip import Chip
from tests.card_platform.city import document
from tests.card_platform.clearing_regions import refused_there
from tests.card_platform.clearing_regions import two_regions as two_in_process
from tests.card_platform.clinic import FROM, SCAN, hospital, insure
from tests.card_platform.neighbours import Neighbour, two_regions, wait_for
from tests.testbed.onecard import call_here

NAME = "测试甲"
EMPLOYEES = "fund:medical-employee"
_persons = count(1)
_sites = count(1)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def regions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neighbour, Neighbour]]:
    folder = tmp_path_factory.mktemp("regions")
    with two_regions(folder, request, request.param, "virtual") as linked:
        yield linked


class Desk:
    """A terminal of a designated institution of a region."""

    def __init__(self, at: Neighbour, kind: str = "hospital") -> None:
        self.at = at
        body = {
            "area": at.code,
            "kind": kind,
            "name_zh": f"异地就医测试点{next(_sites)}",
            "address_zh": "测试路1号",
            "phone": "02312333",
            "equipment": ["card-reader", "code-scanner", "wheelchair-access"],
            "hours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
        }
        site_id = at.desk.post("operator", "/v1/sites", body)["site"]["site_id"]
        level = 3 if kind == "hospital" else None
        named = {"site_id": site_id, "kind": kind, "from_day": FROM, "level": level}
        at.desk.post("department", "/v1/medical/designations", named)
        terminal = {
            "kind": "hospital_desk" if kind == "hospital" else "pharmacy",
            "operator": f"{at.region}-{site_id}",
            "station": None,
            "site": site_id,
        }
        self.operator = terminal["operator"]
        self.token = at.desk.post("operator", "/v1/terminals", terminal)["token"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.at.desk.ask(method, f"/v1/medical/{path}", self.token, body)

    def register(self, card: dict[str, Any], region: Neighbour, **more: Any) -> str:
        body = {"region": region.code, "card_number": card["card_number"], "name": NAME} | more
        return str(self.ask("POST", "foreign-visits", body)["visit_id"])

    def step(self, visit_id: str, step: str, body: dict[str, Any] | None = None) -> Any:
        return self.ask("POST", f"visits/{visit_id}/{step}", body or {})

    def consulted(self, card: dict[str, Any], region: Neighbour) -> str:
        visit_id = self.register(card, region)
        self.step(visit_id, "consultation", {"diagnosis": "骨折"})
        self.step(visit_id, "charges", {"lines": [SCAN]})
        return visit_id

    def when(self, visit_id: str, *states: str) -> Any:
        """The visit, once it is in one of these states."""

        def look() -> Any:
            told = self.ask("GET", f"visits/{visit_id}")
            return told if told["state"] in states else None

        return wait_for(look)

    def settled(self, card: dict[str, Any], region: Neighbour) -> Any:
        visit_id = self.consulted(card, region)
        assert self.step(visit_id, "settlement")["state"] == "asked"
        return self.when(visit_id, "settled")


def insured(region: Neighbour, credit_fen: int = 0) -> dict[str, Any]:
    card = region.active_card(next(_persons))
    path = f"/v1/cards/{card['card_id']}"
    body = {"insured": "employee", "from_day": FROM}
    region.desk.post("clerk", f"{path}/medical-insurance", body)
    if credit_fen:
        region.desk.grant_medical_credit(card["card_id"], 1, credit_fen)
    return card


def file(
    card: dict[str, Any], region: Neighbour, where: Neighbour, person: int, **more: Any
) -> Any:
    today = region.desk.get("clerk", "/v1/clock")["now"][:10]
    body = {
        "kind": "long-term",
        "region": where.code,
        "from_day": today,
        "document": document(person),
    } | more
    return region.desk.post("clerk", f"/v1/cards/{card['card_id']}/medical-filings", body)


def filed(region: Neighbour, where: Neighbour, credit_fen: int = 0, **more: Any) -> dict[str, Any]:
    card = insured(region, credit_fen)
    file(card, region, where, next(_persons) - 1, **more)
    next(_persons)
    return card


def balances(at: Neighbour) -> dict[str, int]:
    found = at.desk.gather("operator", "/v1/ledger/accounts", "accounts")
    return {each["name"]: each["balance_fen"] for each in found}


def year_of(card: dict[str, Any], region: Neighbour) -> dict[str, int]:
    path = f"/v1/cards/{card['card_id']}/medical-insurance"
    told = region.desk.get("clerk", path)["benefits"]
    return next(each for each in told if each["benefit"] == "outpatient")


def test_without_filing_nobody_is_registered_and_told_how_to_file(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    desk, card = Desk(chongqing), insured(sichuan)
    with pytest.raises(PlatformRefused) as refused:
        desk.register(card, sichuan)
    assert (refused.value.status, refused.value.code) == (403, "treatment-elsewhere-not-filed")
    assert "异地就医备案" in refused.value.zh
    assert "files for treatment elsewhere" in refused.value.en
    with pytest.raises(PlatformRefused) as elsewhere:
        desk.register(card | {"card_number": "A99999999"}, sichuan)
    assert elsewhere.value.code == "card-unknown"
    with pytest.raises(PlatformRefused) as own:
        desk.register(card, chongqing)
    assert own.value.code == "region-is-own"


def test_the_insured_region_settles_by_its_ratios_once_and_both_books_agree(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    desk = Desk(chongqing)
    card = filed(sichuan, chongqing, credit_fen=5_000)
    here, there = balances(chongqing), balances(sichuan)
    visit_id = desk.consulted(card, sichuan)
    preview = desk.ask("GET", f"foreign-visits/{visit_id}/preview")
    with pytest.raises(PlatformRefused, match="medical-visit-of-another-region"):
        desk.ask("GET", f"visits/{visit_id}/preview")
    assert year_of(card, sichuan)["visits"] == 0
    assert desk.step(visit_id, "settlement")["state"] == "asked"
    with pytest.raises(PlatformRefused) as twice:
        desk.step(visit_id, "settlement")
    assert twice.value.code == "medical-visit-state-forbids"
    shares = desk.when(visit_id, "settled")["shares"]
    assert shares == preview
    # Own share of the catalogue of Chongqing (15%), deductible and 49% of the tables of Sichuan.
    assert (shares["own_fen"], shares["deductible_fen"]) == (15_000, 21_000)
    assert shares["fund_fen"] == (85_000 - 21_000) * 49 // 100
    assert shares["personal_fen"] == 5_000
    paid_fen = shares["fund_fen"] + 5_000
    now_here, now_there = balances(chongqing), balances(sichuan)
    assert now_here[f"operator:{desk.operator}"] == paid_fen
    assert now_here["region:510000"] - here.get("region:510000", 0) == -paid_fen
    assert now_there["region:500000"] - there.get("region:500000", 0) == paid_fen
    assert now_there[EMPLOYEES] - there.get(EMPLOYEES, 0) == -shares["fund_fen"]
    desk.step(visit_id, "payment", {"cash_fen": shares["cash_fen"]})
    settlements = sichuan.desk.get("clerk", f"/v1/cards/{card['card_id']}/medical-settlements")
    (told,) = settlements["settlements"]
    assert (told["treated_in"], told["shares"]) == ("500000", shares)

    assert desk.step(visit_id, "reversal", {"reason": "误收"})["state"] == "reversal_asked"
    desk.when(visit_id, "reversed")
    receipts = desk.ask("GET", f"visits/{visit_id}/receipts")["receipts"]
    assert [each["receipt"]["total_fen"] for each in receipts] == [100_000, -100_000]
    assert year_of(card, sichuan)["fund_fen"] == 0
    back_here, back_there = balances(chongqing), balances(sichuan)
    assert back_here["region:510000"] == here.get("region:510000", 0)
    assert back_there == there | {"region:500000": there.get("region:500000", 0)} | {
        EMPLOYEES: there.get(EMPLOYEES, 0)
    }
    for each in (chongqing, sichuan):
        assert each.desk.check_books()["balanced"]


def test_a_filing_of_another_kind_lowers_what_the_fund_pays(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    desk = Desk(sichuan)
    kinds: list[dict[str, Any]] = [
        {},
        {"kind": "referral", "referral": "ZZ-1"},
        {"kind": "temporary"},
    ]
    funds = [
        desk.settled(filed(chongqing, sichuan, **more), chongqing)["shares"]["fund_fen"]
        for more in kinds
    ]
    assert funds[0] > funds[1] > funds[2] > 0


def test_what_the_insured_region_refuses_is_told_and_may_be_asked_again(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    desk, person = Desk(chongqing), next(_persons)
    card = sichuan.active_card(person)
    path = f"/v1/cards/{card['card_id']}"
    body = {"insured": "employee", "from_day": FROM}
    sichuan.desk.post("clerk", f"{path}/medical-insurance", body)
    filing = file(card, sichuan, chongqing, person)
    visit_id = desk.consulted(card, sichuan)
    withdrawal = f"{path}/medical-filings/{filing['filing_id']}/withdrawal"
    sichuan.desk.post("clerk", withdrawal, {"document": document(person)})
    desk.step(visit_id, "settlement")
    refused = desk.when(visit_id, "refused")
    assert refused["problem_code"] == "treatment-elsewhere-not-filed"
    assert "备案" in refused["problem_zh"]
    file(card, sichuan, chongqing, person)
    desk.step(visit_id, "settlement")
    settled = desk.when(visit_id, "settled")
    assert settled["problem_code"] is None
    assert year_of(card, sichuan)["visits"] == 1


def test_a_stopped_card_is_refused_at_the_neighbours_too(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    desk, card = Desk(chongqing), filed(sichuan, chongqing)
    path = f"/v1/cards/{card['card_id']}/cancellation"
    sichuan.desk.post("supervisor", path, {"reason": "death", "evidence": "死亡证明"})
    with pytest.raises(PlatformRefused) as refused:
        desk.register(card, sichuan)
    assert refused.value.code == "card-is-not-active"


def test_a_pharmacy_of_another_region_settles_too(regions: tuple[Neighbour, Neighbour]) -> None:
    chongqing, sichuan = regions
    shop, card = Desk(chongqing, "pharmacy"), filed(sichuan, chongqing, credit_fen=900)
    sale = shop.register(card, sichuan)
    herbs = {"code": "YP003", "quantity": 1, "unit_price_fen": 2_000}
    shop.step(sale, "charges", {"lines": [herbs]})
    shop.step(sale, "settlement")
    shares = shop.when(sale, "settled")["shares"]
    assert (shares["fund_fen"], shares["personal_fen"], shares["cash_fen"]) == (0, 900, 1_100)


def ride(at: Neighbour, holder_of: Neighbour, day: str) -> None:
    """A bus ride here of a holder of that region."""
    granted = holder_of.apply(next(_persons))
    chip = Chip(holder_of.desk.personalisation_image(granted["card_id"]), balance_fen=10_000)
    line, number, token = at.bus(f"{at.region}-BUS")
    tap = chip.tap(number, "single", line, amount_fen=200, date=day.replace("-", ""))
    at.desk.ask("POST", "/v1/transit/taps", token, tap)


def folder_of(region: Neighbour) -> Path:
    """The folder that holds the folders of both regions."""
    return region.process.access_file.parent.parent


def test_a_day_is_cleared_between_two_regions_to_the_fen(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    here, there = Desk(chongqing), Desk(sichuan)
    for _ in range(2):
        here.settled(filed(sichuan, chongqing, credit_fen=1_234), sichuan)
    taken_back = here.settled(filed(sichuan, chongqing), sichuan)["visit_id"]
    here.step(taken_back, "reversal", {"reason": "误收"})
    here.when(taken_back, "reversed")
    there.settled(filed(chongqing, sichuan, credit_fen=77), chongqing)
    day = chongqing.desk.get("clerk", "/v1/clock")["now"][:10]
    ride(chongqing, sichuan, day)
    ride(chongqing, sichuan, day)
    ride(sichuan, chongqing, day)
    with pytest.raises(PlatformRefused) as still:
        chongqing.desk.get("operator", f"/v1/medical/clearings/{sichuan.code}/{day}")
    assert still.value.code == "medical-clearing-open"
    for each in regions:
        each.desk.advance_clock(timedelta(days=1))

    def pair(at: Neighbour, other: Neighbour) -> Any:
        def look() -> Any:
            try:
                told = at.desk.get("operator", f"/v1/medical/clearings/{other.code}/{day}")
            except PlatformRefused:
                return None
            sides = (told["claimed"], told["owed"])
            return told if all(each and each["state"] != "sent" for each in sides) else None

        return wait_for(look)

    ours, theirs = pair(chongqing, sichuan), pair(sichuan, chongqing)
    for each in (ours["claimed"], ours["owed"], theirs["claimed"], theirs["owed"]):
        assert (each["state"], each["own"]) == ("agreed", each["told"])
    assert ours["claimed"]["own"] == theirs["owed"]["own"]
    assert ours["owed"]["own"] == theirs["claimed"]["own"]
    assert ours["net_fen"] == -theirs["net_fen"] != 0
    assert ours["claimed"]["own"]["reversed"] >= 1
    assert balances(chongqing)["region:510000"] == -ours["net_fen"]
    assert balances(sichuan)["region:500000"] == -theirs["net_fen"]
    told = chongqing.desk.get("auditor", "/v1/medical/clearings")["statements"]
    assert {each["side"] for each in told} == {"treating", "insured"}

    words = "statements", "regions", day, "--data", str(folder_of(chongqing)), "--json", "-"
    shown = call_here(*words, cwd=folder_of(chongqing))
    assert shown.returncode == 0, shown.stderr
    statement = json.loads(shown.stdout)
    sides = {(each["of"], each["creditor"]): each for each in statement["sides"]}
    assert all(each["agree"] and each["claimed_fen"] == each["owed_fen"] for each in sides.values())
    assert (sides["rides", "CQ"]["count"], sides["rides", "CQ"]["claimed_fen"]) == (2, 400)
    assert (sides["rides", "SC"]["count"], sides["rides", "SC"]["claimed_fen"]) == (1, 200)
    assert sides["care", "CQ"]["claimed_fen"] == ours["claimed"]["own"]["net_fen"] > 0
    assert statement["net_fen"] == ours["net_fen"] + 200
    table = call_here(*words[:-2], cwd=folder_of(chongqing)).stdout
    assert "The sides agree to the fen." in table
    tomorrow = call_here("statements", "regions", "2099-01-01", *words[3:], cwd=Path.cwd())
    assert (tomorrow.returncode, "--end-day" in tomorrow.stderr) == (2, True)
    alone = call_here("statements", "regions", "--regions", "CQ,CQ", cwd=Path.cwd())
    assert (alone.returncode, "two different regions" in alone.stderr) == (2, True)


def test_nobody_lies_in_hospitals_of_two_regions(regions: tuple[Neighbour, Neighbour]) -> None:
    chongqing, sichuan = regions
    here, there = Desk(chongqing), Desk(sichuan)

    def stays() -> list[dict[str, Any]]:
        found = sichuan.desk.gather("auditor", "/v1/medical/stays-elsewhere", "stays")
        return [each for each in found if each["card_id"] == card["card_id"]]

    def at_home() -> str:
        body = {"means": "card", "token": card["card_number"], "name": NAME}
        visit_id = str(there.ask("POST", "visits", body)["visit_id"])
        there.step(visit_id, "consultation", {"diagnosis": "骨折"})
        return visit_id

    def refused(desk: Desk, path: str) -> str:
        with pytest.raises(PlatformRefused) as caught:
            desk.ask("POST", path, {})
        return str(caught.value.code)

    card = filed(sichuan, chongqing)
    away, home = here.consulted(card, sichuan), at_home()
    asked = f"foreign-visits/{away}/admission"
    assert here.ask("POST", asked, {})["state"] == "admitted"
    assert wait_for(stays)[0] | {"at": ""} == {
        "region": "500000",
        "reference": away,
        "card_id": card["card_id"],
        "admitted_on": stays()[0]["admitted_on"],
        "ended_on": None,
        "double_with": None,
        "at": "",
    }
    assert refused(there, f"visits/{home}/admission") == "patient-already-admitted"
    here.step(away, "discharge")
    wait_for(lambda: stays()[0]["ended_on"])
    assert there.step(home, "admission")["state"] == "admitted"
    again = here.consulted(card, sichuan)
    assert refused(here, f"foreign-visits/{again}/admission") == "patient-already-admitted"
    assert refused(here, f"foreign-visits/{home}/admission") == "medical-visit-unknown"
    # Who does not ask, as when that region is away, admits; the message finds the second stay.
    assert here.step(again, "admission")["state"] == "admitted"
    named = wait_for(lambda: here.ask("GET", f"visits/{again}")["problem_code"])
    assert named == "patient-already-admitted"
    assert [(each["reference"], each["double_with"]) for each in stays()] == [
        (again, "510000"),
        (away, None),
    ]
    there.step(home, "charges", {"lines": [SCAN]})
    here.step(again, "discharge")
    wait_for(lambda: stays()[0]["ended_on"])
    there.step(home, "discharge")
    assert there.step(at_home(), "admission")["state"] == "admitted"
    _settle_double_stay(here, again, there, home)


def _settle_double_stay(here: Desk, away: str, there: Desk, home: str) -> None:
    """Neither bill is settled before somebody has asked and another has decided."""
    sichuan = there.at.desk
    bills = list(sichuan.gather("auditor", "/v1/medical/held-bills", "bills"))
    held = {each["bill"]: each for each in bills}
    told = {bill: (each["region"], each["other_region"]) for bill, each in held.items()}
    abroad = f"500000:{away}"
    assert told == {home: ("510000", "500000"), abroad: ("500000", "510000")}

    def decide(bill: str, decision: str, step: str = "decision", by: Any = "supervisor") -> Any:
        body = {"finding": decision} if step == "examination" else {"decision": decision}
        more = {} if step == "examination" else {"reason": "核对两院病案"}
        path = f"/v1/medical/held-bills/{held[bill]['held_id']}/{step}"
        return sichuan.post(by, path, body | more)

    def code_of(work: Any) -> str:
        with pytest.raises(PlatformRefused) as caught:
            work()
        return str(caught.value.code)

    before = balances(there.at).get(EMPLOYEES, 0)
    assert code_of(lambda: there.ask("GET", f"visits/{home}/preview")) == "medical-bill-held"
    assert code_of(lambda: there.step(home, "settlement")) == "medical-bill-held"
    here.step(away, "settlement")
    assert here.when(away, "refused")["problem_code"] == "medical-bill-held"
    assert balances(there.at).get(EMPLOYEES, 0) == before

    assert code_of(lambda: decide(home, "refuse")) == "held-bill-state-forbids"
    decide(home, "未住院", "examination")
    assert code_of(lambda: decide(home, "refuse")) == "held-bill-decision-ones-own"
    for bill in (home, abroad):
        examined = decide(bill, "当日在重庆住院", "examination", "clerk")
        assert (examined["state"], examined["examined_by"]) == ("examined", "clerk")
    assert decide(home, "refuse")["state"] == "refused"
    assert decide(abroad, "release")["state"] == "released"
    assert code_of(lambda: decide(abroad, "refuse")) == "held-bill-state-forbids"
    unknown = "/v1/medical/held-bills/none/examination"
    wrong = code_of(lambda: sichuan.post("clerk", unknown, {"finding": "-"}))
    assert wrong == "held-bill-unknown"

    # Both hospitals are told, at home at once, in the other region by message.
    told_home = there.ask("GET", f"visits/{home}")
    assert (told_home["state"], told_home["problem_code"]) == (
        "discharged",
        "medical-bill-of-double-stay",
    )
    released = wait_for(lambda: _bearing(here, away, "medical-bill-released"))
    assert released["state"] == "refused"
    assert "可以再次申请" in released["problem_zh"]
    preview = code_of(lambda: there.ask("GET", f"visits/{home}/preview"))
    assert preview == "medical-bill-of-double-stay"
    refused = there.step(home, "settlement")
    assert (refused["state"], refused["problem_code"]) == ("refused", "medical-bill-of-double-stay")
    assert code_of(lambda: there.step(home, "settlement")) == "medical-visit-state-forbids"
    assert there.step(home, "cancellation")["state"] == "cancelled"
    here.step(away, "settlement")
    assert here.when(away, "settled")["problem_code"] is None
    assert there.at.desk.check_books()["balanced"]


def _bearing(desk: Desk, visit_id: str, code: str) -> Any:
    told = desk.ask("GET", f"visits/{visit_id}")
    return told if told["problem_code"] == code else None


def test_a_late_notice_of_a_stay_holds_bills_until_its_end_is_known(tmp_path: Path) -> None:
    with two_in_process(Settings(tmp_path / "CQ", clock="virtual"), tmp_path) as (here, there):
        card_id, _ = here.city.active_card()
        insure(here.city, card_id)
        number = here.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        began = here.today

        def go_on(days: int) -> None:
            here.city.post("/v1/clock", {"advance_s": days * 86_400}, "trainer")

        def day(after: int) -> str:
            return (began + timedelta(days=after)).isoformat()

        def told(reference: str, first: int, last: int | None = None) -> str:
            body = {
                "reference": reference,
                "card_number": number,
                "admitted_on": day(first),
                "ended_on": None if last is None else day(last),
            }
            return refused_there(there, here, "medical-stay", "medical-settlement", body)

        def held() -> dict[str, tuple[str, str]]:
            found = here.city.get("/v1/medical/held-bills", "auditor").json()["bills"]
            return {each["bill"]: (each["state"], each["other_bill"]) for each in found}

        def sent() -> list[dict[str, Any]]:
            waiting = here.parts.database.read_now(
                lambda tx: exchange_store.waiting_for(tx, there.code, 50)
            )
            decisions = [each for each in waiting if each.subject == "medical-bill-decision"]
            return [json.loads(each.body) for each in decisions]

        go_on(4)
        place = hospital(here.city)
        home = place.consulted(card_id)
        place.do(home, "admission")
        go_on(1)
        place.do(home, "discharge")
        # A stay of days 0 to 2 in the other region, told when its line was back.
        assert told("away", 0) == ""
        away = f"{there.code}:away"
        assert held() == {home: ("held", away), away: ("held", home)}
        assert place.step(home, "settlement").json()["code"] == "medical-bill-held"
        assert told("away", 0, 2) == ""
        assert held() == {home: ("cleared", away), away: ("cleared", home)}
        stays = here.city.get("/v1/medical/stays-elsewhere", "auditor").json()["stays"]
        assert [each["double_with"] for each in stays] == [None]
        assert sent() == [
            {"reference": "away", "decision": "release", "other_region": here.code},
        ]
        settled = place.do(home, "settlement")
        assert (settled["state"], settled["problem_code"]) == ("settled", None)
        # Another one does overlap it, which no end of its own changes: both wait for a person.
        assert told("third", 1) == ""
        third = f"{there.code}:third"
        assert held() == {home: ("cleared", away), away: ("held", third), third: ("held", home)}
        assert told("third", 1, 2) == ""
        assert held()[third] == ("held", away)
        assert held()[away] == ("held", third)
        assert len(sent()) == 1
        assert told("nowhere", 1, 2) == ""  # the end of a stay nobody told of changes nothing


def test_a_discharge_put_on_record_late_clears_what_a_stay_elsewhere_had_held(
    tmp_path: Path,
) -> None:
    with two_in_process(Settings(tmp_path / "CQ", clock="virtual"), tmp_path) as (here, there):
        card_id, _ = here.city.active_card()
        insure(here.city, card_id)
        number = here.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        place = hospital(here.city)
        home = place.consulted(card_id)
        place.do(home, "admission")
        here.city.post("/v1/clock", {"advance_s": 3 * 86_400}, "trainer")
        began = (here.today + timedelta(days=3)).isoformat()
        body = {
            "reference": "away",
            "card_number": number,
            "admitted_on": began,
            "ended_on": None,
        }
        assert refused_there(there, here, "medical-stay", "medical-settlement", body) == ""
        assert _held_bills(here) == {home: "held", f"{there.code}:away": "held"}
        # The patient had left in the morning; the hospital's desk says so in the afternoon.
        assert place.do(home, "discharge")["state"] == "discharged"
        assert _held_bills(here) == {home: "cleared", f"{there.code}:away": "cleared"}
        stays = here.city.get("/v1/medical/stays-elsewhere", "auditor").json()["stays"]
        assert [each["double_with"] for each in stays] == [None]
        settled = place.do(home, "settlement")
        assert (settled["state"], settled["problem_code"]) == ("settled", None)


def _held_bills(region: Any) -> dict[str, str]:
    found = region.city.get("/v1/medical/held-bills", "auditor").json()["bills"]
    return {each["bill"]: each["state"] for each in found}


def test_a_decision_counts_though_the_answer_before_it_comes_after_it(tmp_path: Path) -> None:
    with two_in_process(Settings(tmp_path / "CQ", clock="virtual"), tmp_path) as (here, there):
        place = hospital(here.city)
        asked = Visit(
            visit_id="visit-asked",
            kind=InstitutionKind.HOSPITAL,
            designation_id=place.designation["designation_id"],
            operator=place.operator,
            region=there.code,
            card_number="A00000001",
            holder_name=NAME,
            level=3,
            state=VisitState.ASKED,
            registered_at=moment_of(here.parts.clock.now()),
            by="T1",
            admitted_on=here.today.isoformat(),
        )
        is_held = ("medical-bill-held", "暂缓结算", "The bill is held.")

        def add(tx: Transaction) -> None:
            visit_store.add(tx, asked)
            _step(tx, asked, "ask")

        def told(decision: str, reference: str = asked.visit_id) -> str:
            body = {"reference": reference, "decision": decision, "other_region": there.code}
            return refused_there(there, here, "medical-bill-decision", "medical-settlement", body)

        def counts() -> str:
            read = here.parts.database.read_now
            return read(lambda tx: overtaken(tx, asked, is_held))[0]

        here.parts.database.write_now(add)
        assert counts() == "medical-bill-held"
        assert told("release") == ""
        assert place.read(asked.visit_id).json()["state"] == "asked"
        assert place.read(asked.visit_id).json()["problem_code"] is None
        assert counts() == "medical-bill-released"
        here.parts.database.write_now(lambda tx: _step(tx, asked, "ask"))
        assert counts() == "medical-bill-held", "it was asked for anew"
        assert told("refuse") == ""
        assert counts() == "medical-bill-of-double-stay"
        assert told("release", "visit-none") == "medical-visit-unknown"


def _step(tx: Transaction, visit: Visit, action: str) -> None:
    state = visit.state.value
    told = {"action": action, "before": state, "after": state, "reason": None}
    visit_store.CHANGES.add(tx, visit.visit_id, **told, at=visit.registered_at, by=visit.by)


def test_what_no_settlement_stands_behind_is_refused_and_a_cleared_day_stays_as_it_is(
    tmp_path: Path,
) -> None:
    with two_in_process(Settings(tmp_path / "CQ", clock="virtual"), tmp_path) as (here, there):
        day = here.today.isoformat()

        def told(subject: str, **body: Any) -> str:
            return refused_there(there, here, f"medical-{subject}", "medical-settlement", body)

        assert told("reversal", reference="none", day=day) == "medical-settlement-unknown"
        far = told("reversal", reference="none", day="2020-01-01")
        assert far == "medical-settlement-day-out-of-range"
        nothing = {"settled": 0, "settled_fen": 0, "reversed": 0, "reversed_fen": 0}
        assert told("clearing", day=day, totals=nothing) == ""
        again = told("clearing", day=day, totals=nothing)
        assert again == told("reversal", reference="none", day=day) == "medical-day-already-cleared"
        check = {"region": there.code, "field": "culture", "card_number": "A00000001"}
        asked = here.city.post(
            "/v1/foreign-card-checks", check | {"name": NAME, "purpose": "入馆"}, "clerk"
        )
        assert (asked.status_code, asked.json()["code"]) == (503, "other-side-is-away")


def test_large_messages_go_in_batches_below_the_largest_request() -> None:
    waiting = [
        Sent("510000", each, f"m{each}", "s", "p", "x" * 20_000, None, "at") for each in range(5)
    ]
    assert len(together(waiting)) == 2
    giant = [Sent("510000", 1, "m", "s", "p", "x" * (2 * LETTERS_MAX_BYTES), None, "at")]
    assert together(giant) == giant
