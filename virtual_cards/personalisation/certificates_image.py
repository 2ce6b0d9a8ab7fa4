"""The section `certificates` of a personalisation image, and the application made from it.

Rules (docs/interfaces.md, section 1a): the keys of both kinds must be there, the certificates may
be: most cards get them later, by WRITE CERTIFICATE. The key `function` may be absent: cards issued
before functions were loaded have none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu.response import Refused
from virtual_cards.applets.certificates import Certificate, CertificateKind, Certificates
from virtual_cards.applets.certificates.certificate import (
    ISSUER_LENGTH,
    LEVELS,
    NUMBER_LENGTH,
)
from virtual_cards.applets.certificates.specification import FUNCTIONS_KEY
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.files.memory import PersistentMemory, Value
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.keys.store import KeyStore
from virtual_cards.personalisation.faults import ImageReader

_NAMES: Final = {"disability": CertificateKind.DISABILITY, "veteran": CertificateKind.VETERAN}
_FUNCTION: Final = "function"
_DATE: Final = r"[0-9]{8}"
_DATE_IN_WORDS: Final = "a date YYYYMMDD"


@dataclass(frozen=True, slots=True)
class CertificatesImage:
    """The keys of those who certify, by kind, and of those who load functions; the certificates
    there are already.
    """

    keys: dict[int, bytes]
    certificates: tuple[Certificate, ...]


def read_certificates(reader: ImageReader) -> CertificatesImage | None:
    """The section, when the image has one; faults go to the reader."""
    if not reader.has("certificates"):
        return None
    section = reader.section("certificates")
    section.only("keys", *_NAMES)
    keys = section.section("keys")
    keys.only(*_NAMES, _FUNCTION)
    names = _NAMES | ({_FUNCTION: FUNCTIONS_KEY} if keys.has(_FUNCTION) else {})
    found = (
        _certificate(section.section(name), kind)
        for name, kind in _NAMES.items()
        if section.has(name)
    )
    return CertificatesImage(
        {kind: keys.octets(name, KEY_LENGTH, secret=True) for name, kind in names.items()},
        tuple(certificate for certificate in found if certificate is not None),
    )


def certificates_memory(image: CertificatesImage | None) -> dict[str, Value]:
    """The certificates application of a new card, by name of slot."""
    if image is None:
        return {}
    return {
        **Certificates.initial_values(image.certificates),
        **KeyStore.initial_values("certificates", image.keys),
    }


def certificates_applets(
    image: CertificatesImage | None, *, memory: PersistentMemory, random: RandomBytes
) -> list[Applet]:
    """The application; none without the section."""
    return [] if image is None else [Certificates(image.keys, memory, random)]


def _certificate(reader: ImageReader, kind: CertificateKind) -> Certificate | None:
    reader.only("level", "number", "valid_from", "valid_until", "issuer", "region")
    faults = len(reader.faults)
    record = bytes((kind, reader.number("level", LEVELS[kind].start, LEVELS[kind].stop - 1)))
    dates = [reader.text(key, _DATE, _DATE_IN_WORDS) for key in ("valid_from", "valid_until")]
    region = reader.text("region", r"[0-9]{6}", "6 digits")
    number = _filled(reader, "number", NUMBER_LENGTH, secret=True)
    issuer = _filled(reader, "issuer", ISSUER_LENGTH)
    if len(reader.faults) > faults:
        return None
    try:
        return Certificate.parse(record + bytes.fromhex("".join(dates) + region) + number + issuer)
    except Refused:
        reader.report(
            "valid_until", dates[1], "dates of the calendar, the end not before the start"
        )
        return None


def _filled(reader: ImageReader, key: str, length: int, *, secret: bool = False) -> bytes:
    """A text in GBK, filled with 00."""
    expected = f"1 to {length} bytes of GBK"
    value = reader.text(key, r"[^\0]+", expected, secret=secret).encode("gbk", "replace")
    if len(value) > length:
        reader.report(key, f"{len(value)} bytes", expected)
    return value.ljust(length, b"\0")
