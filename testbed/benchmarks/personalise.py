"""How many cards a second are made: from the JSON of an image to a card that would answer."""

from __future__ import annotations

from typing import Final

from testbed.benchmarks.figure import AT_LEAST, Figure, beside_limit, median_rate_per_s
from testbed.benchmarks.samples import samples
from virtual_cards.personalisation import load_card

NAME: Final = "personalise"
LIMIT_PER_S: Final = 1_000


def measure() -> list[Figure]:
    """Both applications, every field checked."""
    image = samples().card_image

    def make_a_card() -> None:
        load_card(image)

    rate = median_rate_per_s(make_a_card, 1)
    return [beside_limit(NAME, "cards/s", rate, AT_LEAST, LIMIT_PER_S)]
