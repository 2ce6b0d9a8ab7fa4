"""What institutions ask of a holder, and what the holder sees of it (NM-22b, NX-14a, CQ-19)."""

from __future__ import annotations

from datetime import datetime, timedelta

from scenarios.phrases import then, when
from scenarios.steps.oversight import GRANTED, OnRecord
from scenarios.terms import code_of
from scenarios.world import World

ITEMS = {
    "姓名": "name",
    "手机号": "phone",
    "住址": "address",
    "卡号": "card_number",
    "身份证号": "document_number",
    "信用": "credit",
    "人口": "population",
    "健康": "health",
}


@when(
    "居民“{name}”只同意“{institution}”在{days:d}天内为“{purpose}”查询其“{items}”",
    "resident “{name}” lets “{institution}” for {days:d} days and “{purpose}” ask for “{items}” "
    "only",
)
def consent(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    on_record: OnRecord,
    name: str,
    institution: str,
    days: int,
    purpose: str,
    items: str,
) -> None:
    holder = world.holder(name)
    now = datetime.fromisoformat(world.desk.get("clerk", "/v1/clock")["now"])
    body = {
        "document_number": holder.resident.number,
        "institution": institution,
        "purpose": purpose,
        "items": [ITEMS[each] for each in items.split("、")],
        "from_at": now.isoformat(),
        "until_at": (now + timedelta(days=days)).isoformat(),
    }
    on_record.consent = world.desk.post("clerk", f"/v1/cards/{holder.card_id}/consents", body)


@when(
    "“{institution}”为“{purpose}”查询居民“{name}”的“{items}”",
    "“{institution}” asks for “{items}” of resident “{name}” for “{purpose}”",
)
def ask(  # noqa: PLR0917 - as many as the phrase has
    world: World, on_record: OnRecord, institution: str, purpose: str, name: str, items: str
) -> None:
    body = {
        "institution": institution,
        "purpose": purpose,
        "items": [ITEMS[each] for each in items.split("、")],
        "basis": "consent",
        "card_number": world.holder(name).card_number,
    }
    answer = world.try_at_platform(
        lambda: world.desk.post("department", "/v1/holder-queries", body)
    )
    on_record.answer = answer or {}


@then(
    "“{institution}”只得到居民“{name}”的“{items}”",
    "“{institution}” is told “{items}” of resident “{name}” and no more",
)
def told_only(world: World, on_record: OnRecord, institution: str, name: str, items: str) -> None:
    person, shown = world.holder(name), on_record.answer["items"]
    own = {
        "name": person.resident.name,
        "phone": person.resident.phone,
        "address": person.resident.address,
        "card_number": person.card_number,
        "document_number": person.resident.number,
    }
    asked = {ITEMS[each] for each in items.split("、")}
    world.recorder.fact("查询单位", "asked by", institution)
    assert {item for item, value in own.items() if shown[item] == value} == asked


@then(
    "居民“{name}”看到“{institution}”为“{purpose}”查询“{items}”，结果为“{result}”",
    "resident “{name}” sees that “{institution}” asked for “{items}” for “{purpose}”: “{result}”",
)
def holder_sees(  # noqa: PLR0917 - as many as the phrase has
    world: World, name: str, institution: str, purpose: str, items: str, result: str
) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/access-log"
    reads = world.desk.get("clerk", path)["reads"]
    last = next(one for one in reads if one["institution"] == institution)
    world.recorder.fact("访问记录", "access log", f"{last['at']} {last['institution']}")
    assert last["purpose"] == purpose
    assert last["items"].split() == [ITEMS[each] for each in items.split("、")]
    assert last["refusal"] == (None if result in {GRANTED, "granted"} else code_of(result))
