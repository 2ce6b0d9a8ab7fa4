"""Those inside the network at hand: a record each, in places that are used again."""

from __future__ import annotations

import numpy as np

from sim.compilation import compiled
from sim.compiled_engine.lines import index

CUSTOMER = np.dtype(
    [
        ("key", "i8"),
        ("number", "i8"),
        ("came_s", "f8"),
        ("arrival_s", "f8"),
        ("began_s", "f8"),
        ("next", "i4"),
        ("previous", "i4"),
        ("crowd", "i4"),
        ("visits", "i4"),
        ("place", "i2"),
        ("customer_class", "i2"),
        ("attempts", "i2"),
        ("level", "i1"),
        ("waits", "i1"),
    ],
    align=True,
)
"""One inside the network, 64 bytes; `next` also leads through the free places. `waits` is 0, 1, or
`OVERDUE` for one who has waited long enough for a batch. Before the first service `began_s` is how
long that will take, or `UNKNOWN_S`.
"""
OVERDUE = 2
UNKNOWN_S = -1.0
"""A time that is drawn when it is needed."""

FREE, USED = range(2)
"""Places in `State.at_hand`: the first of the free places, and how many were ever used."""


@compiled
def is_full(at_hand, customers):  # type: ignore[no-untyped-def]
    """Whether there is no place for one more."""
    return at_hand[FREE] < 0 and at_hand[USED] == len(customers)


@compiled
def place_for_one(at_hand, customers):  # type: ignore[no-untyped-def]
    """A place for somebody; there is one."""
    slot = at_hand[FREE]
    if slot >= 0:
        at_hand[FREE] = customers[index(slot)].next
    else:
        slot = at_hand[USED]
        at_hand[USED] = slot + 1
    return slot


@compiled
def give_place_up(at_hand, customers, slot):  # type: ignore[no-untyped-def]
    """Nobody is at this place any more."""
    customer = customers[index(slot)]
    customer.number = -1
    customer.waits = 0
    customer.next = at_hand[FREE]
    at_hand[FREE] = slot
