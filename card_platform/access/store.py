"""Tables and SQL of accounts, sessions, challenges and agents. Of a token only SHA-256 is kept."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, insert, select, update

from card_platform.access.model import Account, AccountState, Agent, Footing, Session
from card_platform.exchange.store import PARTICIPANTS
from card_platform.issuance.store import CARDS
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("account_id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("site", String, nullable=False),
    Column("card_id", String, ForeignKey("cards.card_id"), unique=True),
    Column("password_hash", String, nullable=False),
    Column("is_first", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String),
    Column("state", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("by", String, nullable=False),
)
AGENTS = Table(
    "card_agents",
    METADATA,
    Column("agent_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("document_kind", String, nullable=False),
    Column("document_number", String, nullable=False),
    Column("mandate_number", String, nullable=False),
    Column("valid_until", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("withdrawn_at", String),
    Index("ix_card_agents_of_card", "card_id", "at", "agent_id"),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("session_id", String, primary_key=True),
    Column("token_sha256", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("began_at", String, nullable=False),
    Column("ends_at", String, nullable=False),
    Column("last_used_at", String, nullable=False),
    Column("idle_after_s", Integer, nullable=False),
    Column("site", String, nullable=False),
    Column("institution", String, nullable=False),
    Column("account_id", String, ForeignKey("accounts.account_id")),
    Column("card_id", String, ForeignKey("cards.card_id")),
    Column("proving_card_id", String, ForeignKey("cards.card_id")),
    Column("agent_id", String, ForeignKey("card_agents.agent_id")),
    Column("participant_id", String, ForeignKey("exchange_participants.participant_id")),
    Column("system_key", String),
    Column("assists_card_id", String, ForeignKey("cards.card_id")),
    Column("ended_at", String),
    Index("ix_sessions_account_id", "account_id"),
    Index("ix_sessions_ends_at", "ends_at"),
)
CHALLENGES = Table(
    "session_challenges",
    METADATA,
    Column("challenge_id", String, primary_key=True),
    Column("participant_id", String, ForeignKey("exchange_participants.participant_id")),
    Column("theirs", String, nullable=False),
    Column("ours", String, nullable=False),
    Column("ends_at", String, nullable=False),
    Column("used_at", String),
    Index("ix_session_challenges_ends_at", "ends_at"),
)
_ADD_ACCOUNT = Statement(
    "INSERT INTO accounts (account_id, name, role, site, card_id, password_hash, is_first,"
    ' failures, locked_until, state, opened_at, "by") VALUES (:account_id, :name, :role, :site,'
    " :card_id, :password_hash, :is_first, :failures, :locked_until, :state, :opened_at, :by)"
    " ON CONFLICT DO NOTHING"
)
_SESSION = [each.name for each in fields(Session)]
_PROVING, _OWN = CARDS.alias("proving"), CARDS.alias("own")
_FOUND = (
    select(
        ACCOUNTS.c.state,
        _PROVING.c.state,
        _OWN.c.state,
        AGENTS.c.valid_until,
        AGENTS.c.withdrawn_at,
        PARTICIPANTS.c.public_key,
        *(SESSIONS.c[each] for each in _SESSION),
    )
    .select_from(SESSIONS)
    .outerjoin(ACCOUNTS, ACCOUNTS.c.account_id == SESSIONS.c.account_id)
    .outerjoin(_PROVING, _PROVING.c.card_id == SESSIONS.c.proving_card_id)
    .outerjoin(_OWN, _OWN.c.card_id == SESSIONS.c.card_id)
    .outerjoin(AGENTS, AGENTS.c.agent_id == SESSIONS.c.agent_id)
    .outerjoin(PARTICIPANTS, PARTICIPANTS.c.participant_id == SESSIONS.c.participant_id)
)
_FOOTING_LENGTH = len(fields(Footing))


def add_account(tx: Transaction, account: Account) -> bool:
    """Save a new account; False where its name or card is another's."""
    values = {**asdict(account), "is_first": int(account.is_first)}
    return tx.run(_ADD_ACCOUNT, values) == 1


def find_account(
    tx: Transaction,
    *,
    name: str | None = None,
    account_id: str | None = None,
    card_id: str | None = None,
    to_change: bool = False,
) -> Account | None:
    """The account of that name, id or card; locked until the transaction ends if it changes."""
    wanted = {"name": name, "account_id": account_id, "card_id": card_id}
    query = select(ACCOUNTS)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(ACCOUNTS.c[column] == value)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _account(row._mapping)


def page_of_accounts(tx: Transaction, page: Page) -> Paged[Account]:
    """A page of the accounts, by name."""
    return page_of(tx, select(ACCOUNTS), [ACCOUNTS.c.name], page).made(_account)


def change_account(tx: Transaction, account_id: str, **values: str | int | None) -> None:
    """Save what has changed of an account."""
    tx.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(**values))


def add_session(tx: Transaction, session: Session) -> None:
    """Save a new session."""
    tx.execute(insert(SESSIONS).values(**asdict(session)))


def find_session(
    tx: Transaction, *, token_sha256: str | None = None, session_id: str | None = None
) -> tuple[Session, Footing] | None:
    """A session, and what it stands on."""
    wanted = (
        SESSIONS.c.token_sha256 == token_sha256
        if token_sha256 is not None
        else SESSIONS.c.session_id == session_id
    )
    rows = tx.select(_FOUND.where(wanted))
    if not rows:
        return None
    row: tuple[Any, ...] = rows[0]
    session = Session(**dict(zip(_SESSION, row[_FOOTING_LENGTH:], strict=True)))
    return session, Footing(*row[:_FOOTING_LENGTH])


def change_session(tx: Transaction, session_id: str, **values: str | None) -> bool:
    """Save what has changed of a session that has not ended; whether there was one."""
    living = (SESSIONS.c.session_id == session_id) & SESSIONS.c.ended_at.is_(None)
    return bool(tx.execute(update(SESSIONS).where(living).values(**values)).rowcount)


def end_sessions_of(tx: Transaction, account_id: str, at: str, *, but: str | None = None) -> None:
    """End the sessions of an account, but for one."""
    living = (SESSIONS.c.account_id == account_id) & SESSIONS.c.ended_at.is_(None)
    if but is not None:
        living &= SESSIONS.c.session_id != but
    tx.execute(update(SESSIONS).where(living).values(ended_at=at))


def add_challenge(tx: Transaction, **values: str | None) -> None:
    """Save a challenge."""
    tx.execute(insert(CHALLENGES).values(**values))


def use_challenge(
    tx: Transaction, challenge_id: str, participant_id: str | None, now: str
) -> tuple[str, str] | None:
    """Theirs and ours, in hex, used up by this; None where it is unknown, used or too old.

    A challenge for a card is of no participant.
    """
    columns = CHALLENGES.c
    whose = (
        columns.participant_id.is_(None)
        if participant_id is None
        else columns.participant_id == participant_id
    )
    fresh = (
        (columns.challenge_id == challenge_id)
        & whose
        & columns.used_at.is_(None)
        & (columns.ends_at > now)
    )
    if not tx.execute(update(CHALLENGES).where(fresh).values(used_at=now)).rowcount:
        return None
    query = select(columns.theirs, columns.ours).where(columns.challenge_id == challenge_id)
    theirs, ours = tx.select(query)[0]
    return theirs, ours


def forget_challenges(tx: Transaction, now: str) -> None:
    """Remove challenges nobody can answer any more."""
    tx.execute(CHALLENGES.delete().where(CHALLENGES.c.ends_at <= now))


def add_agent(tx: Transaction, agent: Agent) -> None:
    """Save a mandate."""
    tx.execute(insert(AGENTS).values(**asdict(agent)))


def agents_of(tx: Transaction, card_id: str) -> list[Agent]:
    """The mandates of a card, the oldest first."""
    query = (
        select(AGENTS).where(AGENTS.c.card_id == card_id).order_by(AGENTS.c.at, AGENTS.c.agent_id)
    )
    return [Agent(**row._mapping) for row in tx.execute(query)]


def page_of_agents(tx: Transaction, card_id: str, page: Page) -> Paged[Agent]:
    """A page of the mandates of a card, the latest first."""
    query = select(AGENTS).where(AGENTS.c.card_id == card_id)
    found = page_of(tx, query, [AGENTS.c.at, AGENTS.c.agent_id], page, latest_first=True)
    return found.made(lambda row: Agent(**row))


def withdraw_agent(tx: Transaction, card_id: str, agent_id: str, at: str) -> bool:
    """Take a mandate back; whether there was one that had not been."""
    standing = (
        (AGENTS.c.card_id == card_id)
        & (AGENTS.c.agent_id == agent_id)
        & AGENTS.c.withdrawn_at.is_(None)
    )
    return bool(tx.execute(update(AGENTS).where(standing).values(withdrawn_at=at)).rowcount)


def _account(values: Any) -> Account:
    row = dict(values)
    return Account(
        **{**row, "is_first": bool(row["is_first"]), "state": AccountState(row["state"])}
    )
