"""The personalisation image of a card (docs/interfaces.md, section 1), typed and checked.

Rules: images of version 1 and 2 are read; version 2 only adds members. What a version does not know
is a fault, never ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.transit.applet import TransitKeys
from virtual_cards.applets.transit.specification import (
    CITY_DATA,
    COMPLEX_APPLICATIONS,
    HOLDER,
    PUBLIC_DATA,
)
from virtual_cards.assumptions import BALANCE_MAX_FEN
from virtual_cards.card_os.answer_to_reset import HISTORICAL_BYTES_LENGTH
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.bank_image import BankImage, read_bank
from virtual_cards.personalisation.certificates_image import CertificatesImage, read_certificates
from virtual_cards.personalisation.faults import ImageReader
from virtual_cards.personalisation.social_security_image import (
    SocialSecurityImage,
    read_social_security,
)

FORMAT: Final = "onecard.personalisation-image"
VERSIONS: Final = (1, 2)
_OVERDRAFT_MAX_FEN: Final = 0xFF_FFFF
_REGION_IN_HISTORICAL_BYTES: Final = slice(7, 9)


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
    version = reader.number("version", *VERSIONS)
    reader.constant("test_keys", True)
    reader.text("testbed", r"[0-9A-Fa-f]{8}", "8 hexadecimal digits")
    card_number = reader.text("card_number", r"[0-9A-Z]{9}", "9 letters and digits")
    historical_bytes = reader.octets("historical_bytes", HISTORICAL_BYTES_LENGTH)
    pin = reader.text("pin", r"(?:[0-9]{4,12})?", "4 to 12 digits, or none", secret=True)
    social_security = None
    if reader.has("social_security"):
        region = historical_bytes[_REGION_IN_HISTORICAL_BYTES].hex()
        section = reader.section("social_security")
        social_security = read_social_security(section, version, card_number, region)
    transit = _transit(reader.section("transit")) if reader.has("transit") else None
    bank, certificates = read_bank(reader), read_certificates(reader)
    reader.raise_faults("personalisation image")
    return CardImage(
        card_number, historical_bytes, pin, social_security, transit, bank, certificates
    )


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
