"""One function of a merged scheme as the card stores it: ours, no public source gives a layout.

A scheme is a card, certificate or code that was merged into the social security card (NM-7d, CQ-6b,
NX-7c); its function works from the card once it is loaded.

Rules: 51 bytes, scheme8 region3 from4 until4, then number32. The scheme is the number the platform
gave it; the region is GB/T 2260 in BCD, dates are BCD YYYYMMDD, both days included; the number is
that of the holder in the scheme, ASCII or GBK, filled with 00. Terminals read the first 19 bytes
freely; the number, with the scheme before it, needs the holder's PIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.certificates.bcd_date import is_date

SCHEME_LENGTH: Final = 8
TERM_LENGTH: Final = 19
HOLDER_NUMBER_LENGTH: Final = 32
FUNCTION_LENGTH: Final = TERM_LENGTH + HOLDER_NUMBER_LENGTH
_REGION: Final = slice(8, 11)
_BEGINS: Final = slice(11, 15)
_ENDS: Final = slice(15, 19)


@dataclass(frozen=True, slots=True)
class LoadedFunction:
    """A function in the bytes of the card: `term` is free, `holder_number` needs the PIN."""

    term: bytes
    holder_number: bytes

    @property
    def record(self) -> bytes:
        """The 51 bytes, as they are written."""
        return self.term + self.holder_number[SCHEME_LENGTH:]

    @classmethod
    def of(
        cls, *, scheme: str, region: str, valid_from: str, valid_until: str, number: str
    ) -> Self:
        """A function from what it says; scheme 16 hexadecimal digits, region six digits, dates
        YYYYMMDD.

        Raises `ValueError` for what the record does not take.
        """
        field = number.encode("gbk").ljust(HOLDER_NUMBER_LENGTH, b"\0")
        try:
            return cls.parse(bytes.fromhex(scheme + region + valid_from + valid_until) + field)
        except Refused as refusal:
            raise ValueError(f"no function: the card would answer {refusal}") from refusal

    @classmethod
    def parse(cls, record: bytes) -> Self:
        """Check a record. Raises `Refused` 6700 for another length, 6A80 for a faulty field."""
        if len(record) != FUNCTION_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        begins, ends = record[_BEGINS], record[_ENDS]
        if (
            not record[_REGION].hex().isdigit()
            or not is_date(begins)
            or not is_date(ends)
            or ends < begins
            or not record[TERM_LENGTH]
        ):
            raise Refused(sw.WRONG_DATA)
        return cls(record[:TERM_LENGTH], record[:SCHEME_LENGTH] + record[TERM_LENGTH:])
