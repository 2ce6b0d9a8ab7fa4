"""The keeper of the readers: a process that holds a rack of virtual readers between calls of
`onecard`.

`onecard readers up` starts it, `onecard cards insert` and the rest ask it over a Unix socket that
only this user may open, `onecard readers down` ends it. A card is a file: it is read when
inserted, and written back when removed and when the keeper ends.

Protocol: one JSON object a line each way; an answer with `fault` is a refusal in both languages.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import msgspec

from testbed.card_files import FaceName, face_of, read_card
from testbed.faults import CALL_IS_WRONG, MACHINE_LACKS, Fault
from virtual_cards.card_os import LeRule, Protocol
from virtual_cards.personalisation import PersonalisedCard, store_card
from virtual_cards.readers import FaultPlan, FaultyCard, RecordedCard
from virtual_cards.readers.pcscd import Place, ReadersAreUnavailable
from virtual_cards.readers.rack import ReaderRack
from virtual_cards.readers.reader import CardIsTorn

LINE_BYTES_MAX = 1 << 24
START_S_MAX = 10.0
END_S_MAX = 8.0


class Order(msgspec.Struct, frozen=True):
    """What the keeper is asked to do; `slot` from 0, `apdu` in hexadecimal.

    A card goes in with a rule for Le, by one of its faces, and with faults that happen to it;
    `protocol` is the contact face's.
    """

    do: Literal["list", "insert", "remove", "transmit", "transcript", "down"]
    slot: int = 0
    card: str = ""
    apdu: str = ""
    le_rule: LeRule = LeRule.LENIENT
    protocol: Protocol = Protocol.T0
    face: FaceName = "contact"
    faults: FaultPlan = FaultPlan()


class Slot(msgspec.Struct, frozen=True):
    """A reader, the card file in it (empty: none), and what PC/SC programs need to find it."""

    reader: str
    card: str
    environment: dict[str, str] = {}


class Answer(msgspec.Struct, frozen=True):
    """What came of an order; `fault` is (Chinese, English, exit code)."""

    slots: list[Slot] = []
    response: str = ""
    transcript: list[dict[str, Any]] = []
    fault: tuple[str, str, int] | None = None


def control_socket() -> Path:
    """Where the keeper listens: in a folder of this user's only."""
    return Path(tempfile.gettempdir(), f"onecard-{os.getuid()}", "keeper.sock")


def _make_folder(folder: Path) -> None:
    """Make the keeper's folder; one that others could reach is refused, not used."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Fault(
            f"{folder} 不属于当前用户或对他人开放：请删除它后重试。",
            f"{folder} belongs to somebody else or is open to others: remove it and try again.",
        )


def ask(order: Order) -> Answer:
    """Give the keeper an order. Raises `Fault` when none runs or it refuses."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(START_S_MAX)
        try:
            line.connect(str(control_socket()))
        except (FileNotFoundError, ConnectionRefusedError):
            raise Fault(
                "没有虚拟读卡器在运行：请先运行 onecard readers up。",
                "no virtual readers are up: run onecard readers up first.",
            ) from None
        line.sendall(msgspec.json.encode(order) + b"\n")
        with line.makefile("rb") as incoming:
            answer = msgspec.json.decode(incoming.readline(LINE_BYTES_MAX), type=Answer)
    if answer.fault is not None:
        raise Fault(*answer.fault)
    return answer


def is_up() -> bool:
    """Whether a keeper answers."""
    try:
        ask(Order("list"))
    except Fault:
        return False
    return True


def start(readers: int, place: Place) -> Answer:
    """Start a keeper in the background; its readers. Raises `Fault`."""
    _make_folder(control_socket().parent)
    log = control_socket().with_name("keeper.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "testbed.keeper", str(readers), place],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(Fault):
            return ask(Order("list"))
        time.sleep(0.05)
    process.kill()
    told = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    try:
        raise Fault(*msgspec.json.decode(told[-1], type=tuple[str, str, int]))
    except (IndexError, msgspec.MsgspecError):
        said = told[-1] if told else "?"
        raise Fault(
            f"读卡器没有启动（{said}）：请运行 onecard doctor。",
            f"the readers did not start ({said}): run onecard doctor.",
            MACHINE_LACKS,
        ) from None


def stop() -> None:
    """End the keeper and wait until it is gone. Raises `Fault` when none runs."""
    ask(Order("down"))
    deadline = time.monotonic() + END_S_MAX
    while control_socket().exists() and time.monotonic() < deadline:
        time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Held:
    """A card in a slot and the file it came from."""

    file: Path
    card: PersonalisedCard
    recorded: RecordedCard


class Keeper:
    """The process itself."""

    def __init__(self, readers: int, place: Place) -> None:
        self._rack = ReaderRack(readers, place)
        self._held: list[Held | None] = [None] * readers
        self._ending = False

    def run(self) -> None:
        """Serve orders until told to go down."""
        path = control_socket()
        path.unlink(missing_ok=True)
        with self._rack, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            listener.listen(8)
            signal.signal(signal.SIGTERM, self._interrupt)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                while not self._ending:
                    with contextlib.suppress(ConnectionError), listener.accept()[0] as line:
                        self._serve(line)
            except InterruptedError:
                pass
            finally:
                for slot in range(len(self._held)):
                    self._take_out(slot)
        for leftover in (path, path.with_name("keeper.log")):
            leftover.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        raise InterruptedError

    def _serve(self, line: socket.socket) -> None:
        with line.makefile("rb") as incoming:
            raw = incoming.readline(LINE_BYTES_MAX)
        if not raw:
            return
        try:
            answer = self._carry_out(msgspec.json.decode(raw, type=Order))
        except Fault as fault:
            answer = Answer(fault=(fault.zh, fault.en, fault.exit_code))
        line.sendall(msgspec.json.encode(answer) + b"\n")

    def _carry_out(self, order: Order) -> Answer:
        if order.do == "down":
            self._ending = True
            return Answer()
        if order.do == "list":
            return self._listing()
        if order.do == "insert":
            self._insert(order)
        elif order.do == "remove":
            self._held_in(order.slot)
            self._take_out(order.slot)
        elif order.do == "transcript":
            return Answer(transcript=self._held_in(order.slot).recorded.transcript.to_json())
        else:
            return self._transmit(order)
        return self._listing()

    def _listing(self) -> Answer:
        slots = [
            Slot(slot.name, str(held.file) if held else "", self._rack.environment_of(number))
            for number, (slot, held) in enumerate(zip(self._rack.slots, self._held, strict=True))
        ]
        return Answer(slots=slots)

    def _transmit(self, order: Order) -> Answer:
        try:
            response = self._held_in(order.slot).recorded.transmit(bytes.fromhex(order.apdu))
        except CardIsTorn:
            raise Fault(
                f"卡按故障计划断电了：请运行 onecard cards remove --slot {order.slot} 后重新插入。",
                "the card lost its power, as its fault plan says: run onecard cards remove --slot "
                f"{order.slot}, and insert it again.",
            ) from None
        return Answer(response=response.hex().upper())

    def _insert(self, order: Order) -> None:
        slot, file = order.slot, Path(order.card)
        self._require_slot(slot)
        if self._held[slot] is not None:
            raise Fault(
                f"{slot} 号读卡器中已有卡：请先运行 onecard cards remove --slot {slot}。",
                f"reader {slot} already holds a card: "
                f"run onecard cards remove --slot {slot} first.",
            )
        for other, held in enumerate(self._held):
            if held is not None and held.file == file:
                raise Fault(
                    f"这张卡已在 {other} 号读卡器中：一张卡只能在一处。",
                    f"this card is in reader {other}: a card is in one place at a time.",
                )
        card = read_card(file, le_rule=order.le_rule, protocol=order.protocol)
        face = face_of(card, order.face)
        inserted = FaultyCard(face, order.faults) if order.faults.faults else face
        recorded = RecordedCard(inserted, self._rack.slots[slot].name)
        self._rack.insert(slot, recorded)
        self._held[slot] = Held(file, card, recorded)

    def _take_out(self, slot: int) -> None:
        held = self._held[slot]
        self._rack.remove(slot)
        self._held[slot] = None
        if held is not None:
            store_card(held.card, held.file)

    def _require_slot(self, slot: int) -> None:
        if not 0 <= slot < len(self._held):
            raise Fault(
                f"没有 {slot} 号读卡器：共 {len(self._held)} 个，编号从 0 起。",
                f"there is no reader {slot}: there are {len(self._held)}, numbered from 0.",
            )

    def _held_in(self, slot: int) -> Held:
        self._require_slot(slot)
        held = self._held[slot]
        if held is None:
            raise Fault(
                f"{slot} 号读卡器中没有卡：请先运行 onecard cards insert。",
                f"reader {slot} holds no card: run onecard cards insert first.",
            )
        return held


def main() -> int:
    """Run as the keeper: `python -m testbed.keeper READERS PLACE`."""
    readers, place = int(sys.argv[1]), sys.argv[2]
    try:
        Keeper(readers, "system" if place == "system" else "private").run()
    except ReadersAreUnavailable as fault:
        print(msgspec.json.encode((fault.zh, fault.en, MACHINE_LACKS)).decode(), flush=True)
        return MACHINE_LACKS
    except Fault as fault:
        print(msgspec.json.encode((fault.zh, fault.en, CALL_IS_WRONG)).decode(), flush=True)
        return CALL_IS_WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main())
