"""How many alerts a day: a signal becomes an alert, waits for the day's ranking, or stays lesser.

Rules:
- So many alerts a day for each 100,000 cardholders that were seen; what is beyond stays a lesser
  signal, which is kept and counted, and is evidence when the same subject is suspected again.
- A strong signal is raised at once while the day has room; weaker ones are ranked when it ends.
  A strong one that finds no room waits for the next day's.
- One suspicion of one subject is one alert for so many days; of a device, one of one group of
  cards, for a machine serves many hands.
- What a stronger suspicion already explains (a copy of a purse is in two places) is lesser.
"""

from __future__ import annotations

from hashlib import sha256

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import Alert, Typology, moment_text
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import Signal

DAY_S = 86_400
CHINA_S = 8 * 3600
PEOPLE = 100_000
WAITING_MAX = 20_000
"""Signals that wait for the ranking; beyond it the weaker half is lesser."""
_EXPLAINED = {
    Typology.IMPOSSIBLE_TRAVEL: (
        Typology.CLONED_PURSE,
        Typology.TAP_REPLAYED,
        Typology.CODE_REPLAYED,
        Typology.LOST_CARD_USED,
        Typology.FORGED_CARD,
    ),
    Typology.CARD_LENT: (Typology.CLONED_PURSE, Typology.TAP_REPLAYED, Typology.CODE_REPLAYED),
    Typology.CONCESSION_ABUSE: (Typology.CLONED_PURSE, Typology.TAP_REPLAYED),
}


class Budget:
    """Turns signals into alerts.

    Args:
        limits: the numbers in force.
        version: of the rules.
    """

    def __init__(self, limits: Limits, version: int) -> None:
        self._limits = limits
        self._version = version
        self._raised: BoundedMap[tuple[str, str], int] = BoundedMap(int)
        self._waiting: dict[tuple[str, str], Signal] = {}
        self._day = 0
        self._spent = 0
        self.lesser = 0

    def turn(self, now: int, cardholders: int) -> list[Alert]:
        """The ranking of the days that ended; called with the moment of each event."""
        day = (now + CHINA_S) // DAY_S
        if day == self._day:
            return []
        alerts = self._rank(self._day, cardholders)
        self._day, self._spent = day, 0
        return alerts

    def end(self, cardholders: int) -> list[Alert]:
        """The ranking of the last day, when a history ends; what still waits then is lesser."""
        alerts = self._rank(self._day, cardholders)
        self.lesser += len(self._waiting)
        self._waiting = {}
        return alerts

    def weigh(self, found: Signal, now: int, cardholders: int) -> Alert | None:
        """The alert to raise now, if any."""
        limits, key = self._limits, _key(found)
        if found.score_percent < limits["budget.lesser_percent"]:
            self.lesser += 1
            return None
        if self._is_known(key, now) or self._is_explained(found, now):
            return None
        if found.score_percent >= limits["budget.at_once_percent"] and self._spent < self._room(
            cardholders
        ):
            return self._raise(found, now)
        before = self._waiting.get(key)
        if before is None or before.score_percent <= found.score_percent:
            self._waiting[key] = found
        if len(self._waiting) > WAITING_MAX:
            ranked = self._ranked()
            self._waiting = {_key(each): each for each in ranked[: WAITING_MAX // 2]}
            self.lesser += len(ranked) - len(self._waiting)
        return None

    def _room(self, cardholders: int) -> int:
        a_day = self._limits["budget.alerts_a_day"] * cardholders // PEOPLE
        return max(a_day, self._limits["budget.least_a_day"])

    def _is_known(self, key: tuple[str, str], now: int) -> bool:
        raised = self._raised.get(key)
        again_s = self._limits["budget.again_after_days"] * DAY_S
        return raised is not None and now - raised < again_s

    def _is_explained(self, found: Signal, now: int) -> bool:
        return any(
            self._is_known((other.value, subject), now)
            for other in _EXPLAINED.get(found.typology, ())
            for subject in (found.subject, *found.cards, *found.persons)
        )

    def _ranked(self) -> list[Signal]:
        """Those that wait, the strongest first."""
        return sorted(
            self._waiting.values(), key=lambda each: (-each.score_percent, each.evidence[-1])
        )

    def _rank(self, day: int, cardholders: int) -> list[Alert]:
        if not self._waiting:
            return []
        now = (day + 1) * DAY_S - CHINA_S - 1
        ranked, self._waiting = self._ranked(), {}
        room = max(0, self._room(cardholders) - self._spent)
        alerts: list[Alert] = []
        for each in ranked:
            if self._is_explained(each, now):
                self.lesser += 1
            elif len(alerts) < room:
                alerts.append(self._raise(each, now))
            elif each.score_percent >= self._limits["budget.at_once_percent"]:
                self._waiting[_key(each)] = each
            else:
                self.lesser += 1
        return alerts

    def _raise(self, found: Signal, now: int) -> Alert:
        self._raised.put(_key(found), now)
        self._waiting.pop(_key(found), None)
        self._spent += 1
        raised_at = moment_text(now)
        named = "|".join((*_key(found), raised_at, found.evidence[-1]))
        return Alert(
            id="A" + sha256(named.encode()).hexdigest()[:20],
            typology=found.typology.value,
            score=found.score_percent / 100,
            subject_kind=found.subject_kind,
            subject=found.subject,
            persons=list(found.persons),
            cards=list(found.cards),
            institution=found.institution,
            first_event=found.evidence[0],
            last_event=found.evidence[-1],
            raised_at=raised_at,
            evidence=list(found.evidence),
            rule=found.typology.value,
            version=self._version,
        )


def _key(found: Signal) -> tuple[str, str]:
    """What one suspicion is about."""
    is_group = found.subject_kind == "device" and len(found.cards) > 1
    about = f"{found.subject} {found.cards[0]}" if is_group else found.subject
    return found.typology.value, about
