"""Cards torn out at random moments of random rides: card and books agree to the fen."""

from __future__ import annotations

import random

import pytest

from tests.agreement.conftest import Town
from virtual_cards.readers import CardIsAbsent, InProcessReader
from virtual_cards.terminals import Admitted

RIDERS = 40
TAPS_A_RIDER = 60
STATIONS = ("0201", "0205", "0207", "0212", "0218", "0225")


class TearingReader(InProcessReader):
    """Loses its card before or after a given command of the present tap."""

    tear_at: int | None = None
    answer_is_lost = False

    def transmit(self, command: bytes) -> bytes:
        if self.tear_at is None:
            return super().transmit(command)
        self.tear_at -= 1
        if self.tear_at >= 0:
            return super().transmit(command)
        if self.answer_is_lost:
            super().transmit(command)
        self.tear_at = None
        self.disconnect()
        raise CardIsAbsent(self.name)


@pytest.mark.long
def test_no_fen_is_lost_or_doubled_by_tearing(town: Town) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    choose = random.Random(seed)
    reader = TearingReader()
    town.reader = reader
    counter = town.counter()
    gates = {station: town.gate(station) for station in STATIONS}
    tears = 0
    for _ in range(RIDERS):
        _, card_id, card = town.issue()
        reader.insert(card.card)
        counter.load(50_000)
        inside = False
        for _ in range(TAPS_A_RIDER):
            gate = gates[choose.choice(STATIONS)]
            torn = choose.random() < 0.4
            reader.tear_at = choose.randrange(1, 12) if torn else None
            reader.answer_is_lost = choose.random() < 0.5
            for _ in range(
                3
            ):  # a passenger whose card was not read holds it to the same gate again
                try:
                    passage = gate.leave() if inside else gate.enter()
                except CardIsAbsent:
                    tears += 1
                    continue
                assert isinstance(passage, Admitted), passage
                inside = not inside
                break
            reader.tear_at = None
        assert town.desk.transit(card_id)["balance_fen"] == counter.read_purse().balance_fen
    check = town.desk.check_books()
    print(f"{tears} tears, {check['postings']} postings")
    assert tears > RIDERS
    assert (check["balanced"], check["sum_fen"]) == (True, 0)
