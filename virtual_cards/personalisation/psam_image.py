"""The PSAM image of a terminal (docs/interfaces.md, section 2), typed and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.psam import SERIAL, TERMINAL_NUMBER
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.faults import ImageReader

FORMAT: Final = "onecard.psam-image"


@dataclass(frozen=True, slots=True)
class PsamImage:
    """A PSAM as the platform gives it to a terminal."""

    serial: bytes
    terminal_number: bytes
    purchase_master_key: bytes


def read_psam_image(document: object) -> PsamImage:
    """Check an image. Raises `ImageIsFaulty` with every fault of it."""
    reader = ImageReader(document)
    reader.only(
        "format", "version", "test_keys", "testbed", "psam_serial", "terminal_number", "keys"
    )
    reader.constant("format", FORMAT)
    reader.constant("version", 1)
    reader.constant("test_keys", True)
    reader.text("testbed", r"[0-9A-Fa-f]{8}", "8 hexadecimal digits")
    serial = reader.octets("psam_serial", SERIAL.size)
    terminal_number = reader.octets("terminal_number", TERMINAL_NUMBER.size)
    keys = reader.section("keys")
    keys.only("GMPK")
    master_key = keys.octets("GMPK", KEY_LENGTH, secret=True)
    reader.raise_faults("PSAM image")
    return PsamImage(serial, terminal_number, master_key)
