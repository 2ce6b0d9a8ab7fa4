"""Detection as due work: folds what came, in pieces, and saves the alerts with the place reached.

Rules:
- An event gets its place in the fold here, in the transaction that saves the alerts it raised; so
  whatever order transactions committed in, the fold is one order, and none is left out.
- The fold's memory is this process's. It is rebuilt by folding the placed events again, whose
  alerts are saved already and thrown away: after a kill nothing is doubled and nothing lost. Where
  several processes watch, one folds at a time, and the others catch up the same way.
- Whose card it is is looked up here and kept in the event, so that the fold asks no database.
- When a day has ended its place is kept as a line without an event, so that its ranking is made
  even on a quiet night, and made again alike.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert, HistoryEvent, seconds_of
from card_platform.oversight.risk.rules import Rules, first_rules
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.model import AlertRaised
from card_platform.oversight.risk.stream.taps import TapsTaken
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

PIECE = 1_000
REFOLD_AT_ONCE = 5_000
PIECES_MAX = 100_000
"""Pieces of one run that was asked for: a hundred million events."""
BY = "clock"
OnAlert = Callable[[Transaction, Alert, datetime], None]
_LOG = logging.getLogger(__name__)


class Watch:
    """Detection of one region.

    Args:
        region: its abbreviation, of events that name none.
        followers: told of each new alert, in its transaction.
        taps: takes taps over from their own table.
        piece: events of one transaction.
    """

    def __init__(
        self,
        region: str,
        followers: Sequence[OnAlert],
        taps: TapsTaken | None = None,
        piece: int = PIECE,
    ) -> None:
        self._region = region
        self._piece = piece
        self._taps = taps or TapsTaken()
        self._followers = tuple(followers)
        self._decode = msgspec.json.Decoder(HistoryEvent).decode
        self._detector = Detector(first_rules())
        self._version = first_rules().version
        self._position = 0

    def look(self, tx: Transaction, now: datetime) -> bool:
        """Due work: the next piece; whether there is more."""
        today = f"{now:%Y-%m-%d}"
        place = store.look_at_watch(tx)
        has_taps = self._taps.has_new(tx, place.taps_to)
        if not has_taps and not store.waiting(tx, 1) and place.day in {"", today}:
            return False
        place = store.lock_watch(tx)
        if not self._catch_up(tx, place):
            return True
        taps_to = self._taps.take_over(tx, place.taps_to)
        waiting = store.waiting(tx, self._piece)
        alerts: list[Alert] = []
        position, self._position = place.position, -1  # what fails is folded again
        names = self._holders(tx, waiting)
        for each in waiting:
            position += 1
            event = self._named(each, names)
            store.place(tx, each.event_id, position, msgspec.json.encode(event).decode())
            alerts += self._detector.observe(event)
        is_new_day = place.day not in {"", today}
        if not waiting and is_new_day:
            position += 1
            alerts += self._end_day(tx, position, now)
        day = place.day if waiting and is_new_day else today
        store.advance(tx, store.Place(position, day, taps_to))
        for alert in alerts:
            self._save(tx, alert, now)
        self._position = position
        return len(waiting) == self._piece or (is_new_day and bool(waiting))

    async def run(self, clock: Clock) -> AsyncIterator[Callable[[Transaction], int]]:
        """Pieces of looking at all that has come by now; each gives the place it reached."""
        is_more = True
        for _ in range(PIECES_MAX):
            if not is_more:
                return

            def piece(tx: Transaction) -> int:
                nonlocal is_more
                is_more = self.look(tx, clock.now())
                return store.look_at_watch(tx).position

            yield piece

    def _catch_up(self, tx: Transaction, place: store.Place) -> bool:
        """Fold the next of what this process has not folded, without a word; whether it is all.

        A piece a transaction, so that other writers are not kept waiting by a long history.
        """
        rules = rules_in_force(tx)
        if rules.version != self._version or self._position < 0 or self._position > place.position:
            self._detector, self._version, self._position = Detector(rules), rules.version, 0
        after, self._position = self._position, -1  # what fails is folded again
        rows = store.folded(tx, after, place.position, REFOLD_AT_ONCE)
        for _, body in rows:
            self.fold(self._detector, body)
        self._position = rows[-1][0] if rows else place.position
        return self._position >= place.position

    def fold(self, detector: Detector, body: str) -> list[Alert]:
        """Fold one kept line."""
        if body.startswith('"'):
            return detector.turn(seconds_of(msgspec.json.decode(body, type=str)))
        return detector.observe(self._decode(body))

    def _end_day(self, tx: Transaction, position: int, now: datetime) -> list[Alert]:
        moment = now.replace(microsecond=0).isoformat()
        body = msgspec.json.encode(moment).decode()
        name = new_identifier("day")
        store.keep_many(tx, [(name, moment, body, BY)])
        store.place(tx, name, position, body)
        return self._detector.turn(seconds_of(moment))

    def _holders(
        self, tx: Transaction, waiting: Sequence[store.Waiting]
    ) -> dict[str, store.CardHolder]:
        events = [self._decode(each.body) for each in waiting]
        return store.holders(tx, (each.card for each in events if each.card))

    def _named(self, each: store.Waiting, names: dict[str, store.CardHolder]) -> HistoryEvent:
        event = self._decode(each.body)
        region = event.region or self._region
        holder = names.get(event.card or "")
        if holder is None:
            return msgspec.structs.replace(event, region=region)
        told = {"card": holder.card_id, "person": holder.person_id, "region": region}
        return msgspec.structs.replace(event, **told)

    def _save(self, tx: Transaction, alert: Alert, now: datetime) -> None:
        if not store.add_alert(tx, alert):
            return
        card_id = alert.subject if alert.subject_kind == "card" else None
        tx.emit(
            AlertRaised(
                at=moment_of(now),
                by=BY,
                card_id=card_id if card_id and card_id.startswith("card-") else None,
                alert_id=alert.id,
                typology=alert.typology,
                version=alert.version,
            )
        )
        for follow in self._followers:
            follow(tx, alert, now)


def rules_in_force(tx: Transaction) -> Rules:
    """The rules that judge now."""
    version = store.version_in_force(tx)
    if version is None:
        return first_rules()
    return first_rules().changed(version.version, version.numbers)
