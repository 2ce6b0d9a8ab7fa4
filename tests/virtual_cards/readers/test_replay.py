"""A dialogue played again: the same card gives no difference, another one is told by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.test_gate import parameters
from virtual_cards.personalisation import load_card, load_psam
from virtual_cards.readers import CardIsAbsent, InProcessReader, Transcript, TranscriptReader
from virtual_cards.readers.replay import ReplayReader, TerminalDiffers, compare, replay
from virtual_cards.terminals import Admitted, Gate, SecurityModule

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def constant(length: int) -> bytes:
    return bytes(range(length))


def card_reader(balance_fen: int = 2_000) -> InProcessReader:
    image = people.card_image(balance_fen=balance_fen)
    return InProcessReader(card=load_card(image, random_bytes=constant).card)


def gate_on(reader: object) -> Gate:
    module = SecurityModule(InProcessReader("SAM", load_psam(people.psam_image()).card))
    return Gate(reader, module, parameters(), station="0301", clock=lambda: NOW)  # type: ignore[arg-type]


@pytest.fixture
def entry() -> Transcript:
    recording = TranscriptReader(card_reader())
    assert isinstance(gate_on(recording).enter(), Admitted)
    return Transcript.from_json(json.loads(json.dumps(recording.transcript.to_json())))


def test_the_same_card_answers_the_same(entry: Transcript) -> None:
    assert replay(entry, card_reader()) == ()


def test_another_balance_is_told_field_by_field(entry: Transcript) -> None:
    differences = replay(entry, card_reader(balance_fen=1_500))
    assert differences
    fields = {name: (was, now) for one in differences for name, was, now in one.fields}
    assert any("20.00" in was and "15.00" in now for was, now in fields.values())
    assert "exchange" in str(differences[0])


def test_a_terminal_is_answered_as_the_recorded_card_did(entry: Transcript) -> None:
    reader = ReplayReader(entry)
    assert isinstance(gate_on(reader).enter(), Admitted)
    assert reader.is_finished
    with pytest.raises(CardIsAbsent):
        reader.connect()


def test_a_terminal_that_asks_something_else_is_stopped_there(entry: Transcript) -> None:
    reader = ReplayReader(entry)
    reader.connect()
    with pytest.raises(TerminalDiffers, match=r"exchange 2, command: 00A404.* -> 00B0950000"):
        reader.transmit(bytes.fromhex("00B0950000"))


def test_a_shorter_dialogue_differs_at_its_end(entry: Transcript) -> None:
    shorter = Transcript(entry.exchanges[:-1])
    assert {one.place for one in compare(entry, shorter)} == {len(entry.exchanges)}
