"""Hand-written histories: a story is told event by event, then folded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert, HistoryEvent
from card_platform.oversight.risk.rules import first_rules

FIRST = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
"""A Monday."""
PLACES = {
    "home": (0, 0),
    "work": (9_000, 2_000),
    "suburb": (24_000, 8_000),
    "far": (270_000, 60_000),
    "abroad": (1_500_000, 300_000),
}


class Story:
    """Events as they happened; told in the order they were received."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._counters: dict[str, int] = {}

    def add(
        self,
        kind: str,
        day: float,
        clock: str,
        who: int | None = 1,
        *,
        place: str | None = None,
        after_s: int = 0,
        **told: Any,
    ) -> str:
        """One event of resident `who` on that day of the story; `after_s` later it was received."""
        hours, minutes = (int(each) for each in clock.split(":"))
        at = FIRST + timedelta(days=day, hours=hours, minutes=minutes)
        event: dict[str, Any] = {
            "id": f"E{len(self.events):09d}",
            "kind": kind,
            "at": at.isoformat(),
            "received_at": (at + timedelta(seconds=after_s)).isoformat(),
            "region": told.pop("region", "SC"),
        }
        if who is not None:
            event |= {"person": f"P{who:08d}", "card": told.pop("card", f"SC{who:08d}")}
        if place is not None:
            x_m, y_m = PLACES[place]
            event |= {"place": place, "x_m": x_m, "y_m": y_m}
        own = {each for each in HistoryEvent.__struct_fields__ if each != "detail"}
        event |= {name: told.pop(name) for name in list(told) if name in own}
        event["detail"] = {name.rstrip("_"): value for name, value in told.items()}
        self.events.append(event)
        return str(event["id"])

    def tap(self, day: float, clock: str, who: int = 1, **told: Any) -> str:
        """A flat tap with the next counter."""
        card = told.get("card", f"SC{who:08d}")
        counter = told.pop("counter", None)
        if counter is None:
            counter = self._counters.get(card, 100)
            self._counters[card] = counter + 1
        tac = told.pop("tac", f"{len(self.events):08x}")
        usual: dict[str, Any] = {"place": "home", "device": "bus-1", "amount_fen": 200}
        told = usual | {"face": "physical", "phase": "flat"} | told
        told["sequence"] = len(self.events)
        return self.add("transit.tap", day, clock, who, counter=counter, tac=tac, **told)

    def typed(self) -> list[HistoryEvent]:
        """The events, in the order they were received."""
        ordered = sorted(self.events, key=lambda each: (each["received_at"], each["id"]))
        return msgspec.convert(ordered, list[HistoryEvent])

    def alerts(self) -> list[Alert]:
        """What detection raises of it."""
        detector = Detector(first_rules())
        found = [alert for event in self.typed() for alert in detector.observe(event)]
        return found + detector.end()

    def found(self) -> set[str]:
        """The typologies raised."""
        return {each.typology for each in self.alerts()}
