"""A blocked PIN is given back at a counter: the platform makes the command, the chip takes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from card_platform.keys.security_module import SecurityModule
from card_platform.keys.seed import KeySeed
from scenarios.platform_process import PlatformProcess
from scenarios.residents import Resident
from scenarios.service_desk import Access, ServiceDesk
from tests.agreement.conftest import Town
from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony
from virtual_cards.terminals import (
    CardRefusesCommand,
    Clerk,
    Counter,
    PlatformLine,
    PlatformRefuses,
    ShownDocument,
)

NEW_PIN = "246810"
REGION = "500000"
PROCESS, ORIGINAL = bytes(range(8)), bytes(range(8, 16))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")
    with (
        PlatformProcess(tmp_path / "data", url) as platform,
        ServiceDesk(Access.read(platform.access_file)) as desk,
    ):
        town = Town(desk)
        yield town
        for line in town.lines:
            line.close()


def clerk_for(town: Town, resident: Resident, card_id: str) -> Clerk:
    line = PlatformLine(town.desk.access.url, town.desk.access.tokens["clerk"])
    town.lines.append(line)
    return Clerk(line, card_id, ShownDocument(**resident.document()))


def block(counter: Counter) -> None:
    for _ in range(6):
        with pytest.raises(CardRefusesCommand, match="63C"):
            counter.answer_challenge(PROCESS, ORIGINAL, "000000")
    with pytest.raises(CardRefusesCommand, match="6983"):
        counter.answer_challenge(PROCESS, ORIGINAL, "123456")


def pin_of(town: Town, card_id: str) -> str:
    return str(town.desk.record(card_id)["functions"]["pin"])


@pytest.mark.parametrize("pin", ["246810", "000000", "999999"])
def test_both_sides_make_the_same_command(pin: str) -> None:
    seed, chip, challenge = bytes(range(32)), bytes(range(13)), bytes(range(8))
    ours = IssuerSecurityModule(hold_ceremony(seed)).pin_reset_command(REGION, chip, challenge, pin)
    assert ours == SecurityModule(KeySeed(seed)).pin_reset_command(REGION, chip, challenge, pin)


def test_a_blocked_card_gets_its_pin_back(town: Town) -> None:
    resident, card_id, card = town.issue()
    town.reader.insert(card.card)
    counter, clerk = town.counter(), clerk_for(town, resident, card_id)
    block(counter)
    town.desk.serve_card(card_id, "pin-reports", {"action": "lock"})
    assert pin_of(town, card_id) == "locked"

    counter.reset_pin(clerk, NEW_PIN)
    assert pin_of(town, card_id) == "locked", "the platform waits for what the chip says"
    counter.reset_pin(clerk, NEW_PIN)  # the answer was lost: it is done again, and harms nothing
    assert pin_of(town, card_id) == "locked"
    clerk.report_pin_reset()
    assert pin_of(town, card_id) == "set"
    counter.answer_challenge(PROCESS, ORIGINAL, NEW_PIN)
    with pytest.raises(CardRefusesCommand, match="63C5"):
        counter.answer_challenge(PROCESS, ORIGINAL, "123456")


def test_another_chip_or_another_person_gets_no_command(town: Town) -> None:
    resident, card_id, _ = town.issue()
    other, other_id, card = town.issue()
    town.reader.insert(card.card)
    counter = town.counter()
    with pytest.raises(PlatformRefuses, match="historical-bytes-differ"):
        counter.reset_pin(clerk_for(town, resident, card_id), NEW_PIN)
    with pytest.raises(PlatformRefuses, match="document-is-not-the-holders"):
        counter.reset_pin(clerk_for(town, resident, other_id), NEW_PIN)
    town.desk.report_loss(other_id)
    with pytest.raises(PlatformRefuses, match="pin-reset-needs-active-card"):
        counter.reset_pin(clerk_for(town, other, other_id), NEW_PIN)
    counter.answer_challenge(PROCESS, ORIGINAL, "123456")


def test_a_command_is_asked_for_once_and_answered_again(town: Town) -> None:
    resident, card_id, card = town.issue()
    body: dict[str, Any] = {
        "document": resident.document(),
        "historical_bytes": card.image["historical_bytes"],
        "challenge": "0102030405060708",
        "new_pin": NEW_PIN,
    }
    first, again = (ask(town, card_id, body) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert ask(town, card_id, body | {"new_pin": "135790"}).json()["code"] == "client-id-reused"
    assert ask(town, card_id, body | {"new_pin": "12345"}).json()["code"] == "request-malformed"


def ask(town: Town, card_id: str, body: dict[str, Any]) -> httpx.Response:
    access = town.desk.access
    return httpx.post(
        f"{access.url}/v1/cards/{card_id}/pin-reset",
        json=body,
        headers={"Authorization": f"Bearer {access.tokens['clerk']}", "Idempotency-Key": "once"},
    )
