"""A terminal's journal: told at once when the platform answers, signed and kept when it does not.

Rules:
- What moved money is written down before the platform is told, and the act before the card is asked
  for it: a terminal that is killed at any moment knows afterwards what it has to ask or to tell.
- A report that cannot be told is signed into the chain; from then on everything goes through the
  signed queue, in order, until it is empty. Each report keeps its Idempotency-Key, so one that did
  arrive is not counted twice.
- What the platform refuses for good (`PlatformRefuses.is_final`) is set aside in `refused` and
  raised: sending it again would not help. Any other answer leaves the queue as it was.
- At `WAITING_MAX` entries, or `INTERRUPTED_MAX` cards that never answered, the terminal must stop.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from virtual_cards.terminals.journal.notebook import (
    Interrupted,
    Notebook,
    RefusedEntry,
    Waiting,
)
from virtual_cards.terminals.journal.records import Entry, Record, TerminalKey, sign
from virtual_cards.terminals.platform_line import (
    AnswerIsMalformed,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
    Problem,
)
from virtual_cards.terminals.reports import REPORTS, Begun, PurseReport, Receipt, Report

WAITING_MAX: Final = 10_000
INTERRUPTED_MAX: Final = 10_000
BATCH_MAX: Final = 500
"""Most records of one upload (docs/interfaces.md)."""

RETRY_AFTER_S: Final = 5.0
"""How long `send` leaves a platform alone that did not answer: cards must not wait for it."""
_REFUSED_STATUS: Final = 422
_ANSWER = TypeVar("_ANSWER", bound=msgspec.Struct)
R = TypeVar("R", bound=Begun)
P = TypeVar("P", bound=PurseReport)


class JournalIsFull(Exception):
    """So much waits for the platform that the terminal must not serve another card."""


class JournalAnswer(msgspec.Struct, frozen=True):
    """The platform's answer to one record."""

    sequence: int
    result: str
    answer: msgspec.Raw = msgspec.Raw(b"null")
    problem: Problem | None = None


class JournalAnswers(msgspec.Struct, frozen=True):
    """The platform's answer to an upload."""

    answers: list[JournalAnswer]
    accepted_through: int


class _Upload(msgspec.Struct, frozen=True):
    records: list[Record]


class Journal:
    """The journal of one terminal; in memory without a path."""

    def __init__(self, line: PlatformLine | None = None, path: Path | None = None) -> None:
        """Open or begin it. Raises `OSError`, `sqlite3.DatabaseError`."""
        self._line = line
        self._notebook = Notebook(path)
        self._terminal_number = b""
        self._quiet_until = 0.0

    def close(self) -> None:
        """Close the file; what waits stays in it."""
        self._notebook.close()

    def belong_to(self, terminal_number: bytes) -> None:
        """Say whose journal it is. Raises `JournalIsAnothers`."""
        self._notebook.belong_to(terminal_number)
        self._terminal_number = terminal_number

    @property
    def key(self) -> TerminalKey:
        """The key pair it signs with."""
        return self._notebook.key()

    @property
    def unsent(self) -> tuple[Report, ...]:
        """What the platform has not heard yet, oldest first."""
        return tuple(_report(each.entry) for each in self._notebook.waiting())

    @property
    def waiting(self) -> list[Waiting]:
        """The same with keys and signatures."""
        return self._notebook.waiting()

    @property
    def refused(self) -> list[RefusedEntry]:
        """What the platform does not take, oldest first."""
        return self._notebook.refused()

    def use_line(self, line: PlatformLine | None) -> None:
        """Take another line; what waits goes there."""
        self._line = line
        self._quiet_until = 0.0

    def require_room(self) -> None:
        """Raise `JournalIsFull` when no other report fits."""
        if self._notebook.count() >= WAITING_MAX:
            raise JournalIsFull(f"{WAITING_MAX} reports wait for the platform")
        if self._notebook.count_interrupted() >= INTERRUPTED_MAX:
            raise JournalIsFull(f"{INTERRUPTED_MAX} cards left before they answered")

    def begin(self, card: str, act: str, report: Begun, at: datetime) -> None:
        """Write down what the card is about to be asked for; `report` has no TAC yet."""
        body = msgspec.json.encode(report).decode()
        interrupted = Interrupted(act, at.isoformat(), body)
        self._notebook.interrupt(card, report.journal_kind, interrupted)

    def begun(self, card: str, kind: type[R]) -> tuple[str, datetime, R] | None:
        """Act, moment and report of what this card did not answer; None when there is none."""
        found = self._notebook.interrupted(card, kind.journal_kind)
        if found is None:
            return None
        report = msgspec.json.decode(found.body, type=kind)
        return found.act, datetime.fromisoformat(found.at), report

    def abandon(self, card: str, kind: type[Begun]) -> None:
        """The card did not do what it was asked for."""
        self._notebook.forget_interrupted(card, kind.journal_kind)

    def paid(self, card: str, kind: type[P], bill: str) -> P | None:
        """What this card paid a bill with; None when it did not."""
        body = self._notebook.paid(kind.journal_kind, card, bill)
        return None if body is None else msgspec.json.decode(body, type=kind)

    def write(
        self, report: Report, at: datetime, card: str | None = None, bill: str | None = None
    ) -> None:
        """Keep a report to be told later; ends what was begun with the card, and pays the bill."""
        body = msgspec.json.encode(report).decode()
        entry = Entry(report.journal_kind, report.idempotency_key, at.isoformat(), body)
        self._notebook.add(entry, card, bill)

    def send(self) -> Receipt | None:
        """Tell all that waits; the receipt of the last, None when something still waits.

        Raises `PlatformRefuses` for the first that is refused, after all others were told.
        """
        try:
            if time.monotonic() < self._quiet_until:
                raise PlatformIsUnreachable("the platform did not answer a moment ago")
            return self.send_unsent()
        except PlatformIsUnreachable:
            self._sign_all()
            return None

    def send_unsent(self) -> Receipt | None:
        """Tell all that waits, oldest first; the receipt of the last, None when nothing waited.

        Raises `PlatformIsUnreachable` with the rest still waiting, and as `send`.
        """
        receipt: Receipt | None = None
        refusal: PlatformRefuses | None = None
        while waiting := self._notebook.waiting(BATCH_MAX):
            if len(waiting) == 1 and waiting[0].record is None:
                receipt, refused = self._tell(waiting[0])
            else:
                receipt, refused = self._upload(waiting)
            refusal = refusal or refused
        if refusal is not None:
            raise refusal
        return receipt

    def _tell(self, waiting: Waiting) -> tuple[Receipt | None, PlatformRefuses | None]:
        """The direct route, for a single report of this moment."""
        entry = waiting.entry
        kind = REPORTS[entry.kind]
        try:
            answer = self._post(kind.path, entry.body.encode(), entry.key)
        except PlatformRefuses as refused:
            if not refused.is_final:
                raise
            self._refuse(waiting.number, refused)
            return None, refused
        self._notebook.settle(waiting.number)
        return _receipt(entry, answer), None

    def _upload(self, waiting: list[Waiting]) -> tuple[Receipt | None, PlatformRefuses | None]:
        """The signed queue. What the platform answers to each record, it answers for good."""
        records = [self._signed(each) for each in waiting]
        body = msgspec.json.encode(_Upload(records))
        key = f"journal-{hashlib.sha256(body).hexdigest()[:48]}"
        told = self._post("/v1/terminal-journal", body, key)
        answers = {each.sequence: each for each in _read(told, JournalAnswers).answers}
        receipt: Receipt | None = None
        refusal: PlatformRefuses | None = None
        for each, record in zip(waiting, records, strict=True):
            answer = answers[record.sequence]
            if answer.problem is not None:
                refused = PlatformRefuses(_REFUSED_STATUS, answer.problem)
                self._refuse(each.number, refused)
                refusal, receipt = refusal or refused, None
            else:
                self._notebook.settle(each.number)
                receipt = _receipt(each.entry, bytes(answer.answer))
        return receipt, refusal

    def _refuse(self, number: int, refused: PlatformRefuses) -> None:
        self._notebook.refuse(number, refused.code, refused.detail_zh, refused.detail_en)

    def _post(self, path: str, body: bytes, key: str) -> bytes:
        if self._line is None:
            raise PlatformIsUnreachable("this terminal has no line")
        try:
            return self._line.post(path, body, key)
        except PlatformIsUnreachable:
            self._quiet_until = time.monotonic() + RETRY_AFTER_S
            raise

    def _sign_all(self) -> None:
        for each in self._notebook.unsigned():
            self._signed(each)

    def _signed(self, waiting: Waiting) -> Record:
        if waiting.record is not None:
            return waiting.record
        record, link = sign(
            waiting.entry, self._notebook.link(), self._terminal_number, self._notebook.key()
        )
        self._notebook.sign(waiting.number, record, link)
        return record


def _report(entry: Entry) -> Report:
    return msgspec.json.decode(entry.body, type=REPORTS[entry.kind])


def _receipt(entry: Entry, answer: bytes) -> Receipt:
    receipt: Receipt = _read(answer, REPORTS[entry.kind].receipt)  # type: ignore[assignment]
    return receipt


def _read(answer: bytes, kind: type[_ANSWER]) -> _ANSWER:
    try:
        return msgspec.json.decode(answer, type=kind)
    except msgspec.MsgspecError as error:
        raise AnswerIsMalformed(f"{kind.__name__}: {error}") from error
