"""Staff accounts: opened with a first password, given a new one, disabled; passwords judged.

A forgotten password is reset, by somebody else, to another first one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from card_platform.access import store
from card_platform.access.model import (
    PASSWORD_LENGTH_MAX,
    PASSWORD_LENGTH_MIN,
    WRONG_PASSWORDS_MAX,
    Account,
    AccountAction,
    AccountChanged,
    AccountState,
    account_after,
)
from card_platform.access.refusals import (
    AccountIsOnesOwn,
    AccountIsUnknown,
    AccountNameIsTaken,
    PasswordIsTooWeak,
)
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_card
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of


class Accounts:
    """The staff accounts of one region's platform.

    Hashes of passwords are made and compared before a transaction begins, and handed in.
    """

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._lock = policy.access.lock
        self._keys = keys
        self._clock = clock

    def first_password(self, account_id: str, reset_id: str = "") -> str:
        """What an account begins with, or begins anew with after a reset; derived, so that it is
        stored nowhere.
        """
        return self._keys.first_password(account_id, reset_id)

    def look(self, tx: Transaction, account_id: str) -> Account:
        """The account. Raises AccountIsUnknown."""
        account = store.find_account(tx, account_id=account_id)
        if account is None:
            raise AccountIsUnknown
        return account

    def open(
        self,
        tx: Transaction,
        *,
        account_id: str,
        name: str,
        role: str,
        site: str,
        card_id: str | None,
        password_hash: str,
        by: str,
    ) -> Account:
        """Open an account.

        Raises:
            CardIsUnknown: there is no such card to sign in by.
            AccountNameIsTaken: the name or the card is another account's.
        """
        if card_id is not None and find_card(tx, card_id) is None:
            raise CardIsUnknown
        at = moment_of(self._clock.now())
        account = Account(
            account_id,
            name,
            role,
            site,
            card_id,
            password_hash,
            is_first=True,
            failures=0,
            locked_until=None,
            state=AccountState.ACTIVE,
            opened_at=at,
            by=by,
        )
        if not store.add_account(tx, account):
            raise AccountNameIsTaken
        self._tell(tx, account_id, f"opened as {role}", by)
        return account

    def disable(self, tx: Transaction, account_id: str, reason: str, by: str) -> Account:
        """Disable an account for good; its sessions end with it.

        Raises:
            AccountIsUnknown, AccountStateForbids.
        """
        account, state = self._to_change(tx, account_id, AccountAction.DISABLE)
        store.change_account(tx, account_id, state=state)
        store.end_sessions_of(tx, account_id, moment_of(self._clock.now()))
        self._tell(tx, account_id, f"disabled: {reason}", by)
        return replace(account, state=state)

    def reset_password(
        self,
        tx: Transaction,
        account_id: str,
        password_hash: str,
        *,
        reason: str,
        own_account_id: str | None,
        by: str,
    ) -> None:
        """Give an account a first password again: its sessions end, a lock is open.

        Args:
            own_account_id: the account of whoever resets; None where no account stands behind.

        Raises:
            AccountIsOnesOwn, AccountIsUnknown, AccountStateForbids.
        """
        if account_id == own_account_id:
            raise AccountIsOnesOwn
        self._to_change(tx, account_id, AccountAction.RESET_PASSWORD)
        store.change_account(
            tx, account_id, password_hash=password_hash, is_first=1, failures=0, locked_until=None
        )
        store.end_sessions_of(tx, account_id, moment_of(self._clock.now()))
        self._tell(tx, account_id, f"password reset: {reason}", by)

    def judge_password(
        self, tx: Transaction, name: str, seen: Account | None, *, right: bool
    ) -> str:
        """Why a password does not open the account of that name; empty where it does.

        Counts the wrong ones. `seen` is the account against whose hash the password was `right`;
        one that changed in between is not opened by it.
        """
        account = store.find_account(tx, name=name, to_change=True)
        if account is None or seen is None:
            return "name-unknown"
        now = self._clock.now()
        if not account.takes_password(moment_of(now)):
            return "account-locked" if account.state is AccountState.ACTIVE else "account-disabled"
        if right and account.password_hash == seen.password_hash:
            store.change_account(tx, account.account_id, failures=0, locked_until=None)
            return ""
        self._count_failure(tx, account, now)
        return "password-wrong"

    def require_strong(self, name: str, current: str, new: str) -> None:
        """A new password that may be taken. Raises PasswordIsTooWeak."""
        fits = PASSWORD_LENGTH_MIN <= len(new) <= PASSWORD_LENGTH_MAX
        if not fits or new == current or name.lower() in new.lower():
            raise PasswordIsTooWeak(shortest=PASSWORD_LENGTH_MIN, longest=PASSWORD_LENGTH_MAX)

    def change_password(
        self, tx: Transaction, account_id: str, password_hash: str, *, session_id: str, by: str
    ) -> None:
        """Keep a new password; the account's other sessions end."""
        store.change_account(tx, account_id, password_hash=password_hash, is_first=0)
        at = moment_of(self._clock.now())
        store.end_sessions_of(tx, account_id, at, but=session_id)
        self._tell(tx, account_id, "new password", by)

    def _to_change(
        self, tx: Transaction, account_id: str, action: AccountAction
    ) -> tuple[Account, AccountState]:
        account = store.find_account(tx, account_id=account_id, to_change=True)
        if account is None:
            raise AccountIsUnknown
        return account, account_after(account.state, action)

    def _count_failure(self, tx: Transaction, account: Account, now: datetime) -> None:
        failures = account.failures + 1
        locked_until = None
        if failures >= WRONG_PASSWORDS_MAX:
            locked_until = moment_of(now + timedelta(seconds=self._lock.on(now.date())))
            failures = 0
            self._tell(tx, account.account_id, f"locked until {locked_until}", account.name)
        store.change_account(tx, account.account_id, failures=failures, locked_until=locked_until)

    def _tell(self, tx: Transaction, account_id: str, told: str, by: str) -> None:
        at = moment_of(self._clock.now())
        tx.emit(AccountChanged(at=at, by=by, account_id=account_id, told=told))
