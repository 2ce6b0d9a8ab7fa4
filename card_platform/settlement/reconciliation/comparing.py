"""Movements as the platform learns them, and a day of them against the bank's file.

Rules:
- What the bank booked on a day that was compared already is compared by itself as it is learned: a
  difference that is gone by that is settled, a new one is found, also on a day that is closed.
- Money that comes back for an order nobody here made, or that was refused or returned before, is a
  difference at once: it moves nothing in the books until somebody has worked it off.
"""

from __future__ import annotations

import msgspec

from card_platform.settlement.reconciliation import differences, line_store, store
from card_platform.settlement.reconciliation.model import (
    LEFT,
    BankStatement,
    DifferenceAction,
    DifferenceKind,
    Line,
    Place,
    Result,
    Side,
    Stage,
    StatementState,
    kind_of_difference,
)
from card_platform.storage import Transaction

_CLOCK = "clock"
LEARNED_LATER = "learned-later"
"""Why the platform settles a difference by itself."""


def record(tx: Transaction, bank: str, line: Line, at: str) -> None:
    """Put on record that the bank booked this; `at` is when the platform learned it."""
    store.take_turn(tx, bank)
    if not line_store.add_movement(tx, bank, line):
        return
    day = line.at[:10]
    statement = store.find_statement(tx, bank, day)
    if statement is None or statement.state is StatementState.READING:
        return
    own = Side(line.result.value, line.amount_fen)
    theirs = line_store.statement_line(tx, bank, day, line.reference, line.stage)
    kind = kind_of_difference(own, theirs)
    place = Place(bank, day, line.reference, line.stage)
    known = store.difference_of_line(tx, place)
    if known is None and kind is not None:
        differences.find(tx, place, kind, own, theirs, at=at, by=_CLOCK)
    elif known is not None and known.state in LEFT:
        learned = msgspec.structs.replace(
            known, kind=kind or known.kind, own_result=own.result, own_fen=own.amount_fen
        )
        if kind is None:
            match = DifferenceAction.MATCH
            differences.step(tx, learned, match, reason=LEARNED_LATER, at=at, by=_CLOCK)
        else:
            store.save_difference(tx, learned)


def is_returned(tx: Transaction, bank: str, reference: str) -> bool:
    """Whether the bank has returned this before."""
    return line_store.movement_of(tx, bank, reference, Stage.RETURN) is not None


def note_stray_return(
    tx: Transaction, bank: str, line: Line, at: str, reason: str | None = None
) -> None:
    """Money came back that belongs to no order that could return it."""
    store.take_turn(tx, bank)
    state = _order_here(tx, bank, line.reference)
    kind = DifferenceKind.BANK_ONLY if state is None else DifferenceKind.STATE
    place = Place(bank, line.at[:10], line.reference, Stage.RETURN)
    theirs = Side(Result.RETURNED.value, line.amount_fen)
    differences.find(tx, place, kind, state, theirs, at=at, by=_CLOCK, reason=reason)


def compare_day(tx: Transaction, statement: BankStatement, at: str, by: str) -> int:
    """Find every difference of a day, a piece at a time; how many lines both have, the same."""
    bank, day = statement.bank, statement.day
    differing = 0
    for own_side in (True, False):
        after = ("", "")
        while rows := line_store.differing(tx, bank, day, after, own=own_side):
            for reference, stage, own, theirs in rows:
                side = own or _order_here(tx, bank, reference)
                kind = kind_of_difference(side, theirs)
                assert kind is not None  # noqa: S101 - the database found that they differ
                place = Place(bank, day, reference, stage)
                differences.find(tx, place, kind, side, theirs, at=at, by=by)
            differing += len(rows) if own_side else 0
            after = (rows[-1][0], rows[-1][1].value)
            if len(rows) < line_store.PIECE:
                break
    own_lines, _ = line_store.own_totals(tx, bank, day)
    return own_lines - differing


def _order_here(tx: Transaction, bank: str, reference: str) -> Side | None:
    """That an order of that reference is known here, and how it stands, where the line is not."""
    state = line_store.state_of_order(tx, bank, reference)
    return None if state is None else Side(f"order-{state}", None)
