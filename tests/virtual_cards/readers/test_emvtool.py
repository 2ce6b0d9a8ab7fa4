"""emvtool, written for real bank cards by others, reads the bank application of a virtual one.

It is installed once, into a venv under the folder that ONECARD_PUBLIC_TOOLS names.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from card_platform.keys.bank_cryptogram import BankCard
from tests.virtual_cards import bank_cards
from virtual_cards.personalisation import load_card
from virtual_cards.readers import ReaderRack, pcscd

REQUIREMENTS = Path(__file__).with_name("emvtool-requirements.txt")
FOLDER = os.environ.get("ONECARD_PUBLIC_TOOLS")

pytestmark = [
    pytest.mark.pcsc,
    pytest.mark.timeout(400),
    pytest.mark.skipif(
        bool(pcscd.missing_parts()), reason="needs pcscd and vpcd: run make set-up as root"
    ),
    pytest.mark.skipif(FOLDER is None, reason="ONECARD_PUBLIC_TOOLS names no folder for emvtool"),
]


@pytest.fixture(scope="module")
def emvtool() -> Path:
    """The program, installed when it is not there yet."""
    venv = Path(str(FOLDER)) / "emvtool"
    program = venv / "bin" / "emvtool"
    if not program.exists():
        for command in (
            [sys.executable, "-m", "venv", str(venv)],
            [str(venv / "bin" / "pip"), "install", "-q", "-r", str(REQUIREMENTS)],
        ):
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                pytest.skip(f"emv cannot be installed: {done.stderr.strip()[-300:]}")
    return program


@pytest.fixture(scope="module")
def rack() -> Iterator[ReaderRack]:
    with ReaderRack(2) as rack:
        paid = bank_cards.opened_card()
        bank_cards.send(paid, bank_cards.SELECT_BANK)
        bank_cards.send(paid, "80A8000002830000")
        data = bank_cards.first_data()
        request = bytes.fromhex(bank_cards.send(paid, f"80AE800034{data.hex()}00"))[2:]
        answer = BankCard(bank_cards.CARD_KEY).answer(request[3:11], request[1:3])
        bank_cards.send(paid, "008200000A" + answer.hex())
        bank_cards.send(paid, f"80AE400022{bank_cards.second_data().hex()}00")
        rack.insert(0, paid)
        rack.insert(1, load_card(bank_cards.image()).card)
        time.sleep(0.5)  # pcscd looks for cards every 0.4 s
        yield rack


def run(emvtool: Path, rack: ReaderRack, *words: str) -> str:
    done = subprocess.run(
        [str(emvtool), *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **rack.service.client_environment},
    )
    assert done.returncode == 0, done.stderr
    # Colours, and the lines of tables, which are drawn with another character set.
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\(0.*?\x1b\(B", " ", done.stdout)


def in_hex(value: str) -> str:
    """As emvtool writes bytes: `A0 00 ..`."""
    return " ".join(re.findall("..", value))


def test_emvtool_lists_the_bank_application_only_where_it_is_open(
    emvtool: Path, rack: ReaderRack
) -> None:
    listed = run(emvtool, rack, "-r", "0", "listapps")
    assert "PBOC DEBIT" in listed
    assert in_hex("A000000333010101") in listed
    assert "PBOC DEBIT" not in run(emvtool, rack, "-r", "1", "listapps")


def test_emvtool_reads_the_data_of_the_application(emvtool: Path, rack: ReaderRack) -> None:
    read = run(emvtool, rack, "-r", "0", "appdata", "0")
    assert 'Selected application "PBOC DEBIT"' in read
    assert bank_cards.PAN in read.replace(" ", "")
    assert bank_cards.HOLDER in read


def test_emvtool_tells_all_about_the_card(emvtool: Path, rack: ReaderRack) -> None:
    told = run(emvtool, rack, "-r", "0", "info")
    assert "2PAY.SYS.DDF01 not available" not in told
    assert "Error reading" not in told
    assert "File: 2,1" in told
    assert re.search(r"pin_retries\W+3\b", told)
    assert re.search(r"last_online_atc\W+1\b", told)
