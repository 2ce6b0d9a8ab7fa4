"""`onecard run`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from testbed import faults
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.database_options import database_url
from testbed.language import say
from testbed.main_job import MainJob, do_main_job
from testbed.reader_choice import WantedReader
from testbed.run_folder import RunFolder

RUNS = Path("build/runs")


@verb(
    root,
    "run",
    **summary("run"),
    examples=(
        "onecard run",
        "onecard run --quick",
        "onecard run --reader inprocess --data /tmp/runs",
    ),
)
@option(
    "--quick",
    is_flag=True,
    zh="只运行第一组场景，压力测试更短",
    en="the first story of the scenarios only, and a shorter load test",
)
@option(
    "--data",
    type=Path,
    default=RUNS,
    show_default=True,
    zh="存放各次运行的目录",
    en="folder of runs",
)
@option(
    "--reader",
    type=click.Choice(["auto", "pcsc", "inprocess"]),
    default="auto",
    show_default=True,
    zh="读卡器：auto 在可用时使用 PC/SC",
    en="reader: auto uses PC/SC where it can be had",
)
@database_url
@option(
    "--port",
    type=int,
    default=0,
    show_default=True,
    zh="平台端口，0 为任一空闲端口",
    en="port of the platform, 0 takes a free one",
)
@option(
    "--seed", type=int, default=1, show_default=True, zh="随机种子", en="seed of random numbers"
)
def run(
    quick: bool, data: Path, reader: WantedReader, database: str | None, port: int, seed: int
) -> int:
    """Run; exit 0 when all held, 1 when something did not."""
    with RunFolder(data) as folder:
        result = do_main_job(MainJob(folder, reader, database, port, seed, quick))
    if not sys.stderr.isatty():  # on a terminal the progress told them already
        for warning in result.warnings:
            print(say(warning.text_zh, warning.text_en), file=sys.stderr)
    for short in result.fell_short:
        print(f"{say(short.name_zh, short.name_en)}: {short.value}", file=sys.stderr)
    print(
        say("全部成立", "all held") if result.passed else say("有未成立的项目", "something failed")
    )
    print(f"{say('报告', 'report')}: {result.report.resolve()}")
    return faults.HELD if result.passed else faults.FELL_SHORT
