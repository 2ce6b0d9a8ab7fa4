"""Name and files of the transit purse (JT/T 978.2).

Rules: 05 to 08 the issuer's own, 15 public data, 16 holder, 17 city data, 18 purchases and loads
(cyclic), 19 discounts of the city, 1A complex applications, 1E journeys (cyclic). Files 18, 19, 1A
and 1E change only as part of a transaction. Cards of image version 1 have neither 05 to 08 nor 19.

Record 1 of file 19 is the day state, 64 bytes, ours: identifier2 1901, length1 3D, valid1, day4 in
BCD, rides of that day1, spent on it4 and saved on it4 in fen, time of the last exit7, its industry1
and place2, reserved37.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.assumptions import DAY_STATE_RECORD_ID, ISSUER_FILE_SIZE
from virtual_cards.files import (
    DedicatedFile,
    ElementaryFile,
    RecordIdentifier,
    Structure,
    all_of,
)
from virtual_cards.files.access import PIN

TRANSIT_AID: Final = bytes.fromhex("A000000632010105")
"""The electronic purse (EP)."""

VERSION: Final = bytes.fromhex("02")
"""Tag 9F08 of the FCI, as a real card answers."""

PUBLIC_DATA: Final = ElementaryFile("15", 0x0015, 0x15, Structure.TRANSPARENT, size=30)
HOLDER: Final = ElementaryFile("16", 0x0016, 0x16, Structure.TRANSPARENT, size=55, read=all_of(PIN))
CITY_DATA: Final = ElementaryFile("17", 0x0017, 0x17, Structure.TRANSPARENT, size=60)
LOG: Final = ElementaryFile("18", 0x0018, 0x18, Structure.CYCLIC, size=23, records_max=10)
COMPLEX_APPLICATIONS: Final = ElementaryFile(
    "1A",
    0x001A,
    0x1A,
    Structure.LINEAR_VARIABLE,
    size=128,
    records_max=8,
    record_identifier=RecordIdentifier.APPLICATION,
)
JOURNEYS: Final = ElementaryFile("1E", 0x001E, 0x1E, Structure.CYCLIC, size=48, records_max=30)

CITY_DISCOUNTS: Final = ElementaryFile(
    "19",
    0x0019,
    0x19,
    Structure.LINEAR_VARIABLE,
    size=128,
    records_max=8,
    record_identifier=RecordIdentifier.APPLICATION,
)
ISSUER_FILES: Final = tuple(
    ElementaryFile(f"{n:02X}", n, n, Structure.TRANSPARENT, size=ISSUER_FILE_SIZE)
    for n in range(0x05, 0x09)
)

DAY_STATE_LENGTH: Final = 64
EMPTY_DAY_STATE: Final = (DAY_STATE_RECORD_ID + bytes((DAY_STATE_LENGTH - 3, 0x01))).ljust(
    DAY_STATE_LENGTH, b"\0"
)
"""Valid, and of no day yet."""

_FILES_1: Final = (PUBLIC_DATA, HOLDER, CITY_DATA, LOG, COMPLEX_APPLICATIONS, JOURNEYS)
TRANSIT_DIRECTORY_1: Final = DedicatedFile("transit", _FILES_1)
"""Of a card whose image has version 1."""
TRANSIT_DIRECTORY: Final = DedicatedFile("transit", (*ISSUER_FILES, *_FILES_1, CITY_DISCOUNTS))
