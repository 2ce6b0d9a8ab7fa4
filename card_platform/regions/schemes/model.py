"""A scheme of cards, certificates or codes, its life as a table, its holders.

- A new scheme that duplicates a listed item is refused; any other is registered.
- One that a national rule asks for (NM-7d, CQ-6b) or that was issued before (NX-7b) is merged: its
  function is loaded onto the card of each holder, and from then on works from the card alone:
  bound at the platform first, then written on the chip (`function_life`).
- Merging ends when every holder has moved. After that, only one whose function ended may move
  again. To the card that takes the place of the old one a function that stands goes by itself
  (`renewed_cards`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from card_platform.regions.schemes.function_life import FunctionState
from card_platform.regions.schemes.refusals import SchemeStateForbids
from card_platform.storage import Event

SchemeKind = Literal["card", "certificate", "qr-code"]


class Origin(StrEnum):
    """Why there is a scheme."""

    NEW = "new"
    NATIONAL = "national"
    EXISTING = "existing"


class SchemeState(StrEnum):
    """Where a scheme is."""

    REGISTERED = "registered"
    MERGING = "merging"
    MERGED = "merged"


class SchemeAction(StrEnum):
    """What may be done with it."""

    BEGIN_MERGING = "begin_merging"
    ENTER_HOLDERS = "enter_holders"
    MOVE = "move"
    FINISH_MERGING = "finish_merging"


S, A = SchemeState, SchemeAction
SCHEME_LIFE: dict[SchemeState, dict[SchemeAction, SchemeState]] = {
    S.REGISTERED: {A.ENTER_HOLDERS: S.REGISTERED, A.BEGIN_MERGING: S.MERGING},
    S.MERGING: {
        A.ENTER_HOLDERS: S.MERGING,
        A.MOVE: S.MERGING,
        A.FINISH_MERGING: S.MERGED,
    },
    S.MERGED: {A.MOVE: S.MERGED},
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme; `document` is the national rule or the paper of its issue."""

    scheme_id: str
    name_zh: str
    kind: str
    scene: str
    owner: str
    origin: Origin
    document: str | None
    state: SchemeState
    item_id: str | None


@dataclass(frozen=True, slots=True)
class SchemeHolder:
    """A number of the scheme, the card that took its function, how far it went, why it ended."""

    scheme_number: str
    card_number: str | None
    moved_at: str | None
    function_state: FunctionState | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class SchemeProgress:
    """How many of the holders have moved."""

    holders: int
    moved: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when all have moved."""
        return 100 * self.moved // self.holders if self.holders else 0


class SchemeChanged(Event, frozen=True, kw_only=True):
    """Something was done with a scheme."""

    action: ClassVar[str] = "change-scheme"
    scheme_id: str
    step: str

    @property
    def detail(self) -> str:
        """Which scheme, what."""
        return f"{self.step} {self.scheme_id}"


def next_scheme_state(state: SchemeState, action: SchemeAction) -> SchemeState:
    """The state after the action.

    Raises:
        SchemeStateForbids: the table has no such row.
    """
    if action not in SCHEME_LIFE[state]:
        raise SchemeStateForbids(state=state.value, action=action.value)
    return SCHEME_LIFE[state][action]
