"""Cards stopped in one region are refused in the others (CQ-20c, CQ-13b).

An event handler tells every region on the road in the transaction that stops or restores a card; a
region that joins later is told of all that are stopped. What is heard goes onto the revocation list
of the terminals and is known to checks of foreign cards.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec
from sqlalchemy import Column, Integer, String, Table, select

from card_platform.exchange import store
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.exchange.refusals import CardIsNotTheSenders
from card_platform.exchange.road import send
from card_platform.issuance.lifecycle import REVOKED_STATES
from card_platform.issuance.model import CardStateChanged
from card_platform.issuance.store import CARDS
from card_platform.regions import load_region
from card_platform.services.transit.revocations import list_purse
from card_platform.storage import Event, Statement, Transaction
from card_platform.storage.schema import METADATA
from card_platform.web.request_body import RequestBody

CARD_STOP = "card-stop"
CARD_SAFETY = "card-safety"

FOREIGN_STOPS = Table(
    "foreign_card_stops",
    METADATA,
    Column("region", String, primary_key=True),
    Column("card_number", String, primary_key=True),
    Column("application_serial", String, nullable=False),
    Column("stopped", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
)
_KEEP = Statement(
    "INSERT INTO foreign_card_stops (region, card_number, application_serial, stopped, state, at)"
    " VALUES (:region, :card_number, :application_serial, :stopped, :state, :at)"
    " ON CONFLICT (region, card_number) DO UPDATE SET"
    " stopped = excluded.stopped, state = excluded.state, at = excluded.at"
)
_FIND = Statement(
    "SELECT state FROM foreign_card_stops"
    " WHERE region = :region AND card_number = :card_number AND stopped = 1"
)
_CARD_NUMBER = Statement("SELECT card_number FROM cards WHERE card_id = :card_id")


class CardStop(RequestBody, frozen=True):
    """A card of the sender may not be used from now on, or may again."""

    card_number: str
    application_serial: str
    stopped: bool
    state: str
    at: str


class Noted(msgspec.Struct, frozen=True):
    """It binds here from now on."""

    noted: bool


def tell_regions(tx: Transaction, event: Event) -> None:
    """Event handler: tell every region of a card that was stopped or restored."""
    if not isinstance(event, CardStateChanged):
        return
    if (event.before in REVOKED_STATES) == event.revoked:
        return
    regions = [p for p in store.participants(tx) if p.kind is ParticipantKind.REGION]
    if not regions:
        return
    ((card_number,),) = tx.rows(_CARD_NUMBER, {"card_id": event.card_id})
    stop = CardStop(
        card_number=card_number,
        application_serial=event.application_serial,
        stopped=event.revoked,
        state=event.after.value,
        at=event.at,
    )
    for region in regions:
        _tell(tx, region.participant_id, stop)


def tell_newcomer(tx: Transaction, participant: Participant) -> None:
    """Tell a region that joins of every card that is stopped."""
    if participant.kind is not ParticipantKind.REGION:
        return
    columns = CARDS.c
    query = select(
        columns.card_number, columns.application_serial, columns.state, columns.state_since
    ).where(columns.state.in_([each.value for each in REVOKED_STATES]))
    for number, serial, state, since in tx.select(query):
        stop = CardStop(
            card_number=number, application_serial=serial, stopped=True, state=state, at=since
        )
        _tell(tx, participant.participant_id, stop)


def _tell(tx: Transaction, region: str, stop: CardStop) -> None:
    send(tx, recipient=region, subject=CARD_STOP, purpose=CARD_SAFETY, body=stop, at=stop.at)


def stopped_state(tx: Transaction, region: str, card_number: str) -> str | None:
    """The state for which a foreign card is stopped; None where it is not."""
    rows = tx.rows(_FIND, {"region": region, "card_number": card_number})
    return str(rows[0][0]) if rows else None


def _take(tx: Transaction, sender: Participant, body: CardStop, _purpose: str) -> Noted:
    if not body.application_serial.startswith(_serial_prefix(sender.participant_id)):
        raise CardIsNotTheSenders(serial=body.application_serial, sender=sender.participant_id)
    tx.run(
        _KEEP,
        {
            "region": sender.participant_id,
            "card_number": body.card_number,
            "application_serial": body.application_serial,
            "stopped": int(body.stopped),
            "state": body.state,
            "at": body.at,
        },
    )
    list_purse(tx, body.application_serial, body.at, revoked=body.stopped)
    return Noted(noted=True)


@lru_cache(64)
def _serial_prefix(region: str) -> str:
    return load_region(region).transit.application_serial_prefix


CARD_STOP_SUBJECT = Subject(
    CARD_STOP,
    "message",
    frozenset({CARD_SAFETY}),
    frozenset({ParticipantKind.REGION}),
    CardStop,
    _take,
)
