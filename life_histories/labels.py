"""A history read back for measuring: manifest, labels, when the platform learnt of what.

Rule: a folder that does not hold together (a missing file, another digest, a label of no event)
reports all its faults at once.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from life_histories.history import CASES, EVENTS, LABELS, MANIFEST, Summary, digest_of
from life_histories.parameters import TYPOLOGIES, FaultyHistory

FAULTS_MAX: Final = 20


class Moments(msgspec.Struct, frozen=True):
    """What measuring needs of an event."""

    id: str
    received_at: str


@dataclass(slots=True)
class PlantedCase:
    """A case as it is labelled; `learnt_at` is when the platform learnt of its first event."""

    code: str
    typology: str
    subjects: set[tuple[str, str]] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    learnt_at: str = ""


@dataclass(slots=True)
class LabelledHistory:
    """A history ready for measuring."""

    folder: Path
    summary: Summary
    cases: dict[str, PlantedCase]

    @property
    def events_file(self) -> Path:
        """What a platform may see, and nothing else."""
        return self.folder / EVENTS


def read_history(folder: Path) -> LabelledHistory:
    """Read and check a history. Raises `FaultyHistory` with all that is wrong with it."""
    try:
        content = (folder / MANIFEST).read_bytes()
        summary = msgspec.json.decode(content, type=Summary)
    except (OSError, msgspec.MsgspecError) as fault:
        raise FaultyHistory(
            [
                (
                    f"{folder / MANIFEST} 无法读取（{fault}）",
                    f"{folder / MANIFEST} cannot be read ({fault})",
                )
            ]
        ) from None
    faults: list[tuple[str, str]] = []
    if (summary.format, summary.version) != ("onecard.history", 1):
        found = f"{summary.format} {summary.version}"
        faults.append((f"{MANIFEST}：不认识 {found}", f"{MANIFEST}: {found} is not known"))
    for name in (EVENTS, LABELS, CASES):
        faults += _fault_of_file(folder / name, summary.sha256.get(name, ""))
    if faults:
        raise FaultyHistory(faults)
    history = LabelledHistory(folder, summary, _cases(folder))
    _learn(folder / EVENTS, history.cases)
    unlearnt = [case.code for case in history.cases.values() if not case.learnt_at]
    if unlearnt:
        some = ", ".join(unlearnt[:FAULTS_MAX])
        raise FaultyHistory([(f"案件没有事件：{some}", f"cases without an event: {some}")])
    return history


def _fault_of_file(file: Path, expected: str) -> list[tuple[str, str]]:
    try:
        found = digest_of(file)
    except OSError as fault:
        return [
            (f"{file.name} 无法读取（{fault.strerror}）", f"{file.name}: {fault.strerror}"),
        ]
    if found == expected:
        return []
    return [
        (
            f"{file.name}：SHA-256 为 {found}，应为 {expected}",
            f"{file.name}: SHA-256 is {found}, expected {expected}",
        )
    ]


def _cases(folder: Path) -> dict[str, PlantedCase]:
    cases: dict[str, PlantedCase] = {}
    with (folder / CASES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = cases.setdefault(row["case"], PlantedCase(row["case"], row["typology"]))
            case.subjects.add((row["subject_kind"], row["subject"]))
    with (folder / LABELS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = cases.setdefault(row["case"], PlantedCase(row["case"], row["typology"]))
            case.events.add(row["event"])
    strange = sorted({case.typology for case in cases.values()} - set(TYPOLOGIES))
    if strange:
        names = ", ".join(strange)
        raise FaultyHistory([(f"没有类型 {names}", f"there is no typology {names}")])
    return cases


def _learn(events: Path, cases: dict[str, PlantedCase]) -> None:
    """Note when each case could first be known."""
    of_event = {event.encode(): case for case in cases.values() for event in case.events}
    decode = msgspec.json.Decoder(Moments).decode
    with events.open("rb") as file:
        for line in file:
            case = of_event.get(line[7:17])
            if case is not None and not case.learnt_at:
                case.learnt_at = decode(line).received_at
