"""Clearing sheets on the road: what a region's cards paid in another, claimed and booked (YD-11).

An event handler sends a sheet in the transaction that makes it or sends it again; the answer of the
other side, kept in order and once, agrees or disputes it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent, Subject
from card_platform.exchange.road import send
from card_platform.settlement.clearing import store
from card_platform.settlement.clearing.model import (
    SHEET_LINES_MAX,
    SheetAction,
    SheetChanged,
    SheetLine,
    SheetState,
)
from card_platform.settlement.clearing.service import Clearing, sheet_lines
from card_platform.storage import Event, Transaction
from card_platform.web.request_body import RequestBody

CLEARING_SHEET = "clearing-sheet"
CLEARING = "clearing"
_THERE = "region:"


class SheetBody(RequestBody, frozen=True):
    """A sheet as it travels; `amount_fen` is what its lines come to."""

    day: date
    number: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    amount_fen: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    lines: Annotated[list[SheetLine], msgspec.Meta(min_length=1, max_length=SHEET_LINES_MAX)]


class SheetTaken(msgspec.Struct, frozen=True):
    """It is in the books of the region that issued the cards."""

    booked_fen: int


def send_sheets(tx: Transaction, event: Event) -> None:
    """Event handler: a sheet that is on its way goes onto the road."""
    if not isinstance(event, SheetChanged) or event.after != SheetState.SENT:
        return
    sheet = store.find_sheet(tx, event.sheet_id)
    assert sheet is not None  # noqa: S101 - the event tells of it
    lines = sheet_lines(tx, sheet)
    body = SheetBody(
        day=date.fromisoformat(sheet.day),
        number=sheet.number,
        amount_fen=sheet.amount_fen,
        lines=lines,
    )
    send(
        tx,
        recipient=sheet.region,
        subject=CLEARING_SHEET,
        purpose=CLEARING,
        body=body,
        at=event.at,
        reference=sheet.sheet_id,
    )


def clearing_subject(clearing: Clearing) -> Subject:
    """The message."""

    def take(tx: Transaction, sender: Participant, body: SheetBody, _purpose: str) -> SheetTaken:
        clearing.book(
            tx,
            sender.participant_id,
            body.day,
            body.number,
            lines=body.lines,
            told_fen=body.amount_fen,
        )
        return SheetTaken(body.amount_fen)

    def learn(tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - every sheet is sent with its id
        by, problem = _THERE + sent.recipient, answer.problem
        if problem is None:
            clearing.change(tx, sent.reference, SheetAction.AGREE, by=by, reason=None)
        else:
            told = msgspec.json.encode(problem).decode()
            clearing.change(tx, sent.reference, SheetAction.DISPUTE, by=by, reason=told)

    return Subject(
        CLEARING_SHEET,
        "message",
        frozenset({CLEARING}),
        frozenset({ParticipantKind.REGION}),
        SheetBody,
        take,
        learn,
    )
