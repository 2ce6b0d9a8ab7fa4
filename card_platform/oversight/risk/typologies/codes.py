"""Codes used again, and cards no platform issued: code-replayed, forged-card."""

from __future__ import annotations

from card_platform.oversight.risk.bounded import BoundedMap, FadingMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, holder_of, signal

DAY_S = 86_400


class Codes:
    """Sees codes shown and scanned.

    Rules: a scanner that reads twice does so within seconds; the same code at another device, or
    much later, is a copy. A code scanned long after it was shown was kept as a picture.
    """

    kinds = ("code.shown", "code.scanned")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._shown: FadingMap[str, tuple[int, str]] = FadingMap(lambda: (0, ""))
        self._scanned: FadingMap[str, tuple[int, str, str | None]] = FadingMap(
            lambda: (0, "", None)
        )

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:
        """A code that was used before, or is stale."""
        remembered_s = self._limits["code-replayed.remembered_days"] * DAY_S
        self._shown.fade(now, remembered_s)
        self._scanned.fade(now, remembered_s)
        code = event.detail.code
        if code is None:
            return NONE
        if event.kind == "code.shown":
            if self._shown.get(code) is None:
                self._shown.put(code, (at, event.id))
            return NONE
        limits, who, shown = self._limits, holder_of(event), self._shown.get(code)
        before = self._scanned.get(code)
        if before is not None:
            is_other = before[2] != event.device
            if not is_other and abs(at - before[0]) <= limits["code-replayed.again_s"]:
                return NONE
            percent = limits[f"code-replayed.{'other' if is_other else 'same'}_percent"]
            seen = (*((shown[1],) if shown else ()), before[1])
            return [signal(Typology.CODE_REPLAYED, percent, who, event, seen)]
        self._scanned.put(code, (at, event.id, event.device))
        if shown is not None and at > shown[0] + limits["code-replayed.stale_s"]:
            percent = limits["code-replayed.stale_percent"]
            return [signal(Typology.CODE_REPLAYED, percent, who, event, (shown[1],))]
        return NONE


class Authentications:
    """Sees authentications of chips and codes of receipts.

    Rules: a device at which many cards fail in a day is itself at fault, and its failures tell
    nothing; a number never issued tells more than a wrong MAC, which a bad contact makes too, and
    than a number that was issued but is not yet in the list of the terminal.
    """

    kinds = ("card.authentication", "transit.tap", "card.issued", "card.replaced")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cards: BoundedMap[str, Window] = BoundedMap(Window)
        self._devices: BoundedMap[str, Window] = BoundedMap(Window)
        self._issued: BoundedMap[str, bool] = BoundedMap(bool)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """Failures of one card."""
        if event.kind in {"card.issued", "card.replaced"}:
            for each in (event.card, event.detail.new_card):
                if each is not None:
                    self._issued.put(each, True)
            return NONE
        if event.kind == "transit.tap":
            if event.detail.tac_ok is not False:
                return NONE
            kind = "tac"
        elif event.detail.outcome in {None, "ok"}:
            return NONE
        else:
            kind = self._kind_of(event)
        limits, card = self._limits, event.card or event.id
        device = self._devices.of(event.device or event.id)
        device.add(Mark(at, event.id, 0, card), DAY_S)
        if len(device.words()) >= limits["forged-card.faulty_device_cards"] and kind != "unknown":
            return NONE
        window = self._cards.of(card)
        weight = limits[f"forged-card.{kind}_percent"]
        if len(window):
            weight = limits["forged-card.again_percent"]
        window.add(Mark(at, event.id, weight, event.device or ""), limits["forged-card.window_s"])
        who = holder_of(event) if event.card or event.person else ("device", event.device or "")
        percent = min(window.weight(), 95)
        return [signal(Typology.FORGED_CARD, percent, who, event, window.events())]

    def _kind_of(self, event: HistoryEvent) -> str:
        if event.detail.outcome == "mac-wrong":
            return "mac"
        is_listed_late = event.detail.outcome == "number-unknown" and self._issued.get(
            event.card or ""
        )
        return "unlisted" if is_listed_late else "unknown"
