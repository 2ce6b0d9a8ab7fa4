"""A seeded year of visits and reversals; an auditor rebuilds books and year from the replies."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from card_platform.exchange.medical.model import figures_of, shares_of
from card_platform.exchange.medical.refusals import FiguresAreImpossible
from card_platform.regions.medical_policy import Benefit, CatalogueClass, Insured
from card_platform.services.medical.benefits.model import PricedLine, Shares
from tests.card_platform.city import City
from tests.card_platform.clinic import Place, credit, hospital, insure
from tests.card_platform.test_medical_split import in_turn, table_of

SEED = 20_261_122
VISITS = 30
_CODES = {"JC001": 0, "JC002": 15, "JC003": 100, "ZL001": 0, "ZL003": 20}
"""Own share in percent, from the catalogue of Chongqing."""


@dataclass
class Auditor:
    """What the books and the year must be, from requests and replies alone."""

    credited_fen: int = 0
    settled: dict[str, dict[str, Any]] = field(default_factory=dict)

    def expect(self, lines: list[dict[str, Any]]) -> tuple[int, int, int, int]:
        """Deductible, fund, account and cash of the next bill."""
        table = table_of("outpatient", "employee")
        total = counts = 0
        for line in lines:
            whole = line["quantity"] * line["unit_price_fen"]
            total += whole
            counts += whole - (2 * whole * _CODES[line["code"]] + 100) // 200
        spent, above, paid = (self.sum_of(each) for each in ("deductible_fen", "above", "fund_fen"))
        kept = min(counts, max(table["deductible_fen"][2] - spent, 0))
        share, low = 0, 0
        for band in table["bands"]:
            high = band.get("up_to_fen", 10**15)
            inside = min(max(above + counts - kept, low), high) - min(max(above, low), high)
            share += (2 * inside * band["percent"][2] + 100) // 200
            low = high
        fund = min(share, table["cap_fen"] - paid)
        account = min(total - fund, self.credited_fen - self.sum_of("personal_fen"))
        return kept, fund, account, total - fund - account

    def sum_of(self, name: str) -> int:
        """Over what is settled and not taken back."""
        if name == "above":
            return self.sum_of("eligible_fen") - self.sum_of("deductible_fen")
        return sum(each[name] for each in self.settled.values())

    def check(self, city: City, card_id: str, place: Place) -> None:
        balances = city.balances()
        fund, account = self.sum_of("fund_fen"), self.sum_of("personal_fen")
        assert balances.get("fund:medical-employee", 0) == -fund
        assert balances.get(f"operator:{place.operator}", 0) == fund + account
        assert balances[f"medical-credit:{card_id}:1"] == self.credited_fen - account
        assert sum(balances.values()) == 0
        told = city.get(f"/v1/cards/{card_id}/medical-insurance", "clerk").json()["benefits"]
        year = next(each for each in told if each["benefit"] == "outpatient")
        assert year == {
            "benefit": "outpatient",
            "deductible_fen": self.sum_of("deductible_fen"),
            "counted_fen": self.sum_of("above"),
            "fund_fen": fund,
            "visits": len(self.settled),
        }


def test_books_and_year_are_those_the_auditor_rebuilds(city: City) -> None:
    card_id, _ = city.active_card()
    insure(city, card_id)
    place, auditor, chance = hospital(city), Auditor(), random.Random(SEED)
    for _ in range(VISITS):
        if not auditor.credited_fen or chance.random() < 0.3:
            amount_fen = chance.randrange(1, 40_000)
            credit(city, card_id, amount_fen)
            auditor.credited_fen += amount_fen
        lines = [
            {
                "code": chance.choice(sorted(_CODES)),
                "quantity": chance.randrange(1, 4),
                "unit_price_fen": chance.randrange(1, 60_000),
            }
            for _ in range(chance.randrange(1, 5))
        ]
        expected = auditor.expect(lines)
        visit = place.settled(card_id, lines)
        shares = visit["shares"]
        names = ("deductible_fen", "fund_fen", "personal_fen", "cash_fen")
        assert tuple(shares[each] for each in names) == expected, f"seed {SEED}"
        auditor.settled[visit["visit_id"]] = shares
        if chance.random() < 0.3:
            undone = chance.choice(sorted(auditor.settled))
            place.do(undone, "reversal", {"reason": "误收"})
            del auditor.settled[undone]
        auditor.check(city, card_id, place)
    assert city.get("/v1/ledger/check").json()["balanced"]
    for undone in sorted(auditor.settled):
        place.do(undone, "reversal", {"reason": "误收"})
    auditor.settled.clear()
    auditor.check(city, card_id, place)


def test_figures_of_another_region_are_the_whole_again_or_refused() -> None:
    """What travels has no lines; whoever has them gets the same shares, or believes nothing."""
    line = PricedLine("JC002", "磁共振", "MRI", CatalogueClass.B, 15, 1, 100_000)
    (split,) = in_turn(Benefit.OUTPATIENT, Insured.EMPLOYEE, [([line], 3)])
    account = split.insured_fen // 3
    shares = Shares(
        Insured.EMPLOYEE, split, split.fund_fen, {"1": account}, split.insured_fen - account
    )
    figures = figures_of(shares)
    assert shares_of(figures, [line]) == shares
    for wrong in ({"fund_fen": -1}, {"fund_fen": 90_000}, {"personal_fen": {"1": 90_000}}):
        with pytest.raises(FiguresAreImpossible):
            shares_of(msgspec.structs.replace(figures, **wrong), [line])
