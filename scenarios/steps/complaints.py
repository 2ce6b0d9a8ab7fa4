"""One complaint from filing to the filer's last word (NM-21, NX-16, SC-p, YD-20a)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.neighbourhood import Neighbourhood
from scenarios.phrases import then, when
from scenarios.terms import code_of
from scenarios.world import World

CHANNELS = {"网点": "site", "线上": "online", "银行": "bank"}


@dataclass
class Filed:
    """The complaint of one scenario, and the deadline it had before the last step."""

    reference: dict[str, Any] = field(default_factory=dict)
    due_at: str = ""


@pytest.fixture
def filed() -> Filed:
    """Nothing yet."""
    return Filed()


@when(
    "居民“{name}”经“{channel}”提出“{kind}”，工作人员登记",
    "resident “{name}” makes by “{channel}” a “{kind}”, and staff file it",
)
def file_by_staff(world: World, filed: Filed, name: str, channel: str, kind: str) -> None:
    _file(world, filed, name, channel, kind, world.desk.access.tokens["clerk"])


@when(
    "居民“{name}”经“{channel}”提出“{kind}”，合作银行“{bank}”登记",
    "resident “{name}” makes by “{channel}” a “{kind}”, and the partner bank “{bank}” files it",
)
def file_by_bank(  # noqa: PLR0917 - who, how, what, where
    world: World,
    filed: Filed,
    neighbourhood: Neighbourhood,
    name: str,
    channel: str,
    kind: str,
    bank: str,
) -> None:
    _file(world, filed, name, channel, kind, neighbourhood.departments[bank].sign_in())


@when(
    "居民“{name}”不登录，自行以“{channel}”渠道提交“{kind}”",
    "resident “{name}”, not signed in, files by “{channel}” a “{kind}”",
)
def file_alone(world: World, filed: Filed, name: str, channel: str, kind: str) -> None:
    _file(world, filed, name, channel, kind, "")


def _file(  # noqa: PLR0917 - who, how, what
    world: World, filed: Filed, name: str, channel: str, kind: str, token: str
) -> None:
    body = {
        "kind": code_of(kind),
        "channel": CHANNELS.get(channel, channel),
        "subject": "用卡",
        "content": "（虚构）",
        "card_number": world.holder(name).card_number or None,
    }
    answer = world.try_at_platform(lambda: world.desk.ask("POST", "/v1/complaints", token, body))
    filed.reference = answer or {}


@when("工作人员受理该件", "staff take it in hand")
def take(world: World, filed: Filed) -> None:
    world.desk.post("clerk", f"/v1/complaints/{filed.reference['number']}/taking", {})


@when("工作人员答复该件“{text}”", "staff answer it with “{text}”")
def answer(world: World, filed: Filed, text: str) -> None:
    path = f"/v1/complaints/{filed.reference['number']}/answer"
    world.try_at_platform(lambda: world.desk.post("clerk", path, {"text": text}))


@when("提出人反馈“{said}”", "whoever filed it says “{said}”")
def give_feedback(world: World, filed: Filed, said: str) -> None:
    filed.due_at = _status(world, filed)["due_at"]
    satisfied = said in {"满意", "satisfied"}
    body = {"secret": filed.reference["secret"], "satisfied": satisfied}
    path = f"/v1/complaints/{filed.reference['number']}/feedback"
    world.try_at_platform(lambda: world.desk.ask("POST", path, "", body))


@then(
    "提出人凭编号和查询码看到该件由“{channel}”提出，状态为“{state}”",
    "whoever filed it sees with number and secret that it came by “{channel}” and is “{state}”",
)
def is_seen(world: World, filed: Filed, channel: str, state: str) -> None:
    told = _status(world, filed)
    world.recorder.fact("编号", "number", told["number"])
    assert told["channel"] == CHANNELS.get(channel, channel)
    assert told["state"] == code_of(state)


@then("提出人看到该件的答复“{text}”", "whoever filed it sees the answer “{text}” to it")
def answer_is_seen(world: World, filed: Filed, text: str) -> None:
    assert _status(world, filed)["answer"] == text


@then("该件已逾期，仍须答复", "it is overdue and must still be answered")
def is_overdue(world: World, filed: Filed) -> None:
    told = _status(world, filed)
    assert told["overdue_since"] is not None
    assert told["answer"] is None


@then("该件重新计算答复期限", "it has a new deadline")
def has_new_deadline(world: World, filed: Filed) -> None:
    assert _status(world, filed)["due_at"] > filed.due_at


def _status(world: World, filed: Filed) -> dict[str, Any]:
    path = f"/v1/complaints/{filed.reference['number']}/status"
    return world.desk.ask("POST", path, "", {"secret": filed.reference["secret"]})
