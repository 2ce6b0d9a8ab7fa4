"""`onecard population`: a platform's database full of made-up people with cards in use."""

from __future__ import annotations

import time
from pathlib import Path

import click

from card_platform.errors import PlatformCannotStart
from card_platform.installation import open_installation
from card_platform.issuance.population import load_population
from card_platform.settings import Settings
from card_platform.storage.unit_of_work import RowsAreRefused
from scenarios.population import PEOPLE_MAX, PeopleAreUsedUp, make_population
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.database_options import data_folder, database_url
from testbed.faults import Fault
from testbed.language import say
from testbed.progress import Counting


@verb(
    root,
    "population",
    **summary("population"),
    examples=(
        "onecard population --people 100000 --data data",
        "onecard population --people 1000000 --database postgresql://user@localhost/onecard",
    ),
)
@option(
    "--people",
    type=click.IntRange(1, 10_000_000),
    default=100_000,
    show_default=True,
    zh="人数；再次运行时接着编号",
    en="how many; a second run goes on where the first ended",
)
@data_folder
@database_url
@option("--region", default="CQ", show_default=True, zh="地区", en="region")
def population(people: int, data: Path, database: str | None, region: str) -> int:
    """Load."""
    try:
        installed = open_installation(Settings(data, database, region=region))
    except PlatformCannotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None
    began = time.monotonic()
    try:
        with Counting() as counting:
            load_population(
                installed.database,
                installed.policy,
                installed.clock,
                make_population,
                people,
                progress=lambda done: counting.tell_people(done, people),
            )
    except RowsAreRefused:
        raise Fault(
            "库中已有同一证件号的人：此前的各批已导入；请换一个数据目录或数据库。",
            "somebody of this document number is there already: the parts before are loaded; "
            "take another data folder or database.",
        ) from None
    except PeopleAreUsedUp:
        raise Fault(
            f"虚构人口共 {PEOPLE_MAX} 人，库中已有的加上 --people 超出此数：请减少 --people。",
            f"there are {PEOPLE_MAX} made-up people; those loaded before and --people are more: "
            "take fewer with --people.",
        ) from None
    finally:
        installed.database.close()
    took = time.monotonic() - began
    print(
        say(
            f"已导入 {people} 人，各有一张在用的卡，用时 {took:.0f} 秒。",
            f"{people} people loaded, each with a card in use, in {took:.0f} s.",
        )
    )
    return 0
