"""Virtual cards, readers, PSAM and gates as pytest fixtures, for the tests of other projects.

Installed with the distribution, it needs no line in a conftest. Guide:
docs/guides/pytest-plugin.md.

Options: `--onecard-reader inprocess|pcsc` (in process by default; pcsc starts pcscd and vpcd and
skips the test where they cannot be had), `--onecard-seed TEXT` (another seed, another testbed).
Markers: `onecard_card(balance_fen=...)` and `fault_plan(*faults)` or `fault_plan(path=...)`.

Imports stand inside the fixtures: a test run that uses none of them must not pay for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from virtual_cards.issuer import IssuerSecurityModule
    from virtual_cards.personalisation import PersonalisedCard
    from virtual_cards.readers import FaultPlan, Reader, ReaderRack, TranscriptReader
    from virtual_cards.terminals import Gate, SecurityModule

DEFAULT_SEED = "onecard testbed, pytest"
_FARE_FEN = 300
_STATIONS = ("0001", "0002")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the plugin."""
    group = parser.getgroup("onecard", "virtual cards and readers")
    group.addoption(
        "--onecard-reader",
        choices=("inprocess", "pcsc"),
        default="inprocess",
        help="reader of the fixture card_reader: in process, or pcscd with vpcd",
    )
    group.addoption(
        "--onecard-seed", default=DEFAULT_SEED, help="seed of the testbed's keys (any text)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Markers of the plugin."""
    config.addinivalue_line(
        "markers", "onecard_card(balance_fen=0): what the fixture virtual_card is made with"
    )
    config.addinivalue_line(
        "markers", "fault_plan(*faults, path=None): faults between virtual_card and card_reader"
    )


@pytest.fixture(scope="session")
def onecard_issuer(pytestconfig: pytest.Config) -> IssuerSecurityModule:
    """The issuer's security module of this run's testbed; its keys grow from `--onecard-seed`."""
    from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony  # noqa: PLC0415

    seed = hashlib.sha256(str(pytestconfig.getoption("--onecard-seed")).encode()).digest()
    return IssuerSecurityModule(hold_ceremony(seed))


@pytest.fixture
def virtual_card(
    request: pytest.FixtureRequest, onecard_issuer: IssuerSecurityModule
) -> PersonalisedCard:
    """The card of a made-up person; another one in each test, the same in each run."""
    from virtual_cards.issuer import MadeUpHolder, card_image  # noqa: PLC0415
    from virtual_cards.personalisation import load_card  # noqa: PLC0415

    marker = request.node.get_closest_marker("onecard_card")
    wanted = dict(marker.kwargs) if marker else {}
    digest = hashlib.sha256(request.node.nodeid.encode()).digest()
    holder = MadeUpHolder(int.from_bytes(digest[:4], "big") % 99_999_999 + 1)
    return load_card(card_image(onecard_issuer, holder, **wanted))


@pytest.fixture
def fault_plan(request: pytest.FixtureRequest) -> FaultPlan:
    """The faults of the marker `fault_plan`; none without it."""
    from virtual_cards.readers import FaultPlan  # noqa: PLC0415

    marker = request.node.get_closest_marker("fault_plan")
    if marker is None:
        return FaultPlan()
    if path := marker.kwargs.get("path"):
        return FaultPlan.read(Path(path))
    plan = FaultPlan(tuple(marker.args))
    plan.check()
    return plan


@pytest.fixture(scope="session")
def onecard_rack(pytestconfig: pytest.Config) -> Iterator[ReaderRack | None]:
    """Virtual PC/SC readers of this run with `--onecard-reader pcsc`, else None."""
    if pytestconfig.getoption("--onecard-reader") != "pcsc":
        yield None
        return
    from virtual_cards.readers import ReaderRack, ReadersAreUnavailable  # noqa: PLC0415
    from virtual_cards.readers.pcsc import is_available  # noqa: PLC0415

    if not is_available():
        pytest.skip("pyscard is not installed")
    rack = ReaderRack(2)
    try:
        rack.start()
    except ReadersAreUnavailable as fault:
        pytest.skip(fault.en)
    yield rack
    rack.stop()


@pytest.fixture
def card_reader(
    virtual_card: PersonalisedCard, fault_plan: FaultPlan, onecard_rack: ReaderRack | None
) -> Iterator[TranscriptReader]:
    """A reader with `virtual_card` in it; records every exchange (`card_reader.transcript`)."""
    from virtual_cards.readers import (  # noqa: PLC0415
        FaultyCard,
        InProcessReader,
        TranscriptReader,
    )

    inserted = FaultyCard(virtual_card.card, fault_plan)
    if onecard_rack is None:
        yield TranscriptReader(InProcessReader(card=inserted))
        return
    onecard_rack.insert(0, inserted)
    reader = onecard_rack.reader(0)
    yield TranscriptReader(reader)
    reader.disconnect()
    onecard_rack.remove(0)


@pytest.fixture
def psam(onecard_issuer: IssuerSecurityModule) -> SecurityModule:
    """A terminal's PSAM of this testbed, powered."""
    from virtual_cards.issuer import psam_image  # noqa: PLC0415
    from virtual_cards.personalisation import load_psam  # noqa: PLC0415
    from virtual_cards.readers import InProcessReader  # noqa: PLC0415
    from virtual_cards.terminals import SecurityModule  # noqa: PLC0415

    return SecurityModule(InProcessReader("PSAM", load_psam(psam_image(onecard_issuer)).card))


@pytest.fixture
def gate_at(card_reader: Reader, psam: SecurityModule) -> Callable[[str], Gate]:
    """Makes gates at the card's reader: `gate_at("0001")`, `gate_at("0002")`; a ride costs 300 fen.

    The gates are offline: what they would report waits in `gate.journal`.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from virtual_cards.terminals import Gate, TerminalParameters  # noqa: PLC0415
    from virtual_cards.terminals.parameters import Fare, RevocationList, Station  # noqa: PLC0415

    parameters = TerminalParameters(
        issued_at="2026-01-01T00:00:00+08:00",
        operator="01",
        city="5000",
        line="01",
        stations=tuple(Station(code, f"{code}站", f"Station {code}") for code in _STATIONS),
        fares=tuple(Fare(start, end, _FARE_FEN) for start in _STATIONS for end in _STATIONS),
        minimum_entry_balance_fen=_FARE_FEN,
        revocation_list=RevocationList(0, "2026-01-01T00:00:00+08:00", ()),
    )
    return lambda station: Gate(
        card_reader, psam, parameters, station=station, clock=lambda: datetime.now(UTC)
    )
