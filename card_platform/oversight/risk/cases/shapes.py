"""Request and answer shapes of cases and of the credit file."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.oversight.risk.cases.model import CreditEntry, RiskCase
from card_platform.oversight.risk.history import Typology
from card_platform.web.request_body import RequestBody

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class RiskCaseRequest(RequestBody, frozen=True):
    """A case opened by hand: of what, about which card."""

    typology: Typology
    card_id: Word
    facts: Text


class Assignment(RequestBody, frozen=True):
    """To whom it is given."""

    to: Word


class CaseFreeze(RequestBody, frozen=True):
    """The ground of the regulation."""

    ground: Word


class CaseDecision(RequestBody, frozen=True):
    """Whether there was a violation, whose, and why.

    `holder_answers`: the holder did it, though in cases like this one it is mostly others.
    """

    action: Literal["confirm", "blame_another", "dismiss"]
    text: Text
    holder_answers: bool = False


class AppealText(RequestBody, frozen=True):
    """What the holder says."""

    text: Text


class AppealDecision(RequestBody, frozen=True):
    """Whether the decision stands, and why."""

    action: Literal["uphold", "overturn"]
    text: Text


class CreditFileQuery(RequestBody, frozen=True):
    """Whose file, for which purpose."""

    card_number: Word
    purpose: Word


class RiskCaseAnswer(msgspec.Struct, frozen=True):
    """A case, for those who work on it."""

    case_id: str
    typology: str
    alert_id: str | None
    subject_kind: str
    subject: str
    card_id: str | None
    facts: str
    state: str
    state_since: str
    opened_at: str
    opened_by: str | None
    assigned_to: str | None
    is_frozen_for_it: bool
    frozen_by: str | None
    due_at: str | None
    overdue_since: str | None
    decision: str | None
    decided_by: str | None
    notice: str | None
    appeal_until: str | None
    appeal: str | None
    appeal_decision: str | None
    referred_to: str | None


class RiskCasesAnswer(msgspec.Struct, frozen=True):
    """A page of cases, the latest first."""

    cases: list[RiskCaseAnswer]
    next: str | None


class OwnRiskCase(msgspec.Struct, frozen=True):
    """A case as the holder sees it: what it is about, and the notice."""

    case_id: str
    typology: str
    state: str
    state_since: str
    is_frozen_for_it: bool
    notice: str | None
    appeal_until: str | None


class OwnRiskCasesAnswer(msgspec.Struct, frozen=True):
    """A page of them, the latest first."""

    cases: list[OwnRiskCase]
    next: str | None


class CreditEntryAnswer(msgspec.Struct, frozen=True):
    """An entry of a credit file."""

    entry_id: str
    case_id: str
    conduct: str
    article: str
    state: str
    entered_at: str
    expires_at: str


class HolderCreditFileAnswer(msgspec.Struct, frozen=True):
    """A page of a credit file, the latest first."""

    entries: list[CreditEntryAnswer]
    next: str | None


class CreditQueryAnswer(msgspec.Struct, frozen=True):
    """The newest entries of a file, at most as many as a page has."""

    entries: list[CreditEntryAnswer]


def case_answer(case: RiskCase) -> RiskCaseAnswer:
    """As those who work on it see it."""
    names = [name for name in RiskCaseAnswer.__struct_fields__ if name != "is_frozen_for_it"]
    told = {name: getattr(case, name) for name in names}
    return RiskCaseAnswer(**told, is_frozen_for_it=bool(case.frozen))


def own_case(case: RiskCase) -> OwnRiskCase:
    """As the holder sees it."""
    names = [name for name in OwnRiskCase.__struct_fields__ if name != "is_frozen_for_it"]
    told = {name: getattr(case, name) for name in names}
    return OwnRiskCase(**told, is_frozen_for_it=bool(case.frozen))


def entry_answer(entry: CreditEntry) -> CreditEntryAnswer:
    """As it is told."""
    names = CreditEntryAnswer.__struct_fields__
    return CreditEntryAnswer(**{name: getattr(entry, name) for name in names})
