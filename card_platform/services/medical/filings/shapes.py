"""Request and answer shapes of filings for treatment elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.regions.catalogue.shapes import Short
from card_platform.regions.medical_policy import ElsewhereKind
from card_platform.services.medical.filings.model import MedicalFiling
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody


class MedicalFilingBody(RequestBody, frozen=True):
    """Where, why and when; a clerk shows the holder's document, a referral has a number."""

    kind: ElsewhereKind
    region: Annotated[str, exactly(REGION_PATTERN)]
    from_day: date
    until: date | None = None
    referral: Short | None = None
    document: IdentityDocument | None = None


class FilingWithdrawal(RequestBody, frozen=True):
    """A clerk shows the holder's document."""

    document: IdentityDocument | None = None


class MedicalFilingAnswer(msgspec.Struct, frozen=True):
    """A filing."""

    filing_id: str
    card_id: str
    kind: str
    region: str
    from_day: str
    until: str | None
    referral: str | None
    state: str
    at: str


class MedicalFilingsAnswer(msgspec.Struct, frozen=True):
    """A page of a card's filings, the latest first."""

    filings: list[MedicalFilingAnswer]
    next: str | None


def filing_answer(filing: MedicalFiling) -> MedicalFilingAnswer:
    """A filing as it is told."""
    return MedicalFilingAnswer(
        filing.filing_id,
        filing.card_id,
        filing.kind.value,
        filing.region,
        filing.from_day,
        filing.until,
        filing.referral,
        filing.state.value,
        filing.at,
    )
