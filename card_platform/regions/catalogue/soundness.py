"""What an item must be before it is compiled: owner and scene known, own area, not listed yet."""

from __future__ import annotations

from collections.abc import Sequence

from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import Content
from card_platform.regions.catalogue.parties import Agreements, places_of
from card_platform.regions.catalogue.refusals import (
    AgreementIsUnknown,
    AreaIsElsewhere,
    ItemIsListed,
    OwnerIsUnknown,
    SceneIsUnknown,
)
from card_platform.regions.catalogue.workflow import VersionState
from card_platform.regions.policy import Named, RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.region import covers


class Soundness:
    """Judges what an item says against the region and its agreements."""

    def __init__(self, policy: RegionPolicy, agreements: Agreements) -> None:
        self._departments = [each.code for each in policy.catalogue.departments]
        self._agreements = agreements

    def require(self, content: Content, scenes: Sequence[Named], area: str) -> None:
        """Owner, scene and agreement are known.

        Raises:
            OwnerIsUnknown, SceneIsUnknown, AgreementIsUnknown: as they say.
        """
        self.require_owner(content.owner)
        if content.scene not in {each.code for each in scenes}:
            raise SceneIsUnknown(scene=content.scene)
        if content.joint_under is not None:
            agreement = self._agreements.get(content.joint_under)
            if agreement is None or area not in agreement.parties:
                raise AgreementIsUnknown(agreement=content.joint_under, area=area)

    def require_owner(self, owner: str) -> None:
        """The department is one of the region's.

        Raises:
            OwnerIsUnknown: it is not.
        """
        if owner not in self._departments:
            raise OwnerIsUnknown(owner=owner, known=", ".join(self._departments))


def require_new(
    tx: Transaction, agreements: Agreements, content: Content, area: str, own: str | None = None
) -> None:
    """No item of that name but its own is compiled or listed in the area, above it, or jointly
    with it.

    Raises:
        ItemIsListed: one is.
    """
    items = {each.item_id: each for each in store.all_items(tx) if each.item_id != own}
    for version in store.versions_of(tx):
        live = version.state not in {VersionState.WITHDRAWN, VersionState.SUPERSEDED}
        item = items.get(version.item_id)
        if live and item is not None and version.content.name_zh == content.name_zh:
            over = [p for p in places_of(agreements, item, version) if covers(p, area)]
            if over:
                raise ItemIsListed(name=content.name_zh, area=over[0], item_id=item.item_id)


def require_within(area: str, within: str) -> None:
    """The area lies in the other.

    Raises:
        AreaIsElsewhere: it does not.
    """
    if not covers(within, area):
        raise AreaIsElsewhere(area=area, within=within)
