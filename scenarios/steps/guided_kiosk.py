"""Holders led through a service at a kiosk: ordinarily, in large print, by voice (NM-10b, CQ-15,
SC-g).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.steps.daily_life import PIN
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import KIOSK, World
from virtual_cards.terminals import CardRefusesCommand, Ended, GuidedKiosk, Kiosk, Served, Way
from virtual_cards.terminals.presentation import Told

NEW_PIN = "135790"


@dataclass
class Holder:
    """Types these answers, each after so many seconds."""

    types: list[str]
    after_s: float

    def attend(self, _told: Told) -> None:
        """See or hear it."""

    def answer(self, _told: Told) -> tuple[str, float]:
        """The next answer."""
        return self.types.pop(0), self.after_s


@dataclass(frozen=True)
class Result:
    """What came of a service: how it ended, the purse on card and platform, which PIN is good."""

    ended: Ended
    on_card_fen: int
    on_platform_fen: int
    pin: str


@dataclass
class Guided:
    """What came of each holder's service, by name."""

    results: dict[str, Result] = field(default_factory=dict)


@pytest.fixture
def guided() -> Guided:
    """Nobody yet."""
    return Guided()


@when(
    "居民“{name}”在自助终端以“{way}”方式充值{amount:d}元，每次回答用时{seconds:d}秒",
    "resident “{name}” loads {amount:d} yuan at the kiosk, served in the way “{way}”,"
    " taking {seconds:d} seconds for each answer",
)
def load(world: World, guided: Guided, name: str, way: str, *, amount: int, seconds: int) -> None:
    guided.results[name] = _serve(world, name, way, Holder([str(amount)], seconds), "load")


@when(
    "居民“{name}”在自助终端以“{way}”方式更改密码，每次回答用时{seconds:d}秒",
    "resident “{name}” changes the PIN at the kiosk, served in the way “{way}”,"
    " taking {seconds:d} seconds for each answer",
)
def change_pin(world: World, guided: Guided, name: str, way: str, seconds: int) -> None:
    holder = Holder([PIN, NEW_PIN, NEW_PIN], seconds)
    guided.results[name] = _serve(world, name, way, holder, "change_pin")


@then(
    "居民“{one}”和居民“{other}”的自助办理都已办成，结果一致",
    "residents “{one}” and “{other}” were both served at the kiosk, with the same result",
)
def same_result(guided: Guided, one: str, other: str) -> None:
    assert guided.results[one].ended is Ended.DONE
    assert guided.results[one] == guided.results[other]


@then(
    "居民“{name}”的自助办理因等候过久结束，卡内没有变动",
    "the service of resident “{name}” at the kiosk ended for want of an answer,"
    " and nothing on the card has changed",
)
def ended_too_late(guided: Guided, name: str) -> None:
    assert guided.results[name] == Result(Ended.TOO_LATE, 0, 0, "former")


def _serve(world: World, name: str, way: str, holder: Holder, service: str) -> Result:
    place = world.desk_of("kiosk", KIOSK, Kiosk)
    found = world.holder(name)
    with world.readers.card_in(place.slot, card_of(found)):
        kiosk = GuidedKiosk(place.terminal, holder, Way(code_of(way)))
        served = kiosk.load() if service == "load" else kiosk.change_pin()
        purse = place.terminal.show().purse
        pin = _good_pin(place.terminal)
    _record(world, served, way)
    on_platform_fen = world.desk.transit(found.card_id)["balance_fen"]
    return Result(served.ended, purse.balance_fen if purse else 0, on_platform_fen, pin)


def _good_pin(kiosk: Kiosk) -> str:
    for pin, called in ((PIN, "former"), (NEW_PIN, "new")):
        try:
            kiosk.change_pin(pin, pin)
        except CardRefusesCommand:
            continue
        return called
    return "none"


def _record(world: World, served: Served, way: str) -> None:
    last = served.told[-1]
    shown = last.said or " ".join("".join(page) for page in last.pages)
    world.recorder.fact("办理方式", "served in the way", term_in_chinese(way))
    world.recorder.fact("最后的提示", "told last", shown)
    world.recorder.fact("提示页数", "pages told", str(sum(len(each.pages) for each in served.told)))
