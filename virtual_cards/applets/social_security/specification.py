"""Names, files and keys of the social security application (LD/T 32.6, table 9; LD/T 32.4).

Rules: each record is one simple TLV. Records stand in the order of the tags below; in EF05 number
and tag are the same, in EF06 they differ. A card of version 1.0 has no name extension (4E), so its
later records move up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from virtual_cards.files import (
    ALWAYS,
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

INTERNAL_KEY: Final = 0x00
"""IRK: INTERNAL AUTHENTICATE names it with P2 = 00."""
UPDATE_KEY: Final = 0x04
"""UKSSSE: writes EF05 and EF06."""
UNBLOCK_KEY: Final = 0x06
"""PUK."""
READ_KEY: Final = 0x0A
"""RKSSSE: reads EF06 of a card of version 3.0."""

KEY_NAMES: Final = {
    "IRK": INTERNAL_KEY,
    "RKSSSE": READ_KEY,
    "UKSSSE": UPDATE_KEY,
    "PUK": UNBLOCK_KEY,
}

_VERSION_SIGNIFICANT: Final = 3
_PROTECTED_VERSION: Final = "3.0"
_TLV_OVERHEAD: Final = 2


def directory(spec_version: str) -> DedicatedFile:
    """The files of a card of this version; its first three characters decide."""
    reading_person = ALWAYS
    if spec_version[:_VERSION_SIGNIFICANT] >= _PROTECTED_VERSION:
        reading_person = all_of(key(READ_KEY))
    return DedicatedFile(
        "social_security",
        (
            _record_file("EF05", 0xEF05, 0x05, EF05_ITEMS, ALWAYS),
            _record_file("EF06", 0xEF06, 0x06, EF06_ITEMS, reading_person),
        ),
    )


def _record_file(
    name: str,
    identifier: int,
    short_identifier: int,
    items: tuple[Item, ...],
    read: AccessCondition,
) -> ElementaryFile:
    return ElementaryFile(
        name,
        identifier,
        short_identifier,
        Structure.LINEAR_VARIABLE,
        size=max(item.length for item in items) + _TLV_OVERHEAD,
        records_max=len(items),
        read=read,
        update=all_of(key(UPDATE_KEY)),
        record_identifier=RecordIdentifier.TAG,
    )
