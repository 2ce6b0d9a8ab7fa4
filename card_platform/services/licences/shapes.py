"""Request and answer shapes of licences."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.services.licences.model import Licence, LicenceKind
from card_platform.services.licences.statement import DocumentNumber
from card_platform.services.licences.store import PaperRequest
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.masking import masked
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
CardNumberText = Annotated[str, exactly(CARD_NUMBER_PATTERN)]
RegionText = Annotated[str, exactly(REGION_PATTERN)]
LEVEL_MAX = 10


class LicenceBody(RequestBody, frozen=True):
    """A licence to issue; `level` for disability (1 to 4) and veterans (0 to 10) only."""

    kind: LicenceKind
    number: Short
    issuer: Short
    holder_document: DocumentNumber
    holder_name: Short
    valid_from: date
    valid_until: date | None = None
    level: Annotated[int, msgspec.Meta(ge=0, le=LEVEL_MAX)] | None = None
    subject: Short | None = None


class StepBody(RequestBody, frozen=True):
    """What the issuer does with it, and why."""

    action: Literal["suspend", "resume", "withdraw"]
    reason: Reason


class LinkBody(RequestBody, frozen=True):
    """The card of the holder."""

    card_number: CardNumberText


class UnlinkBody(RequestBody, frozen=True):
    """The number of the document the holder shows."""

    document_number: DocumentNumber


class CheckBody(RequestBody, frozen=True):
    """What is to be known, for what; `shown_by` is the check of identity made just before."""

    card_number: CardNumberText
    kind: LicenceKind
    purpose: Short
    institution: Short
    shown_by: Short


class PaperBody(RequestBody, frozen=True):
    """What paper a clerk wants to see, for which matter."""

    card_number: CardNumberText
    kind: LicenceKind
    asked: Literal["original", "copy"]
    matter: Short
    institution: Short


class PaperCaseBody(RequestBody, frozen=True):
    """The staff member the case is against."""

    respondent: Short


class CardCommandBody(RequestBody, frozen=True):
    """The chip in the reader and the challenge it gave."""

    historical_bytes: Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]
    challenge: Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]


class LicenceAnswer(msgspec.Struct, frozen=True):
    """A licence as its issuer and clerks see it: number, name and document masked."""

    licence_id: str
    kind: str
    region: str
    number: str
    issuer: str
    holder_document: str
    holder_name: str
    level: int | None
    subject: str | None
    valid_from: date
    valid_until: date | None
    state: str
    state_since: str
    linked: bool
    stated_at: str | None


class LicenceChangeAnswer(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One step of a licence."""

    action: str
    before: str | None
    after: str
    reason: str | None
    at: str
    by: str


class LicenceHistoryAnswer(msgspec.Struct, frozen=True):
    """A licence and its newest steps, the latest first; `more` says where they go on."""

    licence: LicenceAnswer
    changes: list[LicenceChangeAnswer]
    more: str | None


class LicenceChangesAnswer(msgspec.Struct, frozen=True):
    """Steps of a licence, the latest first."""

    changes: list[LicenceChangeAnswer]
    next: str | None


class ConcessionOfLicence(msgspec.Struct, frozen=True):
    """What its holder pays less at an entrance or a counter."""

    place: str
    reduction_percent: int


class CheckedLicence(msgspec.Struct, frozen=True):
    """What a check tells of the licence."""

    kind: str
    region: str
    number: str
    issuer: str
    level: int | None
    subject: str | None
    valid_from: date
    valid_until: date | None


class LicenceCheckAnswer(msgspec.Struct, frozen=True):
    """Whether a linked licence answers; if not, why."""

    held: bool
    reason: str | None
    licence: CheckedLicence | None
    concessions: list[ConcessionOfLicence]


class PaperAnswer(msgspec.Struct, frozen=True):
    """Paper may be asked for, because no linked licence answers."""

    request_id: str
    reason: str


class PaperRequestAnswer(msgspec.Struct, frozen=True):
    """A refused request for paper, and the case it became."""

    request_id: str
    card_id: str
    kind: str
    asked: str
    matter: str
    institution: str
    case_id: str | None
    at: str
    by: str


class PaperRequestsAnswer(msgspec.Struct, frozen=True):
    """Refused requests, the latest first."""

    requests: list[PaperRequestAnswer]
    next: str | None


class PaperCaseAnswer(msgspec.Struct, frozen=True):
    """The case a refused request became."""

    request_id: str
    case_id: str
    kind: str


class CardCommandAnswer(msgspec.Struct, frozen=True):
    """The command for the card in hex; `what`: it loads the certificate or ends it."""

    writing_id: str
    what: str
    command: str


def licence_answer(licence: Licence) -> LicenceAnswer:
    """The licence as answered."""
    return LicenceAnswer(
        licence.licence_id,
        licence.kind.value,
        licence.region,
        masked(licence.number),
        licence.issuer,
        masked(licence.holder_document),
        masked(licence.holder_name),
        licence.level,
        licence.subject,
        licence.valid_from,
        licence.valid_until,
        licence.state.value,
        licence.state_since,
        licence.person_id is not None,
        licence.stated_at,
    )


def check_answer(licence: Licence, policy: RegionPolicy, today: date) -> LicenceCheckAnswer:
    """What a check tells of a licence that answers."""
    told = CheckedLicence(
        licence.kind.value,
        licence.region,
        masked(licence.number),
        licence.issuer,
        licence.level,
        licence.subject,
        licence.valid_from,
        licence.valid_until,
    )
    concessions = [
        ConcessionOfLicence(each.place, each.reduction.on(today))
        for each in policy.licences.concessions
        if each.kind == licence.kind.value
    ]
    return LicenceCheckAnswer(True, None, told, concessions)


def paper_request_answer(request: PaperRequest) -> PaperRequestAnswer:
    """A refused request as answered."""
    names = PaperRequestAnswer.__struct_fields__
    return PaperRequestAnswer(**{name: getattr(request, name) for name in names})
