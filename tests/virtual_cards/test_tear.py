"""A card torn out at every command of a ride: it is as before or as after, never between."""

from __future__ import annotations

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.test_gate import NOW, parameters
from virtual_cards.applets.transit import purchase_tac, tac_key
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card
from virtual_cards.readers import CardIsAbsent, InProcessReader
from virtual_cards.terminals import Admitted, Gate, SecurityModule

COMMANDS_OF_A_PASSAGE = 8
DEBIT = 8


class TearingReader:
    """A reader whose card leaves at a command: before it, or after it with the answer lost."""

    name = "tearing reader"

    def __init__(self, card: Card) -> None:
        self._slot = InProcessReader(self.name, card)
        self._card = card
        self._count = 0
        self.tear_at = 0
        self.after = False

    def connect(self) -> bytes:
        self._slot.insert(self._card)
        self._count = 0
        return self._slot.connect()

    def transmit(self, command: bytes) -> bytes:
        self._count += 1
        if self._count != self.tear_at:
            return self._slot.transmit(command)
        if self.after:
            self._slot.transmit(command)
        self._slot.remove()
        raise CardIsAbsent(self.name)

    def disconnect(self) -> None:
        self._slot.disconnect()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("tear_at", range(1, COMMANDS_OF_A_PASSAGE + 1))
@pytest.mark.parametrize("is_exit", [False, True])
def test_a_tear_leaves_the_card_as_before_or_as_after(
    tear_at: int, after: bool, is_exit: bool, psam: Card
) -> None:
    card = load_card(people.card_image(balance_fen=1250)).card
    reader = TearingReader(card)
    module = SecurityModule(InProcessReader("SAM", psam))
    first = Gate(reader, module, parameters(), station="0301", clock=lambda: NOW)
    last = Gate(reader, module, parameters(), station="0305", clock=lambda: NOW)
    if is_exit:
        first.enter()
    step = last.leave if is_exit else first.enter
    before = card.memory.values()
    reader.tear_at, reader.after = tear_at, after
    with pytest.raises(CardIsAbsent):
        step()
    happened = after and tear_at == DEBIT
    if happened:
        changed = {name for name, value in card.memory.values().items() if value != before[name]}
        assert changed >= {"transit/1A", "transit/1E", "transit/18", "transit/offline_sequence"}
        assert ("transit/balance_fen" in changed) is is_exit
    else:
        assert card.memory.values() == before

    reader.tear_at = 0
    again = step()
    assert isinstance(again, Admitted)
    assert again.recovered is happened
    assert again.tap.offline_sequence == int(is_exit)
    assert card.memory.values()["transit/offline_sequence"] == 1 + int(is_exit)
    assert card.memory.values()["transit/balance_fen"] == (850 if is_exit else 1250)
    tap = again.tap
    expected = purchase_tac(
        tac_key(people.transit_key("GMTK")),
        amount=tap.amount_fen.to_bytes(4, "big"),
        kind=b"\x09",
        terminal=people.TERMINAL,
        terminal_sequence=tap.terminal_sequence.to_bytes(4, "big"),
        moment=bytes.fromhex(tap.date + tap.time),
    )
    assert tap.tac == expected.hex().upper()
