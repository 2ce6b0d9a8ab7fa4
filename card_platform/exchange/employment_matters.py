"""Matters of employment and insurance taken in for another region's holders (CQ-7c, SC-l, YD-10).

Rules:
- Only the kinds of the joint list are taken in for others, under an agreement of both regions on
  human resources.
- The region that issued the card takes the matter in under a number of its own and decides by its
  own deadlines; what its rule decides at once comes back with the answer, all else by a message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final

import msgspec

from card_platform.exchange import store as road_store
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent, Subject
from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.exchange.road import send
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.employment import store
from card_platform.services.employment.kinds import business
from card_platform.services.employment.model import (
    ENDS,
    Matter,
    MatterAction,
    MatterChanged,
    MatterState,
    next_state,
)
from card_platform.services.employment.refusals import KindIsNotJoint, MatterIsUnknown
from card_platform.services.employment.service import Employment, Origin
from card_platform.services.employment.shapes import FACTS_MAX, FactName, FactValue
from card_platform.services.identity.shown import Shown
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestBody

MATTER, DECISION = "employment-matter", "employment-decision"
FIELD: Final = "human-resources"
"""The field of the agreements between regions."""
_REGIONS = frozenset({ParticipantKind.REGION})
_PURPOSES = frozenset({MATTER})
_ACTION_TO: Final = {
    MatterState.GRANTED: MatterAction.GRANT,
    MatterState.REFUSED: MatterAction.REFUSE,
    MatterState.WITHDRAWN: MatterAction.WITHDRAW,
}


class PassedMatter(RequestBody, frozen=True):
    """A matter as it travels."""

    number: str
    kind: str
    shown: Shown
    facts: Annotated[dict[FactName, FactValue], msgspec.Meta(max_length=FACTS_MAX)]


class TakenThere(msgspec.Struct, frozen=True):
    """Its number in the region that decides, and how it stands there."""

    number: str
    state: MatterState
    due_at: str | None
    text: str | None
    told: str | None


class Decision(RequestBody, frozen=True):
    """What the region of the card decided; `number` is that of the region that took it in."""

    number: str
    state: MatterState
    text: str
    told: str | None


class Heard(msgspec.Struct, frozen=True):
    """It is kept."""

    state: MatterState


class JointMatters:
    """Passing matters on, and deciding those of others."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        employment: Employment,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._agreements = tuple(agreements)
        self._employment = employment
        self._clock = clock

    def take_in(
        self,
        tx: Transaction,
        *,
        region: str | None,
        kind: str,
        shown: Shown,
        facts: Mapping[str, str],
        by: str,
    ) -> Matter:
        """Take a matter in; that of another region's holder is brought there.

        Raises:
            KindIsUnknown, RequestIsMalformed, KindIsNotJoint: it is not one to be taken in here.
            NoAgreementCovers, ParticipantIsUnknown: there is no way to that region.
            As `Employment.take_in`, for this region's own.
        """
        if region is None or region == self._own:
            return self._employment.take_in(tx, kind=kind, shown=shown, facts=facts, by=by)
        if not self._employment.kind_of(kind, facts).is_joint:
            raise KindIsNotJoint(kind=kind)
        self._require_agreement(region)
        there = road_store.find_participant(tx, region)
        if there is None or there.kind is not ParticipantKind.REGION:
            raise ParticipantIsUnknown(participant=region)
        at = moment_of(self._clock.now())
        passed = Matter(
            number=self._employment.new_number(tx),
            kind=kind,
            person_id=None,
            card_id=None,
            means=shown.means,
            card_region=region,
            facts=msgspec.json.encode(dict(facts)).decode(),
            state=MatterState.PASSED_ON,
            state_since=at,
            filed_at=at,
            due_at=None,
        )
        store.save(tx, passed, is_new=True)
        self._employment.record(tx, passed, "pass_on", None, by=by)
        send(
            tx,
            recipient=region,
            subject=MATTER,
            purpose=MATTER,
            body=PassedMatter(number=passed.number, kind=kind, shown=shown, facts=dict(facts)),
            at=at,
            reference=passed.number,
        )
        return passed

    def subjects(self) -> tuple[Subject, Subject]:
        """What travels."""
        return (
            Subject(MATTER, "message", _PURPOSES, _REGIONS, PassedMatter, self._take, self._learn),
            Subject(DECISION, "message", _PURPOSES, _REGIONS, Decision, self._hear),
        )

    def _take(
        self, tx: Transaction, sender: Participant, body: PassedMatter, _purpose: str
    ) -> TakenThere:
        self._require_agreement(sender.participant_id)
        if not self._employment.kind_of(body.kind, body.facts).is_joint:
            raise KindIsNotJoint(kind=body.kind)
        taken = self._employment.take_in(
            tx,
            kind=body.kind,
            shown=body.shown,
            facts=body.facts,
            by=REGION_CALLER + sender.participant_id,
            origin=Origin(sender.participant_id, body.number),
        )
        return TakenThere(taken.number, taken.state, taken.due_at, taken.text, taken.told)

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        passed = self._passed(tx, sent.reference, sent.recipient)
        if answer.problem is not None:
            self._end(tx, passed, MatterState.REFUSED, answer.problem.detail_zh, None)
            return
        there = msgspec.json.decode(answer.answer, type=TakenThere)
        known = replace(passed, number_there=there.number, due_at=there.due_at)
        if there.state in ENDS:
            self._end(tx, known, there.state, there.text or "", there.told)
        elif known.state is MatterState.PASSED_ON:  # its decision may have come before this answer
            store.save(tx, known, is_new=False)

    def _hear(self, tx: Transaction, sender: Participant, body: Decision, _purpose: str) -> Heard:
        passed = self._passed(tx, body.number, sender.participant_id)
        return Heard(self._end(tx, passed, body.state, body.text, body.told).state)

    def _passed(self, tx: Transaction, number: str, region: str) -> Matter:
        passed = store.find(tx, number)
        if passed is None or passed.card_region != region:
            raise MatterIsUnknown
        return passed

    def _end(
        self, tx: Transaction, passed: Matter, state: MatterState, text: str, told: str | None
    ) -> Matter:
        after = next_state(passed.state, _ACTION_TO[state])
        at = moment_of(self._clock.now())
        ended = replace(passed, state=after, state_since=at, text=text, told=told)
        store.save(tx, ended, is_new=False)
        by = REGION_CALLER + passed.card_region
        self._employment.record(tx, ended, _ACTION_TO[state].value, passed.state.value, by=by)
        return ended

    def _require_agreement(self, region: str) -> None:
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=FIELD, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)


def send_decisions(tx: Transaction, event: Event) -> None:
    """Event handler: tell the region that took a matter in how it was decided.

    What was decided at once went with the answer to its message.
    """
    if not isinstance(event, MatterChanged) or event.after not in ENDS:
        return
    matter = store.look_at(tx, event.number)
    if matter is None or matter.origin is None or business().kinds[matter.kind].is_at_once:
        return
    send(
        tx,
        recipient=matter.origin,
        subject=DECISION,
        purpose=MATTER,
        body=Decision(
            number=matter.origin_number or "",
            state=matter.state,
            text=matter.text or "",
            told=matter.told,
        ),
        at=event.at,
        reference=matter.number,
    )
