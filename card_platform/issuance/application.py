"""The checks of an application: form, document, entitlement (CQ-5, CQ-12a). Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.issuance.field_coding import GbkName, name_fits
from card_platform.issuance.refusals import (
    ApplicationFormIsMissing,
    CollectionSiteIsMissing,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
    MandateIsInvalid,
    MandateIsMissing,
    NotEntitled,
    RegionIsNotServed,
)
from card_platform.regions import RegionPolicy
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.vocabulary.resident_id import ResidentId, read_resident_id
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

LONG_TERM = "long-term"
"""Documents of persons over 46 carry no end of validity (Resident Identity Card Law, article 5)."""


class ApplicationForm(RequestBody, frozen=True):
    """The application form (社会保障卡申领登记表)."""

    name: GbkName
    sex: Literal["1", "2"]
    ethnicity: Annotated[str, exactly(r"[0-9]{2}")]
    birth_date: date
    birth_place: Annotated[str, exactly(REGION_PATTERN)]
    phone: Annotated[str, exactly(r"[0-9+-]{3,20}")]
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class IdentityDocument(RequestBody, frozen=True):
    """The document shown; `valid_until` is a day or `long-term`."""

    kind: Short
    number: Short
    valid_until: Annotated[str, exactly(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|long-term")]


class Mandate(RequestBody, frozen=True):
    """The agent's own document, and the mandate the applicant gave (委托书)."""

    document: IdentityDocument
    mandate_number: Short | None = None
    valid_until: date | None = None


class Application(RequestBody, frozen=True):
    """An application for a card, at a service site or online, in person or through an agent."""

    region: Annotated[str, exactly(REGION_PATTERN)]
    site: Short
    entitlement: Short | None = None
    form: ApplicationForm | None = None
    document: IdentityDocument | None = None
    agent: Mandate | None = None
    channel: Literal["site", "online"] = "site"
    collection_site: Short | None = None

    @property
    def collected_at(self) -> str:
        """The site where the holder collects the card."""
        return self.collection_site or self.site


def check_application(
    application: Application, policy: RegionPolicy, today: date
) -> tuple[ApplicationForm, ResidentId]:
    """The form and the document of an application that may go on.

    Raises:
        RequestIsMalformed: the card cannot write the name.
        RegionIsNotServed, ApplicationFormIsMissing, IdentityDocumentIsMissing,
        IdentityDocumentIsInvalid, NotEntitled, CollectionSiteIsMissing, MandateIsMissing,
        MandateIsInvalid: as their clauses say.
    """
    if application.region != policy.region.code:
        raise RegionIsNotServed(served=policy.region.code, asked=application.region)
    if application.form is None:
        raise ApplicationFormIsMissing
    if application.document is None:
        raise IdentityDocumentIsMissing
    form = application.form
    check_name(form.name, "form.name")
    document = check_document(application.document, policy, today)
    if (document.birth_date, document.sex) != (form.birth_date, form.sex):
        raise IdentityDocumentIsInvalid(
            reason_zh="证件上的出生日期或性别与登记表不一致",
            reason_en="its birth date or sex differs from the form",
        )
    if application.entitlement not in policy.issuance.entitlements.codes:
        raise NotEntitled
    if application.channel == "online" and application.collection_site is None:
        raise CollectionSiteIsMissing
    if application.agent is not None:
        check_mandate(application.agent, document, policy, today)
    return form, document


def check_name(name: str, field: str) -> None:
    """The card can write the name.

    Raises:
        RequestIsMalformed: it cannot; `field` is where the request says it.
    """
    if not name_fits(name):
        raise RequestIsMalformed([Fault(field, repr(name), "at most 50 bytes of GBK")])


def check_mandate(agent: Mandate, applicant: ResidentId, policy: RegionPolicy, today: date) -> None:
    """An agent shows a valid document and a mandate that holds.

    Raises:
        IdentityDocumentIsInvalid: the agent's.
        MandateIsMissing: no mandate was shown.
        MandateIsInvalid: it has run out, or applicant and agent are one person.
    """
    shown = check_document(agent.document, policy, today)
    if agent.mandate_number is None or agent.valid_until is None:
        raise MandateIsMissing
    if agent.valid_until < today:
        raise MandateIsInvalid(reason_zh="委托已过期", reason_en="it has run out")
    if shown.number == applicant.number:
        raise MandateIsInvalid(
            reason_zh="代办人与申领人是同一人", reason_en="agent and applicant are one person"
        )


def check_document(document: IdentityDocument, policy: RegionPolicy, today: date) -> ResidentId:
    """The content of a valid identity document.

    Raises:
        IdentityDocumentIsInvalid: kind not taken, number wrong, or out of date.
    """
    if document.kind not in policy.issuance.documents.codes:
        raise IdentityDocumentIsInvalid(
            reason_zh=f"不受理证件种类 {document.kind}", reason_en=f"kind {document.kind} not taken"
        )
    resident = read_resident_id(document.number)
    if resident is None or resident.birth_date > today:
        raise IdentityDocumentIsInvalid(
            reason_zh="证件号码不符合 GB 11643", reason_en="its number breaks GB 11643"
        )
    if document.valid_until != LONG_TERM and not _still_valid(document.valid_until, today):
        raise IdentityDocumentIsInvalid(reason_zh="证件已过有效期", reason_en="it has expired")
    return resident


def _still_valid(valid_until: str, today: date) -> bool:
    try:
        return date.fromisoformat(valid_until) >= today
    except ValueError:
        return False
