"""pcsc_scan sees readers, cards, insertion and removal; ATR_analysis takes each ATR apart."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.virtual_cards import people
from tests.virtual_cards.readers.public_tools import (
    EMPTY_SLOT,
    PROFILES,
    TOOL_S_MAX,
    Profile,
    Stand,
    every_profile,
    needs,
)
from virtual_cards.card_os import Protocol
from virtual_cards.personalisation import load_card

pytestmark = needs("pcsc_scan", "ATR_analysis")
HISTORICAL_BYTES = " ".join(re.findall("..", people.HISTORICAL_BYTES.hex().upper()))


def spaced(octets: str) -> str:
    return " ".join(re.findall("..", octets))


def plain(told: str) -> str:
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", told)


def test_pcsc_scan_lists_the_readers(stand: Stand) -> None:
    listed = stand.run("pcsc_scan", "-r").stdout
    names = re.findall(r"^\d+: (.+)$", plain(listed), re.MULTILINE)
    assert names[: EMPTY_SLOT + 1] == [slot.name for slot in stand.rack.slots]


def test_pcsc_scan_lists_the_cards(stand: Stand) -> None:
    told = plain(stand.run("pcsc_scan", "-c", "-n").stdout)
    blocks = re.split(r"^ Reader \d+: ", told, flags=re.MULTILINE)[1:]
    for profile in PROFILES:
        block = blocks[profile.slot]
        assert block.startswith(stand.rack.slots[profile.slot].name)
        assert "Card inserted" in block
        assert f"ATR: {spaced(stand.answers_to_reset[profile.name])}" in block
    assert "Card removed" in blocks[EMPTY_SLOT]
    assert "ATR:" not in blocks[EMPTY_SLOT]


class ScanOnTerminal:
    """What a program has printed on its terminal, read until something is seen."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._unread = ""

    def wait_for(self, pattern: str) -> str:
        deadline = time.monotonic() + TOOL_S_MAX
        while (found := re.search(pattern, self._unread)) is None:
            left_s = deadline - time.monotonic()
            ready, _, _ = select.select([self._terminal], [], [], max(left_s, 0))
            assert ready, f"no {pattern!r} in {self._unread!r}"
            self._unread += plain(os.read(self._terminal, 4096).decode(errors="replace"))
        self._unread = self._unread[found.end() :]
        return found.group()


@contextmanager
def scanning(stand: Stand) -> Iterator[ScanOnTerminal]:
    """pcsc_scan on a terminal of its own, as a person runs it; ended as a person ends it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["pcsc_scan", "-n"],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.STDOUT,
        env=stand.environment,
    ) as program:
        os.close(theirs)
        try:
            yield ScanOnTerminal(ours)
            program.send_signal(signal.SIGINT)
            program.wait(TOOL_S_MAX)
        finally:
            program.kill()
            os.close(ours)


def test_pcsc_scan_reports_insertion_and_removal(stand: Stand) -> None:
    slot = stand.rack.slots[EMPTY_SLOT]
    card = load_card(people.card_image()).card
    here = rf"{slot.name}\s+Event number: \d+\s+Card state: "
    with scanning(stand) as scan:
        scan.wait_for(here + "Card removed")
        for _ in range(2):
            slot.insert(card)
            told = scan.wait_for(here + r"Card inserted[^\r\n]*\s+ATR: [0-9A-F ]+")
            assert told.split("ATR: ")[1].strip() == spaced(card.atr.hex().upper())
            slot.remove()
            scan.wait_for(here + "Card removed")


@every_profile
def test_atr_analysis_finds_protocol_and_historical_bytes(stand: Stand, profile: Profile) -> None:
    octets = re.findall("..", stand.answers_to_reset[profile.name])
    told = plain(stand.run("ATR_analysis", *octets).stdout)
    assert "TS = 3B --> Direct Convention" in told
    assert "K: 13 (historical bytes)" in told
    assert f"+ Historical bytes: {HISTORICAL_BYTES}" in told
    protocols = set(re.findall(r"Protocol T = (\d)", told))
    if profile.protocol is Protocol.T0:
        assert protocols == set(), "no TD byte: T=0 alone"
        assert "TCK" not in told
    else:
        assert "1" in protocols
        assert re.search(r"TCK = \w\w \(correct checksum\)", told)
    assert "Updating" not in told, "it asks no network"


def test_atr_analysis_says_that_a_changed_check_byte_is_wrong(stand: Stand) -> None:
    (profile,) = (one for one in PROFILES if one.is_contactless and not one.has_bank)
    octets = re.findall("..", stand.answers_to_reset[profile.name])
    octets[-1] = f"{int(octets[-1], 16) ^ 1:02X}"
    assert "WRONG CHECKSUM" in stand.run("ATR_analysis", *octets).stdout
