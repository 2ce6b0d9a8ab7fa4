"""A stopped card's chip that is used all the same: lost-card-used.

Rules: only the chip counts (the electronic card goes on after a physical loss); a late tap of
before the report is the holder's; who passes a good photo check with the card is the holder.
"""

from __future__ import annotations

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

_STOPS = ("card.lost", "card.frozen", "card.cancelled")
_USES = (
    "transit.tap",
    "purse.load",
    "identity.check",
    "card.authentication",
    "bank.pin",
    "transfer",
    "purchase",
    "medical.visit",
    "medical.settled",
    "medicine.sold",
)
_BY_CHIP_ALONE = ("transit.tap", "purse.load", "card.authentication", "bank.pin")
"""Kinds that only a chip can make, whether or not the face is told."""


class StoppedCards:
    """Sees stops and uses."""

    kinds = (*_STOPS, "card.restored", *_USES)

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stopped: BoundedMap[str, tuple[int, str]] = BoundedMap(lambda: (0, ""))

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """A use after the stop."""
        card = event.card
        if card is None or event.detail.refund:
            return NONE
        if event.kind in _STOPS:
            if self._stopped.get(card) is None:
                self._stopped.put(card, (at, event.id))
            return NONE
        if event.kind == "card.restored":
            self._stopped.drop(card)
            return NONE
        stopped = self._stopped.get(card)
        return NONE if stopped is None else self._used(event, card, stopped, min(at, now))

    def _used(
        self, event: HistoryEvent, card: str, stopped: tuple[int, str], moment: int
    ) -> Signals:
        limits = self._limits
        if not _is_chip(event) or moment <= stopped[0] + limits["lost-card-used.clock_s"]:
            return NONE
        match = event.detail.photo_match
        if match is not None and match >= limits["lost-card-used.holder_match"]:
            return NONE
        percent = limits["lost-card-used.use_percent"]
        who: Subject = ("card", card)
        return [signal(Typology.LOST_CARD_USED, percent, who, event, (stopped[1],))]


def _is_chip(event: HistoryEvent) -> bool:
    if event.face is not None:
        return event.face == "physical"
    if event.kind == "transfer":
        return event.detail.channel == "cash-machine"
    return event.kind in _BY_CHIP_ALONE or event.kind in {"identity.check", "purchase"}
