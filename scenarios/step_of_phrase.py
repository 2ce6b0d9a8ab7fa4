"""The three steps pytest-bdd knows: given, when and then, by whatever phrase.

pytest-bdd 9 asks pytest for every step definition there is, for every step it does: of a thousand
definitions (each phrase in two languages) that took as long as the scenarios themselves. So one
definition of each kind stands for all phrases of `phrases`, which finds the one a text says.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from pytest_bdd import parsers, step

from scenarios.phrases import Kind, find_step

_TEXT: Final = "text_of_step"


class AnyPhrase(parsers.StepParser):
    """Fits every text that says a step of its kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"any {kind}")
        self._kind = kind

    def is_matching(self, name: str) -> bool:
        """Whether a phrase of this kind says it."""
        return find_step(self._kind, name) is not None

    def parse_arguments(self, name: str) -> dict[str, Any]:
        """The text itself: the phrase's own fields are found with its step."""
        return {_TEXT: name}


@step(AnyPhrase("given"), type_="given")
def given_by_phrase(request: pytest.FixtureRequest, text_of_step: str) -> None:
    """A state of affairs."""
    _do(request, "given", text_of_step)


@step(AnyPhrase("when"), type_="when")
def when_by_phrase(request: pytest.FixtureRequest, text_of_step: str) -> None:
    """Something a person does."""
    _do(request, "when", text_of_step)


@step(AnyPhrase("then"), type_="then")
def then_by_phrase(request: pytest.FixtureRequest, text_of_step: str) -> None:
    """Something that must hold."""
    _do(request, "then", text_of_step)


def _do(request: pytest.FixtureRequest, kind: Kind, text: str) -> None:
    found = find_step(kind, text)
    if found is None:
        raise LookupError(f"no step {kind} says {text!r}")  # it matched a moment ago
    fixtures = {name: request.getfixturevalue(name) for name in found.fixtures}
    found.function(**found.fields, **fixtures)
