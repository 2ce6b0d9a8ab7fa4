"""Identity by card and electronic card: at counters, in hotels, by sign-in (NM-13a, CQ-6a)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.steps.daily_life import PIN
from scenarios.terms import code_of
from scenarios.world import Holder, World

VERIFICATIONS = "/v1/identity-verifications"
SIGN_IN = "platform-sign-in"


@dataclass
class Shown:
    """The verifications of a scenario, the latest last."""

    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        """The latest."""
        return self.answers[-1]


@pytest.fixture
def shown() -> Shown:
    """Nothing yet."""
    return Shown()


@when(
    "居民“{name}”在“{place}”凭实体卡核验身份，用于“{activity}”",
    "resident “{name}” proves identity by card at “{place}” for “{activity}”",
)
def show_card(world: World, shown: Shown, name: str, place: str, activity: str) -> None:
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        verified = counter.verify_identity(code_of(activity), place, counter.read_card())
    shown.answers.append(msgspec.to_builtins(verified))


@when(
    "居民“{name}”在“{place}”凭电子社会保障卡核验身份，用于“{activity}”",
    "resident “{name}” proves identity by electronic card at “{place}” for “{activity}”",
)
def show_electronic_card(world: World, shown: Shown, name: str, place: str, activity: str) -> None:
    holder = world.holder(name)
    token = _electronic_card(world, holder)
    verified = _verify(world, place, activity, "electronic-card", token, holder.resident.name)
    shown.answers.append(verified)


@when(
    "居民“{other}”在“{place}”持居民“{name}”的实体卡冒名核验身份，用于“{activity}”",
    "“{other}” shows the card of resident “{name}” at “{place}” as their own for “{activity}”",
)
def show_anothers_card(  # noqa: PLR0917 - as many as the phrase has
    world: World, shown: Shown, other: str, place: str, name: str, activity: str
) -> None:
    pretended = world.holder(other).resident.name
    token = world.holder(name).card_number
    shown.answers.append(_verify(world, place, activity, "card", token, pretended))


@when(
    "居民“{name}”凭实体卡和密码登录“{platform}”",
    "resident “{name}” signs in to “{platform}” by card and PIN",
)
def sign_in_by_card(world: World, shown: Shown, name: str, platform: str) -> None:
    holder = world.holder(name)
    challenge = world.desk.post("department", "/v1/identity-challenges", {})
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(holder)):
        historical_bytes, answer = counter.answer_challenge(
            bytes.fromhex(challenge["process"]), bytes.fromhex(challenge["original"]), PIN
        )
    proof = {
        "challenge_id": challenge["challenge_id"],
        "historical_bytes": historical_bytes,
        "internal_auth": answer,
    }
    token = holder.card_number
    shown.answers.append(_verify(world, platform, SIGN_IN, "card", token, None, proof))


@when(
    "居民“{name}”凭电子社会保障卡登录“{platform}”",
    "resident “{name}” signs in to “{platform}” by electronic card",
)
def sign_in_by_electronic_card(world: World, shown: Shown, name: str, platform: str) -> None:
    token = _electronic_card(world, world.holder(name))
    shown.answers.append(_verify(world, platform, SIGN_IN, "electronic-card", token, None))


@when(
    "有人只凭居民“{name}”的卡号登录“{platform}”",
    "somebody signs in to “{platform}” by the card number of resident “{name}” alone",
)
def sign_in_by_number(world: World, shown: Shown, name: str, platform: str) -> None:
    token = world.holder(name).card_number
    shown.answers.append(_verify(world, platform, SIGN_IN, "card", token, None))


@then("身份核验通过", "the identity is verified")
def is_verified(world: World, shown: Shown) -> None:
    world.recorder.fact("核验记录", "verification", shown.last["verification_id"])
    assert shown.last["result"] == "valid", shown.last


@then("身份核验不通过，理由是“{reason}”", "the identity is not verified because of “{reason}”")
def is_not_verified(shown: Shown, reason: str) -> None:
    assert (shown.last["result"], shown.last["reason"]) == ("refused", code_of(reason))
    assert shown.last["card_number"] is None


@then(
    "平台告知该事项须凭“{document}”办理，并说明法律依据",
    "the platform tells that “{document}” is needed, and by which law",
)
def tells_document(world: World, shown: Shown, document: str) -> None:
    needed = shown.last["needed"]
    world.recorder.fact("法律依据", "law", needed["law"])
    assert document in {needed["document_zh"], needed["document_en"]}
    assert "Law" in needed["law"]


@then("各次登录均为同一用户", "every sign-in is by the same user")
def same_subject(shown: Shown) -> None:
    subjects = {each["subject"] for each in shown.answers if each["result"] == "valid"}
    assert len(subjects) == 1, subjects
    assert None not in subjects


@then(
    "居民“{name}”在访问记录中能查到“{place}”的核验",
    "resident “{name}” finds the verification of “{place}” in the access log",
)
def finds_in_log(world: World, shown: Shown, name: str, place: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/access-log"
    reads = world.desk.get("clerk", path)["reads"]
    assert shown.last["verification_id"] in {
        each["reference"] for each in reads if each["institution"] == place
    }


def _verify(  # noqa: PLR0917 - as many as a verification has
    world: World,
    place: str,
    activity: str,
    means: str,
    token: str,
    name: str | None,
    proof: dict[str, str] | None = None,
) -> dict[str, Any]:
    body = {
        "activity": code_of(activity),
        "place": place,
        "means": means,
        "token": token,
        "name": name,
        "proof": proof,
    }
    return world.desk.post("department", VERIFICATIONS, body)


def _electronic_card(world: World, holder: Holder) -> str:
    found = world.desk.card(holder.card_id)["electronic_card"]
    return str(found["electronic_card_id"])
