"""Detection as a pure fold over events: the same events in the same order give the same alerts.

Rules: no clock but the events' `received_at`, no randomness, bounded memory. Whoever must continue
after a stop folds the kept events again and throws away the alerts already told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.budget import CHINA_S, DAY_S, Budget
from card_platform.oversight.risk.history import Alert, HistoryEvent, seconds_of
from card_platform.oversight.risk.rules import Limits, Rules
from card_platform.oversight.risk.signals import Signals
from card_platform.oversight.risk.typologies import every_group

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_Observe = Callable[[HistoryEvent, int, int], Signals]


class Detector:
    """The fold. Give it events in the order they were received.

    Args:
        rules: the version that judges.
    """

    def __init__(self, rules: Rules) -> None:
        self.version = rules.version
        self._limits = Limits(rules)
        self._budget = Budget(self._limits, rules.version)
        self._by_kind: dict[str, list[_Observe]] = defaultdict(list)
        self._groups = every_group(self._limits)
        for group in self._groups:
            for kind in dict.fromkeys(group.kinds):
                self._by_kind[kind].append(group.observe)
        self._people: BoundedMap[str, bool] = BoundedMap(bool)
        self._day = self._now = 0

    @property
    def lesser(self) -> int:
        """Signals that never became alerts."""
        return self._budget.lesser

    def owners(self) -> Iterator[tuple[str, object]]:
        """Whoever remembers something, by name: the fold itself, its budget, its rules."""
        yield "Detector", self
        yield "Budget", self._budget
        for group in self._groups:
            yield type(group).__name__, group

    def go_on(self) -> None:
        """Its memory was read from elsewhere: the numbers of its day hold."""
        if self._day:
            self._limits.turn(date.fromordinal(EPOCH_ORDINAL + self._day))

    def observe(self, event: HistoryEvent) -> list[Alert]:
        """What is raised at this event."""
        received = event.received_at
        at = seconds_of(event.at)
        now = max(at if event.at == received else seconds_of(received), self._now)
        alerts = self.turn(now) if now != self._now else []
        if event.person is not None and self._people.get(event.person) is None:
            self._people.put(event.person, True)
        for observe in self._by_kind.get(event.kind, ()):
            for found in observe(event, at, now):
                alert = self._budget.weigh(found, now, len(self._people))
                if alert is not None:
                    alerts.append(alert)
        return alerts

    def turn(self, now: int) -> list[Alert]:
        """It is now so many seconds since 1970: what the ranking of a day that ended raises."""
        self._now = max(now, self._now)
        day = (self._now + CHINA_S) // DAY_S
        if day == self._day:
            return []
        self._day = day
        self._limits.turn(date.fromordinal(EPOCH_ORDINAL + day))
        return self._budget.turn(self._now, len(self._people))

    def end(self) -> list[Alert]:
        """What the last day's ranking raises, when a history ends."""
        return self._budget.end(len(self._people))
