"""An event on its way, and as it is written (interfaces section 15).

A `Happening` is an event on its way: when it truly happened, what the device's clock said, when the
platform learnt of it, and the case it was planted for (empty: ordinary life). The line of the file
carries neither the true moment nor the case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from life_histories.area import Place
from life_histories.kinds import Detail


@dataclass(slots=True)
class Happening:
    """An event before it is written; `true_s` counts from midnight of the first day.

    `skew_s` is how much the device's clock is ahead, `delay_s` how much later the platform learnt
    of it. `link` ties a copied tap to the one it copies: both carry that terminal number.
    """

    true_s: int
    detail: Detail
    region: str = ""
    person: str = ""
    card: str = ""
    account: str = ""
    face: str = ""
    device: str = ""
    place: Place | None = None
    institution: str = ""
    amount_fen: int | None = None
    delay_s: int = 1
    skew_s: int = 0
    case: str = ""
    link: int = 0
    purse: bool = field(default=False)


class Line(msgspec.Struct, omit_defaults=True):
    """The event as it is written, but for its id."""

    kind: str
    at: str
    received_at: str
    region: str = ""
    person: str = ""
    card: str = ""
    account: str = ""
    face: str = ""
    device: str = ""
    place: str = ""
    x_m: int | None = None
    y_m: int | None = None
    institution: str = ""
    amount_fen: int | None = None
    detail: Detail | None = None
