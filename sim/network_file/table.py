"""One table of the file read key by key; what is wrong is written down, and reading goes on.

Rule: a value that is missing or wrong is answered by `None`, and the caller puts something harmless
in its place: one fault is told once and hides no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from sim.fault_sentences import Words
from sim.network_file.faults import NOTHING
from sim.network_file.lines import Place
from sim.network_file.source import Source

FOUND_LENGTH_MAX = 60
LARGEST = 1e300
A_TEXT = Words("加引号的文字", "a text in quotation marks")
A_NUMBER = Words("数", "a number")
A_WHOLE = Words("整数", "a whole number")
A_FLAG = Words(" true 或 false", "true or false")
A_TABLE = Words("表 { … }", "a table { ... }")


class Table:
    """A table at a place of the tree, called `key` in messages."""

    def __init__(self, source: Source, place: Place, key: str, content: Any) -> None:
        self.source, self.place, self.key = source, place, key
        self.is_table = isinstance(content, dict)
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not self.is_table:
            self.wrong("", A_TABLE, content)

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def text(self, key: str, default: str | None = None, *, needed: bool = True) -> str | None:
        """A text that is not empty."""
        value = self._value(key, default, needed, A_TEXT, lambda it: isinstance(it, str) and it)
        return None if value is None else str(value)

    def number(
        self, key: str, default: float | None = None, *, needed: bool = True
    ) -> float | None:
        """A finite number."""
        value = self._value(key, default, needed, A_NUMBER, is_number)
        return None if value is None else float(value)

    def whole(self, key: str, default: int | None = None, *, needed: bool = True) -> int | None:
        """A whole number; 5.0 is one too."""
        value = self._value(key, default, needed, A_WHOLE, is_whole)
        return None if value is None else int(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._value(key, default, False, A_FLAG, lambda it: isinstance(it, bool))
        return default if value is None else bool(value)

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str | None:
        """One of these words."""
        told = ", ".join(choices)
        expected = Words(f"其中之一：{told}", f"one of {told}")
        if default is not None and key not in self:
            return default
        value = self._value(key, None, True, expected, lambda it: it in choices)
        return None if value is None else str(value)

    def table(self, key: str, *, needed: bool = True) -> Table | None:
        """A table within."""
        if key not in self:
            if needed:
                self.wrong(key, A_TABLE)
            return None
        inner = Table(self.source, (*self.place, key), f"{self.key}.{key}", self.content[key])
        return inner if inner.is_table else None

    def pairs(
        self, key: str, first: Words, *, whole: bool
    ) -> tuple[tuple[float, float], ...] | None:
        """A list of pairs of numbers, of which the second may have to be whole."""
        told = self.content.get(key)
        expected = Words(f"[[{first.zh}], …] 的列表", f"a list [[{first.en}], ...]")
        if not isinstance(told, list) or not told:
            self.wrong(key, expected, told)
            return None
        fits = is_whole if whole else is_number
        right = True
        for place, pair in enumerate(told):
            good = isinstance(pair, list) and len(pair) == 2 and is_number(pair[0])  # noqa: PLR2004
            if not (good and fits(pair[1])):
                what = Words("（后者为整数）", ", the second whole") if whole else Words("", "")
                words = Words(f" [{first.zh}]{what.zh}", f"[{first.en}]{what.en}")
                self.wrong_at((*self.place, key, place), f"{self.key}.{key}", words, pair)
                right = False
        return tuple((float(a), b) for a, b in told) if right else None

    def numbers(self, key: str) -> tuple[float, ...] | None:
        """A list of numbers."""
        told = self.content.get(key)
        if not isinstance(told, list) or not told or not all(is_number(each) for each in told):
            self.wrong(key, Words("数的列表 [ … ]", "a list of numbers [ ... ]"), told)
            return None
        return tuple(float(each) for each in told)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key and its value, as the file has them."""
        return iter(self.content.items())

    def raw(self, key: str) -> Any:
        """The value as the file has it."""
        return self.content.get(key)

    def knows_only(self, *keys: str) -> None:
        """Every other key is a fault, with the nearest of these beside it."""
        for key in self.content:
            if key not in keys:
                nearest = get_close_matches(key, keys, n=1)
                told = ", ".join(keys)
                zh = f" {nearest[0]}（可用的键：{told}）" if nearest else f"可用的键：{told}"
                en = f"{nearest[0]} (known keys: {told})" if nearest else f"a known key: {told}"
                found = Words("不认识的键", "an unknown key")
                place, path = (*self.place, key), self._path(key)
                fault = self.source.fault(place, path, found, Words(zh, en))
                self.source.faults.append(fault)

    def wrong(self, key: str, expected: Words, found: Any = None) -> None:
        """A fault at a key of this table; found None says that it is missing."""
        place = (*self.place, key) if key else self.place
        self.wrong_at(place, self._path(key), expected, found)

    def wrong_at(self, place: Place, key: str, expected: Words, found: Any = None) -> None:
        """A fault at any place."""
        words = NOTHING if found is None else Words(as_toml(found), as_toml(found))
        self.source.faults.append(self.source.fault(place, key, words, expected))

    def _path(self, key: str) -> str:
        return ".".join(each for each in (self.key, key) if each)

    def _value(
        self, key: str, default: Any, needed: bool, expected: Words, fits: Callable[[Any], Any]
    ) -> Any:
        if key not in self.content:
            if needed and default is None:
                self.wrong(key, expected)
            return default
        value = self.content[key]
        if fits(value):
            return value
        self.wrong(key, expected, value)
        return default


def is_number(value: Any) -> bool:
    """Whether it is a number, not a truth value, neither infinite nor beyond all use."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST


def is_whole(value: Any) -> bool:
    """Whether it is a whole number."""
    return is_number(value) and value == int(value)


def as_toml(value: Any) -> str:
    """A value as a file has it, cut where it is long."""
    text = _toml(value)
    return text if len(text) <= FOUND_LENGTH_MAX else text[: FOUND_LENGTH_MAX - 3] + "..."


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return "[" + ", ".join(_toml(each) for each in value[:FOUND_LENGTH_MAX]) + "]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
        case _:
            return str(value)
