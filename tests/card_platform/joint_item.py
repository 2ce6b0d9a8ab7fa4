"""An item of the joint list of Chongqing and Sichuan, as each side's platform shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import pytest

from scenarios.service_desk import PlatformRefused
from tests.card_platform.listings import content, deciding
from tests.card_platform.neighbours import Neighbour, wait_for

PATH = "/v1/catalogue-items"
WORDS = content(name_zh="川渝图书馆通借", joint_under="sichuan-chongqing")


@dataclass
class JointItem:
    """One item, by its id."""

    item_id: str

    @classmethod
    def compiled(cls, at: Neighbour, words: dict[str, Any] = WORDS) -> Self:
        told = at.desk.post("department", PATH, deciding(content=words))
        return cls(str(told["item_id"]))

    def act(self, at: Neighbour, step: str, side: Neighbour, **more: Any) -> dict[str, Any]:
        path = f"{PATH}/{self.item_id}/{step}"
        return at.desk.post("supervisor", path, deciding(side.code, **more))

    def refused(self, at: Neighbour, step: str, side: Neighbour) -> str:
        with pytest.raises(PlatformRefused) as refusal:
            self.act(at, step, side)
        return refusal.value.code

    def told(self, at: Neighbour) -> dict[str, Any]:
        return self._of(at.desk.gather("auditor", PATH, "items"))

    def stands(self, at: Neighbour, state: str, *waiting: str, version: int = 1) -> None:
        wanted = {"version": version, "state": state, "waiting_for": list(waiting)}
        wait_for(lambda: wanted.items() <= self.told(at).items())

    def listed(self, at: Neighbour) -> dict[str, Any]:
        """What anybody reads of it, without a token."""
        return self._of(at.desk.ask("GET", "/v1/catalogue", "")["items"])

    def steps(self, at: Neighbour) -> list[tuple[Any, ...]]:
        changes = at.desk.gather("auditor", f"{PATH}/{self.item_id}/history", "changes")
        return [(each["version"], each["action"], each["area"], each["at"]) for each in changes]

    def _of(self, items: Any) -> dict[str, Any]:
        return next((each for each in items if each["item_id"] == self.item_id), {})
