"""A made-up card with a bank application and certificates, and the hands of their issuers."""

from __future__ import annotations

from typing import Any

from card_platform.keys.bank_cryptogram import bank_card_key, command_proof
from tests.virtual_cards import people
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card

PAN = "6234560000000016"
LONG_PAN = "623456000000000016"
SEQUENCE = "01"
HOLDER = "ZHANG/CESHI"
SELECT_PSE = "00A404000E315041592E5359532E4444463031"
SELECT_PPSE = "00A404000E325041592E5359532E4444463031"
SELECT_BANK = "00A4040008A000000333010101"
SELECT_CERTIFICATES = "00A404000AF04F4E45434152440001"
CERTIFICATE_NUMBER = "50000019900101001643"
AMOUNT = "000000001250"

FUNCTION_KEY = people.master("FFK")
CARD_KEY = bank_card_key(people.master("bank AC"), PAN, SEQUENCE)
CERTIFIERS = {name: people.master(name) for name in ("disability", "veteran", "function")}


def image(*, pan: str = PAN, contact_pdol: str = "", balance_fen: int = 0) -> dict[str, Any]:
    card_image = people.card_image(balance_fen=balance_fen)
    card_image["bank"] = {
        "pan": pan,
        "pan_sequence": SEQUENCE,
        "effective": "260101",
        "expires": "361231",
        "holder_name": HOLDER,
        "contact_pdol": contact_pdol,
        "keys": {"AC": CARD_KEY.hex().upper(), "FFK": FUNCTION_KEY.hex().upper()},
    }
    card_image["certificates"] = {
        "keys": {name: key.hex().upper() for name, key in CERTIFIERS.items()}
    }
    return card_image


def veteran_section() -> dict[str, Any]:
    return {
        "level": 6,
        "number": "V50000001",
        "valid_from": "20200801",
        "valid_until": "99991231",
        "issuer": "测试区退役军人事务局",
        "region": "500100",
    }


def certificate(kind: int = 1, level: int = 2, until: str = "20351231") -> bytes:
    concession = bytes((kind, level)) + bytes.fromhex("20260101" + until + "500100")
    issuer = "测试区残疾人联合会".encode("gbk").ljust(40, b"\0")
    return concession + CERTIFICATE_NUMBER.encode() + issuer


def send(card: Card, command: str) -> str:
    """Hexadecimal in and out; a contact command with data gets its answer without GET RESPONSE."""
    return card.transmit(bytes.fromhex(command)).hex().upper()


def prove(card: Card, header: str, key: bytes, data: bytes = b"") -> str:
    """A command of an issuer to the application selected, with its proof."""
    challenge = card.transmit(bytes.fromhex("0084000008"))[:-2]
    body = data + command_proof(key, challenge, bytes.fromhex(header), data)
    return send(card, header + bytes([len(body)]).hex() + body.hex())


def switch(card: Card, *, opens: bool = True) -> str:
    send(card, SELECT_PSE)
    return prove(card, "80440000" if opens else "80040000", FUNCTION_KEY)


def opened_card(**options: Any) -> Card:
    card = load_card(image(**options)).card
    assert switch(card) == "9000"
    card.power_off()
    return card


def by_field(card: Card) -> Card:
    """The contactless face, once the reader with contacts lets go."""
    card.power_off()
    assert card.contactless is not None
    return card.contactless


def terms(amount: str = AMOUNT) -> bytes:
    """Amount to unpredictable number, as CDOL1 and the PDOL of qPBOC name them."""
    return bytes.fromhex(amount + "000000000000" + "0156" + "0000000000" + "0156")[:21] + (
        bytes.fromhex("261121" + "00" + "CAFE0042")
    )


def first_data(amount: str = AMOUNT) -> bytes:
    return terms(amount) + bytes.fromhex("093000") + b"TEST SHOP".ljust(20)


def second_data(code: bytes = b"00", amount: str = AMOUNT) -> bytes:
    return code + terms(amount) + bytes.fromhex("093000")
