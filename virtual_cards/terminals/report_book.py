"""The book in which a gate keeps what the platform has not heard yet.

Rules: taps are money, so a line that is down loses none: they stay in the book, in order, until
they are sent; each keeps its Idempotency-Key, so that a report that did arrive is not counted
twice. What the platform refuses leaves the book and is raised: sending it again would not help. At
`UNSENT_MAX` the gate must stop admitting cards.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Final

from virtual_cards.terminals.messages import Refusal, RefusalReceipt, Tap, TapReceipt
from virtual_cards.terminals.platform_line import (
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
)

UNSENT_MAX: Final = 10_000


class ReportBookIsFull(Exception):
    """So many reports wait that the gate must not admit another card."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report and the key it is sent under."""

    report: Tap | Refusal
    key: str


class ReportBook:
    """The reports of one gate; without a line they only gather."""

    def __init__(self, line: PlatformLine | None) -> None:
        self._line = line
        self._unsent: deque[Entry] = deque()

    @property
    def unsent(self) -> tuple[Entry, ...]:
        """What the platform has not heard yet, oldest first."""
        return tuple(self._unsent)

    def use_line(self, line: PlatformLine | None) -> None:
        """Take another line; what waits goes there."""
        self._line = line

    def require_room(self) -> None:
        """Raise `ReportBookIsFull` when no other report fits."""
        if len(self._unsent) >= UNSENT_MAX:
            raise ReportBookIsFull(f"{UNSENT_MAX} reports wait for the platform")

    def report_tap(self, tap: Tap) -> TapReceipt | None:
        """Send a tap after all that wait; None when it waits itself. Raises `PlatformRefuses`."""
        receipt = self._report(Entry(tap, tap.idempotency_key))
        return receipt if isinstance(receipt, TapReceipt) else None

    def report_refusal(self, refusal: Refusal) -> RefusalReceipt | None:
        """Send a refusal after all that wait; None when it waits itself.

        Raises `PlatformRefuses`.
        """
        # A refusal changes nothing on the card: nothing on it tells two of them apart.
        receipt = self._report(Entry(refusal, f"refusal-{secrets.token_hex(16)}"))
        return receipt if isinstance(receipt, RefusalReceipt) else None

    def send_unsent(self) -> TapReceipt | RefusalReceipt | None:
        """Send what waits, oldest first; the receipt of the last, None when nothing was sent.

        Raises `PlatformIsUnreachable` with the rest still in the book, `PlatformRefuses` without
        the refused one.
        """
        receipt = None
        while self._unsent:
            try:
                receipt = self._send(self._unsent[0])
            except PlatformRefuses:
                self._unsent.popleft()
                raise
            self._unsent.popleft()
        return receipt

    def _report(self, entry: Entry) -> TapReceipt | RefusalReceipt | None:
        self._unsent.append(entry)
        try:
            return self.send_unsent()
        except PlatformIsUnreachable:
            return None

    def _send(self, entry: Entry) -> TapReceipt | RefusalReceipt:
        if self._line is None:
            raise PlatformIsUnreachable("this gate has no line")
        if isinstance(entry.report, Tap):
            return self._line.post_tap(entry.report)
        return self._line.post_refusal(entry.report, entry.key)
