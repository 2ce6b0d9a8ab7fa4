"""Cards that are not what they say, and records that are no new ones (NM-23c, CQ-24d).

A forger has what any reader gives: the public files and the answer to reset. The keys are another
testbed's (forged), made up (cloned), or those of another chip (altered). Who can write a genuine
card makes it say another number and name (overwritten): its chip proves itself, and only the
platform knows that the number is not that chip's.
"""

from __future__ import annotations

import copy
import secrets
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from scenarios.neighbourhood import REGIONS, Neighbourhood
from scenarios.phrases import given, then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import Holder, World
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.social_security.specification import SSSE_NAME
from virtual_cards.card_os.card import Card
from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony
from virtual_cards.personalisation import PersonalisedCard, load_card, load_psam
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import (
    Admitted,
    CardIsNotGenuine,
    Counter,
    PlatformLine,
    Received,
    SecurityModule,
    TurnedAway,
)
from virtual_cards.terminals.card_dialogue import CardDialogue

COUNTER, HOSPITAL = {"柜面", "counter"}, {"医院", "hospital"}
COUNTER_PURPOSE = "service-counter"
GENUINE = {"真卡", "genuine"}
NOT_GENUINE = "card-not-genuine"
SEED_OF_ANOTHER_TESTBED = b"another testbed, not this one...".ljust(32, b".")
OVERWRITTEN = {"EF05": ("07",), "EF06": ("08", "09", "4E")}
"""Card number; number of the document, name and its extension."""
ENOUGH_FEN = 10_000
_EF06 = bytes.fromhex("EF06")
_NAME = 0x09
_NAME_LENGTH = 30
_SECURITY_STATUS_NOT_SATISFIED = 0x6982


@dataclass
class Forgeries:
    """The false cards of one scenario by whom they pass for; what terminals made of cards."""

    cards: dict[str, Card] = field(default_factory=dict)
    verdict: str = ""
    status: int = 0


@pytest.fixture
def forgeries() -> Forgeries:
    """None yet."""
    return Forgeries()


@given(
    "有人用另一测试床的密钥伪造了居民“{name}”的卡",
    "somebody has forged the card of resident “{name}” with the keys of another testbed",
)
def forge(world: World, forgeries: Forgeries, name: str) -> None:
    image = _copy_of(world.holder(name))
    other = IssuerSecurityModule(hold_ceremony(SEED_OF_ANOTHER_TESTBED[:32]))
    social_security, transit = image["social_security"], image["transit"]
    chip = bytes.fromhex(image["historical_bytes"])
    region = social_security["files"]["EF05"]["01"][:6]
    head = bytes.fromhex(transit["files"]["15"])
    social_security["keys"] = _hexadecimal(other.social_security_keys(region, chip))
    social_security["directories"]["DF04"]["keys"] = _hexadecimal(
        other.medical_directory_keys(region, chip)
    )
    social_security["medical_purse"]["keys"] = _hexadecimal(other.medical_keys(region, chip))
    transit["keys"] = _hexadecimal(other.transit_keys(head[:8], head[10:20]))
    forgeries.cards[name] = load_card(image).card


@given(
    "有人读出居民“{name}”的卡的公开内容，克隆了一张",
    "somebody has read what the card of resident “{name}” says and cloned it",
)
def clone(world: World, forgeries: Forgeries, name: str) -> None:
    image = _copy_of(world.holder(name))
    _replace_keys(image)
    forgeries.cards[name] = load_card(image).card


@given(
    "有人把居民“{other}”的芯片变造成居民“{name}”的卡",
    "somebody has altered the chip of resident “{other}” to pass for that of resident “{name}”",
)
def alter(world: World, forgeries: Forgeries, other: str, name: str) -> None:
    image, chip = _copy_of(world.holder(name)), _copy_of(world.holder(other))
    for part in ("social_security", "transit"):
        image[part]["keys"] = chip[part]["keys"]
    image["social_security"]["directories"] = chip["social_security"]["directories"]
    image["social_security"]["medical_purse"] = chip["social_security"]["medical_purse"]
    forgeries.cards[name] = load_card(image).card


@given(
    "有人把居民“{other}”的真卡里的卡号和姓名改写成居民“{name}”的",
    "somebody has written number and name of resident “{name}” over those on the genuine card of"
    " resident “{other}”",
)
def overwrite(world: World, forgeries: Forgeries, other: str, name: str) -> None:
    image, shown = _copy_of(world.holder(other)), _copy_of(world.holder(name))
    for file, tags in OVERWRITTEN.items():
        says, said = (each["social_security"]["files"][file] for each in (image, shown))
        says.update({tag: said[tag] for tag in tags if tag in said})
    image["card_number"] = shown["card_number"]
    forgeries.cards[name] = load_card(image).card


@given(
    "有人把居民“{name}”卡上的基本信息整份写到居民“{other}”的真卡里",
    "somebody has written all basic data of the card of resident “{name}” on the genuine card of"
    " resident “{other}”",
)
def copy_basic_data(world: World, forgeries: Forgeries, name: str, other: str) -> None:
    image, shown = _copy_of(world.holder(other)), _copy_of(world.holder(name))
    for file in OVERWRITTEN:
        image["social_security"]["files"][file] = shown["social_security"]["files"][file]
    image["card_number"] = shown["card_number"]
    forgeries.cards[name] = load_card(image).card


@when(
    "居民“{name}”的{which}在“{place}”出示",
    "the {which} card of resident “{name}” is shown at “{place}”",
)
def show(world: World, forgeries: Forgeries, name: str, which: str, place: str) -> None:
    card = card_of(world.holder(name)) if which in GENUINE else forgeries.cards[name]
    try:
        forgeries.verdict = _shown(world, card, place)
    except CardIsNotGenuine:
        forgeries.verdict = NOT_GENUINE


@when(
    "居民“{name}”的{which}在“{place}”用于“{activity}”的身份核验",
    "the {which} card of resident “{name}” is shown at “{place}” to verify the identity for"
    " “{activity}”",
)
def show_for_activity(  # noqa: PLR0917 - as many as the phrase has
    world: World, forgeries: Forgeries, name: str, which: str, place: str, activity: str
) -> None:
    card = card_of(world.holder(name)) if which in GENUINE else forgeries.cards[name]
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card):
        told = counter.verify_identity(code_of(activity), place, counter.read_card())
    forgeries.verdict = "taken" if told.result == "valid" else told.reason or told.result


@when(
    "“{place}”柜面在“{use}”领域核验“{region}”居民“{name}”的假卡",
    "the counter of “{place}” checks the false card of resident “{name}” of “{region}” in the"
    " field “{use}”",
)
def check_false_card_at(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    neighbourhood: Neighbourhood,
    forgeries: Forgeries,
    place: str,
    use: str,
    region: str,
    name: str,
) -> None:
    # A testbed has keys of its own: the chip proves itself to a counter of the region it is of.
    slot, here = world.counter_slot
    with world.readers.card_in(slot, forgeries.cards[name]):
        read = here.read_card()
    desk = neighbourhood.desks[place]
    enrolled = desk.enrol_terminal("counter", None)
    module = SecurityModule(InProcessReader("PSAM", load_psam(enrolled["psam_image"]).card))
    with PlatformLine(desk.access.url, enrolled["token"]) as line:
        there = Counter(InProcessReader(), module, line)
        code, purpose = REGIONS[region][1], COUNTER_PURPOSE
        told = there.check_foreign_card(code, code_of(use), purpose, read)
    forgeries.verdict = "taken" if told.result == "valid" else told.reason or told.result


@then("终端认证通过", "the terminal takes the card")
def is_taken(forgeries: Forgeries) -> None:
    assert forgeries.verdict == "taken", forgeries.verdict


@then("终端认证不通过，不予受理", "the terminal finds the card not genuine and serves nobody")
def is_not_taken(forgeries: Forgeries) -> None:
    assert forgeries.verdict == NOT_GENUINE, forgeries.verdict


@then(
    "终端脱机不予受理，理由是“{reason}”",
    "the terminal serves nobody, without the platform, because of “{reason}”",
)
def is_refused_alone(forgeries: Forgeries, reason: str) -> None:
    assert forgeries.verdict == code_of(reason), forgeries.verdict


@then(
    "平台核验不通过，理由是“{reason}”，并记入居民“{name}”的访问记录",
    "the platform's check fails because of “{reason}”, and resident “{name}” finds it in the access"
    " log",
)
def check_fails_on_record(world: World, forgeries: Forgeries, reason: str, name: str) -> None:
    assert forgeries.verdict == code_of(reason), forgeries.verdict
    reads = world.desk.get("clerk", f"/v1/cards/{world.holder(name).card_id}/access-log")["reads"]
    assert reads[0]["refusal"] == forgeries.verdict


@when(
    "有人不经认证改写居民“{name}”的卡上的姓名",
    "somebody writes another name on the card of resident “{name}” without authentication",
)
def write_name(world: World, forgeries: Forgeries, name: str) -> None:
    slot, reader = world.readers.take(lambda _: None)
    other = "变造者".encode("gbk").ljust(_NAME_LENGTH, b"\0")
    record = bytes((_NAME, _NAME_LENGTH)) + other
    with world.readers.card_in(slot, card_of(world.holder(name))):
        dialogue = CardDialogue(reader)
        dialogue.connect()
        dialogue.select_name(SSSE_NAME)
        dialogue.ask(CommandApdu(0x00, 0xA4, 0x02, 0x00, _EF06))
        forgeries.status = dialogue.exchange(CommandApdu(0, 0xDC, _NAME, 0, record)).status


@then("卡片拒绝改写", "the card refuses to be written")
def writing_is_refused(world: World, forgeries: Forgeries) -> None:
    world.recorder.fact("状态字", "status word", f"{forgeries.status:04X}")
    assert forgeries.status == _SECURITY_STATUS_NOT_SATISFIED


@when("有人复制闸机的这笔进站记录上送", "somebody copies the tap of this gate and sends it")
def replay(world: World) -> None:
    _send(world, {})


@when("有人把这笔进站记录改为另一次进站上送", "somebody makes another entry of this tap")
def falsify(world: World) -> None:
    assert isinstance(world.passage, Admitted)
    _send(world, {"offline_sequence": world.passage.tap.offline_sequence + 1, "time": "235959"})


def _shown(world: World, card: Card, place: str) -> str:
    if place in COUNTER:
        slot, counter = world.counter_slot
        with world.readers.card_in(slot, card):
            world.card_data = counter.read_card()
            check = counter.check_identity(COUNTER_PURPOSE, world.card_data)
        return "taken" if check.result == "valid" else check.reason or check.result
    if place in HOSPITAL:
        desk = world.hospital
        with world.readers.card_in(desk.slot, card):
            received = desk.terminal.register()
        return "taken" if isinstance(received, Received) else received.reason
    gate = world.gate_at(place)
    with world.readers.card_in(gate.slot, card):
        world.passage = gate.terminal.enter()
    return world.passage.reason if isinstance(world.passage, TurnedAway) else "taken"


def _send(world: World, altered: dict[str, Any]) -> None:
    assert isinstance(world.passage, Admitted), world.passage
    tap = world.passage.tap
    (line,) = [place.line for (kind, _), place in world.places.items() if kind == "gate"]
    body = msgspec.json.encode(msgspec.to_builtins(tap) | altered)
    world.try_at_platform(lambda: line.post(tap.path, body, secrets.token_hex(16)))


def _copy_of(holder: Holder) -> dict[str, Any]:
    """The image as a forger would have it if the files were all that is needed, purse filled."""
    assert isinstance(holder.card, PersonalisedCard), "the card is not made yet"
    image: dict[str, Any] = copy.deepcopy(dict(holder.card.image))
    image["transit"]["balance_fen"] = ENOUGH_FEN
    return image


def _replace_keys(part: Any) -> None:
    """Put made-up keys in the place of all that no reader tells."""
    for name, value in part.items():
        if name == "keys":
            part[name] = {key: secrets.token_hex(16).upper() for key in value}
        elif isinstance(value, dict):
            _replace_keys(value)


def _hexadecimal(keys: dict[str, bytes]) -> dict[str, str]:
    return {name: key.hex().upper() for name, key in keys.items()}
