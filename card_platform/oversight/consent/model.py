"""Consent, legal duties, and the verdict on a query for a holder's data; pure.

Rules (NM-22b, CQ-18, CQ-19, NX-14a; Personal Information Protection Law, articles 13, 14, 15, 23):
- Personal data belong to the holder. A query stands on a consent of the holder or on a legal duty;
  its institution, purpose, items and time must be those of what it stands on.
- Data are for the institution that asks; a query for a third party is refused in any case.
- A refused query is on record as a granted one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from card_platform.regions.oversight_policy import LegalDuty
from card_platform.storage import Event

ON_A_CARD = "name document_number card_number"
"""The items a card tells of its holder to whoever may read it."""


class Item(StrEnum):
    """What may be asked of a holder."""

    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    DOCUMENT_NUMBER = "document_number"
    PHONE = "phone"
    ADDRESS = "address"
    CARD_NUMBER = "card_number"
    CARD_STATE = "card_state"
    CREDIT = "credit"
    POPULATION = "population"
    HEALTH = "health"


LINKED_ITEMS = (Item.CREDIT, Item.POPULATION, Item.HEALTH)
"""What other departments hold of a cardholder and link with the cardholder base (NX-13)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a holder allowed an institution; moments are RFC 3339."""

    consent_id: str
    card_id: str
    institution: str
    purpose: str
    items: tuple[Item, ...]
    from_at: str
    until_at: str
    withdrawn_at: str | None
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class HolderQuery:
    """What an institution asks. `recipient` is whom it would give the data to, if anybody else."""

    institution: str
    purpose: str
    items: tuple[Item, ...]
    basis: str
    duty: str | None
    recipient: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """On what a query stands, or the code of its refusal."""

    reference: str | None
    refusal: str | None = None


def judge(
    query: HolderQuery, consents: Sequence[Consent], duties: Sequence[LegalDuty], now: str
) -> Verdict:
    """The verdict on a query; of several consents the one that goes furthest counts."""
    if query.recipient is not None and query.recipient != query.institution:
        return Verdict(None, "passing-on-forbidden")
    if query.basis == "legal-duty":
        return _judge_duty(query, duties)
    verdicts = [_judge_consent(query, each, now) for each in consents]
    granted = [each for each in verdicts if each.refusal is None]
    if granted:
        return granted[0]
    return max(
        verdicts, key=lambda each: _FURTHER.index(each.refusal or ""), default=Verdict(None, _NONE)
    )


_NONE = "consent-missing"
_FURTHER = (_NONE, "purpose-outside-consent", "scope-outside-consent", "time-outside-consent")
"""Refusals from the one a consent is furthest from answering to the nearest."""


def _judge_consent(query: HolderQuery, consent: Consent, now: str) -> Verdict:
    if consent.institution != query.institution:
        return Verdict(None, _NONE)
    if consent.purpose != query.purpose:
        return Verdict(None, "purpose-outside-consent")
    if not set(query.items) <= set(consent.items):
        return Verdict(None, "scope-outside-consent")
    ended = min(consent.until_at, consent.withdrawn_at or consent.until_at)
    if not consent.from_at <= now < ended:
        return Verdict(None, "time-outside-consent")
    return Verdict(consent.consent_id)


def _judge_duty(query: HolderQuery, duties: Sequence[LegalDuty]) -> Verdict:
    for duty in duties:
        if (
            duty.code == query.duty
            and duty.institution == query.institution
            and query.purpose in duty.purposes
            and {each.value for each in query.items} <= set(duty.items)
        ):
            return Verdict(duty.code)
    return Verdict(None, "legal-duty-unknown")


class HolderDataQueried(Event, frozen=True, kw_only=True):
    """An institution asked for a holder's data."""

    action: ClassVar[str] = "query-holder"
    query: HolderQuery
    verdict: Verdict

    @property
    def detail(self) -> str:
        """Who, what, on what basis, and what came of it; no personal data."""
        asked = "+".join(self.query.items)
        found = self.verdict.refusal or f"granted by {self.verdict.reference}"
        return f"{self.query.institution}, {self.query.purpose}, {asked}: {found}"


class ConsentChanged(Event, frozen=True, kw_only=True):
    """A holder gave a consent or withdrew it."""

    action: ClassVar[str] = "change-consent"
    consent: Consent

    @property
    def detail(self) -> str:
        """The consent."""
        what = "withdrawn" if self.consent.withdrawn_at else "given"
        return f"{self.consent.consent_id} {what}: {self.consent.institution}"


class AccessLogRead(Event, frozen=True, kw_only=True):
    """The holder was shown who read their data."""

    action: ClassVar[str] = "read-access-log"
