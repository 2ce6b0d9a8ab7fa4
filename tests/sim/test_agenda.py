"""What happens next, against a sorted list: entries near, far, and behind every drawer."""

from __future__ import annotations

import random

import pytest

from sim.compiled_engine.agenda import (
    COMERS,
    DRAWERS,
    ENTRIES,
    GAP,
    HEAP,
    RING,
    SOURCES_APART_MAX,
    Agenda,
    close_gap,
    comes_at,
    empty_agenda,
    is_from_outside,
    next_comes_at,
    put,
    turn,
)
from sim.compiled_engine.heap import Heap
from sim.compiled_engine.lines import room_in_lines
from sim.compiled_engine.state import CUSTOMER, grown

PER_S = 100.0
LAST_S = 2.5 * RING * DRAWERS / PER_S
_NOBODY_INSIDE = room_in_lines(1, CUSTOMER)


class Taken:
    """Takes entries out of an agenda one by one."""

    def __init__(self, agenda: Agenda) -> None:
        self.agenda = agenda

    def next(self) -> tuple[float, int] | None:
        entered = self.agenda.numbers
        if entered[GAP]:
            close_gap(self.agenda)
        while entered[ENTRIES] and entered[HEAP] == 0 and not turn(self.agenda, _NOBODY_INSIDE):
            heap = grown(self.agenda.heap, Heap._fields, int(entered[HEAP]) + 1)
            self.agenda = self.agenda._replace(heap=heap)
        if entered[HEAP] == 0:
            return None
        entered[GAP] = 1
        return float(self.agenda.heap.moments_s[0]), int(self.agenda.heap.orders[0])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_entries_come_out_by_moment_then_by_order_however_far_they_lie(seed: int) -> None:
    chance = random.Random(seed)
    taken, expected = Taken(empty_agenda(0, 4_000, PER_S)), []
    for order in range(1_000):
        entry = (chance.choice((3.0, 900.0, LAST_S)) * chance.random() ** 2, order)
        expected.append(entry)
        put(taken.agenda, *entry, order)
    expected.sort()
    for nth in range(2_000):
        now = taken.next()
        assert now == expected.pop(0)
        if nth < 1_000:
            after_s = chance.choice((0.0, 0.001, 50.0, 1_000.0, LAST_S / 2)) * chance.random()
            entry = (now[0] + after_s, 1_000 + nth)
            put(taken.agenda, *entry, 0)
            expected.append(entry)
            expected.sort()
    assert taken.next() is None


def test_a_crowd_in_one_bucket_waits_for_room() -> None:
    taken = Taken(empty_agenda(0, 0, 1.0))
    room = len(taken.agenda.heap.what)
    taken.agenda = grown(taken.agenda, ("entries",), 3 * room)
    for order in range(2 * room):
        put(taken.agenda, 7.5, 2 * room - order, 0)
    told = [taken.next() for _ in range(2 * room)]
    assert told == [(7.5, order) for order in range(1, 2 * room + 1)]


def test_sources_come_in_their_own_order() -> None:
    chance = random.Random(4)
    agenda = empty_agenda(SOURCES_APART_MAX, 0, 1.0)
    left = {
        which: sorted(float(chance.randrange(40)) for _ in range(9))
        for which in range(SOURCES_APART_MAX)
    }
    for which in chance.sample(range(SOURCES_APART_MAX), SOURCES_APART_MAX):
        comes_at(agenda, left[which][0], which << 8)
    expected = sorted((at, (which << 8) + n) for which in left for n, at in enumerate(left[which]))
    for moment_s, order in expected:
        assert is_from_outside(agenda)
        assert (agenda.comers.moments_s[0], agenda.comers.orders[0]) == (moment_s, order)
        which, nth = order >> 8, order & 255
        next_s = left[which][nth + 1] if nth + 1 < 9 else -1.0
        next_comes_at(agenda, next_s, order + 1)
    assert agenda.numbers[COMERS] == 0
