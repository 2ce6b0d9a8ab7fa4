"""Step phrases: each is written in Chinese and English side by side, and serves features in either.

A phrase is a format of the `parse` library; both languages name the same fields. The registry is
what `onecard scenarios steps` prints and what gives every outcome its text in both languages.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeVar

import parse

from scenarios.terms import code_of, term_in_chinese

Kind = Literal["given", "when", "then"]
StepFunction = TypeVar("StepFunction", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A step in both languages; `module` is where it is defined."""

    kind: Kind
    zh: str
    en: str
    module: str


@dataclass(frozen=True, slots=True)
class FoundStep:
    """The step a text says: what does it, and what the fields of its phrase are."""

    function: Callable[..., Any]
    fields: dict[str, Any]

    @property
    def fixtures(self) -> list[str]:
        """The names of what it needs beside its fields."""
        return [
            name for name in inspect.signature(self.function).parameters if name not in self.fields
        ]


PHRASES: list[Phrase] = []
_FUNCTIONS: Final[list[Callable[..., Any]]] = []
"""What does the step of each phrase, in the same order."""


def given(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """A state of affairs the scenario starts from."""
    return _define("given", zh, en)


def when(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """Something a person does."""
    return _define("when", zh, en)


def then(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """Something that must hold."""
    return _define("then", zh, en)


def find_step(kind: Kind, text: str) -> FoundStep | None:
    """The step of this kind that a text says, in either language; None when it fits no phrase."""
    for position, phrase, fields in _matches(text):
        if phrase.kind == kind:
            return FoundStep(_FUNCTIONS[position], dict(fields))
    return None


def in_both_languages(text: str) -> tuple[str, str]:
    """A step's text as (Chinese, English); a text that fits no phrase stands for both."""
    for _, phrase, fields in _matches(text):
        return (
            _filled(phrase.zh, fields, term_in_chinese),
            _filled(phrase.en, fields, code_of),
        )
    return text, text


@cache
def _matches(text: str) -> list[tuple[int, Phrase, dict[str, Any]]]:
    """Every phrase a text fits, with its place in the registry and its fields.

    The one that says most in its own words comes first: a field takes whatever stands in its place.
    """
    found = []
    for position, phrase in enumerate(PHRASES):
        for pattern in (phrase.zh, phrase.en):
            if told := _compiled(pattern).parse(text):
                own_words = len(re.sub(r"\{.*?\}", "", pattern))
                found.append((own_words, position, phrase, told.named))
                break
    found.sort(key=lambda each: -each[0])
    return [each[1:] for each in found]


@cache
def _compiled(pattern: str) -> parse.Parser:
    return parse.compile(pattern)


def _define(kind: Kind, zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    def decorate(function: StepFunction) -> StepFunction:
        _require_same_fields(zh, en)
        PHRASES.append(Phrase(kind, zh, en, function.__module__))
        _FUNCTIONS.append(function)
        return function

    return decorate


def _require_same_fields(zh: str, en: str) -> None:
    fields = [set(_compiled(text).named_fields) for text in (zh, en)]
    if fields[0] != fields[1]:
        raise ValueError(f"the phrases name different fields: {zh!r}, {en!r}")


def _filled(pattern: str, fields: dict[str, Any], word: Callable[[str], str]) -> str:
    """The phrase with its fields: terms as the language says them, amounts as one writes yuan."""
    text = re.sub(r"\{(\w+):\w+\}", r"{\1}", pattern)
    shown = {
        name: f"{value:.2f}" if isinstance(value, float) else word(value)
        for name, value in fields.items()
    }
    return text.format(**shown)
