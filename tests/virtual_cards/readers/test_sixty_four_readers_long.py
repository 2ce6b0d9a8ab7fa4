"""64 readers with 64 cards, all tapping at once for a minute through PC/SC: no error."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.virtual_cards.test_gate import parameters
from virtual_cards.issuer import (
    IssuerSecurityModule,
    MadeUpHolder,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.personalisation import PersonalisedCard, load_card, load_psam
from virtual_cards.readers import InProcessReader, PcscReader, ReaderRack, pcsc, pcscd
from virtual_cards.terminals import Admitted, Direction, Gate, SecurityModule

READERS = 64
SECONDS = 60.0
BALANCE_FEN = 5_000_000

pytestmark = [
    pytest.mark.long,
    pytest.mark.pcsc,
    pytest.mark.skipif(
        bool(pcscd.missing_parts()) or not pcsc.is_available(), reason="needs pcscd, vpcd, pyscard"
    ),
]


@pytest.fixture
def rack() -> Iterator[ReaderRack]:
    with ReaderRack(READERS) as rack:
        yield rack


class Passenger:
    """A card at its own two gates, riding to and fro until told to stop."""

    def __init__(self, number: int, rack: ReaderRack, hsm: IssuerSecurityModule) -> None:
        image = card_image(hsm, MadeUpHolder(number + 1), balance_fen=BALANCE_FEN)
        self.card: PersonalisedCard = load_card(image)
        rack.insert(number, self.card.card)
        reader: PcscReader = rack.reader(number)
        module = SecurityModule(
            InProcessReader("PSAM", load_psam(psam_image(hsm, number + 1)).card)
        )
        self.gates = {
            station: Gate(
                reader, module, parameters(), station=station, clock=lambda: datetime.now(UTC)
            )
            for station in ("0301", "0305")
        }
        self.taps = 0
        self.spent_fen = 0
        self.fault: BaseException | None = None

    def ride_until(self, deadline: float) -> None:
        try:
            while time.monotonic() < deadline:
                for station, direction in (("0301", Direction.ENTRY), ("0305", Direction.EXIT)):
                    passage = self.gates[station].pass_card(direction)
                    assert isinstance(passage, Admitted), passage
                    self.taps += 1
                    self.spent_fen += passage.tap.amount_fen
        except BaseException as fault:  # noqa: BLE001 - told by the test, not by the thread
            self.fault = fault


def test_all_tap_at_once(rack: ReaderRack) -> None:
    hsm = IssuerSecurityModule(hold_ceremony(bytes(range(32))))
    passengers = [Passenger(number, rack, hsm) for number in range(READERS)]
    deadline = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=passenger.ride_until, args=(deadline,)) for passenger in passengers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [passenger.fault for passenger in passengers if passenger.fault] == []
    for passenger in passengers:
        assert passenger.taps > 0
        balance = passenger.card.card.memory.values()["transit/balance_fen"]
        assert balance == BALANCE_FEN - passenger.spent_fen
    taps = sum(passenger.taps for passenger in passengers)
    print(f"{READERS} readers, {taps} taps in {SECONDS:g} s, {taps / SECONDS:.0f}/s, 0 errors")
