"""Batches: what waits at once shares a transaction, and each request is answered as if alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from card_platform.installation import Installation
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.storage import Statement, Transaction
from card_platform.storage.batch import NotForBatch
from card_platform.web import batching
from card_platform.web.authentication import Caller
from card_platform.web.back_office import Call
from card_platform.web.batching import WAITING_MAX, Batching, Foresee
from card_platform.web.desk import Desk
from card_platform.web.idempotency import ClientId, ClientIdIsReused

ADD = Statement(
    'INSERT INTO identity_checks (check_id, card_id, purpose, result, reason, at, "by",'
    " carrier) VALUES (:check_id, :card_id, :purpose, :result, :reason, :at, :by, :carrier)"
)
COUNT = Statement("SELECT COUNT(*) FROM identity_checks")


class Told(msgspec.Struct):
    number: int


Work = Callable[[Transaction], Told]


def client(key: int, body: bytes = b"") -> Call:
    clerk = Caller("clerk", "clerk")
    return Call("/v1/identity-checks", body, clerk, ClientId("clerk", f"key-{key}", body))


def adds(number: int, result: str | None = "valid", *, unique: str = "") -> Work:
    """A work that adds one row."""

    def work(tx: Transaction) -> Told:
        row = {"check_id": unique or f"check-{number}", "card_id": None, "purpose": "hotel"}
        more = {"reason": None, "at": "2026-01-01T00:00:00Z", "by": "clerk", "carrier": "card"}
        tx.later(ADD, {**row, **more, "result": result})
        return Told(number)

    return work


def refuses(_tx: Transaction) -> Told:
    raise CardIsUnknown


async def answer(desk: Desk, who: Call, work: Work, foresee: Foresee = list) -> bytes:
    """As the express lane: in a batch, or alone where it must be."""
    told = await desk.answer_in_batch(who, work, foresee)
    return await desk.answer(who.client, work) if told is None else told


def send(installation: Installation, asked: list[tuple[Call, Work]]) -> list[object]:
    """All at once, as the express lane does; the answers or what was raised."""
    desk = Desk(installation.database, installation.clock)

    async def gather() -> list[object]:
        answers = (answer(desk, who, work) for who, work in asked)
        told = await asyncio.gather(*answers, return_exceptions=True)
        return [msgspec.json.decode(each) if isinstance(each, bytes) else each for each in told]

    return asyncio.run(gather())


def count(installation: Installation) -> int:
    return int(installation.database.read_now(lambda tx: tx.rows(COUNT, {}))[0][0])


def test_each_request_gets_its_own_answer_and_leaves_its_own_row(
    installation: Installation,
) -> None:
    asked = [(client(number), adds(number)) for number in range(500)]
    assert send(installation, asked) == [{"number": number} for number in range(500)]
    assert count(installation) == 500


def test_a_key_that_comes_twice_has_one_effect_and_one_answer(installation: Installation) -> None:
    asked = [(client(number % 40), adds(number % 40)) for number in range(120)]
    assert send(installation, asked) == [{"number": number % 40} for number in range(120)]
    assert count(installation) == 40
    assert send(installation, asked[:40]) == [{"number": number} for number in range(40)]
    assert count(installation) == 40
    (other,) = send(installation, [(client(0, b"another body"), adds(7, unique="check-other"))])
    assert isinstance(other, ClientIdIsReused)
    assert count(installation) == 40


def test_a_refused_request_does_not_touch_its_neighbours(installation: Installation) -> None:
    told = send(
        installation,
        [(client(1), adds(1)), (client(2), refuses), (client(3), adds(3))],
    )
    assert (told[0], told[2]) == ({"number": 1}, {"number": 3})
    assert isinstance(told[1], CardIsUnknown)
    assert count(installation) == 2
    assert send(installation, [(client(2), adds(2))]) == [{"number": 2}], "judged again"


def test_a_row_the_database_refuses_fails_its_own_request_only(installation: Installation) -> None:
    asked = [(client(number), adds(number, None if number == 5 else "valid")) for number in (4, 5)]
    asked += [(client(6), adds(6)), (client(7), adds(7, unique="check-6"))]
    told = send(installation, asked)
    assert [told[0]] == [{"number": 4}]
    assert isinstance(told[1], Exception)
    one_of_two = [each for each in told[2:] if not isinstance(each, Exception)]
    assert len(one_of_two) == 1
    assert count(installation) == 2


def test_a_work_that_is_none_for_a_batch_is_told_so(installation: Installation) -> None:
    def writes_at_once(tx: Transaction) -> Told:
        tx.run(COUNT, {})
        return Told(1)

    (told,) = send(installation, [(client(1), writes_at_once)])
    assert isinstance(told, NotForBatch)


def test_questions_are_answered_as_if_asked_one_by_one(installation: Installation) -> None:
    send(installation, [(client(number), adds(number)) for number in range(30)])
    find = Statement("SELECT check_id FROM identity_checks WHERE check_id = :check_id")
    desk = Desk(installation.database, installation.clock)

    def asks(number: int) -> Work:
        return lambda tx: Told(len(tx.rows(find, {"check_id": f"check-{number}"})))

    async def gather() -> list[bytes]:
        questions = [[(find, {"check_id": f"check-{number}"})] for number in range(60)]
        return await asyncio.gather(
            *(
                answer(
                    desk,
                    client(1000 + number),
                    asks(number),
                    partial(questions.__getitem__, number),
                )
                for number in range(60)
            )
        )

    found = [msgspec.json.decode(each)["number"] for each in asyncio.run(gather())]
    assert found == [1] * 30 + [0] * 30


def test_while_many_come_those_who_follow_share_the_next_batch(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "PACE_S", 0.5)
    works: list[object] = []
    write = installation.database.write

    async def count_and_write(work: Callable[[Transaction], list[bytes]]) -> list[bytes]:
        works.append(work)
        return await write(work)

    monkeypatch.setattr(installation.database, "write", count_and_write)
    desk = Desk(installation.database, installation.clock)

    async def send_in_turn() -> list[bytes]:
        at_once = [answer(desk, client(n), adds(n)) for n in range(40)]
        answers = await asyncio.gather(*at_once)
        sent = []
        for number in range(40, 60):
            sent.append(asyncio.create_task(answer(desk, client(number), adds(number))))
            await asyncio.sleep(0.001)
        return [*answers, *await asyncio.gather(*sent)]

    answers = asyncio.run(send_in_turn())
    assert [msgspec.json.decode(each)["number"] for each in answers] == [*range(60)]
    assert len(works) == 2, "those who came at one moment, those who followed"


def test_too_many_waiting_are_told_so(installation: Installation) -> None:
    made = Batching(installation.database, installation.clock)

    async def gather() -> list[object]:
        async def ask(number: int) -> object:
            return await made.answer(client(number), adds(number), list)

        asked = (ask(number) for number in range(WAITING_MAX + 300))
        return await asyncio.gather(*asked, return_exceptions=True)

    told = asyncio.run(gather())
    busy = [each for each in told if isinstance(each, Exception)]
    assert {type(each).__name__ for each in busy} == {"PlatformIsBusy"}
    assert count(installation) == len(told) - len(busy)


@pytest.mark.parametrize("rows", [0, 1, 3, 4, 63, 64, 65, 150])
def test_many_rows_are_added_whole_and_in_order(installation: Installation, rows: int) -> None:
    values = {"card_id": None, "purpose": "hotel", "result": "valid", "reason": None}
    more = {"at": "2026-01-01T00:00:00Z", "by": "clerk", "carrier": "card"}
    every = [{**values, **more, "check_id": f"check-{number:03}"} for number in range(rows)]
    installation.database.write_now(lambda tx: tx.add_many(ADD, every))
    find = Statement("SELECT check_id, purpose, result, carrier FROM identity_checks ORDER BY 1")
    found = installation.database.read_now(lambda tx: tx.rows(find, {}))
    assert found == [(each["check_id"], "hotel", "valid", "card") for each in every]


@pytest.mark.parametrize("text", ["SELECT 1", "INSERT INTO t (a, b) VALUES (:a, 1)"])
def test_only_an_insert_of_one_row_is_copied(text: str) -> None:
    with pytest.raises(ValueError, match="not an INSERT of one row"):
        _ = Statement(text).copy
    with pytest.raises(ValueError, match="not an INSERT of one row"):
        Statement(text).sqlite_of_rows(4)


@pytest.mark.parametrize("text", ["SELECT a FROM t", "SELECT a FROM t WHERE a = :a AND b = :b"])
def test_only_a_select_by_one_value_is_asked_of_many(text: str) -> None:
    with pytest.raises(ValueError, match="not a SELECT by one value"):
        _ = Statement(text).of_many
    with pytest.raises(ValueError, match="not a SELECT by one value"):
        _ = Statement(text).sqlite_of_many
