"""What a running terminal has: reader, PSAM, line, journal, and what it last heard.

Rules: while the platform is away the terminal works by what it heard last; what it did waits,
signed, in its journal and is told when the platform is back. The terminal's clock is the
platform's, as far as it was ever heard.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypedDict

from testbed.faults import Fault
from testbed.terminals.enrolment import Place, become_terminal
from testbed.terminals.kinds import Kind
from testbed.terminals.premises import Heard, Identity, Premises
from virtual_cards.readers import PcscReader
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals import (
    AnswerIsMalformed,
    Journal,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
    SecurityModule,
    TerminalParameters,
)
from virtual_cards.terminals.moments import Clock

ASK_EVERY_S: Final = 5.0
"""How often a terminal asks for new parameters, and tells what waits, while no card is there."""
ANSWER_S_MAX: Final = 5.0
_UNKNOWN_CALLER: Final = 401
Tell = Callable[[str, str], None]
"""Is told a sentence in Chinese and English."""


class Wiring(TypedDict):
    """What every terminal at the purse takes by name."""

    clock: Clock
    line: PlatformLine
    journal: Journal


class Equipment:
    """A terminal's parts, put together; close it."""

    def __init__(
        self,
        kind: Kind,
        place: Place,
        *,
        access: Path,
        folder: Path,
        reader: PcscReader,
        tell: Tell,
    ) -> None:
        """`tell` is told what people should know, in Chinese and English. Raises `Fault`."""
        with contextlib.ExitStack() as stack:
            self.premises = Premises(folder)
            stack.callback(self.premises.close)
            self.identity: Identity = become_terminal(kind, place, access, self.premises)
            self.module: SecurityModule = self.premises.security_module()
            self.line = PlatformLine(self.identity.url, self.identity.token, timeout_s=ANSWER_S_MAX)
            stack.callback(self.line.close)
            self.journal: Journal = self.premises.journal
            self.journal.use_line(self.line)
            self.reader = reader
            self.use_parameters: Callable[[TerminalParameters], None] = lambda _parameters: None
            """What the terminal does with new parameters."""
            self._tell = tell
            self._is_away = False
            self._trouble = ""
            self._asked_s = 0.0
            self._heard = self._heard_first()
            self._stack = stack.pop_all()

    def close(self) -> None:
        """Hang up, and leave the folder."""
        self._stack.close()

    @property
    def parameters(self) -> TerminalParameters:
        """What the platform told last."""
        return self._heard.parameters

    @property
    def kit(self) -> tuple[Reader, SecurityModule, TerminalParameters]:
        """What every terminal is built from."""
        return self.reader, self.module, self.parameters

    @property
    def wiring(self) -> Wiring:
        """What every terminal at the purse takes by name."""
        return {"clock": self.clock, "line": self.line, "journal": self.journal}

    def clock(self) -> datetime:
        """The time, as the platform lives it."""
        return datetime.now(UTC) + self._heard.ahead

    def tell_and_ask(self) -> None:
        """Tell the platform what waits, and ask what is new; not oftener than `ASK_EVERY_S`."""
        if time.monotonic() - self._asked_s < ASK_EVERY_S:
            return
        self._ask()

    def tell_first(self) -> None:
        """Before a card: tell what waits from before, if the platform hears it."""
        if self.journal.waiting:
            self._ask()

    def _ask(self) -> None:
        self._asked_s = time.monotonic()
        waiting = len(self.journal.waiting)
        try:
            self.journal.send_unsent()
            self._hear()
        except PlatformIsUnreachable:
            self._is_gone()
        except PlatformRefuses as refused:
            self._tell_once(
                f"平台不接受本终端的报告或请求（{refused.code}）：{refused.detail_zh}"
                "被拒的报告另存于日志中。",
                f"the platform refuses ({refused.code}): {refused.detail_en} A refused report is "
                "set aside in the journal.",
            )
        except AnswerIsMalformed as fault:
            self._tell_once(
                f"平台的应答无法理解：{fault}", f"the platform answers nonsense: {fault}"
            )
        else:
            self._is_back(waiting)

    def _tell_once(self, zh: str, en: str) -> None:
        """Tell what is wrong with the platform, not again until it is something else."""
        if en != self._trouble:
            self._tell(zh, en)
            self._trouble = en

    def _hear(self) -> None:
        told = self.line.terminal_parameters(self._heard.parameters)
        heard = Heard(told, self.line.clock().ahead_s)
        self.premises.keep_heard(heard)
        self._heard = heard
        self.use_parameters(heard.parameters)

    def _heard_first(self) -> Heard:
        """What is known at the start. Raises `Fault` when that is not enough to begin with."""
        known = self.premises.heard()
        try:
            told = self.line.terminal_parameters(None if known is None else known.parameters)
            heard = Heard(told, self.line.clock().ahead_s)
        except PlatformIsUnreachable as fault:
            if known is None:
                raise Fault(
                    f"平台 {self.identity.url} 没有应答（{fault}），而本终端还没有参数："
                    "请先运行 onecard serve。",
                    f"no platform answers at {self.identity.url} ({fault}) and this terminal has "
                    "no parameters yet: run onecard serve first.",
                ) from None
            self._heard = known
            self._is_gone()
            return known
        except (PlatformRefuses, AnswerIsMalformed) as refused:
            raise self._not_ours(refused) from None
        self.premises.keep_heard(heard)
        return heard

    def _not_ours(self, refused: PlatformRefuses | AnswerIsMalformed) -> Fault:
        number, url, folder = self.identity.terminal_number, self.identity.url, self.premises.folder
        if isinstance(refused, PlatformRefuses) and refused.status == _UNKNOWN_CALLER:
            return Fault(
                f"平台 {url} 不认识终端 {number}（换了数据目录？）："
                f"请用 --state 另选目录入网，或用 --access 指向原平台；{folder} 保持原样。",
                f"the platform at {url} does not know terminal {number} (another data folder?): "
                f"name another folder with --state, or its own platform with --access; {folder} "
                "stays as it is.",
            )
        zh, en = (
            (refused.detail_zh, refused.detail_en)
            if isinstance(refused, PlatformRefuses)
            else (str(refused), str(refused))
        )
        return Fault(
            f"平台 {url} 不给终端 {number} 参数：{zh}请核对 --access。",
            f"the platform at {url} gives terminal {number} no parameters: {en} See --access.",
        )

    def _is_gone(self) -> None:
        if self._is_away:
            return
        self._is_away = True
        age = self._heard.parameters.revocation_list_age_s(self.clock())
        span = timedelta(seconds=max(0, int(age)))
        waiting = len(self.journal.waiting)
        self._tell(
            f"平台没有应答：离线工作，挂失名单已有 {span}，待报 {waiting} 笔。",
            f"the platform does not answer: working alone, revocation list {span} old, "
            f"{waiting} reports wait.",
        )

    def _is_back(self, told: int) -> None:
        self._trouble = ""
        if not (self._is_away or told):
            return
        self._is_away = False
        self._tell(
            f"平台在线：已补报 {told} 笔。", f"the platform is there: told it {told} reports."
        )
