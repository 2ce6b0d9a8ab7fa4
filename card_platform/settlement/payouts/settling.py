"""What the banks say of files of credits: settled, refused in part, returned later.

Rules: the money of a file waits on the clearing account of its bank. Settled, what was credited is
owed to the bank and what was refused goes back to the fund, in one posting. What a bank sends back
goes from the bank to the fund, in one posting for each file and round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from card_platform.settlement.bank_orders.bank import AnswerIsLost, BankIsAway, Told
from card_platform.settlement.bank_orders.delivery import ASK_AGAIN_AFTER, PAUSE_FIRST, PAUSE_MAX
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import AccountName, bank_account, clearing_account
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.settlement.payouts import file_store, line_store
from card_platform.settlement.payouts.bank_file import FileAnswer, FileBank, NotCredited
from card_platform.settlement.payouts.model import (
    CreditFile,
    FileAction,
    FileState,
    LineState,
    file_after,
)
from card_platform.settlement.reconciliation import comparing
from card_platform.settlement.reconciliation.model import (
    Line,
    Result,
    reference_of_credit,
    reference_of_file,
)
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import moment_of
from card_platform.vocabulary.money import Fen

_RETURNS = "payout-returns"
"""The counter of postings of returned money."""
_SETTLED = "payout-settled"
"""The counter of settled files. Its row is held until the transaction ends, so that a file that can
be seen has all before it."""


class Settling:
    """Asks the banks about files, and takes in what comes back.

    Args:
        banks: each partner bank by its code.
    """

    def __init__(self, ledger: Ledger, banks: Mapping[str, FileBank]) -> None:
        self._ledger = ledger
        self._banks = banks

    def do_due(self, tx: Transaction, now: datetime) -> bool:
        """Due work: one file's bank is asked; without one, what banks send back is taken in.

        True where a bank was asked.
        """
        file = file_store.due(tx, moment_of(now))
        if file is not None:
            self._deal_with(tx, file, now)
            return True
        for code, bank in self._banks.items():
            returned = bank.returns(tx, now)
            for number, group in groupby(returned, key=lambda each: each.file):
                self._take_back(tx, code, number, list(group), now)
        return False

    def _deal_with(self, tx: Transaction, file: CreditFile, now: datetime) -> None:
        bank = self._banks[file.bank]
        try:
            if file.state is FileState.ORDERED:
                answer = bank.take(tx, file, file_store.credits_of(tx, file.file), now)
            else:
                answer = bank.ask(tx, file, now)
        except BankIsAway:
            pause = min(PAUSE_FIRST * 2 ** min(file.tries, 10), PAUSE_MAX)
            waits = {"due_at": moment_of(now + pause), "tries": file.tries + 1}
            file_store.save(tx, msgspec.structs.replace(file, **waits))
            return
        except AnswerIsLost:
            self._step(tx, file, FileAction.LOSE_ANSWER, now + PAUSE_FIRST)
            return
        self._follow(tx, file, answer, now)

    def _follow(self, tx: Transaction, file: CreditFile, answer: FileAnswer, now: datetime) -> None:
        if answer.told is Told.SETTLED:
            self._settle(tx, file, answer, now)
        elif answer.told is Told.NOTHING_KNOWN:
            self._step(tx, file, FileAction.SEND_AGAIN, now)
        elif file.state is FileState.ACCEPTED:
            later = moment_of(now + ASK_AGAIN_AFTER)
            file_store.save(tx, msgspec.structs.replace(file, due_at=later, tries=0))
        else:
            self._step(tx, file, FileAction.ACCEPT, now + ASK_AGAIN_AFTER)

    def _settle(self, tx: Transaction, file: CreditFile, answer: FileAnswer, now: datetime) -> None:
        back_fen = self._keep_back(tx, file, answer.refused, LineState.REFUSED, now)
        credited, at = file.sum_fen - back_fen, moment_of(now)
        line = Line(reference_of_file(file.file), Result.SETTLED, credited, answer.at or at)
        comparing.record(tx, file.bank, line, at)
        moved = (
            (clearing_account(file.bank), -file.sum_fen),
            (bank_account(file.bank), credited),
            (AccountName(file.fund), back_fen),
        )
        entries = tuple(Entry(account, Fen(fen)) for account, fen in moved if fen)
        client_id = f"{reference_of_file(file.file)}:settle"
        self._ledger.post(tx, Posting(client_id, "settle payout file", entries))
        settled = msgspec.structs.replace(
            file,
            state=file_after(file.state, FileAction.SETTLE),
            due_at=None,
            tries=0,
            back_fen=file.back_fen + back_fen,
            settled_as=next_number(tx, _SETTLED),
            settled_at=at,
        )
        file_store.save(tx, settled)

    def _take_back(
        self,
        tx: Transaction,
        bank: str,
        number: int,
        told: Sequence[NotCredited],
        now: datetime,
    ) -> None:
        file, at = file_store.find_to_change(tx, number), moment_of(now)
        if file is not None and file.bank == bank and file.state is not FileState.SETTLED:
            # it settled and came back since the bank was asked last
            self._settle(tx, file, self._banks[bank].ask(tx, file, now), now)
            file = file_store.find_to_change(tx, number)
        if file is not None and file.bank != bank:
            file = None
        lines = [each.line for each in told]
        credited = file_store.credits_of_lines(tx, file, lines) if file else ()
        may_return = {line: fen for line, fen, _ in credited}
        returned = []
        for each in told:
            reference = reference_of_credit(number, each.line)
            line = Line(reference, Result.RETURNED, each.amount_fen, each.at or at)
            is_whole = may_return.get(each.line) == each.amount_fen
            if is_whole and not comparing.is_returned(tx, bank, reference):
                comparing.record(tx, bank, line, at)
                returned.append(each)
            else:
                comparing.note_stray_return(tx, bank, line, at, each.reason)
        if file is None or not returned:
            return
        back_fen = self._keep_back(tx, file, returned, LineState.RETURNED, now)
        entries = (
            Entry(bank_account(file.bank), Fen(-back_fen)),
            Entry(AccountName(file.fund), Fen(back_fen)),
        )
        client_id = f"payout-return:{next_number(tx, _RETURNS)}"
        self._ledger.post(tx, Posting(client_id, f"return of payout file {number}", entries))
        whole = file.back_fen + back_fen
        file_store.save(tx, msgspec.structs.replace(file, back_fen=whole))

    def _keep_back(
        self,
        tx: Transaction,
        file: CreditFile,
        failed: Sequence[NotCredited],
        state: LineState,
        now: datetime,
    ) -> int:
        """Keep that these credits did not reach their accounts; their sum in fen."""
        if not failed:
            return 0
        reasons = {each.line: each.reason for each in failed}
        found = file_store.credits_of_lines(tx, file, list(reasons))
        rows = [(line, person_id, fen, reasons[line]) for line, fen, person_id in found]
        line_store.keep_exceptions(tx, file.batch, rows, state.value, moment_of(now))
        return sum(amount_fen for _, amount_fen, _ in found)

    def _step(self, tx: Transaction, file: CreditFile, action: FileAction, due: datetime) -> None:
        after = file_after(file.state, action)
        moved = {"state": after, "due_at": moment_of(due), "tries": 0}
        file_store.save(tx, msgspec.structs.replace(file, **moved))
