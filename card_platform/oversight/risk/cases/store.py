"""Tables and SQL of cases."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, insert, select, update

from card_platform.oversight.risk.cases.model import RiskCase, RiskCaseState
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

RISK_CASES = Table(
    "risk_cases",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("typology", String, nullable=False),
    Column("alert_id", String),
    Column("subject_kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("card_id", String),
    Column("facts", String, nullable=False),
    Column("state", String, nullable=False),
    Column("state_since", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("opened_by", String),
    Column("assigned_to", String),
    Column("frozen", Integer, nullable=False),
    Column("frozen_by", String),
    Column("due_at", String),
    Column("overdue_since", String),
    Column("decision", String),
    Column("decided_by", String),
    Column("notice", String),
    Column("appeal_until", String),
    Column("appeal", String),
    Column("appeal_decision", String),
    Column("referred_to", String),
    Index("ix_risk_cases_card_id", "card_id", "case_id"),
    Index("ix_risk_cases_state", "state", "case_id"),
    Index("ix_risk_cases_due_at", "due_at"),
)
CHANGES = History("risk_case_changes", "risk_cases.case_id")


def save(tx: Transaction, case: RiskCase, *, is_new: bool) -> None:
    """Save a case."""
    if is_new:
        tx.execute(insert(RISK_CASES).values(asdict(case)))
    else:
        where = RISK_CASES.c.case_id == case.case_id
        tx.execute(update(RISK_CASES).where(where).values(asdict(case)))


def find(tx: Transaction, case_id: str) -> RiskCase | None:
    """The case of that id, locked until the transaction ends."""
    query = select(RISK_CASES).where(RISK_CASES.c.case_id == case_id).with_for_update()
    found = tx.execute(query).one_or_none()
    return None if found is None else _case_of(dict(found._mapping))


def listed(
    tx: Transaction,
    page: Page,
    *,
    state: RiskCaseState | None = None,
    card_id: str | None = None,
    frozen: bool | None = None,
    overdue: bool | None = None,
) -> Paged[RiskCase]:
    """A page of cases, the latest first.

    `frozen`: whether a card is frozen for them now; `overdue`: whether they wait past a deadline.
    """
    query = select(RISK_CASES)
    if frozen is not None:
        query = query.where(RISK_CASES.c.frozen == int(frozen))
    if overdue is not None:
        since = RISK_CASES.c.overdue_since
        query = query.where(since.is_not(None) if overdue else since.is_(None))
    if state is not None:
        query = query.where(RISK_CASES.c.state == state.value)
    if card_id is not None:
        query = query.where(RISK_CASES.c.card_id == card_id)
    return page_of(tx, query, [RISK_CASES.c.case_id], page, latest_first=True).made(_case_of)


def confirmed_until(tx: Transaction, now: str) -> list[RiskCase]:
    """Confirmed cases whose appeal came to nothing in time."""
    late = (RISK_CASES.c.state == RiskCaseState.CONFIRMED.value) & (
        RISK_CASES.c.appeal_until <= now
    )
    return [_case_of(dict(row._mapping)) for row in tx.execute(select(RISK_CASES).where(late))]


def past(tx: Transaction, now: str) -> list[RiskCase]:
    """Cases whose deadline has passed, which nobody has told yet."""
    late = RISK_CASES.c.overdue_since.is_(None) & (RISK_CASES.c.due_at <= now)
    return [_case_of(dict(row._mapping)) for row in tx.execute(select(RISK_CASES).where(late))]


def end_freezes(tx: Transaction, card_id: str) -> None:
    """No case of this card keeps it frozen any more."""
    where = (RISK_CASES.c.card_id == card_id) & (RISK_CASES.c.frozen == 1)
    tx.execute(update(RISK_CASES).where(where).values(frozen=0))


def has_open(tx: Transaction, card_id: str) -> bool:
    """Whether a case about the card is being worked on."""
    working = [each.value for each in (RiskCaseState.OPENED, RiskCaseState.IN_HAND)]
    where = (RISK_CASES.c.card_id == card_id) & RISK_CASES.c.state.in_(working)
    return tx.execute(select(RISK_CASES.c.case_id).where(where).limit(1)).first() is not None


def _case_of(values: dict[str, Any]) -> RiskCase:
    return RiskCase(**{**values, "state": RiskCaseState(values["state"])})
