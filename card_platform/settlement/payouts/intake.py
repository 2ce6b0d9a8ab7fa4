"""A payout file taken in: every line against the database, piece by piece.

Rules:
- The programme must be on the list of today, or nothing of the file is taken.
- Its period is one that is over, the running one, or one of the next few that the rules name.
- All faults are kept, of the text of a line and of what it names. A line with a fault is not paid;
  the others wait for the decision.
- The file says how many lines it has and their sum; where that differs the whole file is refused.
  An amount that cannot be read leaves the sum open: then who decides sees so.
- The same message id with the same bytes is the same file: it is answered as it stands, and read on
  from where a killed process left it. With other bytes it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.regions.payout_policy import Programme
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.settlement.payouts import line_store, store
from card_platform.settlement.payouts.file_text import FileLine, OtherAccount, PayoutFile
from card_platform.settlement.payouts.line_faults import Fault, LineFault, fault
from card_platform.settlement.payouts.line_store import Payee
from card_platform.settlement.payouts.model import (
    PIECE,
    Batch,
    BatchAction,
    BatchState,
    PayoutBatchChanged,
    batch_after,
)
from card_platform.settlement.payouts.periods import EXAMPLES, PERIODS, number_of, running, text_of
from card_platform.settlement.payouts.refusals import (
    PayoutFileIsUnreadable,
    PayoutMessageIdIsReused,
    PayoutPeriodIsAhead,
    ProgrammeIsNotListed,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.resident_id import read_resident_id

DEATHS = frozenset({"death", "declared-death"})
"""Reasons of a cancellation by which the holder is dead."""


class Intake:
    """Takes files in for one region."""

    def __init__(self, policy: RegionPolicy, ledger: Ledger, clock: Clock) -> None:
        self._policy = policy
        self._ledger = ledger
        self._clock = clock

    def begin(self, tx: Transaction, file: PayoutFile, digest: str, by: str) -> Batch:
        """The batch of a file: a new one, or the one it has already.

        Raises:
            PayoutFileIsUnreadable, ProgrammeIsNotListed, PayoutPeriodIsAhead,
            PayoutMessageIdIsReused.
        """
        header = file.header
        known = store.find_by_message(tx, header.message_id)
        if known is not None:
            if known.digest != digest:
                raise _reused(known)
            return known
        programme = self._listed(header.programme)
        if not PERIODS[programme.period].fullmatch(header.period):
            expected = EXAMPLES[programme.period]
            raise PayoutFileIsUnreadable(line=1, found=header.period[:40], expected=expected)
        self._require_near(programme, header.period)
        self._ledger.begin_account(tx, AccountName(programme.fund), by)
        batch = Batch(
            batch=store.new_number(tx),
            message_id=header.message_id,
            digest=digest,
            format=file.format,
            programme=programme.code,
            period=header.period,
            campaign=store.campaign_of(tx, programme.code, header.period),
            fund=programme.fund,
            told_lines=header.lines,
            told_sum_fen=header.sum_fen,
            state=BatchState.READING,
            uploaded_by=by,
            uploaded_at=moment_of(self._clock.now()),
        )
        if not store.add(tx, batch):
            raise _reused(batch)
        return batch

    def take(self, tx: Transaction, number: int, piece: Sequence[FileLine]) -> Batch:
        """Check the next lines of a file and keep them, the good ones and the faults.

        Raises:
            RowsAreRefused: another file has just claimed one of these people; take it again.
        """
        batch = store.find_to_change(tx, number)
        assert batch is not None  # noqa: S101 - it was begun
        fresh = [each for each in piece if each.line > batch.read_to]
        if batch.state is not BatchState.READING or not fresh:
            return batch
        tx.keep_to_indexes()
        good, faults = self._check(tx, batch, fresh)
        line_store.add_lines(tx, good)
        kept = {row[1] for row in good}
        line_store.add_others(
            tx,
            batch.batch,
            [(each.line, each.other) for each in fresh if each.other and each.line in kept],
        )
        store.add_faults(tx, batch.batch, faults)
        read = msgspec.structs.replace(
            batch,
            read_to=fresh[-1].line,
            read_lines=batch.read_lines + len(fresh),
            read_sum_fen=batch.read_sum_fen + sum(each.amount_fen or 0 for each in fresh),
            unread_amounts=batch.unread_amounts + sum(each.amount_fen is None for each in fresh),
            lines=batch.lines + len(good),
            sum_fen=batch.sum_fen + sum(row[4] for row in good),
            faulty_lines=batch.faulty_lines + len(fresh) - len(good),
        )
        store.save(tx, read)
        return read

    def finish(self, tx: Transaction, number: int, by: str) -> Batch:
        """All lines were read: the batch waits for a decision, or is refused as a whole."""
        batch = store.find_to_change(tx, number)
        assert batch is not None  # noqa: S101 - it was begun
        if batch.state is not BatchState.READING:
            return batch
        faults = _control_faults(batch)
        store.add_faults(tx, batch.batch, faults)
        broken = [LineFault.BROKEN] if store.is_broken(tx, batch.batch) else []
        reasons = [*broken, *(each.code for each in faults)]
        action = BatchAction.REFUSE if reasons else BatchAction.FINISH_READING
        at = moment_of(self._clock.now())
        done = msgspec.structs.replace(
            batch,
            state=batch_after(batch.state, action),
            reason=reasons[0].value if reasons else None,
            due_at=at if reasons else None,
        )
        if reasons:
            done = free_next(tx, done)
        store.save(tx, done)
        tell(tx, done, action.value, at=at, by=by)
        return done

    def _listed(self, code: str) -> Programme:
        found = self._policy.payouts.programme(code)
        if found is None or not found.holds_on(self._clock.now().date()):
            raise ProgrammeIsNotListed(programme=code[:40] or "-")
        return found

    def _require_near(self, programme: Programme, period: str) -> None:
        today = self._clock.now().date()
        latest = running(programme.period, today) + self._policy.payouts.periods_ahead.on(today)
        if number_of(programme.period, period) > latest:
            told = text_of(programme.period, latest)
            raise PayoutPeriodIsAhead(programme=programme.code, period=period, latest=told)

    def _check(
        self, tx: Transaction, batch: Batch, lines: Sequence[FileLine]
    ) -> tuple[list[tuple[int, int, str, str, int, int]], list[Fault]]:
        """The rows of the good lines, by person, and the faults of the others."""
        programme = self._policy.payouts.programme(batch.programme)
        assert programme is not None  # noqa: S101 - it was listed when the file began
        known = line_store.payees(tx, [each.document_number for each in lines if _asks(each)])
        ended = line_store.ends_of_cards(
            tx, [payee.person_id for payee in known.values() if payee.card_state is None]
        )
        taken = line_store.claimed(
            tx, batch.campaign, [payee.person_id for payee in known.values()]
        )
        rows, faults = [], []
        for each in lines:
            wrong = list(each.faults or ())
            payee = known.get(each.document_number)
            if payee is None or payee.card_state is None or payee.name != each.name:
                wrong += _faults_of_payee(each, payee, ended) if _asks(each) else []
            if payee is not None:
                before = taken.get(payee.person_id)
                if before is not None:
                    told = f"payout-{before[0]} line {before[1]}"
                    wrong.append(fault(each.line, "", LineFault.PAID_ALREADY, told))
                elif not wrong:
                    taken[payee.person_id] = (batch.batch, each.line)
            if each.other is not None:
                wrong += self._faults_of_other(each.line, each.other, programme)
            if not wrong and payee is not None and each.amount_fen is not None:
                rows.append(
                    (
                        batch.batch,
                        each.line,
                        each.line_id,
                        payee.person_id,
                        each.amount_fen,
                        batch.campaign,
                    )
                )
            faults += wrong
        # By person, so that of two files that race neither waits for the other in a circle.
        return sorted(rows, key=lambda row: row[3]), faults

    def _faults_of_other(self, line: int, other: OtherAccount, programme: Programme) -> list[Fault]:
        if not programme.other_account:
            told = f"{other.bank} ***{other.account[-4:]}"
            return [fault(line, "account", LineFault.OTHER_ACCOUNT, told)]
        bank = self._policy.bank(other.bank)
        if bank is None or not bank.serves(BankService.PAYOUT, self._clock.now().date()):
            return [fault(line, "bank", LineFault.OTHER_BANK, other.bank)]
        return []


def pieces_of(file: PayoutFile) -> Iterator[list[FileLine]]:
    """The lines of a file, so many at a time as one transaction deals with."""
    lines = file.lines()
    return iter(lambda: list(islice(lines, PIECE)), [])


def free_next(tx: Transaction, batch: Batch) -> Batch:
    """Free the people of the next lines of a refused or dropped batch for another file."""
    last = line_store.free_claims(tx, batch.batch, batch.done_to, PIECE)
    if last is None:
        return msgspec.structs.replace(batch, due_at=None)
    return msgspec.structs.replace(batch, done_to=last)


def tell(tx: Transaction, batch: Batch, step: str, *, at: str, by: str) -> None:
    """Put a step of a batch on record."""
    tx.emit(
        PayoutBatchChanged(
            at=at,
            by=by,
            batch=batch.batch,
            step=step,
            after=batch.state.value,
            lines=batch.lines,
            sum_fen=batch.sum_fen,
        )
    )


def _asks(line: FileLine) -> bool:
    """Whether the line names a document that may be somebody's."""
    return line.faults is None or (
        bool(line.document_number)
        and not any(each.code is LineFault.DOCUMENT_NUMBER for each in line.faults)
    )


def _faults_of_payee(line: FileLine, payee: Payee | None, ended: dict[str, str]) -> list[Fault]:
    number = line.line
    if payee is None:
        if read_resident_id(line.document_number) is None:
            code = LineFault.DOCUMENT_NUMBER
        else:
            code = LineFault.PAYEE_UNKNOWN
        return [fault(number, "document_number", code, line.document_number)]
    faults = []
    if payee.name != line.name:
        faults.append(fault(number, "name", LineFault.NAME_DIFFERS, line.name))
    if payee.card_state is None:
        dead = ended.get(payee.person_id) in DEATHS
        code = LineFault.PAYEE_DEAD if dead else LineFault.PAYEE_WITHOUT_CARD
        faults.append(fault(number, "document_number", code, line.document_number))
    return faults


def _control_faults(batch: Batch) -> list[Fault]:
    faults = []
    if batch.read_lines != batch.told_lines:
        faults.append(fault(0, "lines", LineFault.CONTROL_LINES, batch.read_lines))
    if not batch.unread_amounts and batch.read_sum_fen != batch.told_sum_fen:
        yuan = f"{batch.read_sum_fen // 100}.{batch.read_sum_fen % 100:02d}"
        faults.append(fault(0, "sum", LineFault.CONTROL_SUM, yuan))
    return faults


def _reused(known: Batch) -> PayoutMessageIdIsReused:
    return PayoutMessageIdIsReused(message_id=known.message_id, batch=f"payout-{known.batch}")
