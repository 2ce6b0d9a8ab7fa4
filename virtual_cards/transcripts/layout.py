"""Fields of fixed length, one after the other, and the meaning of a command built from them.

Rules: a layout is data. Data shorter than the layout fill the fields they reach, whatever is left
over is shown as such: a decoder describes what came, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from virtual_cards.transcripts.values import hexadecimal


@dataclass(frozen=True, slots=True)
class Field:
    """A value with its name in both languages."""

    name_zh: str
    name_en: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One field: length in bytes, names, how it is written; `secret` hides its bytes."""

    length: int
    name_zh: str
    name_en: str
    write: Callable[[bytes], str] = hexadecimal
    secret: bool = False


Layout = tuple[Part, ...]


@dataclass(slots=True)
class Meaning:
    """What a command is called, its fields, and the bytes people must not see."""

    title_zh: str
    title_en: str
    fields: list[Field] = field(default_factory=list)
    secrets: list[bytes] = field(default_factory=list)

    def add(self, name_zh: str, name_en: str, value: str) -> None:
        """One more field."""
        self.fields.append(Field(name_zh, name_en, value))

    def cut(self, data: bytes, layout: Layout) -> None:
        """The fields of a layout, as far as the data reach."""
        position = 0
        for part in layout:
            value = data[position : position + part.length]
            if not value:
                return
            self.add(part.name_zh, part.name_en, part.write(value))
            if part.secret:
                self.secrets.append(value)
            position += part.length
        if position < len(data):
            self.add("其余数据", "further data", hexadecimal(data[position:]))
