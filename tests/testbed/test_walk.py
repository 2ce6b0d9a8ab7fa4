"""A walk as a trainer sees it: by Enter on a terminal, by itself elsewhere, left at any step."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from scenarios.lessons import read_lessons
from tests.testbed.onecard import LOCALE, ONECARD, call, call_here

FEATURE = """Feature: short

  Scenario: short
    Given resident “A” holds an active social security card
    When resident “A” reports the card lost
    Then the card of resident “A” is “active”
    And the books of the platform balance
"""
WALK = ("scenarios", "walk", "--reader", "inprocess")


def test_on_a_terminal_each_step_waits_for_enter(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    walk = subprocess.Popen(
        [ONECARD, *WALK, "--lesson", "pin"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, **LOCALE},
    )
    os.close(theirs)
    assert walk.stdout is not None
    screen, steps = b"", 0
    while b"What was shown" not in screen:
        chunk = os.read(walk.stdout.fileno(), 65536)
        assert chunk, screen.decode()
        screen += chunk
        waiting = screen.count(b"[Enter to go on, q to leave]")
        while steps < waiting:
            steps += 1
            told = screen.decode(errors="ignore")
            assert told.count("▶ ") == steps, "a step is told before it waits, and done after"
            assert len(re.findall(r"✓ held  \(\d+\.", told)) == steps - 1
            os.write(ours, b"\n")
    rest, errors = walk.communicate(timeout=60)
    os.close(ours)
    assert walk.returncode == 0, errors
    assert steps == 8
    text = (screen + rest).decode()
    english = "resident “A” has the PIN reset at the counter by document"
    assert f"▶ 居民“甲”凭身份证在柜面重置密码\n  {english}" in text
    assert "card ⇄ counter: " in text
    assert re.search(r"platform: POST /v1/cards/\S+/pin-reset → 20\d", text)
    assert "(8 steps held)" in text


def test_without_a_terminal_it_goes_on_by_itself_and_tells_what_did_not_hold(
    tmp_path: Path,
) -> None:
    feature = tmp_path / "short.feature"
    feature.write_text(FEATURE, encoding="utf-8")
    told = call(*WALK, str(feature), "--lang", "zh", cwd=tmp_path)
    assert told.returncode == 1, told.stderr
    results = re.findall(r"^  (✓ 通过|✗ 未通过|- 未执行)  \(\d", told.stdout, re.M)
    assert results == ["✓ 通过", "✓ 通过", "✗ 未通过", "- 未执行"]
    assert re.search(r"平台: POST /v1/cards/\S+/loss-report → 20\d", told.stdout)
    assert told.stdout.rstrip().endswith("✗ 未通过  short / short  (2 步成立)")


def test_a_walk_may_be_left_at_any_step(tmp_path: Path) -> None:
    left = subprocess.run(
        [ONECARD, *WALK, "--lesson", "pin", "--enter"],
        input="\nq\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, **LOCALE},
    )
    assert left.returncode == 1
    assert left.stdout.count("▶ ") == 2
    assert "The walk was left here." in left.stdout
    assert "no scenario was shown to its end" in left.stdout


@pytest.mark.long
@pytest.mark.parametrize("region", ["CQ", "NM", "NX", "SC", "SH"])
def test_every_lesson_can_be_shown_in_every_region(region: str, tmp_path: Path) -> None:
    lessons = [word for each in read_lessons() for word in ("--lesson", each.name)]
    told = call(*WALK, *lessons, "--region", region, cwd=tmp_path)
    assert told.returncode == 0, told.stdout


def test_lessons_are_listed_for_people_and_programs(tmp_path: Path) -> None:
    assert "图书借阅" in call_here("scenarios", "lessons", "--lang", "zh", cwd=tmp_path).stdout
    listed = call_here("scenarios", "lessons", "--for", "site-staff", "--json", "-", cwd=tmp_path)
    told = {each["lesson"]["name"]: each for each in json.loads(listed.stdout)}
    assert told["ride"]["region"] == "CQ"
