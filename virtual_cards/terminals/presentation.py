"""How a kiosk speaks to a holder: on an ordinary screen, in large print, by voice (NM-10b, CQ-15,
SC-g).

Rules:
- What is told is the same; how it is told, and how long the kiosk waits for an answer, differ.
- Large print has few characters a line and few lines a page: a long message takes several pages.
- By voice nothing is shown, and others stand by: no name is said, no balance nobody asked for.
- No regulation has figures for sizes and times: those here are assumptions.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

Language = Literal["zh", "en"]
_WIDE: Final = frozenset("WF")
_CLOSING: Final = frozenset("，。；：、！？”）,.;:!?)")


class Way(StrEnum):
    """How a holder is served at a kiosk."""

    ORDINARY = "ordinary"
    LARGE_PRINT = "large-print"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Manner:
    """What a way allows: `width` in Latin letters, of which a Chinese character takes two."""

    width: int
    lines: int
    answer_within_s: int


MANNERS: Final = {
    Way.ORDINARY: Manner(width=60, lines=12, answer_within_s=30),
    Way.LARGE_PRINT: Manner(width=24, lines=4, answer_within_s=90),
    Way.VOICE: Manner(width=0, lines=0, answer_within_s=120),
}


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell, in both languages.

    `aloud_zh` and `aloud_en` take its place where it would tell others what is the holder's.
    """

    zh: str
    en: str
    aloud_zh: str = ""
    aloud_en: str = ""

    def shown(self, language: Language) -> str:
        """On a screen."""
        return self.zh if language == "zh" else self.en

    def said(self, language: Language) -> str:
        """By voice."""
        aloud = self.aloud_zh if language == "zh" else self.aloud_en
        return aloud or self.shown(language)


@dataclass(frozen=True, slots=True)
class Told:
    """A message as the holder gets it: pages of lines, or what is said."""

    pages: tuple[tuple[str, ...], ...]
    said: str
    answer_within_s: int


def tell(message: Message, way: Way, language: Language) -> Told:
    """The message in that way."""
    manner = MANNERS[way]
    if way is Way.VOICE:
        return Told((), message.said(language), manner.answer_within_s)
    lines = wrap(message.shown(language), manner.width)
    pages = tuple(
        tuple(lines[begin : begin + manner.lines]) for begin in range(0, len(lines), manner.lines)
    )
    return Told(pages, "", manner.answer_within_s)


def wrap(text: str, width: int) -> list[str]:
    """Lines no wider than that; Chinese breaks anywhere but before a closing mark, Latin at blanks.

    A word wider than a line is broken.
    """
    lines, line = [], ""
    for piece in _pieces(text, width):
        if line and width_of(line + piece) > width and piece not in _CLOSING:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def width_of(text: str) -> int:
    """In Latin letters: a wide character counts two."""
    return sum(2 if unicodedata.east_asian_width(each) in _WIDE else 1 for each in text)


def _pieces(text: str, width: int) -> list[str]:
    """Wide characters and closing marks alone, Latin words with the blank before them."""
    pieces: list[str] = []
    word = ""
    for each in text:
        is_single = unicodedata.east_asian_width(each) in _WIDE or each in _CLOSING
        if word and (is_single or each == " " or len(word) == width):
            pieces.append(word)
            word = ""
        if is_single:
            pieces.append(each)
        else:
            word += each
    return [*pieces, word] if word else pieces
