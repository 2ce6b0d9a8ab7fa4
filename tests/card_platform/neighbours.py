"""Two region platforms on one exchange: each a process of its own, or both in one process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest

from card_platform.regions import load_region
from card_platform.settings import TRANSIT_SEED_FILE
from scenarios.exchange_partners import link_regions
from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access, Role, ServiceDesk
from tests.books import require_whole_books
from tests.card_platform.city import application, document

Clock = Literal["real", "virtual"]
REGIONS = {"CQ": "500000", "SC": "510000"}
WITHIN_S = 90.0
"""How long a test waits for what travels; what is measured is elsewhere."""


class Neighbour:
    """One region: its process, which can be killed and started again, and its desk."""

    def __init__(
        self, region: str, folder: Path, database: str | None, clock: Clock = "real"
    ) -> None:
        self._clock = clock
        self.region = region
        self.code = REGIONS[region]
        self._folder = folder
        self._database = database
        self._port = 0

    def call_on(self, access_file: Path) -> None:
        """Take the desk of a platform that runs."""
        self.desk = ServiceDesk(Access.read(access_file))

    def start(self) -> None:
        """Start it, at the address it had."""
        self.process = PlatformProcess(
            self._folder, self._database, self._port, region=self.region, clock=self._clock
        ).start()
        self.call_on(self.process.access_file)
        self._port = int(self.desk.access.url.rpartition(":")[2])

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.desk.__exit__(None, None, None)

    def stop(self) -> None:
        """End it."""
        self.process.stop()
        self.desk.__exit__(None, None, None)

    def apply(self, sequence: int = 1) -> dict[str, Any]:
        """An application of this region's."""
        body = application(sequence, region=self.code)
        return self.desk.post("clerk", "/v1/applications", body)

    def active_card(self, sequence: int = 1) -> dict[str, Any]:
        """A card in its holder's hand."""
        granted = self.apply(sequence)
        image = self.desk.personalisation_image(granted["card_id"])
        self.desk.report_production(granted["card_id"], bytes.fromhex(image["historical_bytes"]))
        return self.desk.activate(granted["card_id"], document(sequence))

    def bus(self, operator: str) -> tuple[str, str, str]:
        """A bus of that operator: its line, number and token."""
        line = str(load_region(self.region).transit.bus_lines[0].code)
        body = {"kind": "bus_validator", "operator": operator, "station": None, "bus_line": line}
        made = self.desk.post("operator", "/v1/terminals", body | {"site": "车辆段"})
        return line, str(made["terminal_number"]), str(made["token"])

    def joint_service_point(self, name: str = "川渝通办窗口") -> str:
        """A site where services for other regions' cards are taken in."""
        site = {
            "area": self.code,
            "kind": "joint-service-point",
            "name_zh": name,
            "address_zh": "测试路1号",
            "phone": "02312333",
            "equipment": ["card-reader", "code-scanner", "wheelchair-access"],
            "hours": [{"weekday": 1, "opens": "09:00", "closes": "17:00"}],
        }
        return str(self.desk.post("operator", "/v1/sites", site)["site"]["site_id"])

    def decide(
        self, number: str, decision: str, reason: str | None = None, role: Role = "supervisor"
    ) -> dict[str, Any]:
        """A decision over a service the other region took in."""
        path = f"/v1/services-from-regions/{number}/decision"
        return self.desk.post(role, path, {"decision": decision, "reason": reason})

    def joint_service(self, request_id: str, *past: str) -> dict[str, Any]:
        """What became of a joint service, once it is past being passed on, and those states."""

        def decided() -> dict[str, Any] | None:
            told = self.desk.get("clerk", f"/v1/joint-services/{request_id}")
            return None if told["state"] in ("passed-on", *past) else told

        told: dict[str, Any] = wait_for(decided)
        return told


def wait_for(look: Callable[[], Any]) -> Any:
    """What the look finds, once it finds something."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {WITHIN_S} s")


@contextmanager
def two_regions(
    tmp_path: Path, request: pytest.FixtureRequest, database: str, clock: Clock = "real"
) -> Iterator[tuple[Neighbour, Neighbour]]:
    """Chongqing and Sichuan, linked."""
    urls: dict[str, str | None] = dict.fromkeys(REGIONS)
    if database == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        for region in REGIONS:
            name = f"test_{region.lower()}_{time.time_ns()}"
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload,unused-ignore]
            urls[region] = f"{server}/{name}"
    chongqing, sichuan = (Neighbour(name, tmp_path / name, urls[name], clock) for name in REGIONS)
    for region in REGIONS:  # their terminals take one another's purses
        (tmp_path / region).mkdir()
        (tmp_path / region / TRANSIT_SEED_FILE).write_text("5A" * 32)
    try:
        chongqing.start()
        sichuan.start()
        link_regions([chongqing.desk, sichuan.desk])
        yield chongqing, sichuan
    finally:
        chongqing.stop()
        sichuan.stop()
    for region, url in urls.items():
        require_whole_books(tmp_path / region, url)


@contextmanager
def one_process(tmp_path: Path) -> Iterator[tuple[Neighbour, Neighbour]]:
    """The same two in one process, which links them by itself."""
    with PlatformProcess(tmp_path, region=",".join(REGIONS)):
        chongqing, sichuan = (Neighbour(name, tmp_path / name, None) for name in REGIONS)
        for each in (chongqing, sichuan):
            each.call_on(tmp_path / each.region / "access.json")
        with chongqing.desk, sichuan.desk:
            yield chongqing, sichuan
    for region in REGIONS:
        require_whole_books(tmp_path / region)
