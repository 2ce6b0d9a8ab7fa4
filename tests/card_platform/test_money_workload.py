"""Money under a workload that knows the answer, checked by an auditor that sees replies only.

Orders, transfers, payouts and taps in any order, with banks that are slow, down, refuse, return and
lose answers, and with clients that lose replies and ask again. Everything is judged after each wait
and at the end: each reply, each balance, each fate, and the files of the banks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import Installation
from card_platform.settings import Settings
from card_platform.settlement.beside_the_ledger import first_fault_beside
from card_platform.settlement.ledger import check_books
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, Terminal
from tests.card_platform.money_auditor import CONDUCT, Auditor, Reply
from tests.card_platform.payees import csv_file, line_of
from tests.card_platform.test_bank_orders import DAY_S, PAYER, behave, ready_account, wait
from tests.card_platform.test_banks import BANK
from tests.card_platform.test_reconciliation import compared

OWN, FARE_FEN = "personal:worker", 200
STEPS_MIN, STEPS_MAX = 8, 20
EXAMPLES, EXAMPLES_LONG = 8, 400
PEOPLE = (1, 2, 3)

person = st.integers(0, len(PEOPLE) - 1)
fen = st.integers(1, 9_000)
lost = st.booleans()
step = st.one_of(
    st.tuples(st.just("order"), person, st.sampled_from([PAYER, OWN]), fen, lost),
    st.tuples(st.just("transfer"), st.sampled_from([(PAYER, OWN), (OWN, PAYER)]), fen, lost),
    st.tuples(st.just("payout"), st.lists(fen, min_size=1, max_size=3), lost, lost),
    st.tuples(st.just("tap"), person, lost),
    st.tuples(st.just("conduct"), st.sampled_from([0, 60, 5_000]), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 60, 700, 4_000, DAY_S])),
    st.tuples(st.just("again"), st.integers(0, 10**6)),
)


@dataclass
class Workload:
    """One platform, and all that was asked of it and answered."""

    city: City
    settings: Settings
    auditor: Auditor
    cards: list[str]
    chips: list[Chip]
    bus: Terminal
    asked: list[tuple[str, Any, str, str, Reply]] = field(default_factory=list)
    days: set[str] = field(default_factory=set)

    def send(self, path: str, body: Any, caller: str, *, is_lost: bool) -> tuple[int, Reply]:
        """Ask; where the reply is lost, again with the same key, and be told the same."""
        key = f"w-{len(self.asked)}"
        answer = self.city.post(path, body, caller, key)
        if is_lost:
            again = self.city.post(path, body, caller, key)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
        told: Reply = answer.json()
        if answer.is_success:
            self.asked.append((path, body, caller, key, told))
        return answer.status_code, told

    def order(self, place: int, source: str, amount_fen: int, is_lost: bool) -> None:
        body = {"client_id": f"w-{len(self.asked)}", "card_id": self.cards[place], "source": source}
        body |= {"amount_fen": amount_fen, "purpose": "劳务费"}  # type: ignore[dict-item]
        held = self.auditor.balances().get(OWN, 0)
        status, told = self.send("/v1/bank-orders", body, "operator", is_lost=is_lost)
        if source == OWN and held < amount_fen:
            assert (status, told["code"]) == (422, "insufficient-balance")
            return
        assert status == 201, told
        self.auditor.told_of_order(body, told)

    def transfer(self, accounts: tuple[str, str], amount_fen: int, is_lost: bool) -> None:
        body = {"client_id": f"t-{len(self.asked)}", "debit": accounts[0], "credit": accounts[1]}
        body |= {"amount_fen": amount_fen, "purpose": "调拨"}  # type: ignore[dict-item]
        held = self.auditor.balances().get(OWN, 0)
        status, told = self.send("/v1/ledger/transfers", body, "operator", is_lost=is_lost)
        if accounts[0] == OWN and held < amount_fen:
            assert (status, told["code"]) == (422, "insufficient-balance")
            return
        assert status == 201, told
        self.auditor.transferred(body)

    def payout(self, amounts: list[int], is_lost: bool, is_dropped: bool) -> None:
        number = len(self.asked) + 1_000
        lines = [
            line_of(who, f"{each // 100}.{each % 100:02d}")
            for who, each in zip(PEOPLE, amounts, strict=False)
        ]
        file = csv_file(lines, f"W-{number}", period=str(number))
        body = {"format": "csv", "file": file}
        status, told = self.send("/v1/payout-batches", body, "operator", is_lost=is_lost)
        assert (status, told["state"], told["sum_fen"]) == (201, "waiting", sum(amounts))
        batch_id = told["batch_id"]
        self.look_at_lines(batch_id)
        decision = {"decision": "drop" if is_dropped else "release", "reason": "复核"}
        path = f"/v1/payout-batches/{batch_id}/decision"
        status, _ = self.send(path, decision, "supervisor", is_lost=is_lost)
        assert status == 200

    def tap(self, place: int, is_lost: bool) -> None:
        chip = self.chips[place]
        body = chip.tap(self.bus.number, "single", "B104", amount_fen=FARE_FEN)
        status, told = self.send("/v1/transit/taps", body, self.bus.token, is_lost=is_lost)
        assert status == 201, told
        self.auditor.move(f"purse:{chip.serial}", "operator:metro", FARE_FEN)

    def conduct(self, slow_s: int, is_down: bool) -> None:
        behave(self.city, **CONDUCT, slow_s=slow_s, down=is_down)

    def wait(self, seconds: int) -> None:
        wait(self.city, seconds)
        self.days.add(self.city.get("/v1/clock").json()["now"][:10])
        self.audit()

    def again(self, place: int) -> None:
        """A request of long ago with its own key: the reply of long ago, and nothing else."""
        if self.asked:
            path, body, caller, key, told = self.asked[place % len(self.asked)]
            assert self.city.post(path, body, caller, key).json() == told

    def audit(self) -> None:
        """Ask what became of everything that is not at its end, and compare."""
        for told in list(self.auditor.orders.values()):
            if told["state"] not in ("refused", "returned"):
                answer = self.city.get(f"/v1/bank-orders/{told['order_id']}").json()
                self.auditor.told_of_order(None, answer)
        for batch_id in list(self.auditor.batches):
            self.look_at_lines(batch_id)
        self.auditor.compare(self.city.balances())

    def look_at_lines(self, batch_id: str) -> None:
        path = f"/v1/payout-batches/{batch_id}/lines?limit=200"
        self.auditor.told_of_lines(batch_id, self.city.get(path).json()["lines"])

    def play(self, steps: list[Any]) -> None:
        """The steps; then the banks are well, days pass, and everything has come to its end."""
        self.conduct(0, is_down=False)
        for name, *told in steps:
            getattr(self, name)(*told)
        self.conduct(0, is_down=False)
        for seconds in (1, 3_600, 3_600, 2 * DAY_S):
            self.wait(seconds)
        self.auditor.require_fates()
        check = check_books(self.settings.sqlalchemy_url)
        assert (check.balanced, check.sum_fen) == (True, 0), check
        assert first_fault_beside(self.settings.sqlalchemy_url) is None


@pytest.fixture
def workload(installation: Installation, settings: Settings) -> Iterator[Workload]:
    parts = installation
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        city = City(client, parts.access.tokens)
        cards = [ready_account(city, sequence) for sequence in PEOPLE]
        chips = [city.active_card(50 + sequence)[1] for sequence in PEOPLE]
        for chip in chips:
            chip.balance_fen = 10**9
        city.post("/v1/ledger/accounts", {"name": OWN}, "operator")
        bus = city.enrol("bus_validator", None, bus_line="B104")
        yield Workload(city, settings, Auditor(BANK), cards, chips, bus)


def play_often(workload: Workload, examples: int) -> None:
    @hypothesis_settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # the books go on from one to the next: nothing is made smaller
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.lists(step, min_size=STEPS_MIN, max_size=STEPS_MAX))
    def play(steps: list[Any]) -> None:
        workload.play(steps)

    play()
    workload.wait(DAY_S)
    for day in sorted(workload.days)[:-1]:
        answer = compared(workload.city, day)
        assert answer["differences"] == 0, answer
    told = workload.auditor
    assert len(told.orders) > examples // 2
    assert len(told.batches) > examples // 4
    fates = {each["state"] for each in told.orders.values()}
    print(f"{len(workload.asked)} requests, {len(told.orders)} orders, {len(told.batches)} batches")
    if examples > EXAMPLES:
        assert fates == {"settled", "refused", "returned"}


@pytest.mark.timeout(300)
def test_the_books_are_what_the_replies_say_whatever_banks_and_clients_do(
    workload: Workload,
) -> None:
    play_often(workload, EXAMPLES)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_books_are_what_the_replies_say_at_length(workload: Workload) -> None:
    play_often(workload, EXAMPLES_LONG)
