"""Certificates of terminals: the region's word for a key, for a time, until it is withdrawn."""

from __future__ import annotations

import json
from typing import Any

from gmssl_pyx import sm2_key_generate

from card_platform.keys.sm2 import signature_is_right
from tests.card_platform.city import City
from tests.card_platform.journal_book import JournalBook

YEAR_S = 365 * 86_400


def certificates(city: City, book: JournalBook) -> list[dict[str, Any]]:
    path = f"/v1/terminals/{book.terminal.number}/certificates"
    told: list[dict[str, Any]] = city.get(path).json()["certificates"]
    return told


def renew(city: City, book: JournalBook) -> Any:
    body = {"public_key": book.public.hex()}
    return city.post(f"/v1/terminals/{book.terminal.number}/certificates", body, "operator")


def withdraw(city: City, number: str) -> Any:
    return city.post(f"/v1/terminals/{number}/certificate-withdrawal", {}, "operator")


def written(city: City) -> JournalBook:
    """A gate with a journal of one record."""
    book = JournalBook.of_new_terminal(city, "metro_gate", "0201")
    book.write("refusal", "{}")
    return book


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_the_region_signs_whose_key_it_is_and_until_when(city: City) -> None:
    book = written(city)
    (told,) = certificates(city, book)
    text = json.loads(told["text"])
    assert text["terminal_number"] == book.terminal.number
    assert bytes.fromhex(text["public_key"]) == book.public
    assert (text["region"], text["valid_until"]) == ("500000", told["valid_until"])
    region_key = bytes.fromhex(city.client.get("/v1/exchange/identity").json()["public_key"])
    signature = bytes.fromhex(told["signature"])
    assert signature_is_right(region_key, told["text"].encode(), signature)
    assert not signature_is_right(region_key, told["text"].encode() + b" ", signature)
    without = city.enrol("counter", None).number
    assert city.get(f"/v1/terminals/{without}/certificates").json()["certificates"] == []
    assert code(withdraw(city, without)) == (409, "terminal-has-no-certificate")
    assert code(withdraw(city, "509999999999")) == (404, "terminal-unknown")


def test_a_journal_is_taken_while_the_certificate_holds_and_again_after_it_is_renewed(
    city: City,
) -> None:
    book = written(city)
    assert book.send(city).status_code == 200
    city.post("/v1/clock", {"advance_s": 3 * YEAR_S + 1}, "trainer")
    assert code(book.send(city)) == (422, "terminal-certificate-not-in-force")
    assert code(withdraw(city, book.terminal.number)) == (409, "terminal-has-no-certificate")
    assert renew(city, book).status_code == 201
    assert book.send(city).json()["accepted_through"] == 1


def test_a_withdrawn_certificate_stops_the_journal_until_there_is_another_key(city: City) -> None:
    book = written(city)
    assert withdraw(city, book.terminal.number).json()["withdrawn_at"] is not None
    assert code(book.send(city)) == (422, "terminal-certificate-not-in-force")
    public, private = sm2_key_generate()
    book.public, book.private = bytes(public), bytes(private)
    assert code(book.send(city))[1] == "terminal-certificate-not-in-force"
    assert renew(city, book).status_code == 201
    assert code(book.send(city)) == (422, "journal-signature-wrong"), "signed by the old key"
    book.records = [book.sign(each) for each in book.records]
    assert book.send(city).json()["accepted_through"] == 1
    assert [each["withdrawn_at"] is None for each in certificates(city, book)] == [True, False]
