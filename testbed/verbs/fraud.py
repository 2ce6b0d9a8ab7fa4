"""`onecard fraud`: labelled histories of made-up people, and detection measured on them."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from life_histories.frauds.casting import TooFewPeople
from life_histories.history import Summary, write_history
from life_histories.labels import LabelledHistory, read_history
from life_histories.measure import Alert, Measure, measure, read_alerts
from life_histories.parameters import (
    DAYS_MAX,
    DAYS_MIN,
    FILE,
    PEOPLE_MAX,
    PEOPLE_MIN,
    FaultyHistory,
    read_parameters,
)
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.fraud_detection import BYTES_AN_EVENT, detect, require_disk
from testbed.language import say
from testbed.progress import Remaining

SEED_MAX = 2**63 - 1
EVENTS_A_DAY = 0.5
"""Of one cardholder, about."""
HISTORY_BYTES_AN_EVENT = 700
"""Of a history while it is made."""
TOLD_FROM_BYTES = 2**30
"""What takes less room is not told."""
PROCESSES_MAX = 8
fraud = group(root, "fraud", **summary("fraud"))
_SEED = option(
    "--seed",
    type=click.IntRange(0, SEED_MAX),
    default=101,
    show_default=True,
    zh="随机种子：同一种子，同样的字节",
    en="seed: the same one gives the same bytes",
)
_PEOPLE = option(
    "--cardholders",
    type=click.IntRange(PEOPLE_MIN, PEOPLE_MAX),
    default=100_000,
    show_default=True,
    zh="持卡人数",
    en="cardholders",
)
_DAYS = option(
    "--days",
    type=click.IntRange(DAYS_MIN, DAYS_MAX),
    default=90,
    show_default=True,
    zh="天数",
    en="days",
)
_PARAMETERS = option(
    "--parameters",
    type=Path,
    default=FILE,
    zh="参数文件（TOML；默认为自带的一份）",
    en="file of parameters (TOML; default: the one that comes with it)",
)


@verb(
    fraud,
    "generate",
    zh="生成带标注的虚构经历：事件、标注、案件、摘要。",
    en="Make a labelled history of made-up people: events, labels, cases, digests.",
    examples=(
        "onecard fraud generate --out history",
        "onecard fraud generate --cardholders 5000 --days 60 --out small",
    ),
)
@_SEED
@_PEOPLE
@_DAYS
@_PARAMETERS
@option("--out", type=Path, required=True, zh="目录", en="folder")
def generate(seed: int, cardholders: int, days: int, parameters: Path, out: Path) -> int:
    """Generate."""
    with Remaining() as progress:
        made = _generated(out, seed, cardholders, days, parameters, progress)
    print(
        say(
            f"{out}：{made.cardholders} 人，{made.days} 天，{made.events} 个事件。",
            f"{out}: {made.cardholders} cardholders, {made.days} days, {made.events} events.",
        )
    )
    return faults.HELD


@verb(
    fraud,
    "evaluate",
    zh="用带标注的虚构经历衡量风险识别：准确率、各类召回率、发现用时、误报。",
    en="Measure detection on a labelled history: precision, recall of each typology, time, "
    "false alerts.",
    examples=(
        "onecard fraud evaluate",
        "onecard fraud evaluate --seed 7 --cardholders 20000 --json -",
        "onecard fraud evaluate --history history --alerts alerts.ndjson",
    ),
)
@_SEED
@_PEOPLE
@_DAYS
@_PARAMETERS
@option("--history", type=Path, zh="已生成的经历目录", en="folder of a history made before")
@option(
    "--alerts",
    type=Path,
    zh="衡量此文件中的预警（NDJSON），不启动平台",
    en="measure the alerts of this file (NDJSON) without a platform",
)
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def evaluate(
    seed: int,
    cardholders: int,
    days: int,
    parameters: Path,
    history: Path | None,
    alerts: Path | None,
    json_file: str | None,
) -> int:
    """Evaluate; 1 when a limit is missed."""
    with ExitStack() as stack:
        progress = stack.enter_context(Remaining())
        try:
            raised = None if alerts is None else read_alerts(alerts)
            of_platform = BYTES_AN_EVENT if raised is None else 0
            if history is None:
                events = int(cardholders * days * EVENTS_A_DAY)
                _need(progress, events * (HISTORY_BYTES_AN_EVENT + of_platform))
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="onecard-fraud-"))
                history = Path(folder, "history")
                _generated(history, seed, cardholders, days, parameters, progress)
            progress.tell("labels", 0, 1)
            found = read_history(history)
            _need(progress, found.summary.events * of_platform)
        except FaultyHistory as faulty:
            raise Fault(faulty.zh, faulty.en) from None
        result = _measured(found, raised, progress)
    if json_file:
        write_json(json_file, result.to_json())
    if json_file != STANDARD_OUTPUT:
        _print(result)
    return faults.FELL_SHORT if result.missed() else faults.HELD


def _need(progress: Remaining, disk_bytes: int) -> None:
    """Tell of much room that is needed for a while. Raises `Fault`: there is less."""
    if disk_bytes >= TOLD_FROM_BYTES:
        gib = disk_bytes / 2**30
        progress.note(
            f"临时文件需要约 {gib:.1f} GiB，结束时删除。",
            f"Temporary files take about {gib:.1f} GiB and are removed at the end.",
        )
    require_disk(disk_bytes)


def _measured(history: LabelledHistory, raised: list[Alert] | None, progress: Remaining) -> Measure:
    return measure(history, detect(history, progress.tell) if raised is None else raised)


def _generated(
    out: Path, seed: int, cardholders: int, days: int, parameters: Path, progress: Remaining
) -> Summary:
    try:
        return write_history(
            out,
            seed=seed,
            people=cardholders,
            days=days,
            numbers=read_parameters(parameters),
            tell=progress.tell,
            processes=min(os.cpu_count() or 1, PROCESSES_MAX),
        )
    except FaultyHistory as faulty:
        raise Fault(faulty.zh, faulty.en) from None
    except TooFewPeople as fault:
        raise Fault(
            f"人太少，无法安排 {fault} 的案件：请加大 --cardholders。",
            f"too few people to cast a case of {fault}: give more --cardholders.",
        ) from None
    except OSError as fault:
        raise Fault(
            f"无法写入 {out}（{fault.strerror}）。", f"{out} cannot be written ({fault.strerror})."
        ) from None


def _print(result: Measure) -> None:
    table = Table(box=None, pad_edge=False)
    headings = (
        say("类型", "typology"),
        say("案件", "cases"),
        say("发现", "found"),
        say("召回率", "recall"),
        say("中位小时", "median hours"),
        say("误报", "false"),
    )
    for heading in headings:
        table.add_column(heading, justify="left" if heading == headings[0] else "right")
    missed = {name for name, _, _ in result.missed()}
    for name, each in result.typologies.items():
        mark = "[red]✗[/] " if f"recall {name}" in missed else ""
        hours = "-" if each.hours_p50 is None else f"{each.hours_p50:.1f}"
        row = (f"{each.cases}", f"{each.found}", f"{mark}{each.recall:.2f}", hours)
        table.add_row(name, *row, f"{each.false_alerts}")
    Console().print(table)
    false = result.per_100k_days(result.false_alerts)
    print(
        say(
            f"种子 {result.seed}，{result.cardholders} 人 {result.days} 天，"
            f"{result.events} 个事件；预警 {result.alerts}，"
            f"准确率 {result.precision:.3f}，召回率 {result.recall:.3f}；"
            f"误报每十万持卡人日 {false:.2f}。",
            f"Seed {result.seed}, {result.cardholders} cardholders, {result.days} days, "
            f"{result.events} events; {result.alerts} alerts, precision {result.precision:.3f}, "
            f"recall {result.recall:.3f}; {false:.2f} false alerts per 100,000 cardholder-days.",
        )
    )
    for name, value, limit in result.missed():
        print(
            say(
                f"未达限值：{name} {value:.3f}（{limit:g}）",
                f"Missed: {name} {value:.3f} ({limit:g})",
            )
        )
