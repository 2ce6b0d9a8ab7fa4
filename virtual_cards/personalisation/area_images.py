"""The medical purse and the certificate area in a personalisation image, version 2
(docs/interfaces.md, section 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.social_security.medical.accounts import BALANCE_MAX_FEN, PurseKeys
from virtual_cards.applets.social_security.pki.specification import CERTIFICATE_SIZE
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.faults import ImageReader

_CERTIFICATES: Final = ("0018", "0019")


@dataclass(frozen=True, slots=True)
class MedicalPurseImage:
    """Balances in fen, the starting day (4 bytes BCD), keys."""

    current_year_fen: int
    earlier_years_fen: int
    starting_day: bytes
    keys: PurseKeys


@dataclass(frozen=True, slots=True)
class CertificateAreaImage:
    """The certificates a new card has; empty where there is none yet."""

    signing: bytes
    encryption: bytes


def read_medical_purse(reader: ImageReader) -> MedicalPurseImage:
    """Read `medical_purse`."""
    reader.only("current_year_fen", "earlier_years_fen", "starting_day", "keys")
    keys = reader.section("keys")
    keys.only("DPK", "DLK", "DTK")
    day = reader.text("starting_day", r"[0-9]{8}", "a day as YYYYMMDD")
    return MedicalPurseImage(
        reader.number("current_year_fen", 0, BALANCE_MAX_FEN),
        reader.number("earlier_years_fen", 0, BALANCE_MAX_FEN),
        bytes.fromhex(day or "00000000"),
        PurseKeys(
            keys.octets("DPK", KEY_LENGTH, secret=True),
            keys.octets("DLK", KEY_LENGTH, secret=True),
            keys.octets("DTK", KEY_LENGTH, secret=True),
        ),
    )


def read_certificate_area(reader: ImageReader) -> CertificateAreaImage:
    """Read `pki`."""
    reader.only("certificates")
    found = {}
    if reader.has("certificates"):
        section = reader.section("certificates")
        section.only(*_CERTIFICATES)
        for name in _CERTIFICATES:
            if section.has(name):
                found[name] = section.octets_up_to(name, CERTIFICATE_SIZE)
    return CertificateAreaImage(found.get("0018", b""), found.get("0019", b""))
