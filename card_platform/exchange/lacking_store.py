"""Table and SQL of what other sides do not take: which subject of ours, since when, how much of it.

Rule: the newest answer counts. A side that takes a subject again lacks it no longer.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String, Table, select

from card_platform.exchange.model import MessageAnswer, Sent
from card_platform.exchange.refusals import SubjectIsNotGranted, SubjectIsNotKnown
from card_platform.storage import Statement, Transaction
from card_platform.storage.schema import METADATA

EXCHANGE_LACKING = Table(
    "exchange_lacking",
    METADATA,
    Column("participant_id", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("code", String, nullable=False),
    Column("since", String, nullable=False),
    Column("missed", Integer, nullable=False),
    PrimaryKeyConstraint("participant_id", "subject"),
)
_CODES = frozenset({SubjectIsNotKnown.code, SubjectIsNotGranted.code})
"""A platform from before `SubjectIsNotKnown` answers with the other code."""
_MISSED = Statement(
    "INSERT INTO exchange_lacking (participant_id, subject, code, since, missed)"
    " VALUES (:participant_id, :subject, :code, :at, 1) ON CONFLICT (participant_id, subject)"
    " DO UPDATE SET code = excluded.code, missed = exchange_lacking.missed + 1"
)
_TAKEN = Statement(
    "DELETE FROM exchange_lacking WHERE participant_id = :participant_id AND subject = :subject"
)


class Lack(msgspec.Struct, frozen=True):
    """A subject of ours that a side refuses whole; `missed` messages of it ended so since."""

    subject: str
    code: str
    since: str
    missed: int


def note(tx: Transaction, message: Sent, answer: MessageAnswer, at: str) -> None:
    """What the answer says of the side: that it lacks the subject, or takes it."""
    keys = {"participant_id": message.recipient, "subject": message.subject}
    if answer.problem is not None and answer.problem.code in _CODES:
        tx.run(_MISSED, keys | {"code": answer.problem.code, "at": at})
    else:
        tx.run(_TAKEN, keys)


def lacks_of(tx: Transaction, participant_ids: Sequence[str]) -> dict[str, list[Lack]]:
    """What each of these sides lacks, by its id."""
    columns = EXCHANGE_LACKING.c
    query = select(EXCHANGE_LACKING).where(columns.participant_id.in_(participant_ids))
    found: dict[str, list[Lack]] = {each: [] for each in participant_ids}
    for row in tx.execute(query.order_by(columns.subject)):
        found[row.participant_id].append(Lack(row.subject, row.code, row.since, row.missed))
    return found
