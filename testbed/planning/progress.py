"""How far planning is, with the time left; on a terminal, quiet elsewhere."""

from __future__ import annotations

import time

from sim.planning.questions import Setting, as_text
from testbed.language import say
from testbed.status_line import StatusLine


class PlanningProgress(StatusLine):
    """A context manager. `settings` is about how many settings will be played."""

    def __init__(self, settings: int = 1) -> None:
        super().__init__(say("准备引擎（首次需编译）", "making the engine ready (compiled once)"))
        self._settings = settings
        self._seen: list[Setting] = []
        self._began_s = time.monotonic()

    def tried(self, setting: Setting, done: int, planned: int) -> None:
        """How far one setting is."""
        if setting not in self._seen:
            self._seen.append(setting)
        self.reached(len(self._seen) - 1, self._settings, done, planned, as_text(setting))

    def replicated(self, done: int, planned: int) -> None:
        """How far a single setting is."""
        self.reached(0, 1, done, planned)

    def moved(self, name: str, place: int, many: int) -> None:
        """Which parameter is moved."""
        self.reached(place, many, 0, 1, name)

    def reached(self, place: int, many: int, done: int, planned: int, what: str = "") -> None:
        """So many settings are done, and this part of one more."""
        share = (place + done / planned) / max(many, place + 1)
        spent_s = time.monotonic() - self._began_s
        left_s = spent_s * (1 - share) / share if share else 0.0
        left = say(f"约剩 {left_s:.0f} 秒", f"about {left_s:.0f} s left")
        words = say(
            f"{what} 设置 {place + 1}，运行 {done}/{planned}",
            f"{what} setting {place + 1}, run {done}/{planned}",
        )
        self.show(words.strip() + (f", {left}" if left_s >= 1 else ""))

    def roster_tried(self, rosters: int, done: int, planned: int) -> None:
        """How far the search for a roster is; how many it will take nobody knows."""
        self.show(
            say(
                f"已试 {rosters} 种排班，运行 {done}/{planned}",
                f"{rosters} rosters tried, run {done}/{planned}",
            )
        )
