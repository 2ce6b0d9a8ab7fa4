"""On which line of a TOML source each table, key and element stands.

`tomllib` reads values and forgets where they stood. This scanner reads the same source (which
`tomllib` has accepted) for the places alone; it decodes no value.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Place = tuple[str | int, ...]
"""The way to a value in the tree that `tomllib` gives: keys, and places in arrays from 0."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


class Lines:
    """The lines of one source, from 1."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._breaks = [place for place, sign in enumerate(source) if sign == "\n"]
        self._at = 0
        self._found: dict[Place, int] = {}
        self._elements: dict[Place, int] = {}
        self._statements()

    def of(self, place: Place) -> int:
        """The line of this place, or of the nearest table above it that has one."""
        while place and place not in self._found:
            place = place[:-1]
        return self._found.get(place, 1)

    def _statements(self) -> None:
        table: Place = ()
        while self._skip_space() < len(self._source):
            line = self._line()
            if self._takes("[["):
                table = self._table(self._keys(), is_array=True)
                self._takes("]]")
                self._found.setdefault(table, line)
            elif self._takes("["):
                table = self._table(self._keys(), is_array=False)
                self._takes("]")
                self._found.setdefault(table, line)
            else:
                self._pair(table)

    def _table(self, keys: tuple[str, ...], *, is_array: bool) -> Place:
        place: Place = ()
        for key in keys[:-1]:
            place = self._last_of((*place, key))
        place = (*place, keys[-1])
        if is_array:
            self._elements[place] = self._elements.get(place, 0) + 1
        return self._last_of(place)

    def _last_of(self, place: Place) -> Place:
        return (*place, self._elements[place] - 1) if place in self._elements else place

    def _pair(self, table: Place) -> None:
        line = self._line()
        place = table
        for key in self._keys():
            place = (*place, key)
            self._found.setdefault(place, line)
        self._takes("=")
        self._value(place)

    def _value(self, place: Place) -> None:
        self._skip_space()
        if self._takes("["):
            element = 0
            while not self._ends("]"):
                self._found.setdefault((*place, element), self._line())
                self._value((*place, element))
                element += 1
        elif self._takes("{"):
            while not self._ends("}"):
                self._pair(place)
        elif not self._string():
            scalar = _SCALAR.match(self._source, self._at)
            self._at = scalar.end() if scalar else self._at + 1

    def _ends(self, sign: str) -> bool:
        """Past a comma, if there is one; whether the bracket closes or the source ends."""
        self._skip_space()
        self._takes(",")
        self._skip_space()
        return self._takes(sign) or self._at >= len(self._source)

    def _keys(self) -> tuple[str, ...]:
        keys: list[str] = []
        while True:
            self._skip_space()
            begin = self._at
            if self._string():
                keys.append(tomllib.loads(f"key = {self._source[begin : self._at]}")["key"])
            elif bare := _BARE_KEY.match(self._source, self._at):
                self._at = bare.end()
                keys.append(bare.group())
            else:
                self._at += 1
            self._skip_space()
            if not self._takes("."):
                return tuple(keys) or ("",)

    def _string(self) -> bool:
        for pattern in _STRINGS:
            if string := pattern.match(self._source, self._at):
                self._at = string.end()
                return True
        return False

    def _takes(self, sign: str) -> bool:
        if not self._source.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _skip_space(self) -> int:
        space = _SPACE.match(self._source, self._at)
        self._at = space.end() if space else self._at
        return self._at

    def _line(self) -> int:
        return bisect_right(self._breaks, self._at - 1) + 1
