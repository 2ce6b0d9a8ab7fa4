"""Name and files of the transit purse (JT/T 978.2).

Rules: 15 public data, 16 holder, 17 city data, 18 purchases and loads (cyclic), 1A complex
applications, 1E journeys (cyclic). Files 18, 1A and 1E change only as part of a transaction.
"""

from __future__ import annotations

from typing import Final

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

TRANSIT_DIRECTORY: Final = DedicatedFile(
    "transit", (PUBLIC_DATA, HOLDER, CITY_DATA, LOG, COMPLEX_APPLICATIONS, JOURNEYS)
)
