"""The personalisation image of a card (docs/interfaces.md, section 1), typed and checked.

Rules: images of version 1 and 2 are read; version 2 only adds members. What a version does not know
is a fault, never ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.card_os.answer_to_reset import HISTORICAL_BYTES_LENGTH
from virtual_cards.personalisation.bank_image import BankImage, read_bank
from virtual_cards.personalisation.certificates_image import CertificatesImage, read_certificates
from virtual_cards.personalisation.faults import ImageReader
from virtual_cards.personalisation.social_security_image import (
    SocialSecurityImage,
    read_social_security,
)
from virtual_cards.personalisation.transit_image import TransitImage, read_transit

FORMAT: Final = "onecard.personalisation-image"
VERSIONS: Final = (1, 2)
_REGION_IN_HISTORICAL_BYTES: Final = slice(7, 9)


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
    transit = read_transit(reader, version)
    bank, certificates = read_bank(reader), read_certificates(reader)
    reader.raise_faults("personalisation image")
    return CardImage(
        card_number, historical_bytes, pin, social_security, transit, bank, certificates
    )
