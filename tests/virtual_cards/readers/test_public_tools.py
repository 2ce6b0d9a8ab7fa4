"""Programs written for real cards read a virtual one, through the command a person would use."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.virtual_cards import people
from virtual_cards.personalisation import load_card
from virtual_cards.readers import ReaderRack, pcscd

SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.skipif(
        bool(pcscd.missing_parts()) or shutil.which("opensc-tool") is None,
        reason="needs pcscd, vpcd and opensc: run make set-up as root",
    ),
]


@pytest.fixture
def rack() -> Iterator[ReaderRack]:
    with ReaderRack(2) as rack:
        rack.insert(0, load_card(people.card_image()).card)
        time.sleep(0.5)  # pcscd looks for cards every 0.4 s
        yield rack


def opensc(rack: ReaderRack, *words: str) -> str:
    answer = subprocess.run(
        ["opensc-tool", *words],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        env={**os.environ, **rack.service.client_environment},
    )
    return answer.stdout


def test_opensc_lists_the_reader_and_the_card_in_it(rack: ReaderRack) -> None:
    listed = opensc(rack, "-l")
    assert re.search(r"^0 +Yes .*OneCard Reader 1 00 00$", listed, re.MULTILINE)
    assert re.search(r"^1 +No .*OneCard Reader 1 00 01$", listed, re.MULTILINE)


def test_opensc_selects_the_social_security_environment(rack: ReaderRack) -> None:
    command = ":".join(re.findall("..", SELECT_SSSE))
    answer = opensc(rack, "-r", "0", "-s", command)
    assert re.search(r"Received \(SW1=0x(90, SW2=0x00|61)", answer)


def test_opensc_reads_the_answer_to_reset(rack: ReaderRack) -> None:
    assert opensc(rack, "-r", "0", "-a").startswith("3b:6d:00:00:00:81:4a:44:46:86:60")
