"""Step phrases: each is written in Chinese and English side by side, and serves features in either.

A phrase is a format of the `parse` library; both languages name the same fields. The registry is
what `onecard scenarios steps` prints and what gives every outcome its text in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

import parse
from pytest_bdd import parsers, step

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


PHRASES: list[Phrase] = []


def given(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """A state of affairs the scenario starts from."""
    return _define("given", zh, en)


def when(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """Something a person does."""
    return _define("when", zh, en)


def then(zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    """Something that must hold."""
    return _define("then", zh, en)


def in_both_languages(text: str) -> tuple[str, str]:
    """A step's text as (Chinese, English); a text that fits no phrase stands for both."""
    for phrase in PHRASES:
        for pattern in (phrase.zh, phrase.en):
            if found := _compiled(pattern).parse(text):
                return (
                    _filled(phrase.zh, found.named, term_in_chinese),
                    _filled(phrase.en, found.named, code_of),
                )
    return text, text


@cache
def _compiled(pattern: str) -> parse.Parser:
    return parse.compile(pattern)


def _define(kind: Kind, zh: str, en: str) -> Callable[[StepFunction], StepFunction]:
    def decorate(function: StepFunction) -> StepFunction:
        _require_same_fields(zh, en)
        PHRASES.append(Phrase(kind, zh, en, function.__module__))
        for text in (zh, en):
            step(parsers.parse(text), type_=kind, stacklevel=2)(function)
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
