"""The bank application: closed, opened, read, paid with; every approval is the issuer's."""

from __future__ import annotations

import pytest

from card_platform.keys.bank_cryptogram import BankCard
from tests.virtual_cards import bank_cards as bank
from tests.virtual_cards import people
from virtual_cards.apdu import tlv
from virtual_cards.card_os import Card, LeRule
from virtual_cards.personalisation import load_card
from virtual_cards.readers import (
    CardIsAbsent,
    FaultPlan,
    FaultyCard,
    InProcessReader,
    Reader,
    TranscriptReader,
    tears_of,
)

GPO = "80A8000002830000"
AFTER_GPO = "800A1C0008010100100102009000"
ISSUER = BankCard(bank.CARD_KEY)


@pytest.fixture
def opened() -> Card:
    return bank.opened_card()


def pay(card: Card, kind: str, data: bytes) -> bytes:
    """GENERATE AC; the value of template 80, or the status word alone."""
    answer = bank.send(card, f"80AE{kind}00{len(data):02X}{data.hex()}00")
    return tlv.find(bytes.fromhex(answer[:-4]), 0x80) or bytes.fromhex(answer)


def approve(card: Card, request: bytes, code: str = "00") -> str:
    body = ISSUER.answer(request[3:11], request[1:3], code)
    return bank.send(card, "008200000A" + body.hex())


def test_a_new_card_has_no_bank_application_until_the_holder_opens_the_function() -> None:
    card = load_card(bank.image()).card
    assert bank.send(card, bank.SELECT_BANK) == "6A82"
    assert bank.send(card, bank.SELECT_PSE + "00").endswith("9000")
    assert bank.send(card, "00B2010C00") == "6A83"
    assert "A000000333" not in bank.send(card, bank.SELECT_PPSE + "00")
    assert bank.switch(card) == "9000"
    assert bank.send(card, "00B2010C00") == (
        "701B61194F08A000000333010101500A50424F432044454249548701019000"
    )
    assert "A000000333010101" in bank.send(card, bank.SELECT_PPSE + "00")
    assert bank.send(card, bank.SELECT_BANK + "00").endswith("9F4D020B0A9000")


def test_the_function_closes_again_and_outlives_a_reset_and_a_snapshot() -> None:
    made = load_card(bank.image())
    bank.switch(made.card)
    made.card.reset()
    again = load_card(made.snapshot()).card
    assert bank.send(again, bank.SELECT_BANK + "00").endswith("9000")
    assert bank.switch(again, opens=False) == "9000"
    assert bank.send(again, bank.SELECT_BANK + "00") == "6A82"
    assert "A000000333" not in bank.send(again, bank.SELECT_PPSE + "00")
    assert "A000000632010105" in bank.send(again, bank.SELECT_PPSE + "00"), "the purse stays"


def test_only_the_bank_opens_the_function_and_has_five_tries() -> None:
    card = load_card(bank.image()).card
    bank.send(card, bank.SELECT_PSE)
    assert bank.send(card, "8044000008" + "00" * 8) == "6984"
    wrong = people.master("someone else")
    for left in (4, 3):
        assert bank.prove(card, "80440000", wrong) == f"63C{left}"
    assert bank.prove(card, "80440000", bank.FUNCTION_KEY) == "9000"
    for left in (4, 3, 2, 1, 0):
        assert bank.prove(card, "80040000", wrong) == f"63C{left}"
    assert bank.prove(card, "80040000", bank.FUNCTION_KEY) == "6983"
    assert bank.send(card, bank.SELECT_BANK + "00").endswith("9000")


def test_a_proof_is_good_for_one_command_only() -> None:
    card = load_card(bank.image()).card
    bank.send(card, bank.SELECT_PSE)
    assert bank.prove(card, "80440000", bank.FUNCTION_KEY) == "9000"
    assert bank.send(card, "8044000008" + "00" * 8) == "6984"
    card.transmit(bytes.fromhex("0084000008"))
    bank.send(card, bank.SELECT_PPSE)
    bank.send(card, bank.SELECT_PSE)
    assert bank.send(card, "8004000008" + "00" * 8) == "6984"


@pytest.mark.parametrize("read", ["00B2011400", "00B2011C00", "00B2018400"])
def test_bank_number_readers_find_the_pan_without_gpo(opened: Card, read: str) -> None:
    bank.send(opened, bank.SELECT_BANK)
    record = bytes.fromhex(bank.send(opened, read)[:-4])
    assert tlv.find(record, 0x70, 0x5A) == bytes.fromhex(bank.PAN)


def test_a_reader_that_sends_data_nobody_asked_for_is_answered(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    assert bank.send(opened, "80A800000B830900000000000000015600") == AFTER_GPO


def test_a_card_may_ask_for_data_with_contact() -> None:
    card = bank.opened_card(contact_pdol="9F7A019F02065F2A02")
    fci = bytes.fromhex(bank.send(card, bank.SELECT_BANK + "00")[:-4])
    assert tlv.find(fci, 0x6F, 0xA5, 0x9F38) == bytes.fromhex("9F7A019F02065F2A02")
    assert bank.send(card, GPO) == "6700"
    assert bank.send(card, "80A800000B830900000000000000015600") == AFTER_GPO


def test_the_records_the_afl_names_hold_what_a_terminal_needs(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    assert bank.send(opened, GPO) == AFTER_GPO
    found = set()
    for read in ("00B2010C00", "00B2011400", "00B2021400"):
        record = bytes.fromhex(bank.send(opened, read)[:-4])
        found |= {each.tag for each in tlv.decode(tlv.find(record, 0x70) or b"")}
    assert found >= {0x57, 0x5A, 0x5F20, 0x5F24, 0x5F28, 0x5F34, 0x8C, 0x8D, 0x8E, 0x9F07}


def test_a_payment_with_contact_is_approved_by_the_issuer_and_logged(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    bank.send(opened, GPO)
    request = pay(opened, "40", bank.first_data())
    assert request[0] == 0x80, "a terminal that asks for approval is sent online"
    assert request[1:3] == b"\0\1"
    assert request[11:].hex().upper() == "07010103A0000001"
    assert approve(opened, request) == "9000"
    final = pay(opened, "40", bank.second_data())
    assert (final[0], final[1:3]) == (0x40, b"\0\1")
    assert final[11:].hex().upper() == "0701010360000001"
    assert final[3:11] != request[3:11]
    assert pay(opened, "40", bank.second_data()).hex() == "6985", "once"
    log = bank.send(opened, "00B2015C00")
    assert log == "261121093000" + bank.AMOUNT + "000000000000" + "01560156" + (
        "00" * 20 + "00" + "0001" + "9000"
    )
    assert bank.send(opened, "80CA9F3600") == "9F360200019000"
    assert bank.send(opened, "80CA9F1300") == "9F130200019000"
    assert bank.send(opened, "80CA9F1700") == "9F1701039000"
    assert bank.send(opened, "80CA9F4F00").startswith("9F4F199A039F2103")
    assert bank.send(opened, "80CA9F7900") == "6A88"


@pytest.mark.parametrize("code", ["05", "51"])
def test_a_declined_payment_gives_no_certificate_and_no_log(opened: Card, code: str) -> None:
    bank.send(opened, bank.SELECT_BANK)
    bank.send(opened, GPO)
    request = pay(opened, "80", bank.first_data())
    assert approve(opened, request, code) == "9000"
    final = pay(opened, "40", bank.second_data(code.encode()))
    assert (final[0], final[11:].hex().upper()) == (0x00, "0701010320000001")
    assert bank.send(opened, "00B2015C00") == "6A83"


def test_without_the_issuer_there_is_no_approval(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    bank.send(opened, GPO)
    request = pay(opened, "80", bank.first_data())
    assert bank.send(opened, "008200000A" + "00" * 10) == "6300"
    assert approve(opened, request) == "6985", "the issuer has one try"
    assert pay(opened, "40", bank.second_data())[0] == 0x00
    assert bank.send(opened, "80CA9F1300") == "9F130200009000"


def test_commands_out_of_order_change_nothing(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    assert pay(opened, "80", bank.first_data()).hex() == "6985"
    assert bank.send(opened, "008200000A" + "00" * 10) == "6985"
    bank.send(opened, GPO)
    before = opened.memory.values()
    assert bank.send(opened, GPO) == "6985"
    assert pay(opened, "C0", bank.first_data()).hex() == "6a86"
    assert pay(opened, "90", bank.first_data()).hex() == "6a86"
    assert pay(opened, "80", b"\0").hex() == "6700"
    assert bank.send(opened, "80A8000003830100") == "6985"
    assert bank.send(opened, "80A80000028000") == "6A80"
    assert bank.send(opened, "00AE800000") == "6E00"
    assert bank.send(opened, "00DC011402AAAA") == "6982"
    assert opened.memory.values() == before
    assert pay(opened, "00", bank.first_data())[0] == 0x00
    assert pay(opened, "80", bank.first_data()).hex() == "6985"


def proximity(card: Card, qualifiers: str = "26000000") -> bytes:
    data = bytes.fromhex(qualifiers) + bank.terms()
    assert len(data) == 33
    answer = bank.send(card, f"80A80000238321{data.hex()}00")
    return bytes.fromhex(answer[:-4])


def test_a_payment_without_contact_is_one_command(opened: Card) -> None:
    opened = bank.by_field(opened)
    bank.send(opened, bank.SELECT_PPSE)
    fci = bank.send(opened, bank.SELECT_BANK + "00")
    assert "9F38189F66049F0206" in fci
    answer = proximity(opened)
    assert tlv.find(answer, 0x77, 0x9F27) == b"\x80"
    assert tlv.find(answer, 0x77, 0x9F36) == b"\0\1"
    assert tlv.find(answer, 0x77, 0x9F10) == bytes.fromhex("07010103A0000001")
    assert bank.HOLDER.encode() not in answer
    assert pay(opened, "80", bank.first_data()).hex() == "6985"
    assert bank.send(opened, "00B2015C00").startswith("261121")
    bank.send(opened, bank.SELECT_BANK)
    assert tlv.find(proximity(opened, "28000000"), 0x77, 0x9F27) == b"\0", "an offline terminal"


def test_the_face_decides_and_not_the_order_of_selections(opened: Card) -> None:
    bank.send(opened, bank.SELECT_PPSE)
    assert "9F38" not in bank.send(opened, bank.SELECT_BANK + "00"), "contacts, PPSE or not"
    face = bank.by_field(opened)
    bank.send(face, bank.SELECT_PSE)
    assert "9F38189F66049F0206" in bank.send(face, bank.SELECT_BANK + "00")
    assert bank.send(opened, bank.SELECT_BANK + "00") == "", "mute while the field is on"
    assert proximity(face)[0] == 0x77
    face.power_off()
    assert bank.send(opened, GPO) == "6D00", "nothing is selected any more"
    assert "9F38" not in bank.send(opened, bank.SELECT_BANK + "00"), "with contact again"
    assert bank.send(opened, GPO) == AFTER_GPO


def test_a_counter_is_never_used_twice_and_ends(opened: Card) -> None:
    bank.send(opened, bank.SELECT_BANK)
    for counter in (1, 2, 3):
        bank.send(opened, GPO)
        opened.reset()
        bank.send(opened, bank.SELECT_BANK)
        assert bank.send(opened, "80CA9F3600") == f"9F3602{counter:04X}9000"
    opened.memory.commit({"bank/transaction_counter": 0xFFFF})
    assert bank.send(opened, GPO) == "6985"


def test_a_strict_card_says_the_length_first() -> None:
    card = load_card(bank.image(), le_rule=LeRule.STRICT).card
    bank.switch(card)
    assert bank.send(card, "00B2010C00") == "6C1D"
    assert bank.send(card, "00B2010C1D").endswith("9000")


def test_a_payment_torn_at_any_byte_never_repeats_a_counter_and_is_logged_whole_or_not() -> None:
    recorder = TranscriptReader(InProcessReader("till", bank.opened_card()))
    recorder.connect()
    buy(recorder)
    dialogue = [(each.command, each.response) for each in recorder.transcript.exchanges[1:]]
    tears = tears_of(dialogue)
    assert len(tears) > 200
    for tear in tears:
        card = bank.opened_card()
        slot = InProcessReader("till", FaultyCard(card, FaultPlan((tear,))))
        slot.connect()
        with pytest.raises(CardIsAbsent):
            buy(slot)
        kept = card.memory.values()
        counter, log, last_online = (
            kept[f"bank/{name}"] for name in ("transaction_counter", "0B", "last_online_counter")
        )
        begun = tear.header[:4] not in {"00a4"} and not (
            tear.header.startswith("80a8") and tear.phase == "command"
        )
        assert counter == int(begun)
        approved = tear.header.startswith("80ae40") and tear.phase == "response"
        assert (len(log), last_online) == (int(approved), int(approved))  # type: ignore[arg-type]


def buy(reader: Reader) -> None:
    """A whole payment with contact, by a till that asks for no more than it needs."""

    def send(command: str) -> bytes:
        return reader.transmit(bytes.fromhex(command))

    send(bank.SELECT_BANK + "00")
    send(GPO)
    request = send(f"80AE800034{bank.first_data().hex()}00")[2:]
    send("008200000A" + ISSUER.answer(request[3:11], request[1:3]).hex())
    send(f"80AE400022{bank.second_data().hex()}00")
