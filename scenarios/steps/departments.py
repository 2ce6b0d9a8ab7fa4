"""Systems of departments on the exchange, each under its own identity (NM-9, SC-o)."""

from __future__ import annotations

from typing import Any

from scenarios.exchange_partners import DepartmentSystem
from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import given, then, when
from scenarios.world import Refusal, World


@given(
    "“{department}”的信息系统已以自己的身份接入",
    "the system of “{department}” is enrolled under its own identity",
)
def enrol_department(world: World, neighbourhood: Neighbourhood, department: str) -> None:
    number = len(neighbourhood.departments) + 1
    own = f"department-{world.mark}-{number}"
    system = DepartmentSystem(world.desk, own, department)
    system.enrol()
    neighbourhood.departments[department] = system


@when(
    "“{department}”系统为“{purpose}”查询居民“{name}”的姓名",
    "the system of “{department}” asks for the name of resident “{name}” for “{purpose}”",
)
def ask_by_system(
    world: World, neighbourhood: Neighbourhood, department: str, purpose: str, name: str
) -> None:
    question = {
        "purpose": purpose,
        "items": ["name"],
        "basis": "consent",
        "card_number": world.holder(name).card_number,
    }
    system = neighbourhood.departments[department]
    _keep(world, neighbourhood, system.ask("holder-query", "holder-data", question))


@when(
    "“{department}”系统将居民“{name}”的信息转给“{third}”",
    "the system of “{department}” asks for resident “{name}” to hand the data on to “{third}”",
)
def ask_for_third(
    world: World, neighbourhood: Neighbourhood, department: str, name: str, third: str
) -> None:
    question = {
        "purpose": "any",
        "items": ["name"],
        "basis": "consent",
        "card_number": world.holder(name).card_number,
    }
    system = neighbourhood.departments[department]
    answer = system.ask("holder-query", "holder-data", question, handed_on_to=third)
    _keep(world, neighbourhood, answer)


@then("系统即时得到居民“{name}”的姓名", "the system has the name of resident “{name}” at once")
def has_name(world: World, neighbourhood: Neighbourhood, name: str) -> None:
    assert neighbourhood.told["result"] == "taken", neighbourhood.told
    assert neighbourhood.told["answer"]["items"]["name"] == world.holder(name).resident.name


@when(
    "“{department}”系统通报居民“{name}”死亡",
    "the system of “{department}” tells of the death of resident “{name}”",
)
def tell_of_death(world: World, neighbourhood: Neighbourhood, department: str, name: str) -> None:
    body = {"document_number": world.holder(name).resident.number, "evidence": "死亡医学证明"}
    system = neighbourhood.departments[department]
    _keep(world, neighbourhood, system.tell("death", "card-cancellation", body))


def _keep(world: World, neighbourhood: Neighbourhood, answer: dict[str, Any]) -> None:
    neighbourhood.told, problem = answer, answer["problem"]
    world.refusal = None
    if problem is not None:
        world.refusal = Refusal(problem["code"], problem["detail_zh"], problem["detail_en"])
