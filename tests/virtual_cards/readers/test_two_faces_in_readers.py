"""Two faces of one card in readers: the mute one is no card to PC/SC, and comes back by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from virtual_cards.card_os import Card
from virtual_cards.readers import CardIsAbsent, InProcessReader, pcsc, pcscd
from virtual_cards.readers.pcsc import PcscReader
from virtual_cards.readers.rack import ReaderRack

SELECT = bytes.fromhex("00A4040008A00000063201010500")
PRESENCE_S_MAX = 3.0

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.skipif(
        bool(pcscd.missing_parts()) or not pcsc.is_available(),
        reason=f"needs {pcscd.missing_parts()} and pyscard: run make set-up as root",
    ),
]


@pytest.fixture
def rack() -> Iterator[ReaderRack]:
    before = threading.active_count()
    with ReaderRack(2) as rack:
        yield rack
    assert threading.active_count() == before, "a slot left a thread behind"


@pytest.fixture
def face(card: Card) -> Card:
    assert card.contactless is not None
    return card.contactless


def is_there(reader: PcscReader, card: Card) -> bool:
    """Whether a client gets this card and its purse."""
    try:
        atr = reader.connect()
        answered = reader.transmit(SELECT)
    except CardIsAbsent:
        return False
    assert atr == card.atr
    return answered.endswith(b"\x90\x00")


def wait_until_gone(reader: PcscReader) -> None:
    """pcscd looks every 0.4 s: from then on there is no card."""
    deadline = time.monotonic() + PRESENCE_S_MAX
    while time.monotonic() < deadline:
        try:
            reader.connect()
            reader.transmit(SELECT)
        except CardIsAbsent:
            return
        finally:
            reader.disconnect()
    raise AssertionError("the mute face is still a card")


def wait_until_free(card: Card) -> None:
    """Power off is a message nobody answers: the card hears of it a moment later."""
    deadline = time.monotonic() + PRESENCE_S_MAX
    while not card.atr and time.monotonic() < deadline:
        time.sleep(0.001)


def test_a_mute_face_comes_back_each_time_the_other_is_released(
    rack: ReaderRack, card: Card, face: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pcsc, "CONNECT_S_MAX", PRESENCE_S_MAX)
    contacts, field = InProcessReader("slot", card), rack.reader(0)
    contacts.connect()
    rack.insert(0, face)
    for _ in range(2):
        assert not is_there(field, face), "it sits in the field of a reader, and is mute"
        contacts.disconnect()
        assert is_there(field, face)
        with pytest.raises(CardIsAbsent):
            contacts.connect()
        field.disconnect()
        wait_until_free(card)
        contacts.connect()
        wait_until_gone(field)
    assert rack.remove(0) is face


def test_a_face_that_leaves_a_pcsc_reader_frees_the_other(
    rack: ReaderRack, card: Card, face: Card
) -> None:
    readers = [rack.reader(number) for number in range(2)]
    rack.insert(0, card)
    assert is_there(readers[0], card)
    rack.insert(1, face)
    assert not face.atr
    assert rack.remove(0) is card, "without its power the contact face holds nothing"
    assert is_there(readers[1], face)
    rack.insert(0, card)
    readers[1].disconnect()
    rack.remove(1)
    assert is_there(readers[0], card)
    readers[0].disconnect()


def test_two_readers_of_one_card_take_turns(rack: ReaderRack, card: Card, face: Card) -> None:
    slot, field = rack.reader(0), rack.reader(1)
    rack.insert(0, card)
    assert is_there(slot, card)
    rack.insert(1, face)
    wait_until_gone(field)
    for _ in range(2):
        slot.disconnect()
        assert is_there(field, face)
        field.disconnect()
        assert is_there(slot, card)
    slot.disconnect()


def test_a_mute_card_can_be_taken_out_while_it_waits(
    rack: ReaderRack, card: Card, face: Card
) -> None:
    contacts = InProcessReader("slot", card)
    contacts.connect()
    rack.insert(0, face)
    wait_until_gone(rack.reader(0))
    assert rack.slots[0].card is face, "it lies there all the same"
    begin = time.monotonic()
    assert rack.remove(0) is face
    assert time.monotonic() - begin < PRESENCE_S_MAX
    contacts.disconnect()
    rack.insert(0, face)
    reader = rack.reader(0)
    assert is_there(reader, face)
    reader.disconnect()
