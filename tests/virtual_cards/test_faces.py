"""Two faces of one card: ATRs, one state, and only one of them powered."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards import people
from tests.virtual_cards.conftest import talk_to
from virtual_cards.card_os import Card, Protocol
from virtual_cards.card_os.answer_to_reset import historical_bytes_start
from virtual_cards.personalisation import load_card
from virtual_cards.readers import CardIsAbsent, InProcessReader
from virtual_cards.transcripts import TranscriptDecoder

SELECT_PURSE = "00A4040008A000000632010105"
SELECT = bytes.fromhex(SELECT_PURSE)
HISTORICAL = people.HISTORICAL_BYTES.hex().upper()


def other_face(card: Card) -> Card:
    assert card.contactless is not None
    return card.contactless


def test_each_face_has_the_atr_of_its_protocol() -> None:
    t0 = load_card(people.card_image()).card
    t1 = load_card(people.card_image(), protocol=Protocol.T1).card
    assert t0.atr.hex().upper() == "3B6D0000" + HISTORICAL
    assert t1.atr.hex().upper()[:-2] == "3BED00008131FE45" + HISTORICAL
    assert other_face(t0).atr.hex().upper()[:-2] == "3B8D8001" + HISTORICAL
    for atr in (t1.atr, other_face(t0).atr):
        assert reduce(xor, atr[1:]) == 0, "TCK makes the XOR zero"


def test_the_decoder_finds_the_historical_bytes_of_every_face() -> None:
    t0 = load_card(people.card_image()).card
    t1 = load_card(people.card_image(), protocol=Protocol.T1).card
    for atr, check_bytes in ((t0.atr, 0), (t1.atr, 1), (other_face(t0).atr, 1)):
        fields = TranscriptDecoder().decode_bytes(b"", atr).fields
        shown = {field.name_en: field.value for field in fields}
        assert shown["region"] == "5000"
        assert shown["card serial"] == "0000002A"
        assert ("check byte TCK" in shown) is bool(check_bytes)


@given(st.binary(max_size=40))
def test_any_bytes_have_a_place_where_historical_bytes_would_begin(answer: bytes) -> None:
    assert 0 <= historical_bytes_start(answer) <= len(answer)


def test_a_psam_has_no_antenna(psam: Card) -> None:
    assert psam.contactless is None


def test_while_one_face_is_powered_the_other_is_mute(card: Card) -> None:
    contact, contactless = InProcessReader("slot", card), InProcessReader("field", other_face(card))
    assert contact.connect()
    with pytest.raises(CardIsAbsent):
        contactless.connect()
    assert other_face(card).transmit(SELECT) == b""
    assert other_face(card).reset() == other_face(card).atr == b""
    assert contact.transmit(SELECT) == bytes.fromhex("6133"), "and disturbs nothing"
    assert contact.transmit(bytes.fromhex("805C030204"))[-2:] == b"\x90\x00"
    contactless.disconnect()
    assert contact.transmit(bytes.fromhex("805C030204"))[-2:] == b"\x90\x00"
    contact.disconnect()
    assert contactless.connect() == other_face(card).atr != b""
    with pytest.raises(CardIsAbsent):
        contact.connect()


def test_both_faces_share_what_is_stored_and_nothing_volatile(card: Card) -> None:
    talk, field = talk_to(card), talk_to(other_face(card))
    talk(SELECT_PURSE)
    assert talk("0020000003000000") == "63C5"
    card.power_off()
    assert field("805C030204") == "6D00", "the selection went with the power"
    field(SELECT_PURSE)
    assert field("0020000000") == "63C5"
    other_face(card).power_off()
    talk(SELECT_PURSE)
    assert talk("0020000003123456") == "9000"
    card.power_off()
    field(SELECT_PURSE)
    assert field("0020000000") == "63C6"


@pytest.mark.parametrize("protocol", list(Protocol))
def test_blocks_carry_the_data_at_once_and_bytes_make_them_wait(protocol: Protocol) -> None:
    card = load_card(people.card_image(), protocol=protocol).card
    answer = talk_to(card)(SELECT_PURSE)
    if protocol is Protocol.T0:
        assert answer == "6133"
    else:
        assert answer.startswith("6F31")
        assert talk_to(card)("00C0000000") == "6985"
        assert len(talk_to(card)("00B095000A")) == 2 * 12
