"""Posting and transferring: balanced, once for each client id, nothing taken that is not there.

`post` writes what has happened, receipts of cards above all, and asks nothing of the accounts.
`transfer` is asked for by somebody and may fail, in a way with a name for each.
"""

from __future__ import annotations

from collections.abc import Sequence

from card_platform.settlement.ledger import closing_store, store
from card_platform.settlement.ledger.accounts import (
    MOVED_BY_CARDS,
    NEVER_BELOW_ZERO,
    OPENED_BY_HAND,
    AccountAction,
    AccountName,
    AccountState,
    kind_of,
    next_state,
)
from card_platform.settlement.ledger.model import (
    TRANSFER_MAX_FEN,
    Entry,
    LedgerAccountChanged,
    MoneyTransferred,
    Posting,
    Transfer,
    Transferred,
    period_of,
    period_text,
    require_balanced,
)
from card_platform.settlement.ledger.refusals import (
    AccountHoldsMoney,
    AccountIsClosed,
    AccountIsFrozen,
    AccountIsKnown,
    AccountIsUnknown,
    AccountMovesByCard,
    AccountNameIsWrong,
    AccountsAreTheSame,
    AmountIsNotPositive,
    AmountIsOverLimit,
    BalanceIsInsufficient,
    DayIsAhead,
    PeriodIsClosed,
    PostingIdIsReused,
    TransferIdIsReused,
)
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.money import Fen

LEDGER = "ledger"
"""Who begins an account of cards that a transfer first names."""
DATING = "ledger-dating"
"""The counter whose row a closing and a transfer dated back take, so that one waits for the
other."""
_END_OF_DAY = "T23:59:59.999+08:00"


class Ledger:
    """The book of the platform."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def post(self, transaction: Transaction, posting: Posting) -> str:
        """Write the posting and give its id; the same posting again gives the same id.

        Raises:
            PostingDoesNotBalance: the entries do not sum to zero.
            PostingIdIsReused: the client id stands for other entries.
        """
        return self._post_at(transaction, posting, self._now())

    def post_new(self, transaction: Transaction, postings: Sequence[tuple[str, Posting]]) -> None:
        """Write many postings with the ids given, whose client ids nobody can have used.

        Raises:
            PostingDoesNotBalance: the entries of one do not sum to zero.
            RowsAreRefused: a client id was used; the transaction is lost.
        """
        for _, posting in postings:
            require_balanced(posting)
        store.add_postings(transaction, postings, self._now())

    def balance(self, transaction: Transaction, account: AccountName) -> Fen:
        """The balance of an account in fen."""
        return Fen(store.balance_of(transaction, account))

    def transfer(self, transaction: Transaction, asked: Transfer, by: str) -> Transferred:
        """Move money from one account to another, once for its client id.

        Raises:
            AmountIsNotPositive, AmountIsOverLimit, AccountsAreTheSame, AccountIsUnknown,
            AccountMovesByCard, AccountIsClosed, AccountIsFrozen, BalanceIsInsufficient,
            DayIsAhead, PeriodIsClosed, TransferIdIsReused: as they say.
        """
        _require_amount(asked)
        at = self._now()
        states = self._hold_both(transaction, asked, at)
        done = store.find_transfer(transaction, asked.client_id)
        if done is not None:
            return _repeated(done, asked)
        for account, state in states.items():
            _require_open(account, state)
        if kind_of(asked.debit) in NEVER_BELOW_ZERO:
            balance_fen = store.balance_of(transaction, asked.debit)
            if balance_fen < asked.amount_fen:
                raise BalanceIsInsufficient(balance_fen=balance_fen, amount_fen=asked.amount_fen)
        entries = (
            Entry(asked.debit, Fen(-asked.amount_fen)),
            Entry(asked.credit, asked.amount_fen),
        )
        posting = Posting(f"transfer:{asked.client_id}", asked.purpose, entries)
        dated = self._dated(transaction, asked, at)
        try:
            posting_id = self._post_at(transaction, posting, dated)
        except PostingIdIsReused:
            raise TransferIdIsReused(client_id=asked.client_id) from None
        transfer_id = new_identifier("transfer")
        store.add_transfer(
            transaction,
            transfer_id=transfer_id,
            client_id=asked.client_id,
            debit=asked.debit,
            credit=asked.credit,
            amount_fen=asked.amount_fen,
            purpose=asked.purpose,
            day=asked.day.isoformat() if asked.day else None,
            posting_id=posting_id,
            at=at,
            by=by,
        )
        transaction.emit(
            MoneyTransferred(
                at=at,
                by=by,
                card_id=None,
                transfer_id=transfer_id,
                debit=asked.debit,
                credit=asked.credit,
                amount_fen=asked.amount_fen,
            )
        )
        return Transferred(transfer_id, posting_id)

    def open_account(self, transaction: Transaction, account: AccountName, by: str) -> None:
        """Open an account of a kind that is opened by hand.

        Raises:
            AccountNameIsWrong, AccountIsKnown.
        """
        if kind_of(account) not in OPENED_BY_HAND:
            raise AccountNameIsWrong(account=account)
        at = self._now()
        if not store.open_account(transaction, account, at, by):
            raise AccountIsKnown(account=account)
        store.ACCOUNT_CHANGES.add(
            transaction, account, action="open", before=None, after="open", at=at, by=by
        )
        self._tell(transaction, account, "open", by)

    def begin_account(self, transaction: Transaction, account: AccountName, by: str) -> None:
        """Have an account the platform itself needs, open if it was not there."""
        store.open_account(transaction, account, self._now(), by)

    def change_account(
        self,
        transaction: Transaction,
        account: AccountName,
        action: AccountAction,
        reason: str,
        by: str,
    ) -> AccountState:
        """Freeze, free or close an account.

        Raises:
            AccountIsUnknown, AccountStateForbids, AccountHoldsMoney.
        """
        at = self._now()
        before = self._hold(transaction, account, at, to_debit=True)
        after = next_state(before, action)
        if after is AccountState.CLOSED:
            balance_fen = store.balance_of(transaction, account)
            if balance_fen:
                raise AccountHoldsMoney(balance_fen=balance_fen)
        store.save_state(transaction, account, after)
        told = {"action": action.value, "before": before.value, "after": after.value}
        store.ACCOUNT_CHANGES.add(transaction, account, **told, reason=reason, at=at, by=by)
        self._tell(transaction, account, action.value, by)
        return after

    def _post_at(self, transaction: Transaction, posting: Posting, at: str) -> str:
        require_balanced(posting)
        posting_id = new_identifier("posting")
        if store.add_posting(transaction, posting_id, posting, at):
            return posting_id
        present = store.find_posting(transaction, posting.client_id)
        wanted = [(entry.account, entry.amount_fen) for entry in posting.entries]
        if store.entries_of(transaction, present) != wanted:
            raise PostingIdIsReused(client_id=posting.client_id)
        return present

    def _dated(self, transaction: Transaction, asked: Transfer, at: str) -> str:
        """The moment the transfer is dated."""
        if asked.day is None or asked.day.isoformat() == at[:10]:
            return at
        if asked.day.isoformat() > at[:10]:
            raise DayIsAhead(day=asked.day.isoformat())
        next_number(transaction, DATING)
        dated = asked.day.isoformat() + _END_OF_DAY
        if period_of(dated) <= closing_store.last_begun(transaction):
            raise PeriodIsClosed(period=period_text(period_of(dated)))
        return dated

    def _hold_both(
        self, transaction: Transaction, asked: Transfer, at: str
    ) -> dict[AccountName, AccountState]:
        """The states of both accounts, held in the order of their names, so that no two transfers
        wait for each other.
        """
        return {
            account: self._hold(transaction, account, at, to_debit=account == asked.debit)
            for account in sorted((asked.debit, asked.credit))
        }

    def _hold(
        self, transaction: Transaction, account: AccountName, at: str, *, to_debit: bool
    ) -> AccountState:
        state = store.hold(transaction, account, at, LEDGER, to_debit=to_debit)
        if state is None:
            raise AccountIsUnknown(account=account)
        return state

    def _tell(self, transaction: Transaction, account: AccountName, step: str, by: str) -> None:
        at = self._now()
        told = LedgerAccountChanged(at=at, by=by, card_id=None, account=account, step=step)
        transaction.emit(told)

    def _now(self) -> str:
        return moment_of(self._clock.now())


def _require_amount(asked: Transfer) -> None:
    """Refuse what is no transfer, before any account is looked at."""
    if asked.amount_fen <= 0:
        raise AmountIsNotPositive(amount_fen=asked.amount_fen)
    if asked.amount_fen > TRANSFER_MAX_FEN:
        raise AmountIsOverLimit(amount_fen=asked.amount_fen, limit_fen=TRANSFER_MAX_FEN)
    if asked.debit == asked.credit:
        raise AccountsAreTheSame(account=asked.debit)
    for account in (asked.debit, asked.credit):
        try:
            kind = kind_of(account)
        except AccountNameIsWrong:
            raise AccountIsUnknown(account=account) from None
        if kind in MOVED_BY_CARDS:
            raise AccountMovesByCard(account=account)


def _require_open(account: AccountName, state: AccountState) -> None:
    if state is AccountState.CLOSED:
        raise AccountIsClosed(account=account)
    if state is AccountState.FROZEN:
        raise AccountIsFrozen(account=account)


def _repeated(done: dict[str, object], asked: Transfer) -> Transferred:
    """A transfer that was done before. Raises TransferIdIsReused where it was another one."""
    day = asked.day.isoformat() if asked.day else None
    wanted = (asked.debit, asked.credit, asked.amount_fen, asked.purpose, day)
    if tuple(done[name] for name in ("debit", "credit", "amount_fen", "purpose", "day")) != wanted:
        raise TransferIdIsReused(client_id=asked.client_id)
    return Transferred(str(done["transfer_id"]), str(done["posting_id"]))
