"""Request and answer shapes of consents and holder queries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from card_platform.oversight.consent.model import Consent, Item
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Items = Annotated[list[Item], msgspec.Meta(min_length=1, max_length=8)]
Zoned = Annotated[datetime, msgspec.Meta(tz=True)]
Document = Annotated[str, exactly(r"[0-9]{17}[0-9X]")]


class ConsentRequest(RequestBody, frozen=True):
    """What a holder allows whom; `document_number` is that of the document shown."""

    document_number: Document
    institution: Short
    purpose: Short
    items: Items
    from_at: Zoned
    until_at: Zoned


class Withdrawal(RequestBody, frozen=True):
    """The holder's document is shown for a withdrawal too."""

    document_number: Document


class ConsentAnswer(msgspec.Struct, frozen=True):
    """A consent; `withdrawn_at` is null while it stands."""

    consent_id: str
    card_id: str
    institution: str
    purpose: str
    items: list[Item]
    from_at: str
    until_at: str
    withdrawn_at: str | None


class ConsentsAnswer(msgspec.Struct, frozen=True):
    """A holder's consents."""

    consents: list[ConsentAnswer]
    next: str | None


class HolderQueryRequest(RequestBody, frozen=True):
    """Whose data, for what, on what basis; `recipient` if they are for somebody else."""

    institution: Short
    purpose: Short
    items: Items
    basis: Literal["consent", "legal-duty"]
    card_number: Annotated[str, exactly(CARD_NUMBER_PATTERN)] | None = None
    document_number: Document | None = None
    duty: Short | None = None
    recipient: Short | None = None


class QueryDecision(msgspec.Struct, frozen=True):
    """What is kept of a query's answer: no personal data."""

    read_id: str
    refusal: str | None
    items: list[Item]


class HolderQueryAnswer(msgspec.Struct, frozen=True):
    """The items; null, or masked, where they were not asked for."""

    read_id: str
    items: dict[str, str | None]


class ReadAnswer(msgspec.Struct, frozen=True):
    """One read of the holder's data, granted (refusal null) or refused."""

    read_id: str
    at: str
    by: str
    institution: str
    purpose: str
    items: str
    basis: str
    reference: str | None
    recipient: str | None
    refusal: str | None


class AccessLogAnswer(msgspec.Struct, frozen=True):
    """Who read what, the latest first."""

    reads: list[ReadAnswer]
    next: str | None


class StoppedQuery(msgspec.Struct, frozen=True):
    """A lawful query that the department holding the data stopped (NX-18c)."""

    read_id: str
    at: str
    institution: str
    purpose: str
    items: str
    withheld_by: str


class StoppedQueriesAnswer(msgspec.Struct, frozen=True):
    """Those, the latest first."""

    queries: list[StoppedQuery]
    next: str | None


def consent_answer(consent: Consent) -> ConsentAnswer:
    """A consent as it is told."""
    return ConsentAnswer(
        consent.consent_id,
        consent.card_id,
        consent.institution,
        consent.purpose,
        list(consent.items),
        consent.from_at,
        consent.until_at,
        consent.withdrawn_at,
    )
