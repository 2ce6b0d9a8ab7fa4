"""Staff accounts, sessions and agents' mandates; when a session stands; their events. Pure.

Rules:
- An account is of one staff role. After WRONG_PASSWORDS_MAX wrong passwords in a row it is locked
  for a time, whatever password comes; a disabled account stays disabled.
- A session ends by idleness, at its longest life, by its own, or with what it stands on: the
  account, the card that proved it, the mandate, the key of the system.
- While a clerk helps the holder of a named card, the session does not end by idleness (NM-10b,
  CQ-15, SC-g); its longest life stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from card_platform.access.refusals import AccountStateForbids
from card_platform.issuance.lifecycle import ENDED_STATES, CardState
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after
from card_platform.vocabulary.moment import moment_of
from card_platform.web.authentication import Caller

WRONG_PASSWORDS_MAX = 5
"""Wrong passwords in a row before an account is locked. Assumption: usual in public services."""
PASSWORD_LENGTH_MIN = 15
PASSWORD_LENGTH_MAX = 128
"""Characters; the least is that of NIST SP 800-63B-4, 3.1.1.2, where a password is all there is."""
TOUCH_AFTER_S = 30
"""A use is put on record this long after the last one: a session may end so much early."""


class AccountState(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    DISABLED = "disabled"


class AccountAction(StrEnum):
    """What an operator, or for a forgotten password a supervisor, does to an account."""

    RESET_PASSWORD = "reset-password"  # noqa: S105 - a name, no password
    DISABLE = "disable"


ACCOUNT_LIFE: dict[AccountState, dict[AccountAction, AccountState]] = {
    AccountState.ACTIVE: {
        AccountAction.RESET_PASSWORD: AccountState.ACTIVE,
        AccountAction.DISABLE: AccountState.DISABLED,
    },
    AccountState.DISABLED: {},
}


def account_after(state: AccountState, action: AccountAction) -> AccountState:
    """The state after the action. Raises AccountStateForbids."""
    return state_after(ACCOUNT_LIFE, state, action, AccountStateForbids)


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff.

    Attributes:
        card_id: whose card signs in to it; None where only the password does.
        is_first: the password is still the one the account began with.
        failures: wrong passwords since the last right one.
        locked_until: RFC 3339.
    """

    account_id: str
    name: str
    role: str
    site: str
    card_id: str | None
    password_hash: str
    is_first: bool
    failures: int
    locked_until: str | None
    state: AccountState
    opened_at: str
    by: str

    def takes_password(self, now: str) -> bool:
        """Whether a password is looked at now at all."""
        is_locked = self.locked_until is not None and now < self.locked_until
        return self.state is AccountState.ACTIVE and not is_locked


@dataclass(frozen=True, slots=True)
class Who:
    """Who signed in, and on what.

    Attributes:
        name: the caller's, for the record.
        card_id: the card a holder or agent is concerned with.
        proving_card_id: the card that proved who signs in.
        system_key: the public key by which a participant signed in.
    """

    role: str
    name: str
    site: str = ""
    institution: str = ""
    account_id: str | None = None
    card_id: str | None = None
    proving_card_id: str | None = None
    agent_id: str | None = None
    participant_id: str | None = None
    system_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Who):
    """Somebody signed in; moments are RFC 3339.

    Attributes:
        assists_card_id: whose holder the clerk helps now.
    """

    session_id: str
    token_sha256: str
    began_at: str
    ends_at: str
    last_used_at: str
    idle_after_s: int
    assists_card_id: str | None = None
    ended_at: str | None = None

    @property
    def caller(self) -> Caller:
        """The caller of its token."""
        return Caller(
            name=self.name,
            role=self.role,
            site=self.site,
            session_id=self.session_id,
            card_id=self.card_id or "",
            institution=self.institution,
        )


@dataclass(frozen=True, slots=True)
class Footing:
    """What a session stands on, as it is now; None for what it does not stand on."""

    account_state: str | None
    proving_card_state: str | None
    card_state: str | None
    mandate_until: str | None
    mandate_withdrawn_at: str | None
    public_key: str | None


def stands(session: Session, footing: Footing, now: datetime) -> bool:
    """Whether a session may still be used."""
    at = moment_of(now)
    if session.ended_at is not None or at >= session.ends_at:
        return False
    return not _is_idle(session, now) and all(
        (
            footing.account_state in {None, AccountState.ACTIVE},
            footing.proving_card_state in {None, CardState.ACTIVE},
            footing.card_state not in {state.value for state in ENDED_STATES},
            footing.mandate_withdrawn_at is None,
            footing.mandate_until is None or at[:10] <= footing.mandate_until,
            footing.public_key == session.system_key,
        )
    )


def unused_for(session: Session, now: datetime) -> timedelta:
    """How long ago it was used."""
    return now - datetime.fromisoformat(session.last_used_at)


def _is_idle(session: Session, now: datetime) -> bool:
    if session.assists_card_id is not None:
        return False
    return unused_for(session, now) >= timedelta(seconds=session.idle_after_s)


@dataclass(frozen=True, slots=True)
class Agent:
    """Whom the holder of a card mandated; `valid_until` is the mandate's last day."""

    agent_id: str
    card_id: str
    document_kind: str
    document_number: str
    mandate_number: str
    valid_until: str
    at: str
    by: str
    withdrawn_at: str | None


class AccountChanged(Event, frozen=True, kw_only=True):
    """A staff account was opened, disabled, or got a new password."""

    action: ClassVar[str] = "change-account"
    card_id: None = None
    account_id: str
    told: str

    @property
    def detail(self) -> str:
        """Which, what."""
        return f"{self.account_id}: {self.told}"


class SignedIn(Event, frozen=True, kw_only=True):
    """Somebody signed in."""

    action: ClassVar[str] = "sign-in"
    session_id: str
    role: str
    means: str

    @property
    def detail(self) -> str:
        """As what, by what."""
        return f"{self.session_id} as {self.role} by {self.means}"


class SignInRefused(Event, frozen=True, kw_only=True):
    """Somebody could not sign in. A name nobody has is not kept: it may be a password."""

    action: ClassVar[str] = "sign-in-refused"
    means: str
    reason: str
    who: str

    @property
    def detail(self) -> str:
        """Who, by what, why not."""
        return f"{self.who} by {self.means}: {self.reason}"


class SessionEnded(Event, frozen=True, kw_only=True):
    """Somebody signed out, or a session was ended for them."""

    action: ClassVar[str] = "sign-out"
    session_id: str

    @property
    def detail(self) -> str:
        """Which session."""
        return self.session_id


class AssistanceChanged(Event, frozen=True, kw_only=True):
    """A clerk began to help the holder of a card, or ended it (NM-10b)."""

    action: ClassVar[str] = "assist-holder"
    session_id: str
    begins: bool

    @property
    def detail(self) -> str:
        """In which session."""
        return f"{self.session_id} {'begins' if self.begins else 'ends'}"


class AgentChanged(Event, frozen=True, kw_only=True):
    """A holder mandated somebody, or took it back."""

    action: ClassVar[str] = "change-agent"
    agent_id: str
    told: str

    @property
    def detail(self) -> str:
        """Which mandate, what."""
        return f"{self.agent_id} {self.told}"
