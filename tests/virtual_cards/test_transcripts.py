"""Transcripts record what passed; the decoder says what it means and hides whom it is about."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.virtual_cards import people
from tests.virtual_cards.test_gate import NOW, parameters
from virtual_cards.card_os import Card, LeRule
from virtual_cards.keys import authentication_value
from virtual_cards.personalisation import load_card
from virtual_cards.readers import CardIsAbsent, InProcessReader, Transcript, TranscriptReader
from virtual_cards.terminals import Gate, SecurityModule
from virtual_cards.transcripts import DecodedExchange, TranscriptDecoder

SELECT_SSSE = bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")


@pytest.fixture
def reader(card: Card) -> TranscriptReader:
    return TranscriptReader(InProcessReader("slot", card))


def decoded(reader: TranscriptReader) -> list[DecodedExchange]:
    return list(TranscriptDecoder().decode_all(reader.transcript.exchanges))


def fields(exchange: DecodedExchange) -> dict[str, str]:
    return {field.name_en: field.value for field in exchange.fields}


def read_person(reader: TranscriptReader) -> None:
    reader.connect()
    reader.transmit(SELECT_SSSE)
    process, original = (reader.transmit(bytes.fromhex("0084000008"))[:8] for _ in range(2))
    value = authentication_value(people.social_security_key("RKSSSE"), process, original)
    reader.transmit(bytes.fromhex("0082000A10") + value + original)
    for command in ("00A4020002EF06", "00B2080014", "00B2090020", "00B20D0000"):
        reader.transmit(bytes.fromhex(command))


def test_a_transcript_numbers_and_times_every_exchange(reader: TranscriptReader) -> None:
    read_person(reader)
    transcript = reader.transcript
    assert [e.sequence for e in transcript.exchanges] == list(range(1, 10))
    assert transcript.exchanges[0].command == b""
    assert all(e.duration_s >= 0 and e.reader == "slot" for e in transcript.exchanges)
    assert Transcript.from_json(transcript.to_json()) == transcript
    assert reader.take() == transcript
    reader.connect()
    assert [e.sequence for e in reader.take().exchanges] == [10]


def test_a_card_that_leaves_stands_in_the_transcript(card: Card) -> None:
    slot = InProcessReader("slot", card)
    heard: list[bytes] = []
    reader = TranscriptReader(slot, on_exchange=lambda exchange: heard.append(exchange.response))
    reader.connect()
    slot.remove()
    with pytest.raises(CardIsAbsent):
        reader.transmit(SELECT_SSSE)
    assert heard == [card.atr, b""]
    assert decoded(reader)[-1].status_en == "no answer: the card left"


def test_a_person_is_masked_in_fields_and_bytes(reader: TranscriptReader) -> None:
    read_person(reader)
    number, name, birth = decoded(reader)[-3:]
    assert fields(number)["social security number"] == "500000**********16"
    assert fields(name)["name"] == "张**"
    assert name.title_zh == "读记录：EF06 标签 09"
    assert fields(birth)["birth date"] == "1990-**-**"
    assert number.response == "0812" + "**" * 18 + "9000"
    assert name.response.startswith("091E**")
    everything = str(decoded(reader))
    assert people.NAME not in everything
    assert people.NAME.encode("gbk").hex().upper() not in everything
    assert people.SOCIAL_SECURITY_NUMBER not in everything
    assert people.SOCIAL_SECURITY_NUMBER.encode().hex() not in everything


def test_the_pin_is_never_shown(reader: TranscriptReader) -> None:
    reader.connect()
    reader.transmit(SELECT_SSSE)
    reader.transmit(bytes.fromhex("0020000003123457"))
    verify = decoded(reader)[-1]
    assert verify.command == "0020000003******"
    assert verify.status_zh == "验证失败，还可重试 5 次"
    assert verify.status_en == "verification failed, 5 tries left"


def test_a_gate_is_readable_command_by_command(reader: TranscriptReader, psam: Card) -> None:
    slot = TranscriptReader(InProcessReader("SAM", psam))
    gate = Gate(reader, SecurityModule(slot), parameters(), station="0301", clock=lambda: NOW)
    gate.enter()
    titles = [exchange.title_en for exchange in decoded(reader)]
    assert titles == [
        "ANSWER TO RESET",
        "SELECT transit purse",
        "READ BINARY: 15",
        "READ RECORD: 1A record 1",
        "GET BALANCE",
        "INITIALIZE FOR CAPP PURCHASE",
        "UPDATE CAPP DATA CACHE (file 1E)",
        "UPDATE CAPP DATA CACHE (file 1A)",
        "DEBIT FOR PURCHASE",
    ]
    initialised = decoded(reader)[5]
    assert fields(initialised)["balance"] == "12.50 元 / yuan"
    assert fields(initialised)["offline sequence"] == "0"
    assert fields(initialised)["amount"] == "0.00 元 / yuan"
    assert fields(decoded(reader)[6])["journey type"] == "03 进站 / entry"
    assert fields(decoded(reader)[7])["entry time"] == "2026-05-04 08:15:00"
    assert set(fields(decoded(reader)[8])) == {
        "terminal sequence",
        "date and time",
        "MAC1",
        "MAC2",
        "TAC",
    }
    assert [exchange.title_en for exchange in decoded(slot)] == [
        "ANSWER TO RESET",
        "READ BINARY: 15",
        "READ BINARY: 16",
        "SELECT PSAM purse application",
        "INIT SAM FOR PURCHASE (computes MAC1)",
        "CREDIT SAM FOR PURCHASE (checks MAC2)",
    ]


def test_an_answer_fetched_later_is_decoded_as_that_of_its_command() -> None:
    card = load_card(people.card_image(), le_rule=LeRule.STRICT).card
    reader = TranscriptReader(InProcessReader(card=card))
    reader.connect()
    reader.transmit(SELECT_SSSE)
    reader.transmit(bytes.fromhex("00C000001E"))
    asked, fetched = decoded(reader)[1:]
    assert asked.status_en == "30 bytes wait for GET RESPONSE"
    assert fetched.title_en == "GET RESPONSE: SELECT social security application"
    assert fields(fetched) == {"DF name": "sx1.sh.社会保障", "issuer data": "860103"}


@hypothesis.settings(deadline=None)
@hypothesis.given(
    st.lists(
        st.tuples(
            st.one_of(
                st.binary(max_size=60),
                st.sampled_from(
                    [
                        SELECT_SSSE,
                        *(
                            bytes((c, i, 0, 0xD4))
                            for c in (0, 4, 128, 132, 176)
                            for i in range(256)
                        ),
                    ]
                ),
            ),
            st.binary(max_size=60),
        ),
        max_size=20,
    )
)
def test_any_bytes_decode_to_something(exchanges: list[tuple[bytes, bytes]]) -> None:
    decoder = TranscriptDecoder()
    for command, response in exchanges:
        decoded_exchange = decoder.decode_bytes(command, response)
        assert decoded_exchange.title_zh
        assert decoded_exchange.status_en
        assert len(decoded_exchange.response) == 2 * len(response)
