"""The key ceremony of a testbed: every master key grows from one seed, and says it is a test key.

Rules: the same seed gives the same keys on any machine; another seed gives another testbed, whose
cards and terminals refuse those of this one. A master key is HKDF-SHA256 of the seed (32 bytes),
16 bytes, with the name of the key as info. These are test keys: never load them where real money
is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEED_LENGTH: Final = 32
KEY_LENGTH: Final = 16
KEY_VERSION: Final = "01"
SOCIAL_SECURITY_KEYS: Final = ("IRK", "RKSSSE", "UKSSSE", "PUK", "STKSSSE", "UKEF0D")
MEDICAL_KEYS: Final = ("MPK", "MLK", "MTK")
CERTIFICATE_KEYS: Final = ("disability", "veteran", "function")
TRANSIT_KEYS: Final = ("DPK", "DLK", "DTK")
_TESTBED_DIGITS: Final = 8


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """The master keys of one testbed by name; `testbed` is its mark on every image."""

    testbed: str
    social_security: dict[str, bytes]
    medical: dict[str, bytes]
    certificates: dict[str, bytes]
    transit: dict[str, bytes]

    def check_value(self, name: str) -> str:
        """The key check value (first 3 bytes of SHA-256, in hex).

        Says which key, not what it is.
        """
        key = (self.social_security | self.medical | self.certificates | self.transit)[name]
        return hashlib.sha256(key).hexdigest()[:6].upper()


def hold_ceremony(seed: bytes) -> MasterKeys:
    """All master keys of the testbed of this seed. Raises ValueError for a seed of other length."""
    if len(seed) != SEED_LENGTH:
        raise ValueError(f"a key seed is {SEED_LENGTH} bytes, this one has {len(seed)}")
    return MasterKeys(
        testbed=hashlib.sha256(seed).hexdigest()[:_TESTBED_DIGITS].upper(),
        social_security=_grow_all(seed, "social-security", SOCIAL_SECURITY_KEYS),
        medical=_grow_all(seed, "medical", MEDICAL_KEYS),
        certificates=_grow_all(seed, "certificates", CERTIFICATE_KEYS),
        transit=_grow_all(seed, "transit", TRANSIT_KEYS),
    )


def _grow_all(seed: bytes, application: str, names: tuple[str, ...]) -> dict[str, bytes]:
    return {name: _grow(seed, application, name) for name in names}


def _grow(seed: bytes, application: str, name: str) -> bytes:
    info = f"onecard/{application}/{name}/{KEY_VERSION}".encode("ascii")
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=info).derive(seed)
