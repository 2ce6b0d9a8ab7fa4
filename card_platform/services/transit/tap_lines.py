"""The lines of a batch as taps: a line is one tap as JSON, read and its TAC checked by itself.

Rules:
- What is plainly right is read the short way: a struct of any texts, one pattern over all of them,
  straight into a tap. Whatever that way does not take is read the long way, as the route of one
  tap reads it, which tells all faults. So the short way may only know less, never more.
- The TACs of one card are checked together (`SecurityModule.receipts_are_right`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.keys import SecurityModule
from card_platform.services.purse_refusals import TacIsWrong
from card_platform.services.transit.matching import ADJUSTMENT, EXIT
from card_platform.services.transit.model import Tap
from card_platform.services.transit.shapes import ReductionBody, TapBody
from card_platform.services.transit.taps import receipt_of
from card_platform.vocabulary.card_text import AmountFen, Sequence2, Sequence4, day_of
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestIsMalformed, read_body

LINE_LENGTH_MAX = 2_000
"""Longest line, in characters."""
_TEXTS = re.compile(
    r"[0-9]{20} [0-9A-Fa-f]{16} [0-9A-Fa-f]{4} [0-9A-Fa-f]{4} [0-9]{8}"
    r" (?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9] [0-9A-Fa-f]{8}"
)
"""Serial, issuer, station, entry station, date, time, TAC; none of them may hold a space."""


class _PlainTap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A tap whose texts nobody has looked at yet."""

    application_serial: str
    issuer: str
    kind: Literal["entry", "exit", "single", "adjustment", "missing-entry"]
    station: str
    amount_fen: AmountFen
    balance_after_fen: AmountFen
    offline_sequence: Sequence2
    terminal_sequence: Sequence4
    type: Literal["09"]
    date: str
    time: str
    tac: str
    entry_station: str | None = None
    reduction: ReductionBody | None = None


_DECODER = msgspec.json.Decoder(_PlainTap)
Line = Tap | Refusal
"""A line as read: its tap, or why it is refused."""


def read_lines(lines: Sequence[str], keys: SecurityModule, terminal_number: str) -> list[Line]:
    """The taps of lines that are this terminal's; asks no database."""
    read = [_read(line) for line in lines]
    taps = [each for each in read if isinstance(each, Tap)]
    right = iter(keys.receipts_are_right([receipt_of(tap, terminal_number) for tap in taps]))
    return [each if isinstance(each, Refusal) or next(right) else TacIsWrong() for each in read]


def _read(line: str) -> Line:
    try:
        return _read_plain(line) or _read_closely(line)
    except Refusal as refusal:
        return refusal


def _read_plain(line: str) -> Tap | None:
    """The tap of a line that is plainly right; None where it must be looked at closely."""
    if len(line) > LINE_LENGTH_MAX:
        return None
    try:
        plain = _DECODER.decode(line)
        date, station, entry_station = plain.date, plain.station, plain.entry_station
        texts = (
            f"{plain.application_serial} {plain.issuer} {station}"
            f" {station if entry_station is None else entry_station} {date} {plain.time}"
            f" {plain.tac}"
        )
        if _TEXTS.fullmatch(texts) is None:
            return None
        day_of(date)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        return None
    kind, reduction = plain.kind, plain.reduction
    station = station.upper()
    if entry_station is None:
        if kind in (EXIT, ADJUSTMENT):
            return None
    else:
        entry_station = entry_station.upper()
        if kind != EXIT and (kind != ADJUSTMENT or entry_station != station):
            return None
    return Tap(
        plain.application_serial,
        plain.issuer.upper(),
        kind,
        station,
        entry_station,
        plain.amount_fen,
        plain.balance_after_fen,
        f"{plain.offline_sequence:04X}",
        f"{plain.terminal_sequence:08X}",
        date,
        plain.time,
        plain.tac.upper(),
        reduction.kind if reduction else None,
        reduction.fen if reduction else None,
    )


def _read_closely(line: str) -> Tap:
    """The tap of a line, as the route of one tap reads it.

    Raises:
        RequestIsMalformed: with every fault.
    """
    if len(line) > LINE_LENGTH_MAX:
        expected = f"at most {LINE_LENGTH_MAX} characters"
        raise RequestIsMalformed([Fault("$", f"{len(line)} characters", expected)])
    return read_body(line.encode("utf-8", "replace"), TapBody).read()
