"""`onecard payouts`: large payout files, on the machine of the platform's data.

A file of a few thousand lines goes through the API; this is for one of a million. Decisions are not
taken here: who brought a file never releases it.
"""

from __future__ import annotations

import csv
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

import click

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.settlement.payouts import store
from card_platform.settlement.payouts.checking import first_fault
from card_platform.settlement.payouts.line_faults import WORDS
from card_platform.settlement.payouts.model import Batch, BatchState
from card_platform.settlement.payouts.reading import read_file
from card_platform.settlement.payouts.status_file import write_status
from card_platform.settlement.payouts.views import number_of
from card_platform.storage import Page
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, opened_to_write
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.platform_data import of_platform, opened_data, unreadable
from testbed.progress import Counting

FAULTS_AT_ONCE: Final = 1_000
payouts = group(root, "payouts", **summary("payouts"))


@verb(
    payouts,
    "read",
    zh="读入发放文件，逐行核对，列出全部错误；待他人复核。",
    en="Read a payout file, check every line, list all faults; it waits for another's decision.",
    examples=("onecard payouts read subsidies.csv --by wang.fang --data data",),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option(
    "--format",
    "form",
    type=click.Choice(["csv", "pain.001"]),
    default="csv",
    show_default=True,
    zh="格式",
    en="format",
)
@option("--by", required=True, zh="报送人", en="who brings it")
@option("--faults", "faults_file", default=STANDARD_OUTPUT, zh="错误写入（CSV）", en="faults (CSV)")
@of_platform
def read(
    file: Path,
    form: Any,
    by: str,
    faults_file: str,
    data: Path,
    database: str | None,
    region: str,
) -> int:
    """Read; 1 where a line is faulty or the file is refused."""
    with opened_data(data, database, region) as (parts, use_cases), Counting() as counting:
        try:
            batch = read_file(
                parts.database,
                use_cases.payouts.intake,
                file,
                form,
                by,
                progress=counting.tell_lines,
            )
        except Refusal as refused:
            raise Fault(refused.detail_zh, refused.detail_en) from None
        except OSError as refused:
            raise unreadable(file, refused) from None
        with opened_to_write(faults_file) as out:
            _write_faults(parts, batch, out)
    yuan = f"{batch.sum_fen // 100}.{batch.sum_fen % 100:02d}"
    told = say(
        f"payout-{batch.batch} {batch.state.value}：{batch.lines} 行无误，{yuan} 元；"
        f"{batch.faulty_lines} 行有错。",
        f"payout-{batch.batch} {batch.state.value}: {batch.lines} good lines, {yuan} yuan; "
        f"{batch.faulty_lines} faulty.",
    )
    print(told, file=sys.stderr)
    fell_short = batch.faulty_lines or batch.state is BatchState.REFUSED
    return faults.FELL_SHORT if fell_short else faults.HELD


@verb(
    payouts,
    "pay",
    zh="立即执行已复核的批次，不等平台的定时办理。",
    en="Execute what was released now, without waiting for the platform's own rounds.",
    examples=("onecard payouts pay --data data",),
)
@of_platform
def pay(data: Path, database: str | None, region: str) -> int:
    """Do what is due."""
    pieces = 0
    with opened_data(data, database, region) as (parts, use_cases):
        while parts.database.write_now(lambda tx: use_cases.payouts.do_due(tx, parts.clock.now())):
            pieces += 1
    print(say(f"办理了 {pieces} 件。", f"{pieces} pieces and bank files done."))
    return faults.HELD


@verb(
    payouts,
    "status",
    zh="导出批次状态文件：pain.002 或 CSV，逐行状态与原因。",
    en="Write the status of a batch as pain.002 or CSV: each line, its state, the reason.",
    examples=("onecard payouts status payout-1 -o status.xml --data data",),
)
@click.argument("batch")
@option("-o", "--out", default=STANDARD_OUTPUT, zh="写入文件，- 为标准输出", en="file, - is stdout")
@option(
    "--format",
    "form",
    type=click.Choice(["csv", "pain.002"]),
    default="pain.002",
    show_default=True,
    zh="格式",
    en="format",
)
@of_platform
def status(batch: str, out: str, form: Any, data: Path, database: str | None, region: str) -> int:
    """Write."""
    with opened_data(data, database, region) as (parts, use_cases):
        ask = parts.database.read_now
        try:
            found = ask(lambda tx: use_cases.payouts.look(tx, number_of(batch)))
        except Refusal as refused:
            raise Fault(refused.detail_zh, refused.detail_en) from None
        with opened_to_write(out) as file:
            for piece in write_status(found, form, ask, parts.clock):
                file.write(piece)
    return faults.HELD


@verb(
    payouts,
    "check",
    zh="核对发放明细与总账：每个银行文件与其各行、与记账一致。",
    en="Check the lines against the ledger: each bank file is its lines, and its money was moved.",
    examples=("onecard payouts check --data data",),
)
@of_platform
def check(data: Path, database: str | None, region: str) -> int:
    """Check."""
    with opened_data(data, database, region) as (parts, _):
        fault = parts.database.read_now(first_fault)
    if fault is None:
        print(say("发放明细与总账一致。", "The lines and the ledger agree."))
        return faults.HELD
    print(say(f"第一处错误：{fault}", f"First fault: {fault}"))
    return faults.FELL_SHORT


def _write_faults(parts: Installation, batch: Batch, out: TextIO) -> None:
    """Every fault of a batch, a few at a time; nothing where there is none."""
    writer = csv.writer(out)
    page: Page | None = Page(FAULTS_AT_ONCE)
    is_first = True
    while page is not None:
        query = partial(store.page_of_faults, batch=batch.batch, page=page)
        found = parts.database.read_now(query)
        if is_first and found.rows:
            writer.writerow(("line", "field", "code", "found", "expected", "mend"))
        is_first = False
        for each in found.rows:
            words = WORDS[each.code]
            expected = say(words.expected_zh, words.expected_en)
            mend = say(words.mend_zh, words.mend_en)
            writer.writerow((each.line, each.field, each.code.value, each.found, expected, mend))
        page = None if found.last is None else Page(FAULTS_AT_ONCE, found.last)
