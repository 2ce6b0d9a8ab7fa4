"""Terminals as programs: at real PC/SC readers, with a real platform, offline, torn and killed."""

from __future__ import annotations

import copy
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access, ServiceDesk
from tests.agreement.conftest import Town
from tests.agreement.test_functions_on_cards import nationally_required
from tests.books import require_whole_books
from tests.testbed.onecard import ONECARD
from virtual_cards.personalisation import PersonalisedCard, load_card
from virtual_cards.readers import Fault, FaultPlan, FaultyCard, ReaderRack, pcscd
from virtual_cards.readers.vpcd import CardInSlot
from virtual_cards.terminals import CardRefusesCommand

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.skipif(bool(pcscd.missing_parts()), reason="needs pcscd and vpcd"),
]
DEBIT = "8054"
Json = dict[str, Any]


@dataclass
class Hall:
    """A room with a platform, one reader and a folder for terminals."""

    rack: ReaderRack
    data: Path
    folder: Path
    platform: PlatformProcess
    town: Town
    temporary: Path
    """A short path, since Unix sockets stand in it, and apart from the readers of whoever runs
    this.
    """
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *words: str, reader: int = 0) -> subprocess.Popen[str]:
        """`onecard terminals run ...` at a reader."""
        service = self.rack.service
        here = {"TMPDIR": str(self.temporary), "PCSCLITE_CSOCK_NAME": str(service.socket_path)}
        process = subprocess.Popen(
            [ONECARD, "terminals", "run", *words, "--access", str(self.platform.access_file),
             "--reader", service.names[reader]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=self.folder, env={**os.environ, "LANG": "C.UTF-8", "LC_ALL": "", **here},
        )  # fmt: skip
        self.running.append(process)
        return process

    def once(self, *words: str, expect: int = 0) -> Json:
        """One card; its outcome."""
        process = self.start(*words, "--once", "--json", "-")
        told, warned = process.communicate(timeout=60)
        assert process.returncode == expect, warned
        (line,) = told.splitlines()
        outcome = json.loads(line)
        assert isinstance(outcome, dict)
        return outcome

    def wrong(self, *words: str) -> tuple[int, str]:
        """A call that ends by itself; exit code and what it says."""
        process = self.start(*words)
        told, warned = process.communicate(timeout=60)
        assert told == ""
        assert "Traceback" not in warned
        return process.returncode, warned

    def issue(self, balance_fen: int = 0) -> tuple[str, PersonalisedCard]:
        """A card with money on it, and its id at the platform."""
        _, card_id, card = self.town.issue()
        if balance_fen:
            self.town.reader.insert(card.card)
            self.town.counter().load(balance_fen)
            self.town.reader.remove()
        return card_id, card

    def hold(self, card: CardInSlot) -> None:
        """Put a card on the reader; it stays until another comes."""
        self.rack.remove(0)
        self.rack.insert(0, card)

    def stop_platform(self) -> None:
        """The platform goes away."""
        self.town.desk.__exit__(None, None, None)
        for line in self.town.lines:
            line.close()
        self.town.lines.clear()
        self.platform.stop()

    def start_platform(self) -> None:
        """It is back, at another port."""
        self.platform.start()
        self.town.desk = ServiceDesk(Access.read(self.platform.access_file))

    def spent_fen(self, card_id: str) -> list[int]:
        """What the platform knows of purchases, the first one first."""
        latest_first = self.town.desk.transit(card_id)["purchases"]
        return [each["amount_fen"] for each in reversed(latest_first)]


@pytest.fixture(scope="module")
def rack() -> Iterator[ReaderRack]:
    with ReaderRack(2) as rack:
        yield rack


@pytest.fixture(scope="module")
def platform_hall(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[PlatformProcess, Town, Path]]:
    data = tmp_path_factory.mktemp("platform")
    platform = PlatformProcess(data).start()
    town = Town(ServiceDesk(Access.read(platform.access_file)))
    yield platform, town, data
    town.desk.__exit__(None, None, None)
    for line in town.lines:
        line.close()
    platform.stop()
    require_whole_books(data)


@pytest.fixture
def hall(
    rack: ReaderRack, platform_hall: tuple[PlatformProcess, Town, Path], tmp_path: Path
) -> Iterator[Hall]:
    platform, town, data = platform_hall
    temporary = Path(tempfile.mkdtemp(prefix="onecard-hall-", dir="/tmp"))
    hall = Hall(rack, data, tmp_path, platform, town, temporary)
    yield hall
    for process in hall.running:
        process.kill()
        process.communicate()
    rack.remove(0)
    shutil.rmtree(temporary)


def test_a_gate_lets_a_card_in_and_out_and_the_books_agree(hall: Hall) -> None:
    card_id, card = hall.issue(5_000)
    hall.hold(card.card)
    entered = hall.once("gate", "--station", "曾家岩")
    assert (entered["result"], entered["did"], entered["amount_fen"]) == ("served", "entry", 0)
    again = hall.once("gate", "--station", "0205", expect=1)
    assert (again["result"], again["reason"]) == ("turned-away", "missing-exit")
    left = hall.once("gate", "--station", "0218", "--direction", "exit")
    assert left["reported"] is True
    assert left["balance_after_fen"] == 5_000 - left["amount_fen"] < 5_000
    view = hall.town.desk.transit(card_id)
    assert view["balance_fen"] == left["balance_after_fen"]
    (ride,) = view["rides"]
    assert ride["charged_fen"] == left["amount_fen"]
    assert [each["reason"] for each in view["refusals"]] == ["missing-exit"]
    assert entered["terminal"] == again["terminal"] != left["terminal"]


def test_a_counter_gives_a_blocked_card_its_pin_back(hall: Hall) -> None:
    resident, card_id, card = hall.town.issue()
    hall.town.reader.insert(card.card)
    for _ in range(6):
        with pytest.raises(CardRefusesCommand, match="63C"):
            hall.town.counter().answer_challenge(bytes(8), bytes(8), "000000")
    hall.town.reader.remove()
    hall.hold(card.card)
    hall.town.desk.serve_card(card_id, "pin-reports", {"action": "lock"})
    shown = ("--card-id", card_id, "--document")
    outcome = hall.once("counter", "--new-pin", "246810", *shown, resident.number)
    assert (outcome["result"], outcome["did"]) == ("served", "pin-reset")
    assert hall.town.desk.record(card_id)["functions"]["pin"] == "set"
    code, told = hall.wrong("counter", "--new-pin", "246810", "--once")
    assert code == 2
    assert "--card-id" in told
    hall.rack.remove(0)
    hall.town.reader.insert(card.card)
    hall.town.counter().answer_challenge(bytes(8), bytes(8), "246810")
    hall.town.reader.remove()


def test_a_lost_card_is_turned_away_by_gate_and_counter(hall: Hall) -> None:
    card_id, card = hall.issue(5_000)
    hall.town.desk.report_loss(card_id)
    hall.hold(card.card)
    outcome = hall.once("gate", "--station", "0205", expect=1)
    assert outcome["reason"] == "card-on-revocation-list"
    outcome = hall.once("counter", expect=1)
    assert (outcome["did"], outcome["reason"]) == ("identity", "card-is-not-active")


def test_a_kiosk_loads_both_purses_and_a_hospital_is_paid(hall: Hall) -> None:
    card_id, card = hall.issue()
    hall.town.desk.grant_medical_credit(card_id, 1, 3_000)
    hall.hold(card.card)
    assert hall.once("kiosk", "--amount-fen", "2000")["balance_after_fen"] == 2_000
    loaded = hall.once("kiosk", "--medical-fen", "3000")
    assert (loaded["did"], loaded["balance_after_fen"]) == ("medical-load", 3_000)
    beyond = hall.once("kiosk", "--medical-fen", "1", expect=1)
    assert beyond["reason"] == "insufficient-medical-credit"
    shown = hall.once("kiosk")
    assert shown["facts"]["balance_fen"] == 2_000
    assert shown["facts"]["medical_1_fen"] == 3_000
    wrong = hall.once("hospital", "--amount-fen", "3500", "--pin", "000000", expect=1)
    assert wrong["reason"] == "pin-wrong"
    paid = hall.once("hospital", "--amount-fen", "3500")
    assert (paid["amount_fen"], paid["facts"]["unpaid_fen"]) == (3_000, 500)
    assert paid["reported"] is True
    assert hall.town.desk.medical(card_id)["balance_fen"] == {"1": 0, "2": 0}
    empty = hall.once("pharmacy", "--amount-fen", "100", expect=1)
    assert empty["reason"] == "insufficient-balance"
    changed = hall.once("kiosk", "--new-pin", "654321")
    assert changed["did"] == "pin-change"
    again = hall.once("kiosk", "--new-pin", "123456", expect=1)
    assert again["reason"] == "pin-wrong", "the old PIN does not hold any more"


def test_bus_library_and_station_desk_serve_a_card(hall: Hall) -> None:
    card_id, card = hall.issue(2_000)
    hall.hold(card.card)
    assert hall.once("bus", "--bus-line", "104路")["did"] == "single"
    assert hall.once("library")["facts"] == {"offline": False, "certificates": None}
    assert hall.once("library", "--amount-fen", "150")["amount_fen"] == 150
    assert hall.once("station-desk", expect=1)["reason"] == "missing-entry"
    assert hall.spent_fen(card_id) == [150]


def test_a_till_works_alone_and_tells_the_platform_when_it_is_back(hall: Hall) -> None:
    card_id, card = hall.issue(10_000)
    hall.hold(card.card)
    assert hall.once("canteen", "--amount-fen", "100")["reported"] is True
    hall.stop_platform()
    till = hall.start("canteen", "--amount-fen", "200", "--json", "-")
    assert till.stdout is not None
    assert till.stderr is not None
    for waiting in (1, 2):
        outcome = json.loads(till.stdout.readline())
        assert (outcome["reported"], outcome["waiting"]) == (False, waiting)
        hall.hold(card.card)
    assert json.loads(till.stdout.readline())["waiting"] == 3
    till.send_signal(signal.SIGTERM)
    warned = till.communicate(timeout=60)[1]
    assert till.returncode == 130
    assert "working alone, revocation list" in warned
    hall.start_platform()
    assert hall.spent_fen(card_id) == [100]
    outcome = hall.once("canteen", "--amount-fen", "300")
    assert (outcome["reported"], outcome["waiting"]) == (True, 0)
    assert hall.spent_fen(card_id) == [100, 200, 200, 200, 300]
    assert outcome["facts"]["terminal_sequence"] == 5, "the same PSAM counts on"
    assert hall.town.desk.transit(card_id)["balance_fen"] == outcome["balance_after_fen"] == 9_000


def test_a_running_terminal_tells_the_platform_as_soon_as_it_is_back(hall: Hall) -> None:
    card_id, card = hall.issue(1_000)
    port = int(Access.read(hall.platform.access_file).url.rsplit(":", 1)[1])
    hall.hold(card.card)
    assert hall.once("canteen", "--amount-fen", "10")["reported"] is True
    hall.rack.remove(0)
    hall.stop_platform()
    till = hall.start("canteen", "--amount-fen", "20")
    assert till.stdout is not None
    assert till.stderr is not None
    assert "working alone" in till.stderr.readline()
    hall.hold(card.card)
    assert "the platform hears of it later" in till.stdout.readline()
    hall.rack.remove(0)
    with PlatformProcess(hall.data, port=port):
        told = next(line for line in till.stderr if "told it" in line)
        assert "told it 1 reports" in told
        till.send_signal(signal.SIGINT)
        till.communicate(timeout=60)
        assert till.returncode == 130
    hall.start_platform()
    assert hall.spent_fen(card_id) == [10, 20]


def test_a_kiosk_leads_holders_in_the_way_they_need(hall: Hall) -> None:
    card_id, card = hall.issue()
    hall.hold(card.card)
    slow = ("--amount-fen", "1000", "--answers-after-s", "60")
    late = hall.once("kiosk", "--way", "ordinary", *slow, expect=1)
    assert (late["result"], late["did"], late["reason"]) == ("turned-away", "load", "no-answer")
    large = hall.once("kiosk", "--way", "large-print", *slow)
    assert (large["balance_after_fen"], large["facts"]["way"]) == (1_000, "large-print")
    assert hall.once("kiosk", "--way", "voice", *slow)["balance_after_fen"] == 2_000
    part = hall.once("kiosk", "--way", "voice", "--amount-fen", "1050", expect=1)
    assert part["reason"] == "not-an-amount"
    shown = hall.once("kiosk", "--way", "large-print")
    assert (shown["did"], shown["facts"]["balance_fen"]) == ("contents", 2_000)
    assert hall.town.desk.transit(card_id)["balance_fen"] == 2_000
    changed = hall.once("kiosk", "--way", "voice", "--new-pin", "654321")
    assert (changed["result"], changed["did"]) == ("served", "pin-change")
    wrong = hall.once("kiosk", "--way", "ordinary", "--new-pin", "123456", expect=1)
    assert (wrong["reason"], wrong["facts"]["pin_tries_left"]) == ("pin-wrong", 5)


def test_what_a_kiosk_tells_is_printed_in_its_way_without_what_is_typed(hall: Hall) -> None:
    resident, _, card = hall.town.issue()
    hall.hold(card.card)
    call = ("kiosk", "--new-pin", "654321", "--once", "--way")
    voice, screen = (
        hall.start(*call, way).communicate(timeout=60)[1] for way in ("voice", "large-print")
    )
    assert "[voice] Enter your PIN." in voice
    assert resident.name not in voice
    assert "[screen]\n  Enter your PIN." in screen
    assert not any(pin in voice + screen for pin in ("123456", "654321"))


def test_a_desk_says_whether_a_merged_function_works_on_line_and_by_the_chip(hall: Hall) -> None:
    code, told = hall.wrong("function-desk", "--at", "entrance")
    assert (code, "no scheme is merged there yet" in told) == (2, True)
    scheme = nationally_required(hall.town).scheme_id
    code, told = hall.wrong("function-desk", "--scheme", "moon", "--at", "entrance")
    assert (code, f"there are: 全国入园码 ({scheme})" in told) == (2, True)
    desk = ("function-desk", "--scheme", "全国入园码", "--at", "library")
    _, card_id, card = hall.town.issue()
    hall.hold(card.card)
    unbound = hall.once(*desk, expect=1)
    assert (unbound["did"], unbound["reason"]) == ("function", "function-not-loaded")
    path = f"/v1/card-schemes/{scheme}"
    number = hall.town.desk.card(card_id)["card_number"]
    hall.town.desk.post("department", f"{path}/holders", {"numbers": ["R-1"]})
    hall.town.desk.post("clerk", f"{path}/moves", {"number": "R-1", "card_number": number})
    on_line = hall.once(*desk)
    assert (on_line["card"], on_line["facts"]["decided_by"]) == (number, "platform")
    assert on_line["terminal"] == unbound["terminal"]
    hall.stop_platform()
    assert hall.once(*desk, expect=1)["reason"] == "function-not-on-card"
    code, told = hall.wrong("function-desk", "--scheme", "moon", "--at", "library")
    assert (code, "no desk here is for moon" in told) == (2, True)
    hall.start_platform()
    written = hall.once("counter", "--scheme", scheme, "--number", "R-1")
    assert (written["did"], written["facts"]["function_state"]) == ("function-writing", "on_chip")
    hall.stop_platform()
    alone = hall.once(*desk)
    assert (alone["facts"]["offline"], alone["facts"]["decided_by"]) == (True, "chip")
    assert alone["terminal"] == on_line["terminal"]
    hall.start_platform()
    ended = {"number": "R-1", "reason": "注销"}
    hall.town.desk.post("department", f"{path}/function-ends", ended)
    assert hall.once(*desk, expect=1)["reason"] == "function-ended"
    state = hall.folder / "build" / "terminals" / f"function-desk-library-{scheme}"
    assert hall.once("function-desk", "--state", str(state), expect=1)["did"] == "function"
    code, told = hall.wrong("function-desk", "--state", str(state), "--at", "entrance")
    assert (code, "(--at library), not entrance" in told) == (2, True)


def test_a_genuine_chip_with_the_number_of_another_card_is_turned_away(hall: Hall) -> None:
    (_, card), (_, other) = hall.issue(), hall.issue()
    image, shown = (copy.deepcopy(dict[str, Any](each.image)) for each in (card, other))
    image["card_number"] = shown["card_number"]
    for file in ("EF05", "EF06"):
        says, said = (each["social_security"]["files"][file] for each in (image, shown))
        says |= {tag: value for tag, value in said.items() if tag != "01"}
    hall.hold(load_card(image).card)
    for kind in ("counter", "hospital", "library", "kiosk"):
        outcome = hall.once(kind, expect=1)
        assert (outcome["did"], outcome["reason"]) == (
            "identity",
            "card-number-is-not-the-chips",
        ), kind
        assert "authenticated chip" in outcome["en"]
        assert "芯片" in outcome["zh"]


def test_a_card_torn_out_is_asked_at_its_next_visit_and_pays_once(hall: Hall) -> None:
    card_id, card = hall.issue(1_000)
    tear = FaultPlan((Fault(kind="tear", header=DEBIT, phase="response", byte=4),))
    hall.hold(FaultyCard(card.card, tear))
    torn = hall.once("canteen", "--amount-fen", "400", expect=1)
    assert (torn["result"], torn["reason"]) == ("interrupted", "card-left")
    assert card.card.memory.values()["transit/balance_fen"] == 600, "the card has paid"
    hall.hold(card.card)
    outcome = hall.once("canteen", "--amount-fen", "400")
    assert (outcome["recovered"], outcome["balance_after_fen"]) == (True, 600)
    assert hall.spent_fen(card_id) == [400]
    outcome = hall.once("canteen", "--amount-fen", "400")
    assert (outcome["recovered"], outcome["balance_after_fen"]) == (False, 200)


class HeldCard(FaultyCard):
    """A card that keeps its answer to the debit back until it is told to give it."""

    def __init__(self, card: CardInSlot, *, acts: bool) -> None:
        super().__init__(card, FaultPlan())
        self.asked = threading.Event()
        self.free = threading.Event()
        self._acts = acts

    def transmit(self, command: bytes) -> bytes:
        """The card's answer, late to a debit, which it may not even have heard."""
        if not command.startswith(bytes.fromhex(DEBIT)):
            return super().transmit(command)
        answer = super().transmit(command) if self._acts else b"\x69\x85"
        self.asked.set()
        self.free.wait()
        return answer


@pytest.mark.parametrize("acts", [True, False], ids=["the card had paid", "it had not"])
def test_a_terminal_killed_in_the_middle_goes_on_as_the_same(hall: Hall, acts: bool) -> None:
    card_id, card = hall.issue(1_000)
    held = HeldCard(card.card, acts=acts)
    hall.hold(held)
    till = hall.start("canteen", "--amount-fen", "300")
    assert held.asked.wait(60)
    till.kill()
    till.communicate()
    held.free.set()
    hall.hold(card.card)
    outcome = hall.once("canteen", "--amount-fen", "300")
    assert (outcome["recovered"], outcome["balance_after_fen"]) == (acts, 700)
    assert hall.spent_fen(card_id) == [300]
    # The number the killed program drew is not given again, whether the card had used it or not.
    assert outcome["facts"]["terminal_sequence"] == (1 if acts else 2)
    hall.hold(card.card)
    after = hall.once("canteen", "--amount-fen", "300")
    assert after["facts"]["terminal_sequence"] == (2 if acts else 3)
    assert after["terminal"] == outcome["terminal"]
    assert hall.spent_fen(card_id) == [300, 300]


def test_one_program_at_a_time_and_always_the_same_terminal(hall: Hall, tmp_path: Path) -> None:
    gate = hall.start("gate", "--station", "0201")
    assert gate.stderr is not None
    assert "waits for cards" in gate.stderr.readline()
    code, told = hall.wrong("gate", "--station", "0201")
    assert (code, "runs already" in told) == (2, True)
    gate.send_signal(signal.SIGINT)
    gate.communicate(timeout=60)
    assert gate.returncode == 130
    state = str(tmp_path / "build" / "terminals" / "gate-0201")
    code, told = hall.wrong("bus", "--bus-line", "B104", "--state", state)
    assert (code, "(KIND gate), not bus" in told) == (2, True)
    code, told = hall.wrong("gate", "--station", "0205", "--state", state)
    assert (code, "(--station 0201), not 0205" in told) == (2, True)
    (Path(state) / "journal").unlink()
    code, told = hall.wrong("gate", "--state", state)
    assert (code, "is not the journal this terminal was enrolled with" in told) == (2, True)


def test_a_folder_of_another_platform_or_damaged_is_one_sentence(
    hall: Hall, tmp_path: Path
) -> None:
    state = tmp_path / "till"
    _, card = hall.issue(2_000)
    hall.hold(card.card)
    hall.once("canteen", "--state", str(state))
    hall.hold(card.card)
    identity = json.loads((state / "terminal.json").read_text(encoding="utf-8"))
    (state / "terminal.json").write_text(json.dumps(identity | {"token": "x"}), encoding="utf-8")
    code, told = hall.wrong("canteen", "--state", str(state))
    assert (code, "does not know terminal" in told) == (2, True)
    (state / "terminal.json").write_text(json.dumps(identity), encoding="utf-8")
    (state / "psam.json").write_text("{", encoding="utf-8")
    code, told = hall.wrong("canteen", "--state", str(state))
    assert (code, "psam.json cannot be used" in told) == (2, True)
    (state / "journal").write_text("no journal", encoding="utf-8")
    code, told = hall.wrong("canteen", "--state", str(state))
    assert (code, "journal cannot be used" in told) == (2, True)


def test_places_are_listed_where_one_is_missing_or_unknown(hall: Hall) -> None:
    code, told = hall.wrong("gate")
    assert (code, "0201 Jiaochangkou" in told) == (2, True)
    code, told = hall.wrong("bus", "--bus-line", "moon")
    assert (code, "There are: B104 Bus 104" in told) == (2, True)
    assert not list(hall.folder.glob("build/terminals/*")), "nothing is left of what never was"
