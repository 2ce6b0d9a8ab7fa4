"""`onecard calibrate`: measured service times into simulation inputs."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from sim.planning.calibration import SERVICE_TIME, Calibration, calibrate, read_load
from testbed.answers import STANDARD_OUTPUT, opened_to_write, write_json
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.language import say
from testbed.planning.call import told_as_faults


@verb(
    root,
    "calibrate",
    **summary("calibrate"),
    examples=(
        "onecard calibrate build/load.json -o build/calibration.json",
        "onecard calibrate build/load.json -o build/calibration.json --csv build",
    ),
)
@click.argument("load", type=Path, metavar="LOAD.json")
@option(
    "-o", "--out", "json_file", required=True,
    zh="写入此文件，- 为标准输出", en="write this file, - is standard output",
)  # fmt: skip
@option(
    "--csv", "folder", type=Path,
    zh="每种请求另写一个 CSV，供网络文件的 empirical 使用",
    en="one CSV a request as well, for empirical in a network file",
)  # fmt: skip
def calibrate_from(load: Path, json_file: str, folder: Path | None) -> int:
    """Read, reckon, write."""
    with told_as_faults():
        found = calibrate(read_load(load))
    write_json(json_file, msgspec.to_builtins(found))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, service in found.services.items():
            with opened_to_write(str(folder / f"{name}.csv")) as file:
                file.writelines(f"{value:.9g}\n" for value in service.values_s)
    if json_file != STANDARD_OUTPUT:
        _print(found)
    return 0


def _print(found: Calibration) -> None:
    table = Table(box=None, pad_edge=False)
    headings = (
        say("请求", "request"),
        say("次数", "requests"),
        say("均值 毫秒", "mean ms"),
        say("同时进行", "in progress"),
        say("至少服务台", "servers at least"),
        say("读作", "read as"),
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right")
    for name, service in found.services.items():
        reading = say("服务时间", "service time")
        if service.reading != SERVICE_TIME:
            reading = say("上限", "upper bound")
        table.add_row(
            name, f"{service.requests}", f"{service.mean_s * 1000:.2f}",
            f"{service.in_progress:.2f}", f"{service.servers_at_least}", reading,
        )  # fmt: skip
    Console().print(table)
    for note in found.notes:
        print(say(note.zh, note.en))
