"""Complaints that concern another region: brought there, answered there, told here (YD-20b).

The region that passes one on keeps its number and its filer; the other files it anew under a number
of its own, by its own deadlines. Its answer comes back and is the answer the filer sees.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Column, String, Table, UniqueConstraint, select

from card_platform.exchange import store
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.exchange.road import send
from card_platform.oversight.complaints import store as complaint_store
from card_platform.oversight.complaints.model import Channel, ComplaintAction, ComplaintChanged
from card_platform.oversight.complaints.model import Kind as ComplaintKind
from card_platform.oversight.complaints.refusals import ComplaintIsUnknown
from card_platform.oversight.complaints.service import REGION_CALLER, Complaints
from card_platform.storage import Event, Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA
from card_platform.web.request_body import RequestBody

COMPLAINT, COMPLAINT_ANSWER = "complaint", "complaint-answer"
COMPLAINT_HANDLING = "complaint-handling"
_REGIONS = frozenset({ParticipantKind.REGION})
_PURPOSES = frozenset({COMPLAINT_HANDLING})

COMPLAINT_ORIGINS = Table(
    "complaint_origins",
    METADATA,
    Column("number", String, primary_key=True),
    Column("region", String, nullable=False),
    Column("region_number", String, nullable=False),
    UniqueConstraint("region", "region_number", name="uq_complaint_origins_region"),
)
_ADD = Statement(
    "INSERT INTO complaint_origins (number, region, region_number)"
    " VALUES (:number, :region, :region_number)"
)
_FIND = Statement("SELECT region, region_number FROM complaint_origins WHERE number = :number")


class PassedComplaint(RequestBody, frozen=True):
    """A complaint as it travels."""

    number: str
    kind: ComplaintKind
    subject: str
    content: str
    contact: str | None
    conduct: str | None


class FiledThere(msgspec.Struct, frozen=True):
    """Its number in the region that handles it, and by when that region answers."""

    number: str
    due_at: str


class ComplaintAnswer(RequestBody, frozen=True):
    """What the region that handled it says."""

    number: str
    text: str


class Heard(msgspec.Struct, frozen=True):
    """It is kept."""

    state: str


def carry_complaints(tx: Transaction, event: Event) -> None:
    """Event handler: bring a complaint passed on to its region, and an answer back."""
    if not isinstance(event, ComplaintChanged):
        return
    if event.step == ComplaintAction.PASS_ON:
        _pass_on(tx, event)
    elif event.step == ComplaintAction.ANSWER:
        _answer_back(tx, event)


def _pass_on(tx: Transaction, event: ComplaintChanged) -> None:
    complaint = complaint_store.look_at(tx, event.number)
    assert complaint is not None  # noqa: S101 - it has just changed
    region = store.find_participant(tx, complaint.passed_to or "")
    if region is None or region.kind is not ParticipantKind.REGION:
        return  # passed on by letter, as before there was a road
    body = PassedComplaint(
        number=complaint.number,
        kind=complaint.kind,
        subject=complaint.subject,
        content=complaint.content,
        contact=complaint.contact,
        conduct=complaint.conduct,
    )
    send(
        tx,
        recipient=region.participant_id,
        subject=COMPLAINT,
        purpose=COMPLAINT_HANDLING,
        body=body,
        at=event.at,
        reference=event.number,
    )


def _answer_back(tx: Transaction, event: ComplaintChanged) -> None:
    rows = tx.rows(_FIND, {"number": event.number})
    if not rows:
        return
    region, number = rows[0]
    complaint = complaint_store.look_at(tx, event.number)
    assert complaint is not None  # noqa: S101 - it has just changed
    send(
        tx,
        recipient=region,
        subject=COMPLAINT_ANSWER,
        purpose=COMPLAINT_HANDLING,
        body=ComplaintAnswer(number=number, text=complaint.answer or ""),
        at=event.at,
        reference=event.number,
    )


class PassedHere(msgspec.Struct, frozen=True):
    """A complaint another region passed on: its number here, and there."""

    number: str
    region: str
    region_number: str


class PassedHereAnswer(msgspec.Struct, frozen=True):
    """All of them."""

    complaints: list[PassedHere]
    next: str | None


def passed_here(tx: Transaction, page: Page) -> Paged[PassedHere]:
    """A page of what other regions passed on to this one."""
    columns = COMPLAINT_ORIGINS.c
    query = select(columns.number, columns.region, columns.region_number)
    return page_of(tx, query, [columns.number], page).made(lambda row: PassedHere(**row))


def complaint_subjects(complaints: Complaints) -> tuple[Subject, Subject]:
    """The two subjects."""

    def take(
        tx: Transaction, sender: Participant, body: PassedComplaint, _purpose: str
    ) -> FiledThere:
        filed = complaints.file(
            tx,
            kind=body.kind,
            channel=Channel.REGION,
            subject=body.subject,
            content=body.content,
            card_number=None,
            contact=body.contact,
            conduct=body.conduct,
            by=REGION_CALLER + sender.participant_id,
        )
        origin = {"region": sender.participant_id, "region_number": body.number}
        tx.run(_ADD, {"number": filed.number, **origin})
        return FiledThere(filed.number, filed.due_at)

    def hear(tx: Transaction, sender: Participant, body: ComplaintAnswer, _purpose: str) -> Heard:
        passed = complaint_store.look_at(tx, body.number)
        if passed is None or passed.passed_to != sender.participant_id:
            raise ComplaintIsUnknown
        by = REGION_CALLER + sender.participant_id
        return Heard(complaints.hear(tx, body.number, body.text, by).state.value)

    return (
        Subject(COMPLAINT, "message", _PURPOSES, _REGIONS, PassedComplaint, take),
        Subject(COMPLAINT_ANSWER, "message", _PURPOSES, _REGIONS, ComplaintAnswer, hear),
    )
