"""One certificate as the card stores it: ours, since no public source gives a layout.

Rules: 73 bytes, kind1 level1 from4 until4 region3, then number20 issuer40. Dates are BCD YYYYMMDD,
99991231 is no end; the region is GB/T 2260 in BCD; number and issuer are ASCII or GBK, filled with
00. The first 13 bytes are the concession, which terminals read freely; the kind and the rest are
the details, which need the holder's PIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.certificates.bcd_date import is_date

CONCESSION_LENGTH: Final = 13
NUMBER_LENGTH: Final = 20
ISSUER_LENGTH: Final = 40
DETAILS_LENGTH: Final = 1 + NUMBER_LENGTH + ISSUER_LENGTH
CERTIFICATE_LENGTH: Final = CONCESSION_LENGTH + NUMBER_LENGTH + ISSUER_LENGTH


class CertificateKind(IntEnum):
    """Who is certified; also the reference of the key of those who certify it."""

    DISABILITY = 1
    """Degrees 1 (gravest) to 4 (GB/T 26341)."""
    VETERAN = 2
    """0, or the grade 1 to 10 of a veteran disabled in service."""


LEVELS: Final = {CertificateKind.DISABILITY: range(1, 5), CertificateKind.VETERAN: range(11)}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in the bytes of the card."""

    kind: CertificateKind
    concession: bytes
    details: bytes

    @property
    def record(self) -> bytes:
        """The 73 bytes, as they are written."""
        return self.concession + self.details[1:]

    @classmethod
    def of(
        cls,
        kind: CertificateKind,
        *,
        level: int,
        number: str,
        issuer: str,
        region: str,
        valid_from: str,
        valid_until: str,
    ) -> Self:
        """A certificate from what stands on it; dates YYYYMMDD, region six digits.

        Raises `ValueError` for what the record does not take.
        """
        number_field = number.encode("gbk").ljust(NUMBER_LENGTH, b"\0")
        issuer_field = issuer.encode("gbk").ljust(ISSUER_LENGTH, b"\0")
        head = bytes((kind, level)) + bytes.fromhex(valid_from + valid_until + region)
        try:
            return cls.parse(head + number_field + issuer_field)
        except Refused as refusal:
            raise ValueError(f"no certificate: the card would answer {refusal}") from refusal

    @classmethod
    def parse(cls, record: bytes) -> Self:
        """Check a record. Raises `Refused` 6700 for another length, 6A80 for a faulty field."""
        if len(record) != CERTIFICATE_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        if record[0] not in set(CertificateKind):
            raise Refused(sw.WRONG_DATA)
        kind = CertificateKind(record[0])
        begins, ends, region = record[2:6], record[6:10], record[10:13]
        if (
            record[1] not in LEVELS[kind]
            or not is_date(begins)
            or not is_date(ends)
            or ends < begins
            or not region.hex().isdigit()
        ):
            raise Refused(sw.WRONG_DATA)
        concession = record[:CONCESSION_LENGTH]
        return cls(kind, concession, record[:1] + record[CONCESSION_LENGTH:])
