"""Request and answer shapes of reconciliation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from card_platform.settlement.ledger.shapes import AccountText, Words
from card_platform.settlement.reconciliation.model import BankStatement, Difference
from card_platform.web.request_body import EXACT_NUMBER_MAX, RequestBody

FILE_MAX_CHARACTERS = 1_000_000
"""Longest file of one request, some 10,000 lines; a larger one is read by a command."""
REQUEST_MAX_BYTES = 4_500_000
"""Such a file as JSON, every character of four bytes or escaped."""
LINES_TOLD_MAX = 10_000
"""Most lines of a file in an answer."""
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
StrayFen = Annotated[int, msgspec.Meta(ge=1, le=EXACT_NUMBER_MAX)]


class StatementBody(RequestBody, frozen=True):
    """A bank's file of a day, as text."""

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=FILE_MAX_CHARACTERS)]


class ClosingBody(RequestBody, frozen=True):
    """Nothing more is said to close a day."""


class ExplanationBody(RequestBody, frozen=True):
    """Why a difference is."""

    reason: Words


class DifferenceBookingBody(RequestBody, frozen=True):
    """The account of the ledger against which it is to be booked, and why."""

    account: AccountText
    reason: Words


class DifferenceDecisionBody(RequestBody, frozen=True):
    """What becomes of a proposed booking, and why."""

    decision: Literal["approve", "reject"]
    reason: Words


class SimulatedStatementBody(RequestBody, frozen=True):
    """The day, and how many lines of the file are to be wrong, which by the seed."""

    day: date
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    missing: Count = 0
    extra: Count = 0
    wrong_amounts: Count = 0
    wrong_results: Count = 0


class StrayReturnBody(RequestBody, frozen=True):
    """How much a simulated bank returns that nobody here ordered."""

    amount_fen: StrayFen


class StrayReturnAnswer(msgspec.Struct, frozen=True):
    """What it names."""

    reference: str
    amount_fen: int


class StatementFileAnswer(msgspec.Struct, frozen=True):
    """A file as text, and what its header says."""

    bank: str
    day: str
    lines: int
    sum_fen: int
    file: str


class StatementAnswer(msgspec.Struct, frozen=True):
    """A bank's day: its file, the platform's, what both have, how many lines differ.

    `differences` are all that were found, `left` those still to be worked off.
    """

    bank: str
    day: str
    state: str
    lines: int
    sum_fen: int
    own_lines: int
    own_sum_fen: int
    matched: int
    differences: int
    left: int
    brought_by: str
    brought_at: str
    closed_by: str | None
    closed_at: str | None


class StatementsAnswer(msgspec.Struct, frozen=True):
    """A page of them, the latest day first."""

    statements: list[StatementAnswer]
    next: str | None


class OpenDayAnswer(msgspec.Struct, frozen=True):
    """A bank's day that was not compared; lines and sum of the platform's own file."""

    bank: str
    day: str
    lines: int
    sum_fen: int


class OpenDaysAnswer(msgspec.Struct, frozen=True):
    """A page of them, the first day first."""

    days: list[OpenDayAnswer]
    next: str | None


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """A difference; `gap_fen` is how much more the bank is owed by its file than by ours."""

    difference_id: str
    bank: str
    day: str
    reference: str
    kind: str
    own_result: str | None
    own_fen: int | None
    bank_result: str | None
    bank_fen: int | None
    gap_fen: int
    state: str
    reason: str | None
    account: str | None
    proposed_by: str | None
    transfer_id: str | None
    found_at: str


class DifferencesAnswer(msgspec.Struct, frozen=True):
    """A page of differences."""

    differences: list[DifferenceAnswer]
    next: str | None


class DifferenceStepAnswer(msgspec.Struct, frozen=True):
    """A step of a difference: who did what, why, when."""

    action: str
    before: str | None
    after: str
    reason: str | None
    at: str
    by: str


class DifferenceHistoryAnswer(msgspec.Struct, frozen=True):
    """A difference and its steps, in order: a handful each."""

    difference: DifferenceAnswer
    steps: list[DifferenceStepAnswer]


def statement_answer(statement: BankStatement, counts: tuple[int, int]) -> StatementAnswer:
    """A statement as it is told; `counts` are its differences and those that are left."""
    counted = {"differences": counts[0], "left": counts[1]}
    names = [name for name in StatementAnswer.__struct_fields__ if name not in counted]
    told = {name: getattr(statement, name) for name in names}
    return StatementAnswer(**{**told, **counted, "state": statement.state.value})


def difference_answer(difference: Difference) -> DifferenceAnswer:
    """A difference as it is told."""
    names = DifferenceAnswer.__struct_fields__
    told = {name: getattr(difference, name) for name in names}
    return DifferenceAnswer(
        **{**told, "kind": difference.kind.value, "state": difference.state.value}
    )
