"""What the benchmarks of cards and gates work on: a card's image, a PSAM's image, gate parameters.

Rules: they come from a card platform, as a card does that a person holds; the platform has ended
before anything is measured. The rides cost nothing, so that the purse lasts: the same commands are
exchanged whatever the amount.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.residents import make_residents
from scenarios.service_desk import Access, ServiceDesk
from testbed.benchmarks.figure import CannotMeasure, FigureIsRefused
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine

STATION: Final = "0201"
READ_EF05_RECORD_1: Final = bytes.fromhex("00B2012C00")
_SITE: Final = "CQ-YZ-001"
_SEED: Final = 1
_BALANCE_FEN: Final = 10_000
_SUCCESS: Final = b"\x90\x00"


@dataclass(frozen=True, slots=True)
class Samples:
    """A card and a gate of one made-up town; images as JSON."""

    card_image: bytes
    psam_image: bytes
    parameters: TerminalParameters


@cache
def samples() -> Samples:
    """Made once a run. Raises `CannotMeasure` when the platform does not start."""
    with tempfile.TemporaryDirectory(prefix="onecard-bench-") as folder:
        try:
            with PlatformProcess(Path(folder, "platform")) as platform:
                return _made_by(platform.access_file)
        except PlatformDidNotStart as fault:
            raise CannotMeasure(fault.zh, fault.en) from None


def require_success(what: str, response: bytes) -> None:
    """Raises `FigureIsRefused` unless the response ends in 9000."""
    if not response.endswith(_SUCCESS):
        told = response[-2:].hex().upper()
        raise FigureIsRefused(
            f"{what} 应答 {told}，应为 9000。", f"{what} answers {told}, not 9000."
        )


def _made_by(access_file: Path) -> Samples:
    resident = make_residents(1, _SEED)[0]
    with ServiceDesk(Access.read(access_file)) as desk:
        card_id = desk.apply(resident.form(), resident.document())["card_id"]
        image: dict[str, Any] = desk.personalisation_image(card_id)
        terminal = desk.enrol_terminal("metro_gate", STATION)
        with PlatformLine(desk.access.url, terminal["token"]) as line:
            parameters = line.terminal_parameters()
    image["transit"]["balance_fen"] = _BALANCE_FEN
    free = tuple(msgspec.structs.replace(fare, fare_fen=0) for fare in parameters.fares)
    return Samples(
        msgspec.json.encode(image),
        msgspec.json.encode(terminal["psam_image"]),
        msgspec.structs.replace(parameters, fares=free),
    )
