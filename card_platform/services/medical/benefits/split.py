"""The split of a bill between the pooled fund and the insured: pure, in the order bureaus work.

1. Each line: class A counts whole, of class B the own share is taken off, class C and what is not
   covered do not count. 2. What counts pays the deductible first. 3. The rest lies in the bands of
   the year to date, each with its percent. 4. The fund pays that, up to what the year's cap leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from card_platform.regions.medical_policy import BenefitTable
from card_platform.services.medical.benefits.model import (
    BandSplit,
    LineSplit,
    PricedLine,
    Split,
    YearToDate,
)
from card_platform.services.medical.benefits.rounding import share_of


def split_bill(
    lines: Sequence[PricedLine],
    table: BenefitTable,
    level: int,
    so_far: YearToDate,
    reduction: int = 0,
) -> Split:
    """Split a bill.

    Args:
        lines: of the bill.
        table: of the day, the kind of visit and the kind of insured.
        level: of the hospital, 1 to 3.
        so_far: the year before this bill.
        reduction: percentage points the fund pays less, for treatment elsewhere.
    """
    split_lines = [split_line(each) for each in lines]
    total_fen = sum(each.amount_fen for each in lines)
    eligible_fen = sum(each.eligible_fen for each in split_lines)
    deductible_fen = min(eligible_fen, _deductible_left(table, level, so_far))
    counted_fen = eligible_fen - deductible_fen
    bands = _bands(table, level, so_far.counted_fen, counted_fen, reduction)
    of_bands_fen = sum(each.fund_fen for each in bands)
    fund_fen = min(of_bands_fen, max(table.cap_fen - so_far.fund_fen, 0))
    return Split(
        lines=split_lines,
        total_fen=total_fen,
        own_fen=total_fen - eligible_fen,
        eligible_fen=eligible_fen,
        deductible_fen=deductible_fen,
        counted_fen=counted_fen,
        bands=bands,
        over_cap_fen=of_bands_fen - fund_fen,
        cap_fen=table.cap_fen,
        fund_fen=fund_fen,
    )


def split_line(line: PricedLine) -> LineSplit:
    """What of a line is the insured's own, and what counts for the fund."""
    own_fen = share_of(line.amount_fen, line.own_percent) if line.covered else line.amount_fen
    return LineSplit(line, own_fen, line.amount_fen - own_fen)


def _deductible_left(table: BenefitTable, level: int, so_far: YearToDate) -> int:
    if table.later_stay_fen is None:
        return max(table.deductible_fen[level - 1] - so_far.deductible_fen, 0)
    by_level = table.later_stay_fen if so_far.visits else table.deductible_fen
    return by_level[level - 1]


def _bands(
    table: BenefitTable, level: int, begin_fen: int, amount_fen: int, reduction: int
) -> list[BandSplit]:
    """The amount, laid from `begin_fen` of the year on into the bands it reaches."""
    found, low_fen, end_fen = [], 0, begin_fen + amount_fen
    for band in table.bands:
        high_fen = end_fen if band.up_to_fen is None else min(band.up_to_fen, end_fen)
        within_fen = high_fen - max(low_fen, begin_fen)
        if within_fen > 0:
            percent = max(band.percent[level - 1] - reduction, 0)
            share_fen = share_of(within_fen, percent)
            found.append(BandSplit(low_fen, band.up_to_fen, within_fen, percent, share_fen))
        low_fen = band.up_to_fen or low_fen
    return found
