"""The section `transit` of a personalisation image, and the purse made from it.

Rules (docs/interfaces.md, section 1): an image of version 1 has files 15, 16, 17 and 1A. From
version 2 on the card also has the issuer's files 05 to 08 and file 19, whose first record is the
day state; what the image does not bring of them is there all the same, empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.applets.transit.applet import Transit, TransitKeys
from virtual_cards.applets.transit.purse import Purse
from virtual_cards.applets.transit.specification import (
    CITY_DATA,
    CITY_DISCOUNTS,
    COMPLEX_APPLICATIONS,
    EMPTY_DAY_STATE,
    HOLDER,
    ISSUER_FILES,
    JOURNEYS,
    LOG,
    PUBLIC_DATA,
    TRANSIT_DIRECTORY,
    TRANSIT_DIRECTORY_1,
)
from virtual_cards.assumptions import BALANCE_MAX_FEN, DAY_STATE_RECORD_ID
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.files import DedicatedFile, PersistentMemory, Value
from virtual_cards.files.contents import bytes_slot, records_slot
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.faults import ImageReader

_OVERDRAFT_MAX_FEN: Final = 0xFF_FFFF
_OPTIONAL_FILES: Final = (*(file.name for file in ISSUER_FILES), CITY_DISCOUNTS.name)
_IDENTIFIER_LENGTH: Final = 2


@dataclass(frozen=True, slots=True)
class TransitImage:
    """The transit purse: contents of transparent files and of record files by name."""

    directory: DedicatedFile
    contents: dict[str, bytes]
    records: dict[str, tuple[bytes, ...]]
    keys: TransitKeys
    balance_fen: int
    overdraft_limit_fen: int


def read_transit(reader: ImageReader, version: int) -> TransitImage | None:
    """The section, when the image has one; faults go to the reader."""
    if not reader.has("transit"):
        return None
    transit = reader.section("transit")
    transit.only("files", "keys", "balance_fen", "overdraft_limit_fen")
    files = transit.section("files")
    files.only("15", "16", "17", "1A", *(_OPTIONAL_FILES if version > 1 else ()))
    contents = {
        file.name: files.octets(file.name, file.size) for file in (PUBLIC_DATA, HOLDER, CITY_DATA)
    }
    records = {COMPLEX_APPLICATIONS.name: _complex_applications(files.section("1A"))}
    if version > 1:
        for file in ISSUER_FILES:
            given = files.filling(file.name, file.size) if files.has(file.name) else b""
            contents[file.name] = given.ljust(file.size, b"\0")
        records[CITY_DISCOUNTS.name] = (EMPTY_DAY_STATE,)
        if files.has(CITY_DISCOUNTS.name):
            records[CITY_DISCOUNTS.name] = _discounts(files.section(CITY_DISCOUNTS.name))
    keys = transit.section("keys")
    keys.only("DPK", "DLK", "DTK")
    return TransitImage(
        TRANSIT_DIRECTORY if version > 1 else TRANSIT_DIRECTORY_1,
        contents,
        records,
        TransitKeys(
            keys.octets("DPK", KEY_LENGTH, secret=True),
            keys.octets("DLK", KEY_LENGTH, secret=True),
            keys.octets("DTK", KEY_LENGTH, secret=True),
        ),
        transit.number("balance_fen", 0, BALANCE_MAX_FEN),
        transit.number("overdraft_limit_fen", 0, _OVERDRAFT_MAX_FEN),
    )


def transit_memory(image: TransitImage | None) -> dict[str, Value]:
    """The purse of a new card, by name of slot."""
    if image is None:
        return {}
    values = Purse.initial_values(image.balance_fen, image.overdraft_limit_fen)
    records: dict[str, tuple[bytes, ...]] = {LOG.name: (), JOURNEYS.name: (), **image.records}
    for file in image.directory.files:
        if file.has_records:
            values[records_slot(image.directory, file).name] = records[file.name]
        else:
            values[bytes_slot(image.directory, file).name] = image.contents[file.name]
    return values


def transit_applets(
    image: TransitImage | None, *, memory: PersistentMemory, random: RandomBytes
) -> list[Applet]:
    """The purse; none without the section."""
    return [] if image is None else [Transit(image.keys, memory, random, image.directory)]


def _complex_applications(reader: ImageReader) -> tuple[bytes, ...]:
    """Records 01, 02, ... without a gap, 128 bytes each."""
    return tuple(
        reader.octets(key, COMPLEX_APPLICATIONS.size)
        for key in _numbers(reader, COMPLEX_APPLICATIONS.records_max)
    )


def _discounts(reader: ImageReader) -> tuple[bytes, ...]:
    """The day state, then records of the city, each with an identifier; without a gap."""
    first, *others = _numbers(reader, CITY_DISCOUNTS.records_max)
    day_state = reader.octets(first, len(EMPTY_DAY_STATE))
    if reader.has(first) and not day_state.startswith(DAY_STATE_RECORD_ID):
        found = day_state[:_IDENTIFIER_LENGTH].hex().upper()
        reader.report(first, found, f"{DAY_STATE_RECORD_ID.hex().upper()}: the day state")
    records = [day_state]
    for key in others:
        record = reader.octets_up_to(key, CITY_DISCOUNTS.size)
        if len(record) < _IDENTIFIER_LENGTH:
            reader.report(key, f"{len(record)} bytes", "a record with its identifier")
        records.append(record)
    return tuple(records)


def _numbers(reader: ImageReader, most: int) -> list[str]:
    """The keys of records that must be there: up to the highest one that is."""
    numbers = [f"{number + 1:02X}" for number in range(most)]
    reader.only(*numbers)
    present = max((index + 1 for index, key in enumerate(numbers) if reader.has(key)), default=1)
    return numbers[:present]
