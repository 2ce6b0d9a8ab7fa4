"""What a holder shows: the card, the electronic card's code, the fusion code; and what came of it.

Rules: each service is asked by the card through a reader and by a code through its scanner, and
answers in the same few words, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from scenarios.steps.card_life import card_of
from scenarios.world import KIOSK, LIBRARY, World
from virtual_cards.phone import Phone
from virtual_cards.terminals import (
    Kiosk,
    LibraryDesk,
    LibraryReader,
    NotReceived,
    PlatformLine,
    Received,
)

CARD: Final = "card"
DEVICE: Final = "甲的手机"


@dataclass(frozen=True, slots=True)
class Served:
    """What a service found; `learnt` is card number, name and document number of the holder."""

    valid: bool
    reason: str | None
    learnt: tuple[str, str, str] | None = None


@dataclass
class Carriers:
    """Phones of a scenario's people, and the last answer of a service."""

    world: World
    phones: dict[str, Phone] = field(default_factory=dict)
    served: Served | None = None
    code: str = ""
    """The code that was shown last, for whoever shows it again."""

    def sign(self, name: str, level: str = "real-person") -> None:
        """Sign the electronic card of a person on a phone. Raises `PlatformRefused`."""
        holder = self.world.holder(name)
        line = PlatformLine(self.world.desk.access.url)
        line.tell_answers_to(self.world.recorder.hear)
        self.world.lines.append(line)
        phone = Phone(line, self.world.now)
        body = {
            "document": holder.resident.document(),
            "level": level,
            "public_key": phone.public_key,
            "proof": phone.prove(holder.card_number, level),
            "device": DEVICE,
        }
        signed = self.world.desk.serve_card(holder.card_id, "signings", body)
        phone.take_signing(signed["signing_id"])
        self.phones[name] = phone

    def show(self, name: str, carrier: str, purpose: str = "identity") -> str:
        """The text of the code a person shows. Raises `PlatformRefuses`."""
        self.code = self.phones[name].show(purpose, carrier).code
        return self.code

    def serve(self, name: str, carrier: str, service: str) -> Served:
        """Be served somewhere by what is shown."""
        if carrier == CARD:
            return self._serve_card(name, service)
        return self.serve_code(self.show(name, carrier), service)

    def serve_code(self, code: str, service: str) -> Served:
        """Scan a text at a service."""
        if service in _DESKS:
            return _served(_DESKS[service](self.world).scan(code))
        counter = self.world.counter_slot[1]
        told = counter.check_code(service, code)
        holder = told.holder
        learnt = (holder.card_number, holder.name, holder.document_number) if holder else None
        return Served(told.result == "valid", told.reason, learnt)

    def _serve_card(self, name: str, service: str) -> Served:
        card = card_of(self.world.holder(name))
        if service in _DESKS:
            place = _DESKS[service](self.world)
            with self.world.readers.card_in(place.slot, card):
                return _served(place.read())
        slot, counter = self.world.counter_slot
        with self.world.readers.card_in(slot, card):
            held = counter.read_card()
            told = counter.check_identity(service, held)
        valid = told.result == "valid"
        learnt = (held.card_number, held.name, held.social_security_number) if valid else None
        return Served(valid, told.reason, learnt)


@dataclass(frozen=True, slots=True)
class _Desk:
    slot: int
    read: Callable[[], Any]
    scan: Callable[[str], Any]


def _hospital(world: World) -> _Desk:
    place = world.hospital
    return _Desk(place.slot, place.terminal.register, place.terminal.register_code)


def _library(world: World) -> _Desk:
    place = world.desk_of("library_desk", LIBRARY, LibraryDesk)
    return _Desk(place.slot, place.terminal.sign_in, place.terminal.sign_in_code)


def _kiosk(world: World) -> _Desk:
    place = world.desk_of("kiosk", KIOSK, Kiosk)
    return _Desk(place.slot, place.terminal.welcome, place.terminal.welcome_code)


_DESKS: dict[str, Callable[[World], _Desk]] = {
    "hospital": _hospital,
    "library": _library,
    "kiosk": _kiosk,
}
"""Services with a terminal of their own; every other is asked for at the counter."""


def _served(outcome: Received | NotReceived | LibraryReader) -> Served:
    if isinstance(outcome, LibraryReader):
        outcome = outcome.received
    if isinstance(outcome, NotReceived):
        return Served(False, outcome.reason)
    holder = outcome.holder
    learnt = (holder.card_number, holder.name, holder.social_security_number)
    return Served(True, None, learnt)
