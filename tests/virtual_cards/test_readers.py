"""The in-process reader: power, insertion, removal."""

from __future__ import annotations

import pytest

from virtual_cards.card_os import Card
from virtual_cards.readers import CardIsAbsent, InProcessReader, Reader

SELECT = bytes.fromhex("00A4040008A000000632010105")


def test_an_empty_reader_says_so() -> None:
    reader: Reader = InProcessReader("slot 1")
    with pytest.raises(CardIsAbsent, match="slot 1"):
        reader.connect()
    with pytest.raises(CardIsAbsent):
        reader.transmit(SELECT)
    reader.disconnect()


def test_inserting_does_not_power_the_card(card: Card) -> None:
    reader = InProcessReader()
    reader.insert(card)
    with pytest.raises(CardIsAbsent):
        reader.transmit(SELECT)
    assert reader.connect() == card.atr
    assert reader.transmit(SELECT) == bytes.fromhex("6133")


def test_removing_loses_what_is_volatile_and_keeps_the_rest(card: Card) -> None:
    reader = InProcessReader(card=card)
    reader.connect()
    reader.transmit(SELECT)
    before = card.memory.values()
    reader.remove()
    reader.insert(card)
    reader.connect()
    assert reader.transmit(bytes.fromhex("805C000204")) == bytes.fromhex("6D00")
    assert card.memory.values() == before


def test_another_card_takes_the_place_of_the_first(card: Card, psam: Card) -> None:
    reader = InProcessReader(card=card)
    reader.connect()
    reader.insert(psam)
    assert reader.connect() == psam.atr
