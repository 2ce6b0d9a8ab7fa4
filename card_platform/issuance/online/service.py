"""Use cases of applications made online: file, follow, read, decide, withdraw."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from card_platform.issuance.application import Application, check_application
from card_platform.issuance.model import Card
from card_platform.issuance.online import store
from card_platform.issuance.online.model import (
    OnlineAction,
    OnlineApplication,
    OnlineApplicationChanged,
    OnlineState,
    next_state,
)
from card_platform.issuance.online.refusals import OnlineApplicationIsUnknown
from card_platform.issuance.service import Issuance
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of

ONLINE_SITE = "online"
"""Where an application made online was accepted."""
_APPLY = "apply"


class OnlineApplications:
    """The applications of one region that are made online."""

    def __init__(
        self, policy: RegionPolicy, keys: SecurityModule, issuance: Issuance, clock: Clock
    ) -> None:
        self._policy = policy
        self._keys = keys
        self._issuance = issuance
        self._clock = clock
        self._time_limit = next(each.time_limit for each in policy.guide if each.service == _APPLY)

    def file(self, tx: Transaction, asked: Application, by: str) -> OnlineApplication:
        """File one that the rules allow: its number and its deadline.

        Raises:
            Refusal: of `check_application`.
        """
        now = self._clock.now()
        check_application(asked, self._policy, now.date())
        at = moment_of(now)
        serial = next_number(tx, "online-application-number")
        days = self._time_limit.on_or_first(now.date())
        filed = OnlineApplication(
            number=f"{self._policy.region.abbreviation}W{now:%Y%m%d}{serial:06d}",
            state=OnlineState.FILED,
            state_since=at,
            filed_at=at,
            due_at=moment_of(now + timedelta(days=days)),
            collection_site=asked.collected_at,
            content=msgspec.json.encode(asked).decode(),
        )
        store.save(tx, filed, is_new=True)
        self._tell(tx, filed, "file", by)
        return filed

    def secret_of(self, number: str) -> str:
        """What opens a number to its applicant: derived, so that it need not be stored."""
        return self._keys.filing_secret(number)

    def status(self, tx: Transaction, number: str, secret: str) -> OnlineApplication:
        """What the applicant may see. Raises OnlineApplicationIsUnknown."""
        if not hmac.compare_digest(self.secret_of(number).encode(), secret.encode()):
            raise OnlineApplicationIsUnknown
        return self._find(tx, number)

    def read(
        self, tx: Transaction, number: str, by: str
    ) -> tuple[OnlineApplication, Application | None]:
        """It with its form, for the clerk who decides; on record as a read.

        Raises:
            OnlineApplicationIsUnknown.
        """
        found = self._find(tx, number)
        self._tell(tx, found, "read", by)
        return found, _sent(found)

    def decide(
        self, tx: Transaction, number: str, reason: str | None, by: str, *, grants: bool
    ) -> OnlineApplication:
        """Grant it, which issues the card, or refuse it; the form is forgotten.

        Raises:
            OnlineApplicationIsUnknown, OnlineApplicationStateForbids.
            Refusal: of applying, as PersonAlreadyHoldsCard; then it stays undecided.
        """
        found = self._find(tx, number, to_change=True)
        action = OnlineAction.GRANT if grants else OnlineAction.REFUSE
        after = next_state(found.state, action)
        card: Card | None = None
        if grants:
            asked = _sent(found)
            assert asked is not None  # noqa: S101 - kept until it is decided
            _, card = self._issuance.apply(tx, asked, by)
        card_id = card.card_id if card else None
        return self._end(tx, replace(found, state=after, reason=reason, card_id=card_id), by)

    def withdraw(self, tx: Transaction, number: str, secret: str, by: str) -> OnlineApplication:
        """The applicant takes it back.

        Raises:
            OnlineApplicationIsUnknown, OnlineApplicationStateForbids.
        """
        self.status(tx, number, secret)
        found = self._find(tx, number, to_change=True)
        after = next_state(found.state, OnlineAction.WITHDRAW)
        return self._end(tx, replace(found, state=after), by)

    def is_late(self, application: OnlineApplication) -> bool:
        """Whether its deadline passed while it waits."""
        due = datetime.fromisoformat(application.due_at)
        return application.state is OnlineState.FILED and due < self._clock.now()

    def _end(self, tx: Transaction, ended: OnlineApplication, by: str) -> OnlineApplication:
        at = moment_of(self._clock.now())
        forgotten = replace(ended, state_since=at, content=None, decided_by=by)
        store.save(tx, forgotten, is_new=False)
        self._tell(tx, forgotten, forgotten.state.value, by)
        return forgotten

    def _find(self, tx: Transaction, number: str, *, to_change: bool = False) -> OnlineApplication:
        found = store.find(tx, number, to_change=to_change)
        if found is None:
            raise OnlineApplicationIsUnknown
        return found

    def _tell(self, tx: Transaction, application: OnlineApplication, step: str, by: str) -> None:
        tx.emit(
            OnlineApplicationChanged(
                at=moment_of(self._clock.now()),
                by=by,
                card_id=application.card_id,
                number=application.number,
                step=step,
            )
        )


def _sent(application: OnlineApplication) -> Application | None:
    """What the applicant sent; None once it is decided."""
    if application.content is None:
        return None
    return msgspec.json.decode(application.content, type=Application)
