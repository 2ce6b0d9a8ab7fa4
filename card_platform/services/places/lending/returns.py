"""Copies that are brought back: at a library of this region, or of another one (SC-m 借阅通还).

Rules:
- Any library takes back any copy of its region.
- A copy of another region is taken under an agreement of both on culture; a message tells its
  region, which ends the loan once, and answers what it did. Brought back twice, it is refused the
  second time: there is no loan any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final

import msgspec

from card_platform.exchange import store as road_store
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent, Subject
from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.exchange.road import send
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement
from card_platform.regions.agreement import find_coverage
from card_platform.services.places.acts.model import Act
from card_platform.services.places.lending import store
from card_platform.services.places.lending.model import CopyText, Return, ReturnAction, ReturnState
from card_platform.services.places.lending.refusals import (
    ReturnDayIsOut,
    ReturnIsUnknown,
    SiteLendsNothing,
)
from card_platform.services.places.lending.service import Lending
from card_platform.services.places.offers.store import lends_at
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller
from card_platform.web.request_body import RequestBody

SUBJECT: Final = "loan-return"
PURPOSE: Final = "library-lending"
FIELD: Final = "culture"
"""Of the agreements."""
DAYS_APART_MAX = 31
"""How far the day of a return may lie from this platform's: messages may wait."""


class ReturnOrder(RequestBody, frozen=True):
    """A copy of the recipient's that came back at the sender's, on a day there."""

    copy: CopyText
    day: date
    library: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class LoanEnded(msgspec.Struct, frozen=True):
    """The loan is ended."""

    ended_at: str
    overdue_days: int


class Returns:
    """Copies brought back to one region's libraries, and its copies brought back elsewhere."""

    def __init__(
        self, own: str, lending: Lending, agreements: Sequence[Agreement], clock: Clock
    ) -> None:
        self._own = own
        self._lending = lending
        self._agreements = tuple(agreements)
        self._clock = clock

    def take(self, tx: Transaction, copy: str, region: str | None, caller: Caller) -> Return:
        """Take a copy back.

        Raises:
            SiteLendsNothing, CopyIsNotLent, NoAgreementCovers, ParticipantIsUnknown.
        """
        if not lends_at(tx, caller.site):
            raise SiteLendsNothing
        taken = Return(
            return_id=new_identifier("return"),
            copy=copy,
            region=region or self._own,
            site_id=caller.site,
            state=ReturnState.TAKEN,
            at=moment_of(self._clock.now()),
            by=caller.name,
        )
        if taken.region == self._own:
            loan = self._lending.take_back(tx, copy, self._own, caller.name)
            ended = self._after(taken, ReturnAction.END_LOAN)
            days = _overdue_days(loan, self._clock.now().date())
            taken = msgspec.structs.replace(ended, act_id=loan.act_id, overdue_days=days)
        else:
            self._require_agreement(taken.region)
            self._send(tx, taken)
            taken = self._after(taken, ReturnAction.SEND_ON)
        store.add(tx, taken)
        return taken

    def look(self, tx: Transaction, return_id: str, caller: Caller) -> Return:
        """A return of the terminal's site. Raises ReturnIsUnknown."""
        found = store.find(tx, return_id)
        if found is None or found.site_id != caller.site:
            raise ReturnIsUnknown
        return found

    def subject(self) -> Subject:
        """The message."""
        return Subject(
            SUBJECT,
            "message",
            frozenset({PURPOSE}),
            frozenset({ParticipantKind.REGION}),
            ReturnOrder,
            self._end_loan,
            self._learn,
        )

    def _end_loan(
        self, tx: Transaction, sender: Participant, order: ReturnOrder, _purpose: str
    ) -> LoanEnded:
        region, today = sender.participant_id, self._clock.now().date()
        self._require_agreement(region)
        if abs(order.day - today) > timedelta(days=DAYS_APART_MAX):
            raise ReturnDayIsOut(day=order.day.isoformat(), today=today.isoformat())
        loan = self._lending.take_back(tx, order.copy, region, REGION_CALLER + region)
        assert loan.ended_at is not None  # noqa: S101 - it has just ended
        return LoanEnded(loan.ended_at, _overdue_days(loan, order.day))

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        taken = store.find(tx, sent.reference, to_change=True)
        assert taken is not None  # noqa: S101 - none is ever removed
        if answer.problem is None:
            ended = msgspec.json.decode(bytes(answer.answer), type=LoanEnded)
            moved = self._after(taken, ReturnAction.END_LOAN)
            store.save(tx, msgspec.structs.replace(moved, overdue_days=ended.overdue_days))
            return
        told = answer.problem
        refused = msgspec.structs.replace(
            self._after(taken, ReturnAction.REFUSE),
            problem_code=told.code,
            problem_zh=told.detail_zh,
            problem_en=told.detail_en,
        )
        store.save(tx, refused)

    def _send(self, tx: Transaction, taken: Return) -> None:
        there = road_store.find_participant(tx, taken.region)
        if there is None or there.kind is not ParticipantKind.REGION:
            raise ParticipantIsUnknown(participant=taken.region)
        body = ReturnOrder(copy=taken.copy, day=self._clock.now().date(), library=taken.site_id)
        send(
            tx,
            recipient=taken.region,
            subject=SUBJECT,
            purpose=PURPOSE,
            body=body,
            at=taken.at,
            reference=taken.return_id,
        )

    def _after(self, taken: Return, action: ReturnAction) -> Return:
        return msgspec.structs.replace(taken, state=taken.after(action))

    def _require_agreement(self, region: str) -> None:
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=FIELD, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)


def _overdue_days(loan: Act, day: date) -> int:
    """How many days late it came back."""
    assert loan.due_on is not None  # noqa: S101 - a loan has its day
    return max((day - date.fromisoformat(loan.due_on)).days, 0)
