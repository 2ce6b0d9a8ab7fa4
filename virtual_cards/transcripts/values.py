"""How bytes of cards are written for people, and how personal data are masked.

Rules: a value that is not what it should be is shown as hexadecimal, never an error. Of a name the
first character stays, of a number that names a person the first six and the last two (GB/T 35273,
6.3: display of personal data).
"""

from __future__ import annotations

from typing import Final

_FEN_PER_YUAN: Final = 100
_DATE_LENGTH: Final = 4
_TIME_LENGTH: Final = 3
_KEPT_FRONT: Final = 6
_KEPT_BACK: Final = 2


def hexadecimal(value: bytes) -> str:
    """Upper-case hexadecimal."""
    return value.hex().upper()


def yuan(value: bytes) -> str:
    """An amount in fen, such as `12.50 元 / yuan`; four bytes are signed."""
    fen = int.from_bytes(value, "big", signed=len(value) == _DATE_LENGTH)
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), _FEN_PER_YUAN)
    return f"{sign}{whole}.{rest:02d} 元 / yuan"


def number(value: bytes) -> str:
    """A big-endian number."""
    return str(int.from_bytes(value, "big"))


def digits(value: bytes) -> str:
    """BCD without its filling of F."""
    return value.hex().upper().rstrip("F")


def date(value: bytes) -> str:
    """YYYYMMDD in BCD as YYYY-MM-DD."""
    text = value.hex()
    if len(value) != _DATE_LENGTH or not text.isdigit():
        return hexadecimal(value)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def clock_time(value: bytes) -> str:
    """HHMMSS in BCD as HH:MM:SS."""
    text = value.hex()
    if len(value) != _TIME_LENGTH or not text.isdigit():
        return hexadecimal(value)
    return f"{text[:2]}:{text[2:4]}:{text[4:]}"


def moment(value: bytes) -> str:
    """YYYYMMDDHHMMSS in BCD; all zero is none."""
    if not any(value):
        return "-"
    return f"{date(value[:_DATE_LENGTH])} {clock_time(value[_DATE_LENGTH:])}"


def text(value: bytes) -> str:
    """GBK without its filling of 00."""
    return value.rstrip(b"\0").decode("gbk", "replace")


def masked_name(value: bytes) -> str:
    """A name: the first character stays."""
    name = text(value)
    return name[:1] + "*" * len(name[1:])


def masked_number(value: bytes) -> str:
    """A number of a person in ASCII: the first six and the last two characters stay."""
    return _masked(text(value))


def masked_date(value: bytes) -> str:
    """A birth date: the year stays."""
    return date(value)[:4] + "-**-**"


def hidden(value: bytes) -> str:
    """Nothing but the length."""
    return f"({len(value)} 字节 / bytes)"


def _masked(number_text: str) -> str:
    middle = max(0, len(number_text) - _KEPT_FRONT - _KEPT_BACK)
    if not middle:
        return "*" * len(number_text)
    return number_text[:_KEPT_FRONT] + "*" * middle + number_text[-_KEPT_BACK:]
