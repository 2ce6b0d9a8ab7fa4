"""Certificates: written later by those who certify, read by terminals as concessions."""

from __future__ import annotations

from datetime import date

import pytest

from card_platform.keys.bank_cryptogram import command_proof
from tests.virtual_cards import bank_cards as cards
from tests.virtual_cards import people
from virtual_cards.applets.certificates import CertificateKind
from virtual_cards.card_os import Card, LeRule
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader, TranscriptReader
from virtual_cards.terminals import Concession, read_concessions
from virtual_cards.transcripts import TranscriptDecoder

WRITE = "80E20000"
READ_DETAILS = "00B2011400"


@pytest.fixture
def card() -> Card:
    return load_card(cards.image()).card


def write(card: Card, record: bytes, certifier: str = "disability") -> str:
    cards.send(card, cards.SELECT_CERTIFICATES)
    return cards.prove(card, WRITE, cards.CERTIFIERS[certifier], record)


@pytest.mark.parametrize("rule", LeRule)
def test_a_certificate_written_later_is_a_concession_to_a_terminal(rule: LeRule) -> None:
    card = load_card(cards.image(), le_rule=rule).card
    reader = InProcessReader("gate", card)
    assert read_concessions(reader) == ()
    assert write(card, cards.certificate()) == "9000"
    expected = Concession(
        CertificateKind.DISABILITY, 2, date(2026, 1, 1), date(2035, 12, 31), "500100"
    )
    assert read_concessions(reader) == (expected,)
    assert expected.holds_on(date(2035, 12, 31))
    assert not expected.holds_on(date(2036, 1, 1))


def test_a_card_without_the_application_has_no_concessions() -> None:
    assert read_concessions(InProcessReader("gate", load_card(people.card_image()).card)) == ()


def test_a_renewal_takes_the_place_of_the_certificate_of_its_kind(card: Card) -> None:
    assert write(card, cards.certificate()) == "9000"
    assert write(card, cards.certificate(kind=2, level=0), "veteran") == "9000"
    assert write(card, cards.certificate(level=1, until="20401231")) == "9000"
    found = read_concessions(InProcessReader("gate", card))
    assert [(each.kind, each.level) for each in found] == [(1, 1), (2, 0)]
    assert found[0].valid_until == date(2040, 12, 31)


def test_each_kind_has_a_certifier_of_its_own(card: Card) -> None:
    assert write(card, cards.certificate(), "veteran") == "63C4"
    assert write(card, cards.certificate(kind=2, level=0), "disability") == "63C4"
    assert read_concessions(InProcessReader("gate", card)) == ()
    for left in (3, 2, 1, 0):
        assert write(card, cards.certificate(), "veteran") == f"63C{left}"
    assert write(card, cards.certificate()) == "6983"
    assert write(card, cards.certificate(kind=2, level=0), "veteran") == "9000"


@pytest.mark.parametrize(
    ("faulty", "status"),
    [
        (cards.certificate(kind=3), "6A80"),
        (cards.certificate(level=5), "6A80"),
        (cards.certificate(kind=2, level=11), "6A80"),
        (cards.certificate(until="20251231"), "6A80"),
        (cards.certificate(until="20351331"), "6A80"),
        (cards.certificate(until="2035123A"), "6A80"),
        (cards.certificate()[:-1], "6700"),
    ],
    ids=["kind", "degree", "grade", "ends before it begins", "month", "no digit", "short"],
)
def test_a_faulty_certificate_is_refused_and_costs_no_try(
    card: Card, faulty: bytes, status: str
) -> None:
    before = card.memory.values()
    assert write(card, faulty) == status
    assert card.memory.values() == before


def test_number_and_issuer_need_the_pin_of_the_holder(card: Card) -> None:
    write(card, cards.certificate())
    assert cards.send(card, "00B2010C00") == "0102" + "2026010120351231" + "500100" + "9000"
    assert cards.send(card, READ_DETAILS) == "6982"
    assert cards.send(card, "0020000003123456") == "9000"
    details = bytes.fromhex(cards.send(card, READ_DETAILS))
    assert details[1:21].decode() == cards.CERTIFICATE_NUMBER
    cards.send(card, cards.SELECT_PSE)
    cards.send(card, cards.SELECT_CERTIFICATES)
    assert cards.send(card, READ_DETAILS) == "6982"


def test_a_challenge_is_used_up_and_update_record_is_closed(card: Card) -> None:
    write(card, cards.certificate())
    body = cards.certificate() + bytes(8)
    assert cards.send(card, f"{WRITE}{len(body):02X}{body.hex()}") == "6984"
    assert cards.send(card, "00DC010C0101") == "6982"
    assert cards.send(card, "00E2000000") == "6E00"
    assert cards.send(card, "80E2010001FF") == "6A86"


def test_an_image_may_bring_a_certificate() -> None:
    image = cards.image()
    image["certificates"]["veteran"] = cards.veteran_section()
    (found,) = read_concessions(InProcessReader("gate", load_card(image).card))
    assert (found.kind, found.level, found.valid_until) == (2, 6, date(9999, 12, 31))


def test_a_transcript_masks_the_number() -> None:
    card = load_card(cards.image()).card
    reader = TranscriptReader(InProcessReader("desk", card))
    reader.connect()
    reader.transmit(bytes.fromhex(cards.SELECT_CERTIFICATES))
    challenge = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    proof = command_proof(
        cards.CERTIFIERS["disability"], challenge, bytes.fromhex(WRITE), cards.certificate()
    )
    reader.transmit(bytes.fromhex(WRITE + "51") + cards.certificate() + proof)
    for command in ("00B2010C00", "0020000003123456", READ_DETAILS):
        reader.transmit(bytes.fromhex(command))
    decoded = TranscriptDecoder().decode_all(reader.transcript.exchanges)
    written, concession, details = decoded[3], decoded[4], decoded[6]
    assert (written.title_zh, written.title_en) == ("写入证件", "WRITE CERTIFICATE")
    assert decoded[1].title_zh == "选择证件应用"
    assert concession.fields[0].value == "01 残疾人证 / disability certificate"
    assert {field.name_en: field.value for field in details.fields}["certificate number"] == (
        "500000************43"
    )
    assert cards.CERTIFICATE_NUMBER not in str(decoded)
    assert cards.CERTIFICATE_NUMBER.encode().hex() not in str(decoded)
