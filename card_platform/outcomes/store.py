"""Outcomes as they lie in the sealed audit, and the table of webhooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Index, String, Table, func, insert, select, update

from card_platform.outcomes.model import Kind, Outcome, Webhook, WebhookState, told_detail
from card_platform.oversight.audit.store import AUDIT_RECORDS, AUDIT_SEALS, look_at_chain
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.schema import METADATA

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("webhook_id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("url", String, nullable=False),
    Column("kinds", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("delivered", BigInteger, nullable=False),
    Column("delivered_at", String),
    Column("failing_since", String),
    Column("last_fault", String),
    Index("ix_webhooks_of_owner", "owner", "webhook_id"),
    Index("ix_webhooks_of_state", "state", "webhook_id"),
)
SCANNED_MAX = 10_000
"""Most numbers looked at in one read: a reader of rare kinds does not scan a year of taps."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Outcomes in order, and the number up to which they were looked for."""

    outcomes: list[Outcome]
    reached: int


def head(tx: Transaction) -> int:
    """The last number there is."""
    return look_at_chain(tx).head.position


def stretch_after(tx: Transaction, after: int, kinds: Collection[Kind], limit: int) -> Stretch:
    """The outcomes of those kinds after a number.

    The head is read first: on PostgreSQL the second statement may see more than the first, never
    less, so nothing up to that head is missing from it.
    """
    end = min(head(tx), after + SCANNED_MAX)
    query = (
        select(
            AUDIT_SEALS.c.position,
            AUDIT_RECORDS.c.action,
            AUDIT_RECORDS.c.at,
            AUDIT_RECORDS.c.by,
            AUDIT_RECORDS.c.card_id,
            AUDIT_RECORDS.c.detail,
        )
        .join(AUDIT_RECORDS, AUDIT_RECORDS.c.number == AUDIT_SEALS.c.number)
        .where(
            AUDIT_SEALS.c.position > after,
            AUDIT_SEALS.c.position <= end,
            AUDIT_RECORDS.c.action.in_(sorted(kinds)),
        )
        .order_by(AUDIT_SEALS.c.position)
        .limit(limit)
    )
    found = [
        Outcome(number, kind, at, by, card_id, told_detail(kind, detail))
        for number, kind, at, by, card_id, detail in tx.select(query)
    ]
    return Stretch(found, found[-1].number if len(found) == limit else max(after, end))


def add_webhook(tx: Transaction, webhook: Webhook) -> None:
    """Save a new webhook."""
    tx.execute(insert(WEBHOOKS).values({**asdict(webhook), "kinds": " ".join(webhook.kinds)}))


def find_webhook(tx: Transaction, webhook_id: str, *, to_change: bool = False) -> Webhook | None:
    """The webhook; with `to_change` locked until the transaction ends."""
    query = select(WEBHOOKS).where(WEBHOOKS.c.webhook_id == webhook_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _webhook(dict(row._mapping))


def save_webhook(tx: Transaction, webhook: Webhook) -> None:
    """Save what changed of a webhook."""
    values = {**asdict(webhook), "kinds": " ".join(webhook.kinds)}
    row = WEBHOOKS.c.webhook_id == webhook.webhook_id
    tx.execute(update(WEBHOOKS).where(row).values(values))


def webhooks_of(tx: Transaction, owner: str, page: Page) -> Paged[Webhook]:
    """A page of a role's webhooks, oldest first."""
    query = select(WEBHOOKS).where(WEBHOOKS.c.owner == owner)
    return page_of(tx, query, [WEBHOOKS.c.webhook_id], page).made(_webhook)


def count_living(tx: Transaction, owner: str) -> int:
    """How many webhooks of a role have not ended."""
    living = WEBHOOKS.c.state != WebhookState.ENDED.value
    query = select(func.count()).where(WEBHOOKS.c.owner == owner, living)
    return int(tx.execute(query).scalar_one())


def behind(tx: Transaction) -> list[str]:
    """The active webhooks to which something may have to be brought."""
    active = WEBHOOKS.c.state == WebhookState.ACTIVE.value
    query = select(WEBHOOKS.c.webhook_id).where(active, WEBHOOKS.c.delivered < head(tx))
    return [str(row[0]) for row in tx.select(query.order_by(WEBHOOKS.c.webhook_id))]


def _webhook(row: dict[str, Any]) -> Webhook:
    kinds = tuple(Kind(each) for each in row["kinds"].split())
    return Webhook(**{**row, "kinds": kinds, "state": WebhookState(row["state"])})
