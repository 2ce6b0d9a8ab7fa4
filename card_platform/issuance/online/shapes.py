"""Request and answer shapes of applications made online."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.issuance.application import (
    Application,
    ApplicationForm,
    IdentityDocument,
    Mandate,
    Short,
)
from card_platform.issuance.online.model import OnlineState
from card_platform.issuance.online.service import ONLINE_SITE
from card_platform.issuance.production.model import DeliveryState
from card_platform.issuance.shapes import Reason, Site
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody


class OnlineApplicationBody(RequestBody, frozen=True):
    """An application as its applicant, or an agent with a mandate, sends it."""

    region: Annotated[str, exactly(REGION_PATTERN)]
    collection_site: Site
    entitlement: Short | None = None
    form: ApplicationForm | None = None
    document: IdentityDocument | None = None
    agent: Mandate | None = None

    def application(self) -> Application:
        """The application, as accepted online."""
        return Application(
            region=self.region,
            site=ONLINE_SITE,
            entitlement=self.entitlement,
            form=self.form,
            document=self.document,
            agent=self.agent,
            channel="online",
            collection_site=self.collection_site,
        )


class OnlineSecret(RequestBody, frozen=True):
    """The secret given at filing; in the body, so that it stands in no log of addresses."""

    secret: Short


class OnlineDecision(RequestBody, frozen=True):
    """Whether the card is granted; a refusal says why."""

    decision: Literal["grant", "refuse"]
    reason: Reason | None = None


class OnlineReference(msgspec.Struct, frozen=True):
    """All that is kept of an answer that holds a secret."""

    number: str


class OnlineFiledAnswer(msgspec.Struct, frozen=True):
    """Its number, what opens it, by when it is decided."""

    number: str
    secret: str
    state: OnlineState
    due_at: str


class OnlineStatusAnswer(msgspec.Struct, frozen=True):
    """How far it is, up to the card at the site of collection; no personal data."""

    number: str
    state: OnlineState
    state_since: str
    filed_at: str
    due_at: str
    is_late: bool
    reason: str | None
    collection_site: str
    card_id: str | None
    card_state: str | None
    delivery_state: DeliveryState | None


class OnlineApplicationAnswer(msgspec.Struct, frozen=True):
    """The same with what was sent, until it is decided."""

    status: OnlineStatusAnswer
    application: Application | None


class OnlineApplicationsAnswer(msgspec.Struct, frozen=True):
    """Applications made online."""

    applications: list[OnlineStatusAnswer]
    next: str | None
