"""A card, a PSAM and a short way to talk to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.virtual_cards import people
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card, load_psam

Talk = Callable[[str], str]


@pytest.fixture
def card() -> Card:
    return load_card(people.card_image(balance_fen=1250)).card


@pytest.fixture
def psam() -> Card:
    return load_psam(people.psam_image()).card


@pytest.fixture
def talk(card: Card) -> Talk:
    return talk_to(card)


def talk_to(card: Card) -> Talk:
    """Hexadecimal in, hexadecimal out."""
    return lambda command: card.transmit(bytes.fromhex(command)).hex().upper()
