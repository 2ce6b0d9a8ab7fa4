"""Which PC/SC reader a terminal holds: by name, by part of it, by number, or the only one there is.

The readers of `onecard readers up` are found even where other programs must be told of them.
"""

from __future__ import annotations

from pathlib import Path

from testbed import keeper
from testbed.faults import MACHINE_LACKS, Fault
from testbed.keeper import Order
from virtual_cards.readers import PcscReader
from virtual_cards.readers.pcsc import PcscError, is_available, reader_names
from virtual_cards.readers.pcscd import READER_NAME


def choose_reader(wanted: str | None) -> PcscReader:
    """The reader. Raises `Fault`: exit 3 without PC/SC, 2 when it is not clear which."""
    if not is_available():
        raise Fault(
            "没有 PC/SC 客户端库 pyscard：请运行 make set-up（需要 swig 与 libpcsclite-dev）。",
            "pyscard, the PC/SC client library, is missing: run make set-up (it needs swig and "
            "libpcsclite-dev).",
            MACHINE_LACKS,
        )
    found = _readers()
    names = list(found)
    if wanted is None:
        chosen = names
    elif wanted.isdecimal() and int(wanted) < len(names):
        chosen = [names[int(wanted)]]
    else:
        chosen = [name for name in names if name == wanted] or [
            name for name in names if wanted.casefold() in name.casefold()
        ]
    if len(chosen) == 1:
        return PcscReader(chosen[0], found[chosen[0]])
    listed = "; ".join(f"{number} {name}" for number, name in enumerate(names))
    if not chosen:
        raise Fault(
            f"没有读卡器 {wanted}：现有 {listed}，请用 --reader 指定其一。",
            f"there is no reader {wanted}: there are {listed}; name one with --reader.",
        )
    raise Fault(
        f"不止一个读卡器：{listed}。请用 --reader 指定名称或编号。",
        f"there is more than one reader: {listed}. Name one, or its number, with --reader.",
    )


def reader_is_gone(fault: PcscError) -> Fault:
    """The reader ended while a terminal held it."""
    return Fault(
        f"读卡器不见了（{fault}）：请用 onecard readers up 重新启动读卡器。",
        f"the reader is gone ({fault}): start readers again with onecard readers up.",
        MACHINE_LACKS,
    )


def _readers() -> dict[str, Path | None]:
    """Name and pcscd socket of every reader: the testbed's own, then those of this shell."""
    found: dict[str, Path | None] = {}
    if keeper.is_up():
        for slot in keeper.ask(Order("list")).slots:
            socket = slot.environment.get("PCSCLITE_CSOCK_NAME")
            found[slot.reader] = Path(socket) if socket else None
    try:
        held = bool(found)
        for name in reader_names():
            # A driver carries two readers: where one was asked for, the other is never used.
            if not (held and name.startswith(READER_NAME)):
                found.setdefault(name, None)
    except PcscError as fault:
        if not found:
            raise Fault(
                f"没有 PC/SC 服务应答（{fault}）：请先运行 onecard readers up。",
                f"no PC/SC service answers ({fault}): run onecard readers up first.",
                MACHINE_LACKS,
            ) from None
    if not found:
        raise Fault(
            "PC/SC 服务没有读卡器：请接上读卡器，或运行 onecard readers up。",
            "the PC/SC service has no reader: plug one in, or run onecard readers up.",
            MACHINE_LACKS,
        )
    return found
