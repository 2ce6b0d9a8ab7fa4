"""Checking identities and authenticating cards."""

from __future__ import annotations

from dataclasses import dataclass

from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.ecards.model import CodeHolder
from card_platform.issuance.store import find_card_of_chip, find_holder, holder_question
from card_platform.keys import SecurityModule
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.identity import store
from card_platform.services.identity.model import (
    CardAuthenticated,
    IdentityChecked,
    Verdict,
    judge,
    judge_code,
)
from card_platform.storage import Question, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


@dataclass(frozen=True, slots=True)
class Challenge:
    """Process factor and original data of one authentication, 8 bytes each (LD/T 32.4)."""

    process: bytes
    original: bytes


class Identity:
    """Answers counters and terminals about cards."""

    def __init__(self, keys: SecurityModule, codes: Codes, clock: Clock) -> None:
        self._keys = keys
        self._codes = codes
        self._clock = clock

    def question(self, card_number: str | None, code: str | None) -> Question:
        """What a check by card number or by code asks first."""
        return self._codes.question(code) if code else holder_question(card_number or "")

    def check(
        self,
        tx: Transaction,
        *,
        purpose: str,
        card_number: str,
        name: str,
        by: str,
        chip: str | None = None,
    ) -> tuple[str, Verdict]:
        """Check card number and name for a purpose, on record. A refusal is an answer here.

        `chip` is the historical bytes, upper-case, of the chip the caller authenticated, if any.
        """
        card = find_holder(tx, card_number)
        verdict = judge(card, name, chip)
        card_id = card.card_id if card else None
        check = IdentityChecked(
            at=moment_of(self._clock.now()),
            by=by,
            card_id=card_id,
            purpose=purpose,
            name=name,
            verdict=verdict,
            chip=chip,
        )
        return _put_on_record(tx, check), verdict

    def check_code(
        self, tx: Transaction, *, purpose: str, code: str, by: str
    ) -> tuple[str, Verdict, CodeHolder | None]:
        """Check a code of identity for a purpose, on record; for a valid one also whose it is.

        A terminal learns from a code what it reads from a card; the record of the check tells so.
        """
        finding = self._codes.judge(tx, code, CodePurpose.IDENTITY)
        verdict = judge_code(finding)
        holder = finding.holder
        check = IdentityChecked(
            at=moment_of(self._clock.now()),
            by=by,
            card_id=holder.card_id if holder else None,
            purpose=purpose,
            name=holder.name if holder else "-",
            verdict=verdict,
            carrier=finding.code.kind.value if finding.code else "code",
        )
        return _put_on_record(tx, check), verdict, holder if verdict.reason is None else None

    def authenticate(
        self,
        tx: Transaction,
        *,
        historical_bytes: str,
        region: str,
        internal: Challenge,
        external: Challenge,
        by: str,
    ) -> tuple[bytes, bytes]:
        """The two values of the two-step reading flow: what a genuine card answers, and what
        opens its EF06. The keys follow from region and chip alone, as in a province's HSM.
        """
        chip = bytes.fromhex(historical_bytes)
        values = (
            self._keys.internal_authentication(region, chip, internal.process, internal.original),
            self._keys.external_authentication(region, chip, external.process, external.original),
        )
        tx.emit(
            CardAuthenticated(
                at=moment_of(self._clock.now()),
                by=by,
                card_id=find_card_of_chip(tx, historical_bytes),
                historical_bytes=historical_bytes,
            )
        )
        return values


def _put_on_record(tx: Transaction, check: IdentityChecked) -> str:
    """Save a check and tell of it; its id."""
    check_id = new_identifier("check")
    store.add_check(
        tx,
        check_id=check_id,
        card_id=check.card_id,
        purpose=check.purpose,
        verdict=check.verdict,
        at=check.at,
        by=check.by,
        carrier=check.carrier,
    )
    tx.emit(check)
    return check_id
