"""Verifying an identity for an activity, and challenging a card from afar."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.identity_policy import Activity
from card_platform.services.verification import store
from card_platform.services.verification.means import CARD, Means
from card_platform.services.verification.model import (
    CardProof,
    Challenge,
    FoundHolder,
    IdentityVerified,
    Shown,
    Verdict,
    judge_holder,
)
from card_platform.services.verification.refusals import ActivityIsUnknown, MeansIsUnknown
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

RESERVED = "reserved-to-another-document"
_CHALLENGE_BYTES = 8


class Verification:
    """Verifies identities for one region.

    Args:
        means: what may be shown, by name (`means.CARD_MEANS` and whatever joins).
    """

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        catalogue: Catalogue,
        means: Mapping[str, Means],
        clock: Clock,
    ) -> None:
        self.rules = policy.identity
        self._keys = keys
        self._catalogue = catalogue
        self._means = means
        self._clock = clock

    def challenge(self, tx: Transaction) -> Challenge:
        """A challenge for a card that nobody sees."""
        now = self._clock.now()
        valid_for = timedelta(seconds=self.rules.challenge_valid_for.on(now.date()))
        made = Challenge(
            new_identifier("challenge"),
            secrets.token_bytes(_CHALLENGE_BYTES),
            secrets.token_bytes(_CHALLENGE_BYTES),
            moment_of(now + valid_for),
        )
        store.add_challenge(tx, made)
        return made

    def verify(
        self,
        tx: Transaction,
        *,
        activity: str,
        place: str,
        means: str,
        token: str,
        name: str | None,
        proof: CardProof | None,
        by: str,
        chip: str | None = None,
    ) -> tuple[str, Verdict]:
        """Verify an identity for an activity at a place, on record; a refusal is an answer here.

        `chip` is the historical bytes, upper-case, of the chip the caller authenticated, if any.

        Raises:
            ActivityIsUnknown, MeansIsUnknown: before anybody is looked for.
        """
        show = self._means.get(means)
        if show is None:
            raise MeansIsUnknown(means=means, known=", ".join(self._means))
        shown = Shown(token, name, activity, by)
        verdict = self._refused_at_all(tx, activity)
        if verdict is None:
            verdict = judge_holder(show(tx, shown), name, chip)
            known = self.rules.activity(activity)
            if verdict.reason is None and verdict.holder is not None and known is not None:
                verdict = self._require_proof(tx, known, means, proof, verdict.holder)
        at = moment_of(self._clock.now())
        verification_id = new_identifier("verification")
        card_id = verdict.holder.card_id if verdict.holder else None
        store.add_verification(
            tx,
            verification_id=verification_id,
            card_id=card_id,
            activity=activity,
            place=place,
            means=means,
            result=verdict.result,
            reason=verdict.reason,
            at=at,
            by=by,
        )
        tx.emit(
            IdentityVerified(
                at=at,
                by=by,
                card_id=card_id,
                verification_id=verification_id,
                activity=activity,
                place=place,
                means=means,
                reason=verdict.reason,
                chip=chip,
            )
        )
        return verification_id, verdict

    def subject(self, activity: str, place: str, verdict: Verdict) -> str | None:
        """Whom a platform signs in: the same whatever the holder shows, and after a new card."""
        known = self.rules.activity(activity)
        if known is None or not known.is_remote or verdict.reason or verdict.holder is None:
            return None
        return self._keys.subject(place, verdict.holder.person_id)

    def _refused_at_all(self, tx: Transaction, code: str) -> Verdict | None:
        """Refused whoever comes: reserved by law, or not on the catalogue yet."""
        if self.rules.reserved_activity(code) is not None:
            return Verdict(RESERVED)
        activity = self.rules.activity(code)
        if activity is None:
            raise ActivityIsUnknown(activity=code, known=", ".join(self.rules.codes))
        if activity.listed_use is None:
            return None
        listed = any(
            activity.listed_use in each.version.content.uses
            for each in self._catalogue.in_effect(tx)
        )
        return None if listed else Verdict("activity-not-listed")

    def _require_proof(
        self,
        tx: Transaction,
        activity: Activity,
        means: str,
        proof: CardProof | None,
        holder: FoundHolder,
    ) -> Verdict:
        if proof is None:
            needed = activity.is_remote and means == CARD
            return Verdict("card-proof-missing" if needed else None, holder)
        challenge = store.use_challenge(tx, proof.challenge_id, moment_of(self._clock.now()))
        if challenge is None:
            return Verdict("challenge-not-usable", holder)
        chip = store.find_chip(tx, proof.historical_bytes)
        if chip is None or chip[0] != holder.card_id:
            return Verdict("card-not-genuine", holder)
        expected = self._keys.internal_authentication(
            chip[1], bytes.fromhex(proof.historical_bytes), challenge.process, challenge.original
        )
        genuine = hmac.compare_digest(expected, proof.internal_auth)
        return Verdict(None if genuine else "card-not-genuine", holder)
