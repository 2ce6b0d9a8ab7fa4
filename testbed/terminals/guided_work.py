"""A kiosk that leads the holder: ordinarily, in large print, by voice (`GuidedKiosk`).

What the kiosk tells is printed as the holder gets it, on standard error; what the holder types is
that of the call, and is not printed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from testbed.language import chosen, say
from testbed.terminals.equipment import Equipment
from testbed.terminals.holder_work import Wanted, desk_work, of_contents, of_load, of_receiving
from testbed.terminals.outcome import Facts, Outcome
from testbed.terminals.refusals import turned_away
from testbed.terminals.work import Work
from virtual_cards.terminals import (
    Contents,
    Ended,
    GuidedKiosk,
    Kiosk,
    LoadReceipt,
    Received,
    Served,
    Way,
)
from virtual_cards.terminals.presentation import Told

_FEN_PER_YUAN = 100


@dataclass(frozen=True, slots=True)
class Guidance:
    """In which way the holder is led, and how many seconds they take for each answer."""

    way: Way
    answers_after_s: float = 0.0


class _Holder:
    """Stands at the kiosk: gets what is told, and types what the call says."""

    def __init__(self, types: list[str], after_s: float) -> None:
        self._types = types
        self._after_s = after_s

    def attend(self, told: Told) -> None:
        """Print it as the holder gets it."""
        print("\n".join(_as_given(told)), file=sys.stderr, flush=True)

    def answer(self, told: Told) -> tuple[str, float]:
        """The next of the call's answers."""
        self.attend(told)
        return self._types.pop(0), self._after_s


def guided_work(equipment: Equipment, wanted: Wanted, guidance: Guidance) -> Work:
    """As the kiosk's own work, in the way the holder needs."""
    kiosk = Kiosk(*equipment.kit, **equipment.wiring)
    did = desk_work(wanted, "contents")

    def serve() -> Outcome:
        holder = _Holder(_answers(wanted), guidance.answers_after_s)
        guided = GuidedKiosk(kiosk, holder, guidance.way, chosen())
        services: dict[str, Callable[[], Served]] = {
            "pin-change": guided.change_pin,
            "load": guided.load,
            "contents": guided.show,
        }
        served = services[did]()
        outcome = _outcome(served, did)
        facts: Facts = outcome.facts | {"way": guidance.way.value, "messages": len(served.told)}
        return msgspec.structs.replace(outcome, facts=facts)

    return Work(did, serve, kiosk.use_parameters)


def _answers(wanted: Wanted) -> list[str]:
    if wanted.new_pin is not None:
        return [wanted.pin, wanted.new_pin, wanted.new_pin]
    yuan, fen = divmod(wanted.amount_fen, _FEN_PER_YUAN)
    return [f"{yuan}.{fen:02d}" if fen else str(yuan)]


def _outcome(served: Served, did: str) -> Outcome:
    received = served.received
    if isinstance(received, Received) and served.ended is Ended.DONE:
        if isinstance(served.gave, LoadReceipt):
            return of_load(served.gave, did)
        if isinstance(served.gave, Contents):
            return of_contents(served.gave, received)
        return of_receiving(received, did=did, more=("PIN 已更改", "the PIN is changed"))
    left = served.pin_tries_left
    return turned_away(
        served.reason or served.ended.value,
        did,
        told=(served.last.zh, served.last.en),
        card=received.holder.card_number if received is not None else None,
        facts={} if left is None else {"pin_tries_left": left},
    )


def _as_given(told: Told) -> list[str]:
    """What is said, or each page of the screen."""
    if told.said:
        return [say(f"〔语音〕{told.said}", f"[voice] {told.said}")]
    lines: list[str] = []
    for number, page in enumerate(told.pages, 1):
        of = f" {number}/{len(told.pages)}" if len(told.pages) > 1 else ""
        lines += [say(f"〔屏幕{of}〕", f"[screen{of}]"), *(f"  {line}" for line in page)]
    return lines
