"""What can go wrong between a card and its reader, as data: a plan of faults, with its seed.

A fault happens at one exchange, named by the first bytes of its command and which of those commands
it is. `FaultyCard` stands between a card and any slot, in process or vpcd, and makes the plan
happen; the card itself knows nothing of it.

- `tear`: power fails after `byte` bytes of the command (the card has not acted: it acts on whole
  commands only) or of the response (it has acted, the terminal has not heard all of it).
- `stall`: the card answers `seconds` late.
- `mute`: the card is silent for `seconds`, then gone, as one with a broken contact.
- `corrupt`: the bits of `mask` are flipped in one byte, on the way to the card or back; byte -1 is
  the last.
- `wrong-mac`: the bits of `mask` are flipped in the last byte of the command's data field, or of
  the response's data: where MACs stand in the commands of this scheme. Over T=0 the MACs of an
  answer come with GET RESPONSE (00C0).
- `clock-jump`: from the exchange on, the terminal's clock is `seconds` off (see `JumpingClock`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from virtual_cards.apdu.command import HEADER_LENGTH
from virtual_cards.readers.reader import CardIsTorn
from virtual_cards.readers.vpcd import CardInSlot

FAULTS_MAX = 100_000
SECONDS_MAX = 86_400.0
_STATUS_LENGTH = 2

Kind = Literal["tear", "stall", "mute", "corrupt", "wrong-mac", "clock-jump"]
Phase = Literal["command", "response"]


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fault: at the `occurrence`-th command (from 1) that begins with the bytes `header`."""

    kind: Kind
    header: str = ""
    occurrence: int = 1
    phase: Phase = "response"
    byte: int = 0
    mask: int = 1
    seconds: float = 0.0


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Faults and the seed they were drawn from (0: written by hand)."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0

    @classmethod
    def read(cls, path: Path) -> FaultPlan:
        """A plan from a JSON file. Raises `msgspec.MsgspecError`, `FaultPlanIsFaulty`."""
        plan = msgspec.json.decode(path.read_bytes(), type=cls)
        plan.check()
        return plan

    def check(self) -> None:
        """Raise `FaultPlanIsFaulty` with everything that is wrong."""
        found = [
            f"faults[{number}].{wrong}"
            for number, fault in enumerate(self.faults)
            for wrong in _wrong_in(fault)
        ]
        if len(self.faults) > FAULTS_MAX:
            found.append(f"faults: found {len(self.faults)}, expected at most {FAULTS_MAX}")
        if found:
            raise FaultPlanIsFaulty(found)

    @classmethod
    def draw(cls, seed: int, commands: Sequence[bytes], count: int) -> FaultPlan:
        """A plan of `count` tears at bytes of the given commands, the same for the same seed."""
        choose = random.Random(seed)  # noqa: S311 - a plan must be repeatable
        drawn = []
        for _ in range(count):
            command = choose.choice(commands)
            phase: Phase = choose.choice(("command", "response"))
            byte = choose.randrange(len(command) + 1) if phase == "command" else choose.randrange(3)
            drawn.append(Fault(kind="tear", header=command[:2].hex(), phase=phase, byte=byte))
        return cls(tuple(drawn), seed)


class FaultPlanIsFaulty(ValueError):
    """The plan cannot happen; `faults` names every place, what was found and what was expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("the fault plan is wrong:\n" + "\n".join(f"  {one}" for one in faults))
        self.faults = faults


class FaultyCard:
    """A card to which the faults of a plan happen; put it into a slot in the card's place."""

    def __init__(
        self,
        card: CardInSlot,
        plan: FaultPlan,
        *,
        on_clock_jump: Callable[[float], None] | None = None,
    ) -> None:
        self.card = card
        self.happened: list[Fault] = []
        self._waiting = list(plan.faults)
        self._seen = [0] * len(self._waiting)
        self._on_clock_jump = on_clock_jump or (lambda _seconds: None)

    @property
    def atr(self) -> bytes:
        """The card's."""
        return self.card.atr

    def reset(self) -> bytes:
        """The card's."""
        return self.card.reset()

    def power_off(self) -> None:
        """The card's."""
        self.card.power_off()

    def transmit(self, command: bytes) -> bytes:
        """The response, as far as the faults of this exchange let it be one.

        Raises `CardIsTorn` when the power fails.
        """
        faults = self._faults_of(command)
        for fault in faults:
            command = self._before(fault, command)
        response = self.card.transmit(command)
        for fault in faults:
            response = self._after(fault, response)
        return response

    def _faults_of(self, command: bytes) -> list[Fault]:
        found: list[Fault] = []
        for number, fault in enumerate(self._waiting):
            if command.startswith(bytes.fromhex(fault.header)):
                self._seen[number] += 1
                if self._seen[number] == fault.occurrence:
                    found.append(fault)
        self.happened += found
        return found

    def _before(self, fault: Fault, command: bytes) -> bytes:
        if fault.kind == "stall":
            time.sleep(fault.seconds)
        elif fault.kind == "mute":
            time.sleep(fault.seconds)
            self._lose_power(b"")
        elif fault.kind == "clock-jump":
            self._on_clock_jump(fault.seconds)
        elif fault.phase == "command" and fault.kind == "tear":
            self._lose_power(b"")
        elif fault.phase == "command":
            return _flipped(command, fault, _mac_end(command))
        return command

    def _after(self, fault: Fault, response: bytes) -> bytes:
        if fault.phase != "response":
            return response
        if fault.kind == "tear":
            self._lose_power(response[: fault.byte])
        if fault.kind in {"corrupt", "wrong-mac"}:
            return _flipped(response, fault, len(response) - _STATUS_LENGTH - 1)
        return response

    def _lose_power(self, heard: bytes) -> None:
        self.card.power_off()
        raise CardIsTorn(heard)


class JumpingClock:
    """A terminal's clock that faults can set off; call it for the time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._off = timedelta()

    def __call__(self) -> datetime:
        """The time this clock shows."""
        return self._clock() + self._off

    def jump(self, seconds: float) -> None:
        """Be off by so many seconds more; give this to `FaultyCard` as `on_clock_jump`."""
        self._off += timedelta(seconds=seconds)


def tears_of(exchanges: Iterable[tuple[bytes, bytes]]) -> list[Fault]:
    """A tear after every byte of every command and response of a recorded dialogue."""
    tears: list[Fault] = []
    counts: dict[str, int] = {}
    for command, response in exchanges:
        header = command[:4].hex()
        counts[header] = counts.get(header, 0) + 1
        for phase, length in (("command", len(command)), ("response", len(response))):
            tears += [
                Fault(
                    kind="tear",
                    header=header,
                    occurrence=counts[header],
                    phase="command" if phase == "command" else "response",
                    byte=byte,
                )
                for byte in range(length)
            ]
    return tears


def _flipped(message: bytes, fault: Fault, mac_end: int) -> bytes:
    """The message with one byte changed: the one the fault names, or the last of its MAC."""
    is_mac = fault.kind == "wrong-mac"
    place = mac_end if is_mac else fault.byte
    changed = bytearray(message)
    first = 0 if is_mac else -len(changed)
    if changed and first <= place < len(changed):
        changed[place] ^= fault.mask
    return bytes(changed)


def _mac_end(command: bytes) -> int:
    """Where the last byte of a command's data field stands; past its end when it has none."""
    has_data = len(command) > HEADER_LENGTH + 1
    return HEADER_LENGTH + command[HEADER_LENGTH] if has_data else len(command)


def _wrong_in(fault: Fault) -> list[str]:
    wrong = []
    try:
        bytes.fromhex(fault.header)
    except ValueError:
        wrong.append(f"header: found {fault.header!r}, expected bytes in hexadecimal")
    if fault.occurrence < 1:
        wrong.append(f"occurrence: found {fault.occurrence}, expected 1 or more")
    if not 0 < fault.mask <= 0xFF:  # noqa: PLR2004
        wrong.append(f"mask: found {fault.mask}, expected 1 to 255")
    if not abs(fault.seconds) <= SECONDS_MAX:
        wrong.append(f"seconds: found {fault.seconds}, expected at most {SECONDS_MAX:g}")
    if fault.kind in {"stall", "mute"} and fault.seconds < 0:
        wrong.append(f"seconds: found {fault.seconds}, expected 0 or more")
    return wrong
