"""`onecard serve`: the card platform."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from card_platform.errors import PlatformCannotStart
from card_platform.settings import Settings
from card_platform.workers import serve_all
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.database_options import database_url
from testbed.faults import Fault


@verb(
    root,
    "serve",
    **summary("serve"),
    examples=(
        "onecard serve --data data",
        "onecard serve --data data --port 8600",
        "onecard serve --data data --database postgresql://user@localhost/onecard",
        "onecard serve --data data --regions CQ,SC",
    ),
)
@option(
    "--data",
    type=Path,
    default=Path("build/platform"),
    show_default=True,
    zh="数据目录：数据库、access.json、密钥种子",
    en="data folder: database, access.json, key seed",
)
@database_url
@option(
    "--port",
    type=int,
    default=0,
    show_default=True,
    zh="端口，0 为任一空闲端口",
    en="port, 0 takes a free one",
)
@option(
    "--clock",
    type=click.Choice(["real", "virtual"]),
    default="real",
    show_default=True,
    zh="时钟；virtual 可由培训者拨快",
    en="clock; a trainer may move a virtual one forward",
)
@option(
    "--regions",
    default="CQ",
    show_default=True,
    metavar="CQ,SC",
    zh="地区，多个用逗号分隔；各有自己的目录、数据库和地址 /CQ、/SC",
    en="regions, several with commas; each with a folder, a database and an address /CQ, /SC",
)
@option(
    "--workers",
    type=int,
    default=1,
    show_default=True,
    zh="工作进程数，多于一个需要 PostgreSQL",
    en="processes; more than one need PostgreSQL",
)
@option(
    "--limits-times",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    zh="限流为常值的倍数，0 为不限（用于压力测试）",
    en="so many times the rate limits, 0 lifts them (for load tests)",
)
def serve(
    data: Path,
    database: str | None,
    port: int,
    clock: Literal["real", "virtual"],
    regions: str,
    workers: int,
    limits_times: int,
) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    try:
        settings = Settings(data, database, port=port, clock=clock, limits_times=limits_times)
        serve_all(settings, regions.split(","), workers)
    except PlatformCannotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None
    return 0
