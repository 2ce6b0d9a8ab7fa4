"""What departments hold of a cardholder, linked by document number (NX-13, NX-18c)."""

from __future__ import annotations

from typing import Any

from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import then, when
from scenarios.steps.queries import ITEMS
from scenarios.world import Refusal, World


@when(
    "“{department}”系统提供居民“{name}”的“{kind}”数据“{text}”",
    "the system of “{department}” sends of resident “{name}” the “{kind}” data “{text}”",
)
def provide(  # noqa: PLR0917 - as many as the phrase has
    world: World, neighbourhood: Neighbourhood, department: str, name: str, kind: str, text: str
) -> None:
    _send(world, neighbourhood, department, name, kind, {"text": text})


@when(
    "“{department}”系统不予提供居民“{name}”的“{kind}”数据",
    "the system of “{department}” refuses the “{kind}” data of resident “{name}”",
)
def withhold(
    world: World, neighbourhood: Neighbourhood, department: str, name: str, kind: str
) -> None:
    _send(world, neighbourhood, department, name, kind, {"withheld": "（虚构）"})


@then("该数据已关联到持卡人", "it is linked with a cardholder")
def is_linked(neighbourhood: Neighbourhood) -> None:
    assert neighbourhood.told["answer"] == {"linked": True}, neighbourhood.told


@then("该数据未关联，因其无社会保障卡", "it is not linked, for the person holds no card")
def is_not_linked(neighbourhood: Neighbourhood) -> None:
    assert neighbourhood.told["answer"] == {"linked": False}, neighbourhood.told


@when(
    "“{department}”系统经同意为“{purpose}”查询居民“{name}”的“{items}”数据",
    "the system of “{department}” asks by consent for “{items}” of resident “{name}” for "
    "“{purpose}”",
)
def ask_by_consent(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    department: str,
    purpose: str,
    name: str,
    items: str,
) -> None:
    _ask(world, neighbourhood, department, name, items, {"purpose": purpose, "basis": "consent"})


@when(
    "“{department}”系统依法定职责“{duty}”为“{purpose}”查询居民“{name}”的“{items}”数据",
    "the system of “{department}” asks by the legal duty “{duty}” for “{items}” of resident "
    "“{name}” for “{purpose}”",
)
def ask_by_duty(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    department: str,
    duty: str,
    purpose: str,
    name: str,
    items: str,
) -> None:
    basis = {"purpose": purpose, "basis": "legal-duty", "duty": duty}
    _ask(world, neighbourhood, department, name, items, basis)


@then("系统得到“{kind}”数据“{text}”", "the system is told the “{kind}” data “{text}”")
def has_data(neighbourhood: Neighbourhood, kind: str, text: str) -> None:
    assert neighbourhood.told["result"] == "taken", neighbourhood.told
    assert neighbourhood.told["answer"]["items"][ITEMS[kind]] == text


@then(
    "监督人员看到“{holder}”阻止了“{asker}”为“{purpose}”的依法查询",
    "the inspector sees that “{holder}” stopped the lawful query of “{asker}” for “{purpose}”",
)
def stop_is_seen(world: World, holder: str, asker: str, purpose: str) -> None:
    found = world.desk.get("inspector", "/v1/stopped-queries")["queries"]
    assert (holder, asker, purpose) in {
        (one["withheld_by"], one["institution"], one["purpose"]) for one in found
    }


def _send(  # noqa: PLR0917 - who, whose, what
    world: World,
    neighbourhood: Neighbourhood,
    department: str,
    name: str,
    kind: str,
    content: dict[str, str],
) -> None:
    body = {"kind": ITEMS[kind], "document_number": world.holder(name).resident.number} | content
    system = neighbourhood.departments[department]
    _keep(world, neighbourhood, system.tell("holder-record", "data-linking", body))


def _ask(  # noqa: PLR0917 - who, whose, what
    world: World,
    neighbourhood: Neighbourhood,
    department: str,
    name: str,
    items: str,
    basis: dict[str, str],
) -> None:
    body = {
        "items": [ITEMS[each] for each in items.split("、")],
        "document_number": world.holder(name).resident.number,
    }
    system = neighbourhood.departments[department]
    _keep(world, neighbourhood, system.ask("holder-query", "holder-data", body | basis))


def _keep(world: World, neighbourhood: Neighbourhood, answer: dict[str, Any]) -> None:
    neighbourhood.told, problem = answer, answer["problem"]
    world.refusal = None
    if problem is not None:
        world.refusal = Refusal(problem["code"], problem["detail_zh"], problem["detail_en"])
