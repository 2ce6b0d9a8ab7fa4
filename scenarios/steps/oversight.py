"""Oversight: consent and queries, complaints, cases, inspections (CQ-18, CQ-20a, CQ-22, CQ-25)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import then, when
from scenarios.steps.data_protection import enrol_bank
from scenarios.terms import code_of
from scenarios.world import World

CHANNELS = ("site", "online", "12333", "12345", "bank")
KINDS = ("consultation", "complaint", "report")
KINDS_OF_CHONGQING = 8
BANK = "合作银行（虚构）"
GRANTED = "已准许"


@dataclass
class OnRecord:
    """What a scenario has put on record."""

    consent: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    filed: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    inspection: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def on_record() -> OnRecord:
    """Nothing yet."""
    return OnRecord()


@when(
    "居民“{name}”同意“{institution}”为“{purpose}”查询其姓名和卡号",
    "resident “{name}” lets “{institution}” ask for name and card number for “{purpose}”",
)
def consent(world: World, on_record: OnRecord, name: str, institution: str, purpose: str) -> None:
    holder = world.holder(name)
    now = datetime.fromisoformat(world.desk.get("clerk", "/v1/clock")["now"])
    body = {
        "document_number": holder.resident.number,
        "institution": institution,
        "purpose": purpose,
        "items": ["name", "card_number"],
        "from_at": now.isoformat(),
        "until_at": (now + timedelta(days=30)).isoformat(),
    }
    on_record.consent = world.desk.post("clerk", f"/v1/cards/{holder.card_id}/consents", body)


@when("居民“{name}”撤回同意", "resident “{name}” withdraws the consent")
def withdraw(world: World, on_record: OnRecord, name: str) -> None:
    path = f"/v1/consents/{on_record.consent['consent_id']}/withdrawal"
    world.desk.post("clerk", path, {"document_number": world.holder(name).resident.number})


@when(
    "“{institution}”为“{purpose}”查询居民“{name}”的姓名",
    "“{institution}” asks for the name of resident “{name}” for “{purpose}”",
)
def ask(world: World, on_record: OnRecord, institution: str, purpose: str, name: str) -> None:
    _ask(world, on_record, institution, purpose, name=name)


@when(
    "“{institution}”为“{purpose}”查询居民“{name}”的姓名，拟提供给“{recipient}”",
    "“{institution}” asks for the name of resident “{name}” for “{purpose}”, to give it to "
    "“{recipient}”",
)
def ask_for_another(  # noqa: PLR0917 - as many as the phrase has
    world: World, on_record: OnRecord, institution: str, purpose: str, name: str, recipient: str
) -> None:
    _ask(world, on_record, institution, purpose, name=name, recipient=recipient)


def _ask(
    world: World,
    on_record: OnRecord,
    institution: str,
    purpose: str,
    *,
    name: str,
    recipient: str | None = None,
) -> None:
    body = {
        "institution": institution,
        "purpose": purpose,
        "items": ["name"],
        "basis": "consent",
        "card_number": world.holder(name).card_number,
        "recipient": recipient,
    }
    answer = world.try_at_platform(
        lambda: world.desk.post("department", "/v1/holder-queries", body)
    )
    on_record.answer = answer or {}


@then(
    "查询所得只有所请求的信息，其余已脱敏",
    "the answer holds what was asked for, the rest masked",
)
def answer_is_masked(on_record: OnRecord) -> None:
    items = on_record.answer["items"]
    assert "*" not in items["name"]
    assert "*" in items["document_number"]
    assert items["phone"] is items["address"] is items["card_number"] is None


@then(
    "居民“{name}”的访问记录中最近一次由“{institution}”查询，结果为“{result}”",
    "the access log of resident “{name}” ends with “{institution}” and “{result}”",
)
def log_ends_with(world: World, name: str, institution: str, result: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/access-log"
    reads = world.desk.get("clerk", path)["reads"]
    last = next(one for one in reads if one["basis"] == "consent")
    world.recorder.fact("访问记录", "access log", f"{last['at']} {last['institution']}")
    assert last["institution"] == institution
    assert last["refusal"] == (None if result in {GRANTED, "granted"} else code_of(result))


@when(
    "公众经网点、线上、12333、12345和银行分别提出咨询、投诉、举报",
    "the public files consultations, complaints and reports by site, online, 12333, 12345 and bank",
)
def file_by_every_channel(world: World, on_record: OnRecord, neighbourhood: Neighbourhood) -> None:
    enrol_bank(world, neighbourhood, BANK)
    clerk = world.desk.access.tokens["clerk"]
    others = {"online": "", "bank": neighbourhood.departments[BANK].sign_in()}
    for channel in CHANNELS:
        for kind in KINDS:
            on_record.filed.append(_file(world, kind, channel, others.get(channel, clerk)))


def _file(
    world: World, kind: str, channel: str, token: str, conduct: str | None = None
) -> dict[str, Any]:
    body = {"kind": kind, "channel": channel, "subject": "用卡", "content": "（虚构）"}
    body |= {"conduct": conduct} if conduct else {}
    return world.desk.ask("POST", "/v1/complaints", token, body)


def _status(world: World, filed: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/complaints/{filed['number']}/status"
    return world.desk.ask("POST", path, "", {"secret": filed["secret"]})


@then(
    "每一件都有编号和状态，凭编号和查询码可查",
    "each has a number and a state, seen with number and secret",
)
def each_is_seen(world: World, on_record: OnRecord) -> None:
    assert len({one["number"] for one in on_record.filed}) == len(CHANNELS) * len(KINDS)
    assert {_status(world, one)["state"] for one in on_record.filed} == {"filed"}


@when("工作人员逐件答复", "staff answer each of them")
def answer_each(world: World, on_record: OnRecord) -> None:
    for one in on_record.filed:
        world.desk.post("clerk", f"/v1/complaints/{one['number']}/answer", {"text": "已答复"})


@then("每一件都可查到答复", "each shows its answer")
def each_is_answered(world: World, on_record: OnRecord) -> None:
    seen = [_status(world, one) for one in on_record.filed]
    assert {(one["state"], one["answer"]) for one in seen} == {("answered", "已答复")}


@when("公众凭错误的查询码查询", "somebody asks with a wrong secret")
def ask_with_a_wrong_secret(world: World, on_record: OnRecord) -> None:
    wrong = on_record.filed[0] | {"secret": "guess"}
    world.try_at_platform(lambda: _status(world, wrong))


@when(
    "群众分别举报条例第二十五条所列八类行为",
    "the eight kinds of conduct of article 25 are reported, each by itself",
)
def report_every_kind(world: World, on_record: OnRecord) -> None:
    kinds = world.desk.get("inspector", "/v1/accountability/kinds")["kinds"]
    assert len(kinds) == KINDS_OF_CHONGQING
    clerk = world.desk.access.tokens["clerk"]
    for kind in kinds:
        filed = _file(world, "report", "12345", clerk, kind["code"])
        on_record.filed.append(filed | {"conduct": kind["code"]})


@when(
    "监督人员按举报逐件立案并责令限期改正",
    "the inspector opens a case on each report and orders to correct in time",
)
def try_each(world: World, on_record: OnRecord) -> None:
    for one in on_record.filed:
        body = {
            "kind": one["conduct"],
            "against": "staff",
            "respondent": "某窗口人员",
            "facts": "（虚构）",
            "report_number": one["number"],
        }
        case = world.desk.post("inspector", "/v1/accountability/cases", body)
        on_record.cases.append(case)
        path = f"/v1/accountability/cases/{case['case_id']}/order"
        world.desk.post("inspector", path, {"text": "限期改正", "days": 15})


@when(
    "被责令者逐件整改，监督人员确认",
    "each of those ordered mends it, and the inspector confirms",
)
def mend_each(world: World, on_record: OnRecord) -> None:
    for case in on_record.cases:
        path = f"/v1/accountability/cases/{case['case_id']}/decision"
        for action in ("mend", "confirm"):
            world.desk.post("inspector", path, {"action": action, "text": "已改正"})


@then(
    "八类行为各有一件案件，状态为“{state}”",
    "there is a case of each of the eight kinds, and it is “{state}”",
)
def each_kind_has_a_case(world: World, on_record: OnRecord, state: str) -> None:
    path = "/v1/accountability/cases/"
    found = [world.desk.get("inspector", path + one["case_id"]) for one in on_record.cases]
    assert len({one["kind"] for one in found}) == KINDS_OF_CHONGQING
    assert {one["state"] for one in found} == {code_of(state)}
    assert all(one["due_at"] for one in found)


@when(
    "监督人员以条例未规定的种类立案",
    "the inspector opens a case of a kind the regulation does not name",
)
def open_an_unknown_kind(world: World) -> None:
    body = {"kind": "no-such-kind", "against": "staff", "respondent": "某", "facts": "（虚构）"}
    world.try_at_platform(lambda: world.desk.post("inspector", "/v1/accountability/cases", body))


@when(
    "监督人员逐项检查安全控制，发现一个问题",
    "the inspector checks every security control and finds one thing wrong",
)
def inspect(world: World, on_record: OnRecord) -> None:
    controls = world.desk.get("inspector", "/v1/security-controls")["controls"]
    checks = [{"control": one["control"], "result": "passed", "note": "已检查"} for one in controls]
    checks[0] |= {"result": "failed"}
    body = {
        "institution": "市社会保障卡管理机构",
        "scope": "一卡通平台",
        "checks": checks,
        "findings": [{"control": controls[0]["control"], "text": "（虚构）", "days": 10}],
    }
    on_record.inspection = world.desk.post("inspector", "/v1/security-inspections", body)


@then("每项安全控制都有最近一次检查结果", "every security control has a last result")
def every_control_is_checked(world: World) -> None:
    controls = world.desk.get("inspector", "/v1/security-controls")["controls"]
    assert controls
    assert all(one["last_result"] and one["last_checked_at"] for one in controls)


@when("被检查单位完成整改", "the institution mends it")
def mend_finding(world: World, on_record: OnRecord) -> None:
    path = f"/v1/security-inspections/{on_record.inspection['inspection_id']}/findings/1/mending"
    world.desk.post("inspector", path, {"text": "已整改"})


@then("该问题的整改在案", "the mending is on record")
def mending_is_on_record(world: World, on_record: OnRecord) -> None:
    path = f"/v1/security-inspections/{on_record.inspection['inspection_id']}"
    (finding,) = world.desk.get("inspector", path)["findings"]
    assert finding["mending"] == "已整改"
    assert finding["mended_at"] < finding["due_at"]


@then("审计链完整", "the chain of the audit is whole")
def audit_is_whole(world: World) -> None:
    check = world.desk.get("auditor", "/v1/audit/check")
    world.recorder.fact("已封存记录", "records sealed", check["sealed"])
    assert check["whole"], check["first_fault"]
