"""A snapshot of the fold in a file beside the data, so that a start folds only what came after.

Rules:
- It says of which code, rules and events it is: of another version of any of them, or of another
  database, it is thrown away, and the fold is made from its events.
- It is written beside its place and moved there, synced, with a digest at its end: a torn one is
  no snapshot. Whatever is wrong with it costs time, never an alert.

A file: a line of JSON (`Heading`), frames (4 bytes of length and the frame), a frame of length 0,
SHA-256 of all before.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.memory import MemoryIsForeign, detector_of, frames_of
from card_platform.oversight.risk.rules import Rules
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.watch import rules_in_force
from card_platform.storage import Transaction

FILE: Final = "risk-fold.snapshot"
LENGTH_BYTES: Final = 4
FRAME_MAX_BYTES: Final = 256 * 1024 * 1024
DIGEST_BYTES: Final = 32
_PART_BYTES: Final = 1024 * 1024
_LOG = logging.getLogger(__name__)


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what the snapshot is.

    Attributes:
        code: digest of the files of this package, rules among them.
        version: of the rules in force, `numbers` the digest of what it changes.
        position: the place reached; `line` the digest of the line at that place.
    """

    format: str
    code: str
    version: int
    numbers: str
    position: int
    line: str


class Snapshots:
    """The snapshot of one region's fold.

    Args:
        file: where it is.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def write(self, tx: Transaction, detector: Detector, position: int) -> None:
        """Keep the memory of that place. Raises OSError."""
        heading = _heading(tx, rules_in_force(tx), position)
        beside = self._file.with_suffix(".part")
        digest = hashlib.sha256()
        with open(beside, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:

            def add(content: bytes) -> None:
                digest.update(content)
                out.write(content)

            add(msgspec.json.encode(heading) + b"\n")
            for frame in frames_of(detector):
                add(len(frame).to_bytes(LENGTH_BYTES, "big"))
                add(frame)
            add(bytes(LENGTH_BYTES))
            out.write(digest.digest())
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._file)

    def read(self, tx: Transaction) -> tuple[Detector, int] | None:
        """The memory and its place, if there is a snapshot of these events and rules."""
        try:
            with self._file.open("rb") as source:
                if not _is_whole(source):
                    raise MemoryIsForeign("its digest is another")
                source.seek(0)
                heading = msgspec.json.decode(source.readline(), type=Heading)
                rules = rules_in_force(tx)
                if heading != _heading(tx, rules, heading.position):
                    raise MemoryIsForeign("it is of other events or rules")
                return detector_of(rules, _frames(source)), heading.position
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, MemoryIsForeign) as fault:
            _LOG.warning("the snapshot of detection is thrown away: %s", fault)
            self._file.unlink(missing_ok=True)
            return None


def _heading(tx: Transaction, rules: Rules, position: int) -> Heading:
    rows = store.folded(tx, position - 1, position, 1)
    line = hashlib.sha256(rows[0][1].encode()).hexdigest() if rows else ""
    numbers = hashlib.sha256(msgspec.json.encode(sorted(rules.changes.items()))).hexdigest()
    return Heading("onecard.risk-fold.1", _code(), rules.version, numbers, position, line)


@cache
def _code() -> str:
    """The digest of the files that make the fold."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for file in sorted([*package.glob("*.py"), *package.glob("typologies/*.py")]):
        digest.update(file.read_bytes())
    digest.update((package / "rules.toml").read_bytes())
    return digest.hexdigest()


def _is_whole(source: BinaryIO) -> bool:
    size = os.fstat(source.fileno()).st_size
    digest, left = hashlib.sha256(), size - DIGEST_BYTES
    while left > 0 and (part := source.read(min(_PART_BYTES, left))):
        digest.update(part)
        left -= len(part)
    return left == 0 and source.read() == digest.digest()


def _frames(source: BinaryIO) -> Iterator[bytes]:
    while length := int.from_bytes(source.read(LENGTH_BYTES), "big"):
        yield source.read(min(length, FRAME_MAX_BYTES))
