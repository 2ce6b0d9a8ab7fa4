"""Use cases of the catalogue: compile, decide, publish, file, adjust, withdraw, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from card_platform.regions.agreement import Agreement
from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.current_list import all_in_effect, one_in_effect
from card_platform.regions.catalogue.model import (
    CatalogueChanged,
    Content,
    Decision,
    Item,
    JointStep,
    Listed,
    Pilot,
    Version,
)
from card_platform.regions.catalogue.parties import parties_of, withdrawing_parties
from card_platform.regions.catalogue.refusals import (
    AuthorityIsNotCompetent,
    FilingIsNotNeeded,
    ItemIsUnknown,
    ItemOfAnotherRegion,
    PilotIsNotEarlier,
    SceneIsKnown,
)
from card_platform.regions.catalogue.sides import HasRoad, Sides, require_undecided
from card_platform.regions.catalogue.soundness import Soundness, require_new, require_within
from card_platform.regions.catalogue.workflow import CatalogueAction, VersionState, next_state
from card_platform.regions.policy import Named, RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.region import parent_of

A, S = CatalogueAction, VersionState


class Catalogue:
    """The catalogue of one region."""

    def __init__(
        self, policy: RegionPolicy, agreements: Sequence[Agreement], has_road: HasRoad, clock: Clock
    ) -> None:
        self._policy = policy
        self.agreements = {each.id: each for each in agreements}
        self._soundness = Soundness(policy, self.agreements)
        self._sides = Sides(policy.region.code, has_road, clock)
        self._clock = clock

    def compile(self, tx: Transaction, content: Content, decision: Decision, by: str) -> Listed:
        """A new item of the area that compiles it.

        Raises:
            AreaIsElsewhere, OwnerIsUnknown, SceneIsUnknown, AgreementIsUnknown, ItemIsListed:
            as they say.
        """
        require_within(decision.area, self._policy.region.code)
        self._soundness.require(content, self.scenes(tx), decision.area)
        require_new(tx, self.agreements, content, decision.area)
        item = Item(new_identifier("item"), decision.area, None)
        store.add_item(tx, item)
        return Listed(item, self._begin(tx, item, 1, content, decision=decision, by=by))

    def revise(
        self, tx: Transaction, item_id: str, content: Content, decision: Decision, by: str
    ) -> Listed:
        """Other words for a version that is not decided, or was rejected."""
        item, version = self._own(tx, item_id, decision)
        self._soundness.require(content, self.scenes(tx), item.area)
        require_new(tx, self.agreements, content, item.area, item_id)
        revised = replace(version, content=content)
        return Listed(item, self._step(tx, revised, A.REVISE, decision, by))

    def adjust(
        self, tx: Transaction, item_id: str, content: Content, decision: Decision, by: str
    ) -> Listed:
        """A new version of a published item; the old one holds until the new one is published."""
        item, version = self._own(tx, item_id, decision)
        self._soundness.require(content, self.scenes(tx), item.area)
        require_new(tx, self.agreements, content, item.area, item_id)
        self._step(tx, version, A.ADJUST, decision, by)
        return Listed(
            item, self._begin(tx, item, version.version + 1, content, decision=decision, by=by)
        )

    def decide(
        self,
        tx: Transaction,
        item_id: str,
        decision: Decision,
        *,
        approves: bool,
        by: str,
        signed: bool = False,
    ) -> Listed:
        """The government of an area approves or rejects; a joint item needs every side. `signed`
        where that side's own platform told it.

        Raises:
            AuthorityIsNotCompetent: the item is not for that area to decide.
            PartyHasDecided: that side has approved already.
            SideDecidesItself, PaperIsMissing: a side elsewhere, that was not heard itself.
        """
        item, version = self._latest(tx, item_id, to_change=True)
        parties = parties_of(tx, self.agreements, item, version)
        self._sides.require_competent(item, decision.area, parties)
        if not signed:
            step: JointStep = "approve" if approves else "reject"
            self._sides.take_paper(tx, Listed(item, version), step, decision, by)
        if not approves:
            if self._sides.is_here(item):
                return Listed(item, self._step(tx, version, A.REJECT, decision, by))
            next_state(version.state, A.REJECT)
            return self._sides.pass_on(tx, Listed(item, version), "reject", decision, by)
        approved_state = next_state(version.state, A.APPROVE)
        waiting = require_undecided(tx, version, parties, decision.area, A.APPROVE)
        if not self._sides.is_here(item):
            return self._sides.pass_on(tx, Listed(item, version), "approve", decision, by)
        decided = version if len(waiting) > 1 else replace(version, state=approved_state)
        self._record(tx, version, decided, A.APPROVE, decision=decision, by=by)
        return Listed(item, decided)

    def publish(
        self,
        tx: Transaction,
        item_id: str,
        decision: Decision,
        *,
        effective_from: date | None,
        pilots: Sequence[Pilot],
        by: str,
    ) -> Listed:
        """Publish an approved version; it takes effect on its day, in pilot zones on theirs.

        Raises:
            PilotIsNotEarlier, AreaIsElsewhere: as they say.
        """
        item, version = self._own(tx, item_id, decision)
        start = effective_from or self._today()
        for pilot in pilots:
            require_within(pilot.area, item.area)
            if pilot.from_day >= start:
                raise PilotIsNotEarlier(
                    area=pilot.area, start=str(pilot.from_day), general=str(start)
                )
        dated = replace(version, effective_from=start, pilots=tuple(pilots))
        published = self._step(tx, dated, A.PUBLISH, decision, by)
        for old in store.versions_of(tx, item_id):
            if old.state is S.PUBLISHED and old.version < version.version:
                self._step(tx, old, A.SUPERSEDE, decision, by)
        return Listed(item, published)

    def file(self, tx: Transaction, item_id: str, decision: Decision, by: str) -> Listed:
        """An item of a lower level is filed with the level above (CQ-14b).

        Raises:
            FilingIsNotNeeded: it is an item of the region itself.
            AuthorityIsNotCompetent: the area is not the one above the item's.
            ItemOfAnotherRegion: it is filed there.
        """
        item, version = self._latest(tx, item_id, to_change=True)
        if not self._sides.is_here(item):
            raise ItemOfAnotherRegion(item_area=item.area)
        upper = parent_of(item.area)
        if upper is None:
            raise FilingIsNotNeeded
        if decision.area != upper:
            raise AuthorityIsNotCompetent(area=decision.area, competent=upper)
        self._step(tx, version, A.FILE, decision, by)
        at = moment_of(self._clock.now())
        store.save_filing(tx, item_id, at)
        return Listed(replace(item, filed_at=at), version)

    def withdraw(
        self, tx: Transaction, item_id: str, decision: Decision, by: str, *, signed: bool = False
    ) -> Listed:
        """Take an item off the list; what is adjusted and not published goes with it. A joint item
        goes once every side has decided so.

        Raises:
            PartyHasDecided: that side has decided so already.
            SideDecidesItself, PaperIsMissing: as `decide`.
        """
        item, version = self._latest(tx, item_id, to_change=True)
        sides = withdrawing_parties(tx, self.agreements, item)
        if sides == [item.area]:
            self._sides.require_own(item, decision)
        self._sides.require_competent(item, decision.area, sides)
        if not signed:
            self._sides.take_paper(tx, Listed(item, version), "withdraw", decision, by)
        next_state(version.state, A.WITHDRAW)
        waiting = require_undecided(tx, version, sides, decision.area, A.WITHDRAW)
        if not self._sides.is_here(item):
            return self._sides.pass_on(tx, Listed(item, version), "withdraw", decision, by)
        if len(waiting) > 1:
            self._record(tx, version, version, A.WITHDRAW, decision=decision, by=by)
            return Listed(item, version)
        for other in store.versions_of(tx, item_id):
            if other.version < version.version and other.state is S.PUBLISHED:
                self._step(tx, other, A.WITHDRAW, decision, by)
        return Listed(item, self._step(tx, version, A.WITHDRAW, decision, by))

    def join_scene(
        self, tx: Transaction, scene: Named, *, department: str, document: str, by: str
    ) -> Named:
        """Another field of use joins by agreement of its department with HRSS (CQ-6c, NM-19).

        Raises:
            SceneIsKnown, OwnerIsUnknown: as they say.
        """
        self._soundness.require_owner(department)
        if scene.code in {each.code for each in self.scenes(tx)}:
            raise SceneIsKnown(scene=scene.code)
        at = moment_of(self._clock.now())
        store.add_scene(tx, scene, department=department, document=document, at=at, by=by)
        return scene

    def scenes(self, tx: Transaction) -> list[Named]:
        """Fields of use: those of the region's text, then those that joined."""
        return [*self._policy.catalogue.scenes, *store.joined_scenes(tx)]

    def in_effect(
        self, tx: Transaction, area: str | None = None, day: date | None = None
    ) -> list[Listed]:
        """The items in effect in an area (the region) on a day (today)."""
        area, day = area or self._policy.region.code, day or self._today()
        return all_in_effect(tx, self.agreements, area, day)

    def item_in_effect(self, tx: Transaction, item_id: str, area: str | None = None) -> Listed:
        """One item as it is in effect in an area, by default its own.

        Raises:
            ItemIsUnknown: it is not in effect there.
        """
        return one_in_effect(tx, self.agreements, item_id, area, self._today())

    def look(self, tx: Transaction, item_id: str) -> Listed:
        """An item with its newest version, for staff."""
        return Listed(*self._latest(tx, item_id))

    def _begin(
        self,
        tx: Transaction,
        item: Item,
        number: int,
        content: Content,
        *,
        decision: Decision,
        by: str,
    ) -> Version:
        version = Version(item.item_id, number, S.COMPILED, content, None, ())
        store.add_version(tx, version)
        self._record(tx, None, version, A.COMPILE, decision=decision, by=by)
        return version

    def _step(
        self,
        tx: Transaction,
        version: Version,
        action: CatalogueAction,
        decision: Decision,
        by: str,
    ) -> Version:
        after = replace(version, state=next_state(version.state, action))
        self._record(tx, version, after, action, decision=decision, by=by)
        return after

    def _record(
        self,
        tx: Transaction,
        before: Version | None,
        after: Version,
        action: CatalogueAction,
        *,
        decision: Decision,
        by: str,
    ) -> None:
        at = moment_of(self._clock.now())
        store.save_version(tx, after)
        store.add_change(
            tx,
            after.item_id,
            version=after.version,
            action=action.value,
            state_from=before.state.value if before else None,
            state_to=after.state.value,
            at=at,
            by=by,
            area=decision.area,
            authority=decision.authority,
            document=decision.document,
            reason=decision.reason,
        )
        tx.emit(
            CatalogueChanged(
                at=at, by=by, item_id=after.item_id, version=after.version, step=action.value
            )
        )

    def _latest(
        self, tx: Transaction, item_id: str, *, to_change: bool = False
    ) -> tuple[Item, Version]:
        item = store.find_item(tx, item_id, to_change=to_change)
        if item is None:
            raise ItemIsUnknown
        return item, store.versions_of(tx, item_id)[-1]

    def _own(self, tx: Transaction, item_id: str, decision: Decision) -> tuple[Item, Version]:
        """An item and its newest version, for an authority of its own level."""
        item, version = self._latest(tx, item_id, to_change=True)
        self._sides.require_own(item, decision)
        return item, version

    def _today(self) -> date:
        return self._clock.now().date()
