"""A clerk who signs in and takes time for a holder who needs it (NM-10b, CQ-15, SC-g)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from scenarios.phrases import given, then, when
from scenarios.service_desk import PlatformRefused
from scenarios.steps.pin_reset import serve_reset
from scenarios.world import Holder, World

SESSION = "/v1/sessions/current"
NEW_PHONE = "023-63000000"


@dataclass
class SignedIn:
    """The clerk of a scenario; `served` has what came of each holder's matter, by name."""

    token: str = ""
    served: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def signed_in() -> SignedIn:
    """Nobody yet."""
    return SignedIn()


@given("网点经办人用账号和密码登录", "a clerk signs in by name and password")
def clerk_signs_in(world: World, signed_in: SignedIn) -> None:
    name = f"clerk-{secrets.token_hex(6)}"
    body = {"name": name, "role": "clerk", "site": "测试服务网点"}
    opened = world.desk.post("operator", "/v1/accounts", body)
    proof = {"password": {"name": name, "password": opened["first_password"]}}
    granted = world.desk.ask("POST", "/v1/sessions", "", proof)
    world.recorder.fact("会话角色", "role of the session", granted["session"]["role"])
    signed_in.token = granted["token"]


@when("经办人开始帮办居民“{name}”", "the clerk begins to help resident “{name}”")
def begin_help(world: World, signed_in: SignedIn, name: str) -> None:
    body = {"card_id": world.holder(name).card_id}
    world.desk.ask("POST", f"{SESSION}/assistance", signed_in.token, body)


@when("经办人结束帮办", "the clerk ends the help")
def end_help(world: World, signed_in: SignedIn) -> None:
    world.desk.ask("POST", f"{SESSION}/assistance-end", signed_in.token, {})


@when("又过了{minutes:d}分钟", "{minutes:d} minutes go by")
def minutes_go_by(world: World, minutes: int) -> None:
    world.let_time_pass(timedelta(minutes=minutes))


@when(
    "经办人在会话中为居民“{name}”办理“{service}”",
    "the clerk does “{service}” for resident “{name}” in the session",
)
def serve(world: World, signed_in: SignedIn, name: str, service: str) -> None:
    holder = world.holder(name)
    card = f"/v1/cards/{holder.card_id}"

    def do() -> None:
        if service == "密码重置":
            serve_reset(world, holder, holder, signed_in.token)
            return
        path, body = _request(holder, service)
        world.desk.ask("POST", f"{card}/{path}", signed_in.token, body)

    world.try_at_platform(do)
    if world.refusal is not None:
        return
    changes = world.desk.get("clerk", f"{card}/history")["changes"]
    seen = world.desk.card(holder.card_id)
    signed_in.served[name] = (
        seen["state"],
        seen["electronic_card"]["state"],
        [(each["action"], each["from"], each["to"]) for each in changes],
        changes[-1]["by"],
        world.desk.record(holder.card_id)["functions"],
    )


@then(
    "居民“{assisted}”和居民“{ordinary}”的办理结果一致",
    "what was done for resident “{assisted}” is what was done for resident “{ordinary}”",
)
def same_result(world: World, signed_in: SignedIn, assisted: str, ordinary: str) -> None:
    assert world.refusal is None, world.refusal
    assert signed_in.served[assisted] == signed_in.served[ordinary]
    world.recorder.fact("办理后卡片状态", "state of the cards", signed_in.served[assisted][0])


@then("经办人的会话仍然有效", "the clerk's session still stands")
def stands(world: World, signed_in: SignedIn) -> None:
    assert world.desk.ask("GET", SESSION, signed_in.token)["ended_at"] is None


@then("经办人的会话已因空闲结束", "the clerk's session has ended unused")
def has_ended(world: World, signed_in: SignedIn) -> None:
    with pytest.raises(PlatformRefused) as refused:
        world.desk.ask("GET", SESSION, signed_in.token)
    assert refused.value.code == "session-ended"


def _request(holder: Holder, service: str) -> tuple[str, dict[str, Any]]:
    document = holder.resident.document()
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        "正式挂失": ("loss-report", {"kind": "formal"}),
        "变更电话": ("holder-data", {"document": document, "phone": NEW_PHONE}),
    }
    return requests[service]
