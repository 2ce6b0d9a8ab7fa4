"""SQL of batches: their rows, the numbers of programmes and periods, their faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import select, update

from card_platform.settlement.payouts.line_faults import Fault, LineFault
from card_platform.settlement.payouts.model import Batch, BatchState
from card_platform.settlement.payouts.tables import BATCHES, FAULTS
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.counters import next_number

_COUNTER, _CAMPAIGNS = "payout-batch", "payout-campaign"
_CAMPAIGN = Statement(
    "SELECT campaign FROM payout_campaigns WHERE programme = :programme AND period = :period"
)
_ADD_CAMPAIGN = Statement(
    "INSERT INTO payout_campaigns (programme, period, campaign)"
    " VALUES (:programme, :period, :campaign) ON CONFLICT (programme, period) DO NOTHING"
)
_ADD_FAULT = Statement(
    "INSERT INTO payout_faults (batch, line, place, field, code, found)"
    " VALUES (:batch, :line, :place, :field, :code, :found)"
)
_COLUMNS = Batch.__struct_fields__
_ADD = Statement(
    f"INSERT INTO payout_batches ({', '.join(_COLUMNS)})"  # noqa: S608 - our own columns
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (message_id) DO NOTHING"
)


def new_number(tx: Transaction) -> int:
    """The number of a new batch."""
    return next_number(tx, _COUNTER)


def campaign_of(tx: Transaction, programme: str, period: str) -> int:
    """The number under which a person is paid once for the programme and the period."""
    named = {"programme": programme, "period": period}
    found = tx.rows(_CAMPAIGN, named)
    if not found:
        tx.run(_ADD_CAMPAIGN, {**named, "campaign": next_number(tx, _CAMPAIGNS)})
        found = tx.rows(_CAMPAIGN, named)
    return int(found[0][0])


def add(tx: Transaction, batch: Batch) -> bool:
    """Save a new batch; False where another has its message id."""
    return bool(tx.run(_ADD, {**msgspec.structs.asdict(batch), "state": batch.state.value}))


def save(tx: Transaction, batch: Batch) -> None:
    """Save how far a batch has come."""
    values = {**msgspec.structs.asdict(batch), "state": batch.state.value}
    tx.execute(update(BATCHES).where(BATCHES.c.batch == batch.batch).values(values))


def find(tx: Transaction, batch: int) -> Batch | None:
    """The batch of that number."""
    return _one(tx, select(BATCHES).where(BATCHES.c.batch == batch))


def find_to_change(tx: Transaction, batch: int) -> Batch | None:
    """The same, locked until the transaction ends."""
    return _one(tx, select(BATCHES).where(BATCHES.c.batch == batch).with_for_update())


def find_by_message(tx: Transaction, message_id: str) -> Batch | None:
    """The batch of that message id."""
    return _one(tx, select(BATCHES).where(BATCHES.c.message_id == message_id))


def due(tx: Transaction, now: str) -> Batch | None:
    """The batch whose work has waited longest; locked, and by nobody else's."""
    query = select(BATCHES).where(BATCHES.c.due_at <= now)
    query = query.order_by(BATCHES.c.due_at, BATCHES.c.batch).limit(1)
    return _one(tx, query.with_for_update(skip_locked=True))


def page_of_batches(tx: Transaction, page: Page) -> Paged[Batch]:
    """A page of all batches, the latest first."""
    return page_of(tx, select(BATCHES), [BATCHES.c.batch], page, latest_first=True).made(_batch_of)


def add_faults(tx: Transaction, batch: int, faults: Iterable[Fault]) -> None:
    """Save what is wrong with lines; the faults of a line stand side by side."""
    places: dict[int, int] = {}
    rows = []
    for each in faults:
        place = places[each.line] = places.get(each.line, -1) + 1
        rows.append((batch, each.line, place, each.field, each.code.value, each.found))
    tx.add_ordered(_ADD_FAULT, rows)


def is_broken(tx: Transaction, batch: int) -> bool:
    """Whether the file ended before its end."""
    broken = FAULTS.c.code == LineFault.BROKEN.value
    return bool(tx.select(select(FAULTS.c.line).where(FAULTS.c.batch == batch, broken)))


def page_of_faults(tx: Transaction, batch: int, page: Page) -> Paged[Fault]:
    """A page of a batch's faults, by line."""
    query = select(FAULTS.c.line, FAULTS.c.field, FAULTS.c.code, FAULTS.c.found)
    query = query.where(FAULTS.c.batch == batch)
    found = page_of(tx, query, [FAULTS.c.line, FAULTS.c.place], page)
    return found.made(lambda row: Fault(**{**row, "code": LineFault(row["code"])}))


def _one(tx: Transaction, query: Any) -> Batch | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _batch_of(dict(row._mapping))


def _batch_of(values: dict[str, Any]) -> Batch:
    return Batch(**{**values, "state": BatchState(values["state"])})
