"""Who may decide on an item here: the area that compiled it, and the sides of a joint one.

Rules: an item of another region is decided there; a side that is here decides for itself, and that
region is told. What a side elsewhere decides comes signed from its own platform; on paper, with the
document named, only where it has none on the road.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from card_platform.regions.catalogue.model import (
    Decision,
    Item,
    JointItemDecided,
    JointSideDecidedOnPaper,
    JointStep,
    Listed,
    Version,
)
from card_platform.regions.catalogue.parties import undecided
from card_platform.regions.catalogue.refusals import (
    AuthorityIsNotCompetent,
    ItemOfAnotherRegion,
    ItemOfHigherLevel,
    PaperIsMissing,
    PartyHasDecided,
    SideDecidesItself,
)
from card_platform.regions.catalogue.workflow import CatalogueAction
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.region import covers

HasRoad = Callable[[Transaction, str], bool]
"""Whether an area's region has a platform on the road, with an address."""


class Sides:
    """The sides of items, seen from one region."""

    def __init__(self, own: str, has_road: HasRoad, clock: Clock) -> None:
        self._own = own
        self._clock = clock
        self._has_road = has_road

    def is_here(self, item: Item) -> bool:
        """Whether this region compiled the item, and so decides what becomes of it."""
        return covers(self._own, item.area)

    def require_own(self, item: Item, decision: Decision) -> None:
        """The item is of this region, and of the area that decides.

        Raises:
            ItemOfAnotherRegion, ItemOfHigherLevel, AuthorityIsNotCompetent.
        """
        if not self.is_here(item):
            raise ItemOfAnotherRegion(item_area=item.area)
        if decision.area == item.area:
            return
        if covers(item.area, decision.area):
            raise ItemOfHigherLevel(item_area=item.area, area=decision.area)
        raise AuthorityIsNotCompetent(area=decision.area, competent=item.area)

    def require_competent(self, item: Item, area: str, sides: Sequence[str]) -> None:
        """The area is a side of the item; of one of another region, a side that is here.

        Raises:
            AuthorityIsNotCompetent.
        """
        is_here = self.is_here(item)
        competent = [each for each in sides if is_here or covers(self._own, each)]
        if area not in competent:
            raise AuthorityIsNotCompetent(area=area, competent=", ".join(competent) or "-")

    def pass_on(
        self, tx: Transaction, listed: Listed, step: JointStep, decision: Decision, by: str
    ) -> Listed:
        """Tell the region of the item what a side here decided; it books it and tells all."""
        at = moment_of(self._clock.now())
        tx.emit(JointItemDecided.of(listed, step, decision, at=at, by=by))
        return listed

    def take_paper(
        self, tx: Transaction, listed: Listed, step: JointStep, decision: Decision, by: str
    ) -> None:
        """What a side elsewhere decided is entered here, on record with its paper.

        Raises:
            SideDecidesItself, PaperIsMissing.
        """
        if covers(self._own, decision.area):
            return
        if self._has_road(tx, decision.area):
            raise SideDecidesItself(area=decision.area)
        if decision.document is None:
            raise PaperIsMissing(area=decision.area)
        tx.emit(
            JointSideDecidedOnPaper(
                at=moment_of(self._clock.now()),
                by=by,
                item_id=listed.item.item_id,
                version=listed.version.version,
                step=step,
                area=decision.area,
                document=decision.document,
            )
        )


def require_undecided(
    tx: Transaction, version: Version, sides: Sequence[str], area: str, action: CatalogueAction
) -> list[str]:
    """The sides still waited for, that one among them.

    Raises:
        PartyHasDecided: it has taken that step before.
    """
    waiting = undecided(tx, sides, version, action)
    if area not in waiting:
        raise PartyHasDecided(area=area, waiting=", ".join(waiting))
    return waiting
