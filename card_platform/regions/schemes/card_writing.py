"""Functions on chips (NM-7d, CQ-6b, NX-7c): written and erased at a counter, ended by departments.

Rules:
- The platform makes the whole command for one chip and one challenge of it, as for certificates;
  the counter passes it on, never sees a key, and reports what the card answered.
- A function is valid on the chip from the day it was moved to the last day of the card.
- Only the card it is bound to takes it, and only an active one; it is erased from any.
- A card that was given a function which no longer stands is told to terminals with their
  parameters, so that nothing waits for the card to come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from card_platform.issuance.lifecycle import CardState
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.regions.schemes import store
from card_platform.regions.schemes.function_life import (
    FunctionAction,
    FunctionState,
    next_function_state,
    number_on_card,
)
from card_platform.regions.schemes.model import SchemeChanged, SchemeHolder
from card_platform.regions.schemes.refusals import (
    CardToLoadIsNotActive,
    FunctionDoesNotFit,
    FunctionIsNotBound,
    FunctionIsOfAnotherCard,
    FunctionWritingIsReported,
    FunctionWritingIsUnknown,
    SchemeHolderIsUnknown,
    SchemeIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

HOLDER_NUMBER_LENGTH = 32
"""Bytes of the holder's number on the card (docs/interfaces.md, section 1a)."""
TAKEN = "9000"
"""What a card answers that has done as told."""
What = Literal["load", "end"]
A = FunctionAction


@dataclass(frozen=True, slots=True)
class FunctionCommand:
    """The command for the card, as bytes; `what` says whether it loads the function or ends it."""

    writing_id: str
    what: What
    command: bytes


@dataclass(frozen=True, slots=True)
class FunctionStanding:
    """Where the function of a holder is; `reason` is why it ended."""

    state: FunctionState
    reason: str | None


class CardFunctions:
    """Functions of merged schemes on their way to the chip and off it."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._clock = clock

    def command(
        self,
        tx: Transaction,
        scheme_id: str,
        number: str,
        *,
        historical_bytes: str,
        challenge: str,
        by: str,
    ) -> FunctionCommand:
        """The command that writes the function of a holder on the card with that chip, or erases
        it there.

        Raises:
            SchemeIsUnknown, SchemeHolderIsUnknown, FunctionIsNotBound, FunctionIsOfAnotherCard,
            CardToLoadIsNotActive, FunctionDoesNotFit, FunctionStateForbids: as they say.
        """
        holder, state = self._bound(tx, scheme_id, number)
        chip = store.find_chip(tx, historical_bytes)
        if chip is None or chip.card_number != holder.card_number:
            raise FunctionIsOfAnotherCard
        now = self._clock.now()
        after = next_function_state(state, A.ASK)
        what: What = "end" if after is FunctionState.ENDING else "load"
        of_chip = bytes.fromhex(historical_bytes), bytes.fromhex(challenge)
        scheme = bytes.fromhex(number_on_card(scheme_id))
        if what == "end":
            command = self._keys.function_erasure(*of_chip, scheme)
        else:
            if chip.state != CardState.ACTIVE.value:
                raise CardToLoadIsNotActive(state=chip.state)
            if chip.valid_until < now.date().isoformat():
                raise CardToLoadIsNotActive(state="expired")
            record = self._record(scheme, holder, chip.valid_until)
            command = self._keys.function_command(*of_chip, record)
        writing_id, at = new_identifier("writing"), moment_of(now)
        store.add_writing(
            tx,
            writing_id=writing_id,
            scheme_id=scheme_id,
            scheme_number=number,
            card_id=chip.card_id,
            what=what,
            at=at,
            by=by,
        )
        store.save_function_state(tx, scheme_id, number, after)
        self._tell(tx, scheme_id, f"{what}-on-card", by, chip.card_id)
        return FunctionCommand(writing_id, what, command)

    def report(
        self, tx: Transaction, scheme_id: str, writing_id: str, *, status: str, by: str
    ) -> FunctionStanding:
        """What the card answered, four hexadecimal digits; told again it changes nothing.

        Raises:
            FunctionWritingIsUnknown: this terminal was given no such command.
            FunctionWritingIsReported: the card answered otherwise before.
        """
        writing = store.find_writing(tx, writing_id)
        if writing is None or (writing.scheme_id, writing.by) != (scheme_id, by):
            raise FunctionWritingIsUnknown
        holder, state = self._bound(tx, scheme_id, writing.scheme_number)
        if writing.status is not None:
            if writing.status != status:
                raise FunctionWritingIsReported(status=writing.status)
            return FunctionStanding(state, holder.end_reason)
        store.save_answer(tx, writing_id, status, moment_of(self._clock.now()))
        self._tell(tx, scheme_id, f"{writing.what}-answered-{status}", by, writing.card_id)
        card_number = store.number_of_card(tx, writing.card_id)
        awaited = {
            ("load", FunctionState.WRITING): A.WRITTEN,
            ("end", FunctionState.ENDING): A.ERASED,
        }.get((writing.what, state))
        if awaited is None or status != TAKEN or card_number != holder.card_number:
            return FunctionStanding(state, holder.end_reason)
        after = next_function_state(state, awaited)
        store.save_function_state(tx, scheme_id, writing.scheme_number, after)
        return FunctionStanding(after, holder.end_reason)

    def end(
        self, tx: Transaction, scheme_id: str, number: str, *, reason: str, by: str
    ) -> FunctionStanding:
        """The function of a holder ends; on line at once, on the chip when it comes to a counter.

        Raises:
            SchemeIsUnknown, SchemeHolderIsUnknown, FunctionIsNotBound, FunctionStateForbids.
        """
        holder, state = self._bound(tx, scheme_id, number)
        after = next_function_state(state, A.END)
        store.save_function_state(tx, scheme_id, number, after)
        store.save_end_reason(tx, scheme_id, number, reason)
        card_id = store.card_of_number(tx, holder.card_number or "")
        self._tell(tx, scheme_id, "end-function", by, card_id)
        return FunctionStanding(after, reason)

    def look(self, tx: Transaction, scheme_id: str, number: str) -> FunctionStanding:
        """Where the function of a holder is.

        Raises:
            SchemeIsUnknown, SchemeHolderIsUnknown, FunctionIsNotBound.
        """
        holder, state = self._bound(tx, scheme_id, number, to_change=False)
        return FunctionStanding(state, holder.end_reason)

    def _bound(
        self, tx: Transaction, scheme_id: str, number: str, *, to_change: bool = True
    ) -> tuple[SchemeHolder, FunctionState]:
        if store.find_scheme(tx, scheme_id) is None:
            raise SchemeIsUnknown
        holder = store.find_holder(tx, scheme_id, number, to_change=to_change)
        if holder is None:
            raise SchemeHolderIsUnknown(number=number)
        if holder.function_state is None:
            raise FunctionIsNotBound(number=number)
        return holder, holder.function_state

    def _record(self, scheme: bytes, holder: SchemeHolder, valid_until: str) -> bytes:
        """The 51 bytes of a function (docs/interfaces.md, section 1a)."""
        moved_on = (holder.moved_at or "")[: len("YYYY-MM-DD")]
        days = (moved_on + valid_until).replace("-", "")
        return scheme + bytes.fromhex(self._policy.region.code + days) + _field(holder)

    def _tell(
        self, tx: Transaction, scheme_id: str, step: str, by: str, card_id: str | None
    ) -> None:
        at = moment_of(self._clock.now())
        tx.emit(SchemeChanged(at=at, by=by, card_id=card_id, scheme_id=scheme_id, step=step))


def ended_functions(tx: Transaction) -> list[tuple[str, str]]:
    """Purse (application serial) and number on the card of functions that may still be on a chip
    and no longer stand: terminals must not honour them.
    """
    return [(serial, number_on_card(scheme)) for serial, scheme in store.ended_on_chips(tx)]


def _field(holder: SchemeHolder) -> bytes:
    try:
        field = holder.scheme_number.encode("gbk")
    except UnicodeEncodeError:
        raise FunctionDoesNotFit(number=holder.scheme_number) from None
    if len(field) > HOLDER_NUMBER_LENGTH:
        raise FunctionDoesNotFit(number=holder.scheme_number)
    return field.ljust(HOLDER_NUMBER_LENGTH, b"\0")
