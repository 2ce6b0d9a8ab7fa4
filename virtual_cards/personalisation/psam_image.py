"""The PSAM image of a terminal (docs/interfaces.md, section 2), typed and checked.

Rules: images of version 1 and 2 are read; version 2 only adds the social security application, with
the keys a kind of terminal needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.psam import SERIAL, TERMINAL_NUMBER
from virtual_cards.applets.psam.social_security_module import ProvinceKeys
from virtual_cards.assumptions import PSAM_KEY_REFERENCES
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.faults import ImageReader

FORMAT: Final = "onecard.psam-image"
VERSIONS: Final = (1, 2)
_MEDICAL_KEY: Final = "MPK"


@dataclass(frozen=True, slots=True)
class PsamImage:
    """A PSAM as the platform gives it to a terminal."""

    serial: bytes
    terminal_number: bytes
    purchase_master_key: bytes
    social_security: ProvinceKeys | None = None


def read_psam_image(document: object) -> PsamImage:
    """Check an image. Raises `ImageIsFaulty` with every fault of it."""
    reader = ImageReader(document)
    members = [
        "format", "version", "test_keys", "testbed", "psam_serial", "terminal_number", "keys"
    ]  # fmt: skip
    version = reader.number("version", *VERSIONS)
    if version > 1:
        members.append("social_security")
    reader.only(*members)
    reader.constant("format", FORMAT)
    reader.constant("test_keys", True)
    reader.text("testbed", r"[0-9A-Fa-f]{8}", "8 hexadecimal digits")
    serial = reader.octets("psam_serial", SERIAL.size)
    terminal_number = reader.octets("terminal_number", TERMINAL_NUMBER.size)
    keys = reader.section("keys")
    keys.only("GMPK")
    master_key = keys.octets("GMPK", KEY_LENGTH, secret=True)
    social_security = None
    if version > 1 and reader.has("social_security"):
        social_security = _social_security(reader.section("social_security"))
    reader.raise_faults("PSAM image")
    return PsamImage(serial, terminal_number, master_key, social_security)


def _social_security(reader: ImageReader) -> ProvinceKeys:
    reader.only("province", "keys")
    reader.text("province", r"[0-9]{2}", "2 digits")
    keys = reader.section("keys")
    keys.only(*PSAM_KEY_REFERENCES, _MEDICAL_KEY)
    present = {
        name: keys.octets(name, KEY_LENGTH, secret=True)
        for name in (*PSAM_KEY_REFERENCES, _MEDICAL_KEY)
        if keys.has(name)
    }
    medical = present.pop(_MEDICAL_KEY, None)
    references = {PSAM_KEY_REFERENCES[name]: key for name, key in present.items()}
    return ProvinceKeys(references, medical)
