"""The command as a person calls it: help in both languages, one sentence for each wrong call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
import pytest

from testbed.command import root
from testbed.terminals.kinds import KINDS
from testbed.wrong_calls import in_chinese
from tests.testbed.onecard import call, call_here

VERBS = (
    ("doctor",),
    ("run",),
    ("serve",),
    ("population",),
    ("books",),
    ("audit",),
    ("payouts", "read"),
    ("payouts", "pay"),
    ("payouts", "status"),
    ("payouts", "check"),
    ("statements", "read"),
    ("statements", "write"),
    ("statements", "regions"),
    ("accounts", "add"),
    ("accounts", "list"),
    ("accounts", "disable"),
    ("accounts", "reset-password"),
    ("readers", "up"),
    ("readers", "list"),
    ("readers", "down"),
    ("cards", "issue"),
    ("cards", "insert"),
    ("cards", "remove"),
    ("cards", "show"),
    ("cards", "apdu"),
    ("cards", "transcript"),
    ("cards", "replay"),
    ("cards", "make"),
    ("cards", "check"),
    ("cards", "personalise"),
    ("terminals", "list"),
    *(("terminals", "run", kind.name) for kind in KINDS),
    ("scenarios", "list"),
    ("scenarios", "run"),
    ("scenarios", "steps"),
    ("scenarios", "walk"),
    ("scenarios", "lessons"),
    ("clauses",),
    ("sim", "list"),
    ("sim", "show"),
    ("sim", "run"),
    ("sim", "figures"),
    ("sim", "sweep"),
    ("sim", "compare"),
    ("sim", "sensitivity"),
    ("sim", "staffing"),
    ("plan",),
    ("calibrate",),
    ("load",),
    ("fraud", "generate"),
    ("fraud", "evaluate"),
    ("report", "build"),
)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_has_help_in_english_and_chinese_with_an_example(
    verb: tuple[str, ...], tmp_path: Path
) -> None:
    english = call_here(*verb, "--help", cwd=tmp_path)
    chinese = call_here(*verb, "--help", "--lang", "zh", cwd=tmp_path)
    assert (english.returncode, chinese.returncode) == (0, 0)
    assert english.stdout.startswith("Usage: onecard " + " ".join(verb))
    assert not re.search(r"[\u4e00-\u9fff]", english.stdout)
    assert chinese.stdout.startswith("用法：onecard " + " ".join(verb))
    for text, heading in ((english.stdout, "Examples:"), (chinese.stdout, "示例:")):
        assert f"\n  onecard {' '.join(verb)}" in text[text.index(heading) :]


def test_the_language_follows_the_locale_unless_the_call_says_otherwise() -> None:
    assert "用法" in call("--help", LC_ALL="zh_CN.UTF-8").stdout
    assert "Usage" in call("--help", LC_ALL="en_US.UTF-8", LANG="zh_CN.UTF-8").stdout
    assert "Usage" in call("--lang", "en", "--help", LC_ALL="zh_CN.UTF-8").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("fly",), r"There is no command fly\. See onecard --help\."),
        (("doctor", "--loud"), r"There is no option --loud\. See onecard doctor --help\."),
        (("sim", "run"), r"Missing argument 'MODEL\|FILE\.toml'\. See onecard sim run --help\."),
        (("run", "--reader", "fax"), r"'fax' is not one of 'auto', 'pcsc', 'inprocess'"),
        (("sim", "run", "moon"), r"model: found 'moon', expected one of metro-station"),
        (("sim", "run", "metro-station", "--set", "gates"), r"--set gates: write NAME=VALUE"),
        (("plan", "metro-station", "--vary", "gates=4..6"), r"Missing option '--target'"),
        (
            ("plan", "metro-station", "--target", "gate.visits <= 1", "--vary", "gates=4..6"),
            r"target, position 1: found 'gate', expected .* \(perhaps gates\)",
        ),
        (
            ("plan", "moon", "--target", "gates.visits <= 1", "--vary", "gates", "--engine", "x"),
            r"(?s)vary: found 'gates', expected NAME=LOW.*model: found 'moon'.*engine: found 'x'",
        ),
        (("plan", "none.toml", "--target", "a.visits <= 1", "--vary", "b=1..2"), r"none\.toml"),
        (
            ("sim", "sweep", "metro-station", "--over", "doors=1..2"),
            r"doors: found '1', expected one of daily_entries",
        ),
        (
            ("sim", "compare", "metro-station", "--with", "gates=many"),
            r"with: found 'gates=many', expected a number",
        ),
        (
            ("sim", "staffing", "metro-station", "--station", "gates", "--target", "x"),
            r"target, position 1",
        ),
        (
            ("sim", "sensitivity", "metro-station", "--figure", "gates.x", "--only", "y"),
            r"(?s)figure, position 7: found 'x'.*only: found 'y'",
        ),
        (("calibrate", "none.json", "-o", "-"), r"none\.json: found No such file"),
        (("load", "moon"), r"there is no load profile 'moon', there is: station-rush"),
        (("load", "station-rush", "--host", "http://127.0.0.1:9"), r"--access"),
        (("scenarios", "run", "none.feature"), r"none\.feature is no \.feature file"),
        (("scenarios", "run", "--tags", "none", "--reader", "inprocess"), r"no scenario matches"),
        (("scenarios", "walk", "--lesson", "none"), r"no lesson none: see onecard scenarios less"),
        (("scenarios", "walk", "--lesson", "pin", "--tags", "x"), r"only one of them"),
        (("scenarios", "walk", "--pause", "1", "--enter"), r"only one of --pause, --enter"),
        (("scenarios", "walk", "--access", "none.json"), r"none\.json cannot be read \(.*No such"),
        (("sim", "figures", "moon"), r"found 'moon', expected one of sichuan"),
        (("accounts", "add", "wang.fang"), r"Missing option '--role'"),
        (("accounts", "list", "--access", "none.json"), r"none\.json cannot be read \(.*No such"),
        (("cards", "show", "none.json"), r"none\.json cannot be read \(No such file"),
        (("cards", "insert", "none.json"), r"none\.json cannot be read \(No such file"),
        (("cards", "replay", "none.json"), r"none\.json cannot be read \(No such file"),
        (("cards", "check", "none.jsonl"), r"none\.jsonl cannot be read or written \(No such file"),
        (("cards", "make", "--count", "0", "-o", "b"), r"--count 0 is out of range: give 1 to"),
        (("cards", "make", "--count", "1", "-o", "/none/b"), r"^/none/b cannot be .*\(No such"),
        (("terminals", "run", "till"), r"no command till\. See onecard terminals run --help\."),
        (("terminals", "run", "gate"), r"say where it stands with --station"),
        (("terminals", "run", "canteen", "--amount-fen", "0"), r"out of range: give 1 to"),
        (("terminals", "run", "kiosk", "--new-pin", "12"), r"--new-pin: a PIN is 4 to 12 digits"),
        (
            ("terminals", "run", "kiosk", "--amount-fen", "1", "--medical-fen", "1"),
            r"give only one of --amount-fen, --medical-fen",
        ),
        (
            ("terminals", "run", "kiosk", "--answers-after-s", "60"),
            r"--answers-after-s goes with --way",
        ),
        (
            ("terminals", "run", "kiosk", "--way", "voice", "--medical-fen", "1"),
            r"no medical account is loaded step by step",
        ),
        (("terminals", "run", "kiosk", "--way", "song"), r"'song' is not one of 'ordinary', 'la"),
        (
            ("terminals", "run", "kiosk", "--way", "voice", "--answers-after-s", "-1"),
            r"--answers-after-s must be 0 or more",
        ),
        (("terminals", "run", "function-desk"), r"say which function with --scheme; a running pl"),
        (
            ("terminals", "run", "function-desk", "--scheme", "x"),
            r"say where it stands with --at; there are: entrance, library",
        ),
        (("readers", "up", "-n", "99"), r"-n 99 is out of range: give 1 to 64"),
        (
            ("report", "build", "--from", "none"),
            r"run onecard run first, or name a run with --from",
        ),
        (("serve", "--regions", "XX"), r"XX"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_call_is_one_sentence_with_its_mend_and_exits_2(
    words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    answer = call_here(*words, cwd=tmp_path)
    assert answer.returncode == 2, answer.stderr
    assert re.search(sentence, answer.stderr)
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""


def wrong_calls_of(verb: tuple[str, ...]) -> Iterator[list[str]]:
    """Calls of a verb that click refuses before anything is done, one for each way to be wrong."""
    yield ["--no-such-option"]
    context, found = click.Context(root, info_name="onecard"), cast("click.Command", root)
    for name in verb:
        assert isinstance(found, click.Group)
        at = found.get_command(context, name)
        assert at is not None
        context, found = click.Context(at, parent=context, info_name=name), at
    for each in found.params:
        if isinstance(each, click.Option) and not each.is_flag and each.nargs == 1:
            yield [each.opts[0]]
            if type(each.type) in {click.Choice, click.DateTime} or isinstance(
                each.type, click.types.IntParamType | click.types.FloatParamType
            ):
                yield [each.opts[0], "?"]
            if isinstance(each.type, click.IntRange | click.FloatRange):
                yield [each.opts[0], "-1000000000"]
        elif isinstance(each, click.Option) and each.is_flag:
            yield [f"{each.opts[-1]}=?"]
        if each.required:
            yield []
    if not any(each.nargs == -1 for each in found.params if isinstance(each, click.Argument)):
        yield ["1", "2", "3", "4"] if isinstance(found, click.Group) else ["?"] * 4


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_what_click_finds_wrong_is_told_in_chinese(verb: tuple[str, ...], tmp_path: Path) -> None:
    for words in wrong_calls_of(verb):
        answer = call_here(*verb, *words, "--lang", "zh", cwd=tmp_path)
        assert (answer.returncode, answer.stdout) == (2, ""), words
        said, mend = answer.stderr.rstrip("\n").split(" 请看 ")
        assert mend == f"onecard {' '.join(verb)} --help。"
        plain = re.sub(r"'[^']*'|--?[a-z][a-z-]*|（可选：[^）]*）|（也许是 [^）]*）", "", said)
        assert not re.search(r"[A-Za-z]{2}", plain), said
        assert "\n" not in said, said


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("'x' is not one of 'a', 'b'.", "'x' 不在可选之列：'a', 'b'。"),
        ("'x' is not a valid integer range.", "'x' 不是整数。"),
        ("0 is not in the range 1<=x<=64.", "0 超出范围，应为 1 到 64。"),
        ("-1 is not in the range x>=0.", "-1 超出范围，应不小于 0。"),
        ("File 'x' is a directory.", "'x' 是目录，应为文件。"),
        ("Directory 'x' does not exist.", "目录 'x' 不存在。"),
        ("Got unexpected extra arguments (a b)", "多出的参数 a b。"),
        ("Option '--data' requires an argument.", "选项 '--data' 后面要有值。"),
    ],
)
def test_sentences_of_click_in_chinese(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_a_terminal_without_pcsc_says_so_and_exits_3(tmp_path: Path) -> None:
    nowhere = {"TMPDIR": str(tmp_path), "PCSCLITE_CSOCK_NAME": str(tmp_path / "none")}
    answer = call("terminals", "run", "canteen", cwd=tmp_path, **nowhere)
    assert (answer.returncode, answer.stdout) == (3, "")
    assert re.search(r"run onecard readers up first|run make set-up", answer.stderr)


def test_the_kinds_of_terminals_are_listed_for_people_and_programs() -> None:
    listed = call("terminals", "list", "--lang", "zh").stdout
    told = json.loads(call("terminals", "list", "--json", "-").stdout)
    assert [each["name"] for each in told] == [kind.name for kind in KINDS]
    assert all(each["name"] in listed for each in told)
    assert "地铁闸机" in listed


def test_the_doctor_tells_all_it_looked_at_as_json() -> None:
    answer = call("doctor", "--json")
    told = json.loads(answer.stdout)
    assert answer.returncode == (0 if told["ok"] else 3)
    missing = [finding["name"] for finding in told["findings"] if not finding["ok"]]
    assert bool(missing) is not told["ok"]
    assert {"python", "pcscd", "vpcd", "opensc", "pcsc-tools", "virtual-reader", "disk"} <= {
        finding["name"] for finding in told["findings"]
    }
    assert all(finding["mend"] for finding in told["findings"] if not finding["ok"])


def test_a_simulation_as_json_has_the_shape_of_the_contract(tmp_path: Path) -> None:
    answer = call("sim", "run", "metro-station", "--digest", "--json", "-", cwd=tmp_path)
    result = json.loads(answer.stdout)
    assert {
        "model", "preset", "engine", "seed", "scale", "customers", "visits", "events", "wall_s",
        "peak_rss_mb", "digest", "stations",
    } <= set(result)  # fmt: skip
    station = result["stations"]["gates"]
    assert {"visits", "refused", "abandoned", "wait_s", "utilisation", "queue_max"} == set(station)
    assert {"mean", "p50", "p95", "p99", "max"} == set(station["wait_s"])
    again = call("sim", "run", "metro-station", "--digest", "--json", "again.json", cwd=tmp_path)
    assert again.returncode == 0
    told = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert told["digest"] == result["digest"]


def test_step_phrases_stand_in_both_languages() -> None:
    told = call("scenarios", "steps", COLUMNS="240").stdout
    assert "居民“{name}”挂失社会保障卡" in told
    assert "resident “{name}” reports the card lost" in told


def test_clauses_tell_each_clause_and_what_is_missing(tmp_path: Path) -> None:
    told = call("clauses", "--json", "-", cwd=tmp_path)
    assert told.returncode == 1, "clauses without a run are missing"
    clauses = {each["id"]: each for each in json.loads(told.stdout)}
    assert clauses["CQ-28"] == {
        "id": "CQ-28", "form": "context", "scenarios": [], "result": "context"
    }  # fmt: skip
    assert clauses["CQ-12a"]["result"] == "missing"
    (tmp_path / "build").mkdir()
    results = dict.fromkeys(clauses["CQ-12a"]["scenarios"], "passed")
    (tmp_path / "build/scenario-results.json").write_text(json.dumps(results), encoding="utf-8")
    again = json.loads(call("clauses", "--json", "-", cwd=tmp_path).stdout)
    assert {each["id"]: each["result"] for each in again}["CQ-12a"] == "passed"
    (tmp_path / "build/scenario-results.json").write_text("[]", encoding="utf-8")
    spoilt = call("clauses", cwd=tmp_path)
    assert (spoilt.returncode, spoilt.stdout) == (2, "")
    assert "delete it and run onecard scenarios run" in spoilt.stderr
