"""Request and answer shapes of services other regions passed on."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from card_platform.exchange.from_regions.model import DecisionState, ServiceFromRegion
from card_platform.issuance.shapes import Reason
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed


class ServiceDecisionBody(RequestBody, frozen=True):
    """Whether the service is done; a refusal says why."""

    decision: Literal["grant", "refuse"]
    reason: Reason | None = None

    @property
    def why_not(self) -> str:
        """The reason of a refusal. Raises RequestIsMalformed where it has none."""
        if self.reason is None:
            raise RequestIsMalformed([Fault("reason", "null", "why it is refused, in words")])
        return self.reason


class ServiceFromRegionAnswer(msgspec.Struct, frozen=True):
    """How it stands; no personal data."""

    number: str
    region: str
    region_number: str
    service: str
    card_id: str
    state: DecisionState
    taken_at: str
    decided_at: str | None
    decided_by: str | None
    reason: str | None


class ServiceFromRegionRecord(msgspec.Struct, frozen=True):
    """The same with what was sent, until it is decided."""

    service: ServiceFromRegionAnswer
    request: dict[str, Any] | None


class ServicesFromRegionsAnswer(msgspec.Struct, frozen=True):
    """A page of them."""

    services: list[ServiceFromRegionAnswer]
    next: str | None


def service_answer(each: ServiceFromRegion) -> ServiceFromRegionAnswer:
    """One as answered."""
    return ServiceFromRegionAnswer(
        each.number,
        each.region,
        each.region_number,
        each.service,
        each.card_id,
        each.state,
        each.taken_at,
        each.decided_at,
        each.decided_by,
        each.reason,
    )
