"""Numbers a card carries: card number, card serial, application serial of the transit purse.

- Card number: 9 characters (LD/T 32.6, EF05 tag 07). Here one letter and eight digits of the
  card serial (assumption: the letter is the series, the standard fixes only the length).
- Application serial: 10 BCD bytes of file 15 (JT/T 978): the issuer's prefix and the card serial.
"""

from __future__ import annotations

from typing import NewType

CardNumber = NewType("CardNumber", str)
ApplicationSerial = NewType("ApplicationSerial", str)

CARD_NUMBER_PATTERN = r"[A-Z0-9]{9}"
APPLICATION_SERIAL_DIGITS = 20
CARD_SERIALS_MAX = 99_999_999
"""Card serials one series letter can number."""


def card_number_of(serial: int) -> CardNumber:
    """The card number of a card serial.

    Raises:
        ValueError: the series letter has no number left.
    """
    if not 0 < serial <= CARD_SERIALS_MAX:
        raise ValueError(f"card serial {serial} does not fit eight digits")
    return CardNumber(f"A{serial:08d}")


def application_serial_of(prefix: str, serial: int) -> ApplicationSerial:
    """Twenty digits: the issuer's prefix, then the card serial."""
    return ApplicationSerial(f"{prefix}{serial:0{APPLICATION_SERIAL_DIGITS - len(prefix)}d}")
