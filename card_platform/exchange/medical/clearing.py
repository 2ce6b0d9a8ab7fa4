"""Clearing the treatment of a day between two regions: each side counts its own, and they compare.

Rules: the region of treatment states a day when it is over and nothing of it is still asked; the
insured region counts its own settlements and reversals of that day, keeps both, and answers. The
two agree to the fen, or the difference stands on record on both sides. What either owes the other
of a day is netted for the pair.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from card_platform.exchange.medical import store
from card_platform.exchange.medical.model import (
    CLEARING,
    PURPOSE,
    ClaimState,
    ClearingOrder,
    ClearingReply,
    ClearingState,
    DayStatement,
    DayTotals,
    MedicalDayCleared,
)
from card_platform.exchange.medical.refusals import DayIsCleared
from card_platform.exchange.model import (
    MessageAnswer,
    Participant,
    ParticipantKind,
    Sent,
    Subject,
)
from card_platform.exchange.road import send
from card_platform.services.medical.benefits import store as benefit_store
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of

_CLEARING_BY = "clearing"
_PENDING = (ClaimState.ASKED, ClaimState.REVERSAL_ASKED)
_PAID = (ClaimState.SETTLED, ClaimState.REVERSED)


class MedicalClearing:
    """The days of treatment elsewhere, on both sides."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def state_days(self, tx: Transaction, now: datetime) -> bool:
        """Due work: send the statement of every day that is over and has nothing pending."""
        for region, day in store.open_days(tx, now.date().isoformat()):
            asked, asked_back = store.claims_of(tx, region, day)
            if any(each.state in _PENDING for each in (*asked, *asked_back)):
                continue
            paid = [each.paid_fen for each in asked if each.state in _PAID]
            back = [each.paid_fen for each in asked_back if each.state is ClaimState.REVERSED]
            totals = DayTotals(
                settled=len(paid),
                settled_fen=sum(paid),
                reversed=len(back),
                reversed_fen=sum(back),
            )
            at = moment_of(now)
            statement = DayStatement(region, day, "treating", totals, ClearingState.SENT, at)
            store.save_statement(tx, statement)
            send(
                tx,
                recipient=region,
                subject=CLEARING,
                purpose=PURPOSE,
                body=ClearingOrder(day=day, totals=totals),
                at=at,
                reference=day,
            )
        return False

    def subject(self) -> Subject:
        """The statement of a day."""
        return Subject(
            CLEARING,
            "message",
            frozenset({PURPOSE}),
            frozenset({ParticipantKind.REGION}),
            ClearingOrder,
            self._compare,
            self._learn,
        )

    def _compare(
        self, tx: Transaction, sender: Participant, order: ClearingOrder, _purpose: str
    ) -> ClearingReply:
        region = sender.participant_id
        if store.find_statement(tx, region, order.day, "insured") is not None:
            raise DayIsCleared(day=order.day)
        settled, back = benefit_store.settlements_elsewhere(tx, region, order.day)
        own = DayTotals(
            settled=len(settled),
            settled_fen=sum(each.shares.paid_fen for each in settled),
            reversed=len(back),
            reversed_fen=sum(each.shares.paid_fen for each in back),
        )
        agreed = own == order.totals
        state = ClearingState.AGREED if agreed else ClearingState.DIFFERS
        at = moment_of(self._clock.now())
        statement = DayStatement(region, order.day, "insured", own, state, at, order.totals)
        store.add_statement(tx, statement)
        _tell(tx, statement, at)
        return ClearingReply(own, agreed)

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        found = store.find_statement(tx, sent.recipient, sent.reference, "treating")
        assert found is not None  # noqa: S101 - and kept here
        told, state = None, ClearingState.DIFFERS
        if answer.problem is None:
            reply = msgspec.json.decode(bytes(answer.answer), type=ClearingReply)
            told = reply.totals
            state = ClearingState.AGREED if told == found.own else ClearingState.DIFFERS
        learned = msgspec.structs.replace(found, told=told, state=state)
        store.save_statement(tx, learned)
        _tell(tx, learned, moment_of(self._clock.now()))


def _tell(tx: Transaction, statement: DayStatement, at: str) -> None:
    tx.emit(
        MedicalDayCleared(
            at=at,
            by=_CLEARING_BY,
            region=statement.region,
            day=statement.day,
            side=statement.side,
            net_fen=statement.own.net_fen,
            state=statement.state.value,
        )
    )
