"""Batches of cards: made-up images by the hundred thousand, checked, and turned into card states.

Rules: whatever its length, a batch takes the memory of one line (see
`virtual_cards.personalisation.batch`); who asks is told of each faulty line at once, none is kept.
The keys of made-up cards grow from the seed as those of the pytest plugin do (`--onecard-seed`), so
that its terminals and PSAM accept the cards.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path

import msgspec

from testbed.peak_memory import peak_rss_mb
from virtual_cards.issuer import IssuerSecurityModule, MadeUpHolder, card_image, hold_ceremony
from virtual_cards.issuer.made_up_card import NUMBER_MAX
from virtual_cards.personalisation import BatchLine, FaultyLine, read_batch, write_batch

CARDS_MAX = NUMBER_MAX
_TELL_EVERY_CARDS = 100


class BatchSummary(msgspec.Struct, frozen=True):
    """What became of a batch; `output` is the file written, None when only checked."""

    batch: str
    output: str | None
    cards: int
    faulty_lines: int
    seconds: float
    cards_per_s: float
    peak_rss_mb: float


Tell = Callable[[int, int], None]
"""Is told how far it is: cards, faulty lines."""


def make_batch(
    output: Path, *, count: int, first: int, seed: str, balance_fen: int, tell: Tell
) -> BatchSummary:
    """Write images of made-up people, numbers `first` and on. Raises `OSError`."""
    begin = time.perf_counter()
    keys = hold_ceremony(hashlib.sha256(seed.encode()).digest())
    hsm = IssuerSecurityModule(keys)
    with write_batch(output) as batch:
        for made in range(count):
            holder = MadeUpHolder(first + made)
            batch.write(card_image(hsm, holder, balance_fen=balance_fen))
            if made % _TELL_EVERY_CARDS == 0:
                tell(made, 0)
    return _summary(str(output), str(output), count, 0, begin)


def read_every_line(
    batch: Path, output: Path | None, tell: Tell, report: Callable[[FaultyLine], None]
) -> BatchSummary:
    """Check every line of a batch; with `output`, write the state of every good card there.

    `report` is given each faulty line. Raises `OSError`.
    """
    begin = time.perf_counter()
    lines: Iterable[BatchLine] = read_batch(batch)
    cards = faulty_lines = 0
    with nullcontext() if output is None else write_batch(output) as states:
        for line in lines:
            if isinstance(line, FaultyLine):
                faulty_lines += 1
                report(line)
            else:
                cards += 1
                if states is not None:
                    states.write(line.card.snapshot())
            if (cards + faulty_lines) % _TELL_EVERY_CARDS == 0:
                tell(cards, faulty_lines)
    target = None if output is None else str(output)
    return _summary(str(batch), target, cards, faulty_lines, begin)


def _summary(
    batch: str, output: str | None, cards: int, faulty_lines: int, begin: float
) -> BatchSummary:
    seconds = time.perf_counter() - begin
    return BatchSummary(
        batch,
        output,
        cards,
        faulty_lines,
        round(seconds, 3),
        round(cards / seconds, 1),
        round(peak_rss_mb(), 1),
    )
