"""Checking identities and authenticating cards."""

from __future__ import annotations

from dataclasses import dataclass

from card_platform.issuance.store import find_card_of_chip, find_holder
from card_platform.keys import SecurityModule
from card_platform.services.identity import store
from card_platform.services.identity.model import (
    CardAuthenticated,
    IdentityChecked,
    Verdict,
    judge,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


@dataclass(frozen=True, slots=True)
class Challenge:
    """Process factor and original data of one authentication, 8 bytes each (LD/T 32.4)."""

    process: bytes
    original: bytes


class Identity:
    """Answers counters and terminals about cards."""

    def __init__(self, keys: SecurityModule, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def check(
        self, tx: Transaction, *, purpose: str, card_number: str, name: str, by: str
    ) -> tuple[str, Verdict]:
        """Check card number and name for a purpose, on record. A refusal is an answer here."""
        holder = find_holder(tx, card_number)
        verdict = judge(holder, name)
        card_id = holder[0] if holder else None
        check_id = new_identifier("check")
        at = moment_of(self._clock.now())
        store.add_check(
            tx, check_id=check_id, card_id=card_id, purpose=purpose, verdict=verdict, at=at, by=by
        )
        tx.emit(
            IdentityChecked(
                at=at, by=by, card_id=card_id, purpose=purpose, name=name, verdict=verdict
            )
        )
        return check_id, verdict

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
