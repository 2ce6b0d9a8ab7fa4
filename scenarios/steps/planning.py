"""Published figures as a planning preset, beside what the platform does (SC-q)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import then, when
from scenarios.world import World

_ONECARD: Final = str(Path(sys.executable).with_name("onecard"))
_CALL_S_MAX: Final = 60
_UNITS: Final = {
    "人": "people",
    "个网点": "sites",
    "项服务": "services",
    "次服务": "services",
    "项业务": "kinds",
    "家图书馆": "libraries",
}


@dataclass
class Plan:
    """The preset a planner reads, its figures by what they mean."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture
def plan() -> Plan:
    """Nothing read yet."""
    return Plan()


@when("规划人员读取规划预设“{preset}”", "a planner reads the preset “{preset}”")
def read_preset(plan: Plan, tmp_path: Path, preset: str) -> None:
    done = subprocess.run(
        [_ONECARD, "sim", "figures", preset, "--json", "-"],
        capture_output=True,
        text=True,
        check=False,
        timeout=_CALL_S_MAX,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    plan.figures = {each["meaning_zh"]: each for each in json.loads(done.stdout)["figures"]}


@then(
    "预设的“{meaning}”为{value:d}，单位是“{unit}”，注明日期和来源",
    "“{meaning}” of the preset is {value:d}, in “{unit}”, with day and source",
)
def figure_is(world: World, plan: Plan, meaning: str, value: int, unit: str) -> None:
    told = plan.figures[meaning]
    world.recorder.fact("来源", "source", told["source"])
    assert (told["value"], told["unit"]) == (value, _UNITS.get(unit, unit)), told
    assert told["as_of"] == "2024-10-31"
    assert told["source"].startswith("SC-q")


@then(
    "本地平台的通办人社业务项数与预设的“{meaning}”相同",
    "the platform here has as many joint kinds of business as “{meaning}” of the preset says",
)
def as_many_kinds(world: World, plan: Plan, meaning: str) -> None:
    told = world.desk.get("clerk", "/v1/employment/kinds")
    assert told["joint"] == plan.figures[meaning]["value"]
    assert sum(each["is_joint"] for each in told["kinds"]) == told["joint"]


@then(
    "已办结的不同通办事项数与预设的“{meaning}”相同",
    "as many different joint services were done as “{meaning}” of the preset says",
)
def as_many_services(world: World, neighbourhood: Neighbourhood, plan: Plan, meaning: str) -> None:
    world.recorder.fact("已办结事项", "services done", ", ".join(sorted(neighbourhood.done)))
    assert len(neighbourhood.done) == plan.figures[meaning]["value"]
