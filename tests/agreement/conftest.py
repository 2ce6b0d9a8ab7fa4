"""A platform of its own for the agreement tests, with a counter and gates at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from scenarios.platform_process import PlatformProcess
from scenarios.residents import Resident, make_residents
from scenarios.service_desk import SITE, Access, ServiceDesk
from tests.books import require_whole_books
from virtual_cards.personalisation import PersonalisedCard, load_card, load_psam
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import (
    BusValidator,
    Canteen,
    Counter,
    Gate,
    HospitalDesk,
    Journal,
    PlatformLine,
    SecurityModule,
    StationDesk,
)
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME


def now() -> datetime:
    return datetime.now(CHINA_STANDARD_TIME)


@dataclass
class Town:
    """A platform and everything a test needs around it."""

    desk: ServiceDesk
    reader: InProcessReader = field(default_factory=InProcessReader)
    lines: list[PlatformLine] = field(default_factory=list)
    people: Iterator[Resident] = field(default_factory=lambda: iter(make_residents(500, 77)))

    def issue(self) -> tuple[Resident, str, PersonalisedCard]:
        """A resident with an active card."""
        resident = next(self.people)
        card_id, image = self.desk.issue(resident.form(), resident.document())
        return resident, card_id, load_card(image)

    @cached_property
    def hospital_site(self) -> str:
        """A designated hospital."""
        site_id = self.desk.open_site("测试医院", "hospital")
        self.desk.designate(site_id, "hospital", 3)
        return site_id

    def counter(self) -> Counter:
        """A counter at this town's reader."""
        line, module, _ = self.enrol("counter", None)
        return Counter(self.reader, module, line)

    def hospital(self) -> HospitalDesk:
        """A desk of a hospital."""
        line, module, _ = self.enrol("hospital_desk", None)
        return HospitalDesk(self.reader, module, line.terminal_parameters(), line, clock=now)

    def bus(self, bus_line: str) -> BusValidator:
        """A validator on a bus of that line."""
        line, module, _ = self.enrol("bus_validator", None, bus_line=bus_line)
        told = line.terminal_parameters()
        return BusValidator(self.reader, module, told, bus_line=bus_line, clock=now, line=line)

    def station_desk(self) -> StationDesk:
        """The help desk of a station."""
        line, module, _ = self.enrol("counter", None)
        return StationDesk(self.reader, module, line.terminal_parameters(), clock=now, line=line)

    def till(self, journal: Journal | None = None) -> Canteen:
        """A till of a canteen; with a journal, its key is enrolled."""
        key = None if journal is None else journal.key.public.hex()
        line, module, _ = self.enrol("canteen", None, public_key=key)
        told = line.terminal_parameters()
        return Canteen(self.reader, module, told, clock=now, line=line, journal=journal)

    def gate(self, station: str, module: SecurityModule | None = None) -> Gate:
        """A gate at this town's reader; with a PSAM of somewhere else when one is given."""
        line, own_module, _ = self.enrol("metro_gate", station)
        return Gate(
            self.reader,
            module or own_module,
            line.terminal_parameters(),
            station=station,
            clock=now,
            line=line,
        )

    def enrol(
        self,
        kind: str,
        station: str | None,
        *,
        bus_line: str | None = None,
        public_key: str | None = None,
    ) -> tuple[PlatformLine, SecurityModule, dict[str, Any]]:
        """Line, PSAM and answer of a new terminal."""
        site = self.hospital_site if kind == "hospital_desk" else SITE
        answer = self.desk.enrol_terminal(
            kind, station, bus_line=bus_line, public_key=public_key, site=site
        )
        line = PlatformLine(self.desk.access.url, answer["token"])
        self.lines.append(line)
        module = SecurityModule(InProcessReader("PSAM", load_psam(answer["psam_image"]).card))
        return line, module, answer


@pytest.fixture(scope="module")
def found_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Town]]:
    """Founds towns, each with a platform and keys of its own."""
    running: list[tuple[PlatformProcess, Town, Path]] = []

    def found() -> Town:
        data: Path = tmp_path_factory.mktemp("platform")
        process = PlatformProcess(data).start()
        town = Town(ServiceDesk(Access.read(process.access_file)))
        running.append((process, town, data))
        return town

    yield found
    for process, town, data in running:
        for line in town.lines:
            line.close()
        town.desk.__exit__(None, None, None)
        process.stop()
        require_whole_books(data)


@pytest.fixture(scope="module")
def town(found_town: Callable[[], Town]) -> Town:
    """The town most tests live in."""
    return found_town()
