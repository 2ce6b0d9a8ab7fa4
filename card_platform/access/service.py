"""Signing in: by password, by card, by the keys of a system.

Whatever comes of it is on record, so a refusal is an answer here and is raised by the route: what
is raised inside a transaction leaves no trace, and a challenge must be used up by a wrong answer.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from card_platform.access import store
from card_platform.access.accounts import Accounts
from card_platform.access.model import (
    Account,
    AccountState,
    Agent,
    Session,
    SignedIn,
    SignInRefused,
    Who,
)
from card_platform.access.refusals import (
    CardIsNotGenuine,
    CardSignsInToNothing,
    ChallengeIsNotUsable,
    NoMandateForCard,
    SignInIsRefused,
    SystemProofIsWrong,
)
from card_platform.errors import Refusal
from card_platform.exchange.model import Participant
from card_platform.exchange.store import find_participant
from card_platform.issuance.lifecycle import ENDED_STATES, CardState
from card_platform.issuance.store import find_card, find_state_of_chip, get_person
from card_platform.keys import SecurityModule, sm2
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import SESSION_PREFIX, token_hash

PUBLIC = "public"
_CARD_CHALLENGE_BYTES = 8
_SYSTEM_NONCE_BYTES = 32
_FORMAT = "onecard-sign-in/1"
"""First line of what both sides sign: nothing else they sign begins with it."""


class Challenge(NamedTuple):
    """What must be answered, once, before it ends; hex."""

    challenge_id: str
    theirs: str
    ours: str
    ends_at: str
    signature: str = ""


class Verdict(NamedTuple):
    """What came of a sign-in: a session with its token, or why there is none."""

    session: Session | None
    token: str = ""
    refusal: type[Refusal] | None = None


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What a card answered to INTERNAL AUTHENTICATE; `on_card` is whose agent it makes.

    `as_holder`: the holder's own session, though a staff account names the card.
    """

    challenge_id: str
    historical_bytes: str
    internal_auth: bytes
    on_card: str | None
    as_holder: bool


@dataclass(frozen=True, slots=True)
class SystemAnswer:
    """What a participant signed."""

    challenge_id: str
    participant_id: str
    signature: bytes


class SignIns:
    """Opens the sessions of one region's platform."""

    def __init__(
        self, policy: RegionPolicy, keys: SecurityModule, accounts: Accounts, clock: Clock
    ) -> None:
        self._rules = policy.access
        self._region = policy.region.code
        self._keys = keys
        self._accounts = accounts
        self._clock = clock

    def challenge_card(self, tx: Transaction) -> Challenge:
        """A challenge for a card: `theirs` is the process factor, `ours` the original data."""
        process = secrets.token_hex(_CARD_CHALLENGE_BYTES).upper()
        return self._challenge(tx, None, process, _CARD_CHALLENGE_BYTES)

    def challenge_system(self, tx: Transaction, participant_id: str, nonce: str) -> Challenge:
        """This platform's nonce for a system's, and its signature over both and both names.

        Raises:
            SystemProofIsWrong: nobody of that name is enrolled.
        """
        if find_participant(tx, participant_id) is None:
            raise SystemProofIsWrong
        made = self._challenge(tx, participant_id, nonce.upper(), _SYSTEM_NONCE_BYTES)
        text = signed_text("platform", self._region, participant_id, made.ours, made.theirs)
        return made._replace(signature=self._keys.signer.sign(text).hex().upper())

    def by_password(
        self, tx: Transaction, name: str, seen: Account | None, *, right: bool
    ) -> Verdict:
        """A session of a staff account."""
        reason = self._accounts.judge_password(tx, name, seen, right=right)
        if reason or seen is None:
            who = seen.account_id if seen else "a name nobody has"
            return self._refuse(tx, "password", reason, who, SignInIsRefused)
        return self._open(tx, "password", _of_account(seen))

    def by_card(self, tx: Transaction, answer: CardAnswer) -> Verdict:
        """A session of the holder, of the staff account that names the card, or of an agent."""
        chip = answer.historical_bytes
        challenge = store.use_challenge(tx, answer.challenge_id, None, self._now())
        if challenge is None:
            return self._refuse(tx, "card", "challenge-not-usable", chip, ChallengeIsNotUsable)
        found = find_state_of_chip(tx, chip)
        if found is None or not self._is_genuine(found[2], answer, challenge):
            return self._refuse(tx, "card", "card-not-genuine", chip, CardIsNotGenuine)
        card_id, state, _ = found
        if state is not CardState.ACTIVE:
            return self._refuse(tx, "card", state.value, card_id, CardSignsInToNothing)
        if answer.on_card is not None:
            return self._by_agents_card(tx, card_id, answer.on_card)
        account = None if answer.as_holder else store.find_account(tx, card_id=card_id)
        if account is None:
            who = Who("holder", f"holder:{card_id}", card_id=card_id)
        elif account.state is AccountState.ACTIVE:
            who = _of_account(account)
        else:
            who_id = account.account_id
            return self._refuse(tx, "card", "account-disabled", who_id, SignInIsRefused)
        return self._open(tx, "card", replace(who, proving_card_id=card_id))

    def by_key(self, tx: Transaction, answer: SystemAnswer) -> Verdict:
        """A session of a region, department or bank."""
        who = answer.participant_id
        system = find_participant(tx, who)
        if system is None:
            return self._refuse(tx, "key", "system-unknown", "somebody", SystemProofIsWrong)
        challenge = store.use_challenge(tx, answer.challenge_id, who, self._now())
        if challenge is None:
            return self._refuse(tx, "key", "challenge-not-usable", who, ChallengeIsNotUsable)
        text = signed_text("system", who, self._region, *challenge)
        key = bytes.fromhex(system.public_key)
        if not sm2.signature_is_right(key, text, answer.signature):
            return self._refuse(tx, "key", "signature-wrong", who, SystemProofIsWrong)
        return self._open(tx, "key", _of_system(system))

    def _by_agents_card(self, tx: Transaction, card_id: str, on_card: str) -> Verdict:
        own, other = find_card(tx, card_id), find_card(tx, on_card)
        agent = None
        if own is not None and other is not None and other.state not in ENDED_STATES:
            person = get_person(tx, own.person_id)
            agent = self._mandate(tx, on_card, person.document_kind, person.document_number)
        if agent is None:
            return self._refuse(tx, "card", "no-mandate", card_id, NoMandateForCard)
        name, agent_id = f"agent:{agent.agent_id}", agent.agent_id
        who = Who("agent", name, card_id=on_card, agent_id=agent_id)
        return self._open(tx, "card", replace(who, proving_card_id=card_id))

    def _mandate(self, tx: Transaction, card_id: str, kind: str, number: str) -> Agent | None:
        today = self._now()[:10]
        for each in store.agents_of(tx, card_id):
            is_same = (each.document_kind, each.document_number) == (kind, number)
            if is_same and each.withdrawn_at is None and each.valid_until >= today:
                return each
        return None

    def _is_genuine(self, region: str, answer: CardAnswer, challenge: tuple[str, str]) -> bool:
        process, original = (bytes.fromhex(each) for each in challenge)
        chip = bytes.fromhex(answer.historical_bytes)
        expected = self._keys.internal_authentication(region, chip, process, original)
        return hmac.compare_digest(expected, answer.internal_auth)

    def _challenge(
        self, tx: Transaction, participant_id: str | None, theirs: str, length: int
    ) -> Challenge:
        now = self._clock.now()
        ends_at = moment_of(now + timedelta(seconds=self._rules.challenge.on(now.date())))
        ours = secrets.token_hex(length).upper()
        made = Challenge(new_identifier("challenge"), theirs, ours, ends_at)
        store.add_challenge(
            tx,
            challenge_id=made.challenge_id,
            participant_id=participant_id,
            theirs=theirs,
            ours=ours,
            ends_at=ends_at,
        )
        return made

    def _open(self, tx: Transaction, means: str, who: Who) -> Verdict:
        now = self._clock.now()
        at, today = moment_of(now), now.date()
        token = SESSION_PREFIX + secrets.token_hex(24)
        session = Session(
            session_id=new_identifier("session"),
            token_sha256=token_hash(token),
            began_at=at,
            ends_at=moment_of(now + timedelta(seconds=self._rules.longest_session.on(today))),
            last_used_at=at,
            idle_after_s=self._rules.idleness.on(today),
            **asdict(who),
        )
        store.add_session(tx, session)
        tx.emit(
            SignedIn(
                at=at,
                by=session.name,
                card_id=session.card_id,
                session_id=session.session_id,
                role=session.role,
                means=means,
            )
        )
        return Verdict(session, token)

    def _refuse(
        self, tx: Transaction, means: str, reason: str, who: str, refusal: type[Refusal]
    ) -> Verdict:
        at = self._now()
        tx.emit(SignInRefused(at=at, by=PUBLIC, card_id=None, means=means, reason=reason, who=who))
        return Verdict(None, refusal=refusal)

    def _now(self) -> str:
        return moment_of(self._clock.now())


def signed_text(side: str, signer: str, other: str, one: str, another: str) -> bytes:
    """What one side signs: format, which side, its name, the other's, its nonce, the other's."""
    return "\n".join((_FORMAT, side, signer, other, one, another)).encode()


def _of_account(account: Account) -> Who:
    name = f"{account.role}:{account.name}"
    return Who(account.role, name, site=account.site, account_id=account.account_id)


def _of_system(system: Participant) -> Who:
    kind, participant_id = system.kind.value, system.participant_id
    return Who(
        kind,
        f"{kind}:{participant_id}",
        institution=system.name_zh,
        participant_id=participant_id,
        system_key=system.public_key,
    )
