"""The language the testbed speaks to this person: Chinese or English.

`--lang zh|en` anywhere in the call decides; else the locale (LC_ALL, LC_MESSAGES, LANG in POSIX
order).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

Language = Literal["zh", "en"]

_chosen: list[Language] = ["en"]


class UnknownLanguage(Exception):
    """`--lang` was given something else than zh or en."""


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Choose the language from the call and the locale; the call without its `--lang`.

    Raises `UnknownLanguage`.
    """
    _chosen[0] = _of_locale(environment)
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*rest, word, *words]
        name, equals, value = word.partition("=")
        if name != "--lang":
            rest.append(word)
            continue
        wanted = value if equals else next(words, "")
        if wanted not in get_args(Language):
            raise UnknownLanguage(wanted)
        _chosen[0] = "zh" if wanted == "zh" else "en"
    return rest


def chosen() -> Language:
    """The language now spoken."""
    return _chosen[0]


def say(zh: str, en: str) -> str:
    """The sentence in the language now spoken."""
    return zh if _chosen[0] == "zh" else en


def _of_locale(environment: Mapping[str, str]) -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
