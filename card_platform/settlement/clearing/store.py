"""Tables and SQL of clearing: days, their sums, sheets for other regions, and theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    func,
    select,
    update,
)

from card_platform.settlement.clearing.model import (
    ClearingDay,
    DayState,
    Sheet,
    SheetLine,
    SheetState,
    TapSum,
)
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

CLEARING_DAYS = Table(
    "clearing_days",
    METADATA,
    Column("day", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("from_mark", String, nullable=False),
    Column("to_mark", String, nullable=False),
    Column("reached", String, nullable=False),
    Column("taps", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("begun_at", String, nullable=False),
    Column("begun_by", String, nullable=False),
    Column("closed_at", String),
)

CLEARING_SUMS = Table(
    "clearing_sums",
    METADATA,
    Column("day", String, ForeignKey("clearing_days.day"), primary_key=True),
    Column("region", String, primary_key=True),
    Column("operator", String, primary_key=True),
    Column("ride_day", String, primary_key=True),
    Column("taps", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
)
"""`region` issued the cards; own cards are summed too."""

CLEARING_SHEETS = Table(
    "clearing_sheets",
    METADATA,
    Column("sheet_id", String, primary_key=True),
    Column("day", String, ForeignKey("clearing_days.day"), nullable=False),
    Column("region", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("taps", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("problem", String),
    Index("ix_clearing_sheets_of_day", "day", "region"),
    Index("ix_clearing_sheets_state", "state", "sheet_id"),
)
SHEET_CHANGES = History("clearing_sheet_changes", "clearing_sheets.sheet_id", "reason")

BOOKED_SHEETS = Table(
    "clearing_booked_sheets",
    METADATA,
    Column("region", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("taps", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("lines", String, nullable=False),
    Column("booked_at", String, nullable=False),
)
"""Sheets of other regions: what own cards paid there. `lines` as they came, in JSON."""

_DAY_COLUMNS = ClearingDay.__struct_fields__
_ADD_DAY = Statement(
    f"INSERT INTO clearing_days ({', '.join(_DAY_COLUMNS)})"  # noqa: S608 - names of our own
    f" VALUES ({', '.join(f':{name}' for name in _DAY_COLUMNS)}) ON CONFLICT (day) DO NOTHING"
)
_ADVANCE = Statement(
    "UPDATE clearing_days SET reached = :through, taps = taps + :taps,"
    " amount_fen = amount_fen + :amount_fen"
    " WHERE day = :day AND state = 'running' AND reached = :after"
)
_ADD_SUM = Statement(
    "INSERT INTO clearing_sums (day, region, operator, ride_day, taps, amount_fen)"
    " VALUES (:day, :region, :operator, :ride_day, :taps, :amount_fen)"
    " ON CONFLICT (day, region, operator, ride_day) DO UPDATE SET"
    " taps = clearing_sums.taps + excluded.taps,"
    " amount_fen = clearing_sums.amount_fen + excluded.amount_fen"
)
_BOOK = Statement(
    "INSERT INTO clearing_booked_sheets (region, day, number, taps, amount_fen, lines, booked_at)"
    " VALUES (:region, :day, :number, :taps, :amount_fen, :lines, :booked_at)"
    " ON CONFLICT (region, day, number) DO NOTHING"
)


def add_day(tx: Transaction, day: ClearingDay) -> bool:
    """Save a run that begins; False where its day has one."""
    return bool(tx.run(_ADD_DAY, {**msgspec.structs.asdict(day), "state": day.state.value}))


def find_day(tx: Transaction, day: str) -> ClearingDay | None:
    """The run of that day."""
    row = tx.execute(select(CLEARING_DAYS).where(CLEARING_DAYS.c.day == day)).one_or_none()
    return None if row is None else _day_of(dict(row._mapping))


def last_day(tx: Transaction) -> ClearingDay | None:
    """The run of the last day."""
    query = select(CLEARING_DAYS).order_by(CLEARING_DAYS.c.day.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return None if row is None else _day_of(dict(row._mapping))


def page_of_days(tx: Transaction, page: Page) -> Paged[ClearingDay]:
    """A page of the days, the latest first."""
    columns = [CLEARING_DAYS.c.day]
    return page_of(tx, select(CLEARING_DAYS), columns, page, latest_first=True).made(_day_of)


def advance(tx: Transaction, *, day: str, after: str, through: str, taps: int, fen: int) -> bool:
    """Move a run from one place to another; False where it is not at the first."""
    places: dict[str, object] = {"day": day, "after": after, "through": through}
    return bool(tx.run(_ADVANCE, {**places, "taps": taps, "amount_fen": fen}))


def add_sums(tx: Transaction, day: str, sums: Iterable[TapSum]) -> None:
    """Add the sums of a piece to those of its day."""
    for each in sums:
        tx.run(_ADD_SUM, {"day": day, **msgspec.structs.asdict(each)})


def close_day(tx: Transaction, day: str, at: str) -> None:
    """Close the day of a run that has reached its end."""
    closed = {"state": DayState.CLOSED.value, "closed_at": at}
    tx.execute(update(CLEARING_DAYS).where(CLEARING_DAYS.c.day == day).values(closed))


def sums_of(
    tx: Transaction, day: str, *, region: str | None = None, operator: str | None = None
) -> list[TapSum]:
    """The sums of a day, all or those of one region's cards or one operator, in their order."""
    columns = CLEARING_SUMS.c
    query = select(*(columns[name] for name in TapSum.__struct_fields__)).where(columns.day == day)
    if region is not None:
        query = query.where(columns.region == region)
    if operator is not None:
        query = query.where(columns.operator == operator)
    query = query.order_by(columns.region, columns.operator, columns.ride_day)
    return [TapSum(*row) for row in tx.select(query)]


def add_sheet(tx: Transaction, sheet: Sheet) -> None:
    """Save a new sheet."""
    tx.execute(
        CLEARING_SHEETS.insert().values({**msgspec.structs.asdict(sheet), "state": sheet.state})
    )


def save_sheet(tx: Transaction, sheet: Sheet) -> None:
    """Save what became of a sheet."""
    by_id = CLEARING_SHEETS.c.sheet_id == sheet.sheet_id
    changed = {"state": sheet.state.value, "problem": sheet.problem}
    tx.execute(update(CLEARING_SHEETS).where(by_id).values(changed))


def find_sheet(tx: Transaction, sheet_id: str, *, to_change: bool = False) -> Sheet | None:
    """The sheet of that id; with `to_change`, others wait until this request ends."""
    query = select(CLEARING_SHEETS).where(CLEARING_SHEETS.c.sheet_id == sheet_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    return None if row is None else _sheet_of(dict(row._mapping))


def sheets_of(tx: Transaction, day: str, region: str | None = None) -> list[Sheet]:
    """The sheets of a day, for all regions or for one, in their order."""
    columns = CLEARING_SHEETS.c
    query = select(CLEARING_SHEETS).where(columns.day == day)
    if region is not None:
        query = query.where(columns.region == region)
    rows: list[Any] = list(tx.execute(query.order_by(columns.region, columns.number)))
    return [_sheet_of(dict(row._mapping)) for row in rows]


def page_of_disputed(tx: Transaction, page: Page) -> Paged[Sheet]:
    """A page of the sheets another region refused."""
    disputed = CLEARING_SHEETS.c.state == SheetState.DISPUTED.value
    query = select(CLEARING_SHEETS).where(disputed)
    return page_of(tx, query, [CLEARING_SHEETS.c.sheet_id], page).made(_sheet_of)


def book(
    tx: Transaction, region: str, day: date, number: int, *, lines: Sequence[SheetLine], at: str
) -> bool:
    """Save another region's sheet; False where there is one of that day and number."""
    values: dict[str, object] = {
        "region": region,
        "day": day.isoformat(),
        "number": number,
        "taps": sum(line.taps for line in lines),
        "amount_fen": sum(line.amount_fen for line in lines),
        "lines": msgspec.json.encode(lines).decode(),
        "booked_at": at,
    }
    return bool(tx.run(_BOOK, values))


def booked_lines(
    tx: Transaction, day: str, region: str, number: int | None = None
) -> list[SheetLine]:
    """The lines another region's sheets of a day have here, all or those of one sheet."""
    columns = BOOKED_SHEETS.c
    query = select(columns.lines).where(columns.region == region, columns.day == day)
    if number is not None:
        query = query.where(columns.number == number)
    rows = tx.select(query.order_by(columns.number))
    return [line for (text,) in rows for line in msgspec.json.decode(text, type=list[SheetLine])]


def booked_by_region(tx: Transaction, day: str) -> dict[str, tuple[int, int]]:
    """Taps and fen of the day's sheets of each region that sent any."""
    columns = BOOKED_SHEETS.c
    query = select(columns.region, func.sum(columns.taps), func.sum(columns.amount_fen))
    query = query.where(columns.day == day).group_by(columns.region).order_by(columns.region)
    return {region: (int(taps), int(fen)) for region, taps, fen in tx.select(query)}


def _day_of(values: dict[str, Any]) -> ClearingDay:
    return ClearingDay(**{**values, "state": DayState(values["state"])})


def _sheet_of(values: dict[str, Any]) -> Sheet:
    return Sheet(**{**values, "state": SheetState(values["state"])})
