"""Personalisation images of people who do not exist, made without a card platform.

Rules: the same number gives the same person and card; the name says that it is a test; the identity
number has a valid check character (GB 11643) and a serial nobody is given (district 500000).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from virtual_cards.issuer.security_module import IssuerSecurityModule

REGION: Final = "500000"
ISSUER: Final = bytes.fromhex("50000001FFFFFFFF")
NUMBER_MAX: Final = 99_999_999
_CHIP: Final = "00814A44468660"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS: Final = "10X98765432"
_BORN: Final = date(1990, 1, 1)
_ISSUED: Final = "20260101"
_VALID_UNTIL: Final = "20351231"


@dataclass(frozen=True, slots=True)
class MadeUpHolder:
    """A holder by number, from 1 to 99,999,999."""

    number: int

    def __post_init__(self) -> None:
        """Raises ValueError for a number out of range."""
        if not 1 <= self.number <= NUMBER_MAX:
            raise ValueError(f"a made-up holder has a number from 1 to {NUMBER_MAX}")

    @property
    def name(self) -> str:
        """A name nobody bears."""
        return f"测试{self.number:08d}"

    @property
    def identity_number(self) -> str:
        """18 characters with a valid check character."""
        digits = f"{REGION}{_BORN:%Y%m%d}{self.number % 1000:03d}"
        total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True))
        return digits + _CHECK_CHARACTERS[total % 11]

    @property
    def card_number(self) -> str:
        """Nine characters."""
        return f"T{self.number:08d}"

    @property
    def historical_bytes(self) -> bytes:
        """The 13 historical bytes of the card's ATR."""
        return bytes.fromhex(_CHIP + REGION[:4]) + self.number.to_bytes(4, "big")

    @property
    def application_serial(self) -> bytes:
        """Ten bytes of the purse."""
        return bytes.fromhex(f"03105000{self.number:012d}")


def card_image(
    hsm: IssuerSecurityModule,
    holder: MadeUpHolder,
    *,
    balance_fen: int = 0,
    medical_fen: int = 0,
) -> dict[str, Any]:
    """The image of a third-generation card with transit and medical purses, the certificate area
    and room for the holder's certificates (docs/interfaces.md, sections 1 and 1a).

    `medical_fen` is in the account of the current year.
    """
    historical = holder.historical_bytes
    return {
        "format": "onecard.personalisation-image",
        "version": 2,
        "test_keys": True,
        "testbed": hsm.testbed,
        "card_number": holder.card_number,
        "historical_bytes": holder.historical_bytes.hex().upper(),
        "pin": "123456",
        "social_security": {
            "spec_version": "3.00",
            "issuer_data": "860103",
            "files": {"EF05": _ef05(holder), "EF06": _ef06(holder), "EF0D": _ef0d(holder)},
            "keys": _hexadecimal(hsm.social_security_keys(REGION, historical)),
            "directories": {
                "DF04": {
                    "files": {name: {} for name in ("EF05", "EF06", "EF08", "EF09")},
                    "keys": _hexadecimal(hsm.medical_directory_keys(REGION, historical)),
                }
            },
            "medical_purse": {
                "current_year_fen": medical_fen,
                "earlier_years_fen": 0,
                "starting_day": _ISSUED,
                "keys": _hexadecimal(hsm.medical_keys(REGION, historical)),
            },
            "pki": {},
        },
        "transit": {
            "files": {
                "15": _file_15(holder),
                "16": "00" * 55,
                "17": ("00000156" + "5000" + "5000" + "0001" + "00").ljust(120, "0"),
                "1A": {"01": "27007D01".ljust(256, "0"), "02": "27017D01".ljust(256, "0")},
            },
            "keys": _hexadecimal(hsm.transit_keys(ISSUER, holder.application_serial)),
            "balance_fen": balance_fen,
            "overdraft_limit_fen": 0,
        },
        "certificates": {"keys": _hexadecimal(hsm.certificate_keys(historical))},
    }


def psam_image(hsm: IssuerSecurityModule, terminal: int = 1) -> dict[str, Any]:
    """The image of the PSAM of a terminal that does everything (docs/interfaces.md, section 2)."""
    return {
        "format": "onecard.psam-image",
        "version": 2,
        "test_keys": True,
        "testbed": hsm.testbed,
        "psam_serial": f"{terminal:020d}",
        "terminal_number": f"5000{terminal:08d}",
        "keys": {"GMPK": hsm.purchase_master_key().hex().upper()},
        "social_security": {
            "province": REGION[:2],
            "keys": _hexadecimal(hsm.province_keys(REGION)),
        },
    }


def _ef05(holder: MadeUpHolder) -> dict[str, str]:
    return {
        "01": f"{REGION}D156000005{holder.historical_bytes[-4:].hex()}FFFFFFFF".upper(),
        "02": _an("3", 1),
        "03": _an("3.00", 4),
        "04": f"9156000002{REGION}{REGION}01",
        "05": _ISSUED,
        "06": _VALID_UNTIL,
        "07": _an(holder.card_number, 9),
    }


def _ef06(holder: MadeUpHolder) -> dict[str, str]:
    return {
        "08": _an(holder.identity_number, 18),
        "09": _an(holder.name, 30),
        "4E": _an("", 20),
        "0A": _an("1", 1),
        "0B": "01",
        "0C": REGION,
        "0D": f"{_BORN:%Y%m%d}",
    }


def _ef0d(holder: MadeUpHolder) -> dict[str, str]:
    return {"EA": _an(holder.card_number.rjust(12, "0"), 12), "EB": REGION}


def _hexadecimal(keys: dict[str, bytes]) -> dict[str, str]:
    return {name: key.hex().upper() for name, key in keys.items()}


def _file_15(holder: MadeUpHolder) -> str:
    serial = holder.application_serial.hex()
    return f"{ISSUER.hex()}0201{serial}{_ISSUED}{_VALID_UNTIL}0000".upper()


def _an(text: str, length: int) -> str:
    return text.encode("gbk").ljust(length, b"\0").hex().upper()
