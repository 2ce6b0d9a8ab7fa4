"""Treatment in another region: filed for, settled directly, cleared (SC-n, YD-13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scenarios.clinic import Clinic
from scenarios.neighbourhood import (
    REGIONS,
    Neighbourhood,
    let_time_pass_everywhere,
    wait_for,
)
from scenarios.phrases import given, then, when
from scenarios.service_desk import PlatformRefused, ServiceDesk
from scenarios.steps.foreign_cards import holds_card_there
from scenarios.terms import code_of
from scenarios.world import World

_AGREED = "agreed"


@given(
    "“{region}”参保居民“{name}”持有社会保障卡，医保身份为“{insured}”",
    "resident “{name}” of “{region}” holds a card and is insured there as “{insured}”",
)
def insured_there(
    world: World,
    neighbourhood: Neighbourhood,
    clinic: Clinic,
    *,
    region: str,
    name: str,
    insured: str,
) -> None:
    holds_card_there(world, neighbourhood, region, name)
    desk = neighbourhood.desks[region]
    clinic.homes[name] = (REGIONS[region][1], desk)
    body = {"insured": code_of(insured), "from_day": "2020-01-01"}
    desk.post("clerk", f"/v1/cards/{world.holder(name).card_id}/medical-insurance", body)


@given(
    "“{region}”的“{place}”是{level:d}级定点医疗机构",
    "“{place}” of “{region}” is a designated hospital of level {level:d}",
)
def hospital_there(
    neighbourhood: Neighbourhood, clinic: Clinic, region: str, place: str, level: int
) -> None:
    clinic.open(place, "hospital", level, neighbourhood.desks[region])


@given("“{region}”的“{place}”是定点药店", "“{place}” of “{region}” is a designated pharmacy")
def pharmacy_there(neighbourhood: Neighbourhood, clinic: Clinic, region: str, place: str) -> None:
    clinic.open(place, "pharmacy", None, neighbourhood.desks[region])


@when(
    "居民“{name}”在参保地备案到“{region}”就医，类别为“{kind}”",
    "resident “{name}” files at home for treatment in “{region}” as “{kind}”",
)
def file(world: World, clinic: Clinic, name: str, region: str, kind: str) -> None:
    _, desk = clinic.home_of(name)
    holder = world.holder(name)
    body = {
        "kind": code_of(kind),
        "region": REGIONS[region][1],
        "from_day": desk.get("clerk", "/v1/clock")["now"][:10],
        "document": holder.resident.document(),
        "referral": "ZZ-2026-0001" if code_of(kind) == "referral" else None,
    }
    path = f"/v1/cards/{holder.card_id}/medical-filings"
    world.try_at_platform(lambda: desk.post("clerk", path, body))


@then("拒绝时告知备案办法", "the refusal says how to file")
def says_how(world: World) -> None:
    assert world.refusal is not None
    assert "办理异地就医备案" in world.refusal.zh
    assert "files for treatment elsewhere" in world.refusal.en


@when(
    "医保经办机构给“{region}”居民“{name}”的个人账户划入{amount:f}元",
    "the fund of “{region}” credits the account of resident “{name}” with {amount:f} yuan",
)
def credit_there(
    world: World, neighbourhood: Neighbourhood, region: str, name: str, amount: float
) -> None:
    card_id = world.holder(name).card_id
    neighbourhood.desks[region].grant_medical_credit(card_id, 1, round(amount * 100))


@when("当日结束，两地对账", "the day ends and the two regions compare it")
def day_ends(world: World, neighbourhood: Neighbourhood) -> None:
    neighbourhood.told["day"] = world.now().date().isoformat()
    let_time_pass_everywhere(world, neighbourhood, timedelta(days=1))


@then(
    "“{region}”与本地当日的异地就医清算两侧一致，差额0.00元",
    "the clearing of the day between “{region}” and this place agrees on both sides to the fen",
)
def day_agrees(world: World, neighbourhood: Neighbourhood, region: str) -> None:
    (there,) = neighbourhood.desks.values()
    code, own, day = REGIONS[region][1], world.desk.region, neighbourhood.told["day"]

    def both() -> Any:
        """Either side's view, once each direction stands compared on both."""
        here, other = _clearing(world.desk, code, day), _clearing(there, own, day)
        pairs = ((here["claimed"], other["owed"]), (here["owed"], other["claimed"]))
        known = [each for each in pairs if each != (None, None)]
        sides = [each for pair in known for each in pair]
        is_done = known and all(each and each["state"] != "sent" for each in sides)
        return (here, other, known) if is_done else None

    here_told, there_told, directions = wait_for(both)
    assert here_told["net_fen"] == -there_told["net_fen"]
    for one, two in directions:
        assert one["state"] == two["state"] == _AGREED
        assert one["own"] == two["own"] == one["told"] == two["told"]
    net = f"{here_told['net_fen'] / 100:.2f}"
    world.recorder.fact("本地应收净额（元）", "net owed to this region (yuan)", net)
    for desk in (world.desk, there):
        assert desk.check_books()["balanced"]


def _clearing(desk: ServiceDesk, region: str, day: str) -> dict[str, Any]:
    """The clearing of a day as one side tells it; without sides while there is none."""
    try:
        return desk.get("operator", f"/v1/medical/clearings/{region}/{day}")
    except PlatformRefused:
        return {"claimed": None, "owed": None, "net_fen": 0}
