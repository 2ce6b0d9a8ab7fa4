"""The memory of the fold: kept in a snapshot, bounded, and the same whatever it went through."""

from __future__ import annotations

import hashlib
import pickle
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from card_platform.installation import Installation
from card_platform.oversight.risk.bounded import BoundedMap, FadingMap
from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import HistoryEvent
from card_platform.oversight.risk.memory import MemoryIsForeign, detector_of, frames_of
from card_platform.oversight.risk.rules import first_rules
from card_platform.oversight.risk.screening import read_events
from card_platform.oversight.risk.stream import snapshot
from card_platform.oversight.risk.stream.folding import Folding
from card_platform.oversight.risk.stream.snapshot import Snapshots
from card_platform.oversight.risk.stream.watch import Watch
from life_histories.history import write_history
from life_histories.parameters import FILE, read_parameters
from tests.card_platform.city import City

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
    return Folding(watch, Snapshots(file), events_between=1_500, seconds_between=0.0), watch


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
