"""What happens next, against a sorted list: entries near, far, and behind every drawer."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
import pytest

from sim.compiled_engine.agenda import (
    COMERS,
    DRAWERS,
    ENTRIES,
    GAP,
    HEAP,
    RING,
    SOURCES_APART_MAX,
    STAMP_BITS,
    Agenda,
    close_gap,
    comes_at,
    empty_agenda,
    is_from_outside,
    next_comes_at,
    put,
)
from sim.compiled_engine.customers import CUSTOMER, USED, give_place_up, place_for_one
from sim.compiled_engine.heap import Heap
from sim.compiled_engine.lines import room_in_lines
from sim.compiled_engine.road import (
    CHUNK,
    FIRST_CHUNKS,
    FREE_CHUNK,
    HEAP_IS_FULL,
    INSIDE_IS_FULL,
    SOME_CAME,
    USED_CHUNKS,
    Array,
    Road,
    empty_road,
    longer_road,
    sets_out,
    turn,
)
from sim.compiled_engine.state import grown

PER_S = 100.0
LAST_S = 2.5 * RING * DRAWERS / PER_S


class Inside(NamedTuple):
    """Those at hand, those on the road, and what happens next."""

    at_hand: Array
    customers: Array
    agenda: Agenda
    road: Road


class Taken:
    """Takes entries out of an agenda one by one."""

    def __init__(self, agenda: Agenda, places: int = 1) -> None:
        at_hand = np.array([-1, 0])
        self.inside = Inside(at_hand, room_in_lines(places, CUSTOMER), agenda, empty_road())
        self.told: set[int] = set()
        """All that `turn` has said."""

    @property
    def agenda(self) -> Agenda:
        return self.inside.agenda

    @agenda.setter
    def agenda(self, agenda: Agenda) -> None:
        self.inside = self.inside._replace(agenda=agenda)

    def next(self) -> tuple[float, int] | None:
        entered = self.agenda.numbers
        if entered[GAP]:
            close_gap(self.agenda)
        while entered[ENTRIES] and entered[HEAP] == 0 and (told := turn(self.inside)):
            self.told.add(told)
            if told == HEAP_IS_FULL:
                heap = grown(self.agenda.heap, Heap._fields, int(entered[HEAP]) + 1)
                self.agenda = self.agenda._replace(heap=heap)
            elif told == INSIDE_IS_FULL:
                self.make_place()
        if entered[HEAP] == 0:
            return None
        entered[GAP] = 1
        return float(self.agenda.heap.moments_s[0]), int(self.agenda.heap.orders[0])

    def make_place(self) -> None:
        """Room for as many again."""
        customers = self.inside.customers
        longer = room_in_lines(2 * len(customers), CUSTOMER)
        longer[: len(customers)] = customers
        self.inside = self.inside._replace(customers=longer)

    def next_customer(self) -> tuple[float, int, int]:
        """The moment, and the key and number of whom it is about, who leaves."""
        moment_s, order = self.next() or (0.0, 0)
        slot = int(self.agenda.heap.what[0]) >> STAMP_BITS
        key, number = (int(self.inside.customers[slot][name]) for name in ("key", "number"))
        assert number == order
        give_place_up(self.inside.at_hand, self.inside.customers, slot)
        return moment_s, key, number


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


def test_those_on_the_road_come_with_all_that_is_known_of_them() -> None:
    """Near and far, more than a chunk of one round and more than there are chunks and places for:
    each comes at the moment and is who set out.
    """
    chance = random.Random(5)
    taken = Taken(empty_agenda(0, 0, PER_S), places=4 * CHUNK)
    taken.agenda = grown(taken.agenda, ("entries",), 8_000)
    expected = []
    for number in range(4 * CHUNK * FIRST_CHUNKS):
        far_s = chance.choice((3.0, 400.0, 9_000.0, LAST_S / 2, LAST_S))
        moment_s, key = far_s * chance.random(), chance.getrandbits(60)
        if taken.inside.at_hand[USED] == len(taken.inside.customers):
            taken.make_place()
        slot = place_for_one(taken.inside.at_hand, taken.inside.customers)
        taken.inside.customers[slot]["key"] = key
        taken.inside.customers[slot]["number"] = number
        sets_out(taken.inside, slot, moment_s, number)
        if number == 3 * CHUNK * FIRST_CHUNKS:  # for a while there was no chunk for them
            taken.inside = taken.inside._replace(road=longer_road(taken.inside.road))
        expected.append((moment_s, key, number))
    road = taken.inside.road
    assert road.numbers[USED_CHUNKS] > FIRST_CHUNKS
    assert taken.inside.at_hand[USED] > 4 * CHUNK
    for each in sorted(expected):
        assert taken.next_customer() == each
    assert taken.next() is None
    assert SOME_CAME in taken.told
    assert road.numbers[FREE_CHUNK] >= 0
