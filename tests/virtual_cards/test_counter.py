"""A service counter against a card, a PSAM and a tiny platform on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.virtual_cards import people, platform_stand
from tests.virtual_cards.platform_stand import Stand
from tests.virtual_cards.test_gate import NOW, parameters
from virtual_cards.card_os import Card, LeRule
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader, TranscriptReader
from virtual_cards.terminals import (
    Admitted,
    AnswerIsMalformed,
    CardIsNotGenuine,
    Counter,
    Gate,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
    SecurityModule,
    TurnedAway,
)


@pytest.fixture
def stand() -> Iterator[Stand]:
    with platform_stand.running() as stand:
        yield stand


@pytest.fixture
def line(stand: Stand) -> Iterator[PlatformLine]:
    with PlatformLine(stand.url, "token-1") as line:
        yield line


@pytest.fixture
def module(psam: Card) -> SecurityModule:
    return SecurityModule(InProcessReader("SAM", psam))


@pytest.mark.parametrize("rule", LeRule)
def test_a_card_is_read_in_the_two_step_flow(
    rule: LeRule, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    card = load_card(people.card_image(), le_rule=rule).card
    holder = Counter(InProcessReader(card=card), module, line).read_card()
    assert holder.name == people.NAME
    assert holder.name_extension == ""
    assert holder.social_security_number == people.SOCIAL_SECURITY_NUMBER
    assert holder.card_number == people.CARD_NUMBER
    assert (holder.region, holder.spec_version) == ("500000", "3.00")
    assert (holder.issue_date, holder.valid_until) == ("20260101", "20360101")
    path, headers, body = stand.requests[0]
    assert path == "/v1/card-authentications"
    assert headers["Authorization"] == "Bearer token-1"
    assert 0 < len(headers["Idempotency-Key"]) <= 64
    assert body["historical_bytes"] == people.HISTORICAL_BYTES.hex().upper()
    assert body["region"] == "500000"


def test_the_commands_come_in_the_order_of_the_national_reading_interface(
    card: Card, module: SecurityModule, line: PlatformLine
) -> None:
    reader = TranscriptReader(InProcessReader(card=card))
    Counter(reader, module, line).read_card()
    ssse = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF00"
    sent = [exchange.command.hex().upper() for exchange in reader.transcript.exchanges[1:]]
    assert [
        command if command[:4] not in {"0088", "0082"} else command[:10] for command in sent
    ] == [
        ssse,
        "00A4020002EF05",
        "00B2010012",
        "00B2030006",
        "00B207000B",
        ssse,
        "0084000008",
        "0084000008",
        "0088000010",
        "0084000008",
        "0084000008",
        "0082000A10",
        "00A4020002EF05",
        "00B2050006",
        "00B2060006",
        "00A4020002EF06",
        "00B2080014",
        "00B2090020",
        "00B24E0016",
    ]


def test_a_card_that_does_not_know_its_key_is_not_genuine(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    stand.false_internal = True
    with pytest.raises(CardIsNotGenuine):
        Counter(InProcessReader(card=card), module, line).read_card()


def test_an_identity_is_checked_by_number_and_name(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    counter = Counter(InProcessReader(card=card), module, line)
    assert counter.check_identity("medical", counter.read_card()).result == "valid"
    assert stand.requests[-1][2] == {
        "purpose": "medical",
        "card_number": people.CARD_NUMBER,
        "name": people.NAME,
        "historical_bytes": people.HISTORICAL_BYTES.hex().upper(),
    }


def test_a_load_changes_the_card_and_is_confirmed(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    counter = Counter(InProcessReader(card=card), module, line)
    receipt = counter.load(5000)
    assert (receipt.balance_before_fen, receipt.balance_after_fen) == (1250, 6250)
    assert counter.read_purse().balance_fen == 6250
    _, _, confirmation = stand.requests[-1]
    assert confirmation == {"tac": receipt.tac, "balance_after_fen": 6250}


def test_a_load_the_platform_refuses_leaves_the_card_as_it_was(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    stand.problem = {
        "type": "urn:onecard:problem:card-is-not-active",
        "title": "card is not active",
        "status": 409,
        "code": "card-is-not-active",
        "detail_zh": "卡片未激活",
        "detail_en": "the card is not active",
    }
    before = card.memory.values()
    with pytest.raises(PlatformRefuses) as refused:
        Counter(InProcessReader(card=card), module, line).load(5000)
    assert (refused.value.status, refused.value.code) == (409, "card-is-not-active")
    assert "卡片未激活" in str(refused.value)
    assert refused.value.detail_en == "the card is not active"
    assert card.memory.values() == before


def test_a_gate_reports_taps_and_refusals(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    gate = Gate(
        InProcessReader(card=card),
        module,
        parameters(),
        station="0301",
        clock=lambda: NOW,
        line=line,
    )
    entered, refused = gate.enter(), gate.enter()
    assert isinstance(entered, Admitted)
    assert entered.receipt is not None
    assert entered.receipt.tac == "right"
    assert isinstance(refused, TurnedAway)
    assert refused.refusal_id == "refusal-1"
    (_, headers, tap), (_, _, refusal) = stand.requests
    assert headers["Idempotency-Key"] == entered.tap.idempotency_key
    assert set(tap) == {
        "application_serial",
        "issuer",
        "kind",
        "station",
        "entry_station",
        "amount_fen",
        "balance_after_fen",
        "offline_sequence",
        "terminal_sequence",
        "type",
        "date",
        "time",
        "tac",
    }
    assert refusal["reason"] == "missing-exit"


def test_taps_wait_while_the_line_is_down_and_are_sent_in_order(
    card: Card, module: SecurityModule, stand: Stand
) -> None:
    reader = InProcessReader(card=card)
    with PlatformLine("http://127.0.0.1:9", "token") as dead:
        gate = Gate(reader, module, parameters(), station="0301", clock=lambda: NOW, line=dead)
        entered, refused = gate.enter(), gate.enter()
    assert isinstance(entered, Admitted)
    assert entered.receipt is None
    assert isinstance(refused, TurnedAway)
    assert refused.refusal_id is None
    assert gate.journal.unsent == (entered.tap, refused.refusal)
    stand.public_key = gate.journal.key.public
    with PlatformLine(stand.url, "token") as line:
        gate.journal.use_line(line)
        gate.journal.send_unsent()
    assert not gate.journal.unsent
    ((path, _, _),) = stand.requests
    assert path == "/v1/terminal-journal"
    assert [each["kind"] for each in stand.records] == ["tap", "refusal"]
    assert stand.records[0]["key"] == entered.tap.idempotency_key


def test_a_tap_the_platform_refuses_is_raised_and_leaves_the_book(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    stand.problem = {"status": 422, "code": "tac-wrong", "detail_zh": "TAC 错误", "detail_en": "no"}
    reader = InProcessReader(card=card)
    gate = Gate(reader, module, parameters(), station="0301", clock=lambda: NOW, line=line)
    with pytest.raises(PlatformRefuses, match="tac-wrong"):
        gate.enter()
    assert gate.journal.unsent == ()


def test_a_load_answer_that_is_no_mac_is_malformed(
    card: Card, module: SecurityModule, line: PlatformLine, stand: Stand
) -> None:
    stand.mac2 = "wrong"
    before = card.memory.values()
    with pytest.raises(AnswerIsMalformed, match="mac2"):
        Counter(InProcessReader(card=card), module, line).load(5000)
    assert card.memory.values() == before


def test_an_answer_outside_the_contract_is_malformed(line: PlatformLine) -> None:
    with pytest.raises(AnswerIsMalformed):
        line.terminal_parameters()


def test_no_platform_is_unreachable() -> None:
    with PlatformLine("http://127.0.0.1:9", "token") as line, pytest.raises(PlatformIsUnreachable):
        line.terminal_parameters()
