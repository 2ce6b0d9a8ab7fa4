"""What a scenario has around it.

People with their cards, terminals at their places, the platform.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from scenarios.reader_row import ReaderRow
from scenarios.recording import Recorder
from scenarios.residents import Resident, hash_of, make_residents
from scenarios.service_desk import SITE, PlatformRefused, ServiceDesk
from scenarios.terms import code_of
from virtual_cards.personalisation import PersonalisedCard, load_psam
from virtual_cards.readers import Exchange, InProcessReader, TranscriptReader
from virtual_cards.terminals import (
    Admitted,
    BusValidator,
    Canteen,
    CardholderData,
    CodeRefused,
    CodeSettlement,
    ConcessionDesk,
    Counter,
    Gate,
    HospitalDesk,
    Journal,
    NotPaid,
    PlatformLine,
    PlatformRefuses,
    SecurityModule,
    Settlement,
    Sold,
    TurnedAway,
)
from virtual_cards.terminals.holder_desk import HolderDesk
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME
from virtual_cards.transcripts import TranscriptDecoder

Answer = TypeVar("Answer")
Terminal = TypeVar("Terminal")
SomeDesk = TypeVar("SomeDesk", bound=HolderDesk)


class Called(NamedTuple):
    """What a terminal is called in a transcript."""

    zh: str
    en: str


GATE = Called("闸机", "gate")
BUS = Called("公交车载机", "bus validator")
TILL = Called("食堂收款机", "canteen till")
HOSPITAL = Called("医院终端", "hospital desk")
ENTRANCE = Called("收费台", "desk that takes fees")
OFFICE = "某景区和服务大厅（虚构）"
COUNTER = Called("柜面终端", "counter")
LIBRARY = Called("图书馆终端", "library desk")
FUNCTION_DESK = Called("验卡台", "function desk")
KIOSK = Called("自助终端", "kiosk")


@dataclass(slots=True)
class Holder:
    """A made-up resident and what became of the application."""

    resident: Resident
    card_id: str = ""
    card_number: str = ""
    card: PersonalisedCard | None = None
    former_card_id: str = ""
    former_card: PersonalisedCard | None = None

    def take_new_card(self, answer: dict[str, Any]) -> None:
        """The platform opened a card for this person, in place of the one before it if any."""
        self.former_card_id, self.former_card = self.card_id, self.card
        self.card_id, self.card_number = answer["card_id"], answer["card_number"]
        self.card = None


@dataclass(slots=True)
class Refusal:
    """How the platform refused last."""

    code: str
    zh: str
    en: str


@dataclass(slots=True)
class InPlace(Generic[Terminal]):
    """A terminal at its place, the slot of its reader, its line."""

    slot: int
    terminal: Terminal
    line: PlatformLine


@dataclass
class World:
    """One scenario's surroundings; steps read and change it."""

    desk: ServiceDesk
    readers: ReaderRow
    recorder: Recorder
    seed: int
    lines: list[PlatformLine] = field(default_factory=list)
    holders: dict[str, Holder] = field(default_factory=dict)
    refusal: Refusal | None = None
    passage: Admitted | TurnedAway | None = None
    card_data: CardholderData | None = None
    outcome: (
        Admitted | Sold | Settlement | CodeSettlement | CodeRefused | NotPaid | TurnedAway | None
    ) = None
    """What a terminal that is no gate did last."""
    places: dict[tuple[str, str], InPlace[Any]] = field(default_factory=dict)
    hospital_designation: str = ""
    granted: list[dict[str, Any]] = field(default_factory=list)
    """Applications granted of those sent at once."""
    refused: list[str] = field(default_factory=list)
    """Codes of the others."""
    ahead: timedelta = field(init=False)
    """How far the platform's clock is ahead: scenarios before this one may have moved it."""

    def __post_init__(self) -> None:
        """Every terminal lives by the platform's time."""
        self.ahead = self.desk.clock_ahead()

    def now(self) -> datetime:
        """The time, as the platform and its terminals have it."""
        return datetime.now(CHINA_STANDARD_TIME) + self.ahead

    def let_time_pass(self, duration: timedelta) -> None:
        """Move the platform's clock forward; what falls due is done before this returns."""
        self.ahead = self.desk.advance_clock(duration)

    def holder(self, name: str) -> Holder:
        """A person of this scenario; made when first named."""
        if name not in self.holders:
            seed = self.seed * 1000 + len(self.holders) + hash_of(self.recorder.scenario)
            self.holders[name] = Holder(make_residents(1, seed)[0])
        return self.holders[name]

    @property
    def mark(self) -> int:
        """Tells what this scenario makes from what others made, or it made with another seed."""
        return hash_of(f"{self.recorder.scenario} {self.seed}")

    def try_at_platform(self, ask: Callable[[], Answer]) -> Answer | None:
        """Ask the platform; a refusal is kept for the step that expects it."""
        self.refusal = None
        try:
            return ask()
        except PlatformRefused as refused:
            self.refusal = Refusal(refused.code, refused.zh, refused.en)
        except PlatformRefuses as refuses:
            self.refusal = Refusal(refuses.code, refuses.detail_zh, refuses.detail_en)
        return None

    @cached_property
    def counter_slot(self) -> tuple[int, Counter]:
        """The counter, enrolled when first needed."""
        slot, reader, module, line = self._enrol("counter", COUNTER)
        return slot, Counter(reader, module, line)

    def gate_at(self, station: str) -> InPlace[Gate]:
        """The gate at a station (its Chinese or English name), enrolled when first needed."""
        name = code_of(station)

        def make() -> InPlace[Gate]:
            code = self._station_code(name)
            slot, reader, module, line = self._enrol("metro_gate", GATE, station=code)
            told = line.terminal_parameters()
            gate = Gate(reader, module, told, station=code, clock=self.now, line=line)
            return InPlace(slot, gate, line)

        place = self._in_place("gate", name, make)
        place.terminal.use_parameters(place.line.terminal_parameters())
        return place

    def bus_of(self, bus_line: str) -> InPlace[BusValidator]:
        """A bus of a line (its code), enrolled when first needed."""

        def make() -> InPlace[BusValidator]:
            slot, reader, module, line = self._enrol("bus_validator", BUS, bus_line=bus_line)
            told = line.terminal_parameters()
            bus = BusValidator(reader, module, told, bus_line=bus_line, clock=self.now, line=line)
            return InPlace(slot, bus, line)

        place = self._in_place("bus", bus_line, make)
        place.terminal.use_parameters(place.line.terminal_parameters())
        return place

    def concession_desk(self, where: Literal["entry", "counter"]) -> InPlace[ConcessionDesk]:
        """The desk of a scenic area's entrance, or of a service counter."""

        def make() -> InPlace[ConcessionDesk]:
            kind = "entrance" if where == "entry" else "counter"
            slot, reader, module, line = self._enrol(kind, ENTRANCE)
            told = line.terminal_parameters()
            desk = ConcessionDesk(
                reader, module, told, line, place=where, institution=OFFICE, clock=self.now
            )
            return InPlace(slot, desk, line)

        place = self._in_place("concession", where, make)
        place.terminal.use_parameters(place.line.terminal_parameters())
        return place

    @cached_property
    def canteen(self) -> InPlace[Canteen]:
        """The till of a canteen, its signing key enrolled."""
        journal = Journal()
        slot, reader, module, line = self._enrol(
            "canteen", TILL, public_key=journal.key.public.hex()
        )
        told = line.terminal_parameters()
        till = Canteen(reader, module, told, clock=self.now, line=line, journal=journal)
        return InPlace(slot, till, line)

    @cached_property
    def hospital(self) -> InPlace[HospitalDesk]:
        """A desk of a designated hospital."""
        site = self.desk.open_site(f"医院{self.mark}", "hospital")
        self.hospital_designation = self.desk.designate(site, "hospital", 3)
        return self.desk_of("hospital_desk", HOSPITAL, HospitalDesk, site=site)

    def desk_of(
        self,
        kind: str,
        called: Called,
        make: Callable[..., SomeDesk],
        name: str = "",
        site: str = SITE,
    ) -> InPlace[SomeDesk]:
        """A desk that serves people, by card and by code; enrolled when first needed. There is one
        of each kind, or one of each `name`.
        """

        def enrol() -> InPlace[SomeDesk]:
            journal = Journal()
            public_key = journal.key.public.hex()
            slot, reader, module, line = self._enrol(kind, called, public_key=public_key, site=site)
            told = line.terminal_parameters()
            desk = make(reader, module, told, line, clock=self.now, journal=journal)
            desk.use_code_keys(line.code_keys())
            return InPlace(slot, desk, line)

        return self._in_place("desk", name or kind, enrol)

    def close(self) -> None:
        """Hang up every line."""
        for line in self.lines:
            line.close()

    def _in_place(
        self, kind: str, name: str, make: Callable[[], InPlace[Terminal]]
    ) -> InPlace[Terminal]:
        if (kind, name) not in self.places:
            self.places[kind, name] = make()
        return self.places[kind, name]

    def _enrol(
        self,
        kind: str,
        called: Called,
        *,
        station: str | None = None,
        bus_line: str | None = None,
        public_key: str | None = None,
        site: str = SITE,
    ) -> tuple[int, TranscriptReader, SecurityModule, PlatformLine]:
        enrolled = self.desk.enrol_terminal(
            kind, station, bus_line=bus_line, public_key=public_key, site=site
        )
        line = PlatformLine(self.desk.access.url, enrolled["token"])
        line.tell_answers_to(self.recorder.hear)
        self.lines.append(line)
        psam = load_psam(enrolled["psam_image"])
        module = SecurityModule(
            TranscriptReader(
                InProcessReader(f"PSAM {enrolled['terminal_number']}", psam.card),
                on_exchange=self._teller(f"{called.zh} PSAM", f"{called.en} PSAM"),
            )
        )
        slot, reader = self.readers.take(self._teller(called.zh, called.en))
        return slot, reader, module, line

    def _station_code(self, name: str) -> str:
        for station in self._stations:
            if name in {station["name_zh"], station["name_en"], station["code"]}:
                return str(station["code"])
        raise LookupError(f"the platform's region has no station {name!r}")

    @cached_property
    def _stations(self) -> list[dict[str, Any]]:
        """Stations as a terminal of the region is told them."""
        enrolled = self.desk.enrol_terminal("counter", None)
        with PlatformLine(self.desk.access.url, enrolled["token"]) as line:
            return [
                {"code": one.code, "name_zh": one.name_zh, "name_en": one.name_en}
                for one in line.terminal_parameters().stations
            ]

    def _teller(self, zh: str, en: str) -> Callable[[Exchange], None]:
        """Tells the recorder every exchange of one reader, decoded."""
        decoder = TranscriptDecoder()

        def tell(exchange: Exchange) -> None:
            told = decoder.decode(exchange)
            if exchange.command:
                self.recorder.exchanged(exchange, told, f"{zh} / {en}")

        return tell
