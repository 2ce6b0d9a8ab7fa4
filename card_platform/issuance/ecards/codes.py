"""Codes: a phone asks, the platform signs; a terminal shows, the platform judges.

Rules:
- A phone's signature is verified, and a code signed, in a read: both take milliseconds, which no
  writer has. What the read saw is looked at again when the code is put on record.
- On line a code is found by the SHA-256 of its text, so that a good one costs no signature check;
  only a code the platform does not have is taken apart to say why.
- What is wrong with the card comes first, so that a code is refused as its card would be.
- A single-use code is burnt by the first use in the transaction of what it was used for.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from card_platform.errors import Refusal
from card_platform.issuance.ecards import store
from card_platform.issuance.ecards.code_text import (
    CodeFace,
    CodeIsUnreadable,
    CodeKind,
    code_text,
    read_code,
)
from card_platform.issuance.ecards.model import (
    CodeIssued,
    CodeRequest,
    CodeUseReported,
    Finding,
    IssuedCode,
    Signing,
)
from card_platform.issuance.ecards.refusals import (
    CODE_REFUSALS,
    CodeIsUsed,
    CodeRequestIsOutOfTime,
    CodeRequestIsReplayed,
    FusionCodeIsNotOfThisRegion,
    SigningIsNotValid,
    SigningIsUnknown,
    SigningLevelIsTooLow,
    TooManyCodes,
)
from card_platform.issuance.ecards.signing_life import SigningState
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.store import find_card
from card_platform.keys import SecurityModule
from card_platform.keys.sm2 import signature_is_right
from card_platform.regions import RegionPolicy
from card_platform.regions.electronic_card_policy import CodePurpose, CodeRule
from card_platform.storage import Question, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME, Clock, moment_of

CODES_OPEN_MAX = 20
"""Most live codes of one phone: one each few seconds."""
FORGOTTEN_AT_ONCE_MAX = 500
_CODE_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class PreparedCode:
    """A signed code that is not on record yet."""

    text: str
    code: IssuedCode
    life_s: int


@dataclass(frozen=True, slots=True)
class CodeTerms:
    """What terminals must know to check codes without a line."""

    region: str
    key_number: int
    public_key: str
    rules: list[tuple[CodePurpose, int, CodeRule]]
    clock_tolerance_s: int


CODE_KEY_NUMBER = 1
"""Of the key that signs codes: a region may change to a new one while old codes are still shown."""


class Codes:
    """The codes of one region."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._rules = policy.electronic_card
        self._region = policy.region.code
        self._key = keys.code_signer
        self._clock = clock

    def prepare(self, tx: Transaction, asked: CodeRequest, signature: str) -> PreparedCode:
        """Verify a phone's request and sign a code; reads only.

        Raises:
            SigningIsUnknown, CodeRequestIsOutOfTime, FusionCodeIsNotOfThisRegion,
            SigningLevelIsTooLow, SigningIsNotValid: as they say.
        """
        signing = store.find_signing(tx, asked.signing_id)
        if signing is None or not signature_is_right(
            bytes.fromhex(signing.public_key), asked.signed(), bytes.fromhex(signature)
        ):
            raise SigningIsUnknown
        now = self._clock.now()
        self._require_in_time(asked, now)
        if asked.kind is CodeKind.FUSION_CODE and self._rules.fusion_code is None:
            raise FusionCodeIsNotOfThisRegion
        rule = self._rules.rule(asked.purpose)
        if not signing.reaches(rule.level):
            raise SigningLevelIsTooLow(needed=rule.level.value, level=signing.level.value)
        _require_valid(signing)
        card = find_card(tx, signing.card_id)
        assert card is not None  # noqa: S101 - a signing has a card
        life_s = rule.life.on(now.date())
        face = CodeFace(
            region=self._region,
            key_number=CODE_KEY_NUMBER,
            kind=asked.kind,
            purpose=asked.purpose,
            code_number=secrets.token_hex(_CODE_NUMBER_BYTES),
            issued_at=int(now.timestamp()),
            life_s=life_s,
            card_number=card.card_number,
            application_serial=card.application_serial,
        )
        text = code_text(face, self._key.sign(face.signed()))
        code = IssuedCode(
            code_number=face.code_number,
            signing_id=signing.signing_id,
            card_id=signing.card_id,
            kind=asked.kind,
            purpose=asked.purpose,
            nonce=asked.nonce,
            digest=_digest(text),
            issued_at=moment_of(face.issued),
            expires_at=moment_of(face.issued + timedelta(seconds=life_s)),
        )
        return PreparedCode(text, code, life_s)

    def issue(self, tx: Transaction, prepared: PreparedCode) -> None:
        """Put a prepared code on record.

        Raises:
            SigningIsNotValid, TooManyCodes, CodeRequestIsReplayed: as they say.
        """
        code, at = prepared.code, moment_of(self._clock.now())
        signing = store.find_signing(tx, code.signing_id, to_change=True)
        assert signing is not None  # noqa: S101 - it was there, and none is ever removed
        _require_valid(signing)
        if not store.add_code(tx, code):
            raise CodeRequestIsReplayed
        if store.count_open_codes(tx, code.signing_id, at) > CODES_OPEN_MAX:
            raise TooManyCodes(limit=CODES_OPEN_MAX)
        tx.emit(
            CodeIssued(
                at=at, by="phone", card_id=code.card_id, kind=code.kind, purpose=code.purpose
            )
        )

    def judge(
        self, tx: Transaction, text: str, purpose: CodePurpose, at: datetime | None = None
    ) -> Finding:
        """Whether a code is good for a purpose at a moment, by default now."""
        found = store.find_code(tx, _digest(text))
        if found is None:
            return Finding(self._why_unknown(text))
        code, signing, holder = found
        moment = at or self._clock.now()
        return Finding(
            self._fault(code, signing, holder.card_state, purpose, moment_of(moment))
            or ("code-already-used" if self._is_burnt(tx, code) else None),
            code,
            holder,
        )

    def question(self, text: str) -> Question:
        """What `judge` asks first."""
        return store.code_question(_digest(text))

    def take(
        self, tx: Transaction, text: str, purpose: CodePurpose, by: str
    ) -> tuple[Finding, str]:
        """Take a code on line for something that is done once; the finding and the use's id.

        Raises:
            CodeRefusal: with the reason.
        """
        finding = self.judge(tx, text, purpose)
        if finding.reason is not None:
            raise self._refused(CODE_REFUSALS[finding.reason](), finding.code, by)
        assert finding.code is not None  # noqa: S101 - a good code is known
        at, use_id = moment_of(self._clock.now()), new_identifier("code-use")
        burns = self._rules.rule(purpose).single_use
        if not store.add_use(
            tx,
            use_id=use_id,
            code_number=finding.code.code_number,
            card_id=finding.code.card_id,
            purpose=purpose.value,
            finding="right",
            burns=int(burns),
            offline=0,
            used_at=at,
            at=at,
            by=by,
        ):
            raise self._refused(CodeIsUsed(), finding.code, by)
        return finding, use_id

    def _refused(self, refusal: Refusal, code: IssuedCode | None, by: str) -> Refusal:
        """The refusal; a second use leaves a trace."""
        if isinstance(refusal, CodeIsUsed) and code is not None:
            refusal.trace = CodeUseReported(
                at=moment_of(self._clock.now()),
                by=by,
                card_id=code.card_id,
                finding=refusal.code,
                code_number=code.code_number,
            )
        return refusal

    def forget(self, tx: Transaction, now: datetime) -> bool:
        """Due work: codes nobody can report a use of any more; whether there are more."""
        before = now - timedelta(seconds=self._rules.record_kept.on(now.date()))
        gone = store.forget_codes(tx, moment_of(before), FORGOTTEN_AT_ONCE_MAX)
        return gone == FORGOTTEN_AT_ONCE_MAX

    def terms(self) -> CodeTerms:
        """Key and rules of today."""
        today = self._clock.now().date()
        rules = [(each, self._rules.rule(each)) for each in CodePurpose]
        return CodeTerms(
            self._region,
            CODE_KEY_NUMBER,
            self._key.public_key.hex().upper(),
            [(purpose, rule.life.on(today), rule) for purpose, rule in rules],
            self._rules.clock_tolerance.on(today),
        )

    def _require_in_time(self, asked: CodeRequest, now: datetime) -> None:
        window_s = self._rules.request_window.on(now.date())
        at = datetime.fromisoformat(asked.at).astimezone(CHINA_STANDARD_TIME)
        if abs((now - at).total_seconds()) > window_s:
            raise CodeRequestIsOutOfTime(window_s=window_s)

    def _is_burnt(self, tx: Transaction, code: IssuedCode) -> bool:
        rule = self._rules.rule(code.purpose)
        return rule.single_use and store.is_burnt(tx, code.code_number)

    def _fault(
        self,
        code: IssuedCode,
        signing: SigningState,
        card: CardState,
        purpose: CodePurpose,
        moment: str,
    ) -> str | None:
        if card is not CardState.ACTIVE:
            return "card-is-not-active"
        if signing is not SigningState.VALID:
            return "code-signing-ended"
        if code.purpose is not purpose:
            return "code-purpose-differs"
        if moment >= code.expires_at:
            return "code-expired"
        return None

    def _why_unknown(self, text: str) -> str:
        """What is wrong with a text the platform has no record of."""
        try:
            face, signature = read_code(text)
        except CodeIsUnreadable:
            return "code-unreadable"
        if (face.region, face.key_number) != (self._region, CODE_KEY_NUMBER):
            return "code-of-another-region"
        if not self._key.is_mine(face.signed(), signature):
            return "code-not-genuine"
        return "code-unknown"


def _require_valid(signing: Signing) -> None:
    if signing.state is not SigningState.VALID:
        raise SigningIsNotValid(state=signing.state.value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
