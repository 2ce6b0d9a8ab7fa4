"""E-licences instead of paper (NM-13b): issued, linked, checked, and paper refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.listings import GOVERNMENTS
from scenarios.phrases import given, then, when
from scenarios.service_desk import ServiceDesk
from scenarios.terms import code_of
from scenarios.world import Holder, World

OFFICE = "政务服务中心（虚构）"
MATTER = "残疾人两项补贴申请"
LEVELS = {"disability": 2, "veteran": 0}
KINDS = {"residence-permit": "residence"}
"""Where a kind of licence is called otherwise by the platform."""


@dataclass
class Held:
    """The licences of a scenario by holder and kind, the last check, the last request for paper."""

    licences: dict[tuple[str, str], str] = field(default_factory=dict)
    check: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def held() -> Held:
    """Nothing yet."""
    return Held()


@given(
    "“{issuer}”为居民“{name}”签发了“{kind}”", "“{issuer}” has issued “{kind}” to resident “{name}”"
)
def issue(world: World, held: Held, issuer: str, name: str, kind: str) -> None:
    held.licences[name, kind] = issue_at(world.desk, world.holder(name), issuer, kind_of(kind))


@given("“{kind}”已关联到居民“{name}”", "“{kind}” is linked to resident “{name}”")
def link(world: World, held: Held, kind: str, name: str) -> None:
    link_at(world, name, held.licences[name, kind])


@when("签发机关{step}居民“{name}”的“{kind}”", "the issuer does “{step}” to “{kind}” of “{name}”")
def change(world: World, held: Held, step: str, name: str, kind: str) -> None:
    action = {"暂停": "suspend", "恢复": "resume", "撤销": "withdraw"}.get(step, step)
    path = f"/v1/licences/{held.licences[name, kind]}/steps"
    world.desk.post("department", path, {"action": action, "reason": "复核"})


@when(
    "经办人核验居民“{name}”的身份后查询其“{kind}”",
    "the clerk checks the identity of “{name}” and then the licence “{kind}”",
)
def check(world: World, held: Held, name: str, kind: str) -> None:
    holder = world.holder(name)
    identity = world.desk.check_identity(MATTER, holder.card_number, holder.resident.name)
    held.check = _check(world, holder, kind, identity["check_id"]) or {}


@when(
    "经办人未核验居民“{name}”的身份就查询其“{kind}”",
    "the clerk looks at the licence “{kind}” of “{name}” without checking identity",
)
def check_without_identity(world: World, held: Held, name: str, kind: str) -> None:
    held.check = _check(world, world.holder(name), kind, "check-none") or {}


@then("查询得到有效的电子证照，签发地为“{region}”", "the licence answers; “{region}” issued it")
def answers(world: World, held: Held, region: str) -> None:
    assert held.check.get("held"), held.check
    world.recorder.fact("证照编号（脱敏）", "number (masked)", held.check["licence"]["number"])
    assert "*" in held.check["licence"]["number"]
    assert held.check["licence"]["region"] == GOVERNMENTS[region]


@then("电子证照查询无效，理由是“{reason}”", "no licence answers because of “{reason}”")
def is_silent(held: Held, reason: str) -> None:
    assert (held.check["held"], held.check["reason"]) == (False, code_of(reason))


@when(
    "经办人要求居民“{name}”提供“{kind}”{form}",
    "the clerk asks resident “{name}” for “{kind}” as “{form}”",
)
def ask_for_paper(world: World, held: Held, name: str, kind: str, form: str) -> None:
    body = {
        "card_number": world.holder(name).card_number,
        "kind": kind_of(kind),
        "asked": code_of(form),
        "matter": MATTER,
        "institution": OFFICE,
    }
    answer = world.try_at_platform(lambda: world.desk.post("clerk", "/v1/paper-requests", body))
    held.paper = answer or {}


@then("可以要求纸质材料，因为“{reason}”", "paper may be asked for because of “{reason}”")
def may_ask(held: Held, reason: str) -> None:
    assert held.paper["reason"] == code_of(reason)


@then(
    "对居民“{name}”的这{count:d}次索要记录在案，并可据此立案",
    "the {count:d} demands on resident “{name}” are on record and become cases",
)
def is_on_record(world: World, name: str, count: int) -> None:
    card_id = world.holder(name).card_id
    requests = world.desk.get("inspector", "/v1/paper-requests")["requests"]
    mine = [each for each in requests if each["card_id"] == card_id]
    assert len(mine) == count
    for each in mine:
        assert (each["by"], each["institution"]) == ("clerk", OFFICE)
        path = f"/v1/paper-requests/{each['request_id']}/case"
        case = world.desk.post("inspector", path, {"respondent": "经办人（虚构）"})
        world.recorder.fact("案件", "case", f"{case['case_id']} {case['kind']}")


def issue_at(desk: ServiceDesk, holder: Holder, issuer: str, kind: str) -> str:
    """Have a department of a platform issue a licence; its id."""
    resident = holder.resident
    body = {
        "kind": kind,
        "number": resident.number + "43",
        "issuer": issuer,
        "holder_document": resident.number,
        "holder_name": resident.name,
        "valid_from": "2020-01-01",
        "valid_until": "2099-12-31",
        "level": LEVELS.get(kind),
    }
    return str(desk.post("department", "/v1/licences", body)["licence_id"])


def link_at(world: World, name: str, licence_id: str) -> None:
    """Link a licence to the holder at the counter of the scenario's region."""
    body = {"card_number": world.holder(name).card_number}
    linked = world.desk.post("clerk", f"/v1/licences/{licence_id}/link", body)
    assert linked["linked"]


def kind_of(term: str) -> str:
    """The platform's name of a kind of licence."""
    code = code_of(term)
    return KINDS.get(code, code)


def _check(world: World, holder: Holder, kind: str, shown_by: str) -> dict[str, Any] | None:
    body = {
        "card_number": holder.card_number,
        "kind": kind_of(kind),
        "purpose": MATTER,
        "institution": OFFICE,
        "shown_by": shown_by,
    }
    return world.try_at_platform(lambda: world.desk.post("clerk", "/v1/licence-checks", body))
