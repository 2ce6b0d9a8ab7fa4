"""A kiosk leads holders who see or hear badly, or need time, to the result everybody gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards.desks import HOLDER, Place, dead_line, made_card
from tests.virtual_cards.people import card_image
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card
from virtual_cards.terminals import (
    CardIsNotGenuine,
    Contents,
    Ended,
    GuidedKiosk,
    Kiosk,
    PlatformLine,
    Received,
    Way,
)
from virtual_cards.terminals.guided_kiosk import NOT_THE_SAME, PIN_CHANGED, TOO_LATE
from virtual_cards.terminals.presentation import MANNERS, Language, Told, width_of, wrap

PIN, NEW_PIN = "123456", "654321"


@dataclass
class Holder:
    """Types these answers, each after so many seconds; keeps what was told."""

    types: list[str]
    after_s: float = 0
    told: list[Told] = field(default_factory=list)

    def attend(self, told: Told) -> None:
        self.told.append(told)

    def answer(self, told: Told) -> tuple[str, float]:
        self.told.append(told)
        return self.types.pop(0), self.after_s


@pytest.fixture
def line() -> Iterator[PlatformLine]:
    with dead_line() as dead:
        yield dead


@pytest.fixture
def place(card: Card) -> Place:
    made = Place()
    made.hold(card)
    return made


@pytest.fixture
def card() -> Card:
    return made_card()


def change_pin(
    place: Place, line: PlatformLine, holder: Holder, way: Way, language: Language = "zh"
) -> tuple[Ended, bool]:
    """How it ended, and whether the card now has the new PIN."""
    kiosk = Kiosk(*place.kit, line, clock=place.clock)
    served = GuidedKiosk(kiosk, holder, way, language).change_pin()
    assert list(served.told) == holder.told
    assert (served.reason is None) is (served.ended is Ended.DONE)
    try:
        kiosk.change_pin(NEW_PIN, PIN)
    except Exception:  # noqa: BLE001 - the card refuses: it has the old one
        kiosk.change_pin(PIN, PIN)
        return served.ended, False
    return served.ended, True


def text_of(told: Told) -> str:
    return told.said or "".join(line for page in told.pages for line in page)


@pytest.mark.parametrize("way", Way)
def test_every_way_ends_in_the_same_result(place: Place, line: PlatformLine, way: Way) -> None:
    holder = Holder([PIN, NEW_PIN, NEW_PIN], after_s=MANNERS[way].answer_within_s)
    assert change_pin(place, line, holder, way) == (Ended.DONE, True)
    assert text_of(holder.told[-1]) == PIN_CHANGED.zh


@pytest.mark.parametrize("way", [Way.LARGE_PRINT, Way.VOICE])
def test_who_needs_time_gets_it_in_another_way_than_the_ordinary(
    place: Place, line: PlatformLine, way: Way
) -> None:
    slow = Holder([PIN, NEW_PIN, NEW_PIN], after_s=60)
    assert change_pin(place, line, slow, Way.ORDINARY) == (Ended.TOO_LATE, False)
    assert text_of(slow.told[-1]) == TOO_LATE.zh
    slow = Holder([PIN, NEW_PIN, NEW_PIN], after_s=60)
    assert change_pin(place, line, slow, way) == (Ended.DONE, True)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(
    ("types", "last"),
    [
        ([PIN, NEW_PIN, "123123"], NOT_THE_SAME.en),
        ([PIN, "12", "12"], "A PIN has six digits; your PIN is not changed."),
        (["999999", NEW_PIN, NEW_PIN], "The PIN is wrong; 5 tries are left."),
    ],
)
def test_what_is_refused_is_told_and_changes_nothing(
    place: Place, line: PlatformLine, way: Way, types: list[str], last: str
) -> None:
    holder = Holder([*types])
    assert change_pin(place, line, holder, way, "en") == (Ended.REFUSED, False)
    told = holder.told[-1]
    assert (told.said or " ".join(line for page in told.pages for line in page)) == last


def test_a_program_learns_why_a_holder_was_not_served(place: Place, line: PlatformLine) -> None:
    kiosk = Kiosk(*place.kit, line, clock=place.clock)

    def serve(*types: str, after_s: float = 0) -> tuple[str | None, int | None]:
        served = GuidedKiosk(kiosk, Holder([*types], after_s), Way.ORDINARY).change_pin()
        assert served.last.zh in "".join(text_of(served.told[-1]))
        return served.reason, served.pin_tries_left

    assert serve(PIN, after_s=31) == ("no-answer", None)
    assert serve(PIN, NEW_PIN, PIN) == ("new-pins-differ", None)
    assert serve(PIN, "12", "12") == ("not-a-pin", None)
    for left in range(5, -1, -1):
        assert serve("999999", NEW_PIN, NEW_PIN) == ("pin-wrong", left)
    assert serve(PIN, NEW_PIN, NEW_PIN) == ("pin-locked", None)
    place.reader.remove()
    place.hold(load_card(card_image()).card)
    with pytest.raises(CardIsNotGenuine):
        serve(PIN)


@pytest.mark.parametrize("way", Way)
def test_nothing_typed_is_told_and_no_name_is_said(
    place: Place, line: PlatformLine, way: Way
) -> None:
    holder = Holder([PIN, NEW_PIN, NEW_PIN])
    change_pin(place, line, holder, way)
    texts = "|".join(text_of(each) for each in holder.told)
    assert PIN not in texts
    assert NEW_PIN not in texts
    assert (HOLDER.name in texts) is (way is not Way.VOICE)


def test_large_print_keeps_to_its_lines_and_pages(place: Place, line: PlatformLine) -> None:
    holder = Holder([PIN, NEW_PIN, NEW_PIN], after_s=1_000)
    change_pin(place, line, holder, Way.LARGE_PRINT, "en")
    assert len(holder.told[-1].pages) > 1, "the last message is a long one"
    manner = MANNERS[Way.LARGE_PRINT]
    for told in holder.told:
        assert not told.said
        assert all(len(page) <= manner.lines for page in told.pages)
        assert all(width_of(each) <= manner.width for page in told.pages for each in page)


def test_a_purse_is_told_as_asked(place: Place, line: PlatformLine) -> None:
    kiosk = Kiosk(*place.kit, line, clock=place.clock)
    for way in Way:
        served = GuidedKiosk(kiosk, Holder([]), way).show()
        assert served.ended is Ended.DONE
        assert isinstance(served.gave, Contents)
        assert isinstance(served.received, Received)
        assert text_of(served.told[-1]) == "余额 50.00 元。"


def test_no_amount_is_loaded_that_is_none(place: Place, line: PlatformLine) -> None:
    kiosk = Kiosk(*place.kit, line, clock=place.clock)
    for typed in ("", "0", "-5", "1.5", "五十", "100000", "9" * 30, "٥٠"):
        served = GuidedKiosk(kiosk, Holder([typed]), Way.VOICE, "en").load()
        assert (served.ended, served.reason) == (Ended.REFUSED, "not-an-amount")
        assert "nothing is loaded" in served.told[-1].said


@given(st.text(st.sampled_from("卡片密码，。 abcXYZ-;"), max_size=80), st.integers(4, 30))
def test_lines_hold_the_whole_text_and_are_never_wider(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.strip() for line in lines)
    for line in lines:
        assert width_of(line.rstrip("，。;")) <= width
