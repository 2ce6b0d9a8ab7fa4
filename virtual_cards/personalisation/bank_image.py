"""The section `bank` of a personalisation image, and the bank application made from it.

Rules (docs/interfaces.md, section 1a): the image names the account, the records are built from it
here. A PAN must be made up: the testbed's own issuer digits, 16 or 18 digits, a right check digit.
The financial function of a new card is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.applets.bank import Bank, FinancialFunction
from virtual_cards.applets.bank.counters import TransactionCounters
from virtual_cards.applets.bank.environments import (
    Listed,
    PaymentEnvironment,
    ProximityEnvironment,
)
from virtual_cards.applets.bank.specification import (
    APPLICATION_DATA,
    BANK_DIRECTORY,
    CDOL1,
    CDOL2,
    CVM_LIST,
    LOG,
    NUMBER_COPY_03,
    NUMBER_COPY_10,
    TRACK_2,
    TRANSIT_LABEL,
)
from virtual_cards.applets.issuer_proof import IssuerProof
from virtual_cards.applets.transit.specification import TRANSIT_AID
from virtual_cards.assumptions import FINANCIAL_FUNCTION_KEY_REFERENCE, TEST_IIN
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.interface import Interface
from virtual_cards.files.contents import records_slot
from virtual_cards.files.memory import PersistentMemory, Value
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.keys.store import KeyStore
from virtual_cards.personalisation.faults import ImageReader

_DATE: Final = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATE_IN_WORDS: Final = "a date YYMMDD"
_PAN: Final = TEST_IIN + r"[0-9]{10}(?:[0-9]{2})?"
_NAME: Final = r"[ -~]{2,26}"
_COUNTRY: Final = bytes.fromhex("0156")
_SERVICE_CODE: Final = "220"
"""Track 2: a chip card, used at home and abroad, always authorised by the issuer."""
_USAGE_CONTROL: Final = bytes.fromhex("FF00")
_ACTION_CODES: Final = (
    (0x9F0D, bytes.fromhex("D86004A800")),
    (0x9F0E, bytes.fromhex("0010980000")),
    (0x9F0F, bytes.fromhex("D86804F800")),
)
_APPLICATION_VERSION: Final = bytes.fromhex("0030")
_NINE: Final = 9


@dataclass(frozen=True, slots=True)
class BankImage:
    """The account of a card and the keys of its bank."""

    pan: str
    sequence: str
    effective: str
    expires: str
    holder_name: str
    contact_pdol: bytes
    card_key: bytes
    function_key: bytes


def read_bank(reader: ImageReader) -> BankImage | None:
    """The section, when the image has one; faults go to the reader."""
    if not reader.has("bank"):
        return None
    bank = reader.section("bank")
    bank.only("pan", "pan_sequence", "effective", "expires", "holder_name", "contact_pdol", "keys")
    expected = f"a made-up PAN: {TEST_IIN}, 16 or 18 digits"
    pan = bank.text("pan", _PAN, expected, secret=True)
    if pan and not _check_digit_is_right(pan):
        bank.report("pan", "a wrong check digit", f"{expected} with the check digit of ISO 7812")
    keys = bank.section("keys")
    keys.only("AC", "FFK")
    return BankImage(
        pan,
        bank.text("pan_sequence", r"[0-9]{2}", "2 digits"),
        bank.text("effective", _DATE, _DATE_IN_WORDS),
        bank.text("expires", _DATE, _DATE_IN_WORDS),
        bank.text("holder_name", _NAME, "2 to 26 ASCII characters", secret=True),
        bank.octets("contact_pdol", None) if bank.has("contact_pdol") else b"",
        keys.octets("AC", KEY_LENGTH, secret=True),
        keys.octets("FFK", KEY_LENGTH, secret=True),
    )


def bank_memory(image: BankImage | None) -> dict[str, Value]:
    """The bank application of a new card, by name of slot."""
    if image is None:
        return {}
    number = tlv.encode(0x5A, bytes.fromhex(image.pan))
    number += tlv.encode(0x5F24, bytes.fromhex(image.expires))
    copies = (tlv.encode(0x70, number),)
    no_records: tuple[bytes, ...] = ()
    records = {
        TRACK_2: (_track_2_record(image),),
        APPLICATION_DATA: (_account_record(image, number), _rules_record()),
        NUMBER_COPY_03: copies,
        NUMBER_COPY_10: copies,
        LOG: no_records,
    }
    keys = {FINANCIAL_FUNCTION_KEY_REFERENCE: image.function_key}
    return {
        **{records_slot(BANK_DIRECTORY, file).name: each for file, each in records.items()},
        **FinancialFunction.initial_values(),
        **TransactionCounters.initial_values(),
        **KeyStore.initial_values("bank", keys),
    }


def bank_applets(
    image: BankImage | None,
    *,
    has_purse: bool,
    memory: PersistentMemory,
    random: RandomBytes,
    interface: Interface,
) -> list[Applet]:
    """PSE, PPSE and the debit application; none without the section."""
    if image is None:
        return []
    function = FinancialFunction(memory)
    keys = {FINANCIAL_FUNCTION_KEY_REFERENCE: image.function_key}
    purse = (Listed(TRANSIT_AID, TRANSIT_LABEL),) if has_purse else ()
    return [
        PaymentEnvironment(function, IssuerProof("bank", keys, memory, random)),
        ProximityEnvironment(function, purse),
        Bank(image.card_key, image.contact_pdol, function, interface, memory),
    ]


def _track_2_record(image: BankImage) -> bytes:
    digits = f"{image.pan}D{image.expires[:4]}{_SERVICE_CODE}" + "0" * 8
    track_2 = tlv.encode(0x57, bytes.fromhex(digits))
    return tlv.encode(0x70, track_2 + tlv.encode(0x5F20, image.holder_name.encode("ascii")))


def _account_record(image: BankImage, number: bytes) -> bytes:
    account = number + tlv.encode(0x5F25, bytes.fromhex(image.effective))
    account += tlv.encode(0x5F28, _COUNTRY)
    account += tlv.encode(0x5F34, bytes.fromhex(image.sequence))
    account += tlv.encode(0x9F07, _USAGE_CONTROL) + tlv.encode(0x9F08, _APPLICATION_VERSION)
    return tlv.encode(0x70, account)


def _rules_record() -> bytes:
    rules = tlv.encode(0x8C, CDOL1) + tlv.encode(0x8D, CDOL2) + tlv.encode(0x8E, CVM_LIST)
    return tlv.encode(0x70, rules + b"".join(tlv.encode(*code) for code in _ACTION_CODES))


def _check_digit_is_right(pan: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right doubled."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(pan)))
    return sum(value - _NINE if value > _NINE else value for value in doubled) % 10 == 0
