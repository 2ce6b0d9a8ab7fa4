"""Rate limits: how many requests one caller or one address may send.

Rules:
- A bucket holds `burst` requests and fills again by `per_s`; a request that finds it empty is
  refused with the seconds to wait.
- Signing in is tight, complaints and reading without a token are moderate, callers with a token
  have plenty, terminals no limit: a gate must not wait because its station is busy.
- Tokens nobody holds are counted by address, so that none is found by trying. A caller this process
  has met before is not held up by them, though they come from the same address.
- Time is that of the machine, which never jumps: a trainer who moves the virtual clock must neither
  fill the buckets nor keep them empty.
- Buckets are this process's: several workers together let through up to as many times more.
- An address is that of the connection; behind a proxy everybody shares the proxy's.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from card_platform.errors import Refusal
from card_platform.web.authentication import TERMINAL_ROLE, Caller

BUCKETS_MAX = 50_000
"""Buckets remembered of each kind; a full one is as good as none and is forgotten first."""

_ROUNDING_S = 1e-6
"""What sums of fractions of a second are off by."""


class TooManyRequests(Refusal):
    """The bucket is empty; `Retry-After` says when it is not."""

    code = "too-many-requests"
    status = 429
    title = "Too many requests"
    zh = "请求过于频繁，请在 {retry_after_s} 秒后重试。"
    en = "Too many requests; try again in {retry_after_s} seconds (header Retry-After)."


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests at once, and so many a second after that."""

    burst: int
    per_s: float


class Limited(StrEnum):
    """What is limited."""

    SIGNING_IN = "signing-in"
    READING = "reading"
    COMPLAINING = "complaining"
    SESSION = "session"
    STAFF_TOKEN = "staff-token"  # noqa: S105 - a name, no token
    UNKNOWN_TOKEN = "unknown-token"  # noqa: S105 - a name, no token


RATES = {
    Limited.SIGNING_IN: Rate(burst=30, per_s=0.5),
    Limited.READING: Rate(burst=200, per_s=50),
    Limited.COMPLAINING: Rate(burst=60, per_s=2),
    Limited.SESSION: Rate(burst=300, per_s=50),
    Limited.STAFF_TOKEN: Rate(burst=4_000, per_s=2_000),
    Limited.UNKNOWN_TOKEN: Rate(burst=2_000, per_s=1),
}
"""Assumptions: no regulation has a figure. A hall of thirty counters signs in within a minute; the
terminals of a station, behind one address, all come back at once when a platform starts again."""


class RateLimits:
    """The buckets of one process.

    Args:
        times: so many times `RATES`; 0 lifts every limit.
        now: a clock in seconds that never goes back.
    """

    def __init__(self, times: int = 1, now: Callable[[], float] = time.monotonic) -> None:
        self._times = times
        self._now = now
        self._full_at: dict[Limited, dict[str, float]] = {kind: {} for kind in Limited}

    def take(self, kind: Limited, who: str) -> None:
        """Count one request of somebody.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        if not self._times:
            return
        each_s = self._each_s(kind)
        room_s = (RATES[kind].burst * self._times - 1) * each_s
        now, buckets = self._now(), self._full_at[kind]
        full_at = max(now, buckets.get(who, now))
        wait_s = full_at - now - room_s - _ROUNDING_S
        if wait_s > 0:
            raise TooManyRequests(retry_after_s=math.ceil(wait_s))
        if len(buckets) >= BUCKETS_MAX and who not in buckets:
            buckets = self._full_at[kind] = _not_full(buckets, now)
        buckets[who] = full_at + each_s

    def give_back(self, kind: Limited, who: str) -> None:
        """Count one request less: it was none of that kind."""
        if self._times and who in self._full_at[kind]:
            self._full_at[kind][who] -= self._each_s(kind)

    def take_for(self, caller: Caller) -> None:
        """Count one request of a caller with a token. Raises TooManyRequests."""
        if caller.role == TERMINAL_ROLE:
            return
        kind = Limited.SESSION if caller.session_id else Limited.STAFF_TOKEN
        self.take(kind, caller.name)

    def _each_s(self, kind: Limited) -> float:
        return 1 / (RATES[kind].per_s * self._times)


def _not_full(buckets: dict[str, float], now: float) -> dict[str, float]:
    kept = {who: at for who, at in buckets.items() if at > now}
    return kept if len(kept) < BUCKETS_MAX else {}
