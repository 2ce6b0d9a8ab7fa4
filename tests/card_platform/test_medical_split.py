"""The split of bills against a slow reference, written apart from the tables in the pack's file."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_platform.regions.medical_policy import Benefit, CatalogueClass, Insured
from card_platform.regions.pack import PACKS, read_pack
from card_platform.services.medical.benefits.explanation import explain, yuan_text
from card_platform.services.medical.benefits.model import PricedLine, Shares, Split, YearToDate
from card_platform.services.medical.benefits.rounding import share_of
from card_platform.services.medical.benefits.split import split_bill

DAY = date(2026, 11, 22)
_PACK = PACKS / "chongqing.toml"
_TEXT: dict[str, Any] = tomllib.loads(_PACK.read_text(encoding="utf-8"))["medical"]
_RULES = read_pack(_PACK).medical
_CLASSES = {CatalogueClass.A: 0, CatalogueClass.C: 100}

lines = st.builds(
    lambda catalogue, percent, quantity, price, covered: PricedLine(
        code="YP001",
        name_zh="药",
        name_en="medicine",
        catalogue=catalogue,
        own_percent=percent if catalogue is CatalogueClass.B else _CLASSES[catalogue],
        quantity=quantity,
        unit_price_fen=price,
        covered=covered,
    ),
    st.sampled_from(CatalogueClass),
    st.integers(1, 99),
    st.integers(1, 50),
    st.one_of(st.integers(1, 3_000), st.integers(1, 3_000_000)),
    st.sampled_from([True, True, True, False]),
)
bills = st.tuples(st.lists(lines, min_size=1, max_size=6), st.integers(1, 3))
years = st.lists(bills, min_size=1, max_size=8)


def rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def table_of(benefit: str, insured: str) -> dict[str, Any]:
    found = [
        each
        for each in _TEXT["tables"]
        if (each["benefit"], each["insured"]) == (benefit, insured) and each["from"] <= DAY
    ]
    return max(found, key=lambda each: str(each["from"]))


def countable(bill: list[PricedLine]) -> int:
    """Line by line, what is left when the own share is taken off."""
    left = 0
    for line in bill:
        whole = line.quantity * line.unit_price_fen
        kept = Decimal(whole) * line.own_percent / 100 if line.covered else Decimal(whole)
        left += whole - rounded(kept)
    return left


def of_the_year(
    benefit: str, insured: str, year: list[tuple[list[PricedLine], int]], reduction: int
) -> list[int]:
    """What the fund pays of each bill, from all bills before it and no accumulator but these."""
    table = table_of(benefit, insured)
    above, spent, paid = 0, 0, list[int]()
    for place, (bill, level) in enumerate(year):
        counts = countable(bill)
        if table["deductible_of"] == "year":
            owed = max(table["deductible_fen"][level - 1] - spent, 0)
        else:
            owed = table["deductible_fen" if place == 0 else "later_stay_fen"][level - 1]
        kept = min(owed, counts)
        spent += kept
        before, above = above, above + counts - kept
        share, low = 0, 0
        for band in table["bands"]:
            high = band.get("up_to_fen", 10**15)
            inside = min(max(above, low), high) - min(max(before, low), high)
            percent = Decimal(max(band["percent"][level - 1] - reduction, 0)) / 100
            share += rounded(inside * percent)
            low = high
        paid.append(min(share, table["cap_fen"] - sum(paid)))
    return paid


def in_turn(
    benefit: Benefit,
    insured: Insured,
    year: list[tuple[list[PricedLine], int]],
    reduction: int = 0,
) -> list[Split]:
    """The same by the engine, with the accumulators the platform keeps."""
    table, so_far, found = _RULES.table(benefit, insured, DAY), YearToDate(), list[Split]()
    for bill, level in year:
        split = split_bill(bill, table, level, so_far, reduction)
        found.append(split)
        so_far = YearToDate(
            so_far.deductible_fen + split.deductible_fen,
            so_far.counted_fen + split.counted_fen,
            so_far.fund_fen + split.fund_fen,
            so_far.visits + 1,
        )
    return found


@pytest.mark.parametrize("benefit", Benefit)
@pytest.mark.parametrize("insured", Insured)
@given(year=years, reduction=st.sampled_from([0, 5, 10, 95]))
def test_a_year_of_bills_is_split_as_the_reference_splits_it(
    benefit: Benefit,
    insured: Insured,
    year: list[tuple[list[PricedLine], int]],
    reduction: int,
) -> None:
    expected = of_the_year(benefit.value, insured.value, year, reduction)
    found = in_turn(benefit, insured, year, reduction)
    assert [each.fund_fen for each in found] == expected


@pytest.mark.parametrize("benefit", Benefit)
@given(year=years, insured=st.sampled_from(Insured), shuffled=st.randoms(use_true_random=False))
def test_shares_sum_to_the_bill_and_no_order_of_visits_passes_the_cap(
    benefit: Benefit,
    year: list[tuple[list[PricedLine], int]],
    insured: Insured,
    shuffled: Any,
) -> None:
    shuffled.shuffle(year)
    found = in_turn(benefit, insured, year)
    for split, (bill, _) in zip(found, year, strict=True):
        assert split.total_fen == sum(each.quantity * each.unit_price_fen for each in bill)
        assert split.total_fen == split.own_fen + split.deductible_fen + split.counted_fen
        assert split.counted_fen == sum(each.amount_fen for each in split.bands)
        assert 0 <= split.fund_fen <= split.counted_fen
        assert split.fund_fen + split.over_cap_fen == sum(each.fund_fen for each in split.bands)
        assert split.insured_fen == split.total_fen - split.fund_fen
        assert all(each.own_fen + each.eligible_fen == each.line.amount_fen for each in split.lines)
    assert sum(each.fund_fen for each in found) <= found[0].cap_fen


@given(bill=st.lists(lines, min_size=1, max_size=6), cash=st.integers(0, 100))
def test_the_explanation_adds_up_in_both_languages(bill: list[PricedLine], cash: int) -> None:
    split = in_turn(Benefit.OUTPATIENT, Insured.EMPLOYEE, [(bill, 3)])[0]
    left = split.insured_fen
    shares = Shares(
        Insured.EMPLOYEE,
        split,
        split.fund_fen,
        {"1": left * cash // 100},
        left - left * cash // 100,
    )
    told = explain(shares)
    assert sum(each.amount_fen for each in told[: len(bill)]) == split.total_fen
    assert sum(each.amount_fen for each in told[-3:]) == split.total_fen
    assert all(each.zh and each.en and each.zh != each.en for each in told)


@pytest.mark.parametrize(
    ("amount_fen", "percent", "expected"),
    [(1, 50, 1), (1, 49, 0), (99, 50, 50), (101, 10, 10), (105, 10, 11), (0, 90, 0), (7, 100, 7)],
)
def test_half_a_fen_is_rounded_up(amount_fen: int, percent: int, expected: int) -> None:
    assert share_of(amount_fen, percent) == expected


def test_the_table_of_the_day_counts() -> None:
    """From 2026 on the bands of outpatients differ: the eve of it is split by the table before."""
    eve = _RULES.table(Benefit.OUTPATIENT, Insured.EMPLOYEE, date(2025, 12, 31))
    day = _RULES.table(Benefit.OUTPATIENT, Insured.EMPLOYEE, date(2026, 1, 1))
    assert (eve.cap_fen, day.cap_fen) == (200_000, 300_000)
    with pytest.raises(LookupError):
        _RULES.table(Benefit.OUTPATIENT, Insured.EMPLOYEE, date(2010, 12, 31))


def test_yuan_are_written_as_people_write_them() -> None:
    assert [yuan_text(each) for each in (0, 5, 1250, -305)] == ["0.00", "0.05", "12.50", "-3.05"]
