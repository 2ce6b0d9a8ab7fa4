"""Coordination bodies, security inspections, the oversight report (NM-4, NM-22a, YD-23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.phrases import given, then, when
from scenarios.terms import code_of
from scenarios.world import World

LEVELS = {"省级": "province", "市级": "city", "县级": "county"}
FIGURES = {
    "举报": ("complaints_by_kind", "report"),
    "投诉": ("complaints_by_kind", "complaint"),
    "立案": ("cases_by_state", "opened"),
    "责令改正": ("cases_by_state", "ordered"),
    "安全检查": ("inspections", ""),
    "未整改问题": ("findings_open", ""),
    "获准查询": ("holder_queries_granted", ""),
    "被拒查询": ("holder_queries_refused", ""),
    "有效卡": ("cards_by_state", "active"),
}
"""Where a figure stands in the oversight report."""


@dataclass
class Supervised:
    """Bodies by name, the last inspection, the last two reports of one scenario."""

    bodies: dict[str, str] = field(default_factory=dict)
    inspection: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def supervised() -> Supervised:
    """Nothing yet."""
    return Supervised()


@given(
    "“{name}”登记为{level}协调机构，行政区划“{division}”，成员为“{members}”",
    "“{name}” is on record as coordination body of {level}, “{division}”, members “{members}”",
)
def found(  # noqa: PLR0917 - as many as the phrase has
    world: World, supervised: Supervised, name: str, level: str, division: str, members: str
) -> None:
    body = {
        "name": name,
        "level": LEVELS.get(level, level),
        "division": division,
        "members": members.split("、"),
    }
    supervised.bodies[name] = world.desk.post("inspector", "/v1/coordination-bodies", body)["id"]


@when(
    "“{name}”报告“{period}”的“{measure}”完成{percent:d}%",
    "“{name}” reports for “{period}” that “{measure}” is {percent:d}% done",
)
def report_progress(  # noqa: PLR0917 - as many as the phrase has
    world: World, supervised: Supervised, name: str, period: str, measure: str, percent: int
) -> None:
    body_id = supervised.bodies.get(name, "body-not-on-record")
    body = {"period": period, "measure": measure, "percent": percent, "text": "（虚构）"}
    path = f"/v1/coordination-bodies/{body_id}/progress"
    world.try_at_platform(lambda: world.desk.post("inspector", path, body))


@then(
    "{level}进展报告列有“{name}”及其成员“{members}”，“{measure}”由{first:d}%到{last:d}%",
    "the report of {level} has “{name}”, members “{members}”, “{measure}” from {first:d}% to "
    "{last:d}%",
)
def progress_is(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    supervised: Supervised,
    level: str,
    name: str,
    members: str,
    measure: str,
    first: int,
    last: int,
) -> None:
    body = _body_in_report(world, supervised, level, name)
    assert body is not None, f"{name} is not in the report"
    assert body["members"] == members.split("、")
    told = [one["percent"] for one in body["progress"] if one["measure"] == measure]
    world.recorder.fact("进展", "progress", " → ".join(f"{each}%" for each in told))
    assert (told[0], told[-1]) == (first, last)


@then("{level}进展报告没有“{name}”", "the report of {level} does not have “{name}”")
def is_not_reported(world: World, supervised: Supervised, level: str, name: str) -> None:
    assert _body_in_report(world, supervised, level, name) is None


def _body_in_report(
    world: World, supervised: Supervised, level: str, name: str
) -> dict[str, Any] | None:
    path = f"/v1/progress-reports/{LEVELS.get(level, level)}"
    bodies = world.desk.get("inspector", path)["bodies"]
    own = supervised.bodies.get(name)
    return next((dict(one) for one in bodies if one["body_id"] == own), None)


@when(
    "监督人员检查“{institution}”的“{control}”，发现问题，限{days:d}天内整改",
    "the inspector checks “{control}” at “{institution}”, finds it wrong, to be mended in "
    "{days:d} days",
)
def inspect(
    world: World, supervised: Supervised, institution: str, control: str, days: int
) -> None:
    of = code_of(control)
    body = {
        "institution": institution,
        "scope": "一卡通信息安全",
        "checks": [{"control": of, "result": "failed", "note": "（虚构）"}],
        "findings": [{"control": of, "text": "（虚构）", "days": days}],
    }
    supervised.inspection = world.desk.post("inspector", "/v1/security-inspections", body)


@then("“{control}”最近一次检查的结果为“{result}”", "the last check of “{control}” says “{result}”")
def last_check_is(world: World, control: str, result: str) -> None:
    controls = world.desk.get("inspector", "/v1/security-controls")["controls"]
    (found,) = [one for one in controls if one["control"] == code_of(control)]
    assert found["last_result"] == code_of(result)


@when("“{institution}”报告该问题已整改", "“{institution}” reports the finding mended")
def mend(world: World, supervised: Supervised, institution: str) -> None:
    path = f"/v1/security-inspections/{supervised.inspection['inspection_id']}/findings/1/mending"
    body = {"text": f"{institution}已整改"}
    world.try_at_platform(lambda: world.desk.post("inspector", path, body))


@then("该问题“{state}”", "the finding is “{state}”")
def finding_is(world: World, supervised: Supervised, state: str) -> None:
    path = f"/v1/security-inspections/{supervised.inspection['inspection_id']}"
    (finding,) = world.desk.get("inspector", path)["findings"]
    world.recorder.fact("整改期限", "to be mended by", finding["due_at"])
    mended, late = finding["mended_at"] is not None, finding["overdue_since"] is not None
    assert (mended, late) == {
        "待整改": (False, False),
        "open": (False, False),
        "逾期未整改": (False, True),
        "overdue": (False, True),
        "按期整改": (True, False),
        "mended in time": (True, False),
        "逾期后整改": (True, True),
        "mended late": (True, True),
    }[state]


@when("“{who}”调取监督报告", "“{who}” draws the oversight report")
def draw(world: World, supervised: Supervised, who: str) -> None:
    role: Any = code_of(who)
    told = world.try_at_platform(lambda: world.desk.get(role, "/v1/oversight-report"))
    supervised.before, supervised.now = supervised.now, told or {}


@then(
    "监督报告中的“{figure}”比上次多{more:d}",
    "“{figure}” of the oversight report is {more:d} more than before",
)
def figure_is_more(world: World, supervised: Supervised, figure: str, more: int) -> None:
    before, now = (_figure(report, figure) for report in (supervised.before, supervised.now))
    world.recorder.fact(figure, figure, now)
    assert now - before == more, (before, now)


@then("监督报告属于“{region}”", "the oversight report is of “{region}”")
def report_is_of(supervised: Supervised, region: str) -> None:
    assert supervised.now["region"] == region


def _figure(report: dict[str, Any], figure: str) -> int:
    name, part = FIGURES[figure]
    found = report[name]
    return int(found.get(part, 0) if part else found)
