"""Readers and cards between calls: up, issue, insert, ask, listen, remove, down."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testbed.onecard import call
from tests.testbed.test_main_job import processes_of
from virtual_cards.readers import pcscd
from virtual_cards.readers.pcsc import PcscReader

TEMPORARY = Path("/tmp/onecard-desk")
"""A short path, since Unix sockets stand in it, and apart from the readers of whoever runs this."""

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.skipif(bool(pcscd.missing_parts()), reason="needs pcscd and vpcd"),
]


@pytest.fixture
def desk() -> Iterator[Path]:
    TEMPORARY.mkdir(exist_ok=True)
    yield TEMPORARY
    onecard("readers", "down")
    shutil.rmtree(TEMPORARY)


def onecard(*words: str) -> tuple[int, str, str]:
    answer = call(*words, cwd=TEMPORARY, TMPDIR=str(TEMPORARY))
    return answer.returncode, answer.stdout, answer.stderr


def atr_of_the_only_card() -> str:
    """What a program that reads cards gets from the first reader."""
    listed = onecard("readers", "list")[1]
    socket = re.search(r"export PCSCLITE_CSOCK_NAME=(\S+)", listed)
    name = re.search(r"OneCard Reader[ 0-9]* 00 00", listed)
    assert socket is not None and name is not None, listed
    reader = PcscReader(name[0], Path(socket[1]))
    try:
        return reader.connect().hex().upper()
    finally:
        reader.close()


def test_a_card_is_issued_inserted_asked_listened_to_and_written_back(desk: Path) -> None:
    code, told, _ = onecard("readers", "up", "--private")
    assert code == 0
    assert "OneCard Reader 1 00 01" in told
    assert f"export PCSCLITE_CSOCK_NAME={desk}" in told
    assert onecard("cards", "issue", "--out", "card.json")[0] == 0
    assert (desk / "card.json").stat().st_mode & 0o077 == 0
    assert onecard("cards", "insert", "card.json", "--slot", "1")[0] == 0
    assert str(desk / "card.json") in onecard("readers", "list")[1]

    code, told, _ = onecard(
        "cards",
        "apdu",
        "--slot",
        "1",
        "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
        "0020000003999999",
    )
    assert code == 0
    assert "sx1.sh.社会保障" in told
    listened = onecard("cards", "transcript", "--slot", "1")[1]
    assert "sx1.sh.社会保障" in listened
    assert "999999" not in listened, "a PIN is never shown"
    onecard("cards", "transcript", "--slot", "1", "--out", "dialogue.json")
    dialogue = json.loads((desk / "dialogue.json").read_text(encoding="utf-8"))
    assert [one["command"] for one in dialogue][-1] == "0020000003999999"

    code, told, _ = onecard("cards", "replay", "dialogue.json", "--reader", "1")
    assert code == 1
    assert "5 tries left -> verification failed, 4 tries left" in told
    assert onecard("cards", "replay", "dialogue.json", "--card", "card.json")[0] == 0

    before = json.loads((desk / "card.json").read_text(encoding="utf-8"))["memory"]
    assert onecard("cards", "remove", "--slot", "1")[0] == 0
    after = json.loads((desk / "card.json").read_text(encoding="utf-8"))["memory"]
    assert before != after, "the lost PIN try is written back"
    assert onecard("readers", "down")[0] == 0
    assert not processes_of(desk)
    assert not list(desk.glob("onecard-*"))


def test_a_card_goes_in_strict_with_t1_and_with_faults(desk: Path) -> None:
    assert onecard("readers", "up", "--private", "-n", "1")[0] == 0
    assert onecard("cards", "issue", "--out", "card.json")[0] == 0
    assert onecard("cards", "insert", "card.json", "--le", "strict")[0] == 0
    select = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
    assert "6C12" in onecard("cards", "apdu", select, "00B2012C00")[1]
    onecard("cards", "remove")
    assert onecard("cards", "insert", "card.json", "--protocol", "T1")[0] == 0
    assert "611E" not in onecard("cards", "apdu", select)[1], "T=1 carries the data at once"
    assert atr_of_the_only_card().startswith("3BED"), "with contact"
    onecard("cards", "remove")
    assert onecard("cards", "insert", "card.json", "--face", "contactless")[0] == 0
    assert atr_of_the_only_card().startswith("3B8D8001"), "PC/SC part 3: a card in a field"
    assert "611E" not in onecard("cards", "apdu", select)[1], "T=1"
    onecard("cards", "remove")
    plan = {"faults": [{"kind": "tear", "header": "0084", "byte": 1}], "seed": 0}
    (desk / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert onecard("cards", "insert", "card.json", "--faults", "plan.json")[0] == 0
    code, _, told = onecard("cards", "apdu", select, "0084000008")
    assert (code, "lost its power" in told) == (2, True)
    onecard("cards", "remove")
    (desk / "plan.json").write_text('{"faults": [{"kind": "tear", "mask": 0}]}', encoding="utf-8")
    code, _, told = onecard("cards", "insert", "card.json", "--faults", "plan.json")
    assert (code, "faults[0].mask: found 0" in told) == (2, True)


def test_what_cannot_be_is_one_sentence_with_its_mend(desk: Path) -> None:
    assert onecard("readers", "list")[2].startswith(
        "no virtual readers are up: run onecard readers"
    )
    onecard("readers", "up", "--private", "-n", "1")
    assert "run onecard readers down first" in onecard("readers", "up")[2]
    assert "run onecard cards insert first" in onecard("cards", "remove")[2]
    assert "there is no reader 7: there are 1" in onecard("cards", "transcript", "--slot", "7")[2]
    (desk / "bad.json").write_text('{"format": "onecard.personalisation-image"}', encoding="utf-8")
    code, _, told = onecard("cards", "insert", "bad.json")
    assert code == 2
    assert "bad.json is faulty" in told
    assert told.count("expected") > 3
    assert onecard("cards", "apdu", "00A4")[2].startswith("'00A4' is no APDU")


def test_a_platform_that_does_not_answer_is_one_sentence(desk: Path) -> None:
    access = {"url": "http://127.0.0.1:9", "tokens": {"clerk": "x", "production": "x"}}
    (desk / "access.json").write_text(json.dumps(access), encoding="utf-8")
    code, _, told = onecard("cards", "issue", "--platform", "access.json")
    assert code == 2
    assert told.startswith("no platform answers at http://127.0.0.1:9")
    assert "onecard serve" in told
