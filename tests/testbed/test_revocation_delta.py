"""The program of a terminal keeps a list of 100,000 purses by what changed, over HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest

from card_platform.installation import open_installation
from card_platform.settings import Settings
from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access, ServiceDesk
from testbed.terminals import equipment as program
from testbed.terminals.enrolment import Place
from testbed.terminals.equipment import Equipment
from testbed.terminals.kinds import GATE
from tests.agreement.conftest import Town
from virtual_cards.readers import InProcessReader, PcscReader
from virtual_cards.terminals import Gate, TurnedAway
from virtual_cards.terminals.parameters import RevocationList
from virtual_cards.terminals.revocation_changes import digest_of

LISTED = 100_000
DELTA_MAX_BYTES = 20_000
"""Fares of every pair of stations, and what changed; the whole list is over two million bytes."""


def list_purses(data: Path) -> None:
    """As many lost cards, before the platform starts."""
    open_installation(Settings(data)).database.close()
    serials = [(f"03105000{number:012d}", "2026-01-01") for number in range(500_000, 600_000)]
    file = Path(Settings(data).sqlalchemy_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany("INSERT INTO revoked_purses VALUES (?, ?)", serials)
        connection.execute(
            "INSERT INTO counters VALUES ('revocation-list-version', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [LISTED],
        )


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    data = tmp_path / "platform"
    list_purses(data)
    with PlatformProcess(data) as platform:
        town = Town(ServiceDesk(Access.read(platform.access_file)))
        yield town
        for line in town.lines:
            line.close()
        town.desk.__exit__(None, None, None)


def test_a_gate_fetches_a_hundred_thousand_purses_once_and_then_what_changed(
    tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "ASK_EVERY_S", 0.0)
    _, card_id, card = town.issue()
    sizes: list[tuple[str, int]] = []
    told: list[str] = []

    def hear(answer: httpx.Response) -> None:
        answer.read()
        if "terminal-parameters" in answer.url.path:
            sizes.append((answer.url.query.decode(), answer.num_bytes_downloaded))

    def start() -> Equipment:
        begun = Equipment(
            GATE,
            Place(station="0201"),
            access=tmp_path / "platform/access.json",
            folder=tmp_path / "gate",
            reader=PcscReader("a reader nobody asks"),
            tell=lambda _zh, en: told.append(en),
        )
        begun.line.tell_answers_to(hear)
        return begun

    equipment = start()
    first = equipment.parameters.revocation_list
    assert (len(first.application_serials), first.version) == (LISTED, LISTED)
    reader = InProcessReader()
    gate = Gate(reader, equipment.module, equipment.parameters, station="0201",
                clock=equipment.clock)  # fmt: skip
    equipment.use_parameters = gate.use_parameters

    equipment.tell_and_ask()
    town.desk.post("clerk", f"/v1/cards/{card_id}/loss-report", {"kind": "formal"})
    equipment.tell_and_ask()
    assert [query for query, _ in sizes] == [f"since={LISTED}"] * 2
    assert max(size for _, size in sizes) < DELTA_MAX_BYTES
    listed = equipment.parameters.revocation_list
    assert (len(listed.application_serials), listed.version) == (LISTED + 1, LISTED + 1)
    assert listed.issued_at > first.issued_at
    reader.insert(card.card)
    refused = gate.enter()
    assert isinstance(refused, TurnedAway)
    assert (refused.reason, refused.refusal.revocation_list_version) == (
        "card-on-revocation-list",
        LISTED + 1,
    )
    equipment.close()

    again = start()
    assert again.parameters.revocation_list.version == LISTED + 1
    assert len(again.parameters.revocation_list.application_serials) == LISTED + 1
    _lose_a_purse(again)
    sizes.clear()
    again.tell_and_ask()
    queries = [query for query, _ in sizes]
    assert queries == [f"since={LISTED + 1}", ""], "the chain does not hold: all of it"
    assert len(again.parameters.revocation_list.application_serials) == LISTED + 1
    delta_bytes, whole_bytes = (size for _, size in sizes)
    assert whole_bytes > 100 * delta_bytes
    print(f"delta {delta_bytes} bytes, whole {whole_bytes} bytes")
    again.close()
    assert told == []

    kept = msgspec.json.decode((tmp_path / "gate/revocation_list.json").read_bytes())
    assert len(kept["application_serials"]) == LISTED + 1
    assert (tmp_path / "gate/parameters.json").stat().st_size < DELTA_MAX_BYTES


def _lose_a_purse(equipment: Equipment) -> None:
    """A list that lost a purse on its way."""
    heard = equipment.premises.heard()
    assert heard is not None
    right = heard.parameters.revocation_list
    serials = right.application_serials[1:]
    wrong = RevocationList(right.version, right.issued_at, serials, digest_of(serials))
    parameters = msgspec.structs.replace(heard.parameters, revocation_list=wrong)
    equipment._heard = msgspec.structs.replace(heard, parameters=parameters)
