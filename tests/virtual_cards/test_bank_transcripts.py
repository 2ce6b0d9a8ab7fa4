"""A payment in a transcript: every command has a name in both languages, no account is shown."""

from __future__ import annotations

import pytest

from card_platform.keys.bank_cryptogram import BankCard, command_proof
from tests.virtual_cards import bank_cards as bank
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader, TranscriptReader
from virtual_cards.transcripts import DecodedExchange, TranscriptDecoder


@pytest.fixture(scope="module")
def decoded() -> tuple[DecodedExchange, ...]:
    card = load_card(bank.image()).card
    reader = TranscriptReader(InProcessReader("till", card))
    reader.connect()

    def send(command: str) -> bytes:
        return reader.transmit(bytes.fromhex(command))

    send(bank.SELECT_PSE)
    challenge = send("0084000008")[:-2]
    header = bytes.fromhex("80440000")
    send("8044000008" + command_proof(bank.FUNCTION_KEY, challenge, header).hex())
    send("00B2010C00")
    send(bank.SELECT_BANK + "00")
    send("80A8000002830000")
    for read in ("00B2010C00", "00B2011400", "00B2021400"):
        send(read)
    request = send(f"80AE800034{bank.first_data().hex()}00")[2:-2]
    answer = BankCard(bank.CARD_KEY).answer(request[3:11], request[1:3])
    send("008200000A" + answer.hex())
    send(f"80AE400022{bank.second_data().hex()}00")
    send("00B2015C00")
    send("80CA9F3600")
    reader.disconnect()
    field = TranscriptReader(InProcessReader("field", card.contactless))
    field.connect()
    for command in (
        bank.SELECT_PPSE + "00",
        bank.SELECT_BANK + "00",
        f"80A8000023832126000000{bank.terms().hex()}00",
    ):
        field.transmit(bytes.fromhex(command))
    decoder = TranscriptDecoder()
    return (
        *decoder.decode_all(reader.transcript.exchanges),
        *decoder.decode_all(field.transcript.exchanges),
    )


def test_every_command_is_named_and_succeeds(decoded: tuple[DecodedExchange, ...]) -> None:
    assert [each.title_en for each in decoded] == [
        "ANSWER TO RESET",
        "SELECT payment system environment",
        "GET CHALLENGE",
        "OPEN FINANCIAL FUNCTION",
        "READ RECORD: 01 record 1",
        "SELECT bank debit application",
        "GET PROCESSING OPTIONS",
        "READ RECORD: 01 record 1",
        "READ RECORD: 02 record 1",
        "READ RECORD: 02 record 2",
        "GENERATE AC (asks for ARQC, goes online)",
        "EXTERNAL AUTHENTICATE (the issuer)",
        "GENERATE AC (asks for TC, approved)",
        "READ RECORD: 0B record 1",
        "GET DATA: transaction counter",
        "ANSWER TO RESET",
        "SELECT proximity payment system environment",
        "SELECT bank debit application",
        "GET PROCESSING OPTIONS",
    ]
    assert not [each for each in decoded if "未知" in each.title_zh + each.status_zh]
    assert decoded[3].title_zh == "开通金融功能"


def test_account_and_name_are_masked(decoded: tuple[DecodedExchange, ...]) -> None:
    fields = {f.name_en: f.value for each in decoded for f in each.fields}
    assert fields["PAN"] == "623456********16"
    assert fields["track 2 (account)"] == "623456********16"
    assert fields["holder's name"] == "Z" + "*" * 10
    everything = str(decoded)
    assert bank.PAN not in everything
    assert bank.HOLDER.encode().hex().upper() not in everything


def test_amount_and_decision_can_be_read(decoded: tuple[DecodedExchange, ...]) -> None:
    request = {field.name_en: field.value for field in decoded[10].fields}
    assert request["amount"] == "12.50 元 / yuan"
    assert request["date"] == "2026-11-21"
    assert request["cryptogram type"] == "ARQC 联机请求 / ARQC, goes online"
    log = {field.name_en: field.value for field in decoded[13].fields}
    assert (log["amount"], log["time"]) == ("12.50 元 / yuan", "09:30:00")


@pytest.mark.parametrize("data", ["5A08", "70815A", "77FF", "8000", "9F"])
def test_faulty_objects_are_hidden_not_guessed(data: str) -> None:
    decoder = TranscriptDecoder()
    decoder.decode_bytes(bytes.fromhex(bank.SELECT_BANK), bytes.fromhex("9000"))
    for command in ("00B2011400", "80A8000002830000", "80AE800000", "80CA9F3600"):
        meaning = decoder.decode_bytes(bytes.fromhex(command), bytes.fromhex(data + "9000"))
        assert meaning.title_zh
