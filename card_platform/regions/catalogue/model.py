"""Items of the catalogue and their versions.

Rules:
- An item has one owning department at one administrative level, that of its area (NM-5).
- An item is in effect in an area on a day when a version of it is published and that day has come
  (CQ-14a); in a pilot zone its own, earlier day counts (YD-16).
- A joint item needs the approval of every party of its agreement (CQ-14c, YD-8); any other needs
  that of its own level (CQ-14b).
- A joint item holds in the areas of all its parties. It is decided in the region that compiled it;
  the others keep what they are told of it, and pass on what their own side decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal

import msgspec

from card_platform.regions.catalogue.workflow import VersionState
from card_platform.storage import Event
from card_platform.vocabulary.region import MUNICIPALITIES, covers

Level = Literal["region", "city", "county"]
JointStep = Literal["approve", "reject", "withdraw"]
"""What a side decides on an item of another region."""


class CardFunction(StrEnum):
    """What of the card an item needs."""

    IDENTITY = "identity"
    INFORMATION = "information"
    FINANCE = "finance"
    TRANSIT = "transit"
    ELECTRONIC_CARD = "electronic-card"
    CODE = "code"


class Equipment(StrEnum):
    """What a site may have."""

    CARD_READER = "card-reader"
    CODE_SCANNER = "code-scanner"
    ELECTRONIC_CARD_SCANNER = "electronic-card-scanner"
    FUSION_CODE_SCANNER = "fusion-code-scanner"
    PSAM_TERMINAL = "psam-terminal"
    SELF_SERVICE_KIOSK = "self-service-kiosk"
    WHEELCHAIR_ACCESS = "wheelchair-access"
    LARGE_PRINT = "large-print"
    VOICE_GUIDANCE = "voice-guidance"
    SIGN_LANGUAGE = "sign-language"
    CARD_PRINTER = "card-printer"


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a version says.

    Attributes:
        scene: field of use; owner: code of the owning department.
        uses: what a person does with the card there, in a few words each.
        site_kinds: kinds of places (libraries, hospitals).
        joint_under: the agreement of a joint item.
    """

    name_zh: str
    name_en: str
    scene: str
    owner: str
    uses: list[str]
    functions: list[CardFunction]
    equipment: list[Equipment]
    site_kinds: list[str]
    conditions_zh: str
    guide_zh: str
    time_limit_days: int
    joint_under: str | None = None


class Pilot(msgspec.Struct, frozen=True, rename={"from_day": "from"}):
    """An area where the item is on before the rest."""

    area: str
    from_day: date


@dataclass(frozen=True, slots=True)
class Item:
    """An item: its level is that of its area."""

    item_id: str
    area: str
    filed_at: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item; the days are set when it is published."""

    item_id: str
    version: int
    state: VersionState
    content: Content
    effective_from: date | None
    pilots: tuple[Pilot, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An item with the version that counts for the reader."""

    item: Item
    version: Version


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Who decided: the authority, of which area, on which paper, why."""

    area: str
    authority: str
    document: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the history."""

    version: int
    action: str
    state_from: str | None
    state_to: str
    at: str
    by: str
    area: str
    authority: str
    document: str | None
    reason: str | None


class CatalogueChanged(Event, frozen=True, kw_only=True):
    """Something was done with an item."""

    action: ClassVar[str] = "change-catalogue"
    card_id: None = None
    item_id: str
    version: int
    step: str

    @property
    def detail(self) -> str:
        """Which item, what."""
        return f"{self.step} {self.item_id} version {self.version}"


class JointItemDecided(Event, frozen=True, kw_only=True):
    """A side decided here on an item of another region; that region is told and books it.

    `step` is `approve`, `reject` or `withdraw`.
    """

    action: ClassVar[str] = "decide-joint-item"
    card_id: None = None
    item_id: str
    item_area: str
    version: int
    step: JointStep
    decision: Decision

    @classmethod
    def of(
        cls, listed: Listed, step: JointStep, decision: Decision, *, at: str, by: str
    ) -> JointItemDecided:
        """The decision on an item as it stands."""
        return cls(
            at=at,
            by=by,
            item_id=listed.item.item_id,
            item_area=listed.item.area,
            version=listed.version.version,
            step=step,
            decision=decision,
        )

    @property
    def detail(self) -> str:
        """Which item, what, whose decision."""
        return f"{self.step} {self.item_id} version {self.version} for {self.decision.area}"


class JointSideDecidedOnPaper(Event, frozen=True, kw_only=True):
    """A side without a platform on the road decided on paper, and it was entered here."""

    action: ClassVar[str] = "enter-joint-decision-on-paper"
    card_id: None = None
    item_id: str
    version: int
    step: JointStep
    area: str
    document: str

    @property
    def detail(self) -> str:
        """Which item, what, whose decision, on which paper."""
        return f"{self.step} {self.item_id} version {self.version} for {self.area}: {self.document}"


class JointItemHeard(Event, frozen=True, kw_only=True):
    """Another region told of a step of its item that holds here too."""

    action: ClassVar[str] = "hear-joint-item"
    card_id: None = None
    item_id: str
    version: int
    step: str

    @property
    def detail(self) -> str:
        """Which item, what."""
        return f"{self.step} {self.item_id} version {self.version}"


def level_of(area: str) -> Level:
    """The administrative level of an area."""
    if area.endswith("0000"):
        return "region"
    return "city" if area.endswith("00") and area[:2] not in MUNICIPALITIES else "county"


def starts_in(version: Version, area: str) -> date | None:
    """The day from which a published version holds in the area."""
    pilots = [each.from_day for each in version.pilots if covers(each.area, area)]
    days = [*pilots, *([version.effective_from] if version.effective_from else [])]
    return min(days, default=None)


def version_in_effect(
    versions: Sequence[Version], area: str, day: date, places: Callable[[Version], Sequence[str]]
) -> Version | None:
    """The version that holds in the area on the day: the newest of an item that has begun there,
    where that one is for the area. `places` are the areas a version is for.
    """
    if not any(each.state is VersionState.PUBLISHED for each in versions):
        return None
    for each in sorted(versions, key=lambda one: -one.version):
        if each.state in {VersionState.PUBLISHED, VersionState.SUPERSEDED}:
            start = starts_in(each, area)
            if start is not None and start <= day:
                return each if any(covers(place, area) for place in places(each)) else None
    return None
