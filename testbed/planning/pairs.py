"""NAME=VALUE, as options of a planning call are typed."""

from __future__ import annotations

from collections.abc import Sequence

from sim.parameters import Fault


def pairs_of(key: str, texts: Sequence[str], example: str) -> tuple[dict[str, str], list[Fault]]:
    """NAME=VALUE each, and what is wrong with them."""
    pairs: dict[str, str] = {}
    faults = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            faults.append(Fault(key, repr(text), f"NAME=VALUE, as {example}"))
        else:
            pairs[name] = value
    return pairs, faults
