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


def load_stored_card(
    path: Path,
    *,
    le_rule: LeRule = LeRule.LENIENT,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> PersonalisedCard:
    """A card from its file: a snapshot or an image. Raises `ImageIsFaulty`, `OSError`."""
    return load_card(path.read_bytes(), le_rule=le_rule, random_bytes=random_bytes)


def load_stored_psam(path: Path, *, le_rule: LeRule = LeRule.LENIENT) -> PersonalisedCard:
    """A PSAM from its file: a snapshot or an image. Raises `ImageIsFaulty`, `OSError`."""
    return load_psam(path.read_bytes(), le_rule=le_rule)
