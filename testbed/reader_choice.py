"""Which reader a run of scenarios uses: PC/SC where it can be had, else the one in process."""

from __future__ import annotations

from typing import Literal

from scenarios import outcomes
from scenarios.settings import ReaderKind
from testbed.faults import MACHINE_LACKS, Fault
from virtual_cards.readers import PcscService, ReadersAreUnavailable
from virtual_cards.readers.pcsc import is_available as pyscard_is_available

WantedReader = Literal["auto", "pcsc", "inprocess"]


def reader_to_use(wanted: WantedReader) -> tuple[ReaderKind, outcomes.Note | None]:
    """The reader of this run; a note where it is not the one a person would expect."""
    if wanted == "inprocess":
        return "inprocess", None
    try:
        if not pyscard_is_available():
            raise ReadersAreUnavailable(
                "缺少 pyscard：请以 root 或 sudo 运行 make set-up。",
                "pyscard is not installed: run make set-up as root or with sudo.",
            )
        with PcscService(readers=1):
            return "pcsc", None
    except ReadersAreUnavailable as fault:
        if wanted == "pcsc":
            raise Fault(fault.zh, fault.en, MACHINE_LACKS) from None
        note = outcomes.Note(
            at=outcomes.now(),
            level="warning",
            text_zh=f"未使用 PC/SC：{fault.zh} 本次使用进程内读卡器。",
            text_en=f"PC/SC is not used: {fault.en} This run uses the in-process reader.",
        )
        return "inprocess", note
