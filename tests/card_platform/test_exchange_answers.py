"""What another region answers is believed when it is signed by its key, for this platform, and an
answer; else the fault is told as the other side's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from card_platform.errors import Refusal
from card_platform.exchange.card_checks import CardVerdict
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind
from card_platform.exchange.seal import Seal
from card_platform.keys.sm2_signer import SECRET_LENGTH, Sm2Signer
from card_platform.vocabulary.moment import RealClock
from scenarios.service_desk import PlatformRefused
from tests.card_platform.neighbours import Neighbour, one_process
from tests.card_platform.test_exchange import check
from tests.card_platform.test_recognition import ask
from virtual_cards.keys import sm2


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Neighbour, Neighbour]]:
    """Chongqing and Sichuan, linked."""
    with one_process(tmp_path_factory.mktemp("regions")) as linked:
        yield linked


def enrol(at: Neighbour, other: Neighbour, public_key: str | None = None) -> None:
    """Take the other in by another key than its own, or by its own."""
    identity = other.desk.ask("GET", "/v1/exchange/identity", "")
    body = {
        "participant_id": identity["participant_id"],
        "kind": "region",
        "name_zh": identity["name_zh"],
        "public_key": public_key or identity["public_key"],
        "subjects": identity["subjects"]["region"],
        "url": other.desk.access.url,
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


def seal(own: str, secret: int) -> Seal:
    return Seal(own, Sm2Signer(bytes([secret]) * SECRET_LENGTH), RealClock())


def region(of: Seal) -> Participant:
    return Participant(of.own, ParticipantKind.REGION, of.own, None, of.public_key, ())


OURS, THEIRS, ANOTHERS = seal("500000", 1), seal("510000", 2), seal("510000", 3)
VERDICT = MessageAnswer(0, "taken", msgspec.Raw(b'{"result":"x","reason":null,"card_state":null}'))


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (THEIRS.reply(region(OURS), VERDICT), ""),
        (ANOTHERS.reply(region(OURS), VERDICT), "answer-signature-wrong"),
        (seal("320000", 2).reply(region(OURS), VERDICT), "answer-signature-wrong"),
        (THEIRS.reply(region(seal("320000", 4)), VERDICT), "answer-unreadable"),
        (THEIRS.query("500000", "card-check", "identity-check", VERDICT), "answer-unreadable"),
        (THEIRS.reply(region(OURS), CardVerdict("x", None, None)), "answer-unreadable"),
        (THEIRS.reply(region(OURS), MessageAnswer(0, "taken")), "answer-unreadable"),
    ],
    ids=["right", "other-key", "other-name", "not-for-us", "no-answer", "no-shape", "no-verdict"],
)
def test_what_comes_back_is_believed_only_as_an_answer_to_this_platform(
    reply: Any, code: str
) -> None:
    try:
        OURS.open_answer(region(THEIRS), reply, CardVerdict)
    except Refusal as refusal:
        assert (refusal.status, refusal.code) == (502, code)
    else:
        assert code == ""
