"""`onecard cards make, check, personalise`: batches of cards, one image a line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.card_batches import CARDS_MAX, BatchSummary, make_batch, read_every_line
from testbed.faults import Fault
from testbed.language import say
from testbed.progress import Counting
from testbed.verbs.cards.card_group import cards
from virtual_cards.assumptions import BALANCE_MAX_FEN
from virtual_cards.personalisation import FaultyLine

_json = option(
    "--json",
    "json_file",
    metavar="FILE",
    zh="写 JSON 摘要，- 为标准输出",
    en="write the summary as JSON, - is standard output",
)


@verb(
    cards,
    "make",
    zh="制作一批虚构人员的卡片映像（JSON Lines），不需要平台；密钥由种子导出。",
    en="Make a batch of images of made-up people's cards (JSON Lines), without a platform; keys "
    "grow from the seed.",
    examples=(
        "onecard cards make --count 1000 -o batch.jsonl",
        "onecard cards make --count 100000 --seed 7 -o batch.jsonl.gz",
    ),
)
@option("--count", type=int, required=True, zh="卡片数量", en="how many cards")
@option(
    "-o",
    "--out",
    type=Path,
    required=True,
    zh="批文件；以 .gz 结尾则压缩",
    en="the batch; packed when it ends in .gz",
)
@option("--seed", default="1", show_default=True, zh="密钥种子", en="seed of the keys (any text)")
@option(
    "--first", type=int, default=1, show_default=True, zh="首位人员编号", en="number of the first"
)
@option(
    "--balance-fen",
    type=int,
    default=0,
    show_default=True,
    zh="钱包余额（分）",
    en="balance of the purse, in fen",
)
@_json
def make(
    count: int, out: Path, seed: str, first: int, balance_fen: int, json_file: str | None
) -> int:
    """Write a batch."""
    _require_within("--count", count, 1, CARDS_MAX)
    _require_within("--first", first, 1, CARDS_MAX - count + 1)
    _require_within("--balance-fen", balance_fen, 0, BALANCE_MAX_FEN)

    def write() -> BatchSummary:
        with Counting() as progress:
            return make_batch(
                out,
                count=count,
                first=first,
                seed=seed,
                balance_fen=balance_fen,
                tell=progress.tell_cards,
            )

    _end(_about_files(write, out), json_file, say("已制作", "made"))
    return faults.HELD


@verb(
    cards,
    "check",
    zh="检查一批卡片映像或卡片状态：列出每一行的每一处错误。",
    en="Check a batch of images or card states: every fault of every line is told.",
    examples=("onecard cards check batch.jsonl", "onecard cards check batch.jsonl.gz --json -"),
)
@click.argument("batch", type=Path)
@_json
def check(batch: Path, json_file: str | None) -> int:
    """Check a batch."""
    return _read(batch, None, json_file, say("已检查", "checked"))


@verb(
    cards,
    "personalise",
    zh="把一批卡片映像变成卡片状态（JSON Lines）；有错的行逐一列出，不影响其余。",
    en="Turn a batch of images into card states (JSON Lines); faulty lines are told and stop "
    "nobody else.",
    examples=("onecard cards personalise batch.jsonl -o states.jsonl.gz",),
)
@click.argument("batch", type=Path)
@option(
    "-o",
    "--out",
    type=Path,
    required=True,
    zh="卡片状态；以 .gz 结尾则压缩",
    en="the card states; packed when it ends in .gz",
)
@_json
def personalise(batch: Path, out: Path, json_file: str | None) -> int:
    """Write the states of a batch."""
    if out.resolve() == batch.resolve():
        raise Fault(
            f"{out} 就是批文件：请为 -o 另选文件。",
            f"{out} is the batch itself: name another file with -o.",
        )
    return _read(batch, out, json_file, say("已个人化", "personalised"))


def _read(batch: Path, out: Path | None, json_file: str | None, done: str) -> int:
    def read() -> BatchSummary:
        with Counting() as progress:
            return read_every_line(batch, out, progress.tell_cards, _report)

    summary = _about_files(read, out or batch)
    if summary.cards + summary.faulty_lines == 0:
        raise Fault(
            f"{batch} 是空的：请给出每行一个映像的文件。",
            f"{batch} is empty: name a file with one image a line.",
        )
    _end(summary, json_file, done)
    return faults.CALL_IS_WRONG if summary.faulty_lines else faults.HELD


def _report(line: FaultyLine) -> None:
    for fault in line.faults:
        print(
            say(
                f"第 {line.number} 行 {fault.path}：实为 {fault.found}，应为 {fault.expected}",
                f"line {line.number} {fault.path}: found {fault.found}, expected {fault.expected}",
            ),
            file=sys.stderr,
        )


def _about_files(work: Callable[[], BatchSummary], written: Path) -> BatchSummary:
    try:
        return work()
    except OSError as fault:
        name = fault.filename or written  # a full disk names no file
        raise Fault(
            f"无法读写 {name}（{fault.strerror}）：请核对路径与磁盘空间。",
            f"{name} cannot be read or written ({fault.strerror}): look at path and disk space.",
        ) from None


def _require_within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise Fault(
            f"{name} {value} 超出范围：请给 {low} 至 {high}。",
            f"{name} {value} is out of range: give {low} to {high}.",
        )


def _end(summary: BatchSummary, json_file: str | None, done: str) -> None:
    if json_file is not None:
        write_json(json_file, summary)
    if json_file == STANDARD_OUTPUT:
        return
    target = f" -> {summary.output}" if summary.output else ""
    print(
        say(
            f"{done} {summary.cards} 张卡{target}，{summary.faulty_lines} 行有错；"
            f"{summary.seconds:.1f} 秒，每秒 {summary.cards_per_s:.0f} 张，"
            f"内存峰值 {summary.peak_rss_mb:.0f} MiB",
            f"{done} {summary.cards} cards{target}, {summary.faulty_lines} faulty lines; "
            f"{summary.seconds:.1f} s, {summary.cards_per_s:.0f} cards/s, "
            f"peak memory {summary.peak_rss_mb:.0f} MiB",
        )
    )
