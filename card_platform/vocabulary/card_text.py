"""How requests write what stands on a card: hexadecimal text, sequences, amounts, dates and times.

Rules: hexadecimal is taken in either case and kept in upper case; a length in a name is in bytes;
sequences are whole numbers in requests and hexadecimal inside; dates and times are digits, China
standard time, as the card wrote them.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated

import msgspec

from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.money import AMOUNT_MAX_FEN

_DAYS_KEPT_MAX = 64
"""Days remembered by their digits: nearly all taps are of today."""

ApplicationSerialText = Annotated[str, exactly(r"[0-9]{20}")]
IssuerText = Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]
HistoricalBytesText = Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]
Hex2 = Annotated[str, exactly(r"[0-9A-Fa-f]{4}")]
Hex4 = Annotated[str, exactly(r"[0-9A-Fa-f]{8}")]
Sequence2 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
Sequence4 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
AmountFen = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)]
PositiveFen = Annotated[int, msgspec.Meta(gt=0, le=AMOUNT_MAX_FEN)]
DateText = Annotated[str, exactly(r"[0-9]{8}")]
TimeText = Annotated[str, exactly(r"([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")]


@lru_cache(_DAYS_KEPT_MAX)
def day_of(text: str) -> date:
    """The day eight digits name.

    Raises:
        ValueError: they name none.
    """
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def day_faults(text: str) -> list[Fault]:
    """The fault of a field `date` whose digits are no day; none where they are one."""
    try:
        day_of(text)
    except ValueError:
        return [Fault("date", repr(text), "a day, YYYYMMDD")]
    return []
