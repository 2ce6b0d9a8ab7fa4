"""Refusals and start faults: what the platform says when it will not do something.

Rules:
- A refusal is a class with a stable code, an HTTP status and one sentence in Chinese and in
  English; each context keeps its own refusals beside its model. The answer is problem+json
  (RFC 9457), written in `web/problem_details.py`.
- A refusal undoes its own request and nothing else.
- A start fault says what is wrong, where, and how to mend it, and carries the exit code.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """A request that is refused by a rule. Subclasses fix code, status and sentences.

    The sentences may name facts in braces; they are given to the constructor by name.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts
        self.trace: Any = None
        """An event that stays on record though the refusal undoes its request: emitted in a
        transaction of its own.
        """

    @property
    def detail_zh(self) -> str:
        """The sentence in Chinese, with its facts."""
        return self.zh.format(**self.facts)

    @property
    def detail_en(self) -> str:
        """The sentence in English, with its facts."""
        return self.en.format(**self.facts)


class PlatformIsBusy(Refusal):
    """More requests wait for the database than its queue holds."""

    code = "platform-is-busy"
    status = 503
    title = "The platform is busy"
    zh = "等待处理的请求已达上限，请稍后用同一 Idempotency-Key 重试。"
    en = "The queue of waiting requests is full; try again later with the same Idempotency-Key."


EXIT_CALL_WRONG = 2
EXIT_SOMETHING_MISSING = 3


class PlatformCannotStart(Exception):
    """The platform cannot start: what, where, and how to mend it, in both languages.

    `exit_code` is 2 where the call or a file must change, 3 where something needed is missing.
    """

    def __init__(self, zh: str, en: str, exit_code: int = EXIT_CALL_WRONG) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.exit_code = exit_code
