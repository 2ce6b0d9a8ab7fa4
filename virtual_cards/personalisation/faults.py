"""Reading an image so that every fault of it is told at once.

Rules: a fault has a JSON path, what was found and what was expected. A value that is faulty is read
as a stand-in, so that reading goes on; the stand-ins never reach a card, because `raise_faults`
comes first. Keys and the PIN are never quoted in a fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_FOUND_MAX: Final = 40
_TAG: Final = re.compile(r"[0-9A-F]{2}\Z")
_MORE_TAG_BYTES: Final = 0x1F
"""A tag whose low five bits are set goes on in the next byte (ISO/IEC 8825-1)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where (JSON path), what was found, what was expected."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: found {self.found}, expected {self.expected}"


class ImageIsFaulty(ValueError):
    """The image cannot become a card; `faults` holds every reason."""

    def __init__(self, what: str, faults: tuple[Fault, ...]) -> None:
        lines = "\n".join(f"  {fault}" for fault in faults)
        plural = "fault" if len(faults) == 1 else "faults"
        super().__init__(f"the {what} has {len(faults)} {plural}:\n{lines}")
        self.faults = faults


class ImageReader:
    """Reads one JSON object and collects its faults; `section` reads an inner object into the same
    list.
    """

    def __init__(
        self, document: object, path: str = "$", faults: list[Fault] | None = None
    ) -> None:
        self.path = path
        self.faults: list[Fault] = [] if faults is None else faults
        if not isinstance(document, Mapping):
            self.report("", describe(document), "an object")
            document = {}
        self.members: Mapping[str, object] = document

    def report(self, key: str, found: str, expected: str) -> None:
        """Add a fault at a member."""
        self.faults.append(Fault(f"{self.path}.{key}" if key else self.path, found, expected))

    def raise_faults(self, what: str) -> None:
        """Raise `ImageIsFaulty` when anything was reported."""
        if self.faults:
            raise ImageIsFaulty(what, tuple(self.faults))

    def section(self, key: str) -> ImageReader:
        """The object at a member."""
        return ImageReader(self._get(key, {}), f"{self.path}.{key}", self.faults)

    def has(self, key: str) -> bool:
        """Whether the member is there and not null."""
        return self.members.get(key) is not None

    def only(self, *keys: str) -> None:
        """Report every member of another name: a misspelt one would be ignored silently."""
        for key in self.members:
            if key not in keys:
                self.report(str(key), "a member", f"one of {', '.join(keys)}")

    def constant(self, key: str, value: str | int) -> None:
        """The member must have exactly this value."""
        found = self._get(key, value)
        if found != value or isinstance(found, bool) != isinstance(value, bool):
            self.report(key, describe(found), describe(value))

    def text(self, key: str, pattern: str, expected: str, *, secret: bool = False) -> str:
        """A string of this pattern; `expected` says it in words."""
        found = self._get(key, None, expected)
        if isinstance(found, str) and re.fullmatch(pattern, found):
            return found
        if found is not None:
            self.report(key, "a hidden value" if secret else describe(found), expected)
        return ""

    def number(self, key: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        expected = f"a whole number from {low} to {high}"
        found = self._get(key, None, expected)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        if found is not None:
            self.report(key, describe(found), expected)
        return low

    def octets(self, key: str, length: int | None, *, secret: bool = False) -> bytes:
        """Upper-case hexadecimal of `length` bytes (None: any length)."""
        expected = "upper-case hexadecimal" + (f" of {length} bytes" if length is not None else "")
        found = self._get(key, None, expected)
        stand_in = bytes(length or 0)
        if found is None:
            return stand_in
        value = _from_hexadecimal(found)
        if value is None:
            self.report(key, "a hidden value" if secret else describe(found), expected)
            return stand_in
        if length is not None and len(value) != length:
            self.report(key, f"{len(value)} bytes", expected)
            return stand_in
        return value

    def octets_up_to(self, key: str, longest: int) -> bytes:
        """Upper-case hexadecimal of at most `longest` bytes."""
        value = self.octets(key, None)
        if len(value) > longest:
            self.report(key, f"{len(value)} bytes", f"at most {longest} bytes")
            return b""
        return value

    def filling(self, key: str, size: int) -> bytes:
        """The same for a file of `size` bytes, filled up with 00."""
        return self.octets_up_to(key, size).ljust(size, b"\0")

    @staticmethod
    def is_tag(key: str) -> bool:
        """Whether a key is a tag of one byte, in two upper-case hexadecimal digits."""
        return bool(_TAG.match(key)) and int(key, 16) & _MORE_TAG_BYTES != _MORE_TAG_BYTES

    def _get(self, key: str, default: object, expected: str = "a value") -> object:
        found = self.members.get(key)
        if found is None:
            self.report(key, "nothing", describe(default) if default is not None else expected)
            return default
        return found


def _from_hexadecimal(found: object) -> bytes | None:
    """The bytes; None for anything but upper-case hexadecimal."""
    if not isinstance(found, str):
        return None
    try:
        value = bytes.fromhex(found)
    except ValueError:
        return None
    # fromhex also takes lower case and spaces
    return value if value.hex().upper() == found else None


def describe(value: object) -> str:
    """A value as people read it in a fault, cut when it is long."""
    if isinstance(value, Mapping):
        return "an object"
    text = repr(value)
    return text if len(text) <= _FOUND_MAX else text[:_FOUND_MAX] + "…"
