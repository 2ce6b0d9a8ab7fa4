"""Request and answer shapes of accounts, sessions and agents."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.access.model import PASSWORD_LENGTH_MAX, Account, Agent, Session
from card_platform.access.service import CardAnswer, SystemAnswer
from card_platform.exchange.model import ParticipantId
from card_platform.issuance.application import IdentityDocument, Mandate
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.masking import masked
from card_platform.web.authentication import StaffRole
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
AccountName = Annotated[str, exactly(r"[a-z][a-z0-9.-]{2,39}")]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=PASSWORD_LENGTH_MAX)]
Nonce = Annotated[str, exactly(r"[0-9A-Fa-f]{64}")]


class Nothing(RequestBody, frozen=True):
    """Nothing to say."""


class AccountOpening(RequestBody, frozen=True):
    """A member of staff; `card_id` is the card that signs in to the account."""

    name: AccountName
    role: StaffRole
    site: Short
    card_id: Short | None = None


class Disabling(RequestBody, frozen=True):
    """Why."""

    reason: Reason


class PasswordReset(RequestBody, frozen=True):
    """Why, as by whom it was asked for."""

    reason: Reason


class NewPassword(RequestBody, frozen=True):
    """The password so far, and the new one."""

    current: Password
    new: Password

    def __repr__(self) -> str:
        return "NewPassword()"  # no password gets into a log or a traceback


class AccountAnswer(msgspec.Struct, frozen=True):
    """An account; nothing of its password but whether it is still the first."""

    account_id: str
    name: str
    role: str
    site: str
    card_id: str | None
    state: str
    has_first_password: bool
    locked_until: str | None
    opened_at: str


class OpenedAnswer(msgspec.Struct, frozen=True):
    """An account that is new or was reset, and its first password, which is shown here and stored
    nowhere.
    """

    account: AccountAnswer
    first_password: str


class AccountsAnswer(msgspec.Struct, frozen=True):
    """A page of the accounts, by name."""

    accounts: list[AccountAnswer]
    next: str | None


class AccountReference(msgspec.Struct, frozen=True):
    """All that is kept of an answer that holds a first password."""

    account_id: str
    reset_id: str = ""


class SystemChallenge(RequestBody, frozen=True):
    """A participant of the exchange, and its own nonce of 32 bytes."""

    participant_id: ParticipantId
    nonce: Nonce


class ChallengeRequest(RequestBody, frozen=True):
    """A challenge for a card, or for a system where one is named."""

    system: SystemChallenge | None = None


class PlatformProof(msgspec.Struct, frozen=True):
    """This platform's nonce, and its SM2 signature over both names and nonces."""

    platform_id: str
    nonce: str
    signature: str


class ChallengeAnswer(msgspec.Struct, frozen=True):
    """What to answer, once, before the moment: `process` and `original` by a card."""

    challenge_id: str
    ends_at: str
    process: str | None = None
    original: str | None = None
    system: PlatformProof | None = None


class PasswordProof(RequestBody, frozen=True):
    """Name and password of a staff account."""

    name: AccountName
    password: Password

    def __repr__(self) -> str:
        return "PasswordProof()"  # no password gets into a log or a traceback


class CardProof(RequestBody, frozen=True):
    """The card's answer to INTERNAL AUTHENTICATE; `on_card` is the card of whom it is an agent."""

    challenge_id: Short
    historical_bytes: Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]
    internal_auth: Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]
    on_card: Short | None = None
    as_holder: bool = False

    def read(self) -> CardAnswer:
        """The same as bytes."""
        return CardAnswer(
            self.challenge_id,
            self.historical_bytes.upper(),
            bytes.fromhex(self.internal_auth),
            self.on_card,
            self.as_holder,
        )


class SystemProof(RequestBody, frozen=True):
    """The participant's SM2 signature r || s, in hex."""

    challenge_id: Short
    participant_id: ParticipantId
    signature: Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]

    def read(self) -> SystemAnswer:
        """The same as bytes."""
        return SystemAnswer(self.challenge_id, self.participant_id, bytes.fromhex(self.signature))


class SignIn(RequestBody, frozen=True):
    """One of three: a password, a card's answer, a system's signature."""

    password: PasswordProof | None = None
    card: CardProof | None = None
    system: SystemProof | None = None

    def require_one(self) -> None:
        """Raises `RequestIsMalformed`."""
        given = [each for each in (self.password, self.card, self.system) if each is not None]
        if len(given) != 1:
            expected = "one of password, card and system"
            raise RequestIsMalformed([Fault("$", f"{len(given)} of them", expected)])


class SessionAnswer(msgspec.Struct, frozen=True):
    """A session; `card_id` is the one card of a holder or agent."""

    session_id: str
    role: str
    name: str
    card_id: str | None
    ends_at: str
    idle_after_s: int
    assists_card_id: str | None
    ended_at: str | None


class SignedInAnswer(msgspec.Struct, frozen=True):
    """A new session and its token, which is shown here and stored only as a hash."""

    token: str
    session: SessionAnswer


class Assistance(RequestBody, frozen=True):
    """Whose card's holder the clerk helps."""

    card_id: Short


class AgentNaming(RequestBody, frozen=True):
    """The agent's document and the mandate; at a counter also the holder's own document."""

    agent: Mandate
    document: IdentityDocument | None = None


class AgentWithdrawal(RequestBody, frozen=True):
    """At a counter the holder's own document."""

    document: IdentityDocument | None = None


class AgentAnswer(msgspec.Struct, frozen=True):
    """A mandate; the agent's document is masked."""

    agent_id: str
    card_id: str
    document_number: str
    mandate_number: str
    valid_until: str
    at: str
    withdrawn_at: str | None


class AgentsAnswer(msgspec.Struct, frozen=True):
    """A page of the mandates of a card, the latest first."""

    agents: list[AgentAnswer]
    next: str | None


def account_answer(account: Account) -> AccountAnswer:
    """An account as it is told."""
    return AccountAnswer(
        account.account_id,
        account.name,
        account.role,
        account.site,
        account.card_id,
        account.state.value,
        account.is_first,
        account.locked_until,
        account.opened_at,
    )


def session_answer(session: Session) -> SessionAnswer:
    """A session as it is told."""
    return SessionAnswer(
        session.session_id,
        session.role,
        session.name,
        session.card_id,
        session.ends_at,
        session.idle_after_s,
        session.assists_card_id,
        session.ended_at,
    )


def agent_answer(agent: Agent) -> AgentAnswer:
    """A mandate as it is told."""
    return AgentAnswer(
        agent.agent_id,
        agent.card_id,
        masked(agent.document_number),
        agent.mandate_number,
        agent.valid_until,
        agent.at,
        agent.withdrawn_at,
    )
