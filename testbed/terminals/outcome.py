"""What became of one card at a terminal: a line for people, a JSON object for programs.

Rules: the words stand in both languages; amounts are in fen; who the card is, its application
serial says, or at desks its card number. Names of people are masked (GB/T 35273, 6.3).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from testbed.language import say

Result = Literal["served", "turned-away", "interrupted", "failed"]
"""`interrupted`: the card left before it answered; `failed`: neither card nor holder is to blame.
"""

Facts = dict[str, int | str | None]
"""What else a program may want to know; amounts in names ending `_fen`."""
_FEN_PER_YUAN: Final = 100


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One card; `reported` says whether the platform has heard of it (None: nothing to tell)."""

    result: Result
    did: str
    zh: str
    en: str
    reason: str | None = None
    card: str | None = None
    amount_fen: int | None = None
    balance_after_fen: int | None = None
    recovered: bool = False
    reported: bool | None = None
    card_duration_ms: float | None = None
    facts: Facts = {}

    @property
    def is_served(self) -> bool:
        """Whether the card got what it came for."""
        return self.result == "served"

    def line(self) -> str:
        """The sentence for a person, with what came of the report."""
        tail = ""
        if self.recovered:
            tail += say("（补认上次未应答的交易）", " (recovered from a lost answer)")
        if self.reported is False:
            tail += say("（待报平台）", " (the platform hears of it later)")
        return say(self.zh, self.en) + tail


class OutcomeLine(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome as a line of JSON: with when, which terminal, and how much waits to be told."""

    at: str
    terminal: str
    kind: str
    waiting: int
    outcome: Outcome

    def to_json(self) -> str:
        """One flat object."""
        head = {"at": self.at, "terminal": self.terminal, "kind": self.kind}
        body = msgspec.to_builtins(self.outcome)
        return msgspec.json.encode(head | body | {"waiting": self.waiting}).decode()


def yuan(fen: int) -> str:
    """An amount in yuan with its two places."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), _FEN_PER_YUAN)
    return f"{sign}{whole}.{rest:02d}"


def masked(name: str) -> str:
    """A name of which only the first character stays."""
    return name[:1] + "*" * len(name[1:])
