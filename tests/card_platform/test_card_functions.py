"""Functions of merged schemes on their way to the chip: asked for, written, ended, refused."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.regions.schemes.function_life import (
    FUNCTION_LIFE,
    FunctionAction,
    FunctionState,
    next_function_state,
    number_on_card,
)
from card_platform.regions.schemes.refusals import FunctionStateForbids
from card_platform.settings import Settings
from card_platform.storage.database import open_engine
from card_platform.storage.migration import downgrade, upgrade
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, document
from tests.card_platform.listings import publish_item, scheme

CHALLENGE = "0011223344556677"


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(FunctionState, FunctionAction))
)
def test_every_pair_is_a_row_of_the_table_or_is_refused(
    state: FunctionState, action: FunctionAction
) -> None:
    if action in FUNCTION_LIFE[state]:
        assert next_function_state(state, action) is FUNCTION_LIFE[state][action]
        return
    with pytest.raises(FunctionStateForbids):
        next_function_state(state, action)


class Merging:
    """A nationally required scheme being merged, and a counter."""

    def __init__(self, city: City, *numbers: str) -> None:
        self.city = city
        publish_item(city)
        told = city.post("/v1/card-schemes", scheme(origin="national"), "department").json()
        self.scheme_id: str = told["scheme_id"]
        self.path = f"/v1/card-schemes/{self.scheme_id}"
        self.on_card: str = told["number_on_card"]
        self.counter = city.enrol("counter", None)
        self.ask("holders", {"numbers": list(numbers)}, "department")

    def ask(self, what: str, body: dict[str, Any], caller: str, key: str | None = None) -> Any:
        return self.city.post(f"{self.path}/{what}", body, caller, key)

    def move(self, number: str, card_id: str) -> Any:
        card_number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        return self.ask("moves", {"number": number, "card_number": card_number}, "clerk")

    def command(self, number: str, chip: Chip, key: str | None = None) -> Any:
        body = {"number": number, "historical_bytes": chip.image["historical_bytes"]}
        return self.ask("card-commands", body | {"challenge": CHALLENGE}, self.counter.token, key)

    def report(self, writing_id: str, status: str, token: str | None = None) -> Any:
        path = f"card-commands/{writing_id}/report"
        return self.ask(path, {"status": status}, token or self.counter.token)

    def write(self, number: str, chip: Chip, status: str = "9000") -> str:
        """State after a writing the card answered like this."""
        asked = self.command(number, chip)
        assert asked.status_code == 200, asked.text
        state: str = self.report(asked.json()["writing_id"], status).json()["state"]
        return state

    def end(self, number: str) -> Any:
        return self.ask("function-ends", {"number": number, "reason": "证件注销"}, "department")

    def state(self, number: str) -> str:
        told: str = self.ask("function-states", {"number": number}, "inspector").json()["state"]
        return told

    def check(self, card_id: str) -> tuple[str, str | None]:
        card_number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        told = self.ask("checks", {"card_number": card_number}, "clerk").json()
        return told["result"], told["reason"]

    def ended(self) -> list[dict[str, str]]:
        told = self.city.get("/v1/transit/terminal-parameters", self.counter.token).json()
        found: list[dict[str, str]] = told["ended_functions"]
        return found


def test_a_function_is_bound_written_and_on_the_chip(city: City) -> None:
    merging = Merging(city, "读者0001")
    card_id, chip = city.active_card()
    assert merging.command("读者0001", chip).json()["code"] == "function-not-bound"
    moved = merging.move("读者0001", card_id)
    assert moved.status_code == 200
    assert merging.state("读者0001") == "bound"
    asked = merging.command("读者0001", chip).json()
    assert merging.state("读者0001") == "writing"
    assert asked["what"] == "load"
    command = bytes.fromhex(asked["command"])
    assert command[:5].hex().upper() == "80E200183B"
    assert len(command) == 5 + 51 + 8
    assert command[5:13].hex().upper() == merging.on_card == number_on_card(merging.scheme_id)
    assert command[13:16].hex() == "500000"
    assert command[20:24].hex() == chip.image["social_security"]["files"]["EF05"]["06"]
    assert command[24:56].rstrip(b"\0").decode("gbk") == "读者0001"
    told = merging.report(asked["writing_id"], "9000").json()
    assert (told["state"], told["number_on_card"]) == ("on_chip", merging.on_card)
    assert merging.check(card_id) == ("valid", None)
    assert merging.write("读者0001", chip) == "on_chip", "written again, it is the same"


def test_the_same_request_gives_the_same_command_and_a_report_told_twice_changes_nothing(
    city: City,
) -> None:
    merging = Merging(city, "N-1")
    card_id, chip = city.active_card()
    merging.move("N-1", card_id)
    first = merging.command("N-1", chip, "one-key").json()
    assert merging.command("N-1", chip, "one-key").json() == first
    assert merging.report(first["writing_id"], "6A84").json()["state"] == "writing"
    assert merging.report(first["writing_id"], "6a84").json()["state"] == "writing"
    otherwise = merging.report(first["writing_id"], "9000")
    assert (otherwise.status_code, otherwise.json()["code"]) == (409, "function-writing-reported")
    other = city.enrol("counter", None)
    again = merging.command("N-1", chip).json()
    for writing_id, token in ((again["writing_id"], other.token), ("writing-0", None)):
        unknown = merging.report(writing_id, "9000", token)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "function-writing-unknown")
    assert merging.state("N-1") == "writing"


def test_only_the_active_card_it_is_bound_to_takes_a_function(city: City) -> None:
    merging = Merging(city, "N-1", "N-2", "号" * 17, "🙂")
    card_id, chip = city.active_card()
    other_id, other_chip = city.active_card(2)
    merging.move("N-1", card_id)
    merging.move("N-2", other_id)
    for number, asked in (("N-1", other_chip), ("N-2", chip)):
        refused = merging.command(number, asked)
        assert (refused.status_code, refused.json()["code"]) == (403, "function-of-another-card")
    assert merging.command("N-9", chip).json()["code"] == "scheme-holder-unknown"
    stranger = dict(chip.image, historical_bytes="00" * 13)
    nobody = merging.command("N-1", Chip(stranger))
    assert nobody.json()["code"] == "function-of-another-card"
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    refused = merging.command("N-1", chip)
    assert (refused.status_code, refused.json()["code"]) == (409, "card-is-not-active")
    assert merging.state("N-1") == "bound"
    assert merging.ended() == []
    for sequence, number in ((3, "号" * 17), (4, "🙂")):
        third_id, third_chip = city.active_card(sequence)
        merging.move(number, third_id)
        refused = merging.command(number, third_chip)
        assert (refused.status_code, refused.json()["code"]) == (422, "function-does-not-fit")


def test_an_ended_function_works_nowhere_and_goes_off_the_chip(city: City) -> None:
    merging = Merging(city, "N-1", "N-2")
    card_id, chip = city.active_card()
    merging.move("N-1", card_id)
    merging.write("N-1", chip)
    assert merging.ended() == []
    assert merging.end("N-1").json()["state"] == "ending"
    told = merging.ask("function-states", {"number": "N-1"}, "inspector").json()
    assert told["end_reason"] == "证件注销"
    assert merging.check(card_id) == ("refused", "function-ended")
    assert merging.ended() == [{"application_serial": chip.serial, "scheme": merging.on_card}]
    assert merging.end("N-1").json()["code"] == "function-state-forbids"
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    asked = merging.command("N-1", chip).json()
    assert asked["what"] == "end", "it goes off a reported card too"
    assert asked["command"][:26] == "800C001810" + merging.on_card
    assert merging.report(asked["writing_id"], "9000").json()["state"] == "ended"
    assert merging.ended() == []
    assert merging.command("N-1", chip).json()["code"] == "function-state-forbids"


def test_a_function_no_chip_was_given_ends_at_once(city: City) -> None:
    merging = Merging(city, "N-1", "N-2")
    card_id, chip = city.active_card()
    merging.move("N-1", card_id)
    assert merging.end("N-1").json()["state"] == "ended"
    assert merging.ended() == []
    assert merging.move("N-2", card_id).status_code == 200, "the card is free for another number"
    assert merging.write("N-2", chip) == "on_chip"


def test_a_late_answer_to_a_writing_brings_no_ended_function_back(city: City) -> None:
    merging = Merging(city, "N-1")
    card_id, chip = city.active_card()
    merging.move("N-1", card_id)
    asked = merging.command("N-1", chip).json()
    merging.end("N-1")
    assert merging.report(asked["writing_id"], "9000").json()["state"] == "ending"
    assert merging.ended() == [{"application_serial": chip.serial, "scheme": merging.on_card}]


def test_the_holder_of_a_lost_card_moves_to_the_new_one_also_after_merging(city: City) -> None:
    merging = Merging(city, "N-1")
    lost_id, lost_chip = city.active_card()
    merging.move("N-1", lost_id)
    merging.write("N-1", lost_chip)
    assert merging.ask("completion", {}, "supervisor").json()["state"] == "merged"
    new_id, new_chip = city.active_card(2)
    assert merging.move("N-1", new_id).json()["code"] == "scheme-holder-already-moved"
    city.post(f"/v1/cards/{lost_id}/loss-report", {"kind": "formal"}, "clerk")
    merging.end("N-1")
    assert merging.move("N-1", new_id).status_code == 200
    assert merging.write("N-1", new_chip) == "on_chip"
    assert merging.check(new_id) == ("valid", None)
    assert merging.check(lost_id) == ("refused", "function-not-loaded")
    assert merging.command("N-1", lost_chip).json()["code"] == "function-of-another-card"
    assert merging.ended() == [{"application_serial": lost_chip.serial, "scheme": merging.on_card}]


def renew(city: City, card_id: str, how: str) -> tuple[str, Chip]:
    """The card that came in the place of this one, made and not yet handed over."""
    body = {"document": document(), "site": "渝中区服务网点"}
    if how == "exchange":
        body["reason"] = "unreadable"
    else:
        city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    renewed = city.post(f"/v1/cards/{card_id}/{how}", body, "clerk")
    assert renewed.status_code == 201, renewed.text
    new_id = renewed.json()["card_id"]
    return new_id, city.produce(new_id)


def hand_over(city: City, card_id: str) -> None:
    told = city.post(f"/v1/cards/{card_id}/activation", {"document": document()}, "clerk")
    assert told.json()["state"] == "active", told.text


def waiting(city: City, card_id: str) -> list[tuple[str, str, str | None]]:
    told = city.get(f"/v1/cards/{card_id}/scheme-functions", "clerk").json()["functions"]
    return [(each["number"], each["state"], each["waits_for"]) for each in told]


@pytest.mark.parametrize("how", ["exchange", "replacement"])
def test_functions_follow_their_holder_to_the_new_card_and_wait_to_be_loaded(
    city: City, how: str
) -> None:
    merging = Merging(city, "N-1")
    old_id, old_chip = city.active_card()
    merging.move("N-1", old_id)
    merging.write("N-1", old_chip)
    assert waiting(city, old_id) == [("N-1", "on_chip", None)]
    late = merging.command("N-1", old_chip).json()["writing_id"]
    new_id, new_chip = renew(city, old_id, how)
    assert merging.check(old_id) == ("refused", "card-is-not-active")
    assert merging.check(new_id) == ("refused", "function-not-loaded")
    hand_over(city, new_id)
    assert merging.check(new_id) == ("valid", None)
    assert merging.check(old_id) == ("refused", "function-not-loaded")
    assert waiting(city, old_id) == []
    assert waiting(city, new_id) == [("N-1", "bound", "load")]
    assert merging.report(late, "9000").json()["state"] == "bound", "said of the old chip"
    assert merging.command("N-1", old_chip).json()["code"] == "function-of-another-card"
    on_old_chip = [{"application_serial": old_chip.serial, "scheme": merging.on_card}]
    assert merging.ended() == on_old_chip
    assert merging.write("N-1", new_chip) == "on_chip"
    assert waiting(city, new_id) == [("N-1", "on_chip", None)]
    assert merging.ended() == on_old_chip, "the new chip is not among them"


def test_what_ended_before_the_new_card_was_handed_over_does_not_come_back(city: City) -> None:
    merging = Merging(city, "N-1", "N-2")
    old_id, old_chip = city.active_card()
    merging.move("N-1", old_id)
    merging.write("N-1", old_chip)
    new_id, _ = renew(city, old_id, "replacement")
    merging.end("N-1")
    hand_over(city, new_id)
    assert (merging.state("N-1"), waiting(city, new_id)) == ("ending", [])
    assert waiting(city, old_id) == [("N-1", "ending", "end")]
    assert merging.move("N-1", new_id).status_code == 200
    assert waiting(city, new_id) == [("N-1", "bound", "load")]


def test_the_functions_of_a_card_nobody_knows_are_not_told(city: City) -> None:
    told = city.get("/v1/cards/card-0/scheme-functions", "clerk")
    assert (told.status_code, told.json()["code"]) == (404, "card-unknown")


def test_down_and_up_again_keeps_the_holders_and_what_has_ended(
    city: City, settings: Settings
) -> None:
    merging = Merging(city, "N-1", "N-2", "N-3")
    cards = [city.active_card(sequence) for sequence in (1, 2)]
    for (card_id, chip), number in zip(cards, ("N-1", "N-2"), strict=True):
        merging.move(number, card_id)
        merging.write(number, chip)
    merging.end("N-2")
    engine = open_engine(settings.sqlalchemy_url)
    downgrade(engine, "0014")
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT scheme_number, moved_at IS NOT NULL, card_number IS NOT NULL FROM"
                " scheme_holders ORDER BY scheme_number"
            )
        )
        found = [(number, bool(moved), bool(bound)) for number, moved, bound in rows]
    assert found == [("N-1", True, True), ("N-2", True, False), ("N-3", False, False)]
    upgrade(engine)
    engine.dispose()
    assert [merging.state(number) for number in ("N-1", "N-2")] == ["bound", "ended"]
    assert merging.check(cards[0][0]) == ("valid", None)
    assert merging.check(cards[1][0]) == ("refused", "function-not-loaded")
    assert merging.write("N-1", cards[0][1]) == "on_chip"
