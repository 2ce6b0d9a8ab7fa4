"""Identifiers: a word, 48 bits of time, 64 random bits, as lower-case hexadecimal.

The time first keeps new rows side by side in an index; the random bits make it unguessable enough
for a link. An identifier says nothing about the person.
"""

from __future__ import annotations

import os
import time


def new_identifier(kind: str) -> str:
    """A fresh identifier such as `card-0193c1f2a4b7...`."""
    # Not a moment of the domain: only an order of insertion, so the machine's clock will do.
    return f"{kind}-{time.time_ns() // 1_000_000:012x}{os.urandom(8).hex()}"


def new_identifiers(kind: str, count: int) -> list[str]:
    """So many fresh identifiers at once: the random bits of all in one call."""
    random = os.urandom(8 * count).hex()
    head = f"{kind}-{time.time_ns() // 1_000_000:012x}"
    return [head + random[place : place + 16] for place in range(0, 16 * count, 16)]
