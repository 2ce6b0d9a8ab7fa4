"""The personalisation image of a card (docs/interfaces.md, section 1), typed and checked.

Rules: values of EF05 and EF06 come padded to the length of LD/T 32.6; all tags are there but 4E,
which a card of version 1.0 may lack. What the image says twice (specification version, card number)
must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.social_security.specification import (
    EF05_ITEMS,
    EF06_ITEMS,
    KEY_NAMES,
    Item,
)
from virtual_cards.applets.transit.applet import TransitKeys
from virtual_cards.applets.transit.specification import (
    CITY_DATA,
    COMPLEX_APPLICATIONS,
    HOLDER,
    PUBLIC_DATA,
)
from virtual_cards.assumptions import BALANCE_MAX_FEN
from virtual_cards.card_os.card import HISTORICAL_BYTES_LENGTH
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.bank_image import BankImage, read_bank
from virtual_cards.personalisation.certificates_image import CertificatesImage, read_certificates
from virtual_cards.personalisation.faults import ImageReader

FORMAT: Final = "onecard.personalisation-image"
_OVERDRAFT_MAX_FEN: Final = 0xFF_FFFF
_VERSION_TAG: Final = 0x03
_CARD_NUMBER_TAG: Final = 0x07


@dataclass(frozen=True, slots=True)
class SocialSecurityImage:
    """The social security application: values by tag, in the order of the records."""

    spec_version: str
    issuer_data: bytes
    ef05: tuple[tuple[int, bytes], ...]
    ef06: tuple[tuple[int, bytes], ...]
    keys: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class TransitImage:
    """The transit purse."""

    file_15: bytes
    file_16: bytes
    file_17: bytes
    file_1a: tuple[bytes, ...]
    keys: TransitKeys
    balance_fen: int
    overdraft_limit_fen: int


@dataclass(frozen=True, slots=True)
class CardImage:
    """A card as the platform orders it."""

    card_number: str
    historical_bytes: bytes
    pin: str
    social_security: SocialSecurityImage | None
    transit: TransitImage | None
    bank: BankImage | None = None
    certificates: CertificatesImage | None = None


def read_card_image(document: object) -> CardImage:
    """Check an image. Raises `ImageIsFaulty` with every fault of it."""
    reader = ImageReader(document)
    reader.only(
        "format",
        "version",
        "test_keys",
        "testbed",
        "card_number",
        "historical_bytes",
        "pin",
        "social_security",
        "transit",
        "bank",
        "certificates",
    )
    reader.constant("format", FORMAT)
    reader.constant("version", 1)
    reader.constant("test_keys", True)
    reader.text("testbed", r"[0-9A-Fa-f]{8}", "8 hexadecimal digits")
    card_number = reader.text("card_number", r"[0-9A-Z]{9}", "9 letters and digits")
    historical_bytes = reader.octets("historical_bytes", HISTORICAL_BYTES_LENGTH)
    pin = reader.text("pin", r"(?:[0-9]{4,12})?", "4 to 12 digits, or none", secret=True)
    social_security = None
    if reader.has("social_security"):
        social_security = _social_security(reader.section("social_security"), card_number)
    transit = _transit(reader.section("transit")) if reader.has("transit") else None
    bank, certificates = read_bank(reader), read_certificates(reader)
    reader.raise_faults("personalisation image")
    return CardImage(
        card_number, historical_bytes, pin, social_security, transit, bank, certificates
    )


def _social_security(reader: ImageReader, card_number: str) -> SocialSecurityImage:
    reader.only("spec_version", "issuer_data", "files", "keys")
    spec_version = reader.text("spec_version", r"[123]\.[0-9]{2}", "a version such as 3.00")
    issuer_data = reader.octets("issuer_data", None)
    files = reader.section("files")
    files.only("EF05", "EF06")
    ef05_reader = files.section("EF05")
    ef05 = _values(ef05_reader, EF05_ITEMS)
    stated = {_VERSION_TAG: spec_version, _CARD_NUMBER_TAG: card_number}
    for tag, value in ef05:
        if tag in stated and value.rstrip(b"\0") != stated[tag].encode() and stated[tag]:
            ef05_reader.report(f"{tag:02X}", value.hex().upper(), f"{stated[tag]} in ASCII")
    ef06 = _values(files.section("EF06"), EF06_ITEMS)
    key_reader = reader.section("keys")
    key_reader.only(*KEY_NAMES)
    keys = {
        ref: key_reader.octets(name, KEY_LENGTH, secret=True) for name, ref in KEY_NAMES.items()
    }
    return SocialSecurityImage(spec_version, issuer_data, ef05, ef06, keys)


def _values(reader: ImageReader, items: tuple[Item, ...]) -> tuple[tuple[int, bytes], ...]:
    reader.only(*(f"{item.tag:02X}" for item in items))
    values = []
    for item in items:
        key = f"{item.tag:02X}"
        if reader.has(key) or not item.optional:
            values.append((item.tag, reader.octets(key, item.length)))
    return tuple(values)


def _transit(reader: ImageReader) -> TransitImage:
    reader.only("files", "keys", "balance_fen", "overdraft_limit_fen")
    files = reader.section("files")
    files.only("15", "16", "17", "1A")
    keys = reader.section("keys")
    keys.only("DPK", "DLK", "DTK")
    return TransitImage(
        files.octets("15", PUBLIC_DATA.size),
        files.octets("16", HOLDER.size),
        files.octets("17", CITY_DATA.size),
        _complex_applications(files.section("1A")),
        TransitKeys(
            keys.octets("DPK", KEY_LENGTH, secret=True),
            keys.octets("DLK", KEY_LENGTH, secret=True),
            keys.octets("DTK", KEY_LENGTH, secret=True),
        ),
        reader.number("balance_fen", 0, BALANCE_MAX_FEN),
        reader.number("overdraft_limit_fen", 0, _OVERDRAFT_MAX_FEN),
    )


def _complex_applications(reader: ImageReader) -> tuple[bytes, ...]:
    """Records 01, 02, ... without a gap; each at most 128 bytes."""
    numbers = [f"{number + 1:02X}" for number in range(COMPLEX_APPLICATIONS.records_max)]
    reader.only(*numbers)
    present = max((index + 1 for index, key in enumerate(numbers) if reader.has(key)), default=1)
    return tuple(reader.octets(key, COMPLEX_APPLICATIONS.size) for key in numbers[:present])
