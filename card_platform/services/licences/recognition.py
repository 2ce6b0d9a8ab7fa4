"""Licences between regions (CQ-23, YD-5, YD-15): stating one's own, taking another region's.

Two calls for the road between regions (`exchange/licence_requests`): `answer` gives signed
statements of this region, `take` checks and keeps one of another. Keys of other regions come
through `RegionKeys`: those by which the exchange knows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from card_platform.keys.sm2_signer import Sm2Signer
from card_platform.oversight.consent import ReadOf
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.licences import store
from card_platform.services.licences.model import Licence, LicenceKind, LicenceRead
from card_platform.services.licences.refusals import (
    LicenceIsNotRecognised,
    RegionKeyIsUnknown,
    StatementIsForAnother,
    StatementIsOutdated,
)
from card_platform.services.licences.service import record_step
from card_platform.services.licences.statement import (
    LicenceStatement,
    SignedStatement,
    read_statement,
    require_signature,
    statement_of,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

FIELD = "e-licence"
"""The field of a cooperation agreement under which licences are recognised."""
PURPOSE = "证照互认 recognise-licence"
_AHEAD_MAX = timedelta(minutes=5)
"""How far another region's clock may be ahead of this one's (assumption)."""


class RegionKeys(Protocol):
    """Who knows the public keys of other regions."""

    def public_key_of(self, tx: Transaction, region: str) -> bytes | None:
        """X || Y, or None for a region nobody vouches for."""
        ...


class Recognition:
    """One region's side of mutual recognition."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        signer: Sm2Signer,
        clock: Clock,
        region_keys: RegionKeys,
    ) -> None:
        self._policy = policy
        self._region = policy.region.code
        self._agreements = agreements
        self._signer = signer
        self._clock = clock
        self._region_keys = region_keys

    def answer(
        self,
        tx: Transaction,
        *,
        kind: LicenceKind,
        document: str,
        audience: str,
        shown_by: str,
        by: str,
    ) -> list[SignedStatement]:
        """What this region states to another of the licences of a person; the holder sees it.

        `shown_by` is the other region's check of identity, in which the holder showed card or code.

        Raises:
            LicenceIsNotRecognised: no agreement with that region covers licences.
        """
        now = self._clock.now()
        agreement = self._agreement_with(audience, now)
        at = moment_of(now)
        found = store.of_document(tx, document, kind.value)
        for each in found:
            told = ReadOf(
                PURPOSE,
                f"licence:{kind.value}",
                "agreement",
                reference=f"{agreement} {shown_by}",
                recipient=audience,
            )
            card_id = store.card_of_person(tx, each.person_id)
            tx.emit(LicenceRead(at=at, by=by, card_id=card_id, kind=kind.value, told=told))
        return [self._signed(statement_of(each, audience, at)) for each in found]

    def take(self, tx: Transaction, signed: SignedStatement, by: str) -> Licence:
        """Check another region's statement and keep the licence as it says; once or again.

        Raises:
            StatementIsMalformed, RegionKeyIsUnknown, StatementSignatureIsWrong,
            StatementIsForAnother, LicenceIsNotRecognised, StatementIsOutdated.
        """
        statement = read_statement(signed)
        public_key = self._region_keys.public_key_of(tx, statement.region)
        if public_key is None:
            raise RegionKeyIsUnknown(region=statement.region)
        require_signature(signed, public_key)
        if statement.audience != self._region:
            raise StatementIsForAnother(audience=statement.audience)
        now = self._clock.now()
        self._agreement_with(statement.region, now)
        self._require_timely(statement, now)
        before = store.find_numbered(tx, statement.region, statement.kind.value, statement.number)
        if before is not None and before.stated_at is not None:
            if statement.stated_at < before.stated_at:
                raise StatementIsOutdated
            if statement.stated_at == before.stated_at:
                return before
        return self._keep(tx, statement, before, by, moment_of(now))

    def _keep(
        self,
        tx: Transaction,
        statement: LicenceStatement,
        before: Licence | None,
        by: str,
        at: str,
    ) -> Licence:
        said = {
            name: getattr(statement, name)
            for name in LicenceStatement.__struct_fields__
            if name not in {"format", "version", "audience"}
        }
        if before is None:
            licence = Licence(licence_id=new_identifier("licence"), **said)
        else:
            same = before.holder_document == statement.holder_document
            licence = replace(before, **said, person_id=before.person_id if same else None)
        store.save(tx, licence, is_new=before is None)
        state = before.state if before else None
        record_step(tx, licence, "import", state, at=at, by=by)
        return licence

    def _require_timely(self, statement: LicenceStatement, now: datetime) -> None:
        stated = datetime.fromisoformat(statement.stated_at)
        days = self._policy.licences.statement_valid_for.on(now.date())
        if not now - timedelta(days=days) <= stated <= now + _AHEAD_MAX:
            raise StatementIsOutdated

    def _agreement_with(self, region: str, now: datetime) -> str:
        found = find_coverage(
            self._agreements, card_region=region, place=self._region, field=FIELD, day=now.date()
        )
        if found.agreement is None:
            raise LicenceIsNotRecognised(region=region)
        return found.agreement.id

    def _signed(self, statement: LicenceStatement) -> SignedStatement:
        text = msgspec.json.encode(statement)
        return SignedStatement(text.decode(), self._signer.sign(text).hex())
