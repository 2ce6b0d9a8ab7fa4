"""`onecard fraud`: a history made and measured by the command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.testbed.onecard import call, call_here


def _found_at_once(history: Path, typologies: int) -> list[str]:
    """Alerts that find every case of the first typologies with its first event."""
    first: dict[str, tuple[str, str]] = {}
    with (history / "labels.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first.setdefault(row["case"], (row["typology"], row["event"]))
    chosen = sorted({typology for typology, _ in first.values()})[:typologies]
    return [
        json.dumps(
            {
                "id": f"A{number}",
                "typology": typology,
                "score": 80,
                "subject_kind": "card",
                "subject": "SC00000000",
                "raised_at": "2026-06-01T00:00:00+08:00",
                "evidence": [event],
            }
        )
        for number, (typology, event) in enumerate(first.values())
        if typology in chosen
    ]


def test_a_history_is_made_and_alerts_of_a_file_are_measured_on_it(tmp_path: Path) -> None:
    made = call(
        "fraud", "generate", "--seed", "3", "--cardholders", "2000", "--days", "60",
        "--out", "history", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "2000 cardholders, 60 days" in made.stdout
    assert made.stderr == ""
    history = tmp_path / "history"
    assert {file.name for file in history.iterdir()} == {
        "events.ndjson", "labels.csv", "cases.csv", "history.json",
    }  # fmt: skip
    (tmp_path / "all.ndjson").write_text("\n".join(_found_at_once(history, 18)), encoding="utf-8")
    (tmp_path / "few.ndjson").write_text("\n".join(_found_at_once(history, 17)), encoding="utf-8")
    words = ("fraud", "evaluate", "--history", "history", "--alerts")
    held = call_here(*words, "all.ndjson", "--json", "-", cwd=tmp_path)
    assert held.returncode == 0
    told = json.loads(held.stdout)
    assert (told["seed"], told["recall"], told["precision"], told["missed"]) == (3, 1.0, 1.0, [])
    short = call_here(*words, "few.ndjson", cwd=tmp_path)
    assert short.returncode == 1
    assert short.stdout.splitlines()[-1] == "Missed: recall tap-replayed 0.000 (0.9)"
    rows = [line.removeprefix("✗").split() for line in short.stdout.splitlines()[1:19]]
    hours_p50 = {row[0]: row[-2] for row in rows}  # the median time to detect, of each
    measured = {name: each["hours_to_detect_p50"] for name, each in told["typologies"].items()}
    expected = {name: f"{hours:.1f}" for name, hours in measured.items()}
    assert hours_p50 == expected | {"tap-replayed": "-"}
    chinese = call_here(*words, "few.ndjson", "--lang", "zh", cwd=tmp_path)
    assert "未达限值：recall tap-replayed 0.000（0.9）" in chinese.stdout
    (history / "labels.csv").write_text("case,typology,event\n", encoding="utf-8")
    changed = call_here(*words, "few.ndjson", cwd=tmp_path)
    assert changed.returncode == 2
    assert changed.stderr.startswith("labels.csv: SHA-256 is")


def test_a_wrong_call_is_told_before_anything_is_made(tmp_path: Path) -> None:
    few = call_here("fraud", "generate", "--cardholders", "10", "--out", "h", cwd=tmp_path)
    assert (few.returncode, list(tmp_path.iterdir())) == (2, [])
    bad = tmp_path / "bad.toml"
    bad.write_text("[calendar]\n", encoding="utf-8")
    faulty = call_here("fraud", "generate", "--parameters", "bad.toml", "--out", "h", cwd=tmp_path)
    assert faulty.returncode == 2
    assert "bad.toml line 1, calendar.first_day" in faulty.stderr
    none = call_here("fraud", "evaluate", "--alerts", "none.ndjson", cwd=tmp_path)
    assert (none.returncode, none.stderr) == (
        2,
        "cannot read none.ndjson (No such file or directory)\n",
    )
    no_history = call_here("fraud", "evaluate", "--history", "h", cwd=tmp_path)
    assert no_history.returncode == 2
    assert "history.json cannot be read" in no_history.stderr


def test_a_history_goes_through_a_platforms_own_detection(tmp_path: Path) -> None:
    told = call(
        "fraud", "evaluate", "--seed", "5", "--cardholders", "2000", "--days", "60",
        "--json", "-", cwd=tmp_path,
    )  # fmt: skip
    measured = json.loads(told.stdout)
    assert measured["seed"] == 5
    assert len(measured["typologies"]) == 18
    found = {name for name, each in measured["typologies"].items() if each["found"]}
    assert {"cloned-purse", "code-replayed", "tap-replayed", "double-payout"} <= found
    assert measured["alerts"] > len(found)
