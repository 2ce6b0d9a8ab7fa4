"""Whose approval a version of an item needs (CQ-14b, CQ-14c, YD-8).

Rules: an item of one area needs that of its own government, a joint item that of every side of its
agreement. What adjusts a joint item needs all its sides too, so that none takes it off the joint
list alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from card_platform.regions.agreement import Agreement
from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import Item, Version
from card_platform.regions.catalogue.workflow import VersionState
from card_platform.storage import Transaction


def parties_of(
    tx: Transaction, agreements: Mapping[str, Agreement], item: Item, version: Version
) -> list[str]:
    """The areas that must approve the version: its own, and those of what it adjusts."""
    adjusted = [
        each
        for each in store.versions_of(tx, item.item_id)
        if each.state is VersionState.PUBLISHED and each.version < version.version
    ]
    parties: dict[str, None] = {}
    for each in (version, *adjusted):
        joint = each.content.joint_under
        parties |= dict.fromkeys(agreements[joint].parties if joint else [item.area])
    return list(parties)
