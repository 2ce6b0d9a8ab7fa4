"""Checks codes without a line: signature, purpose, time, use.

Rules:
- The platform's public key says whether a code is genuine, the code itself when it ends. No key of
  its region, no service.
- A purpose that moves money needs a line (`code-needs-line`). A single-use code of any other
  purpose is taken once by this terminal; that two terminals took it, the platform finds afterwards.
- A clock that went back would let expired codes live again. The scanner remembers the latest moment
  it knows of, its own or one a genuine code proves, and takes no code before that, but for the
  tolerance. A clock that jumped ahead finds every code expired: a refusal too much, none too few.
- What it remembers is forgotten when the code has expired, and when the program ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from virtual_cards.keys import sm2
from virtual_cards.terminals.codes.code_keys import CodeKeys
from virtual_cards.terminals.codes.code_text import CodeIsUnreadable, ScannedCode, read_code
from virtual_cards.terminals.codes.reasons import CodeRefused

TAKEN_MAX: Final = 100_000
"""Most single-use codes remembered at once: two minutes of a station at rush hour many times."""


class CodeScanner:
    """The scanner of one terminal."""

    def __init__(self, keys: CodeKeys) -> None:
        self.keys = keys
        self._taken: dict[str, datetime] = {}
        self._latest: datetime | None = None

    def check(self, text: str, purpose: str, now: datetime) -> ScannedCode | CodeRefused:
        """Take a code for a purpose without asking the platform."""
        try:
            code = read_code(text)
        except CodeIsUnreadable:
            return CodeRefused.because("code-unreadable")
        reason = self._not_genuine(code) or self._out_of_time(code, now)
        reason = reason or self._not_for_this(code, purpose)
        if reason is not None:
            return CodeRefused.because(reason)
        return code

    def note_time(self, now: datetime) -> None:
        """The platform answered: this is the time, whatever the clock said before."""
        self._latest = now

    def _not_genuine(self, code: ScannedCode) -> str | None:
        public_key = self.keys.key_of(code.region, code.key_number)
        if public_key is None:
            return "code-of-another-region"
        if not sm2.verify(public_key, code.signed, code.signature):
            return "code-not-genuine"
        return None

    def _out_of_time(self, code: ScannedCode, now: datetime) -> str | None:
        tolerance = timedelta(seconds=self.keys.clock_tolerance_s)
        if self._latest is not None and now + tolerance < self._latest:
            return "terminal-clock-wrong"
        self._latest = now if self._latest is None else max(self._latest, now)
        if now + tolerance < code.issued_at:
            self._latest = max(self._latest, code.issued_at)
            return "code-from-the-future"
        if now - tolerance >= code.issued_at + timedelta(seconds=code.life_s):
            return "code-expired"
        return None

    def _not_for_this(self, code: ScannedCode, purpose: str) -> str | None:
        rule = self.keys.rule_of(purpose)
        if code.purpose != purpose:
            return "code-purpose-differs"
        if rule is None or not rule.offline:
            return "code-needs-line"
        return self._used(code) if rule.single_use else None

    def _used(self, code: ScannedCode) -> str | None:
        tolerance = timedelta(seconds=self.keys.clock_tolerance_s)
        assert self._latest is not None  # noqa: S101 - the time was looked at before
        self._taken = {
            number: until for number, until in self._taken.items() if until > self._latest
        }
        if code.code_number in self._taken:
            return "code-already-used"
        if len(self._taken) >= TAKEN_MAX:
            return "code-needs-line"
        self._taken[code.code_number] = (
            code.issued_at + timedelta(seconds=code.life_s) + 2 * tolerance
        )
        return None
