"""Visits under insurance: at designated institutions, step by step, settled, paid, taken back."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.services.medical.benefits.refusals import (
    BillIsSettledBefore,
    SettlementStateForbids,
)
from card_platform.services.medical.visits import store as visit_store
from card_platform.services.medical.visits.model import (
    HOSPITAL_VISIT_LIFE,
    PHARMACY_SALE_LIFE,
    VisitState,
)
from card_platform.storage import Transaction
from card_platform.use_cases import build_use_cases
from tests.card_platform.city import City, document, resident
from tests.card_platform.clinic import SCAN, VISIT_FEE, Place, credit, hospital, insure, pharmacy
from tests.card_platform.phone import Phone
from tests.card_platform.signing_in import mandate

EMPLOYEES = "fund:medical-employee"


@pytest.fixture
def patient(city: City) -> str:
    card_id, _ = city.active_card()
    assert insure(city, card_id).status_code == 201
    return card_id


def year(city: City, card_id: str) -> dict[str, dict[str, int]]:
    told = city.get(f"/v1/cards/{card_id}/medical-insurance", "clerk").json()
    return {each.pop("benefit"): each for each in told["benefits"]}


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_insurance_is_settled_at_designated_institutions_only(city: City, patient: str) -> None:
    place = Place(city)
    assert code_of(place.ask_to_register(patient)) == (403, "institution-not-designated")
    place.designate(from_day="2099-01-01")
    assert code_of(place.ask_to_register(patient)) == (403, "designation-not-in-force")
    place.change("end")
    place.designate(until="2020-12-31")
    assert code_of(place.ask_to_register(patient)) == (403, "designation-not-in-force")
    place.change("end")
    assert place.designate().status_code == 201
    visit_id = place.consulted(patient)
    assert code_of(place.designate()) == (409, "site-already-designated")
    place.change("suspend")
    assert code_of(place.step(visit_id, "settlement")) == (403, "designation-suspended")
    place.change("resume")
    assert place.do(visit_id, "settlement")["state"] == "settled"
    assert code_of(place.change("resume")) == (409, "designation-state-forbids")
    told = city.client.get("/v1/medical/designations").json()["designations"]
    assert [(each["site_id"], each["state"]) for each in told] == [(place.site_id, "designated")]


def test_a_bill_is_settled_once_and_taken_back_once_whoever_asks(
    city: City, patient: str, installation: Installation
) -> None:
    visit_id = hospital(city).settled(patient)["visit_id"]
    parts = installation
    care = build_use_cases(parts.policy, parts.keys, parts.clock).care

    def settle_again(tx: Transaction) -> None:
        visit = visit_store.find(tx, visit_id)
        assert visit is not None
        care.benefits.settle(tx, patient, care.billing.bill_of(tx, visit), "clerk")

    def take_back_twice(tx: Transaction) -> None:
        for _ in range(2):
            care.benefits.reverse(tx, visit_id, care.visits.today().isoformat(), "clerk")

    with pytest.raises(BillIsSettledBefore):
        parts.database.write_now(settle_again)
    with pytest.raises(SettlementStateForbids):
        parts.database.write_now(take_back_twice)
    assert year(city, patient)["outpatient"]["visits"] == 1


def test_a_designation_fits_its_site(city: City) -> None:
    place = Place(city)
    refused = [
        place.designate(level=None),
        place.designate(kind="pharmacy"),
        place.designate(until="2019-01-01"),
        place.designate(site_id="no-such-site"),
    ]
    assert [code_of(each) for each in refused] == [
        (422, "institution-level-does-not-fit"),
        (422, "institution-level-does-not-fit"),
        (422, "days-reversed"),
        (404, "site-unknown"),
    ]


def test_an_outpatient_is_settled_paid_and_in_the_books(city: City, patient: str) -> None:
    place = hospital(city)
    credit(city, patient, 10_000)
    credit(city, patient, 5_000, account=2)
    visit_id = place.consulted(patient, [SCAN, VISIT_FEE, {**VISIT_FEE, "code": "JC003"}])
    preview = place.read(visit_id, "/preview").json()
    settled = place.do(visit_id, "settlement")
    assert settled["shares"] == preview
    shares = settled["shares"]
    # 104,000: a scan of which 15% is own, 2,000 outside the catalogue; 20,000 deductible; 50%.
    assert (shares["total_fen"], shares["own_fen"]) == (104_000, 17_000)
    assert (shares["eligible_fen"], shares["deductible_fen"]) == (87_000, 20_000)
    assert (shares["fund_fen"], shares["personal_fen"]) == (33_500, 15_000)
    assert shares["cash_fen"] == 104_000 - 33_500 - 15_000
    assert code_of(place.step(visit_id, "payment", {"cash_fen": 1})) == (
        422,
        "medical-cash-differs",
    )
    assert code_of(place.read(visit_id, "/receipts")) == (404, "medical-receipt-not-issued")
    assert place.do(visit_id, "payment", {"cash_fen": shares["cash_fen"]})["state"] == "paid"
    balances = city.balances()
    assert balances[EMPLOYEES] == -33_500
    assert balances[f"operator:{place.operator}"] == 48_500
    assert balances[f"medical-credit:{patient}:1"] == balances[f"medical-credit:{patient}:2"] == 0
    assert city.get("/v1/ledger/check").json()["balanced"]
    so_far = {"deductible_fen": 20_000, "counted_fen": 67_000, "fund_fen": 33_500, "visits": 1}
    assert year(city, patient)["outpatient"] == so_far
    (receipt,) = place.read(visit_id, "/receipts").json()["receipts"]
    assert receipt["receipt"]["number"].endswith("00000001")
    assert "335.00" in receipt["text"]
    assert receipt["html"].startswith("<!DOCTYPE html>")
    visits = city.get(f"/v1/cards/{patient}/medical-visits", "clerk").json()["visits"]
    assert [(each["visit_id"], each["state"]) for each in visits] == [(visit_id, "paid")]


def test_a_stay_has_days_and_the_second_of_a_year_a_smaller_deductible(
    city: City, patient: str
) -> None:
    place = hospital(city, level=2)
    deductibles = []
    for bed_days in (3, 1):
        visit_id = place.register(patient)
        place.do(visit_id, "consultation", {"diagnosis": "阑尾炎"})
        assert place.do(visit_id, "admission")["benefit"] == "inpatient"
        operation = {"code": "ZL002", "quantity": 1, "unit_price_fen": 900_000}
        beds = {"code": "CW001", "quantity": bed_days, "unit_price_fen": 5_000}
        place.do(visit_id, "medicines", {"lines": [{**SCAN, "code": "YP001"}]})
        place.do(visit_id, "charges", {"lines": [operation, beds]})
        city.post("/v1/clock", {"advance_s": 2 * 86_400}, "trainer")
        told = place.do(visit_id, "discharge")
        assert told["days"] == 2
        if bed_days > 2:
            refused = place.step(visit_id, "settlement")
            assert code_of(refused) == (422, "bed-days-exceed-stay")
            continue
        deductibles.append(place.do(visit_id, "settlement")["shares"]["deductible_fen"])
    visit_id = place.register(patient)
    place.do(visit_id, "consultation", {"diagnosis": "复查"})
    place.do(visit_id, "admission")
    place.do(visit_id, "charges", {"lines": [SCAN]})
    place.do(visit_id, "discharge")
    deductibles.append(place.do(visit_id, "settlement")["shares"]["deductible_fen"])
    assert deductibles == [40_000, 20_000]


def test_nobody_lies_in_two_hospitals(city: City, patient: str) -> None:
    places = [hospital(city), hospital(city, 2)]
    visits = [place.register(patient) for place in places]
    for place, visit_id in zip(places, visits, strict=True):
        place.do(visit_id, "consultation", {"diagnosis": "阑尾炎"})

    def admit(number: int) -> tuple[int, str]:
        answer = places[number].step(visits[number], "admission")
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(admit, range(2)))
    assert sorted(answers) == [(200, ""), (409, "patient-already-admitted")]
    first = answers.index((200, ""))
    assert admit(first) == (409, "medical-visit-state-forbids")
    assert admit(1 - first) == (409, "patient-already-admitted")
    other = city.active_card(2)[0]
    insure(city, other)
    elsewhere = places[first].register(other)
    places[first].do(elsewhere, "consultation", {"diagnosis": "阑尾炎"})
    places[first].do(elsewhere, "admission")
    places[first].do(visits[first], "discharge")
    assert admit(1 - first) == (200, "")


_BODIES: dict[str, dict[str, Any]] = {
    "consultation": {"diagnosis": "感冒"},
    "charges": {"lines": [{"code": "YP003", "quantity": 1, "unit_price_fen": 1_500}]},
    "medicines": {"lines": [{"code": "YP003", "quantity": 1, "unit_price_fen": 1_500}]},
    "reversal": {"reason": "录入错误"},
}
_ACTIONS = {
    "consultation": "consult",
    "charges": "charge",
    "medicines": "prescribe",
    "admission": "admit",
    "discharge": "discharge",
    "settlement": "settle",
    "payment": "pay",
    "reversal": "reverse",
    "cancellation": "cancel",
}


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_a_step_out_of_order_is_refused_and_changes_nothing(
    city: City, patient: str, kind: str
) -> None:
    place = hospital(city) if kind == "hospital" else pharmacy(city)
    table = HOSPITAL_VISIT_LIFE if kind == "hospital" else PHARMACY_SALE_LIFE
    chance = random.Random(20_261_122)
    for _ in range(6):
        visit_id = place.register(patient)
        for _ in range(14):
            before = place.read(visit_id).json()
            step = chance.choice(sorted(_ACTIONS))
            body = _BODIES.get(step, {})
            if step == "payment":
                body = {"cash_fen": before["shares"]["cash_fen"] if before["shares"] else 0}
            answer = place.step(visit_id, step, body)
            allowed = {each.value: to for each, to in table[VisitState(before["state"])].items()}
            after = allowed.get(_ACTIONS[step])
            if after is None:
                assert code_of(answer) == (409, "medical-visit-state-forbids"), (before, step)
                assert place.read(visit_id).json() == before
            elif answer.is_success:
                assert answer.json()["state"] == after.value
            else:
                assert answer.json()["code"] == "medical-bill-empty"
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_another_institution_does_not_see_the_visit(city: City, patient: str) -> None:
    visit_id = hospital(city).consulted(patient)
    other = hospital(city)
    unknown = (404, "medical-visit-unknown")
    assert code_of(other.read(visit_id)) == unknown
    assert code_of(other.step(visit_id, "settlement")) == unknown
    assert code_of(other.read("no-such-visit")) == unknown


def test_card_electronic_card_and_code_register_alike(city: City, patient: str) -> None:
    place, phone = hospital(city), Phone(city)
    assert phone.enrol(patient).status_code == 201
    told = city.get(f"/v1/cards/{patient}").json()
    electronic = told["electronic_card"]["electronic_card_id"]
    text = phone.code("medical")
    for means, token in (("electronic-card", electronic), ("code", text)):
        body = {"means": means, "token": token}
        answer = city.post("/v1/medical/visits", body, place.terminal.token)
        assert answer.json()["card_number"] == told["card_number"], answer.text
    again = city.post("/v1/medical/visits", {"means": "code", "token": text}, place.terminal.token)
    assert code_of(again) == (422, "code-already-used")
    nameless = {"means": "card", "token": told["card_number"]}
    answer = city.post("/v1/medical/visits", nameless, place.terminal.token)
    assert code_of(answer) == (400, "request-malformed")
    assert code_of(place.ask_to_register(patient, name="别人")) == (422, "name-differs")


@pytest.mark.parametrize("how", ["dead", "frozen", "lost"])
def test_a_card_that_is_not_active_is_refused_from_registration_to_settlement(
    city: City, patient: str, how: str
) -> None:
    place = hospital(city)
    visit_id = place.consulted(patient)
    stop = {
        "dead": ("cancellation", {"reason": "death", "evidence": "死亡证明"}, "supervisor"),
        "frozen": ("freeze", {"ground": "stolen"}, "supervisor"),
        "lost": ("loss-report", {"kind": "formal"}, "clerk"),
    }[how]
    path, body, role = stop
    assert city.post(f"/v1/cards/{patient}/{path}", body, role).is_success
    assert code_of(place.ask_to_register(patient)) == (422, "card-is-not-active")
    assert code_of(place.read(visit_id, "/preview")) == (409, "card-is-not-active")
    assert code_of(place.step(visit_id, "settlement")) == (409, "card-is-not-active")
    assert place.read(visit_id).json()["state"] == "consulted"
    assert year(city, patient)["outpatient"]["visits"] == 0


def test_whoever_is_not_insured_on_the_day_is_not_settled(city: City) -> None:
    card_id, _ = city.active_card()
    place = hospital(city)
    assert code_of(place.ask_to_register(card_id)) == (409, "not-medically-insured")
    assert insure(city, card_id, until="2020-12-31").status_code == 201
    assert code_of(place.ask_to_register(card_id)) == (409, "not-medically-insured")
    overlap = insure(city, card_id, from_day="2020-12-31")
    assert code_of(overlap) == (409, "medical-insurance-overlaps")
    assert insure(city, card_id, "resident", from_day="2021-01-01").status_code == 201
    assert insure(city, card_id, "retiree", from_day="2022-01-01").status_code == 201
    assert place.settled(card_id)["shares"]["insured"] == "retiree"


def test_a_prescription_is_filled_once_and_covers_what_it_names(city: City, patient: str) -> None:
    doctor, shop = hospital(city, level=1), pharmacy(city)
    credit(city, patient, 100_000)
    visit_id = doctor.register(patient)
    doctor.do(visit_id, "consultation", {"diagnosis": "高脂血症"})
    scan = doctor.step(visit_id, "prescriptions", {"items": [{"code": "JC001", "quantity": 1}]})
    assert code_of(scan) == (422, "medical-item-no-medicine")
    body = {"items": [{"code": "YP002", "quantity": 2}]}
    prescription_id = doctor.do(visit_id, "prescriptions", body)["prescription_id"]
    pills = {"code": "YP002", "quantity": 2, "unit_price_fen": 30_000}
    herbs = {"code": "YP003", "quantity": 1, "unit_price_fen": 2_000}
    bare = shop.register(patient)
    assert code_of(shop.step(bare, "charges", {"lines": [pills]})) == (422, "prescription-needed")
    sale, twin = (shop.register(patient, prescription_id=prescription_id) for _ in range(2))
    too_many = shop.step(sale, "charges", {"lines": [{**pills, "quantity": 3}]})
    assert code_of(too_many) == (422, "prescription-needed")
    for each in (sale, twin):
        shop.do(each, "charges", {"lines": [pills, herbs]})
    settled = shop.do(sale, "settlement")
    # 60,000 less 10% own, less 20,000 deductible, 65% at level 1; herbs are not covered.
    assert settled["shares"]["fund_fen"] == (54_000 - 20_000) * 65 // 100
    assert settled["shares"]["cash_fen"] == 0
    assert code_of(shop.step(twin, "settlement")) == (409, "prescription-state-forbids")
    shop.do(sale, "reversal", {"reason": "退药"})
    assert shop.do(twin, "settlement")["state"] == "settled"
    _other, _ = city.active_card(2)
    insure(city, _other)
    refused = shop.ask_to_register(_other, prescription_id=prescription_id)
    assert code_of(refused) == (404, "prescription-unknown")
    late = doctor.do(doctor.consulted(patient), "prescriptions", body)["prescription_id"]
    city.post("/v1/clock", {"advance_s": 3 * 86_400}, "trainer")
    assert code_of(shop.ask_to_register(patient, prescription_id=late)) == (
        409,
        "prescription-expired",
    )


def test_over_the_counter_the_fund_pays_nothing(city: City, patient: str) -> None:
    shop = pharmacy(city)
    credit(city, patient, 1_000)
    sale = shop.register(patient)
    shop.do(sale, "charges", {"lines": [{"code": "YP003", "quantity": 1, "unit_price_fen": 2_500}]})
    shares = shop.do(sale, "settlement")["shares"]
    paid = (shares["fund_fen"], shares["personal_fen"], shares["cash_fen"])
    assert paid == (0, 1_000, 1_500)
    assert year(city, patient)["outpatient"]["counted_fen"] == 0
    scan = shop.step(shop.register(patient), "charges", {"lines": [SCAN]})
    assert code_of(scan) == (422, "medical-item-no-medicine")


def test_an_agent_buys_by_the_holders_mandate_and_nobody_else(city: City, patient: str) -> None:
    city.active_card(2)
    shop = pharmacy(city)
    agent = {"agent_document_number": resident(2)}
    refused = (403, "buyer-has-no-mandate")
    assert code_of(shop.ask_to_register(patient, **agent)) == refused
    named = {"agent": mandate(2), "document": document()}
    assert city.post(f"/v1/cards/{patient}/agents", named, "clerk").status_code == 201
    told = shop.ask_to_register(patient, **agent)
    assert told.status_code == 201
    assert told.json()["agent_id"]
    stranger = {"agent_document_number": resident(3)}
    assert code_of(shop.ask_to_register(patient, **stranger)) == refused
    doctor = hospital(city)
    assert code_of(doctor.ask_to_register(patient, **agent)) == (403, "institution-kind-differs")


@pytest.mark.parametrize("later_s", [0, 2 * 86_400])
def test_a_reversal_gives_back_money_and_year_once(city: City, patient: str, later_s: int) -> None:
    place = hospital(city)
    credit(city, patient, 7_000)
    kept = place.settled(patient)
    balances, before = city.balances(), year(city, patient)
    credit(city, patient, 1_000)
    settled = place.settled(patient)
    visit_id = settled["visit_id"]
    place.do(visit_id, "payment", {"cash_fen": settled["shares"]["cash_fen"]})
    city.post("/v1/clock", {"advance_s": later_s}, "trainer")
    assert place.do(visit_id, "reversal", {"reason": "误收"})["state"] == "reversed"
    again = place.step(visit_id, "reversal", {"reason": "误收"})
    assert code_of(again) == (409, "medical-visit-state-forbids")
    assert year(city, patient) == before
    credited = balances[f"medical-credit:{patient}:1"] + 1_000
    back = balances | {
        f"medical-credit:{patient}:1": credited,
        "medical-fund": balances["medical-fund"] - 1_000,
    }
    assert city.balances() == back
    first, second = place.read(visit_id, "/receipts").json()["receipts"]
    assert second["receipt"]["reverses"] == first["receipt"]["number"]
    assert second["receipt"]["total_fen"] == -first["receipt"]["total_fen"]
    path = f"/v1/cards/{patient}/medical-settlements"
    told = city.get(path, "clerk").json()["settlements"]
    assert [each["state"] for each in told] == ["reversed", "settled"]
    assert told[1]["shares"] == kept["shares"]
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_racing_settlements_pay_one_deductible_and_never_pass_the_cap(
    city: City, patient: str
) -> None:
    place = hospital(city)
    credit(city, patient, 30_000)
    visits = [place.consulted(patient, [{**SCAN, "code": "JC001"}]) for _ in range(8)]
    with ThreadPoolExecutor(len(visits)) as pool:
        told = list(pool.map(lambda each: place.do(each, "settlement"), visits))
    shares = [each["shares"] for each in told]
    assert sum(each["deductible_fen"] for each in shares) == 20_000
    assert sum(each["fund_fen"] for each in shares) == 300_000
    assert sum(each["personal_fen"] for each in shares) == 30_000
    assert year(city, patient)["outpatient"]["fund_fen"] == 300_000
    with ThreadPoolExecutor(8) as pool:
        again = list(
            pool.map(lambda _: place.step(visits[0], "reversal", {"reason": "误收"}), visits)
        )
    assert sorted(each.status_code for each in again) == [200] + [409] * 7
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_a_visit_is_settled_once_whoever_races(city: City, patient: str) -> None:
    place = hospital(city)
    visit_id = place.consulted(patient)
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: place.step(visit_id, "settlement"), range(6)))
    assert sorted(each.status_code for each in told) == [200] + [409] * 5
    assert year(city, patient)["outpatient"]["visits"] == 1


def test_only_what_the_catalogue_lists_is_charged(city: City, patient: str) -> None:
    place = hospital(city)
    visit_id = place.register(patient)
    place.do(visit_id, "consultation", {"diagnosis": "感冒"})
    unknown = place.step(visit_id, "charges", {"lines": [{**SCAN, "code": "ZZ999"}]})
    assert code_of(unknown) == (422, "medical-item-unknown")
    for _ in range(2):
        place.do(visit_id, "charges", {"lines": [VISIT_FEE] * 40})
    many = place.step(visit_id, "charges", {"lines": [VISIT_FEE]})
    assert code_of(many) == (422, "medical-lines-too-many")
    huge = {"code": "JC001", "quantity": 9_999, "unit_price_fen": 100_000_000}
    other = place.consulted(patient, [huge])
    assert code_of(place.step(other, "settlement")) == (422, "medical-bill-too-large")


def test_filing_is_the_holders_and_holds_on_its_days(city: City, patient: str) -> None:
    path = f"/v1/cards/{patient}/medical-filings"
    today = city.get("/v1/clock").json()["now"][:10]
    body = {"kind": "temporary", "region": "510000", "from_day": today}
    shown = {"document": document()}

    def file(**changed: Any) -> Any:
        return city.post(path, body | shown | changed, "clerk")

    assert code_of(file(document=None)) == (422, "identity-document-missing")
    assert code_of(file(document=document(2))) == (422, "document-is-not-the-holders")
    assert code_of(file(region="500103")) == (422, "region-is-own")
    assert code_of(file(from_day="2020-01-01")) == (422, "medical-filing-backdated")
    assert code_of(file(kind="referral")) == (422, "medical-referral-missing")
    assert code_of(file(until="2099-01-01")) == (422, "medical-filing-too-long")
    filed = file().json()
    assert filed["state"] == "filed"
    assert filed["until"] > today
    lasting = file(kind="long-term").json()
    assert lasting["until"] is None
    withdrawal = f"{path}/{filed['filing_id']}/withdrawal"
    assert city.post(withdrawal, shown, "clerk").json()["state"] == "withdrawn"
    again = city.post(withdrawal, shown, "clerk")
    assert code_of(again) == (409, "medical-filing-state-forbids")
    told = city.get(path, "clerk").json()["filings"]
    assert [each["state"] for each in told] == ["filed", "withdrawn"]
