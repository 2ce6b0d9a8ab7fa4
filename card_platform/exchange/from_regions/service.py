"""Services other regions passed on: kept for a supervisor here, granted or refused, and told back.

Granting does the service as the supervisor, and the message that tells it goes out in the same
transaction, so that neither is without the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import msgspec

from card_platform.exchange.card_services import CARD_SERVICE, CardServiceDone, Service
from card_platform.exchange.from_regions import store
from card_platform.exchange.from_regions.model import (
    DecisionAction,
    DecisionState,
    ServiceFromRegion,
    ServiceFromRegionChanged,
    ServiceFromRegionRead,
    next_state,
)
from card_platform.exchange.road import send
from card_platform.issuance.shapes import Reason
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestBody

CARD_SERVICE_DECISION = "card-service-decision"
RegionNumber = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class CardServiceDecision(RequestBody, frozen=True):
    """What a supervisor of the issuing region decided: `done`, or the reason why not.

    `number` is that of the region that took the service in.
    """

    number: RegionNumber
    done: CardServiceDone | None
    reason: Reason | None


class ServicesFromRegions:
    """Those that wait here, and their decisions."""

    def __init__(self, ten: Mapping[str, Service], clock: Clock) -> None:
        self._ten = ten
        self._clock = clock

    def keep(
        self,
        tx: Transaction,
        *,
        region: str,
        region_number: str,
        service: str,
        card_id: str,
        request: bytes,
    ) -> ServiceFromRegion:
        """Keep one until a supervisor decides it."""
        passed = ServiceFromRegion(
            number=new_identifier("passed"),
            region=region,
            region_number=region_number,
            service=service,
            card_id=card_id,
            state=DecisionState.WAITING,
            taken_at=moment_of(self._clock.now()),
            request=request.decode(),
        )
        store.save(tx, passed, is_new=True)
        self._tell(tx, passed, REGION_CALLER + region)
        return passed

    def read(
        self, tx: Transaction, number: str, by: str
    ) -> tuple[ServiceFromRegion, dict[str, Any] | None]:
        """It with what was sent, for the supervisor who decides; on record as a read.

        Raises:
            ServiceFromRegionIsUnknown.
        """
        found = store.get(tx, number)
        if found.request is None:
            return found, None
        at = moment_of(self._clock.now())
        tx.emit(ServiceFromRegionRead(at=at, by=by, card_id=found.card_id, number=number))
        return found, msgspec.json.decode(found.request, type=dict[str, Any])

    def grant(self, tx: Transaction, number: str, reason: str | None, by: str) -> ServiceFromRegion:
        """Do it, as the supervisor, and tell the region that took it in.

        Raises:
            ServiceFromRegionIsUnknown, ServiceFromRegionStateForbids.
            Refusal: of the service, as CardStateForbids; then it goes on waiting.
        """
        found = store.get(tx, number, to_change=True)
        after = next_state(found.state, DecisionAction.GRANT)
        assert found.request is not None  # noqa: S101 - kept until it is decided
        service = self._ten[found.service]
        request = msgspec.json.decode(found.request, type=service.request)
        done = service.do(tx, found.card_id, request, by)
        return self._end(tx, replace(found, state=after, reason=reason, decided_by=by), done)

    def refuse(self, tx: Transaction, number: str, reason: str, by: str) -> ServiceFromRegion:
        """Refuse it, and tell the region that took it in why.

        Raises:
            ServiceFromRegionIsUnknown, ServiceFromRegionStateForbids.
        """
        found = store.get(tx, number, to_change=True)
        after = next_state(found.state, DecisionAction.REFUSE)
        return self._end(tx, replace(found, state=after, reason=reason, decided_by=by), None)

    def _end(
        self, tx: Transaction, decided: ServiceFromRegion, done: CardServiceDone | None
    ) -> ServiceFromRegion:
        at = moment_of(self._clock.now())
        forgotten = replace(decided, request=None, decided_at=at)
        store.save(tx, forgotten, is_new=False)
        send(
            tx,
            recipient=forgotten.region,
            subject=CARD_SERVICE_DECISION,
            purpose=CARD_SERVICE,
            body=CardServiceDecision(
                number=forgotten.region_number,
                done=done,
                reason=None if done else forgotten.reason,
            ),
            at=at,
            reference=forgotten.number,
        )
        assert forgotten.decided_by is not None  # noqa: S101 - it is decided
        self._tell(tx, forgotten, forgotten.decided_by)
        return forgotten

    def _tell(self, tx: Transaction, passed: ServiceFromRegion, by: str) -> None:
        tx.emit(
            ServiceFromRegionChanged(
                at=moment_of(self._clock.now()),
                by=by,
                card_id=passed.card_id,
                number=passed.number,
                region=passed.region,
                service=passed.service,
                state=passed.state.value,
            )
        )
