"""The lives of a batch, of a credit file and of a line that was not paid, as tables.

Rules (NM-12, CQ-8, NX-10, SC-f, YD-14):
- A file is one batch: one programme for one period. Its good lines wait for a decision, which
  somebody else takes than who brought the file.
- A person is paid once for a programme and a period, whatever files say so and when.
- Released lines go to the banks in pieces of `PIECE` lines, a credit file for each bank. A piece is
  done in one transaction with its money, so a process that is killed goes on behind it.
- Who must not be paid is stopped by name; the line waits, and is issued again when it is mended.
- Money a bank refuses or returns goes back to the fund; its line waits as well.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

import msgspec

from card_platform.settlement.payouts.refusals import (
    PayoutBatchStateForbids,
    PayoutLineStateForbids,
)
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after

PIECE: Final = 5_000
"""Lines one transaction deals with."""
CLOCK: Final = "clock"
"""Who does what falls due."""


class BatchState(StrEnum):
    """Where a batch is."""

    READING = "reading"
    WAITING = "waiting"
    REFUSED = "refused"
    RELEASED = "released"
    HELD = "held"
    EXECUTED = "executed"
    DROPPED = "dropped"


class BatchAction(StrEnum):
    """What may become of a batch."""

    FINISH_READING = "finish_reading"
    REFUSE = "refuse"
    RELEASE = "release"
    DROP = "drop"
    HOLD = "hold"
    EXECUTE = "execute"


_B, _BA = BatchState, BatchAction
PAYOUT_BATCH_LIFE: dict[BatchState, dict[BatchAction, BatchState]] = {
    _B.READING: {_BA.FINISH_READING: _B.WAITING, _BA.REFUSE: _B.REFUSED},
    _B.WAITING: {_BA.RELEASE: _B.RELEASED, _BA.DROP: _B.DROPPED},
    _B.REFUSED: {},
    _B.RELEASED: {_BA.HOLD: _B.HELD, _BA.EXECUTE: _B.EXECUTED},
    _B.HELD: {_BA.RELEASE: _B.RELEASED},
    _B.EXECUTED: {},
    _B.DROPPED: {},
}


class LineState(StrEnum):
    """Where a line is that the banks did not simply pay."""

    STOPPED = "stopped"
    REFUSED = "refused"
    RETURNED = "returned"
    DUE = "due"
    SENT = "sent"
    CLOSED = "closed"


class LineAction(StrEnum):
    """What may become of such a line."""

    REISSUE = "reissue"
    SEND = "send"
    STOP = "stop"
    REFUSE = "refuse"
    RETURN = "return"
    CLOSE = "close"


_L, _LA = LineState, LineAction
_MENDED = {_LA.REISSUE: _L.DUE, _LA.CLOSE: _L.CLOSED}
PAYOUT_LINE_LIFE: dict[LineState, dict[LineAction, LineState]] = {
    _L.STOPPED: _MENDED,
    _L.REFUSED: _MENDED,
    _L.RETURNED: _MENDED,
    _L.DUE: {_LA.SEND: _L.SENT, _LA.STOP: _L.STOPPED},
    _L.SENT: {_LA.REFUSE: _L.REFUSED, _LA.RETURN: _L.RETURNED},
    _L.CLOSED: {},
}


class FileState(StrEnum):
    """Where a credit file is."""

    ORDERED = "ordered"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SETTLED = "settled"


class FileAction(StrEnum):
    """What may become of a credit file."""

    ACCEPT = "accept"
    LOSE_ANSWER = "lose_answer"
    SEND_AGAIN = "send_again"
    SETTLE = "settle"


_F, _FA = FileState, FileAction
PAYOUT_FILE_LIFE: dict[FileState, dict[FileAction, FileState]] = {
    _F.ORDERED: {
        _FA.ACCEPT: _F.ACCEPTED,
        _FA.LOSE_ANSWER: _F.UNKNOWN,
        _FA.SETTLE: _F.SETTLED,
    },
    _F.UNKNOWN: {
        _FA.ACCEPT: _F.ACCEPTED,
        _FA.SEND_AGAIN: _F.ORDERED,
        _FA.SETTLE: _F.SETTLED,
    },
    _F.ACCEPTED: {_FA.SETTLE: _F.SETTLED},
    _F.SETTLED: {},
}


def file_after(state: FileState, action: FileAction) -> FileState:
    """The state after the action. Raises PayoutBatchStateForbids: the table has no such row."""
    return state_after(PAYOUT_FILE_LIFE, state, action, PayoutBatchStateForbids)


def batch_after(state: BatchState, action: BatchAction) -> BatchState:
    """The state after the action. Raises PayoutBatchStateForbids: the table has no such row."""
    return state_after(PAYOUT_BATCH_LIFE, state, action, PayoutBatchStateForbids)


def line_after(state: LineState, action: LineAction) -> LineState:
    """The state after the action. Raises PayoutLineStateForbids: the table has no such row."""
    return state_after(PAYOUT_LINE_LIFE, state, action, PayoutLineStateForbids)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A file of payouts and how far it has come.

    Attributes:
        campaign: the number of programme and period, under which a person is paid once.
        told_lines, told_sum_fen: what the file says of itself.
        read_lines: lines read, the faulty ones among them; `read_to` the last of them.
        lines, sum_fen: the good ones.
        faulty_lines: lines with a fault; `unread_amounts` those whose amount could not be read.
        done_to: the last line that was executed, or freed after a refusal or a drop.
        due_at: when there is work to do; None while there is none.
        reason: why it was refused, held, dropped.
    """

    batch: int
    message_id: str
    digest: str
    format: str
    programme: str
    period: str
    campaign: int
    fund: str
    told_lines: int
    told_sum_fen: int
    state: BatchState
    uploaded_by: str
    uploaded_at: str
    read_lines: int = 0
    read_to: int = 0
    read_sum_fen: int = 0
    lines: int = 0
    sum_fen: int = 0
    faulty_lines: int = 0
    unread_amounts: int = 0
    done_to: int = 0
    due_at: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None


class CreditFile(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one batch for one bank, ordered together.

    Attributes:
        lines, sum_fen: what was ordered.
        back_fen: of that what the bank refused or returned.
        due_at: when the bank is asked next; None when nothing is to be asked.
        settled_as: its place among all files that were settled, in the order they were.
    """

    file: int
    batch: int
    bank: str
    fund: str
    first_line: int
    last_line: int
    lines: int
    sum_fen: int
    state: FileState
    ordered_at: str
    due_at: str | None
    back_fen: int = 0
    tries: int = 0
    settled_as: int | None = None
    settled_at: str | None = None


class PayoutBatchChanged(Event, frozen=True, kw_only=True):
    """A batch was read, decided on, held or executed."""

    action: ClassVar[str] = "change-payout-batch"
    card_id: None = None
    batch: int
    step: str
    after: str
    lines: int
    sum_fen: int

    @property
    def detail(self) -> str:
        """Step, state, what it holds."""
        return (
            f"payout-{self.batch}: {self.step} -> {self.after}, "
            f"{self.lines} lines, {self.sum_fen} fen"
        )


class PayoutLineChanged(Event, frozen=True, kw_only=True):
    """Somebody decided on a line that was not paid, or on its account."""

    action: ClassVar[str] = "change-payout-line"
    card_id: None = None
    batch: int
    line: int
    step: str
    after: str

    @property
    def detail(self) -> str:
        """Which line, step, state."""
        return f"payout-{self.batch} line {self.line}: {self.step} -> {self.after}"
