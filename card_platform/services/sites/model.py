"""A site and what it lacks.

Rule (NM-10a, CQ-15, NX-11, SC-g): a site is in service for an item only while it has what every
site of the region must have and what the item needs besides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar

import msgspec

from card_platform.regions.catalogue.model import Equipment
from card_platform.storage import Event
from card_platform.vocabulary.exact_text import exactly

ACCESSIBLE = frozenset(
    {
        Equipment.WHEELCHAIR_ACCESS,
        Equipment.LARGE_PRINT,
        Equipment.VOICE_GUIDANCE,
        Equipment.SIGN_LANGUAGE,
    }
)
"""Equipment that serves the elderly and the disabled."""
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a site is open on a day of the week: 1 Monday to 7 Sunday."""

    weekday: Annotated[int, msgspec.Meta(ge=1, le=7)]
    opens: Annotated[str, exactly(_TIME)]
    closes: Annotated[str, exactly(_TIME)]


class Site(msgspec.Struct, frozen=True):
    """One place of service."""

    site_id: str
    area: str
    kind: str
    name_zh: str
    address_zh: str
    phone: str
    equipment: list[Equipment]
    hours: list[Hours]


class SiteChanged(Event, frozen=True, kw_only=True):
    """A site was opened or equipped, or its services changed."""

    action: ClassVar[str] = "change-site"
    card_id: None = None
    site_id: str
    step: str

    @property
    def detail(self) -> str:
        """Which site, what."""
        return f"{self.step} {self.site_id}"


def lacking(
    equipment: Iterable[Equipment], of_every_site: Iterable[str], of_the_item: Iterable[Equipment]
) -> list[Equipment]:
    """What the site would need and has not."""
    needed = {*(Equipment(each) for each in of_every_site), *of_the_item}
    return sorted(needed - set(equipment))
