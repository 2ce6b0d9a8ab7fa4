"""Names and files of the certificate area (public card writers, medium).

Rules: public keys are files with tag CA before X || Y; private keys are no files, so that no READ
reaches them. Certificates are read freely and written after the PIN.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.files import (
    PIN,
    DedicatedFile,
    ElementaryFile,
    Slot,
    Structure,
    all_of,
)
from virtual_cards.files.memory import Value
from virtual_cards.keys.sm2 import PUBLIC_LENGTH

PKI_NAME: Final = b"PKI." + "社会保障".encode("gbk")
"""The DDF."""
CERTIFICATE_NAME: Final = b"SS.CERT.ADF1"
"""The ADF below it."""
CERTIFICATE_FILE_ID: Final = 0xDF01

CERTIFICATE_SIZE: Final = 1020
"""Writers fill a certificate up to this with 00: four times FA bytes and 14."""

PUBLIC_KEY_TAG: Final = 0xCA
_PUBLIC_FILE_SIZE: Final = PUBLIC_LENGTH + 2

SIGNING_PUBLIC: Final = ElementaryFile(
    "0012", 0x0012, 0x12, Structure.TRANSPARENT, _PUBLIC_FILE_SIZE
)
ENCRYPTION_PUBLIC: Final = ElementaryFile(
    "0014", 0x0014, 0x14, Structure.TRANSPARENT, _PUBLIC_FILE_SIZE
)
SIGNING_CERTIFICATE: Final = ElementaryFile(
    "0018", 0x0018, 0x18, Structure.TRANSPARENT, CERTIFICATE_SIZE, update=all_of(PIN)
)
ENCRYPTION_CERTIFICATE: Final = ElementaryFile(
    "0019", 0x0019, 0x19, Structure.TRANSPARENT, CERTIFICATE_SIZE, update=all_of(PIN)
)
PKI_DIRECTORY: Final = DedicatedFile(
    "pki", (SIGNING_PUBLIC, ENCRYPTION_PUBLIC, SIGNING_CERTIFICATE, ENCRYPTION_CERTIFICATE)
)

SIGNING_PRIVATE_ID: Final = 0x0013
ENCRYPTION_PRIVATE_ID: Final = 0x0015

PRIVATE_KEYS: Final = {
    SIGNING_PRIVATE_ID: Slot[bytes]("pki/0013"),
    ENCRYPTION_PRIVATE_ID: Slot[bytes]("pki/0015"),
}
"""Empty until generated or imported."""


def initial_values(signing_certificate: bytes, encryption_certificate: bytes) -> dict[str, Value]:
    """A new certificate area, by name of slot."""
    contents = {
        SIGNING_PUBLIC: b"",
        ENCRYPTION_PUBLIC: b"",
        SIGNING_CERTIFICATE: signing_certificate,
        ENCRYPTION_CERTIFICATE: encryption_certificate,
    }
    return {
        **{
            f"pki/{file.name}": content.ljust(file.size, b"\0")
            for file, content in contents.items()
        },
        **{slot.name: b"" for slot in PRIVATE_KEYS.values()},
    }
