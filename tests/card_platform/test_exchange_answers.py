"""What another region answers is believed when it is signed by its key, for this platform, and an
answer to what was asked; else the fault is told as the other side's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from card_platform.errors import Refusal
from card_platform.exchange.card_checks import CardVerdict
from card_platform.exchange.model import (
    Answers,
    Envelope,
    MessageAnswer,
    Participant,
    ParticipantKind,
    Sent,
    hash_of_request,
)
from card_platform.exchange.seal import Seal
from card_platform.keys.sm2_signer import SECRET_LENGTH, Sm2Signer
from card_platform.vocabulary.moment import RealClock
from scenarios.in_between import Does, InBetween
from scenarios.service_desk import PlatformRefused
from tests.card_platform.neighbours import Neighbour, one_process, two_regions, wait_for
from tests.card_platform.test_exchange import check
from tests.card_platform.test_recognition import ask
from virtual_cards.keys import sm2


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Neighbour, Neighbour]]:
    """Chongqing and Sichuan, linked."""
    with one_process(tmp_path_factory.mktemp("regions")) as linked:
        yield linked


def enrol(
    at: Neighbour, other: Neighbour, public_key: str | None = None, url: str | None = None
) -> None:
    """Take the other in by another key or address than its own, or by its own."""
    identity = other.desk.ask("GET", "/v1/exchange/identity", "")
    body = {
        "participant_id": identity["participant_id"],
        "kind": "region",
        "name_zh": identity["name_zh"],
        "public_key": public_key or identity["public_key"],
        "subjects": identity["subjects"]["region"],
        "url": url or other.desk.access.url,
    }
    at.desk.post("operator", "/v1/exchange/participants", body)


def test_an_answer_signed_by_another_key_is_told_as_such(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    card_there, card_here = sichuan.active_card(), chongqing.active_card()
    enrol(chongqing, sichuan, sm2.generate()[0].hex())
    with pytest.raises(PlatformRefused) as of_card:
        check(chongqing, card_there, sichuan, "medical")
    with pytest.raises(PlatformRefused) as of_licence:
        ask(chongqing.desk, card_here)
    for refused in (of_card.value, of_licence.value):
        assert (refused.status, refused.code) == (502, "answer-signature-wrong")
        assert "510000" in refused.zh
        assert "510000" in refused.en
    enrol(chongqing, sichuan)
    assert check(chongqing, card_there, sichuan, "medical")["result"] == "valid"
    assert ask(chongqing.desk, card_here) == []


def test_the_document_tells_where_an_answer_may_be_disbelieved(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    paths = regions[0].desk.ask("GET", "/openapi.json", "")["paths"]
    for path in ("/v1/foreign-card-checks", "/v1/licence-requests"):
        told = paths[path]["post"]["responses"]["502"]["description"]
        assert "answer-signature-wrong" in told
        assert "answer-unreadable" in told
        assert "answer-is-to-another" in told


def seal(own: str, secret: int) -> Seal:
    return Seal(own, Sm2Signer(bytes([secret]) * SECRET_LENGTH), RealClock())


def region(of: Seal) -> Participant:
    return Participant(of.own, ParticipantKind.REGION, of.own, None, of.public_key, ())


OURS, THEIRS, ANOTHERS = seal("500000", 1), seal("510000", 2), seal("510000", 3)
VERDICT = MessageAnswer(0, "taken", msgspec.Raw(b'{"result":"x","reason":null,"card_state":null}'))


def asked() -> Envelope:
    """A question to the other region; each is another, be it the same in every word."""
    return OURS.query("510000", "card-check", "identity-check", VERDICT)


ASKED = asked()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (THEIRS.reply(region(OURS), [ASKED], VERDICT), ""),
        (ANOTHERS.reply(region(OURS), [ASKED], VERDICT), "answer-signature-wrong"),
        (seal("320000", 2).reply(region(OURS), [ASKED], VERDICT), "answer-signature-wrong"),
        (THEIRS.reply(region(seal("320000", 4)), [ASKED], VERDICT), "answer-unreadable"),
        (THEIRS.query("500000", "card-check", "identity-check", VERDICT), "answer-unreadable"),
        (THEIRS.reply(region(OURS), [ASKED], CardVerdict("x", None, None)), "answer-unreadable"),
        (THEIRS.reply(region(OURS), [ASKED], MessageAnswer(0, "taken")), "answer-unreadable"),
        (THEIRS.reply(region(OURS), [asked()], VERDICT), "answer-is-to-another"),
        (THEIRS.reply(region(OURS), [ASKED, ASKED], VERDICT), "answer-is-to-another"),
        (THEIRS.reply(region(OURS), [], VERDICT), "answer-is-to-another"),
    ],
    ids=[
        "right", "other-key", "other-name", "not-for-us", "no-answer", "no-shape", "no-verdict",
        "to-another", "to-two", "to-none",
    ],
)  # fmt: skip
def test_what_comes_back_is_believed_only_as_an_answer_to_this_question_of_this_platform(
    reply: Any, code: str
) -> None:
    try:
        OURS.open_answer(region(THEIRS), ASKED, reply, CardVerdict)
    except Refusal as refusal:
        assert (refusal.status, refusal.code) == (502, code)
    else:
        assert code == ""


def test_answers_to_messages_are_believed_only_as_those_to_these_messages() -> None:
    first, second, other = (
        OURS.message(Sent("510000", number, f"m{number}", "x", "x", body, None, "0" * 20))
        for number, body in ((1, "{}"), (2, "{}"), (1, "[]"))
    )
    answers = Answers([MessageAnswer(1, "taken")], 1)
    reply = THEIRS.reply(region(OURS), [first], answers)
    assert OURS.open_answers(region(THEIRS), [first], reply) == answers
    for request in ([other], [first, second], [second], []):
        with pytest.raises(Refusal) as refused:
            OURS.open_answers(region(THEIRS), request, reply)
        assert refused.value.code == "answer-is-to-another"
    assert hash_of_request([first, second]) != hash_of_request([second, first])


def test_only_answers_say_what_they_answer() -> None:
    message = OURS.message(Sent("510000", 1, "m1", "x", "x", "{}", None, "0" * 20))
    reply = THEIRS.reply(region(OURS), [message], Answers([], 0))
    for envelope in (message, ASKED):
        assert "answer_to" not in msgspec.json.decode(envelope.content)
    assert msgspec.json.decode(reply.content)["answer_to"] == hash_of_request([message])


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=DATABASES)
def tapped(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neighbour, Neighbour, InBetween]]:
    """Chongqing and Sichuan, and who stands on the line from the one to the other."""
    folder = tmp_path_factory.mktemp("tapped")
    with (
        two_regions(folder, request, request.param) as (chongqing, sichuan),
        InBetween(sichuan.desk.access.url) as between,
    ):
        enrol(chongqing, sichuan, url=between.url)
        yield chongqing, sichuan, between


def test_an_old_answer_to_a_question_is_not_believed(
    tapped: tuple[Neighbour, Neighbour, InBetween],
) -> None:
    chongqing, sichuan, between = tapped
    card_there = sichuan.active_card()
    between.begin(Does.PASSES_ON)
    assert check(chongqing, card_there, sichuan, "medical")["result"] == "valid"
    between.begin(Does.REPLAYS)
    for card in (card_there, card_there | {"card_number": "X99999999"}):
        with pytest.raises(PlatformRefused) as refused:
            check(chongqing, card, sichuan, "medical")
        assert (refused.value.status, refused.value.code) == (502, "answer-is-to-another")
        assert "510000" in refused.value.zh
        assert "510000" in refused.value.en
    between.begin(Does.PASSES_ON)
    told = check(chongqing, card_there | {"card_number": "X99999999"}, sichuan, "medical")
    assert (told["result"], told["reason"]) == ("refused", "card-unknown")


def pass_complaint_on(of: Neighbour, to: Neighbour) -> None:
    filing = {"kind": "complaint", "channel": "site", "subject": "用卡", "content": "（虚构）"}
    number = of.desk.post("clerk", "/v1/complaints", filing)["number"]
    of.desk.post("clerk", f"/v1/complaints/{number}/passing-on", {"region": to.code})


def test_nothing_is_learned_from_an_old_answer_to_messages_and_they_are_brought_again(
    tapped: tuple[Neighbour, Neighbour, InBetween],
) -> None:
    chongqing, sichuan, between = tapped

    def waiting() -> int:
        (link,) = chongqing.desk.get("operator", "/v1/exchange/links")["links"]
        return int(link["waiting"])

    def brings(count: int) -> Any:
        return lambda path, body: path.endswith("/messages") and len(body["messages"]) == count

    between.begin(Does.LOSES_ANSWERS)
    pass_complaint_on(chongqing, sichuan)
    between.wait_for(brings(1))
    between.begin(Does.IS_AWAY)
    pass_complaint_on(chongqing, sichuan)
    between.wait_for(brings(2))
    between.begin(Does.REPLAYS)  # what it says of the first message is true, and not believed
    between.wait_for(brings(2), count=2)
    assert waiting() == 2
    between.begin(Does.PASSES_ON)
    wait_for(lambda: waiting() == 0)
    taken = sichuan.desk.get("inspector", "/v1/complaint-statistics")["by_channel"]
    assert taken == {"region": 2}


def unanswered(at: Neighbour) -> int:
    (link,) = at.desk.get("operator", "/v1/exchange/links")["links"]
    return int(link["waiting"])


def ask_to_cancel(at: Neighbour, of: Neighbour, card: dict[str, Any], site: str) -> str:
    body = {
        "site_id": site,
        "region": of.code,
        "service": "cancel",
        "card_number": card["card_number"],
        "request": {"reason": "emigration", "evidence": "护照"},
    }
    return str(at.desk.post("clerk", "/v1/joint-services", body)["request_id"])


def waiting_here(at: Neighbour, request_id: str) -> list[str]:
    told = at.desk.get("supervisor", "/v1/services-from-regions")["services"]
    return [each["number"] for each in told if each["region_number"] == request_id]


def test_a_decision_stands_once_whether_it_comes_before_the_answer_again_or_late(
    tapped: tuple[Neighbour, Neighbour, InBetween],
) -> None:
    chongqing, sichuan, between = tapped
    card, site = sichuan.active_card(2), chongqing.joint_service_point()
    between.begin(Does.LOSES_ANSWERS)
    first = ask_to_cancel(chongqing, sichuan, card, site)
    between.wait_for(lambda path, _: path.endswith("/messages"), count=2)
    (number,) = waiting_here(sichuan, first)  # though it was brought twice
    with InBetween(chongqing.desk.access.url) as back:
        enrol(sichuan, chongqing, url=back.url)
        back.begin(Does.LOSES_ANSWERS)
        sichuan.decide(number, "refuse", "证明材料不足")
        told = chongqing.joint_service(first)
        assert (told["state"], told["number_there"]) == ("refused", None), "the answer is lost"
        back.wait_for(lambda path, _: path.endswith("/messages"), count=2)
        enrol(sichuan, chongqing)
        wait_for(lambda: unanswered(sichuan) == 0)
    between.begin(Does.PASSES_ON)
    wait_for(lambda: unanswered(chongqing) == 0)
    assert chongqing.joint_service(first) == told | {"number_there": number}
    second = ask_to_cancel(chongqing, sichuan, card, site)
    assert chongqing.joint_service(second)["state"] == "waiting"
    chongqing.kill()
    sichuan.decide(waiting_here(sichuan, second)[0], "grant")
    chongqing.start()
    done = chongqing.joint_service(second, "waiting")
    assert (done["state"], done["answer"]["card_state"]) == ("done", "cancelled")
