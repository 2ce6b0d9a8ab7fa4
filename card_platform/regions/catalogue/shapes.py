"""Request and answer shapes of the catalogue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec

from card_platform.regions.catalogue.model import (
    CardFunction,
    Content,
    Decision,
    Equipment,
    Level,
    Listed,
    Pilot,
    level_of,
)
from card_platform.regions.policy import Named
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN, parent_of
from card_platform.web.request_body import RequestBody

AreaText = Annotated[str, exactly(REGION_PATTERN)]
CodeText = Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Long = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Uses = Annotated[list[Short], msgspec.Meta(min_length=1, max_length=20)]
_FEW = msgspec.Meta(max_length=20)


class ContentBody(RequestBody, frozen=True):
    """What an item says; `joint_under` names the agreement of a joint item."""

    name_zh: Short
    name_en: Short
    scene: CodeText
    owner: CodeText
    uses: Uses
    functions: Annotated[list[CardFunction], msgspec.Meta(min_length=1, max_length=20)]
    equipment: Annotated[list[Equipment], _FEW]
    site_kinds: Annotated[list[Short], msgspec.Meta(min_length=1, max_length=20)]
    conditions_zh: Long
    guide_zh: Long
    time_limit_days: Annotated[int, msgspec.Meta(ge=0, le=365)]
    joint_under: CodeText | None = None

    def content(self) -> Content:
        """The same as the catalogue keeps it."""
        return Content(**{name: getattr(self, name) for name in self.__struct_fields__})


class DecisionBody(RequestBody, frozen=True):
    """Who acts: the authority of an area (GB/T 2260), its paper, its reason."""

    area: AreaText
    authority: Short
    document: Short | None = None
    reason: Short | None = None

    def decision(self) -> Decision:
        """The same as the history keeps it."""
        return Decision(
            area=self.area, authority=self.authority, document=self.document, reason=self.reason
        )


class CompilationBody(DecisionBody, frozen=True, kw_only=True):
    """An item, or another version of it."""

    content: ContentBody


class ApprovalBody(DecisionBody, frozen=True):
    """What the government decided."""

    decision_made: Literal["approved", "rejected"] = "approved"


class PilotBody(RequestBody, frozen=True, rename={"from_day": "from"}):
    """An area where the item is on before the rest."""

    area: AreaText
    from_day: date


class PublicationBody(DecisionBody, frozen=True):
    """From which day the item is in effect, by default today; in pilot zones earlier."""

    effective_from: date | None = None
    pilots: Annotated[list[PilotBody], _FEW] | None = None

    def read_pilots(self) -> list[Pilot]:
        """The pilot zones."""
        return [Pilot(each.area, each.from_day) for each in self.pilots or []]


class SceneBody(RequestBody, frozen=True):
    """A field of use that joins: its department, and the paper of the agreement with HRSS."""

    code: CodeText
    name_zh: Short
    name_en: Short
    department: CodeText
    document: Short

    def scene(self) -> Named:
        """The field of use."""
        return Named(code=self.code, name_zh=self.name_zh, name_en=self.name_en)


class Filing(msgspec.Struct, frozen=True):
    """Whether an item of a lower level is filed with the level above."""

    state: Literal["not-needed", "not-due", "due", "overdue", "filed"]
    upper: str | None
    due_on: date | None


class ItemAnswer(msgspec.Struct, frozen=True):
    """An item with a version of it, for staff."""

    item_id: str
    area: str
    level: Level
    version: int
    state: str
    content: Content
    effective_from: date | None
    pilots: list[Pilot]
    waiting_for: list[str]
    filing: Filing


class ItemsAnswer(msgspec.Struct, frozen=True):
    """Items."""

    items: list[ItemAnswer]
    next: str | None


class ChangeAnswer(msgspec.Struct, frozen=True, rename={"state_from": "from", "state_to": "to"}):
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


class HistoryAnswer(msgspec.Struct, frozen=True):
    """What was done with an item, in order."""

    changes: list[ChangeAnswer]
    next: str | None


class SceneAnswer(msgspec.Struct, frozen=True):
    """A field of use."""

    code: str
    name_zh: str
    name_en: str


class PublicItem(msgspec.Struct, frozen=True):
    """An item as everybody reads it."""

    item_id: str
    area: str
    level: Level
    content: Content
    effective_from: date | None
    pilots: list[Pilot]


class CatalogueAnswer(msgspec.Struct, frozen=True):
    """The current list of an area."""

    area: str
    items: list[PublicItem]
    next: str | None


def filing_of(listed: Listed, published: str | None, within_days: int, today: date) -> Filing:
    """Whether the item is filed, or since when it should be."""
    upper = parent_of(listed.item.area)
    if upper is None:
        return Filing("not-needed", None, None)
    if listed.item.filed_at is not None:
        return Filing("filed", upper, None)
    if published is None:
        return Filing("not-due", upper, None)
    due_on = date.fromisoformat(published[:10]) + timedelta(days=within_days)
    return Filing("overdue" if today > due_on else "due", upper, due_on)


def public_item(listed: Listed) -> PublicItem:
    """An item in effect."""
    version = listed.version
    return PublicItem(
        listed.item.item_id,
        listed.item.area,
        level_of(listed.item.area),
        version.content,
        version.effective_from,
        list(version.pilots),
    )
