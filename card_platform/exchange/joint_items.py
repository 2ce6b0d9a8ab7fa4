"""Items of joint lists stand in the catalogue of every side (CQ-14c, YD-8).

Rules:
- The region that compiled an item tells the regions of all its sides every step of it, by a message
  in the transaction of the step; each keeps the item, its versions and its history as told. A
  region that joins the road later is told every step there was.
- A side decides (approves, rejects, withdraws) on its own platform; the decision goes to the region
  of the item, which judges and books it as any other, and tells all.
- A side on the road is heard itself; one without a platform decides on paper, which is named.
- A region tells of its own items only, and decides for its own sides only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from card_platform.exchange import store as road_store
from card_platform.exchange.model import ANY_FIELD, Participant, ParticipantKind, Subject
from card_platform.exchange.refusals import AreaIsNotTheSenders
from card_platform.exchange.road import send
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, load_agreements
from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import (
    CatalogueChanged,
    Change,
    Content,
    Decision,
    Item,
    JointItemDecided,
    JointItemHeard,
    JointStep,
    Pilot,
    Version,
)
from card_platform.regions.catalogue.parties import sides_told
from card_platform.regions.catalogue.refusals import AgreementIsUnknown, VersionIsAnother
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.catalogue.workflow import VersionState
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.region import covers
from card_platform.web.request_body import RequestBody

JOINT_ITEM, JOINT_DECISION = "joint-item", "joint-item-decision"
JOINT_CATALOGUE = "joint-catalogue"
_PURPOSES = frozenset({JOINT_CATALOGUE})
_REGIONS = frozenset({ParticipantKind.REGION})

_Take = Callable[[Transaction, Participant, Any, str], msgspec.Struct]


class JointItemStep(RequestBody, frozen=True):
    """A step of an item, and the version as it stands after it."""

    item_id: str
    area: str
    filed_at: str | None
    state: VersionState
    content: Content
    effective_from: date | None
    pilots: list[Pilot]
    change: Change


class JointItemDecision(RequestBody, frozen=True):
    """What a side of the sender decided on a version."""

    item_id: str
    version: int
    step: JointStep
    decision: Decision


class JointItemStands(msgspec.Struct, frozen=True):
    """How the version stands where the message was taken."""

    state: VersionState


def tell_sides(tx: Transaction, event: Event) -> None:
    """Event handler: a step of an item goes to all its sides, a decision to the item's region."""
    if isinstance(event, CatalogueChanged):
        item = store.find_item(tx, event.item_id)
        assert item is not None  # noqa: S101 - it was changed just now
        others = list(_other_sides(tx, item))
        if others:
            step = _step(tx, item, event.version, store.last_change_of(tx, item.item_id))
            for region in others:
                _tell(tx, region.participant_id, step, event.at)
    elif isinstance(event, JointItemDecided):
        body = JointItemDecision(
            item_id=event.item_id,
            version=event.version,
            step=event.step,
            decision=event.decision,
        )
        send(
            tx,
            recipient=_region_of(event.item_area),
            subject=JOINT_DECISION,
            purpose=JOINT_CATALOGUE,
            body=body,
            at=event.at,
            reference=event.item_id,
        )


class JointItems:
    """What a region hears of the joint items of others, and what others decide on its own."""

    def __init__(self, own: str, catalogue: Catalogue, clock: Clock) -> None:
        self._own = own
        self._catalogue = catalogue
        self._clock = clock

    def tell_newcomer(self, tx: Transaction, participant: Participant) -> None:
        """Tell a region that joins of every step of the joint items it is a side of."""
        if participant.kind is not ParticipantKind.REGION:
            return
        at = moment_of(self._clock.now())
        for item in store.all_items(tx):
            told = {each.participant_id for each in _other_sides(tx, item)}
            if not covers(self._own, item.area) or participant.participant_id not in told:
                continue
            for change in store.every_change_of(tx, item.item_id):
                step = _step(tx, item, change.version, change)
                _tell(tx, participant.participant_id, step, at)

    def subjects(self) -> tuple[Subject, Subject]:
        """What travels."""
        return (
            self._subject(JOINT_ITEM, JointItemStep, self._hear),
            self._subject(JOINT_DECISION, JointItemDecision, self._decide),
        )

    @staticmethod
    def _subject(name: str, body: type[RequestBody], take: _Take) -> Subject:
        return Subject(name, "message", _PURPOSES, _REGIONS, body, take, field=ANY_FIELD)

    def _hear(
        self, tx: Transaction, sender: Participant, body: JointItemStep, _purpose: str
    ) -> JointItemStands:
        region, change = sender.participant_id, body.change
        known = store.find_item(tx, body.item_id, to_change=True)
        if not covers(region, body.area) or (known is not None and known.area != body.area):
            raise AreaIsNotTheSenders(area=body.area, sender=region)
        agreement = _agreements().get(body.content.joint_under or "")
        if known is None and (agreement is None or agreement.party_of_region(self._own) is None):
            raise AgreementIsUnknown(agreement=body.content.joint_under or "-", area=self._own)
        version = Version(
            body.item_id,
            change.version,
            body.state,
            body.content,
            body.effective_from,
            tuple(body.pilots),
        )
        by = REGION_CALLER + region
        store.keep_told(tx, Item(body.item_id, body.area, body.filed_at), version, change, by)
        at = moment_of(self._clock.now())
        tx.emit(
            JointItemHeard(
                at=at, by=by, item_id=body.item_id, version=change.version, step=change.action
            )
        )
        return JointItemStands(version.state)

    def _decide(
        self, tx: Transaction, sender: Participant, body: JointItemDecision, _purpose: str
    ) -> JointItemStands:
        region, decision = sender.participant_id, body.decision
        if not covers(region, decision.area):
            raise AreaIsNotTheSenders(area=decision.area, sender=region)
        newest = self._catalogue.look(tx, body.item_id).version.version
        if newest != body.version:
            raise VersionIsAnother(version=body.version, newest=newest)
        by = REGION_CALLER + region
        if body.step == "withdraw":
            found = self._catalogue.withdraw(tx, body.item_id, decision, by, signed=True)
        else:
            approves = body.step == "approve"
            found = self._catalogue.decide(
                tx, body.item_id, decision, approves=approves, by=by, signed=True
            )
        return JointItemStands(found.version.state)


def has_road(tx: Transaction, area: str) -> bool:
    """Whether the area's region has a platform on the road, with an address: it is heard itself."""
    region = road_store.find_participant(tx, _region_of(area))
    return region is not None and region.url is not None


@lru_cache(1)
def _agreements() -> dict[str, Agreement]:
    return {each.id: each for each in load_agreements()}


def _other_sides(tx: Transaction, item: Item) -> Iterable[Participant]:
    """The regions on the road that are a side of the item."""
    regions = {_region_of(area) for area in sides_told(tx, _agreements(), item)}
    if regions == {_region_of(item.area)}:
        return ()
    return (each for each in road_store.participants(tx) if each.participant_id in regions)


def _region_of(area: str) -> str:
    return f"{area[:2]}0000"


def _step(tx: Transaction, item: Item, number: int, change: Change) -> JointItemStep:
    versions = store.versions_of(tx, item.item_id)
    version = next(each for each in versions if each.version == number)
    return JointItemStep(
        item_id=item.item_id,
        area=item.area,
        filed_at=item.filed_at,
        state=VersionState(change.state_to),
        content=version.content,
        effective_from=version.effective_from,
        pilots=list(version.pilots),
        change=change,
    )


def _tell(tx: Transaction, region: str, step: JointItemStep, at: str) -> None:
    send(
        tx,
        recipient=region,
        subject=JOINT_ITEM,
        purpose=JOINT_CATALOGUE,
        body=step,
        at=at,
        reference=step.item_id,
    )
