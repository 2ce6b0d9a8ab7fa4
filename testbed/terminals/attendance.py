"""A terminal in attendance: card after card, until somebody ends it.

Rules: each arrival of a card is served once; to be served again it is taken out and held again. A
terminal ends between cards, never in the middle of one: Ctrl-C or SIGTERM while a card is served is
heeded when it is done, a second one at once. Between cards, what waits is told to the platform and
new parameters are asked for.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from testbed import faults
from testbed.answers import STANDARD_OUTPUT
from testbed.faults import Fault
from testbed.language import say
from testbed.terminals.equipment import Equipment
from testbed.terminals.kinds import Kind
from testbed.terminals.outcome import Outcome, OutcomeLine
from testbed.terminals.reader_choice import reader_is_gone
from testbed.terminals.refusals import attempt
from testbed.terminals.work import Work
from virtual_cards.readers.pcsc import PcscError
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME

LOOK_S: Final = 0.05
"""How often the reader is looked at."""


class Report:
    """Where outcomes go: lines for people, and with `--json` lines for programs."""

    def __init__(self, kind: Kind, terminal_number: str, json_file: str | None) -> None:
        """`json_file` is a file that lines are added to, or `-`. Raises `Fault`."""
        self._kind = kind
        self._terminal_number = terminal_number
        self._json_file = json_file
        if json_file not in {None, STANDARD_OUTPUT}:
            self._add("")

    def tell(self, outcome: Outcome, at: str, waiting: int) -> None:
        """One card."""
        if self._json_file != STANDARD_OUTPUT:
            print(f"{at[11:19]} {outcome.line()}", flush=True)
        if self._json_file is None:
            return
        line = OutcomeLine(
            at=at,
            terminal=self._terminal_number,
            kind=self._kind.name,
            waiting=waiting,
            outcome=outcome,
        ).to_json()
        if self._json_file == STANDARD_OUTPUT:
            print(line, flush=True)
        else:
            self._add(line + "\n")

    def _add(self, text: str) -> None:
        target = str(self._json_file)
        try:
            with open(target, "a", encoding="utf-8") as file:  # noqa: PTH123 - a name may be any
                file.write(text)
        except OSError as fault:
            raise Fault(
                f"无法写入 {target}（{fault.strerror}）：请换一个文件。",
                f"{target} cannot be written ({fault.strerror}): name another file.",
            ) from None


class Attendance:
    """One terminal with its reader."""

    def __init__(self, equipment: Equipment, work: Work, report: Report) -> None:
        self._equipment = equipment
        self._work = work
        self._report = report
        self._is_serving = False
        self._must_end = False
        equipment.use_parameters = work.use_parameters

    def attend(self, *, once: bool) -> int:
        """Serve cards; the exit code when `once` and one was there.

        Raises `Fault` when the reader is gone, KeyboardInterrupt when it is told to end.
        """
        seen: int | None = None
        with self._ends_between_cards():
            while True:
                arrival = self._card_in_reader()
                if arrival is not None and arrival != seen:
                    outcome = self._serve()
                    if once:
                        return faults.HELD if outcome.is_served else faults.FELL_SHORT
                else:
                    self._equipment.tell_and_ask()
                seen = arrival
                time.sleep(LOOK_S)

    def _card_in_reader(self) -> int | None:
        try:
            return self._equipment.reader.card_in_reader()
        except PcscError as fault:
            raise reader_is_gone(fault) from None

    def _serve(self) -> Outcome:
        equipment = self._equipment
        self._is_serving = True
        try:
            equipment.tell_first()
            aside = len(equipment.journal.refused)
            outcome = attempt(self._work.did, self._work.serve)
            at = (
                equipment.clock().astimezone(CHINA_STANDARD_TIME).isoformat(timespec="milliseconds")
            )
            self._report.tell(outcome, at, len(equipment.journal.waiting))
            for refused in equipment.journal.refused[aside:]:
                warn(
                    f"平台不收这笔报告（{refused.code}）：{refused.detail_zh}已另存于日志中。",
                    f"the platform does not take this report ({refused.code}): "
                    f"{refused.detail_en} It is set aside in the journal.",
                )
        except PcscError as fault:
            raise reader_is_gone(fault) from None
        finally:
            equipment.reader.disconnect()
            self._is_serving = False
        if self._must_end:
            raise KeyboardInterrupt
        return outcome

    @contextmanager
    def _ends_between_cards(self) -> Iterator[None]:
        def end(_signal: int, _frame: FrameType | None) -> None:
            if not self._is_serving or self._must_end:
                raise KeyboardInterrupt
            self._must_end = True

        before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def warn(zh: str, en: str) -> None:
    """Tell people what is no outcome of a card."""
    print(say(zh, en), file=sys.stderr, flush=True)


Plan = Callable[[Equipment], Work]
"""What to do with each card, once the equipment is there."""
