"""Kinds of cases as data, and the life of a case as a table.

Rules: a region tries the kinds its own regulation names. A case is opened on a report or by the
inspector, ends by an order that was obeyed, by dismissal, or by referral (discipline, or a crime).
An order has a deadline; past it, the case is overdue until it is mended or referred.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

import msgspec

from card_platform.oversight.accountability.refusals import CaseStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after

REGIONS_OF_REGULATION = {
    "NM": ("150000",),
    "CQ": ("500000",),
    "NX": ("640000",),
    "YD": ("310000", "320000", "330000", "340000"),
}
"""The regions (GB/T 2260) each regulation binds."""


class CaseKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of prohibited conduct and the clauses that name it."""

    code: str
    zh: str
    en: str
    against: Literal["institution", "staff", "both"]
    clauses: list[str]

    def is_of(self, region: str) -> bool:
        """Whether the regulation of the region names it."""
        return any(region in REGIONS_OF_REGULATION[each.split("-")[0]] for each in self.clauses)


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: list[CaseKind]


@cache
def all_kinds() -> dict[str, CaseKind]:
    """Every kind by its code."""
    text = Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text), _Kinds).kinds
    return {each.code: each for each in found}


class CaseState(StrEnum):
    """Where a case is."""

    OPENED = "opened"
    ORDERED = "ordered"
    OVERDUE = "overdue"
    MENDED = "mended"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REFERRED = "referred"


class CaseAction(StrEnum):
    """What may be done with it."""

    ORDER = "order"
    FALL_OVERDUE = "fall_overdue"
    MEND = "mend"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    REFER = "refer"


S, A = CaseState, CaseAction
CASE_LIFE: dict[CaseState, dict[CaseAction, CaseState]] = {
    S.OPENED: {A.ORDER: S.ORDERED, A.DISMISS: S.DISMISSED, A.REFER: S.REFERRED},
    S.ORDERED: {A.MEND: S.MENDED, A.FALL_OVERDUE: S.OVERDUE, A.REFER: S.REFERRED},
    S.OVERDUE: {A.MEND: S.MENDED, A.REFER: S.REFERRED},
    S.MENDED: {A.CONFIRM: S.CLOSED, A.ORDER: S.ORDERED, A.REFER: S.REFERRED},
    S.CLOSED: {},
    S.DISMISSED: {},
    S.REFERRED: {},
}


def next_state(state: CaseState, action: CaseAction) -> CaseState:
    """The state after the action. Raises CaseStateForbids where the table has no such row."""
    return state_after(CASE_LIFE, state, action, CaseStateForbids)


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `against` is institution or staff; moments are RFC 3339."""

    case_id: str
    kind: str
    against: str
    respondent: str
    facts: str
    report_number: str | None
    state: CaseState
    state_since: str
    opened_at: str
    order_text: str | None = None
    due_at: str | None = None
    overdue_since: str | None = None
    outcome: str | None = None
    mending: str | None = None


class CaseChanged(Event, frozen=True, kw_only=True):
    """A case took a step; the respondent stays out of the audit."""

    action: ClassVar[str] = "change-case"
    case_id: str
    kind: str
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Case, kind, step, state."""
        return f"{self.case_id} ({self.kind}): {self.step} -> {self.after}"
