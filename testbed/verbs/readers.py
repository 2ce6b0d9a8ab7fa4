"""`onecard readers`: virtual PC/SC readers up, listed, down."""

from __future__ import annotations

import os

from rich.console import Console
from rich.table import Table

from testbed import keeper
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import CALL_IS_WRONG, Fault
from testbed.keeper import Answer, Order
from testbed.language import say
from virtual_cards.readers.pcscd import Place, system_pcscd_state
from virtual_cards.readers.rack import RACK_READERS_MAX

readers = group(
    root,
    "readers",
    **summary("readers"),
)


@verb(
    readers,
    "up",
    zh="启动虚拟读卡器（pcscd 与 vpcd）。",
    en="Start virtual readers (pcscd and vpcd).",
    examples=("onecard readers up", "onecard readers up -n 64", "opensc-tool -l"),
)
@option(
    "-n", "--count", type=int, default=2, show_default=True, zh="读卡器数量", en="how many readers"
)
@option(
    "--private",
    is_flag=True,
    zh="不占用 /run/pcscd，客户端以 PCSCLITE_CSOCK_NAME 连接",
    en="leave /run/pcscd alone; clients use PCSCLITE_CSOCK_NAME",
)
def up(count: int, private: bool) -> int:
    """Start the keeper; at /run/pcscd where that is free and allowed, else private."""
    if not 1 <= count <= RACK_READERS_MAX:
        raise Fault(
            f"-n {count} 超出范围：请给 1 至 {RACK_READERS_MAX}。",
            f"-n {count} is out of range: give 1 to {RACK_READERS_MAX}.",
        )
    if keeper.is_up():
        raise Fault(
            "读卡器已在运行：请先运行 onecard readers down。",
            "readers are up already: run onecard readers down first.",
            CALL_IS_WRONG,
        )
    _print(keeper.start(count, _place(private)))
    return 0


@verb(
    readers,
    "list",
    zh="列出读卡器与其中的卡。",
    en="List the readers and the cards in them.",
    examples=("onecard readers list",),
)
def list_readers() -> int:
    """Print the readers."""
    _print(keeper.ask(Order("list")))
    return 0


@verb(
    readers,
    "down",
    zh="停止读卡器；卡的状态写回文件。",
    en="End the readers; cards are written back to their files.",
    examples=("onecard readers down",),
)
def down() -> int:
    """End the keeper."""
    keeper.stop()
    return 0


def _place(private: bool) -> Place:
    if private or os.geteuid() != 0:
        return "private"
    state = system_pcscd_state()
    if state == "stale":
        print(
            say(
                "/run/pcscd 中有已失效的套接字（其进程已不在），已清除。",
                "a stale socket in /run/pcscd (its process is gone) was cleared away.",
            )
        )
    return "private" if state == "running" else "system"


def _print(answer: Answer) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("#", say("读卡器", "reader"), say("卡", "card")):
        table.add_column(heading, overflow="fold")
    for number, slot in enumerate(answer.slots):
        table.add_row(str(number), slot.reader, slot.card or "-")
    Console().print(table)
    groups: dict[str, list[int]] = {}
    for number, slot in enumerate(answer.slots):
        for name, value in slot.environment.items():
            groups.setdefault(f"export {name}={value}", []).append(number)
    if groups:
        print(
            say("其他程序使用这些读卡器前请先运行：", "for other programs to find them, run first:")
        )
    for line, numbers in groups.items():
        print(f"  {line}  # {numbers[0]}-{numbers[-1]}")
