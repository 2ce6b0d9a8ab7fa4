"""Who may not read, and where no personal data stand in the clear (CQ-19, NX-14a)."""

from __future__ import annotations

import json
from typing import Any

from scenarios.exchange_partners import DepartmentSystem
from scenarios.neighbourhood import REGIONS, Neighbourhood
from scenarios.phrases import given, then, when
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.settings import ScenarioSettings
from scenarios.terms import code_of
from scenarios.world import Holder, World

NOBODY = {"未登录者", "somebody not signed in"}
BANK_SUBJECTS = ("holder-query",)
REPORTS = (
    "/v1/oversight-report",
    "/v1/complaint-statistics",
    "/v1/security-controls",
    "/v1/progress-reports/province",
    "/v1/paper-requests",
)
"""What an inspector is shown."""


@given(
    "合作银行“{bank}”的信息系统已以自己的身份接入",
    "the system of the partner bank “{bank}” is enrolled under its own identity",
)
def enrol_bank(world: World, neighbourhood: Neighbourhood, bank: str) -> None:
    system = _system(world, neighbourhood, bank)
    system.enrol(BANK_SUBJECTS, "bank")
    neighbourhood.departments[bank] = system


@when(
    "合作银行“{bank}”要求接入部门才有的事项“{subject}”",
    "the partner bank “{bank}” asks for “{subject}”, which only departments have",
)
def enrol_for_more(world: World, neighbourhood: Neighbourhood, bank: str, subject: str) -> None:
    system = _system(world, neighbourhood, bank)
    wanted = {"死亡通报": "death"}.get(subject, subject)
    world.try_at_platform(lambda: system.enrol([wanted], "bank"))


@when(
    "“{who}”越权查询居民“{name}”的姓名和住址",
    "“{who}” asks for name and address of resident “{name}” without the right to",
)
def ask_without_right(world: World, who: str, name: str) -> None:
    body = {
        "institution": who,
        "purpose": "（虚构）",
        "items": ["name", "address"],
        "basis": "consent",
        "card_number": world.holder(name).card_number,
    }
    token = "not-a-token" if who in NOBODY else world.desk.access.tokens[code_of(who)]
    world.try_at_platform(lambda: world.desk.ask("POST", "/v1/holder-queries", token, body))


@then(
    "平台日志、监管报表和运行轨迹中均没有居民“{name}”的个人信息",
    "logs, reports and traces show no personal data of resident “{name}”",
)
def nothing_in_the_clear(
    world: World, platforms: RegionalPlatforms, settings: ScenarioSettings, name: str
) -> None:
    holder = world.holder(name)
    assert settings.outcomes is not None, "the run keeps no trace"
    trace = settings.outcomes.read_text(encoding="utf-8")
    texts = {
        "日志 log": platforms.log_of(_region(world)),
        "报表 reports": "".join(
            json.dumps(world.desk.get("inspector", path), ensure_ascii=False) for path in REPORTS
        ),
        "轨迹 trace": "".join(
            line for line in trace.splitlines(keepends=True) if world.recorder.scenario in line
        ),
    }
    assert texts["轨迹 trace"], "the trace is empty"
    for where, text in texts.items():
        shown = [value for value in _personal(holder) if value in text]
        assert not shown, f"{where}: {len(shown)} of the holder's data in the clear"
    world.recorder.fact("核查字符数", "characters looked at", sum(map(len, texts.values())))


@then(
    "轨迹中居民“{name}”的身份证号已脱敏",
    "the trace shows the document number of resident “{name}” masked",
)
def trace_is_masked(world: World, settings: ScenarioSettings, name: str) -> None:
    assert settings.outcomes is not None, "the run keeps no trace"
    fields: list[dict[str, Any]] = []
    for line in settings.outcomes.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if told.get("scenario") == world.recorder.scenario:
            fields += told.get("fields", [])
    shown = [one["value"] for one in fields if one["name_en"] == "social security number"]
    assert shown, "the counter read no number"
    assert all("*" in value for value in shown)
    assert world.holder(name).resident.number not in shown


def _personal(holder: Holder) -> list[str]:
    """What must stand nowhere, as text and as the bytes a card gives (GBK, hexadecimal)."""
    resident = holder.resident
    texts = [resident.number, resident.phone, resident.address, resident.name]
    in_bytes = [each.encode("gbk").hex() for each in (resident.number, resident.name)]
    return [*texts, *in_bytes, *(each.upper() for each in in_bytes)]


def _region(world: World) -> str:
    """As the platforms of the run are told apart."""
    codes = {code: short for short, code in REGIONS.values()}
    return codes[world.desk.region]


def _system(world: World, neighbourhood: Neighbourhood, bank: str) -> DepartmentSystem:
    number = len(neighbourhood.departments) + 1
    return DepartmentSystem(world.desk, f"bank-{world.mark}-{number}", bank)
