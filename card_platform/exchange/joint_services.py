"""Services for another region's cards at a joint service point (川渝通办).

Sources: CQ-11b, SC-k, YD-7b, YD-7c.

Rule: the region that issued a card decides over it. Another takes the request in, brings it there,
and tells the holder what was decided; it decides nothing itself. A service is taken in at a joint
service point, under an agreement of both regions on card services.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from card_platform.exchange import joint_service_store as store
from card_platform.exchange import store as road_store
from card_platform.exchange.card_services import CardServiceDone, CardServices, Service
from card_platform.exchange.joint_service_store import JointService
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent, Subject
from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
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

CARD_SERVICE = "card-service"
"""Subject, and the field of the agreements."""


class CardServiceOrder(RequestBody, frozen=True):
    """A service as it travels; an application has no card number yet."""

    service: str
    card_number: str | None
    request: msgspec.Raw


class JointServiceChanged(Event, frozen=True, kw_only=True):
    """A service was taken in for another region, or decided there."""

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
        if region == self._own:
            raise RegionIsOwn(region=region)
        store.require_joint_service_point(tx, site_id)
        self._require_agreement(region)
        there = road_store.find_participant(tx, region)
        if there is None or there.kind is not ParticipantKind.REGION:
            raise ParticipantIsUnknown(participant=region)
        raw = msgspec.json.encode(request)
        self._read(service, card_number, raw)
        at = moment_of(self._clock.now())
        taken = JointService(
            new_identifier("joint"), service, region, card_number, site_id, "passed-on", at, by
        )
        store.add(tx, taken)
        send(
            tx,
            recipient=region,
            subject=CARD_SERVICE,
            purpose=CARD_SERVICE,
            body=CardServiceOrder(
                service=service, card_number=card_number, request=msgspec.Raw(raw)
            ),
            at=at,
            reference=taken.request_id,
        )
        self._tell(tx, taken, by)
        return taken

    def subject(self) -> Subject:
        """What travels."""
        return Subject(
            CARD_SERVICE,
            "message",
            frozenset({CARD_SERVICE}),
            frozenset({ParticipantKind.REGION}),
            CardServiceOrder,
            self._do,
            self._learn,
        )

    def _do(
        self, tx: Transaction, sender: Participant, order: CardServiceOrder, _purpose: str
    ) -> CardServiceDone:
        self._require_agreement(sender.participant_id)
        service, request = self._read(order.service, order.card_number, bytes(order.request))
        card_id = ""
        if order.card_number is not None:
            found = find_holder(tx, order.card_number)
            if found is None:
                raise CardIsUnknown
            card_id = found[0]
        return service.do(tx, card_id, request, REGION_CALLER + sender.participant_id)

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        taken = store.decide(tx, sent.reference, answer, moment_of(self._clock.now()))
        self._tell(tx, taken, REGION_CALLER + sent.recipient)

    def _read(self, code: str, card_number: str | None, raw: bytes) -> tuple[Service, Any]:
        service = self.ten.get(code)
        if service is None:
            raise RequestIsMalformed([Fault("service", code, f"one of {', '.join(self.ten)}")])
        if (card_number is None) != (service.request is Application):
            found = "null" if card_number is None else card_number
            expected = "null for an application, else the number of the card"
            raise RequestIsMalformed([Fault("card_number", found, expected)])
        return service, read_body(raw, service.request)

    def _require_agreement(self, region: str) -> None:
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
                state=taken.state,
            )
        )
