"""Sessions after signing in: found for the doorkeeper, looked at, ended, kept open for assistance.

A session is looked up for every request and never remembered by a process, so that one which ended,
or whose account, card, mandate or key is gone, has ended in every worker at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from card_platform.access import store
from card_platform.access.model import (
    TOUCH_AFTER_S,
    AssistanceChanged,
    Session,
    SessionEnded,
    stands,
    unused_for,
)
from card_platform.access.refusals import SessionAssistsNobody, SessionIsNeeded
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_card
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller, FindCaller, SessionHasEnded


class Sessions:
    """The sessions of one platform."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def look(self, tx: Transaction, caller: Caller) -> Session:
        """The caller's session. Raises SessionIsNeeded."""
        found = store.find_session(tx, session_id=caller.session_id) if caller.session_id else None
        if found is None:
            raise SessionIsNeeded
        return found[0]

    def end(self, tx: Transaction, caller: Caller) -> Session:
        """Sign out. Raises SessionIsNeeded, SessionHasEnded."""
        session, at = self.look(tx, caller), moment_of(self._clock.now())
        self._change(tx, session, ended_at=at)
        tx.emit(
            SessionEnded(
                at=at, by=caller.name, card_id=session.card_id, session_id=session.session_id
            )
        )
        return replace(session, ended_at=at)

    def assist(self, tx: Transaction, caller: Caller, card_id: str) -> Session:
        """Keep the clerk's session open while the holder of a card is helped (NM-10b).

        Raises:
            SessionIsNeeded, SessionHasEnded, CardIsUnknown.
        """
        session = self.look(tx, caller)
        if find_card(tx, card_id) is None:
            raise CardIsUnknown
        at = moment_of(self._clock.now())
        self._change(tx, session, assists_card_id=card_id, last_used_at=at)
        self._tell(tx, caller, card_id, session, begins=True)
        return replace(session, assists_card_id=card_id)

    def end_assistance(self, tx: Transaction, caller: Caller) -> Session:
        """From now on idleness counts again.

        Raises:
            SessionIsNeeded, SessionHasEnded, SessionAssistsNobody.
        """
        session = self.look(tx, caller)
        if session.assists_card_id is None:
            raise SessionAssistsNobody
        at = moment_of(self._clock.now())
        self._change(tx, session, assists_card_id=None, last_used_at=at)
        self._tell(tx, caller, session.assists_card_id, session, begins=False)
        return replace(session, assists_card_id=None)

    def forget_challenges(self, tx: Transaction, now: datetime) -> None:
        """Due work: challenges whose time is over."""
        store.forget_challenges(tx, moment_of(now))

    def _change(self, tx: Transaction, session: Session, **values: str | None) -> None:
        if not store.change_session(tx, session.session_id, **values):
            raise SessionHasEnded

    def _tell(
        self, tx: Transaction, caller: Caller, card_id: str, session: Session, *, begins: bool
    ) -> None:
        tx.emit(
            AssistanceChanged(
                at=moment_of(self._clock.now()),
                by=caller.name,
                card_id=card_id,
                session_id=session.session_id,
                begins=begins,
            )
        )


def session_finder(database: Database, clock: Clock) -> FindCaller:
    """What the doorkeeper asks for tokens of sessions; it also puts their use on record."""

    async def find(token_sha256: str) -> Caller | None:
        found = await database.read(lambda tx: store.find_session(tx, token_sha256=token_sha256))
        if found is None:
            return None
        session, footing = found
        now = clock.now()
        if not stands(session, footing, now):
            raise SessionHasEnded
        if unused_for(session, now).total_seconds() >= TOUCH_AFTER_S:
            at = moment_of(now)
            await database.write(
                lambda tx: store.change_session(tx, session.session_id, last_used_at=at)
            )
        return session.caller

    return find
