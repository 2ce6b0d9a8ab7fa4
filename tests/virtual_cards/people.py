"""Made-up people and cards: images built as a card platform would build them.

Rules: the derivation follows docs/interfaces.md, section 3, with `cryptography` directly, not with
the code under test. All keys grow from one seed; nobody here is real.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

SEED = b"virtual cards, tests"
TESTBED = hashlib.sha256(SEED).hexdigest()[:8].upper()
REGION = "500000"
ISSUER = bytes.fromhex("01656900FFFFFFFF")
SERIAL = bytes.fromhex("03105000000000000123")
TERMINAL = bytes.fromhex("500000000001")
HISTORICAL_BYTES = bytes.fromhex("00814A4446866050000000002A")
_ONE_BLOCK = modes.ECB()  # noqa: S305 - single blocks, as the standard says
NAME = "张测试"
SOCIAL_SECURITY_NUMBER = "500000199001010016"
CARD_NUMBER = "A12345678"


def master(name: str) -> bytes:
    return hashlib.sha256(SEED + name.encode()).digest()[:16]


def _complemented(factor: bytes) -> bytes:
    return factor + bytes(byte ^ 0xFF for byte in factor)


def sm4_child(parent: bytes, factor: bytes) -> bytes:
    return Cipher(SM4(parent), _ONE_BLOCK).encryptor().update(_complemented(factor))


def des_child(parent: bytes, factor: bytes) -> bytes:
    cipher = Cipher(TripleDES(parent + parent[:8]), _ONE_BLOCK)
    return cipher.encryptor().update(_complemented(factor))


CITY_FACTOR = REGION.encode() + bytes.fromhex("7378")
CARD_FACTOR = HISTORICAL_BYTES[-8:]


def province_key(name: str) -> bytes:
    return sm4_child(master(name), REGION[:2].encode() + bytes.fromhex("303030307368"))


def social_security_key(name: str) -> bytes:
    return sm4_child(sm4_child(province_key(name), CITY_FACTOR), CARD_FACTOR)


def medical_key(name: str) -> bytes:
    """DPK, DLK or DTK of the purse, from MPK, MLK or MTK."""
    return social_security_key("M" + name[1:])


def transit_key(name: str) -> bytes:
    return des_child(des_child(master(name), ISSUER), SERIAL[-8:])


def an(text: str, length: int) -> str:
    return text.encode("gbk").ljust(length, b"\0").hex().upper()


def cn(digits: str, length: int) -> str:
    return digits.ljust(length * 2, "F").upper()


def rail_record(status: str = "00") -> str:
    return ("27007D010100" + SERIAL[-8:].hex() + status).ljust(256, "0").upper()


def card_image(
    spec_version: str = "3.00", balance_fen: int = 0, *, expiry: str = "20401231"
) -> dict[str, Any]:
    identification = "500000" + "D156000005" + "0000002A" + "FFFFFFFF"
    ef06 = {
        "08": an(SOCIAL_SECURITY_NUMBER, 18),
        "09": an(NAME, 30),
        "4E": an("", 20),
        "0A": an("1", 1),
        "0B": cn("01", 1),
        "0C": cn("500000", 3),
        "0D": cn("19900101", 4),
    }
    if spec_version == "1.00":
        del ef06["4E"]
    file_15 = ISSUER.hex() + "0201" + SERIAL.hex() + "20260101" + expiry + "0000"
    return {
        "format": "onecard.personalisation-image",
        "version": 1,
        "test_keys": True,
        "testbed": TESTBED,
        "card_number": CARD_NUMBER,
        "historical_bytes": HISTORICAL_BYTES.hex().upper(),
        "pin": "123456",
        "social_security": {
            "spec_version": spec_version,
            "issuer_data": "860103",
            "files": {
                "EF05": {
                    "01": identification,
                    "02": an("3", 1),
                    "03": an(spec_version, 4),
                    "04": cn("915600000250000050000001", 12),
                    "05": cn("20260101", 4),
                    "06": cn("20360101", 4),
                    "07": an(CARD_NUMBER, 9),
                },
                "EF06": ef06,
            },
            "keys": {
                name: social_security_key(name).hex().upper()
                for name in ("IRK", "RKSSSE", "UKSSSE", "PUK")
            },
        },
        "transit": {
            "files": {
                "15": file_15.upper(),
                "16": "00" * 55,
                "17": ("00000156" + "5000" + "6900" + "0000" + "01").ljust(120, "0"),
                "1A": {"01": rail_record()},
            },
            "keys": {
                "DPK": transit_key("GMPK").hex().upper(),
                "DLK": transit_key("GMLK").hex().upper(),
                "DTK": transit_key("GMTK").hex().upper(),
            },
            "balance_fen": balance_fen,
            "overdraft_limit_fen": 0,
        },
    }


def full_image(spec_version: str = "3.00", algorithm: str = "03") -> dict[str, Any]:
    """An image of version 2 with everything the version of the card may have."""
    image = card_image(spec_version, 1250)
    image["version"] = 2
    part = image["social_security"]
    part["issuer_data"] = "8601" + algorithm
    part["keys"] |= {name: master(name).hex().upper() for name in ("STKSSSE", "UKEF0D")}
    part["files"]["EF0B"] = {"71": "0102", "70": an("local", 8)}
    if spec_version >= "2":
        part["files"] |= {"EF07": "F1" * 64, "EF08": "F2" * 300}
    if spec_version >= "3":
        part["files"]["EF0D"] = {"EA": an("500000000042", 12), "EB": cn("500000", 3)}
    part["directories"] = {
        "DF01": {
            "files": {
                "EF05": {"20": an("1", 1), "0E": an("测试街1号", 40)},
                "EF06": {"24": an("13900000000", 15)},
                "EF15": {"40": "01"},
                "EF16": "AA",
            },
            "keys": directory_keys("DF01"),
        },
        "DF03": {"files": {"EF19": {"79": "00" * 39}}, "keys": directory_keys("DF03")},
        "DF04": {"files": {"EF05": {"60": "01"}}, "keys": directory_keys("DF04")},
    }
    part["medical_purse"] = {
        "current_year_fen": 5000,
        "earlier_years_fen": 300,
        "starting_day": "20260101",
        "keys": {name: medical_key(name).hex().upper() for name in ("DPK", "DLK", "DTK")},
    }
    part["pki"] = {"certificates": {"0018": "3082"}}
    return image


def directory_keys(name: str) -> dict[str, str]:
    return {key: master(name + key).hex().upper() for key in ("IRK", "RK", "UK")}


def psam_image() -> dict[str, Any]:
    return {
        "format": "onecard.psam-image",
        "version": 1,
        "test_keys": True,
        "testbed": TESTBED,
        "psam_serial": "50000000000000000001",
        "terminal_number": TERMINAL.hex().upper(),
        "keys": {"GMPK": master("GMPK").hex().upper()},
    }


def full_psam_image() -> dict[str, Any]:
    """An image of version 2 with every key a module may have."""
    names = ("IRK", "UKSSSE", "RKSSSE", "MPK")
    keys = {name: province_key(name).hex().upper() for name in names}
    social_security = {"province": REGION[:2], "keys": keys}
    return psam_image() | {"version": 2, "social_security": social_security}
