"""Card and issuer compute the same cryptograms, answers and proofs, each by its own code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from card_platform.keys import bank_cryptogram as issuer
from tests.agreement.test_keys_and_codes import octets
from tests.virtual_cards import bank_cards
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.bank import cryptogram as card
from virtual_cards.applets.bank.data_objects import values_of
from virtual_cards.applets.bank.specification import AIP, CDOL1, CONTACTLESS_PDOL
from virtual_cards.applets.issuer_proof import issuer_mac
from virtual_cards.keys.retail_mac import retail_mac

key16, counter2, terms29 = octets(16), octets(2), octets(29)


def told(terms: bytes, counter: bytes) -> issuer.Terms:
    """The terms as an acquirer passes them on: cut here by their lengths in EMV book 3."""
    return issuer.Terms(
        amount=terms[:6],
        other_amount=terms[6:12],
        terminal_country=terms[12:14],
        terminal_results=terms[14:19],
        currency=terms[19:21],
        date=terms[21:24],
        type=terms[24:25],
        unpredictable_number=terms[25:29],
        interchange_profile=AIP,
        counter=counter,
    )


@given(
    key16, terms29, counter2,
    st.sampled_from(card.CryptogramType),
    st.none() | st.sampled_from(card.CryptogramType),
)  # fmt: skip
def test_a_cryptogram_and_the_answer_to_it(
    key: bytes,
    terms: bytes,
    counter: bytes,
    first: card.CryptogramType,
    second: card.CryptogramType | None,
) -> None:
    given_by_card = card.cryptogram(key, counter, values_of(CDOL1, terms), first, second)
    known = issuer.BankCard(key)
    agreed = told(terms, counter)
    data, value = given_by_card.issuer_data, given_by_card.value
    assert known.cryptogram_is_right(agreed, data, value)
    answer = known.answer(value, counter, "05")
    assert answer == card.response_cryptogram(key, given_by_card, b"05") + b"05"
    dearer = agreed._replace(amount=bytes([terms[0] ^ 1]) + terms[1:6])
    assert not known.cryptogram_is_right(dearer, data, value)
    assert not known.cryptogram_is_right(agreed, data[:3] + b"\x04" + data[4:], value)
    assert not known.cryptogram_is_right(agreed, b"\x07\x01\x11" + data[3:], value)


@given(key16, octets(8), octets(4), st.binary(max_size=100))
def test_the_proof_of_an_issuer_command(
    key: bytes, challenge: bytes, header: bytes, data: bytes
) -> None:
    command = CommandApdu(header[0], header[1], header[2], header[3], data + bytes(8))
    assert issuer_mac(key, challenge, command) == issuer.command_proof(key, challenge, header, data)


def test_the_issuer_accepts_what_a_whole_card_gives_without_contact() -> None:
    opened = bank_cards.by_field(bank_cards.opened_card())
    bank_cards.send(opened, bank_cards.SELECT_PPSE)
    bank_cards.send(opened, bank_cards.SELECT_BANK)
    data = bytes.fromhex("26000000") + bank_cards.terms()
    assert len(data) == len(b"".join(values_of(CONTACTLESS_PDOL, data).values()))
    answer = bytes.fromhex(bank_cards.send(opened, f"80A80000238321{data.hex()}00")[:-4])
    found = {each.tag: each.value for each in tlv.decode(tlv.find(answer, 0x77) or b"")}
    known = issuer.BankCard(bank_cards.CARD_KEY)
    agreed = told(bank_cards.terms(), found[0x9F36])
    assert known.cryptogram_is_right(agreed, found[0x9F10], found[0x9F26])
    assert not issuer.BankCard(bytes(16)).cryptogram_is_right(agreed, found[0x9F10], found[0x9F26])


def published(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "vectors" / name).read_text(encoding="utf-8"))


def test_both_sides_give_the_published_cryptogram_and_answer() -> None:
    vector = published("bank.json")
    terms = issuer.Terms(**{name: bytes.fromhex(each) for name, each in vector["terms"].items()})
    cryptogram = bytes.fromhex(vector["cryptogram"])
    key = issuer.bank_card_key(
        bytes.fromhex(vector["issuer_key"]), vector["pan"], vector["sequence"]
    )
    known = issuer.BankCard(key)
    assert known.cryptogram_is_right(terms, bytes.fromhex(vector["issuer_data"]), cryptogram)
    answer = known.answer(cryptogram, terms.counter, vector["response_code"])
    assert answer[:8].hex().upper() == vector["response_cryptogram"]

    session = card.session_key(key, terms.counter)
    assert retail_mac(session, bytes.fromhex(vector["signed"])) == cryptogram
    asked = card.Cryptogram(card.CryptogramType.ONLINE, terms.counter, cryptogram, b"")
    assert card.response_cryptogram(key, asked, vector["response_code"].encode()) == answer[:8]


def test_both_sides_give_the_published_value_of_the_mac() -> None:
    vector = published("retail_mac.json")
    key, data = bytes.fromhex(vector["key"]), bytes.fromhex(vector["data"])
    assert retail_mac(key, data).hex().upper() == vector["mac"]
    # The issuer's proof is the same MAC over challenge, header, length and data.
    challenge, header, rest = data[:8], data[8:12], data[13:]
    told = challenge + header + bytes([len(rest) + 8]) + rest
    assert issuer.command_proof(key, challenge, header, rest) == retail_mac(key, told)
