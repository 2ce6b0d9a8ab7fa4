"""The rail record of file 1A, as a gate reads and writes it.

Rules: docs/interfaces.md, section 5 (JT/T 978). A gate changes the fields it knows and leaves every
other byte as it was. Times are BCD, amounts four bytes in fen, a station stands right aligned in
its eight bytes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from virtual_cards.assumptions import RAIL_RECORD_ID
from virtual_cards.terminals.journey_records import Place

_RECORD_LENGTH_BYTE: Final = b"\x7d"
_VALID: Final = b"\x01"

_IDENTIFIER: Final = slice(0, 2)
_LENGTH: Final = slice(2, 3)
_VALIDITY: Final = slice(3, 4)
_SERIAL: Final = slice(6, 14)
_STATUS: Final = 14
_ENTRY_CITY: Final = slice(15, 17)
_EXIT_CITY: Final = slice(17, 19)
_ENTRY_ORGANISATION: Final = slice(19, 27)
_EXIT_ORGANISATION: Final = slice(27, 35)
_ENTRY_STATION: Final = slice(35, 43)
_EXIT_STATION: Final = slice(43, 51)
_ENTRY_DEVICE: Final = slice(51, 59)
_EXIT_DEVICE: Final = slice(59, 67)
_ENTRY_TIME: Final = slice(67, 74)
_EXIT_TIME: Final = slice(74, 81)
_MAXIMUM_FARE: Final = slice(81, 85)
_ENTRY_LINE: Final = slice(85, 86)
_EXIT_LINE: Final = slice(86, 87)
_ENTRY_AMOUNT: Final = slice(87, 91)
_ENTRY_BALANCE: Final = slice(91, 95)
_EXIT_AMOUNT: Final = slice(95, 99)
_EXIT_FIELDS: Final = (
    _EXIT_CITY,
    _EXIT_ORGANISATION,
    _EXIT_STATION,
    _EXIT_DEVICE,
    _EXIT_TIME,
    _EXIT_LINE,
    _EXIT_AMOUNT,
)


class RailStatus(IntEnum):
    """Byte 14 of the rail record."""

    OUT = 0
    INSIDE = 1
    LEFT = 2


def is_inside(rail_record: bytes) -> bool:
    """Whether the card entered and did not leave."""
    return rail_record[_STATUS] == RailStatus.INSIDE


def entry_station(rail_record: bytes) -> str:
    """The station code of the entry, four hexadecimal digits."""
    return rail_record[_ENTRY_STATION][-2:].hex().upper()


def entry_time(rail_record: bytes) -> bytes:
    """Date4 time3 of the entry, BCD."""
    return rail_record[_ENTRY_TIME]


def entered(
    rail_record: bytes,
    place: Place,
    *,
    serial: bytes,
    moment: bytes,
    balance_fen: int,
    maximum_fare_fen: int,
) -> bytes:
    """The rail record after an entry; the fields of the last exit are cleared."""
    record = bytearray(rail_record)
    record[_IDENTIFIER] = RAIL_RECORD_ID
    record[_LENGTH] = _RECORD_LENGTH_BYTE
    record[_VALIDITY] = _VALID
    record[_SERIAL] = serial[-8:]
    record[_STATUS] = RailStatus.INSIDE
    for field in _EXIT_FIELDS:
        record[field] = bytes(field.stop - field.start)
    record[_ENTRY_CITY] = place.city
    record[_ENTRY_ORGANISATION] = place.organisation
    record[_ENTRY_STATION] = place.station
    record[_ENTRY_DEVICE] = place.device
    record[_ENTRY_TIME] = moment
    record[_MAXIMUM_FARE] = maximum_fare_fen.to_bytes(4, "big")
    record[_ENTRY_LINE] = place.line[-1:]
    record[_ENTRY_AMOUNT] = bytes(4)
    record[_ENTRY_BALANCE] = balance_fen.to_bytes(4, "big", signed=True)
    return bytes(record)


def left(rail_record: bytes, place: Place, *, moment: bytes, amount_fen: int) -> bytes:
    """The rail record after an exit."""
    record = bytearray(rail_record)
    record[_STATUS] = RailStatus.LEFT
    record[_EXIT_CITY] = place.city
    record[_EXIT_ORGANISATION] = place.organisation
    record[_EXIT_STATION] = place.station
    record[_EXIT_DEVICE] = place.device
    record[_EXIT_TIME] = moment
    record[_EXIT_LINE] = place.line[-1:]
    record[_EXIT_AMOUNT] = amount_fen.to_bytes(4, "big")
    return bytes(record)
