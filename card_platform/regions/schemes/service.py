"""Use cases of schemes: register (or refuse), merge, move holders, check a holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.store import find_holder as find_card_holder
from card_platform.regions.catalogue.model import Listed
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.regions.schemes import store
from card_platform.regions.schemes.function_life import STANDING, may_move
from card_platform.regions.schemes.likeness import Likeness, likeness
from card_platform.regions.schemes.model import (
    Origin,
    Scheme,
    SchemeAction,
    SchemeChanged,
    SchemeHolder,
    SchemeProgress,
    SchemeState,
    next_scheme_state,
)
from card_platform.regions.schemes.refusals import (
    CardToLoadIsNotActive,
    CardToLoadIsUnknown,
    HoldersAreNotMoved,
    NothingToMergeInto,
    SchemeDuplicatesItem,
    SchemeHolderIsMoved,
    SchemeHolderIsUnknown,
    SchemeIsUnknown,
    SchemeResemblesItem,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

A = SchemeAction


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a card or an old number works for the scheme, and why not."""

    valid: bool
    reason: str | None


class Schemes:
    """Cards, certificates and codes beside the social security card."""

    def __init__(self, catalogue: Catalogue, codes: Codes, clock: Clock) -> None:
        self._catalogue = catalogue
        self._codes = codes
        self._clock = clock

    def register(self, tx: Transaction, asked: Scheme, uses: Sequence[str], by: str) -> Scheme:
        """A new scheme is refused where it duplicates the list; another is merged into it.

        Raises:
            SchemeDuplicatesItem, SchemeResemblesItem: it is new, and a listed item does the same.
            NothingToMergeInto: it is to be merged, and no listed item does the same.
        """
        near, listed = self._nearest(tx, asked, uses)
        if asked.origin is Origin.NEW and listed is not None:
            refused = SchemeDuplicatesItem if near is Likeness.EXACT else SchemeResemblesItem
            raise refused(
                scheme=asked.name_zh,
                item=listed.version.content.name_zh,
                item_id=listed.item.item_id,
            )
        if asked.origin is not Origin.NEW and listed is None:
            raise NothingToMergeInto(scheme=asked.name_zh)
        scheme = replace(
            asked,
            scheme_id=new_identifier("scheme"),
            state=SchemeState.MERGING if listed else SchemeState.REGISTERED,
            item_id=listed.item.item_id if listed else None,
        )
        store.add_scheme(tx, scheme, uses)
        self._tell(tx, scheme.scheme_id, "register", by)
        return scheme

    def begin_merging(self, tx: Transaction, scheme_id: str, by: str) -> Scheme:
        """A registered scheme is merged into an item that was listed since."""
        scheme, state = self._step(tx, scheme_id, A.BEGIN_MERGING)
        _, listed = self._nearest(tx, scheme, store.uses_of(tx, scheme_id))
        if listed is None:
            raise NothingToMergeInto(scheme=scheme.name_zh)
        merging = replace(scheme, state=state, item_id=listed.item.item_id)
        store.save_scheme(tx, merging)
        self._tell(tx, scheme_id, "begin-merging", by)
        return merging

    def enter_holders(
        self, tx: Transaction, scheme_id: str, numbers: Sequence[str], by: str
    ) -> Scheme:
        """The numbers under which the scheme has holders."""
        scheme, _ = self._step(tx, scheme_id, A.ENTER_HOLDERS)
        for number in dict.fromkeys(numbers):
            store.add_holder(tx, scheme_id, number)
        self._tell(tx, scheme_id, "enter-holders", by)
        return scheme

    def move(
        self, tx: Transaction, scheme_id: str, number: str, card_number: str, by: str
    ) -> Scheme:
        """Bind the function of a holder to the social security card; one whose function ended may
        move again.

        Raises:
            SchemeHolderIsUnknown, SchemeHolderIsMoved, CardToLoadIsUnknown, CardToLoadIsNotActive:
            as they say.
        """
        scheme, _ = self._step(tx, scheme_id, A.MOVE)
        holder = store.find_holder(tx, scheme_id, number)
        if holder is None:
            raise SchemeHolderIsUnknown(number=number)
        card = find_card_holder(tx, card_number)
        if card is None:
            raise CardToLoadIsUnknown
        if card.state is not CardState.ACTIVE:
            raise CardToLoadIsNotActive(state=card.state.value)
        loaded = store.find_loaded(tx, scheme_id, card_number)
        is_taken = loaded is not None and _stands(loaded)
        if not may_move(holder.function_state) or is_taken:
            raise SchemeHolderIsMoved(number=number)
        if loaded is not None:
            store.release_card(tx, scheme_id, loaded.scheme_number)
        store.move_holder(tx, scheme_id, number, card_number, moment_of(self._clock.now()))
        self._tell(tx, scheme_id, "move-holder-of", by, card.card_id)
        return scheme

    def finish_merging(self, tx: Transaction, scheme_id: str, by: str) -> Scheme:
        """The scheme lives on the card alone.

        Raises:
            HoldersAreNotMoved: some have not moved.
        """
        scheme, state = self._step(tx, scheme_id, A.FINISH_MERGING)
        progress = store.progress_of(tx, scheme_id)
        if progress.moved < progress.holders:
            raise HoldersAreNotMoved(left=progress.holders - progress.moved)
        merged = replace(scheme, state=state)
        store.save_scheme(tx, merged)
        self._tell(tx, scheme_id, "finish-merging", by)
        return merged

    def check(
        self, tx: Transaction, scheme_id: str, *, card_number: str | None, number: str | None
    ) -> Verdict:
        """Does the function work from this card, or still from that number of the scheme."""
        scheme, _ = self.look(tx, scheme_id)
        if card_number is not None:
            card = find_card_holder(tx, card_number)
            loaded = store.find_loaded(tx, scheme_id, card_number)
            if card is None or loaded is None:
                return Verdict(False, "function-not-loaded")
            if not _stands(loaded):
                return Verdict(False, "function-ended")
            active = card.state is CardState.ACTIVE
            return Verdict(active, None if active else "card-is-not-active")
        holder = store.find_holder(tx, scheme_id, number or "")
        if holder is None:
            return Verdict(False, "scheme-holder-unknown")
        if holder.moved_at is not None or scheme.state is SchemeState.MERGED:
            return Verdict(False, "moved-to-card")
        return Verdict(True, None)

    def check_code(self, tx: Transaction, scheme_id: str, code: str) -> Verdict:
        """Does the function work from this code: as from the card behind it."""
        self.look(tx, scheme_id)
        found = self._codes.judge(tx, code, CodePurpose.IDENTITY)
        if found.holder is None or found.reason not in {None, "card-is-not-active"}:
            return Verdict(False, found.reason)
        return self.check(tx, scheme_id, card_number=found.holder.card_number, number=None)

    def look(self, tx: Transaction, scheme_id: str) -> tuple[Scheme, SchemeProgress]:
        """A scheme and how many of its holders have moved.

        Raises:
            SchemeIsUnknown: there is none.
        """
        scheme = store.find_scheme(tx, scheme_id)
        if scheme is None:
            raise SchemeIsUnknown
        return scheme, store.progress_of(tx, scheme_id)

    def _step(
        self, tx: Transaction, scheme_id: str, action: SchemeAction
    ) -> tuple[Scheme, SchemeState]:
        scheme = store.find_scheme(tx, scheme_id, to_change=True)
        if scheme is None:
            raise SchemeIsUnknown
        return scheme, next_scheme_state(scheme.state, action)

    def _nearest(
        self, tx: Transaction, scheme: Scheme, uses: Sequence[str]
    ) -> tuple[Likeness, Listed | None]:
        """The listed item the scheme comes nearest to: an exact one before a similar one."""
        found: dict[Likeness, Listed] = {}
        for listed in self._catalogue.in_effect(tx):
            content = listed.version.content
            near = likeness(
                scheme_name=scheme.name_zh,
                scheme_scene=scheme.scene,
                scheme_uses=uses,
                item_name=content.name_zh,
                item_scene=content.scene,
                item_uses=content.uses,
            )
            found.setdefault(near, listed)
        for near in (Likeness.EXACT, Likeness.SIMILAR):
            if near in found:
                return near, found[near]
        return Likeness.NONE, None

    def _tell(
        self, tx: Transaction, scheme_id: str, step: str, by: str, card_id: str | None = None
    ) -> None:
        at = moment_of(self._clock.now())
        tx.emit(SchemeChanged(at=at, by=by, card_id=card_id, scheme_id=scheme_id, step=step))


def _stands(holder: SchemeHolder) -> bool:
    """Whether the holder's function works from a card."""
    return holder.function_state in STANDING
