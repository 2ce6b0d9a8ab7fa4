"""Lines of a bank's day, the kinds of difference, and the lives of both as tables.

Rules:
- A line is one thing the bank has booked: an order it settled or refused, money it returned. The
  day is the bank's: the day on which it booked it, whenever the platform came to know.
- A credit file of payouts is one line; each credit of it that came back is a line of its own.
- A difference is `we_only`, `bank_only` (nobody here ordered it), `state` (another result, or the
  order is under way here) or `amount`. It is worked off by a person, or by the platform itself when
  it learns what the bank knew before.
- A difference may be explained by one person. Money is booked by two: one proposes the account,
  another approves. Amount and direction follow from the difference, so nobody types them.
- A day is closed when no difference of it is left; neither is its month closed before.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final, NamedTuple

import msgspec

from card_platform.settlement.reconciliation.refusals import (
    BankDifferenceStateForbids,
    BankStatementStateForbids,
)
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class Result(StrEnum):
    """What the bank did."""

    SETTLED = "settled"
    REFUSED = "refused"
    RETURNED = "returned"


class Stage(StrEnum):
    """Which of the two things that may befall an order: what became of it, its return."""

    ORDER = "order"
    RETURN = "return"


class Line(NamedTuple):
    """One thing a bank booked; `reference` names the order, `at` is the bank's moment."""

    reference: str
    result: Result
    amount_fen: int
    at: str

    @property
    def stage(self) -> Stage:
        """What it tells of the order."""
        return Stage.RETURN if self.result is Result.RETURNED else Stage.ORDER


CREDIT_FILE: Final = "payout-file:"
"""How the reference of a credit file of payouts begins, and of its credits."""


def reference_of_file(file: int) -> str:
    """How a credit file is named to its bank."""
    return f"{CREDIT_FILE}{file}"


def reference_of_credit(file: int, line: int) -> str:
    """How one credit of a file is named to its bank."""
    return f"{CREDIT_FILE}{file}:{line}"


class Place(NamedTuple):
    """Which line of which file."""

    bank: str
    day: str
    reference: str
    stage: Stage


class Side(NamedTuple):
    """What one side says of a line: a result; of ours also how the order stands, `order-...`."""

    result: str
    amount_fen: int | None


class DifferenceKind(StrEnum):
    """How the two files differ in one line."""

    WE_ONLY = "we_only"
    BANK_ONLY = "bank_only"
    STATE = "state"
    AMOUNT = "amount"


def kind_of_difference(own: Side | None, bank: Side | None) -> DifferenceKind | None:
    """How two sides differ; None where they agree."""
    if bank is None:
        return None if own is None else DifferenceKind.WE_ONLY
    if own is None:
        return DifferenceKind.BANK_ONLY
    if own.result != bank.result:
        return DifferenceKind.STATE
    return None if own.amount_fen == bank.amount_fen else DifferenceKind.AMOUNT


class StatementState(StrEnum):
    """Where the comparison of a bank's day is."""

    READING = "reading"
    COMPARED = "compared"
    CLOSED = "closed"


class OpenDay(NamedTuple):
    """A day on which a bank booked something, as the platform learned it, and that was not compared
    with the bank's file: of the platform's own file the lines and their sum.
    """

    bank: str
    day: str
    lines: int
    sum_fen: int


class StatementAction(StrEnum):
    """What is done with it."""

    COMPARE = "compare"
    CLOSE = "close"


_S, _SA = StatementState, StatementAction
BANK_STATEMENT_LIFE: dict[StatementState, dict[StatementAction, StatementState]] = {
    _S.READING: {_SA.COMPARE: _S.COMPARED},
    _S.COMPARED: {_SA.CLOSE: _S.CLOSED},
    _S.CLOSED: {},
}


class DifferenceState(StrEnum):
    """Where a difference is."""

    OPEN = "open"
    PROPOSED = "proposed"
    EXPLAINED = "explained"
    SETTLED = "settled"


class DifferenceAction(StrEnum):
    """What may become of a difference."""

    EXPLAIN = "explain"
    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    MATCH = "match"


_D, _DA = DifferenceState, DifferenceAction
BANK_DIFFERENCE_LIFE: dict[DifferenceState, dict[DifferenceAction, DifferenceState]] = {
    _D.OPEN: {_DA.EXPLAIN: _D.EXPLAINED, _DA.PROPOSE: _D.PROPOSED, _DA.MATCH: _D.SETTLED},
    _D.PROPOSED: {_DA.APPROVE: _D.SETTLED, _DA.REJECT: _D.OPEN, _DA.MATCH: _D.SETTLED},
    _D.EXPLAINED: {},
    _D.SETTLED: {},
}
LEFT = (_D.OPEN, _D.PROPOSED)
"""States in which it is still to be worked off."""


def statement_after(state: StatementState, action: StatementAction) -> StatementState:
    """The state after the action. Raises BankStatementStateForbids: the table has no such row."""
    return state_after(BANK_STATEMENT_LIFE, state, action, BankStatementStateForbids)


def difference_after(state: DifferenceState, action: DifferenceAction) -> DifferenceState:
    """The state after the action. Raises BankDifferenceStateForbids: the table has no such row."""
    return state_after(BANK_DIFFERENCE_LIFE, state, action, BankDifferenceStateForbids)


class BankStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A bank's file of a day and how it compared.

    Attributes:
        lines, sum_fen: what the file says of itself.
        read_to: the last line that was read.
        own_lines, own_sum_fen: the platform's own file when it was compared.
        matched: lines both have, the same.
    """

    bank: str
    day: str
    digest: str
    state: StatementState
    lines: int
    sum_fen: int
    brought_by: str
    brought_at: str
    read_to: int = 0
    own_lines: int = 0
    own_sum_fen: int = 0
    matched: int = 0
    closed_by: str | None = None
    closed_at: str | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One line that differs.

    Attributes:
        own_result: what the platform has booked; `order-STATE` where it knows the order and has
            not booked this of it; None where nobody here ordered it.
        account: of the ledger, proposed against the bank's; `proposed_by` somebody else approves.
        reason: of the last step.
    """

    difference_id: str
    bank: str
    day: str
    reference: str
    stage: Stage
    kind: DifferenceKind
    own_result: str | None
    own_fen: int | None
    bank_result: str | None
    bank_fen: int | None
    state: DifferenceState
    found_at: str
    account: str | None = None
    proposed_by: str | None = None
    transfer_id: str | None = None
    reason: str | None = None

    @property
    def gap_fen(self) -> int:
        """How much more the bank is owed by its own file than by the platform's, in fen."""
        return _owed(self.bank_result, self.bank_fen) - _owed(self.own_result, self.own_fen)


def _owed(result: str | None, amount_fen: int | None) -> int:
    sign = 1 if result == Result.SETTLED else -1 if result == Result.RETURNED else 0
    return sign * (amount_fen or 0)


class BankStatementChanged(Event, frozen=True, kw_only=True):
    """A bank's day was compared or closed."""

    action: ClassVar[str] = "change-bank-statement"
    card_id: None = None
    bank: str
    day: str
    step: str
    matched: int
    left: int

    @property
    def detail(self) -> str:
        """Which, step, how it stands."""
        return f"{self.bank} {self.day}: {self.step}, {self.matched} matched, {self.left} left"


class BankDifferenceChanged(Event, frozen=True, kw_only=True):
    """A difference was found, or something became of it."""

    action: ClassVar[str] = "change-bank-difference"
    card_id: None = None
    difference_id: str
    step: str
    after: str
    gap_fen: int

    @property
    def detail(self) -> str:
        """Which, step, state, how much."""
        return f"{self.difference_id}: {self.step} -> {self.after}, {self.gap_fen} fen"
