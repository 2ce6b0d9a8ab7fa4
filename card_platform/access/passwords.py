"""Passwords: argon2id, hashed in threads of their own, beside the event loop and the writer.

The parameters are those OWASP's Password Storage Cheat Sheet gives for argon2id: 19 MiB, two
passes, one lane. They stand in every hash, so that they can be raised later: the old hashes are
still understood.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from card_platform.errors import PlatformIsBusy

Answer = TypeVar("Answer")

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
HASHERS_MAX = 2
"""Hashes made at once: each takes 19 MiB and a core."""
WAITING_MAX = 64
"""Hashes that wait or are made; more are refused as busy."""
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$S8jGo7bV+3MKAdooci4DEw$VcmXvmJbNLC+HVXiGjQqpnFOXWddvIAkqIx9H4ozddU"
)
"""A hash nobody signs in with: a name nobody has takes as long as a wrong password."""


class Passwords:
    """Hashes and compares."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(PASSES, MEMORY_KIB, LANES)
        self._threads = ThreadPoolExecutor(HASHERS_MAX, thread_name_prefix="passwords")
        self._room = threading.BoundedSemaphore(WAITING_MAX)

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises PlatformIsBusy."""
        return await self._beside(lambda: self._hasher.hash(password))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of a hash; of no hash it never is. Raises PlatformIsBusy."""
        return await self._beside(lambda: self._verify(kept or _NOBODYS, password)) and bool(kept)

    async def _beside(self, work: Callable[[], Answer]) -> Answer:
        if not self._room.acquire(blocking=False):
            raise PlatformIsBusy
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
