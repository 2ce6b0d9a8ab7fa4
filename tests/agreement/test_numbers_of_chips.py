"""A genuine chip that shows the number of another card: the chip proves itself, and the platform
refuses the number at every desk that reads cards.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.agreement.conftest import Town, now
from virtual_cards.personalisation import PersonalisedCard, load_card
from virtual_cards.terminals import (
    HospitalDesk,
    Kiosk,
    LibraryDesk,
    NotReceived,
    Pharmacy,
    Received,
)
from virtual_cards.terminals.holder_desk import HolderDesk

REASON = "card-number-is-not-the-chips"
DESKS: dict[str, Callable[..., HolderDesk]] = {
    "hospital_desk": HospitalDesk,
    "pharmacy": Pharmacy,
    "library_desk": LibraryDesk,
    "kiosk": Kiosk,
}


def overwritten(card: PersonalisedCard, other: PersonalisedCard, *files: str) -> PersonalisedCard:
    """The chip of `card` with what `other` says in these files, but for the chip's own region."""
    image, shown = (copy.deepcopy(dict[str, Any](each.image)) for each in (card, other))
    says, said = (each["social_security"]["files"] for each in (image, shown))
    for file in files:
        says[file] |= {tag: value for tag, value in said[file].items() if tag != "01"}
    if "EF05" in files:
        image["card_number"] = shown["card_number"]
    return load_card(image)


@pytest.fixture
def cards(town: Town) -> Iterator[tuple[PersonalisedCard, PersonalisedCard, str]]:
    """A card, another's, and the id of that one."""
    (_, _, card), (_, other_id, other) = town.issue(), town.issue()
    yield card, other, other_id
    town.reader.remove()


@pytest.mark.parametrize(
    ("files", "reason"),
    [(("EF05",), REASON), (("EF05", "EF06"), REASON), (("EF06",), "name-differs")],
    ids=" ".join,
)
def test_every_desk_refuses_what_was_written_over_on_a_genuine_chip(
    town: Town,
    cards: tuple[PersonalisedCard, PersonalisedCard, str],
    files: tuple[str, ...],
    reason: str,
) -> None:
    card, other, other_id = cards
    town.reader.insert(overwritten(card, other, *files).card)
    counter = town.counter()
    read = counter.read_card()
    check = counter.check_identity("service-counter", read)
    assert (check.result, check.reason, check.card_state) == ("refused", reason, None)
    verified = counter.verify_identity("government-service", "测试政务大厅", read)
    assert (verified.result, verified.reason, verified.card_number) == ("refused", reason, None)
    for kind, make in DESKS.items():
        line, module, _ = town.enrol(kind, None)
        desk = make(town.reader, module, line.terminal_parameters(), line, clock=now)
        told = desk.receive("identity")
        assert isinstance(told, NotReceived), kind
        assert told.reason == reason
        assert told.holder.historical_bytes == card.image["historical_bytes"]
        assert told.detail_zh
        assert told.detail_en
    if "EF05" in files:
        log = town.desk.get("clerk", f"/v1/cards/{other_id}/access-log")["reads"]
        assert [each["refusal"] for each in log].count(REASON) == 2 + len(DESKS)


def test_a_number_that_was_changed_between_reader_and_desk_is_refused(
    town: Town, cards: tuple[PersonalisedCard, PersonalisedCard, str]
) -> None:
    card, other, _ = cards
    counter = town.counter()
    town.reader.insert(other.card)
    wanted = counter.read_card()
    town.reader.remove()
    tampered = Tampering(card.card, wanted.card_number.encode(), wanted.name.encode("gbk"))
    town.reader.insert(tampered)
    read = counter.read_card()
    assert (read.card_number, read.name) == (wanted.card_number, wanted.name)
    check = counter.check_identity("service-counter", read)
    assert (check.result, check.reason) == ("refused", REASON)


def test_both_genuine_cards_are_served(
    town: Town, cards: tuple[PersonalisedCard, PersonalisedCard, str]
) -> None:
    hospital = town.hospital()
    for each in cards[:2]:
        town.reader.insert(each.card)
        assert isinstance(hospital.register(), Received)
        town.reader.remove()


class Tampering:
    """Stands between reader and card, and changes number and name in what the card answers."""

    def __init__(self, card: Any, number: bytes, name: bytes) -> None:
        self._card = card
        self._records = {0x07: number, 0x09: name}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._card, name)

    def transmit(self, command: bytes) -> bytes:
        """The card's answer, changed."""
        answer: bytes = self._card.transmit(command)
        if command[:2] != b"\x00\xb2" or command[2] not in self._records or len(answer) < 4:
            return answer
        length = len(answer) - 4
        return answer[:2] + self._records[command[2]].ljust(length, b"\0") + answer[-2:]
