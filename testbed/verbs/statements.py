"""`onecard statements`: large files of a bank's day, on the machine of the platform's data.

A file of some thousand lines goes through the API; this is for one of a million. Differences are
not worked off here, and no day is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from card_platform.errors import Refusal
from card_platform.settlement.reconciliation import store
from card_platform.settlement.reconciliation.refusals import BankStatementIsFaulty
from card_platform.settlement.reconciliation.statement_file import write_file
from card_platform.storage import Transaction
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, opened_to_write
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.platform_data import of_platform, opened_data, unreadable
from testbed.progress import Counting

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
