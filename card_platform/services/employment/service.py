"""Taking matters in, deciding them, and what falls overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.issuance.store import find_card
from card_platform.regions import RegionPolicy
from card_platform.services.employment import effects, store
from card_platform.services.employment.kinds import Effect, Kind, business
from card_platform.services.employment.model import (
    EnrolmentsTold,
    Matter,
    MatterAction,
    MatterChanged,
    MatterState,
    next_state,
)
from card_platform.services.employment.refusals import (
    KindIsUnknown,
    MatterIsDecidedElsewhere,
    MatterIsUnknown,
)
from card_platform.services.employment.shapes import enrolment_answer
from card_platform.services.employment.store import Enrolment
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.identity.service import Identity
from card_platform.services.identity.shown import Shown, check_shown
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestIsMalformed

GRANTED_AT_ONCE = "已办结 · done"


@dataclass(frozen=True, slots=True)
class Origin:
    """The region that took a matter in, and its number there."""

    region: str
    number: str


class Employment:
    """The matters of one region."""

    def __init__(self, policy: RegionPolicy, identity: Identity, clock: Clock) -> None:
        self._region = policy.region
        self._identity = identity
        self._clock = clock

    def kind_of(self, code: str, facts: Mapping[str, str]) -> Kind:
        """The kind, with facts as it asks for them.

        Raises:
            KindIsUnknown, RequestIsMalformed.
        """
        kind = business().kinds.get(code)
        if kind is None:
            raise KindIsUnknown(kind=code)
        if faults := business().faults_of(kind, facts):
            raise RequestIsMalformed(faults)
        return kind

    def take_in(
        self,
        tx: Transaction,
        *,
        kind: str,
        shown: Shown,
        facts: Mapping[str, str],
        by: str,
        origin: Origin | None = None,
    ) -> Matter:
        """Take a matter in from whoever shows an active card of this region, or a code of it.

        Raises:
            KindIsUnknown, RequestIsMalformed: it is not one of ours.
            CardRefusal, CodeRefusal: the card or code does not serve, with the reason.
            HolderIsEnrolled, HolderIsNotEnrolled, EnrolmentEndsBeforeItBegins: so it cannot be.
        """
        asked = self.kind_of(kind, facts)
        card_id, person_id = self._holder(tx, asked, shown, by)
        effects.require_possible(tx, asked, person_id, facts)
        now = self._clock.now()
        at = moment_of(now)
        matter = Matter(
            number=self.new_number(tx),
            kind=asked.code,
            person_id=person_id,
            card_id=card_id,
            means=shown.means,
            card_region=self._region.code,
            facts=msgspec.json.encode(dict(facts)).decode(),
            state=MatterState.IN_HAND,
            state_since=at,
            filed_at=at,
            due_at=moment_of(now + timedelta(days=asked.days)),
            origin=origin.region if origin else None,
            origin_number=origin.number if origin else None,
        )
        store.save(tx, matter, is_new=True)
        self.record(tx, matter, "take_in", None, by=by)
        if asked.is_at_once:
            return self._move(tx, matter, MatterAction.GRANT, GRANTED_AT_ONCE, by)
        return matter

    def step(
        self, tx: Transaction, number: str, action: MatterAction, text: str, by: str
    ) -> Matter:
        """Decide it, ask for more, take what was brought, or withdraw it.

        Raises:
            MatterIsUnknown, MatterStateForbids, MatterIsDecidedElsewhere, and those of its effect.
        """
        matter = store.find(tx, number)
        if matter is None:
            raise MatterIsUnknown
        if matter.state is MatterState.PASSED_ON:
            raise MatterIsDecidedElsewhere(region=matter.card_region)
        return self._move(tx, matter, action, text, by)

    def look(self, tx: Transaction, number: str) -> Matter:
        """One matter. Raises MatterIsUnknown."""
        found = store.look_at(tx, number)
        if found is None:
            raise MatterIsUnknown
        return found

    def enrolments(self, tx: Transaction, card_id: str, by: str) -> list[Enrolment]:
        """The enrolments of the holder of a card, told on record; none for a card nobody has."""
        card = find_card(tx, card_id)
        if card is None:
            raise CARD_REFUSALS["card-unknown"]
        purpose, at = "insurance-record", moment_of(self._clock.now())
        tx.emit(EnrolmentsTold(at=at, by=by, card_id=card_id, purpose=purpose, reference=card_id))
        return store.enrolments_of(tx, card.person_id)

    def new_number(self, tx: Transaction) -> str:
        """The next number of a matter: region, day, count."""
        serial = next_number(tx, "employment-matter")
        return f"{self._region.abbreviation}-RS{self._clock.now():%Y%m%d}{serial:06d}"

    def record(
        self, tx: Transaction, matter: Matter, action: str, before: str | None, *, by: str
    ) -> None:
        """A step on the matter's history, and its event."""
        at, after = matter.state_since, matter.state.value
        store.CHANGES.add(
            tx, matter.number, action=action, before=before, after=after, at=at, by=by
        )
        tx.emit(
            MatterChanged(
                at=at,
                by=by,
                card_id=matter.card_id,
                number=matter.number,
                kind=matter.kind,
                step=action,
                after=after,
            )
        )

    def _holder(self, tx: Transaction, kind: Kind, shown: Shown, by: str) -> tuple[str, str]:
        """Card and person of what is shown, checked on record. Raises CardRefusal, CodeRefusal."""
        purpose = f"employment-{kind.field.value}"
        card_id, reason = check_shown(tx, self._identity, shown, purpose=purpose, by=by)
        if reason is not None:
            raise (CODE_REFUSALS if shown.code else CARD_REFUSALS)[reason]
        card = find_card(tx, card_id) if card_id else None
        if card is None:
            raise CARD_REFUSALS["card-unknown"]
        return card.card_id, card.person_id

    def _move(
        self, tx: Transaction, matter: Matter, action: MatterAction, text: str, by: str
    ) -> Matter:
        now = self._clock.now()
        after = next_state(matter.state, action)
        moved = replace(matter, state=after, state_since=moment_of(now), text=text)
        if action is MatterAction.SUPPLEMENT:  # the deadline stood still since more was asked for
            stood = now - datetime.fromisoformat(matter.state_since)
            due = datetime.fromisoformat(matter.due_at or matter.filed_at)
            moved = replace(moved, due_at=moment_of(due + stood))
        if action is MatterAction.GRANT:
            moved = self._grant(tx, moved, by)
        store.save(tx, moved, is_new=False)
        self.record(tx, moved, action.value, matter.state.value, by=by)
        return moved

    def _grant(self, tx: Transaction, matter: Matter, by: str) -> Matter:
        kind, facts = business().kinds[matter.kind], msgspec.json.decode(matter.facts)
        assert matter.person_id is not None  # noqa: S101 - it was taken in here
        found = effects.take_effect(tx, kind, matter.person_id, facts, matter.number)
        if kind.effect is Effect.TELL:
            tx.emit(
                EnrolmentsTold(
                    at=matter.state_since,
                    by=by,
                    card_id=matter.card_id,
                    purpose=kind.code,
                    reference=matter.number,
                )
            )
        told = msgspec.json.encode([enrolment_answer(each) for each in found]).decode()
        return replace(matter, told=told)


def mark_overdue(tx: Transaction, now: datetime) -> None:
    """Due work: what waits past its deadline is told as overdue, once, on record."""
    at = moment_of(now)
    for each in store.waiting_past(tx, at):
        store.save(tx, replace(each, overdue_since=at), is_new=False)
        tx.emit(
            MatterChanged(
                at=at,
                by="clock",
                card_id=each.card_id,
                number=each.number,
                kind=each.kind,
                step="fall_overdue",
                after=each.state.value,
            )
        )
