"""A metro gate against a card and a PSAM: who passes, who is turned away, and what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.virtual_cards import people
from virtual_cards.applets.transit import purchase_tac, tac_key
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import (
    Admitted,
    CardRefusesCommand,
    Gate,
    SecurityModule,
    TerminalParameters,
    TurnedAway,
)

NOW = datetime(2026, 5, 4, 0, 15, tzinfo=UTC)
MakeGate = Callable[..., Gate]


def parameters(**changed: Any) -> TerminalParameters:
    document = {
        "issued_at": "2026-05-04T00:00:00+08:00",
        "operator": "01656900FFFFFFFF",
        "city": "5000",
        "line": "03",
        "stations": [
            {"code": "0301", "name_zh": "甲站", "name_en": "First"},
            {"code": "0305", "name_zh": "戊站", "name_en": "Fifth"},
        ],
        "fares": [
            {"from": "0301", "to": "0301", "fare_fen": 200},
            {"from": "0301", "to": "0305", "fare_fen": 400},
        ],
        "minimum_entry_balance_fen": 200,
        "revocation_list": {
            "version": 7,
            "issued_at": "2026-05-04T00:00:00+08:00",
            "application_serials": [],
        },
    } | changed
    return msgspec.convert(document, TerminalParameters)


def records(card: Card, slot: str) -> tuple[bytes, ...]:
    value = card.memory.values()[slot]
    assert isinstance(value, tuple)
    return value


@pytest.fixture
def reader(card: Card) -> InProcessReader:
    return InProcessReader(card=card)


@pytest.fixture
def make_gate(reader: InProcessReader, psam: Card) -> MakeGate:
    module = SecurityModule(InProcessReader("SAM", psam))

    def make(
        station: str = "0301", now: datetime = NOW, told: TerminalParameters | None = None
    ) -> Gate:
        return Gate(reader, module, told or parameters(), station=station, clock=lambda: now)

    return make


def test_a_ride_enters_free_and_leaves_for_its_fare(make_gate: MakeGate, card: Card) -> None:
    entered = make_gate("0301").enter()
    assert isinstance(entered, Admitted)
    assert (entered.tap.kind, entered.tap.amount_fen) == ("entry", 0)
    assert entered.tap.entry_station is None
    left = make_gate("0305", NOW + timedelta(minutes=20)).leave()
    assert isinstance(left, Admitted)
    assert (left.tap.entry_station, left.tap.station) == ("0301", "0305")
    assert (left.tap.amount_fen, left.tap.balance_after_fen) == (400, 850)
    assert (left.tap.offline_sequence, left.tap.terminal_sequence) == (1, 2)
    assert (left.tap.date, left.tap.time) == ("20260504", "083500"), "China standard time"
    assert card.memory.values()["transit/balance_fen"] == 850


def test_the_tap_carries_the_tac_of_the_card(make_gate: MakeGate) -> None:
    outcome = make_gate().enter()
    assert isinstance(outcome, Admitted)
    tap = outcome.tap
    expected = purchase_tac(
        tac_key(people.transit_key("GMTK")),
        amount=bytes(4),
        kind=b"\x09",
        terminal=people.TERMINAL,
        terminal_sequence=tap.terminal_sequence.to_bytes(4, "big"),
        moment=bytes.fromhex(tap.date + tap.time),
    )
    assert tap.tac == expected.hex().upper()
    assert tap.application_serial == people.SERIAL.hex().upper()
    assert tap.issuer == people.ISSUER.hex().upper()
    assert b'"type":"09"' in msgspec.json.encode(tap)
    assert len(tap.idempotency_key) <= 64


def test_the_records_of_a_ride_stand_where_the_standard_puts_them(
    make_gate: MakeGate, card: Card
) -> None:
    make_gate("0301").enter()
    make_gate("0305", NOW + timedelta(minutes=20)).leave()
    (rail,) = records(card, "transit/1A")
    assert len(rail) == 128
    assert rail[:4].hex() == "27007d01"
    assert rail[6:14] == people.SERIAL[-8:]
    assert rail[14] == 2
    assert rail[15:19].hex() == "50005000"
    assert rail[19:27] == rail[27:35] == people.ISSUER
    assert rail[35:51].hex() == "0000000000000301" + "0000000000000305"
    assert rail[51:59] == b"\0\0" + people.TERMINAL
    assert rail[67:81].hex() == "20260504081500" + "20260504083500"
    assert rail[81:85] == (400).to_bytes(4, "big")
    assert rail[85:87].hex() == "0303"
    assert rail[91:99] == (1250).to_bytes(4, "big") + (400).to_bytes(4, "big")
    exit_record, entry_record = records(card, "transit/1E")
    assert entry_record.hex().upper() == (
        "03" + "0000500000000001" + "01" + "0003" + "0301" + "FFFF" + "00" + "00000000" + "000004E2"
        "20260504081500" + "5000" + "01656900FFFFFFFF" + "000000000000"
    )
    assert exit_record[0] == 4


def test_a_second_entry_without_exit_is_turned_away(make_gate: MakeGate, card: Card) -> None:
    make_gate().enter()
    before = card.memory.values()
    outcome = make_gate().enter()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == outcome.refusal.reason == "missing-exit"
    assert outcome.refusal.at == "2026-05-04T08:15:00+08:00"
    assert outcome.refusal.revocation_list_version == 7
    assert card.memory.values() == before


def test_an_exit_without_entry_is_turned_away(make_gate: MakeGate) -> None:
    outcome = make_gate("0305").leave()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "missing-entry"


def test_too_little_for_an_entry_is_turned_away(
    reader: InProcessReader, make_gate: MakeGate
) -> None:
    reader.insert(load_card(people.card_image(balance_fen=199)).card)
    outcome = make_gate().enter()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "insufficient-balance"


def test_too_little_for_the_fare_is_turned_away_and_stays_inside(
    reader: InProcessReader, make_gate: MakeGate
) -> None:
    card = load_card(people.card_image(balance_fen=399)).card
    reader.insert(card)
    assert isinstance(make_gate().enter(), Admitted)
    before = card.memory.values()
    outcome = make_gate("0305").leave()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "insufficient-balance"
    assert card.memory.values() == before


def test_a_revoked_card_is_turned_away(make_gate: MakeGate) -> None:
    revoked = {
        "version": 8,
        "issued_at": "2026-05-04T00:00:00+08:00",
        "application_serials": [people.SERIAL.hex().upper()],
    }
    outcome = make_gate(told=parameters(revocation_list=revoked)).enter()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "card-on-revocation-list"


def test_an_expired_card_is_turned_away(reader: InProcessReader, make_gate: MakeGate) -> None:
    reader.insert(load_card(people.card_image(balance_fen=1000, expiry="20260503")).card)
    outcome = make_gate().enter()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "card-expired"


def test_a_card_with_another_key_is_not_genuine(
    reader: InProcessReader, make_gate: MakeGate
) -> None:
    image = people.card_image(balance_fen=1000)
    image["transit"]["keys"]["DPK"] = "00" * 16
    card = load_card(image).card
    before = card.memory.values()
    reader.insert(card)
    outcome = make_gate().enter()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "card-not-genuine"
    assert card.memory.values() == before


def test_a_card_without_a_purse_is_no_transit_card(
    reader: InProcessReader, make_gate: MakeGate
) -> None:
    image = people.card_image()
    image["transit"] = None
    reader.insert(load_card(image).card)
    with pytest.raises(CardRefusesCommand) as refused:
        make_gate().enter()
    assert refused.value.status == 0x6A82
