"""A desk of a place that offers something: a library, an entrance, a canteen, a day-care centre, a
till.

Rules: the desk reads the card, and tells the platform which chip has proved itself; or it scans a
code. Who may, what it costs and who pays is decided there (docs/interfaces.md, section 13). A card
of another region comes with its region and with the certificates on it, which nobody here knows.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Literal

import msgspec

from virtual_cards.terminals.concession import concessions_of
from virtual_cards.terminals.holder_card import CardholderData
from virtual_cards.terminals.holder_desk import HolderDesk


class Shown(msgspec.Struct, frozen=True):
    """What a visitor shows."""

    means: Literal["card", "code"]
    token: str
    name: str | None = None
    historical_bytes: str | None = None
    region: str | None = None
    certificates: tuple[str, ...] = ()


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What for: a slot, a bill, a copy."""

    day: date | None = None
    opens: str | None = None
    pay: str | None = None
    bill_fen: int | None = None
    copy: str | None = None


class PlaceAct(msgspec.Struct, frozen=True):
    """What came of it, as far as a desk tells it."""

    act_id: str
    state: str
    card_number: str
    agreement: str | None
    listed_fen: int
    concession: str | None
    subsidy_fen: int
    payer: str | None
    charged_fen: int
    due_on: str | None
    returned_in: str | None


class NewReader(msgspec.Struct, frozen=True):
    """Somebody who may borrow from now on."""

    offer_id: str
    card_number: str
    registered_at: str


class CopyReturn(msgspec.Struct, frozen=True):
    """A copy that came back, as its region has answered so far."""

    return_id: str
    copy: str
    state: str
    overdue_days: int | None
    problem_code: str | None


class PlaceDesk(HolderDesk):
    """One desk, for every offer of its site."""

    def show_card(self) -> Shown:
        """Read the card in the reader. Raises as `HolderCard.read`."""
        return shown_by(self._holder_card.read())

    def certificates(self) -> tuple[str, ...]:
        """The certificates on the powered card that hold today, as anybody reads them."""
        today = self.now().date()
        found = concessions_of(self.dialogue)
        return tuple(sorted({e.kind.name.lower() for e in found if e.holds_on(today)}))

    def serve(self, offer_id: str, what: str, shown: Shown, wanted: Wanted) -> PlaceAct:
        """Do `bookings`, `uses`, `loans` or `renewals`. Raises as the line."""
        told = self._post(f"/v1/offers/{offer_id}/{what}", shown, wanted)
        return msgspec.json.decode(told, type=PlaceAct)

    def register(self, offer_id: str, shown: Shown) -> NewReader:
        """Make a reader of whoever shows a card. Raises as the line."""
        told = self._post(f"/v1/offers/{offer_id}/readers", shown, Wanted())
        return msgspec.json.decode(told, type=NewReader)

    def change(self, act_id: str, action: str, reason: str) -> PlaceAct:
        """Cancel, give back, leave: `cancel`, `refund`, `leave`. Raises as the line."""
        body = msgspec.json.encode({"action": action, "reason": reason})
        key = f"act-{action}-{act_id}"
        told = self.line.post(f"/v1/offer-acts/{act_id}/steps", body, key)
        return msgspec.json.decode(told, type=PlaceAct)

    def look(self, act_id: str) -> PlaceAct:
        """How an act on an offer of the site stands now. Raises as the line."""
        return msgspec.json.decode(self.line.read(f"/v1/offer-acts/{act_id}"), type=PlaceAct)

    def take_back(self, copy: str, region: str | None) -> CopyReturn:
        """Take a copy back; `region` for one of another region. Raises as the line."""
        body = msgspec.json.encode({"copy": copy, "region": region})
        told = self.line.post("/v1/loan-returns", body, f"return-{secrets.token_hex(16)}")
        return msgspec.json.decode(told, type=CopyReturn)

    def look_return(self, return_id: str) -> CopyReturn:
        """How a return stands. Raises as the line."""
        told = self.line.read(f"/v1/loan-returns/{return_id}")
        return msgspec.json.decode(told, type=CopyReturn)

    def _post(self, path: str, shown: Shown, wanted: Wanted) -> bytes:
        body = {**msgspec.to_builtins(shown), **msgspec.to_builtins(wanted)}
        return self.line.post(path, msgspec.json.encode(body), f"place-{secrets.token_hex(16)}")


def shown_by(holder: CardholderData) -> Shown:
    """What a card shows that was read by a desk."""
    return Shown("card", holder.card_number, holder.name, holder.historical_bytes)
