"""The kinds of human-resources and social-insurance business, read from `kinds.toml`.

Rule: a new kind, a longer deadline or another fact to be stated is a line there, no code. What a
granted matter does is one of a few effects; most kinds have none beyond their answer.

Sources: NM-14a, CQ-7a (fields of business), SC-l (46 kinds that both regions take in).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from card_platform.regions.structured_file import read_structured
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN

KINDS_FILE = Path(__file__).with_name("kinds.toml")
TEXT_MAX = 200


class Field(StrEnum):
    """What the business is about."""

    EMPLOYMENT = "employment"
    LABOUR_RELATIONS = "labour-relations"
    TALENT = "talent"
    SOCIAL_INSURANCE = "social-insurance"
    PENSION = "pension"
    MEDICAL = "medical"
    WORK_INJURY = "work-injury"
    UNEMPLOYMENT = "unemployment"
    MATERNITY = "maternity"


class Insurance(StrEnum):
    """The five insurances."""

    PENSION = "pension"
    MEDICAL = "medical"
    WORK_INJURY = "work-injury"
    UNEMPLOYMENT = "unemployment"
    MATERNITY = "maternity"


class Effect(StrEnum):
    """What a granted matter does beside its answer."""

    NONE = "none"
    TELL = "tell"
    """Tells the holder's enrolments in the kind's insurances."""
    ENROL = "enrol"
    """Begins an enrolment in each of the kind's insurances."""
    END = "end"
    """Ends the enrolments in the kind's insurances."""
    CLAIM = "claim"
    """A benefit, for whoever is or was enrolled in the first of the kind's insurances."""


class FactKind(StrEnum):
    """How a stated fact is written."""

    TEXT = "text"
    DAY = "day"
    FEN = "fen"
    REGION = "region"


_SHAPES: dict[FactKind, tuple[str, str]] = {
    FactKind.TEXT: (rf"\S(.{{0,{TEXT_MAX - 2}}}\S)?", f"1 to {TEXT_MAX} characters"),
    FactKind.DAY: (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a day, as 2026-01-31"),
    FactKind.FEN: (r"[1-9]\d{0,11}", "an amount in fen, digits only"),
    FactKind.REGION: (REGION_PATTERN, "a region's code of six digits"),
}


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something the holder states with a matter."""

    name: Annotated[str, exactly(r"[a-z][a-z_]{1,31}")]
    name_zh: str
    kind: FactKind


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of business.

    Attributes:
        days: until it must be decided; 0 is decided at once, by rule.
        is_joint: one of the 46 taken in for another region's holders (SC-l).
        source: the clause; the names of the 46 are an assumption, no public text lists them.
    """

    code: Annotated[str, exactly(r"[a-z][a-z-]{2,47}")]
    name_zh: str
    name_en: str
    field: Field
    days: Annotated[int, msgspec.Meta(ge=0, le=365)]
    source: str
    is_joint: bool = True
    effect: Effect = Effect.NONE
    insurances: tuple[Insurance, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def is_at_once(self) -> bool:
        """Whether the rule alone decides."""
        return self.days == 0


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fact: tuple[Fact, ...]
    kind: tuple[Kind, ...]


_NEEDED: dict[Effect, frozenset[str]] = {
    Effect.ENROL: frozenset({"employer", "wage_fen", "from_day"}),
    Effect.END: frozenset({"until_day"}),
}


class Business:
    """All kinds, in the order of the file."""

    def __init__(self, file: _File) -> None:
        self._facts = {each.name: each for each in file.fact}
        self.kinds: Mapping[str, Kind] = {each.code: each for each in file.kind}

    def faults_of(self, kind: Kind, stated: Mapping[str, str]) -> list[Fault]:
        """What is wrong with the facts stated for a kind: missing, unknown, misspelt."""
        faults = [
            Fault(f"facts.{name}", "nothing", _SHAPES[self._facts[name].kind][1])
            for name in kind.facts
            if name not in stated
        ]
        for name, value in stated.items():
            if name not in kind.facts:
                known = ", ".join(kind.facts) or "no facts"
                faults.append(Fault(f"facts.{name}", value[:40], known))
                continue
            pattern, expected = _SHAPES[self._facts[name].kind]
            if not re.fullmatch(pattern, value):
                faults.append(Fault(f"facts.{name}", value[:40], expected))
        return faults


@lru_cache(1)
def business() -> Business:
    """The kinds this platform does. Raises FileIsFaulty with every fault of the file."""
    return read_business(KINDS_FILE)


def read_business(path: Path) -> Business:
    """The kinds of a file. Raises FileIsFaulty with every fault."""
    return Business(read_structured(path, _File, _judge))


def _judge(file: _File) -> list[Fault]:
    known = {each.name for each in file.fact}
    codes = [each.code for each in file.kind]
    faults = [
        Fault(f"kind[{place}].code", code, "each code once")
        for place, code in enumerate(codes)
        if code in codes[:place]
    ]
    for place, kind in enumerate(file.kind):
        where = f"kind[{place}]"
        faults += [
            Fault(f"{where}.facts", name, f"one of {', '.join(sorted(known))}")
            for name in kind.facts
            if name not in known
        ]
        if missing := _NEEDED.get(kind.effect, frozenset()) - set(kind.facts):
            expected = f"also {', '.join(sorted(missing))}, for effect {kind.effect.value}"
            faults.append(Fault(f"{where}.facts", ", ".join(kind.facts) or "none", expected))
        if kind.effect is not Effect.NONE and not kind.insurances:
            expected = f"an insurance, for effect {kind.effect.value}"
            faults.append(Fault(f"{where}.insurances", "none", expected))
    return faults
