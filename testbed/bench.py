"""`make bench`: every benchmark, one table, and build/bench.json in the contract's shape.

Rules: a subject that cannot be measured here is a line with its reason and no entry in the JSON;
so is one whose answers were wrong. Whether a figure is good enough is not decided here: the table
shows it beside its limit or peer. Exit codes: 0 all measured; 1 a figure was refused because of a
wrong answer; 2 the call is wrong; 3 the machine lacks something.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.benchmarks.figure import AT_LEAST, AT_MOST, CannotMeasure, Figure, FigureIsRefused
from testbed.benchmarks.pcsc_select_read import NULL_CARD
from testbed.benchmarks.pcsc_sixteen_readers import NULL_CARDS
from testbed.benchmarks.sim_visits import BARE_SIMPY
from testbed.benchmarks.subjects import SUBJECTS, Subject
from testbed.bilingual import BilingualCommand, option
from testbed.command import run
from testbed.language import say

DEFAULT_JSON = "build/bench.json"
PROGRAM = "python -m testbed.bench"
_LIMIT_NAMES_ZH = {
    AT_LEAST: "不低于",
    AT_MOST: "不高于",
    NULL_CARD: "空卡",
    NULL_CARDS: "16 张空卡",
    BARE_SIMPY: "裸 SimPy",
}
_WHOLE_FROM = 1_000
_WIDTH_IN_A_PIPE = 120


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A subject without a figure: why, and the exit code that says so."""

    name: str
    zh: str
    en: str
    exit_code: int


@click.command(
    "bench",
    cls=BilingualCommand,
    zh="基准测试：每个数值与其限值或对照同次测得；比值为数值除以限值或对照。",
    en="Benchmarks: each figure beside its limit or a peer of the same run; the ratio is figure "
    "over limit or peer.",
    examples=(PROGRAM, f"{PROGRAM} --only in-process-apdu --json -"),
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
@option(
    "--only", multiple=True, metavar="NAME", zh="只测该项（可重复）", en="only this (repeatable)"
)
@option(
    "--json",
    "json_file",
    default=DEFAULT_JSON,
    show_default=True,
    zh="写 JSON 结果，- 为标准输出",
    en="write JSON, - is standard output",
)
def bench(only: tuple[str, ...], json_file: str) -> int:
    """Measure, print, write; the exit code."""
    figures, missing = measure(chosen_subjects(only))
    if json_file == DEFAULT_JSON:
        Path(DEFAULT_JSON).parent.mkdir(exist_ok=True)
    write_json(json_file, figures)
    if json_file != STANDARD_OUTPUT:
        print_table(figures)
    for one in missing:
        print(f"{one.name}: {say(one.zh, one.en)}", file=sys.stderr)
    return min((one.exit_code for one in missing), default=faults.HELD)


def chosen_subjects(only: Sequence[str]) -> list[Subject]:
    """The subjects of these names, all when none is given. Raises `Fault` for an unknown one."""
    known = {subject.name: subject for subject in SUBJECTS}
    for name in only:
        if name not in known:
            names = ", ".join(known)
            raise faults.Fault(
                f"没有名为“{name}”的基准项，可用：{names}。",
                f"there is no benchmark '{name}', there is: {names}.",
            )
    return [subject for subject in SUBJECTS if not only or subject.name in only]


def measure(subjects: Sequence[Subject]) -> tuple[list[Figure], list[NotMeasured]]:
    """Measure one after the other, telling which on a terminal."""
    figures: list[Figure] = []
    missing: list[NotMeasured] = []
    console = Console(stderr=True, highlight=False)
    status = console.status("")
    if console.is_terminal:
        status.start()
    try:
        for place, subject in enumerate(subjects, 1):
            doing = say("正在测量", "measuring")
            status.update(f"{doing} {place}/{len(subjects)}  {subject.name}")
            try:
                figures += subject.measure()
            except CannotMeasure as why:
                zh, en = f"未能测量：{why.zh}", f"not measured: {why.en}"
                missing.append(NotMeasured(subject.name, zh, en, faults.MACHINE_LACKS))
            except FigureIsRefused as why:
                zh, en = f"数值作废：{why.zh}", f"figure refused: {why.en}"
                missing.append(NotMeasured(subject.name, zh, en, faults.FELL_SHORT))
    finally:
        status.stop()
    return figures, missing


def print_table(figures: Sequence[Figure]) -> None:
    """One line a figure."""
    table = Table(box=None, pad_edge=False)
    table.add_column(say("名称", "name"), no_wrap=True)
    table.add_column(say("单位", "unit"), no_wrap=True)
    table.add_column(say("数值", "value"), justify="right")
    table.add_column(say("限值或对照", "limit or peer"), no_wrap=True)
    table.add_column("", justify="right")
    table.add_column(say("比值", "ratio"), justify="right")
    for figure in figures:
        limit_zh = _LIMIT_NAMES_ZH.get(figure.limit_name, figure.limit_name)
        table.add_row(
            figure.name,
            figure.unit,
            _number(figure.value),
            escape(say(limit_zh, figure.limit_name)),
            _number(figure.limit_value),
            f"{figure.ratio:.2f}",
        )
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_IN_A_PIPE  # nobody reads a column that was cut
    console.print(table)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= _WHOLE_FROM else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], bench, PROGRAM))
