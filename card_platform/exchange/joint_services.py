"""Services for another region's cards at a joint service point (川渝通办).

Sources: CQ-11b, SC-k, YD-7b, YD-7c.

Rules:
- The region that issued a card decides over it. Another takes the request in, brings it there, and
  tells the holder what was decided; it decides nothing itself. A service is taken in at a joint
  service point, under an agreement of both regions on card services.
- What needs a supervisor in the issuing region waits there for one (`from_regions`); the decision
  comes by a message of its own, before the answer to the first or after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import msgspec

from card_platform.exchange import joint_service_store as store
from card_platform.exchange import store as road_store
from card_platform.exchange.card_services import (
    CARD_SERVICE,
    CardServiceDone,
    CardServices,
    Service,
)
from card_platform.exchange.from_regions.service import (
    CARD_SERVICE_DECISION,
    CardServiceDecision,
    RegionNumber,
    ServicesFromRegions,
)
from card_platform.exchange.joint_service_life import (
    JointServiceAction,
    JointServiceState,
    next_state,
)
from card_platform.exchange.joint_service_store import JointService, JointServiceIsUnknown
from card_platform.exchange.model import (
    MessageAnswer,
    Participant,
    ParticipantKind,
    Sent,
    Subject,
    Told,
)
from card_platform.exchange.refusals import (
    IssuingRegionRefuses,
    NoAgreementCovers,
    ParticipantIsUnknown,
)
from card_platform.exchange.road import send
from card_platform.issuance.application import Application
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_holder
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestBody, RequestIsMalformed, read_body

_PURPOSES = frozenset({CARD_SERVICE})
_REGIONS = frozenset({ParticipantKind.REGION})


class CardServiceOrder(RequestBody, frozen=True):
    """A service as it travels, under its number here; an application has no card number yet."""

    number: RegionNumber
    service: str
    card_number: str | None
    request: msgspec.Raw


class TakenThere(msgspec.Struct, frozen=True):
    """The answer of the issuing region: done at once, or waiting there under its own number."""

    state: Literal["done", "waiting"]
    number: str | None = None
    done: CardServiceDone | None = None


class Heard(msgspec.Struct, frozen=True):
    """The decision is kept."""

    state: JointServiceState


class JointServiceChanged(Event, frozen=True, kw_only=True):
    """A service was taken in for another region, waits there, or was decided there."""

    action: ClassVar[str] = "joint-service"
    card_id: None = None
    request_id: str
    service: str
    region: str
    state: str

    @property
    def detail(self) -> str:
        """Which, what, where, how it stands."""
        return f"{self.request_id}: {self.service} for {self.region}, {self.state}"


class JointServices:
    """Taking in services for another region, and doing those another region took in."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        services: CardServices,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._agreements = tuple(agreements)
        self._clock = clock
        self.ten = services.ten()
        self.from_regions = ServicesFromRegions(self.ten, clock)

    def take_in(
        self,
        tx: Transaction,
        *,
        site_id: str,
        region: str,
        service: str,
        card_number: str | None,
        request: dict[str, Any],
        by: str,
    ) -> JointService:
        """Take a service in and bring it to the region of the card.

        Raises:
            RegionIsOwn, SiteIsNoJointServicePoint, ParticipantIsUnknown: as they say.
            NoAgreementCovers: the two regions agreed on no card services.
            RequestIsMalformed: the request is not one of that service.
        """
        self.require_taken_in_here(tx, site_id, region)
        raw = msgspec.json.encode(request)
        self._read(service, card_number, raw)
        at = moment_of(self._clock.now())
        taken = JointService(
            new_identifier("joint"),
            service,
            region,
            card_number,
            site_id,
            JointServiceState.PASSED_ON,
            at,
            by,
        )
        store.save(tx, taken, is_new=True)
        send(
            tx,
            recipient=region,
            subject=CARD_SERVICE,
            purpose=CARD_SERVICE,
            body=CardServiceOrder(
                number=taken.request_id,
                service=service,
                card_number=card_number,
                request=msgspec.Raw(raw),
            ),
            at=at,
            reference=taken.request_id,
        )
        self._tell(tx, taken, by)
        return taken

    def require_taken_in_here(self, tx: Transaction, site_id: str, region: str) -> None:
        """Services for cards of that region are taken in at that site.

        Raises:
            RegionIsOwn, SiteIsNoJointServicePoint, NoAgreementCovers, ParticipantIsUnknown.
        """
        if region == self._own:
            raise RegionIsOwn(region=region)
        store.require_joint_service_point(tx, site_id)
        self.require_agreement(region)
        there = road_store.find_participant(tx, region)
        if there is None or there.kind is not ParticipantKind.REGION:
            raise ParticipantIsUnknown(participant=region)

    def subjects(self) -> tuple[Subject, Subject]:
        """What travels: the services, and the decisions over those that waited."""
        order, decision = CardServiceOrder, CardServiceDecision
        return (
            Subject(CARD_SERVICE, "message", _PURPOSES, _REGIONS, order, self._take, self._learn),
            Subject(
                CARD_SERVICE_DECISION,
                "message",
                _PURPOSES,
                _REGIONS,
                decision,
                self._hear,
                field=CARD_SERVICE,
            ),
        )

    def _take(
        self, tx: Transaction, sender: Participant, order: CardServiceOrder, _purpose: str
    ) -> TakenThere:
        self.require_agreement(sender.participant_id)
        service, request = self._read(order.service, order.card_number, bytes(order.request))
        card_id = ""
        if order.card_number is not None:
            found = find_holder(tx, order.card_number)
            if found is None:
                raise CardIsUnknown
            card_id = found[0]
        if service.is_supervisors:
            kept = self.from_regions.keep(
                tx,
                region=sender.participant_id,
                region_number=order.number,
                service=service.code,
                card_id=card_id,
                request=bytes(order.request),
            )
            return TakenThere("waiting", number=kept.number)
        by = REGION_CALLER + sender.participant_id
        return TakenThere("done", done=service.do(tx, card_id, request, by))

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        taken = store.get(tx, sent.reference, to_change=True)
        if answer.problem is not None:
            self._end(tx, taken, None, answer.problem)
            return
        there = msgspec.json.decode(answer.answer, type=TakenThere)
        if there.done is not None:
            self._end(tx, taken, there.done, None)
            return
        known = replace(taken, number_there=there.number)
        if taken.state is not JointServiceState.PASSED_ON:  # its decision came before this answer
            store.save(tx, known, is_new=False)
            return
        waiting = replace(known, state=next_state(taken.state, JointServiceAction.WAIT))
        store.save(tx, waiting, is_new=False)
        self._tell(tx, waiting, REGION_CALLER + sent.recipient)

    def _hear(
        self, tx: Transaction, sender: Participant, body: CardServiceDecision, _purpose: str
    ) -> Heard:
        taken = store.get(tx, body.number, to_change=True)
        if taken.region != sender.participant_id:
            raise JointServiceIsUnknown
        problem = None
        if body.done is None:
            refused = IssuingRegionRefuses(reason=body.reason or "-")
            problem = Told(refused.code, refused.detail_zh, refused.detail_en)
        return Heard(self._end(tx, taken, body.done, problem).state)

    def _end(
        self,
        tx: Transaction,
        taken: JointService,
        done: CardServiceDone | None,
        problem: Told | None,
    ) -> JointService:
        action = JointServiceAction.DO if problem is None else JointServiceAction.REFUSE
        ended = replace(
            taken,
            state=next_state(taken.state, action),
            answer=None if problem else msgspec.json.encode(done).decode(),
            problem=problem,
            decided_at=moment_of(self._clock.now()),
        )
        store.save(tx, ended, is_new=False)
        self._tell(tx, ended, REGION_CALLER + taken.region)
        return ended

    def _read(self, code: str, card_number: str | None, raw: bytes) -> tuple[Service, Any]:
        service = self.ten.get(code)
        if service is None:
            raise RequestIsMalformed([Fault("service", code, f"one of {', '.join(self.ten)}")])
        if (card_number is None) != (service.request is Application):
            found = "null" if card_number is None else card_number
            expected = "null for an application, else the number of the card"
            raise RequestIsMalformed([Fault("card_number", found, expected)])
        return service, read_body(raw, service.request)

    def require_agreement(self, region: str) -> None:
        """Raises NoAgreementCovers: that region and this one agreed on no card services."""
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=CARD_SERVICE, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=CARD_SERVICE)

    def _tell(self, tx: Transaction, taken: JointService, by: str) -> None:
        tx.emit(
            JointServiceChanged(
                at=moment_of(self._clock.now()),
                by=by,
                request_id=taken.request_id,
                service=taken.service,
                region=taken.region,
                state=taken.state.value,
            )
        )
