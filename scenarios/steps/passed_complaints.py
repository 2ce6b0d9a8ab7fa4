"""Complaints that concern another region (YD-20b)."""

from __future__ import annotations

from typing import Any

from scenarios.neighbourhood import REGIONS, Neighbourhood, wait_for
from scenarios.phrases import then, when
from scenarios.service_desk import ServiceDesk
from scenarios.world import World


@when(
    "本地将一件涉及“{region}”的投诉转办",
    "a complaint that concerns “{region}” is passed on",
)
def pass_on(world: World, neighbourhood: Neighbourhood, region: str) -> None:
    filing = {
        "kind": "complaint",
        "channel": "12345",
        "subject": "异地用卡被拒",
        "content": "在当地使用社会保障卡被拒绝",
    }
    filed = world.desk.post("clerk", "/v1/complaints", filing)
    neighbourhood.complaint = filed
    world.recorder.fact("转办期限", "to be passed on by", filed["pass_on_by"])
    body = {"region": REGIONS[region][1]}
    neighbourhood.told = world.desk.post(
        "clerk", f"/v1/complaints/{filed['number']}/passing-on", body
    )


@then(
    "投诉人凭编号和查询码看到已转“{region}”办理",
    "whoever filed it sees with number and secret that it was passed on to “{region}”",
)
def filer_is_told(world: World, neighbourhood: Neighbourhood, region: str) -> None:
    told = _status(world, neighbourhood)
    assert REGIONS[region][1] in told["notice"]


@when("“{region}”答复该投诉“{text}”", "“{region}” answers the complaint with “{text}”")
def answer_there(neighbourhood: Neighbourhood, region: str, text: str) -> None:
    desk, ours = neighbourhood.desks[region], neighbourhood.complaint["number"]

    def arrived() -> str | None:
        told = desk.get("operator", "/v1/exchange/links")["links"]
        return "yes" if any(each["taken"] for each in told) else None

    wait_for(arrived)
    number = wait_for(lambda: _number_there(desk, ours))
    desk.post("clerk", f"/v1/complaints/{number}/answer", {"text": text})


@then("投诉人看到答复“{text}”", "whoever filed it sees the answer “{text}”")
def filer_sees_answer(world: World, neighbourhood: Neighbourhood, text: str) -> None:
    def answered() -> dict[str, Any] | None:
        told = _status(world, neighbourhood)
        return told if told["state"] == "answered" else None

    assert wait_for(answered)["answer"] == text


def _status(world: World, neighbourhood: Neighbourhood) -> dict[str, Any]:
    filed = neighbourhood.complaint
    path = f"/v1/complaints/{filed['number']}/status"
    return world.desk.ask("POST", path, "", {"secret": filed["secret"]})


def _number_there(desk: ServiceDesk, ours: str) -> str | None:
    found = desk.get("clerk", "/v1/complaints-from-regions")["complaints"]
    return next((each["number"] for each in found if each["region_number"] == ours), None)
