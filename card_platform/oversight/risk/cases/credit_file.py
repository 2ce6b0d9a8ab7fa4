"""The credit file: entries of confirmed violations, contested, removed, expired; who may read it.

Rules (NM-24, CQ-26, NX-17c, YD-21): the holder reads their own; who decides cases reads it while a
case about the card is open; a department needs a duty of law that names `credit_file` for its
purpose. Each look is in the holder's access log, a refused one too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import msgspec

from card_platform.oversight.consent.reads import ReadOf
from card_platform.oversight.risk.cases import credit_store, store
from card_platform.oversight.risk.cases.model import (
    CreditAction,
    CreditEntry,
    CreditFileChanged,
    CreditFileRead,
    CreditState,
    RiskCase,
    next_credit_state,
)
from card_platform.regions import RegionPolicy
from card_platform.regions.oversight_policy import LegalDuty
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME, Clock, moment_of, years_later
from card_platform.web.authentication import Caller

ITEM = "credit_file"
EXPIRED_AT_ONCE = 500
NO_GROUND = "credit-file-without-ground"
_HOLDERS = ("holder", "agent")


class Permission(msgspec.Struct, frozen=True):
    """What a query may tell: nothing where there is a refusal. `card_id` is whose file it is."""

    card_id: str
    refusal: str | None


class CreditFile:
    """The credit file of one region."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._rules = policy.oversight
        self._clock = clock

    def enter(self, tx: Transaction, case: RiskCase, person_id: str, by: str) -> CreditEntry:
        """A confirmed violation enters the file."""
        now = self._clock.now()
        kept = self._rules.credit_kept
        last = years_later(now.date(), kept.on_or_first(now.date()))
        entry = CreditEntry(
            new_identifier("credit"),
            person_id,
            case.case_id,
            case.typology,
            kept.source,
            CreditState.ENTERED,
            moment_of(now),
            moment_of(now),
            moment_of(_midnight(last)),
        )
        credit_store.save(tx, entry, is_new=True)
        self._tell(tx, entry, case.card_id, by)
        return entry

    def step(self, tx: Transaction, case: RiskCase, action: CreditAction, by: str) -> None:
        """What an appeal does to the entry of its case, where it is still there."""
        entry = credit_store.of_case(tx, case.case_id)
        if entry is not None and entry.state is not CreditState.EXPIRED:
            self._move(tx, entry, action, case.card_id, by)

    def own(self, tx: Transaction, card_id: str, page: Page) -> Paged[CreditEntry]:
        """The file of the holder of a card."""
        person_id = credit_store.person_of(tx, card_id) or ""
        return credit_store.shown(tx, person_id, page)

    def permit(self, tx: Transaction, card_number: str, purpose: str, who: Caller) -> Permission:
        """Judge a query and put it on record; a refusal is an answer, for what is raised leaves
        no record.
        """
        card_id = credit_store.card_of_number(tx, card_number)
        duty = self._duty_of(who, purpose)
        is_working = who.role == "inspector" and card_id is not None and store.has_open(tx, card_id)
        refusal = None if card_id and (duty or is_working) else NO_GROUND
        if card_id is not None:
            told = ReadOf(
                purpose,
                ITEM,
                "legal-duty" if duty else "open-case",
                who.institution or who.name,
                duty.code if duty else None,
                refusal=refusal,
            )
            at = moment_of(self._clock.now())
            tx.emit(CreditFileRead(at=at, by=who.name, card_id=card_id, told=told))
        return Permission(card_id or "", refusal)

    def note_own_look(self, tx: Transaction, card_id: str, by: str) -> None:
        """The holder's own look, or the counter's for the holder, is on record too."""
        told = ReadOf("查看本人诚信档案 read-own-credit-file", ITEM, "holder")
        tx.emit(CreditFileRead(at=moment_of(self._clock.now()), by=by, card_id=card_id, told=told))

    def expire(self, tx: Transaction, now: datetime) -> bool:
        """Due work: entries whose years have passed; whether there are more."""
        late: Sequence[CreditEntry] = credit_store.expired_by(tx, moment_of(now), EXPIRED_AT_ONCE)
        for entry in late:
            card_id = credit_store.card_of_person(tx, entry.person_id)
            self._move(tx, entry, CreditAction.EXPIRE, card_id, "clock")
        return len(late) == EXPIRED_AT_ONCE

    def _duty_of(self, who: Caller, purpose: str) -> LegalDuty | None:
        return next(
            (
                each
                for each in self._rules.legal_duties
                if who.role == "department"
                and who.institution in {"", each.institution}
                and purpose in each.purposes
                and ITEM in each.items
            ),
            None,
        )

    def _move(
        self,
        tx: Transaction,
        entry: CreditEntry,
        action: CreditAction,
        card_id: str | None,
        by: str,
    ) -> None:
        state = next_credit_state(entry.state, action)
        moved = replace(entry, state=state, state_since=moment_of(self._clock.now()))
        credit_store.save(tx, moved, is_new=False)
        self._tell(tx, moved, card_id, by)

    def _tell(self, tx: Transaction, entry: CreditEntry, card_id: str | None, by: str) -> None:
        tx.emit(
            CreditFileChanged(
                at=entry.state_since,
                by=by,
                card_id=card_id,
                entry_id=entry.entry_id,
                after=entry.state.value,
            )
        )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA_STANDARD_TIME)
