"""Detection on the stored events: folds what came, in pieces, and saves the alerts with the place.

Rules:
- An event gets its place in the fold here, in the transaction that saves the alerts it raised; so
  whatever order transactions committed in, the fold is one order, and none is left out.
- Reading and folding need no writer's turn (`prepare`), only saving does (`save`): a piece that
  found the place moved by another process is forgotten.
- The fold's memory is this process's. It is made again by folding the placed events, whose alerts
  are saved already and thrown away: after a kill nothing is doubled and nothing lost. Where
  several processes watch, one folds at a time, and the others catch up the same way.
- What is folded again under a new version of the rules and was raised in the days in which one
  suspicion of one subject is one alert, is told once it has caught up, unless an alert of that
  subject was: or the memory would hold it raised, and it would stay silent for these days.
- Whose card it is is looked up here and kept in the event, so that the fold asks no database.
- When a day has ended its place is kept as a line without an event, so that its ranking is made
  even on a quiet night, and made again alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert, HistoryEvent, seconds_of
from card_platform.oversight.risk.rules import Rules, first_rules
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.holders import CardHolder, holders_of
from card_platform.oversight.risk.stream.model import AlertRaised
from card_platform.oversight.risk.stream.paid_lines import PaidLinesTaken
from card_platform.oversight.risk.stream.taps import TapsTaken
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import moment_of

PIECE = 200
REFOLD_AT_ONCE = 1_000
"""Some ten milliseconds each: on SQLite everybody waits for them."""
OWN_MAX = 2_000
"""Events that a process which has requests to answer folds by itself."""
BY = "clock"
OnAlert = Callable[[Transaction, Alert, datetime], None]


class Folded(NamedTuple):
    """A piece that was folded and is not saved yet.

    Attributes:
        start: the place it goes on from.
        ids: of its events, in the order of their places.
        named: those whose holder or region was found, with what is kept of them now.
        ended: the line of the day that ended with it, if one did.
        day: the last day that was closed.
        is_more: whether more waited.
    """

    start: store.Place
    ids: list[str]
    named: list[tuple[str, str]]
    ended: str | None
    day: str
    alerts: list[Alert]
    is_more: bool


class Watch:
    """Detection of one region.

    Args:
        region: its abbreviation, of events that name none.
        followers: told of each new alert, in its transaction.
        taps: takes taps over from their own table.
        piece: events of one transaction.
        refold_at_once: placed events folded again in one.
    """

    def __init__(
        self,
        region: str,
        followers: Sequence[OnAlert],
        taps: TapsTaken | None = None,
        piece: int = PIECE,
        refold_at_once: int = REFOLD_AT_ONCE,
    ) -> None:
        self._region = region
        self._piece = piece
        self._refold_at_once = refold_at_once
        self._taps = taps or TapsTaken()
        self._paid_lines = PaidLinesTaken()
        self._followers = tuple(followers)
        self._decode = msgspec.json.Decoder(HistoryEvent).decode
        self.forget()

    @property
    def detector(self) -> Detector:
        """The memory as far as it was folded."""
        return self._detector

    @property
    def position(self) -> int:
        """How far that is; -1 while it holds what is not saved."""
        return self._position

    def forget(self) -> None:
        """Let the memory go; it is made again when it is needed."""
        self.remember(Detector(first_rules()), 0)

    def remember(self, detector: Detector, position: int) -> None:
        """Go on with this memory, which is that of the place."""
        self._detector, self._position = detector, position
        self._folded: Folded | None = None
        self._found_again: list[Alert] = []

    @property
    def owes_word(self) -> bool:
        """Whether it found alerts again that may have to be told."""
        return bool(self._found_again)

    def is_behind(self, tx: Transaction) -> bool:
        """Whether more waits, or must be folded again, than is done beside requests."""
        missing = store.look_at_watch(tx).position - max(self._position, 0)
        return missing > OWN_MAX or len(store.waiting_ids(tx, OWN_MAX + 1)) > OWN_MAX

    def look(self, tx: Transaction, now: datetime) -> bool:
        """Due work: the next piece, read, folded and saved at once; whether there is more."""
        if not self._is_due(tx, store.look_at_watch(tx), now):
            return False
        tx.keep_to_indexes()
        place = store.lock_watch(tx)
        if not self._catch_up(tx, place):
            return True
        self._tell_found_again(tx, now)
        start, place = place, self._take_over(tx, place)
        return self._save(tx, self._fold(tx, place, now), place, now) or place != start

    def prepare(self, tx: Transaction, now: datetime) -> bool:
        """Read and fold the next piece, or what must be folded again, and change nothing stored.

        Whether `save` has something to do then, or there is more to fold again.
        """
        tx.keep_to_indexes()
        place = store.look_at_watch(tx)
        if not self._catch_up(tx, place):
            return True
        if not self._is_due(tx, place, now):
            return self.owes_word
        self._folded = self._fold(tx, place, now)
        return True

    def save(self, tx: Transaction, now: datetime) -> bool:
        """Save what was prepared; whether there may be more."""
        folded, self._folded = self._folded, None
        tx.keep_to_indexes()
        if folded is None:
            if self.owes_word and self._position == store.lock_watch(tx).position:
                self._tell_found_again(tx, now)
            return True
        place = store.lock_watch(tx)
        if place != folded.start:  # another process was first
            self.forget()
            return True
        self._tell_found_again(tx, now)
        place = self._take_over(tx, place)
        return self._save(tx, folded, place, now) or place != folded.start

    def _take_over(self, tx: Transaction, place: store.Place) -> store.Place:
        """Taps and paid lines become events that wait."""
        return place._replace(
            taps_to=self._taps.take_over(tx, place.taps_to),
            paid_to=self._paid_lines.take_over(tx, place.paid_to),
        )

    def _is_due(self, tx: Transaction, place: store.Place, now: datetime) -> bool:
        return (
            place.day not in {"", f"{now:%Y-%m-%d}"}
            or bool(store.waiting_ids(tx, 1))
            or self._taps.has_new(tx, place.taps_to)
            or self._paid_lines.has_new(tx, place.paid_to)
        )

    def _fold(self, tx: Transaction, place: store.Place, now: datetime) -> Folded:
        """The next piece, folded; until it is saved the memory is of no place."""
        self._position = -1
        waiting = store.waiting(tx, self._piece)
        today = f"{now:%Y-%m-%d}"
        is_new_day = place.day not in {"", today}
        events = [self._decode(each.body) for each in waiting]
        holders = holders_of(tx, (each.card for each in events if each.card))
        alerts: list[Alert] = []
        named: list[tuple[str, str]] = []
        for each, event in zip(waiting, events, strict=True):
            told = self._named(event, holders)
            if told is not event:
                named.append((each.event_id, msgspec.json.encode(told).decode()))
            alerts += self._detector.observe(told)
        ended = None
        if not waiting and is_new_day:
            moment = now.replace(microsecond=0).isoformat()
            ended = msgspec.json.encode(moment).decode()
            alerts += self._detector.turn(seconds_of(moment))
        return Folded(
            start=place,
            ids=[each.event_id for each in waiting],
            named=named,
            ended=ended,
            day=place.day if waiting and is_new_day else today,
            alerts=alerts,
            is_more=len(waiting) == self._piece or (is_new_day and bool(waiting)),
        )

    def _save(self, tx: Transaction, folded: Folded, place: store.Place, now: datetime) -> bool:
        """`place` says what was taken over until now."""
        position = folded.start.position
        ids = folded.ids
        if folded.ended is not None:
            ids = [*ids, new_identifier("day")]
            moment = msgspec.json.decode(folded.ended, type=str)
            store.keep_many(tx, [(ids[-1], moment, folded.ended, BY)])
        store.place(tx, ids, position)
        store.name(tx, folded.named)
        store.advance(tx, place._replace(position=position + len(ids), day=folded.day))
        for alert in folded.alerts:
            self._tell(tx, alert, now)
        self._position = position + len(ids)
        return folded.is_more

    def _catch_up(self, tx: Transaction, place: store.Place) -> bool:
        """Fold the next of what this process has not folded; whether it is all.

        A piece a transaction, so that other writers are not kept waiting by a long history.
        """
        rules = rules_in_force(tx)
        if rules.version != self._detector.version or not 0 <= self._position <= place.position:
            self.remember(Detector(rules), 0)
        after, self._position = self._position, -1  # what fails is folded again
        rows = store.folded(tx, after, place.position, self._refold_at_once)
        for _, body in rows:
            self._found_again += self.fold(self._detector, body)
        self._position = rows[-1][0] if rows else place.position
        return self._position >= place.position

    def fold(self, detector: Detector, body: str) -> list[Alert]:
        """Fold one kept line."""
        if body.startswith('"'):
            return detector.turn(seconds_of(msgspec.json.decode(body, type=str)))
        return detector.observe(self._decode(body))

    def _named(self, event: HistoryEvent, holders: dict[str, CardHolder]) -> HistoryEvent:
        """The event with its region and holder; itself where it had them."""
        region = event.region or self._region
        holder = holders.get(event.card or "")
        if holder is not None:
            told = {"card": holder.card_id, "person": holder.person_id, "region": region}
            return msgspec.structs.replace(event, **told)
        return event if event.region else msgspec.structs.replace(event, region=region)

    def _tell_found_again(self, tx: Transaction, now: datetime) -> None:
        """What was never told and is recent; called with the watch locked."""
        if not self._found_again:
            return
        days = timedelta(days=rules_in_force(tx).on(now.date())["budget.again_after_days"])
        since = f"{now - days:%Y-%m-%dT%H:%M:%S}+08:00"
        for alert in self._found_again:
            if alert.raised_at >= since and not store.is_told(tx, alert, since):
                self._tell(tx, alert, now)
        self._found_again = []

    def _tell(self, tx: Transaction, alert: Alert, now: datetime) -> None:
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
