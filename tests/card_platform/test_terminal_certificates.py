"""Certificates of terminals: the region's word for a key, for a time, until it is withdrawn."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from gmssl_pyx import sm2_key_generate
from sqlalchemy import select

from card_platform.installation import Installation
from card_platform.keys.sm2 import signature_is_right
from card_platform.oversight.audit.store import AUDIT_RECORDS
from card_platform.services.terminals.service import follow_withdrawals, terminal_finder
from card_platform.web import Doorkeeper
from card_platform.web.authentication import TerminalIsWithdrawn
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


def test_a_terminal_that_was_stolen_is_withdrawn_by_a_supervisor_and_refused_at_once(
    city: City, installation: Installation
) -> None:
    book, kept = written(city), city.enrol()
    number, token = book.terminal.number, book.terminal.token
    path = f"/v1/terminals/{number}/withdrawal"
    assert city.get("/v1/clock", token).status_code == 200
    for role in ("operator", "clerk", token):
        assert code(city.post(path, {"reason": "被盗"}, role)) == (403, "role-forbids")
    assert city.get("/v1/clock", token).status_code == 200
    told = city.post(path, {"reason": "被盗"}, "supervisor", "once")
    assert told.status_code == 200, told.text
    assert city.post(path, {"reason": "被盗"}, "supervisor", "once").json() == told.json()
    since = told.json()["withdrawn_at"]
    refused = city.get("/v1/clock", token)
    assert code(refused) == (401, "terminal-withdrawn")
    assert since in refused.json()["detail_zh"]
    for hot in ("/v1/transit/taps", "/v1/identity-checks", "/v1/terminal-journal"):
        assert code(city.post(hot, {}, token)) == (401, "terminal-withdrawn"), hot
    assert city.get("/v1/clock", kept.token).status_code == 200

    (certificate,) = certificates(city, book)
    assert certificate["withdrawn_at"] is not None
    assert code(renew(city, book)) == (409, "terminal-withdrawn-already")
    again = city.post(path, {"reason": "被盗"}, "supervisor")
    assert code(again) == (409, "terminal-withdrawn-already")
    nobody = city.post("/v1/terminals/509999999999/withdrawal", {"reason": "x"}, "supervisor")
    assert code(nobody) == (404, "terminal-unknown")
    health = {
        each["terminal_number"]: each
        for each in city.get("/v1/terminal-health").json()["terminals"]
    }
    assert (health[number]["withdrawn_at"], health[kept.number]["withdrawn_at"]) == (since, None)
    query = select(AUDIT_RECORDS.c.by, AUDIT_RECORDS.c.detail).where(
        AUDIT_RECORDS.c.action == "withdraw-terminal"
    )
    recorded = installation.database.read_now(lambda tx: tx.select(query))
    assert recorded == [("supervisor", f"terminal {number}: 被盗")]
    anew = city.enrol()
    assert (anew.number, anew.token) != (number, token)
    assert city.get("/v1/clock", anew.token).status_code == 200


def test_a_process_that_remembers_a_terminal_learns_that_another_one_withdrew_it(
    city: City, installation: Installation
) -> None:
    terminal, database = city.enrol(), installation.database

    async def nobody(_token_sha256: str) -> None:
        return None

    async def live() -> str:
        doorkeeper = Doorkeeper({}, terminal_finder(database), nobody)
        authorization = f"Bearer {terminal.token}"
        assert (await doorkeeper.identify(authorization)).terminal_number == terminal.number
        following = asyncio.create_task(follow_withdrawals(database, doorkeeper))
        path = f"/v1/terminals/{terminal.number}/withdrawal"
        withdrawn = await asyncio.to_thread(city.post, path, {"reason": "遗失"}, "supervisor")
        assert withdrawn.status_code == 200, withdrawn.text
        try:
            async with asyncio.timeout(60):
                while doorkeeper.known(authorization) is not None:
                    await asyncio.sleep(0.02)
            await doorkeeper.identify(authorization)
        except TerminalIsWithdrawn as refused:
            return refused.code
        finally:
            following.cancel()
        return "let in"

    assert asyncio.run(live()) == "terminal-withdrawn"
