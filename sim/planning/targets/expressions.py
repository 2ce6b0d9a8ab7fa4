"""Reads a target: `gates.wait_s.p95 <= 30 and hotline.abandoned_share <= 5%`.

    target    = condition { "and" condition }
    condition = figure ( "<=" | ">=" | "<" | ">" ) number [ "%" ]
    figure    = place [ "[" class "]" ] "." quantity [ "." part | "(" seconds ")" ]

What the quantities are stands in `targets.figures`. A fault names the position (from 1), what was
found there and what was expected. A limit that no figure can pass (a share of 95 for 95%) is a
fault, too: nothing would ever hold, or everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from operator import ge, gt, le, lt

from sim.parameters import Fault, FaultyParameters
from sim.planning.targets.figures import (
    COUNTS,
    JOURNEY_S,
    LIMITED,
    SHARES,
    WAIT_S,
    WHOLE,
    Figure,
    Names,
    bounds_of,
)

SENSES = {"<=": le, ">=": ge, "<": lt, ">": gt, "≤": le, "≥": ge}
QUANTITIES = (WAIT_S, *(f"{name}(SECONDS)" for name in LIMITED), *COUNTS, *SHARES, *WHOLE)
PARTS = "mean, p50, p95, p99, p99.9 or max"

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w-]))
    |(?P<part>p\d{1,2}\.\d+)
    |(?P<sense><=|>=|<|>|≤|≥)
    |(?P<mark>[.()\[\]%])
    |"(?P<quoted>[^"]*)"
    |(?P<word>[^\s.()\[\]%<>≤≥"]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure and its limit."""

    figure: Figure
    sense: str
    limit: float

    def holds(self, value: float) -> bool:
        """Whether a value meets it."""
        return bool(SENSES[self.sense](value, self.limit))

    @property
    def is_upper(self) -> bool:
        """Whether the limit is the most, not the least."""
        return self.sense in {"<=", "<", "≤"}

    def __str__(self) -> str:
        return f"{self.figure} {self.sense} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Target:
    """Conditions that hold all together."""

    text: str
    conditions: tuple[Condition, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Each once, in the order of the target."""
        return tuple(dict.fromkeys(condition.figure for condition in self.conditions))


def read_target(text: str, names: Names) -> Target:
    """The target of an expression. Raises `FaultyParameters`."""
    reader = _Reader("target", text, names)
    conditions = [reader.condition()]
    while not reader.is_at_end:
        reader.expect_and()
        conditions.append(reader.condition())
    return Target(text, tuple(conditions))


def read_figure(text: str, names: Names) -> Figure:
    """The figure of a name. Raises `FaultyParameters`."""
    reader = _Reader("figure", text, names)
    figure = reader.figure()
    if not reader.is_at_end:
        reader.refuse("the end of the name")
    return figure


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    begins: int
    ends: int


class _Reader:
    def __init__(self, key: str, text: str, names: Names) -> None:
        self._key, self._text, self._names = key, text, names
        self._tokens = list(self._read())
        self._next = 0

    @property
    def is_at_end(self) -> bool:
        return self._tokens[self._next].kind == "end"

    def condition(self) -> Condition:
        figure = self.figure()
        sense = self._take("sense", "<=, >=, < or >").text
        limit = self._take("number", "a number")
        number = float(limit.text)
        if self._tokens[self._next].text == "%":
            self._next += 1
            number /= 100
        least, most = bounds_of(figure)
        if not least <= number <= most:
            is_share = most == 1
            expected = "a share from 0 to 1, as 0.95 or 95%" if is_share else "0 or more"
            self._refuse_token(limit, expected)
        return Condition(figure, sense, number)

    def figure(self) -> Figure:
        began = self._tokens[self._next].begins
        place, customer_class = self._name("a station or a class"), ""
        if self._tokens[self._next].text == "[":
            self._next += 1
            customer_class = self._name("a class", self._names.classes)
            self._mark("]")
        self._mark(".")
        at = self._next
        quantity = self._take("word", self._quantities_of(place)).text
        self._expect_at(at, quantity, place, customer_class)
        part, number = "", None
        if quantity in LIMITED:
            self._mark("(")
            number = float(self._take("number", "a limit in seconds").text)
            self._mark(")")
        elif quantity in {WAIT_S, JOURNEY_S}:
            self._mark(".")
            part, number = self._part()
        ended = self._tokens[self._next - 1].ends
        written = self._text[began:ended]
        return Figure(written, place, quantity, part, number, customer_class)

    def expect_and(self) -> None:
        token = self._tokens[self._next]
        if token.text.lower() != "and":
            self.refuse("and, or the end")
        self._next += 1

    def refuse(self, expected: str) -> None:
        token = self._tokens[self._next]
        self._refuse_token(token, expected)

    def _refuse_token(self, token: _Token, expected: str) -> None:
        found = repr(token.text) if token.kind != "end" else "the end"
        where = f"{self._key}, position {token.begins + 1}"
        raise FaultyParameters((Fault(where, found, expected),))

    def _expect_at(self, at: int, quantity: str, place: str, customer_class: str) -> None:
        is_class, is_station = place in self._names.classes, place in self._names.stations
        fits = (is_class and quantity == JOURNEY_S and not customer_class) or (
            is_station and quantity in {WAIT_S, *LIMITED, *COUNTS, *SHARES}
        )
        if not fits and not (is_station and quantity in WHOLE and not customer_class):
            self._refuse_token(self._tokens[at], self._quantities_of(place, customer_class))

    def _quantities_of(self, place: str, customer_class: str = "") -> str:
        known: list[str] = []
        if place in self._names.stations:
            known += [name for name in QUANTITIES if not (customer_class and name in WHOLE)]
        if place in self._names.classes and not customer_class:
            known.append(JOURNEY_S)
        return f"one of {', '.join(known)}"

    def _part(self) -> tuple[str, float | None]:
        token = self._tokens[self._next]
        if token.text in {"mean", "max"}:
            self._next += 1
            return token.text, None
        if not re.fullmatch(r"p\d{1,2}(\.\d+)?", token.text):
            self.refuse(PARTS)
        self._next += 1
        return token.text, float(token.text[1:]) / 100

    def _name(self, what: str, known: tuple[str, ...] = ()) -> str:
        known = known or (*self._names.stations, *self._names.classes)
        token = self._tokens[self._next]
        if token.kind not in {"word", "quoted", "number"} or token.text not in known:
            near = get_close_matches(token.text, known, 1)
            hint = f" (perhaps {near[0]})" if near else ""
            self.refuse(f"{what}: {', '.join(dict.fromkeys(known))}{hint}")
        self._next += 1
        return token.text

    def _mark(self, mark: str) -> None:
        if self._tokens[self._next].text != mark:
            self.refuse(mark)
        self._next += 1

    def _take(self, kind: str, expected: str) -> _Token:
        token = self._tokens[self._next]
        if token.kind != kind:
            self.refuse(expected)
        self._next += 1
        return token

    def _read(self) -> list[_Token]:
        tokens, at = [], 0
        while self._text[at:].strip():
            found = _TOKEN.match(self._text, at)
            if found is None:
                begins = at + len(self._text[at:]) - len(self._text[at:].lstrip())
                stray = _Token("stray", self._text[begins], begins, begins + 1)
                self._refuse_token(stray, "a closing quotation mark")
                break
            kind = str(found.lastgroup)
            begins = found.start(kind) - (kind == "quoted")
            tokens.append(_Token(kind, found[kind], begins, found.end()))
            at = found.end()
        return [*tokens, _Token("end", "", len(self._text), len(self._text))]
