"""`onecard statements`: large files of a bank's day, on the machine of the platform's data; and a
day between two regions, asked of both running platforms.

A bank's file of some thousand lines goes through the API; this is for one of a million. Differences
are not worked off here, and no month is closed.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import click
import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from card_platform.errors import Refusal
from card_platform.settings import ACCESS_FILE
from card_platform.settlement.reconciliation import store
from card_platform.settlement.reconciliation.refusals import BankStatementIsFaulty
from card_platform.settlement.reconciliation.statement_file import write_file
from card_platform.storage import Transaction
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from testbed import faults, region_statements
from testbed.answers import STANDARD_OUTPUT, opened_to_write, write_json
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.platform_data import of_platform, opened_data, unreadable
from testbed.progress import Counting
from testbed.region_statements import RegionStatement

statements = group(root, "statements", **summary("statements"))


@verb(
    statements,
    "read",
    zh="读入银行一日的对账文件，与平台逐笔核对；有错则整份退回并列出全部错误。",
    en="Read a bank's file of a day and compare it line by line; a faulty one is refused whole.",
    examples=("onecard statements read day.csv --by wang.fang --data data",),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option("--by", required=True, zh="报送人", en="who brings it")
@of_platform
def read(file: Path, by: str, data: Path, database: str | None, region: str) -> int:
    """Read; 1 where differences are left or the file is refused."""
    with opened_data(data, database, region) as (parts, use_cases), Counting() as counting:
        tell = counting.tell_lines
        try:
            intake = use_cases.reconciliation.intake
            done = intake.read_file(parts.database, file, by, progress=tell)
        except BankStatementIsFaulty as refused:
            for each in refused.faults:
                print(f"{each.path}: {each.found} ({each.expected})")
            print(say(refused.detail_zh, refused.detail_en), file=sys.stderr)
            return faults.FELL_SHORT
        except Refusal as refused:
            raise Fault(refused.detail_zh, refused.detail_en) from None
        except OSError as refused:
            raise unreadable(file, refused) from None
        _, left = parts.database.read_now(lambda tx: store.count_of_day(tx, done.bank, done.day))
    told = say(
        f"{done.bank} {done.day}：{done.matched} 笔一致，{left} 条差异待处理。",
        f"{done.bank} {done.day}: {done.matched} lines agree, {left} differences are left.",
    )
    print(told, file=sys.stderr)
    return faults.FELL_SHORT if left else faults.HELD


@verb(
    statements,
    "write",
    zh="导出平台自己的一日对账文件。",
    en="Write the platform's own file of a bank's day.",
    examples=("onecard statements write jialing-bank 2026-01-05 -o own.csv --data data",),
)
@click.argument("bank")
@click.argument("day")
@option("-o", "--out", default=STANDARD_OUTPUT, zh="写入文件，- 为标准输出", en="file, - is stdout")
@of_platform
def write(bank: str, day: str, out: str, data: Path, database: str | None, region: str) -> int:
    """Write."""
    with opened_data(data, database, region) as (parts, use_cases), opened_to_write(out) as file:
        own = use_cases.reconciliation

        def whole(tx: Transaction) -> None:
            header = own.own_header(tx, bank, day)
            for piece in write_file(header, own.own_lines(tx, bank, day)):
                file.write(piece)

        try:
            parts.database.read_now(whole)
        except Refusal as refused:
            raise Fault(refused.detail_zh, refused.detail_en) from None
    return faults.HELD


@verb(
    statements,
    "regions",
    zh="两个地区一日的清算单：双方平台各自的数并列，乘车和就医，须一分不差。",
    en="A day between two regions: what both platforms say of rides and care, side by side; they "
    "must agree to the fen.",
    examples=(
        "onecard statements regions --data data --regions CQ,SC",
        "onecard statements regions 2026-01-05 --data data --regions CQ,SC --json -",
        "onecard statements regions --data data --regions CQ,SC --end-day",
    ),
)
@click.argument("day", required=False, type=click.DateTime(["%Y-%m-%d"]))
@option(
    "--data",
    type=Path,
    default=Path("build/platform"),
    show_default=True,
    zh="onecard serve --regions 的数据目录",
    en="data folder of onecard serve --regions",
)
@option("--regions", default="CQ,SC", show_default=True, zh="两个地区", en="two regions")
@option(
    "--end-day",
    is_flag=True,
    zh="先把虚拟时钟拨到该日可清算之时",
    en="first move virtual clocks on to when the day can be cleared",
)
@option("--json", "json_file", zh="写 JSON，- 为标准输出", en="write JSON, - is standard output")
def regions(
    day: datetime | None, data: Path, regions: str, end_day: bool, json_file: str | None
) -> int:
    """Clear the day where that was not done, and show it; 1 where the sides differ."""
    names = tuple(regions.split(","))
    if len(names) != len(set(names)) or len(names) != 2:  # noqa: PLR2004 - a pair
        raise Fault(
            f"--regions 须为两个不同的地区，现为 {regions}。",
            f"--regions must name two different regions, not {regions}.",
        )
    with ExitStack() as open_desks:
        desks = [open_desks.enter_context(_desk_of(data / name)) for name in names]
        try:
            # without a day the last one that has ended, or the running one that is to be ended
            back = timedelta(days=0 if end_day else 1)
            of = day.date() if day else region_statements.today(desks) - back
            if end_day:
                region_statements.end_day(desks, of)
            region_statements.clear(desks, of)
            told = region_statements.statement(desks, (names[0], names[1]), of)
        except region_statements.DayHasNotEnded:
            raise Fault(
                f"{of} 尚未结束（次日 0 时 10 分之后可清算）；虚拟时钟可加 --end-day。",
                f"{of} has not ended (it is cleared from 00:10 on); with a virtual clock add "
                "--end-day.",
            ) from None
        except PlatformRefused as refused:
            raise Fault(refused.zh, refused.en) from None
        except httpx.HTTPError as refused:
            raise Fault(
                f"平台没有应答（{refused}）；请先运行 onecard serve --regions {regions}。",
                f"a platform does not answer ({refused}); run onecard serve --regions {regions}.",
            ) from None
    if json_file:
        write_json(json_file, told)
    if json_file != STANDARD_OUTPUT:
        _print(told)
    return faults.HELD if told.agree else faults.FELL_SHORT


def _desk_of(folder: Path) -> ServiceDesk:
    path = folder / ACCESS_FILE
    try:
        return ServiceDesk(Access.read(path))
    except (OSError, msgspec.MsgspecError):
        raise Fault(
            f"读不到 {path}；请核对 --data 和 --regions，并先运行 onecard serve。",
            f"{path} cannot be read; mend --data or --regions, and run onecard serve first.",
        ) from None


def _print(told: RegionStatement) -> None:
    first, second = told.regions
    table = Table(title=say(f"{told.day} {first} 与 {second}", f"{told.day} {first} and {second}"))
    heads = (
        ("业务", "of"),
        ("应收", "claims"),
        ("应付", "owes"),
        ("笔数", "count"),
        ("应收（分）", "claimed (fen)"),
        ("应付（分）", "owed (fen)"),
        ("", ""),
    )
    for zh, en in heads:
        table.add_column(say(zh, en))
    words = {"rides": say("乘车", "rides"), "care": say("就医", "care")}
    for each in told.sides:
        agree = say("一致", "agree") if each.agree else say("不一致", "differ")
        figures = (each.count, each.claimed_fen, each.owed_fen)
        row = (words[each.of], each.creditor, each.debtor, *map(str, figures), agree)
        table.add_row(*row)
    Console().print(table)
    debtor, creditor = (second, first) if told.net_fen >= 0 else (first, second)
    net_fen = abs(told.net_fen)
    print(
        say(
            f"轧差：{debtor} 应付 {creditor} {net_fen} 分。",
            f"Net: {debtor} owes {creditor} {net_fen} fen.",
        )
    )
    if told.agree:
        print(say("双方一分不差。", "The sides agree to the fen."))
    else:
        print(say("双方不一致。", "The sides differ."))
