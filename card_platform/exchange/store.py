"""Tables and SQL of the exchange: participants, what was sent, what was taken, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, select

from card_platform.exchange.lacking_store import Lack, lacks_of
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

PARTICIPANTS = Table(
    "exchange_participants",
    METADATA,
    Column("participant_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name_zh", String, nullable=False),
    Column("url", String),
    Column("public_key", String, nullable=False),
    Column("subjects", String, nullable=False),
    Column("enrolled_at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("known", String, nullable=False, server_default=""),
)
SENT = Table(
    "exchange_sent",
    METADATA,
    Column("recipient", String, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("body", String, nullable=False),
    Column("reference", String),
    Column("sent_at", String, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("answer", String),
    Column("answered_at", String),
    Index("ix_exchange_sent_waiting", "recipient", "waiting", "sequence"),
)
TAKEN = Table(
    "exchange_taken",
    METADATA,
    Column("sender", String, primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("subject", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("at", String, nullable=False),
)
ASKED = Table(
    "exchange_asked",
    METADATA,
    Column("sender", String, primary_key=True),
    Column("query_id", String, primary_key=True),
    Column("subject", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("result", String, nullable=False),
    Column("at", String, nullable=False),
)

_ENROL = Statement(
    "INSERT INTO exchange_participants"
    ' (participant_id, kind, name_zh, url, public_key, subjects, enrolled_at, "by", known)'
    " VALUES (:participant_id, :kind, :name_zh, :url, :public_key, :subjects, :at, :by, :known)"
    " ON CONFLICT (participant_id) DO UPDATE SET kind = excluded.kind,"
    " name_zh = excluded.name_zh, url = excluded.url, public_key = excluded.public_key,"
    " subjects = excluded.subjects, enrolled_at = excluded.enrolled_at,"
    ' "by" = excluded."by", known = excluded.known'
)
_SEND = Statement(
    "INSERT INTO exchange_sent (recipient, sequence, message_id, subject, purpose, body,"
    " reference, sent_at, waiting) VALUES (:recipient, :sequence, :message_id, :subject,"
    " :purpose, :body, :reference, :sent_at, 1)"
)
_WAITING = Statement(
    "SELECT recipient, sequence, message_id, subject, purpose, body, reference, sent_at"
    " FROM exchange_sent WHERE recipient = :recipient AND waiting = 1"
    " ORDER BY sequence LIMIT :most"
)
_ANSWERED = Statement(
    "UPDATE exchange_sent SET waiting = 0, body = '', answer = :answer, answered_at = :at"
    " WHERE recipient = :recipient AND sequence = :sequence AND waiting = 1"
)
_TAKE = Statement(
    "INSERT INTO exchange_taken (sender, sequence, content_hash, subject, answer, at)"
    " VALUES (:sender, :sequence, :content_hash, :subject, :answer, :at)"
)
_FIND_TAKEN = Statement(
    "SELECT content_hash, answer FROM exchange_taken"
    " WHERE sender = :sender AND sequence = :sequence"
)
_LAST_TAKEN = Statement("SELECT MAX(sequence) FROM exchange_taken WHERE sender = :sender")
_LOCK_SENDER = Statement(
    "SELECT participant_id FROM exchange_participants WHERE participant_id = :sender",
    locks_rows=True,
)
_ASK = Statement(
    "INSERT INTO exchange_asked (sender, query_id, subject, purpose, result, at)"
    " VALUES (:sender, :query_id, :subject, :purpose, :result, :at) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Link:
    """How the road to somebody stands."""

    participant: Participant
    waiting: int
    oldest_waiting_at: str | None
    sent: int
    taken: int
    lacks: list[Lack]


def enrol(
    tx: Transaction, participant: Participant, at: str, by: str, known: Sequence[str] = ()
) -> None:
    """Save a participant; one of that name is replaced. `known` are all subjects it could have been
    granted: what is not among the granted ones was withheld.
    """
    tx.run(
        _ENROL,
        {
            "participant_id": participant.participant_id,
            "kind": participant.kind.value,
            "name_zh": participant.name_zh,
            "url": participant.url,
            "public_key": participant.public_key,
            "subjects": " ".join(participant.subjects),
            "at": at,
            "by": by,
            "known": " ".join(known),
        },
    )


def regions_and_known(tx: Transaction) -> list[tuple[Participant, str]]:
    """The regions, each with the names of the subjects there were when it was enrolled."""
    query = _PARTICIPANT.add_columns(PARTICIPANTS.c.known)
    regions = query.where(PARTICIPANTS.c.kind == ParticipantKind.REGION.value)
    found = []
    for row in tx.execute(regions):
        values = dict(row._mapping)
        known: str = values.pop("known")
        found.append((_participant(values), known))
    return found


def grant(tx: Transaction, participant: Participant, known: str, subjects: Sequence[str]) -> bool:
    """Grant a participant subjects it did not know; False where another process just did."""
    columns, new = PARTICIPANTS.c, " ".join(subjects)
    of_it = (columns.participant_id == participant.participant_id) & (columns.known == known)
    values = {"subjects": columns.subjects + f" {new}", "known": columns.known + f" {new}"}
    return tx.execute(PARTICIPANTS.update().where(of_it).values(values)).rowcount == 1


_PARTICIPANT = select(
    *(
        PARTICIPANTS.c[name]
        for name in ("participant_id", "kind", "name_zh", "url", "public_key", "subjects")
    )
)


def participants(tx: Transaction) -> list[Participant]:
    """Everybody enrolled."""
    everybody = tx.execute(_PARTICIPANT.order_by(PARTICIPANTS.c.participant_id))
    return [_participant(dict(row._mapping)) for row in everybody]


def page_of_participants(tx: Transaction, page: Page) -> Paged[Participant]:
    """A page of everybody enrolled."""
    return page_of(tx, _PARTICIPANT, [PARTICIPANTS.c.participant_id], page).made(_participant)


def _participant(row: dict[str, str]) -> Participant:
    kind, subjects = ParticipantKind(row["kind"]), tuple(row["subjects"].split())
    return Participant(**{**row, "kind": kind, "subjects": subjects})  # type: ignore[arg-type]


def find_participant(tx: Transaction, participant_id: str) -> Participant | None:
    """One of them."""
    found = (each for each in participants(tx) if each.participant_id == participant_id)
    return next(found, None)


def add_sent(tx: Transaction, message: Sent) -> None:
    """Keep a message until it is answered."""
    tx.run(
        _SEND,
        {
            "recipient": message.recipient,
            "sequence": message.sequence,
            "message_id": message.message_id,
            "subject": message.subject,
            "purpose": message.purpose,
            "body": message.body,
            "reference": message.reference,
            "sent_at": message.sent_at,
        },
    )


def waiting_for(tx: Transaction, recipient: str, most: int) -> list[Sent]:
    """The oldest messages without an answer."""
    rows = tx.rows(_WAITING, {"recipient": recipient, "most": most})
    return [Sent(*row) for row in rows]


def keep_answer(tx: Transaction, message: Sent, answer: MessageAnswer, at: str) -> bool:
    """Keep the answer to a message; whether it was the first."""
    values = {"answer": msgspec.json.encode(answer).decode(), "at": at}
    keys = {"recipient": message.recipient, "sequence": message.sequence}
    return tx.run(_ANSWERED, values | keys) == 1


def lock_sender(tx: Transaction, sender: str) -> None:
    """One batch of a sender at a time."""
    tx.rows(_LOCK_SENDER, {"sender": sender})


def last_taken(tx: Transaction, sender: str) -> int:
    """The number of the sender's last message; 0 before the first."""
    return int(tx.rows(_LAST_TAKEN, {"sender": sender})[0][0] or 0)


def find_taken(tx: Transaction, sender: str, sequence: int) -> tuple[bytes, MessageAnswer]:
    """Hash and answer of a message taken before."""
    ((content_hash, answer),) = tx.rows(_FIND_TAKEN, {"sender": sender, "sequence": sequence})
    return bytes(content_hash), msgspec.json.decode(answer, type=MessageAnswer)


def add_taken(
    tx: Transaction, answer: MessageAnswer, *, sender: str, subject: str, seal: bytes, at: str
) -> None:
    """Keep what became of a message."""
    tx.run(
        _TAKE,
        {
            "sender": sender,
            "sequence": answer.sequence,
            "content_hash": seal,
            "subject": subject,
            "answer": msgspec.json.encode(answer).decode(),
            "at": at,
        },
    )


def add_asked(tx: Transaction, **values: str) -> bool:
    """Keep that a query was answered; False when one of that id was before."""
    return tx.run(_ASK, values) == 1


def links(tx: Transaction, everybody: Sequence[Participant]) -> list[Link]:
    """How the road stands to each."""
    answer = []
    lacks = lacks_of(tx, [each.participant_id for each in everybody])
    for each in everybody:
        mine = SENT.c.recipient == each.participant_id
        rows = tx.select(select(SENT.c.waiting, SENT.c.sent_at).where(mine, SENT.c.waiting == 1))
        oldest = min((sent_at for _, sent_at in rows), default=None)
        last = tx.select(
            select(SENT.c.sequence).where(mine).order_by(SENT.c.sequence.desc()).limit(1)
        )
        sent = int(last[0][0]) if last else 0
        taken = last_taken(tx, each.participant_id)
        lacking = lacks[each.participant_id]
        answer.append(Link(each, len(rows), oldest, sent, taken, lacking))
    return answer
