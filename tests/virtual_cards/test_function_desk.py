"""A desk without a line says by the chip whether the function of a merged scheme works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.virtual_cards import issuer
from tests.virtual_cards.conftest import talk_to
from tests.virtual_cards.desks import HOLDER, HSM, Place, dead_line, made_card, parameters
from tests.virtual_cards.people import card_image
from virtual_cards.applets.certificates import LoadedFunction
from virtual_cards.card_os import Card
from virtual_cards.issuer.made_up_card import REGION
from virtual_cards.personalisation import load_card
from virtual_cards.terminals import (
    CardFunction,
    CardIsBlocked,
    CardIsNotGenuine,
    FunctionDesk,
    FunctionWorks,
    MergedScheme,
    NotReceived,
    PlatformLine,
    read_functions,
)

SCHEME = MergedScheme("scheme-1", "00112233445566AA")
SERIAL = HOLDER.application_serial.hex()


@pytest.fixture
def line() -> Iterator[PlatformLine]:
    with dead_line() as dead:
        yield dead


@pytest.fixture
def place() -> Place:
    return Place()


def load(card: Card, scheme: str = SCHEME.number_on_card, **days: str) -> None:
    """Write a function onto a card, as those who load them do."""
    whole = {"valid_from": "20260101", "valid_until": "20301231"} | days
    function = LoadedFunction.of(scheme=scheme, region="500100", number="N-1", **whole)
    card.reset()
    card.transmit(bytes.fromhex("00A404000AF04F4E45434152440001"))
    challenge = card.transmit(bytes.fromhex("0084000008"))[:8]
    command = HSM.function_command(HOLDER.historical_bytes, challenge, function)
    assert card.transmit(command)[-2:].hex() == "9000"


def use(place: Place, line: PlatformLine, card: Card, **told: Any) -> FunctionWorks | NotReceived:
    place.hold(card)
    reader, module, _ = place.kit
    desk = FunctionDesk(reader, module, parameters(**told), line, scheme=SCHEME, clock=place.clock)
    return desk.use()


def refused(outcome: FunctionWorks | NotReceived) -> str:
    assert isinstance(outcome, NotReceived), outcome
    assert outcome.holder.name == HOLDER.name
    return outcome.reason


def test_a_function_on_the_card_works_without_the_line(place: Place, line: PlatformLine) -> None:
    card = made_card()
    assert refused(use(place, line, card)) == "function-not-on-card"
    load(card, "EE" * 8)
    assert refused(use(place, line, card)) == "function-not-on-card"
    load(card)
    works = use(place, line, card)
    assert isinstance(works, FunctionWorks)
    assert works.received.is_offline
    assert works.received.holder.card_number == HOLDER.card_number
    assert works.on_card == CardFunction(
        SCHEME.number_on_card, "500100", date(2026, 1, 1), date(2030, 12, 31)
    )
    assert [each.scheme for each in read_functions(place.reader)] == [
        "EE" * 8,
        SCHEME.number_on_card,
    ]


@pytest.mark.parametrize(
    ("days", "works"),
    [
        ({"valid_until": "20260504"}, True),
        ({"valid_until": "20260503"}, False),
        ({"valid_from": "20260504"}, True),
        ({"valid_from": "20260505"}, False),
    ],
)
def test_a_function_works_on_its_days(
    place: Place, line: PlatformLine, days: dict[str, str], works: bool
) -> None:
    card = made_card()
    load(card, **days)
    outcome = use(place, line, card)
    assert isinstance(outcome, FunctionWorks) is works
    assert works or refused(outcome) == "function-not-in-date"


def test_a_reported_card_and_an_ended_function_are_refused(
    place: Place, line: PlatformLine
) -> None:
    card = made_card()
    load(card)
    listed = {
        "version": 8,
        "issued_at": "2026-05-04T08:00:00+08:00",
        "application_serials": [SERIAL.upper()],
    }
    reported = use(place, line, card, revocation_list=listed)
    assert refused(reported) == "card-on-revocation-list"
    ended = {"application_serial": SERIAL, "scheme": SCHEME.number_on_card}
    assert refused(use(place, line, card, ended_functions=[ended])) == "function-ended"
    other = [ended | {"scheme": "EE" * 8}, ended | {"application_serial": "00" * 10}]
    assert isinstance(use(place, line, card, ended_functions=other), FunctionWorks)
    place.clock.wait(days=2)
    assert refused(use(place, line, card)) == "revocation-list-too-old"


def test_a_forged_and_a_blocked_card_are_refused(place: Place, line: PlatformLine) -> None:
    with pytest.raises(CardIsNotGenuine):
        use(place, line, load_card(card_image()).card)
    card = made_card()
    load(card)
    key = HSM.social_security_keys(REGION, HOLDER.historical_bytes)["STKSSSE"]
    card.reset()
    talk = talk_to(card)
    talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert issuer.secured(talk, "84160000", b"", key, algorithm="03") == "9000"
    with pytest.raises(CardIsBlocked):
        use(place, line, card)
