"""Cards of every profile in readers, and the public programs that are run against them.

Rules: every program has a time limit and an environment of its own (its home is a folder of the
test; no program finds the machine's pcscd). A program that is not installed skips its tests and
says what brings it. Nothing here asks a network: ATR_analysis would fetch a newer list of cards
when it does not know one, so it is given a fresh copy of the list its package brought.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from testbed import machine
from tests.virtual_cards import bank_cards, people
from virtual_cards.card_os import Card, LeRule, Protocol
from virtual_cards.personalisation import load_card
from virtual_cards.readers import ReaderRack, pcsc, pcscd

TOOL_S_MAX = 20.0
SSSE = "7378312E73682EC9E7BBE1B1A3D5CF"
PURSE = "A000000632010105"
BANK = "A000000333010101"
PACKAGED_CARD_LIST = Path("/usr/share/pcsc/smartcard_list.txt")


class Challenges:
    """Random numbers of a card that a test can foresee: each differs, `at` says the n-th."""

    def __init__(self) -> None:
        self._drawn = count()

    def __call__(self, length: int) -> bytes:
        return self.at(next(self._drawn), length)

    @staticmethod
    def at(place: int, length: int = 8) -> bytes:
        return hashlib.sha256(b"challenge %d" % place).digest()[:length]


@dataclass(frozen=True)
class Profile:
    """A kind of card, in a slot of its own; `protocol` is how blocks travel to this face."""

    name: str
    slot: int
    version: str = "3.00"
    protocol: Protocol = Protocol.T0
    le_rule: LeRule = LeRule.LENIENT
    has_bank: bool = False
    is_contactless: bool = False

    @property
    def is_read_freely(self) -> bool:
        """Whether EF06 needs no authentication: cards before version 3.0."""
        return self.version < "3"

    def make_card(self) -> Card:
        """The face that goes into the reader."""
        if self.has_bank:
            card = bank_cards.opened_card()
        else:
            card = load_card(
                people.full_image(self.version),
                le_rule=self.le_rule,
                random_bytes=Challenges(),
                protocol=Protocol.T0 if self.is_contactless else self.protocol,
            ).card
        face = card.contactless if self.is_contactless else card
        assert face is not None
        return face


PROFILES = (
    Profile("version 1.0", 0, version="1.00"),
    Profile("version 2.0", 1, version="2.00"),
    Profile("version 3.0", 2),
    Profile("version 3.0, strict Le", 3, le_rule=LeRule.STRICT),
    Profile("version 3.0, T=1", 4, protocol=Protocol.T1),
    Profile("version 3.0, contactless", 5, protocol=Protocol.T1, is_contactless=True),
    Profile("bank", 6, has_bank=True),
    Profile("bank, contactless", 7, protocol=Protocol.T1, has_bank=True, is_contactless=True),
)
EMPTY_SLOT = len(PROFILES)
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


def needs(*programs: str) -> list[pytest.MarkDecorator]:
    """Marks of a module that runs these programs through PC/SC."""
    missing = [*pcscd.missing_parts(), *(p for p in programs if machine.find_program(p) is None)]
    if not pcsc.is_available():
        missing.append("pyscard")
    reason = f"needs {' '.join(missing)}: run make set-up as root"
    return [pytest.mark.pcsc, pytest.mark.skipif(bool(missing), reason=reason)]


class Stand:
    """Readers with a card of every profile, one empty reader, and programs that look at them."""

    def __init__(self, rack: ReaderRack, home: Path) -> None:
        self.rack = rack
        self.home = home
        self.answers_to_reset: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home),
            "TERM": "dumb",
            **self.rack.service.client_environment,
        }

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """A program that must end by itself and well."""
        done = subprocess.run(
            [str(word) for word in words],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=TOOL_S_MAX,
            check=False,
            env=self.environment,
            cwd=self.home,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def file(self, name: str, *lines: str) -> Path:
        """A script of these lines."""
        path = self.home / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        return path


def open_stand(home: Path) -> Iterator[Stand]:
    """A stand with its cards in; nothing is left of it."""
    if PACKAGED_CARD_LIST.exists():
        shutil.copyfile(PACKAGED_CARD_LIST, home / PACKAGED_CARD_LIST.name)
    with ReaderRack(len(PROFILES) + 1) as rack:
        stand = Stand(rack, home)
        for profile in PROFILES:
            card = profile.make_card()
            stand.answers_to_reset[profile.name] = card.atr.hex().upper()
            rack.insert(profile.slot, card)
        for profile in PROFILES:
            reader = rack.reader(profile.slot)
            reader.connect()  # pcscd looks for cards every 0.4 s
            reader.disconnect()
        yield stand
