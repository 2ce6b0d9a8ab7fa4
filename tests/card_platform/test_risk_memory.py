"""The memory of the fold: kept in a snapshot, bounded, and the same whatever it went through."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import psutil  # type: ignore[import-untyped]
import pytest
import uvloop

from card_platform.installation import Installation
from card_platform.oversight.risk.bounded import BoundedMap, FadingMap
from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import HistoryEvent
from card_platform.oversight.risk.memory import MemoryIsForeign, detector_of, frames_of
from card_platform.oversight.risk.rules import first_rules
from card_platform.oversight.risk.screening import read_events
from card_platform.oversight.risk.stream import snapshot
from card_platform.oversight.risk.stream.detection import Detection
from card_platform.oversight.risk.stream.folding import Folding
from card_platform.oversight.risk.stream.intake import Intake
from card_platform.oversight.risk.stream.snapshot import Snapshots
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.settings import Settings
from card_platform.storage import Statement
from card_platform.web.back_office import PROCESS, BackOffice
from life_histories.history import write_history
from life_histories.parameters import FILE, read_parameters
from tests.card_platform.city import City

ALERTS = Statement("SELECT alert_id FROM risk_alerts")
SEED = 11
CUTS = 6
DAY_S = 86_400


def _quietly(_phase: str, _done: int, _planned: int) -> None:
    pass


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[HistoryEvent]:
    """Lives of 2,000 people with all typologies planted."""
    out = tmp_path_factory.mktemp("memory") / "history"
    numbers = read_parameters(FILE)
    write_history(
        out, seed=SEED, people=2_000, days=60, numbers=numbers, processes=1, tell=_quietly
    )
    with (out / "events.ndjson").open("rb") as lines:
        return list(read_events(lines))


def _alerts(detector: Detector, events: Iterable[HistoryEvent]) -> list[bytes]:
    found = [alert for event in events for alert in detector.observe(event)]
    return [msgspec.json.encode(alert) for alert in (*found, *detector.end())]


def test_a_fold_that_goes_on_from_its_memory_finds_what_the_whole_one_finds(
    events: list[HistoryEvent],
) -> None:
    print(f"seed {SEED}")
    whole = _alerts(Detector(first_rules()), events)
    assert len(whole) > 50
    chosen = random.Random(SEED)
    cuts = sorted(chosen.randrange(len(events)) for _ in range(CUTS))
    detector, found, before = Detector(first_rules()), list[bytes](), 0
    for cut in (*cuts, len(events)):
        for event in events[before:cut]:
            found += [msgspec.json.encode(alert) for alert in detector.observe(event)]
        detector = detector_of(first_rules(), list(frames_of(detector)))
        before = cut
    found += [msgspec.json.encode(alert) for alert in detector.end()]
    assert found == whole


def test_memory_that_names_anything_else_is_refused() -> None:
    for foreign in (datetime.now(UTC), timezone(timedelta(hours=8)), print):
        frame = pickle.dumps(("Detector", "_day", "value", foreign))
        with pytest.raises(MemoryIsForeign):
            detector_of(first_rules(), [frame])
    for told in (("Detector", "_limits", "value", 0), ("Nobody", "_day", "value", 0), 7):
        with pytest.raises(MemoryIsForeign):
            detector_of(first_rules(), [pickle.dumps(told)])


def test_a_map_forgets_the_oldest_key_and_a_fading_one_what_nobody_asks_for() -> None:
    bounded: BoundedMap[str, int] = BoundedMap(int, 2)
    for place, name in enumerate(("a", "b", "c")):
        bounded.put(name, place)
    assert dict(next(bounded.halves())[1]) == {"b": 1, "c": 2}
    fading: FadingMap[str, list[int]] = FadingMap(list)
    fading.fade(DAY_S, DAY_S)
    fading.of("a").append(1)
    fading.of("b").append(2)
    fading.fade(2 * DAY_S, DAY_S)
    assert fading.get("a") == [1]  # asked for: it goes on for a span at least
    fading.fade(3 * DAY_S, DAY_S)
    assert (fading.get("a"), fading.get("b")) == ([1], None)
    fading.fade(9 * DAY_S, DAY_S)
    assert len(fading) == 0


def _take(city: City, events: list[HistoryEvent]) -> None:
    for start in range(0, len(events), 2_000):
        lines = b"\n".join(msgspec.json.encode(each) for each in events[start : start + 2_000])
        told = city.post("/v1/risk/events", {"lines": lines.decode()}, "department")
        assert told.json()["refused"] == []


def _fold(installation: Installation, folding: Folding) -> None:
    base, clock = installation.database, installation.clock
    while base.read_now(lambda tx: folding.fold(tx, clock.now())):
        base.write_now(lambda tx: folding.save(tx, clock.now()))


def _found(city: City) -> dict[str, Any]:
    found: dict[str, Any] = {}
    after = ""
    while after is not None:
        page = city.get(f"/v1/risk/alerts?limit=200{after and '&after=' + after}", "auditor").json()
        found |= {each["id"]: each for each in page["alerts"]}
        after = page["next"]
    return found


def _desk(file: Path, refold_at_once: int = 100_000) -> tuple[Folding, Watch]:
    watch = Watch("CQ", (), piece=1_000, refold_at_once=refold_at_once)
    often = {"seconds_between": 0.0, "pause": 0.0}
    return Folding(watch, Snapshots(file), 1_500, **often), watch


def _with_heading(content: bytes, **changed: object) -> bytes:
    """A whole snapshot that says something else of itself."""
    heading, _, frames = content[: -snapshot.DIGEST_BYTES].partition(b"\n")
    body = msgspec.json.encode(msgspec.json.decode(heading) | changed) + b"\n" + frames
    return body + hashlib.sha256(body).digest()


def test_a_desk_goes_on_from_its_snapshot_and_throws_a_wrong_one_away(
    city: City, installation: Installation, events: list[HistoryEvent], tmp_path: Path
) -> None:
    base, clock = installation.database, installation.clock
    file = tmp_path / "fold.snapshot"
    some, whole = events[:9_000], Detector(first_rules())
    expected = sorted(alert.id for event in some for alert in whole.observe(event))
    _take(city, some[:5_000])
    _fold(installation, _desk(file)[0])
    kept = file.read_bytes()
    wrong = [
        _with_heading(kept, code="0" * 64),
        _with_heading(kept, version=2),
        _with_heading(kept, numbers="0" * 64),
        _with_heading(kept, line="0" * 64),
        _with_heading(kept, position=1_000_000),
        _with_heading(kept, more=1),
        kept[:-7],
        kept[: len(kept) // 2],
        kept[:-40] + bytes(1) + kept[-39:],
        b"",
    ]
    for content in wrong:
        file.write_bytes(content)
        assert base.read_now(Snapshots(file).read) is None
        assert not file.exists()
    file.write_bytes(kept)
    folding, watch = _desk(file, refold_at_once=10)
    assert base.read_now(lambda tx: folding.fold(tx, clock.now()))
    assert 1_000 < watch.position <= 5_000  # without it ten would be folded now
    _take(city, some[5_000:])
    _fold(installation, folding)
    assert watch.position == len(some)
    file.write_bytes(_with_heading(kept, version=2))
    folding, watch = _desk(file)
    assert not base.read_now(lambda tx: folding.fold(tx, clock.now()))
    assert watch.position == len(some)
    assert sorted(_found(city)) == expected


def _keep(installation: Installation, events: list[HistoryEvent]) -> None:
    intake = Intake(installation.clock)
    for start in range(0, len(events), 3_000):
        lines = [msgspec.json.encode(each).decode() for each in events[start : start + 3_000]]
        assert not installation.database.write_now(
            lambda tx: intake.take(tx, lines, "department")  # noqa: B023 - done at once
        )[2]


def _alerts_of(installation: Installation) -> list[str]:
    rows = installation.database.read_now(lambda tx: tx.rows(ALERTS, {}))
    return sorted(row[0] for row in rows)


def test_many_events_are_folded_at_a_desk_whatever_becomes_of_it(
    installation: Installation, settings: Settings, events: list[HistoryEvent]
) -> None:
    some, whole = events[:9_000], Detector(first_rules())
    expected = sorted(alert.id for event in some for alert in whole.observe(event))
    watch, desk = Watch("CQ", ()), BackOffice(settings)
    detection = Detection(watch, installation.database, installation.clock, desk)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            _keep(installation, some[:1_000])
            runner.run(detection.do_what_is_due())
            assert (watch.position, desk.is_ready) == (1_000, False)  # few: the platform's own
            _keep(installation, some[1_000:])
            told = runner.run(_run(detection, 2_000))
            assert desk.is_ready and watch.position == 0  # many: the desk's
            assert 3_000 <= installation.database.read_now(told)[0] < len(some)
            for child in psutil.Process().children():
                if PROCESS in child.cmdline():
                    child.kill()
            runner.run(_finish(detection))
            position, more = installation.database.read_now(runner.run(_run(detection, None)))
        finally:
            runner.run(desk.close())
    assert (position, more) == (len(some), False)
    assert _alerts_of(installation) == expected


async def _run(detection: Detection, events_max: int | None) -> Any:
    return [work async for work in detection.run(events_max)][-1]


async def _finish(detection: Detection) -> None:
    """As the platform does it, again and again: a desk that was killed is started again."""
    for _ in range(3):
        await detection.do_what_is_due()
