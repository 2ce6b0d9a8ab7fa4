"""Virtual readers through the real pcscd: what a client sees, and what is left afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from virtual_cards.readers import pcsc, pcscd
from virtual_cards.readers.pcscd import PcscService, ReadersAreUnavailable
from virtual_cards.readers.rack import ReaderRack
from virtual_cards.readers.reader import CardIsAbsent

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.skipif(
        bool(pcscd.missing_parts()) or not pcsc.is_available(),
        reason=f"needs {pcscd.missing_parts()} and pyscard: run make set-up as root",
    ),
]


class PlainCard:
    """A card that answers 9000, and says which card it is."""

    def __init__(self, serial: int) -> None:
        self.atr = bytes.fromhex("3B6D000000814A4446866050000000000000")[:-1] + bytes([serial])
        self.commands: list[bytes] = []
        self.resets = 0

    def reset(self) -> bytes:
        self.resets += 1
        return self.atr

    def power_off(self) -> None:
        pass

    def transmit(self, command: bytes) -> bytes:
        self.commands.append(command)
        return command[1:2] + b"\x90\x00"


@pytest.fixture
def rack() -> Iterator[ReaderRack]:
    with ReaderRack(4) as rack:
        yield rack


def test_a_client_sees_every_reader_and_only_the_cards_that_are_in(rack: ReaderRack) -> None:
    assert pcsc.reader_names(rack.service.socket_path) == rack.service.names
    card = PlainCard(7)
    rack.insert(2, card)
    reader = rack.reader(2)
    assert reader.connect() == card.atr
    assert reader.transmit(bytes.fromhex("00A4040000")) == b"\xa4\x90\x00"
    reader.disconnect()
    rack.reader(2).disconnect()


def test_a_card_is_taken_out_and_another_put_in_while_pcscd_runs(rack: ReaderRack) -> None:
    first, second = PlainCard(1), PlainCard(2)
    reader = rack.reader(0)
    rack.insert(0, first)
    assert reader.connect() == first.atr
    assert rack.remove(0) is first
    with pytest.raises(CardIsAbsent):
        reader.transmit(bytes.fromhex("00A4040000"))
    rack.insert(0, second)
    assert reader.connect() == second.atr
    reader.disconnect()


def test_a_card_swapped_faster_than_pcscd_polls_is_still_found(rack: ReaderRack) -> None:
    reader = rack.reader(0)
    for serial in range(4):  # the reader never lets go: its next connect resets a card that is gone
        card = PlainCard(serial)
        rack.insert(0, card)
        assert reader.connect() == card.atr
        assert reader.transmit(bytes.fromhex("00A4040000")) == b"\xa4\x90\x00"
        rack.remove(0)
    reader.disconnect()


def test_two_cards_in_readers_of_one_driver_stay_apart(rack: ReaderRack) -> None:
    cards = [PlainCard(number) for number in range(4)]
    for number, card in enumerate(cards):
        rack.insert(number, card)
    readers = [rack.reader(number) for number in range(4)]
    assert [reader.connect() for reader in readers] == [card.atr for card in cards]
    for number, reader in enumerate(readers):
        reader.transmit(bytes([0, number, 0, 0]))
    assert [card.commands[-1][1] for card in cards] == [0, 1, 2, 3]
    for reader in readers:
        reader.disconnect()


def test_one_process_uses_two_services_at_once(rack: ReaderRack) -> None:
    with ReaderRack(1) as other:
        cards = [PlainCard(3), PlainCard(4)]
        rack.insert(0, cards[0])
        other.insert(0, cards[1])
        readers = [rack.reader(0), other.reader(0)]
        assert [reader.connect() for reader in readers] == [card.atr for card in cards]
        readers[0].transmit(bytes.fromhex("0001"))
        assert cards[0].commands
        assert not cards[1].commands
        for reader in readers:
            reader.disconnect()


def test_a_terminal_finds_a_pcscd_that_was_started_anew(tmp_path: Path) -> None:
    socket = tmp_path / "pcscd.comm"
    terminal: pcsc.PcscReader | None = None
    for serial in (5, 6):
        with ReaderRack(1) as rack:
            card = PlainCard(serial)
            rack.insert(0, card)
            socket.unlink(missing_ok=True)
            socket.symlink_to(rack.service.socket_path)
            terminal = terminal or pcsc.PcscReader(rack.slots[0].name, socket)
            assert terminal.connect() == card.atr
            assert terminal.transmit(bytes.fromhex("00A4040000")) == b"\xa4\x90\x00"
            terminal.disconnect()
    assert terminal is not None
    with pytest.raises(pcsc.PcscError):
        terminal.connect()


def test_more_readers_than_one_pcscd_carries_get_a_second_one() -> None:
    with ReaderRack(18) as rack:
        assert len({slot.name for slot in rack.slots}) == 18
        for index in (0, 15, 16, 17):
            card = PlainCard(index)
            rack.insert(index, card)
            reader = rack.reader(index)
            assert reader.connect() == card.atr
            reader.disconnect()
        assert rack.environment_of(15) != rack.environment_of(16)


def test_a_slot_takes_one_card(rack: ReaderRack) -> None:
    rack.insert(0, PlainCard(1))
    with pytest.raises(RuntimeError, match="already holds a card"):
        rack.insert(0, PlainCard(2))


def test_nothing_listens_on_the_machine(rack: ReaderRack) -> None:
    before = _listened_on_by(os.getpid())
    rack.insert(0, PlainCard(1))
    service = _processes_naming(str(rack.service.socket_path.parent.parent))
    assert service
    assert not [pid for pid in service if _listened_on_by(pid)]
    assert _listened_on_by(os.getpid()) == before
    with socket.create_server(("127.0.0.1", 0)):
        assert len(_listened_on_by(os.getpid())) == len(before) + 1


def test_a_service_that_ends_leaves_no_process_and_no_folder() -> None:
    with ReaderRack(2) as rack:
        folder = rack.service.socket_path.parent.parent
        rack.insert(0, PlainCard(1))
        assert _processes_naming(str(folder))
    assert not folder.exists()
    assert not _processes_naming(str(folder))


def test_an_owner_killed_with_9_takes_pcscd_with_it() -> None:
    script = (
        "import time; from virtual_cards.readers.pcscd import PcscService\n"
        "service = PcscService(1).start(); print(service.socket_path, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().decode().strip()).parent.parent
        assert _processes_naming(str(folder))
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _processes_naming(str(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _processes_naming(str(folder))
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_more_readers_than_pcscd_can_carry_are_refused_with_the_limit() -> None:
    with pytest.raises(ReadersAreUnavailable, match="1 to 16"):
        PcscService(17)


@pytest.mark.skipif(
    os.geteuid() != 0 or pcscd.system_pcscd_state() == "running",
    reason="needs root and a machine whose own pcscd does not run",
)
def test_a_stale_socket_of_a_dead_pcscd_is_cleared_away() -> None:
    script = f"import socket; socket.socket(socket.AF_UNIX).bind({str(pcscd.SYSTEM_SOCKET)!r})"
    pcscd.SYSTEM_SOCKET.parent.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-c", script], check=True)
    assert pcscd.system_pcscd_state() == "stale"
    with PcscService(1, place="system"):
        assert pcscd.system_pcscd_state() == "running"
        with pytest.raises(ReadersAreUnavailable, match="already runs"):
            PcscService(1, place="system").start()
    assert pcscd.system_pcscd_state() == "free"


def _listened_on_by(pid: int) -> set[str]:
    """Local addresses of the machine's own network that the process listens on over TCP.

    By the process and not by the port: those of vpcd are ports that any other program of the
    machine may be given for its side of a connection.
    """
    held = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            held.add(str(descriptor.readlink()))
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in held}


def _processes_naming(text: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
