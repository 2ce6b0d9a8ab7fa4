"""A merged scheme's function goes from the platform to the chip, and an offline desk reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from card_platform.keys.security_module import SecurityModule
from card_platform.keys.seed import KeySeed
from scenarios.listings import deciding
from tests.agreement.conftest import Town, now
from virtual_cards.applets.certificates import LoadedFunction
from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony
from virtual_cards.personalisation import PersonalisedCard, load_card
from virtual_cards.readers import (
    CardIsAbsent,
    Fault,
    FaultPlan,
    FaultyCard,
)
from virtual_cards.terminals import (
    CardRefusesCommand,
    Counter,
    FunctionDesk,
    FunctionWorks,
    MergedScheme,
    NotReceived,
    PlatformLine,
    PlatformRefuses,
    read_functions,
)

NOBODY = "http://127.0.0.1:9"
"""Nothing listens on this port (discard)."""
FILES_FULL = 16


def test_both_sides_make_the_same_commands() -> None:
    seed, chip, challenge = bytes(range(32)), bytes(range(13)), bytes(range(8))
    function = LoadedFunction.of(
        scheme="00112233445566AA",
        region="500100",
        valid_from="20260101",
        valid_until="20361231",
        number="读者0001",
    )
    scheme = function.record[:8]
    hsm = IssuerSecurityModule(hold_ceremony(seed))
    platform = SecurityModule(KeySeed(seed))
    assert hsm.function_command(chip, challenge, function) == platform.function_command(
        chip, challenge, function.record
    )
    assert hsm.function_erasure(chip, challenge, scheme) == platform.function_erasure(
        chip, challenge, scheme
    )


@dataclass
class Merged:
    """A holder whose function is bound to the card in the reader."""

    town: Town
    scheme: MergedScheme
    number: str
    card_id: str
    card: PersonalisedCard
    counter: Counter
    desk: FunctionDesk
    line: PlatformLine

    def post(self, what: str, body: dict[str, Any], role: Any = "department") -> Any:
        path = f"/v1/card-schemes/{self.scheme.scheme_id}/{what}"
        return self.town.desk.post(role, path, body)

    def write(self) -> str:
        return self.counter.write_function(self.scheme.scheme_id, self.number).state

    def state(self) -> str:
        told: str = self.post("function-states", {"number": self.number}, "inspector")["state"]
        return told

    def use(self, *, offline: bool) -> FunctionWorks | NotReceived:
        """At an entrance that has fetched its parameters just now."""
        self.desk.use_parameters(self.line.terminal_parameters())
        with PlatformLine(NOBODY, "token") as dead:
            self.desk.line = dead if offline else self.line
            return self.desk.use()


@pytest.fixture
def merged(town: Town) -> Iterator[Merged]:
    scheme = nationally_required(town)
    _, card_id, card = town.issue()
    number = f"读者-{card_id[-12:]}"
    path = f"/v1/card-schemes/{scheme.scheme_id}"
    town.desk.post("department", f"{path}/holders", {"numbers": [number]})
    card_number = town.desk.card(card_id)["card_number"]
    town.desk.post("clerk", f"{path}/moves", {"number": number, "card_number": card_number})
    town.reader.insert(card.card)
    line, module, _ = town.enrol("entrance", None)
    told = line.terminal_parameters()
    desk = FunctionDesk(town.reader, module, told, line, scheme=scheme, clock=now)
    yield Merged(town, scheme, number, card_id, card, town.counter(), desk, line)


def nationally_required(town: Town) -> MergedScheme:
    """A scheme a national rule asks for, merged into an item of this town's list."""
    desk = town.desk
    if not desk.ask("GET", "/v1/catalogue", "")["items"]:
        content = {
            "name_zh": "景区预约入园",
            "name_en": "Entry by booking",
            "scene": "tourism",
            "owner": "culture-and-tourism",
            "uses": ["景区预约入园"],
            "functions": ["identity"],
            "equipment": [],
            "site_kinds": ["景区"],
            "conditions_zh": "持有社会保障卡",
            "guide_zh": "刷卡入园",
            "time_limit_days": 1,
        }
        body = deciding("全市") | {"content": content}
        item = desk.post("department", "/v1/catalogue-items", body)["item_id"]
        for step in ("approval", "publication"):
            desk.post("supervisor", f"/v1/catalogue-items/{item}/{step}", deciding("全市"))
    asked = {
        "name_zh": "全国入园码",
        "kind": "qr-code",
        "scene": "tourism",
        "owner": "culture-and-tourism",
        "uses": ["景区预约入园"],
        "origin": "national",
        "document": "国函〔2026〕1号",
    }
    told = desk.post("department", "/v1/card-schemes", asked)
    return MergedScheme(told["scheme_id"], told["number_on_card"])


def reason(outcome: FunctionWorks | NotReceived) -> str:
    assert isinstance(outcome, NotReceived), outcome
    return outcome.reason


def test_a_function_is_loaded_works_without_the_line_and_ends(merged: Merged) -> None:
    assert isinstance(merged.use(offline=False), FunctionWorks), "bound: it works on line"
    assert reason(merged.use(offline=True)) == "function-not-on-card"
    assert merged.write() == "on_chip"
    (found,) = read_functions(merged.town.reader)
    assert (found.scheme, found.region) == (merged.scheme.number_on_card, "500000")
    works = merged.use(offline=True)
    assert isinstance(works, FunctionWorks)
    assert works.on_card == found
    assert works.received.is_offline
    merged.post("function-ends", {"number": merged.number, "reason": "注销"})
    assert reason(merged.use(offline=False)) == "function-ended"
    assert reason(merged.use(offline=True)) == "function-ended"
    assert merged.write() == "ended"
    assert read_functions(merged.town.reader) == ()
    assert reason(merged.use(offline=True)) == "function-not-on-card"


def test_a_lost_card_takes_no_function_and_is_refused_off_line_too(merged: Merged) -> None:
    merged.write()
    merged.town.desk.report_loss(merged.card_id)
    assert reason(merged.use(offline=False)) == "card-is-not-active"
    assert reason(merged.use(offline=True)) == "card-on-revocation-list"
    with pytest.raises(PlatformRefuses) as refused:
        merged.write()
    assert refused.value.code == "card-is-not-active"


def test_another_holders_card_is_refused(merged: Merged) -> None:
    _, _, other = merged.town.issue()
    merged.town.reader.insert(other.card)
    with pytest.raises(PlatformRefuses) as refused:
        merged.write()
    assert refused.value.code == "function-of-another-card"
    assert read_functions(merged.town.reader) == ()


def test_a_card_of_another_testbed_refuses_the_platforms_command(merged: Merged) -> None:
    image = dict(merged.card.image)
    keys = {"disability": "11" * 16, "veteran": "22" * 16, "function": "33" * 16}
    merged.town.reader.insert(load_card(image | {"certificates": {"keys": keys}}).card)
    with pytest.raises(CardRefusesCommand) as refused:
        merged.write()
    assert refused.value.status == 0x63C4
    assert merged.state() == "writing", "the card's answer is on record, and nothing is on the chip"
    merged.town.reader.insert(merged.card.card)
    assert merged.write() == "on_chip"


def test_a_card_issued_before_says_so_and_its_function_works_on_line(merged: Merged) -> None:
    image: dict[str, Any] = dict(merged.card.image)
    keys = dict(image["certificates"]["keys"])
    del keys["function"]
    merged.town.reader.insert(load_card(image | {"certificates": {"keys": keys}}).card)
    with pytest.raises(CardRefusesCommand) as refused:
        merged.write()
    assert refused.value.status == 0x6A88
    assert isinstance(merged.use(offline=False), FunctionWorks)
    assert reason(merged.use(offline=True)) == "function-not-on-card"


def test_a_card_without_the_application_is_not_asked_for(merged: Merged) -> None:
    image = dict(merged.card.image)
    del image["certificates"]
    merged.town.reader.insert(load_card(image).card)
    with pytest.raises(CardRefusesCommand) as refused:
        merged.write()
    assert refused.value.status == 0x6A82
    assert merged.state() == "bound"
    assert reason(merged.use(offline=True)) == "function-not-on-card"


@pytest.mark.parametrize("phase", ["command", "response"])
def test_a_card_torn_out_is_written_again(merged: Merged, phase: Any) -> None:
    tear = Fault(kind="tear", header="80E20018", phase=phase, byte=0)
    merged.town.reader.insert(FaultyCard(merged.card.card, FaultPlan((tear,))))
    with pytest.raises(CardIsAbsent):
        merged.write()
    assert merged.state() == "writing"
    merged.town.reader.insert(merged.card.card)
    assert merged.write() == "on_chip"
    assert len(read_functions(merged.town.reader)) == 1


def test_a_full_card_refuses_one_more(merged: Merged) -> None:
    path = "/v1/card-schemes"
    card_number = merged.town.desk.card(merged.card_id)["card_number"]
    for count in range(FILES_FULL):
        scheme = nationally_required(merged.town)
        own = f"{path}/{scheme.scheme_id}"
        merged.town.desk.post("department", f"{own}/holders", {"numbers": ["N-1"]})
        body = {"number": "N-1", "card_number": card_number}
        merged.town.desk.post("clerk", f"{own}/moves", body)
        stands = merged.counter.write_function(scheme.scheme_id, "N-1")
        assert (count, stands.state) == (count, "on_chip")
    with pytest.raises(CardRefusesCommand) as refused:
        merged.write()
    assert refused.value.status == 0x6A84
    assert merged.state() == "writing"
    assert len(read_functions(merged.town.reader)) == FILES_FULL
