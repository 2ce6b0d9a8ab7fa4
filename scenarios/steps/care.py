"""Treatment under insurance: registration, consultation, stay, settlement, payment, medicine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scenarios.carriers import Carriers
from scenarios.clinic import ITEMS, SINCE, Clinic, line_of
from scenarios.phrases import given, then, when
from scenarios.terms import code_of
from scenarios.world import World

_MANDATE_DAYS = timedelta(days=30)


@pytest.fixture
def clinic(world: World, carriers: Carriers) -> Clinic:
    """No institution yet."""
    return Clinic(world, carriers)


@given(
    "“{place}”是{level:d}级定点医疗机构", "“{place}” is a designated hospital of level {level:d}"
)
def hospital(world: World, clinic: Clinic, place: str, level: int) -> None:
    clinic.open(place, "hospital", level, world.desk)


@given("“{place}”是定点药店", "“{place}” is a designated pharmacy")
def pharmacy(world: World, clinic: Clinic, place: str) -> None:
    clinic.open(place, "pharmacy", None, world.desk)


@given("“{place}”是非定点医疗机构", "“{place}” is a hospital that is not designated")
def other_hospital(world: World, clinic: Clinic, place: str) -> None:
    clinic.open(place, "hospital", None, world.desk, designated=False)


@given("“{place}”是非定点药店", "“{place}” is a pharmacy that is not designated")
def other_pharmacy(world: World, clinic: Clinic, place: str) -> None:
    clinic.open(place, "pharmacy", None, world.desk, designated=False)


@when(
    "医疗保障部门中止“{place}”的定点资格",
    "the department of medical insurance suspends the designation of “{place}”",
)
def suspend(clinic: Clinic, place: str) -> None:
    at = clinic.places[place]
    path = f"/v1/medical/designations/{at.designation_id}/steps"
    at.desk.post("department", path, {"action": "suspend", "reason": "违规被查处"})


@when(
    "医疗保障部门中止医院的定点资格",
    "the department of medical insurance suspends the designation of the hospital",
)
def suspend_the_hospital(world: World) -> None:
    assert world.hospital_designation, "nobody was there yet"
    path = f"/v1/medical/designations/{world.hospital_designation}/steps"
    world.desk.post("department", path, {"action": "suspend", "reason": "违规被查处"})


@when(
    "“{place}”扫居民“{name}”的医保码结算{amount:f}元",
    "“{place}” scans the code of resident “{name}” for a bill of {amount:f} yuan",
)
def settle_by_code(clinic: Clinic, place: str, name: str, amount: float) -> None:
    bill = f"B-{clinic.world.recorder.step}"[:64]
    clinic.settle_by_code(place, name, bill, round(amount * 100))


@then(
    "居民“{name}”的医保个人账户还有{amount:f}元",
    "the medical account of resident “{name}” has {amount:f} yuan left",
)
def account_has_left(world: World, name: str, amount: float) -> None:
    left_fen = world.desk.medical(world.holder(name).card_id)["credit_fen"]["1"]
    assert left_fen == round(amount * 100)


@given("居民“{name}”的医保身份为“{insured}”", "resident “{name}” is insured as “{insured}”")
def insure(world: World, clinic: Clinic, name: str, insured: str) -> None:
    _, desk = clinic.home_of(name)
    body = {"insured": code_of(insured), "from_day": SINCE}
    desk.post("clerk", f"/v1/cards/{world.holder(name).card_id}/medical-insurance", body)


@when("居民“{name}”持卡在“{place}”挂号", "resident “{name}” registers at “{place}” by card")
@when("居民“{name}”持卡在“{place}”购药", "resident “{name}” buys medicine at “{place}” by card")
def register(clinic: Clinic, name: str, place: str) -> None:
    clinic.register(place, name)


@when(
    "居民“{name}”凭“{carrier}”在“{place}”就医",
    "resident “{name}” comes to “{place}” with “{carrier}”",
)
def register_by(clinic: Clinic, name: str, carrier: str, place: str) -> None:
    clinic.register(place, name, {"电子社会保障卡": "electronic-card", "医保码": "code"}[carrier])


@when(
    "居民“{name}”凭外配处方在“{place}”购药",
    "resident “{name}” brings the prescription to “{place}”",
)
def bring_prescription(clinic: Clinic, name: str, place: str) -> None:
    clinic.register(place, name, prescription_id=clinic.prescription_id)


@given("居民“{name}”委托居民“{agent}”代办", "resident “{name}” has mandated resident “{agent}”")
def mandate(world: World, name: str, agent: str) -> None:
    holder = world.holder(name)
    named = {
        "document": world.holder(agent).resident.document(),
        "mandate_number": "WT-2026-0001",
        "valid_until": (world.now() + _MANDATE_DAYS).date().isoformat(),
    }
    body = {"agent": named, "document": holder.resident.document()}
    world.desk.serve_card(holder.card_id, "agents", body)


@when(
    "居民“{agent}”持居民“{name}”的卡在“{place}”代购药品",
    "resident “{agent}” buys medicine for resident “{name}” at “{place}”",
)
def buy_for(world: World, clinic: Clinic, agent: str, name: str, place: str) -> None:
    number = world.holder(agent).resident.document()["number"]
    clinic.register(place, name, agent_document_number=number)


@when("“{place}”诊断为“{diagnosis}”", "“{place}” finds “{diagnosis}”")
def consult(clinic: Clinic, place: str, diagnosis: str) -> None:
    clinic.step(place, "consultation", {"diagnosis": diagnosis})


@when(
    "“{place}”计费“{item}”{quantity:d}份，单价{price:f}元",
    "“{place}” charges {quantity:d} of “{item}” at {price:f} yuan",
)
def charge(clinic: Clinic, place: str, item: str, quantity: int, price: float) -> None:
    clinic.step(place, "charges", {"lines": [line_of(item, quantity, price)]})


@when(
    "“{place}”开方发药“{item}”{quantity:d}份，单价{price:f}元",
    "“{place}” prescribes and hands out {quantity:d} of “{item}” at {price:f} yuan",
)
def prescribe(clinic: Clinic, place: str, item: str, quantity: int, price: float) -> None:
    clinic.step(place, "medicines", {"lines": [line_of(item, quantity, price)]})


@when(
    "“{place}”开具外配处方“{item}”{quantity:d}份",
    "“{place}” prescribes {quantity:d} of “{item}” for a pharmacy",
)
def prescribe_outside(clinic: Clinic, place: str, item: str, quantity: int) -> None:
    items = [{"code": ITEMS.get(item, item), "quantity": quantity}]
    told = clinic.step(place, "prescriptions", {"items": items})
    clinic.prescription_id = told["prescription_id"]


@when("“{place}”收治住院", "“{place}” admits the patient")
def admit(clinic: Clinic, place: str) -> None:
    clinic.step(place, "admission")


@when("“{place}”办理出院", "“{place}” discharges the patient")
def discharge(clinic: Clinic, place: str) -> None:
    clinic.step(place, "discharge")


@then("“{place}”记载住院{days:d}天", "“{place}” has a stay of {days:d} days on record")
def stayed(clinic: Clinic, place: str, days: int) -> None:
    assert clinic.places[place].visit["days"] == days


@when("“{place}”预结算", "“{place}” asks what a settlement would come to")
def preview(clinic: Clinic, place: str) -> None:
    at = clinic.places[place]
    kind = "visits" if at.visit["card_id"] else "foreign-visits"
    at.preview = at.ask("GET", f"{kind}/{at.visit['visit_id']}/preview")


@when("“{place}”医保结算", "“{place}” settles")
def settle(clinic: Clinic, place: str) -> None:
    clinic.step(place, "settlement")


@then(
    "“{place}”的结算：统筹基金{fund:f}元，个人账户{personal:f}元，现金{cash:f}元",
    "“{place}” is paid {fund:f} yuan by the fund, {personal:f} by the account, {cash:f} in cash",
)
def was_settled(
    world: World, clinic: Clinic, place: str, *, fund: float, personal: float, cash: float
) -> None:
    at = clinic.places[place]
    shares = at.visit["shares"]
    assert shares is not None, world.refusal or at.visit
    for line in shares["lines"]:
        world.recorder.fact(line["zh"], line["en"], f"{line['amount_fen'] / 100:.2f}")
    found = tuple(shares[f"{each}_fen"] for each in ("fund", "personal", "cash"))
    assert found == tuple(round(each * 100) for each in (fund, personal, cash)), found
    assert sum(found) == shares["total_fen"]
    if at.preview is not None:
        assert at.preview == shares


@when("居民向“{place}”缴清现金", "the patient pays “{place}” the rest in cash")
def pay(clinic: Clinic, place: str) -> None:
    cash_fen = clinic.places[place].visit["shares"]["cash_fen"]
    clinic.step(place, "payment", {"cash_fen": cash_fen})


@then("“{place}”开具的票据合计{total:f}元", "the receipt of “{place}” comes to {total:f} yuan")
def has_receipt(world: World, clinic: Clinic, place: str, total: float) -> None:
    at = clinic.places[place]
    told = at.ask("GET", f"visits/{at.visit['visit_id']}/receipts")["receipts"][-1]
    world.recorder.fact("票据号码", "number of the receipt", told["receipt"]["number"])
    assert told["receipt"]["total_fen"] == round(total * 100)
    assert told["receipt"]["number"] in told["text"]
    assert told["receipt"]["number"] in told["html"]


@when("“{place}”冲正该次结算", "“{place}” reverses the settlement")
def reverse(clinic: Clinic, place: str) -> None:
    clinic.step(place, "reversal", {"reason": "误收"})


@then(
    "居民“{name}”本年门诊{visits:d}次，统筹基金支付{fund:f}元",
    "resident “{name}” had {visits:d} outpatient visits this year, {fund:f} yuan from the fund",
)
def year_is(world: World, clinic: Clinic, name: str, visits: int, fund: float) -> None:
    _, desk = clinic.home_of(name)
    card_id = world.holder(name).card_id
    told = desk.get("clerk", f"/v1/cards/{card_id}/medical-insurance")["benefits"]
    year = next(each for each in told if each["benefit"] == "outpatient")
    assert (year["visits"], year["fund_fen"]) == (visits, round(fund * 100))
