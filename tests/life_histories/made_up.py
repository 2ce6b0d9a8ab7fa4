"""A small history, made once for many tests, and its events as dictionaries."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from life_histories.history import write_history
from life_histories.parameters import read_parameters

SEED, PEOPLE, DAYS = 7, 2_000, 75
Event = dict[str, Any]


@dataclass
class MadeUp:
    """The folder and what it holds."""

    folder: Path

    @cached_property
    def events(self) -> list[Event]:
        with (self.folder / "events.ndjson").open("rb") as file:
            return [json.loads(line) for line in file]

    @cached_property
    def by_id(self) -> dict[str, Event]:
        return {event["id"]: event for event in self.events}

    @cached_property
    def labels(self) -> list[dict[str, str]]:
        return rows(self.folder / "labels.csv")

    @cached_property
    def planted(self) -> set[str]:
        return {row["event"] for row in self.labels}

    @cached_property
    def ordinary(self) -> list[Event]:
        return [event for event in self.events if event["id"] not in self.planted]

    def of_kind(self, kind: str) -> list[Event]:
        """Ordinary events of a kind."""
        return [event for event in self.ordinary if event["kind"] == kind]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(folder: Path, seed: int = SEED, processes: int = 1) -> MadeUp:
    write_history(
        folder,
        seed=seed,
        people=PEOPLE,
        days=DAYS,
        numbers=read_parameters(),
        tell=lambda _phase, _done, _planned: None,
        processes=processes,
    )
    return MadeUp(folder)


def second_of(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
