"""Names, files and keys of the environment SSSE (LD/T 32.6, table 9; LD/T 32.4).

Rules: each record is one simple TLV. Records stand in the order of the tags below; in EF05 number
and tag are the same, in EF06 they differ. A card of version 1.0 has no name extension (4E), so its
later records move up. EF07, EF08, EF0B and EF0D are there only when the image brings them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from virtual_cards.applets.social_security import profile
from virtual_cards.files import (
    ALWAYS,
    PIN,
    AccessCondition,
    DedicatedFile,
    ElementaryFile,
    RecordIdentifier,
    Structure,
    all_of,
    key,
)

SSSE_NAME: Final = b"sx1.sh." + "社会保障".encode("gbk")
"""Name of the social security environment, 15 bytes (LD/T 32.4, 5)."""

DIRECTORY_SHORT_IDENTIFIER: Final = 0x1E
"""Tag 88 of the FCI, as third-generation cards answer."""

RECORD_LENGTH_MAX: Final = 127
"""Longest value of a record with a length of one byte."""


class ItemFormat(Enum):
    """How a value is written (LD/T 32.6)."""

    CN = "cn"
    """BCD digits, left aligned, filled with F."""
    AN = "an"
    """ASCII or GBK, left aligned, filled with 00."""


@dataclass(frozen=True, slots=True)
class Item:
    """One data item: tag, format, length in bytes, names."""

    tag: int
    format: ItemFormat
    length: int
    name_zh: str
    name_en: str
    optional: bool = False


EF05_ITEMS: Final = (
    Item(0x01, ItemFormat.CN, 16, "卡识别码", "card identification code"),
    Item(0x02, ItemFormat.AN, 1, "卡的类别", "card category"),
    Item(0x03, ItemFormat.AN, 4, "规范版本", "specification version"),
    Item(0x04, ItemFormat.CN, 12, "初始化机构编号", "initialising organisation"),
    Item(0x05, ItemFormat.CN, 4, "发卡日期", "issue date"),
    Item(0x06, ItemFormat.CN, 4, "卡有效期", "valid until"),
    Item(0x07, ItemFormat.AN, 9, "卡号", "card number"),
)

EF06_ITEMS: Final = (
    Item(0x08, ItemFormat.AN, 18, "社会保障号码", "social security number"),
    Item(0x09, ItemFormat.AN, 30, "姓名", "name"),
    Item(0x4E, ItemFormat.AN, 20, "姓名扩展", "name extension", optional=True),
    Item(0x0A, ItemFormat.AN, 1, "性别", "sex"),
    Item(0x0B, ItemFormat.CN, 1, "民族", "ethnicity"),
    Item(0x0C, ItemFormat.CN, 3, "出生地", "birth place"),
    Item(0x0D, ItemFormat.CN, 4, "出生日期", "birth date"),
)

EF0D_ITEMS: Final = (
    Item(0xEA, ItemFormat.AN, 12, "人员标识", "personnel id"),
    Item(0xEB, ItemFormat.CN, 3, "首次发卡地", "region of first issue"),
)
"""Third-generation cards only (public card writer, medium)."""

READ_KEY: Final = profile.READ_KEY
UPDATE_KEY: Final = profile.UPDATE_KEY
INTERNAL_KEY: Final = 0x00
"""IRK: INTERNAL AUTHENTICATE names it with P2 = 00."""
UNBLOCK_KEY: Final = 0x06
"""PUK."""
FIRST_ISSUE_KEY: Final = 0x0D
"""Writes EF0D."""

KEY_NAMES: Final = {
    "IRK": INTERNAL_KEY,
    "RKSSSE": READ_KEY,
    "UKSSSE": UPDATE_KEY,
    "PUK": UNBLOCK_KEY,
}

_TLV_OVERHEAD: Final = 2


def record_file(
    name: str,
    short_identifier: int,
    value_length: int,
    records: int,
    read: AccessCondition,
    *,
    update_key: int = UPDATE_KEY,
) -> ElementaryFile:
    """A file of simple TLV records that its update key writes, plain or secured."""
    return ElementaryFile(
        name,
        0xEF00 | short_identifier,
        short_identifier,
        Structure.LINEAR_VARIABLE,
        size=value_length + _TLV_OVERHEAD,
        records_max=records,
        read=read,
        update=all_of(key(update_key)),
        record_identifier=RecordIdentifier.TAG,
        update_key=update_key,
    )


def transparent_file(
    name: str,
    short_identifier: int,
    size: int,
    read: AccessCondition,
    update_key: int = UPDATE_KEY,
) -> ElementaryFile:
    """A transparent file that its update key writes, plain or secured."""
    return ElementaryFile(
        name,
        0xEF00 | short_identifier,
        short_identifier,
        Structure.TRANSPARENT,
        size=size,
        read=read,
        update=all_of(key(update_key)),
        update_key=update_key,
    )


def _of_items(
    name: str,
    short_identifier: int,
    items: tuple[Item, ...],
    read: AccessCondition,
    update_key: int = UPDATE_KEY,
) -> ElementaryFile:
    longest = max(item.length for item in items)
    return record_file(name, short_identifier, longest, len(items), read, update_key=update_key)


FINGERPRINT: Final = transparent_file("EF07", 0x07, 0x300, all_of(key(READ_KEY)))
PHOTO: Final = transparent_file("EF08", 0x08, 0x1000, all_of(key(READ_KEY)))
"""V2.0; who may read them no public text says: the read key (medium)."""
LOCAL: Final = record_file("EF0B", 0x0B, RECORD_LENGTH_MAX, 16, all_of(PIN))
"""A file of the issuing place, which programs of READ form E (P2 5C) look for (medium)."""
FIRST_ISSUE: Final = _of_items("EF0D", 0x0D, EF0D_ITEMS, ALWAYS, FIRST_ISSUE_KEY)

OPTIONAL_FILES: Final = {file.name: file for file in (FINGERPRINT, PHOTO, LOCAL, FIRST_ISSUE)}


def directory(spec_version: str, optional: Iterable[str] = ()) -> DedicatedFile:
    """The files of a card of this version, with the named optional ones."""
    return _directory(spec_version, tuple(sorted(optional)))


@lru_cache(maxsize=64)
def _directory(spec_version: str, optional: tuple[str, ...]) -> DedicatedFile:
    return DedicatedFile(
        "social_security",
        (
            _of_items("EF05", 0x05, EF05_ITEMS, ALWAYS),
            _of_items("EF06", 0x06, EF06_ITEMS, profile.profile_of(spec_version).read_person),
            *(OPTIONAL_FILES[name] for name in optional),
        ),
    )
