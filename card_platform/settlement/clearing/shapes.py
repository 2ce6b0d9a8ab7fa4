"""Request and answer shapes of clearing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.settlement.clearing.model import ClearingDay, Sheet
from card_platform.web.request_body import RequestBody


class RunRequest(RequestBody, frozen=True):
    """The day to clear."""

    day: date


class WorkingOff(RequestBody, frozen=True):
    """What becomes of a sheet another region refused, and why."""

    action: Literal["send_again", "give_up"]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ClearingDayAnswer(msgspec.Struct, frozen=True):
    """A run: all taps of its day and what they came to."""

    day: str
    state: Literal["running", "closed"]
    taps: int
    amount_fen: int
    begun_at: str
    closed_at: str | None


class ClearingDaysAnswer(msgspec.Struct, frozen=True):
    """Days, the latest first."""

    days: list[ClearingDayAnswer]
    next: str | None


class SheetProblem(msgspec.Struct, frozen=True):
    """Why the other region refused a sheet."""

    code: str
    detail_zh: str
    detail_en: str


class SheetAnswer(msgspec.Struct, frozen=True):
    """A claim on another region and what became of it."""

    sheet_id: str
    day: str
    region: str
    number: int
    taps: int
    amount_fen: int
    state: Literal["sent", "agreed", "disputed", "given_up"]
    problem: SheetProblem | None


class SheetsAnswer(msgspec.Struct, frozen=True):
    """Sheets another region refused, to be worked off."""

    sheets: list[SheetAnswer]
    next: str | None


def day_answer(day: ClearingDay) -> ClearingDayAnswer:
    """A run as it is told."""
    return ClearingDayAnswer(
        day.day, day.state.value, day.taps, day.amount_fen, day.begun_at, day.closed_at
    )


def sheet_answer(sheet: Sheet) -> SheetAnswer:
    """A sheet as it is told."""
    return SheetAnswer(
        sheet.sheet_id,
        sheet.day,
        sheet.region,
        sheet.number,
        sheet.taps,
        sheet.amount_fen,
        sheet.state.value,
        msgspec.json.decode(sheet.problem, type=SheetProblem) if sheet.problem else None,
    )
