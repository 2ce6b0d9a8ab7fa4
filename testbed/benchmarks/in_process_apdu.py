"""How many plain commands a second a card answers in its own process: SELECT and READ RECORD."""

from __future__ import annotations

from typing import Final

from testbed.benchmarks.figure import AT_LEAST, Figure, beside_limit, median_rate_per_s
from testbed.benchmarks.samples import READ_EF05_RECORD_1, require_success, samples
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.applets.social_security.specification import SSSE_NAME
from virtual_cards.personalisation import load_card

NAME: Final = "in-process-apdu"
LIMIT_PER_S: Final = 40_000
SELECT_SSSE: Final = CommandApdu(0x00, 0xA4, 0x04, 0x00, SSSE_NAME, LE_MAX).to_bytes()


def measure() -> list[Figure]:
    """Bytes in, bytes out: no reader between."""
    card = load_card(samples().card_image).card
    card.power_on()

    def select_and_read() -> None:
        card.transmit(SELECT_SSSE)
        card.transmit(READ_EF05_RECORD_1)

    require_success("SELECT", card.transmit(SELECT_SSSE))
    rate = median_rate_per_s(select_and_read, 2)
    require_success("READ RECORD", card.transmit(READ_EF05_RECORD_1))
    return [beside_limit(NAME, "APDU/s", rate, AT_LEAST, LIMIT_PER_S)]
