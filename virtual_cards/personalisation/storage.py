"""A card in a file between two commands: `cards issue`, later `cards insert`, later `cards show`.

Rules: the file holds keys, so only its owner may read it (mode 0600); it is replaced whole, so that
a program that dies while writing leaves the old card.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from pathlib import Path

from virtual_cards.card_os.answer_to_reset import Protocol
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.transmission import LeRule
from virtual_cards.personalisation.build import PersonalisedCard, load_card, load_psam


def store_card(card: PersonalisedCard, path: Path) -> None:
    """Write the snapshot of a card (or PSAM). Raises `OSError`, also for what is no file."""
    if path.exists() and not path.is_file():  # a rename would put a file in place of a device
        raise OSError(errno.EINVAL, "is no regular file", str(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(card.snapshot(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name itself must survive a loss of power
    finally:
        os.close(folder)


class StoredCard:
    """A card in a slot that is in its file before it answers.

    Whatever ends the program, the file holds all that anybody was ever told: a PSAM that draws a
    number may lose it, but never gives it twice.
    """

    def __init__(self, card: PersonalisedCard, path: Path) -> None:
        """A card and the file it is stored in."""
        self._card = card
        self._path = path
        self._stored = card.card.memory.values()

    @property
    def atr(self) -> bytes:
        """The card's."""
        return self._card.card.atr

    def reset(self) -> bytes:
        """The card's."""
        return self._card.card.reset()

    def power_off(self) -> None:
        """The card's."""
        self._card.card.power_off()

    def transmit(self, command: bytes) -> bytes:
        """The card's answer, when what changed is stored. Raises `OSError`: then nobody heard."""
        answer = self._card.card.transmit(command)
        values = self._card.card.memory.values()
        if values != self._stored:
            store_card(self._card, self._path)
            self._stored = values
        return answer


def load_stored_card(
    path: Path,
    *,
    le_rule: LeRule = LeRule.LENIENT,
    random_bytes: RandomBytes = secrets.token_bytes,
    protocol: Protocol = Protocol.T0,
) -> PersonalisedCard:
    """A card from its file: a snapshot or an image. Raises `ImageIsFaulty`, `OSError`."""
    return load_card(
        path.read_bytes(), le_rule=le_rule, random_bytes=random_bytes, protocol=protocol
    )


def load_stored_psam(path: Path, *, le_rule: LeRule = LeRule.LENIENT) -> PersonalisedCard:
    """A PSAM from its file: a snapshot or an image. Raises `ImageIsFaulty`, `OSError`."""
    return load_psam(path.read_bytes(), le_rule=le_rule)
