"""A batch: JSON Lines, one personalisation image (or stored card) a line, plain or gzip.

Rules: a batch of any length takes the memory of one line. Each line is read, checked and given away
before the next; a faulty one is given away too, with all its faults, and keeps nobody else from
becoming a card. A line longer than `LINE_BYTES_MAX` is a fault and is never held. What is written
holds keys, so only its owner may read it (mode 0600), and it bears its name only when it is
whole: a run that dies leaves no batch that looks finished.
"""

from __future__ import annotations

import errno
import gzip
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import msgspec

from virtual_cards.personalisation.build import PersonalisedCard, load_card
from virtual_cards.personalisation.faults import Fault, ImageIsFaulty

LINE_BYTES_MAX: Final = 1 << 20
"""Far above the largest stored card: every file of every application full, in hexadecimal."""
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_SUFFIX: Final = ".gz"
_GZIP_LEVEL: Final = 4
_PASS_OVER_BYTES: Final = 1 << 16

Stream = IO[bytes] | gzip.GzipFile


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that is no card, by number from 1, and every reason."""

    number: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class CardOfBatch:
    """A card and the line it came from, from 1."""

    number: int
    card: PersonalisedCard


BatchLine = CardOfBatch | FaultyLine


def read_batch(path: Path) -> Iterator[BatchLine]:
    """Every line of a batch, one by one, in order. Raises `OSError`."""
    with path.open("rb") as file:
        if not file.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC):
            yield from read_lines(file)
            return
        with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
            yield from read_lines(unpacked)


def read_lines(stream: Stream) -> Iterator[BatchLine]:
    """The same of an open stream. A stream that breaks off is the fault of its last line."""
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(LINE_BYTES_MAX + 1)
            too_long = len(line) > LINE_BYTES_MAX
            if too_long:
                _pass_over_the_rest(stream, line)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            fault = Fault("$", "a gzip stream that is damaged or breaks off", "a whole one")
            yield FaultyLine(number, (fault,))
            return
        if not line:
            return
        yield _too_long(number) if too_long else _read_line(number, line)


@contextmanager
def write_batch(path: Path) -> Iterator[BatchWriter]:
    """Write a batch that stands at `path` when all of it is written, and not before.

    Packed when the name ends in .gz. Raises `OSError`; then nothing is left of it.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():  # a rename would put a file in place of /dev/null
        raise OSError(errno.EINVAL, "is no regular file", str(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        error.filename = str(path)  # the name the caller knows
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            with ExitStack() as packing:
                stream: Stream = file
                if path.name.endswith(_GZIP_SUFFIX):
                    # no name and no time inside: the same cards are the same bytes
                    stream = packing.enter_context(
                        gzip.GzipFile("", "wb", _GZIP_LEVEL, fileobj=file, mtime=0)
                    )
                yield BatchWriter(stream)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class BatchWriter:
    """Writes images or snapshots, one a line."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def write(self, document: Mapping[str, object]) -> None:
        """One line: an image, or a card's snapshot as its compact state."""
        self._stream.write(msgspec.json.encode(document) + b"\n")


def _read_line(number: int, line: bytes) -> BatchLine:
    if not line.strip():
        return FaultyLine(number, (Fault("$", "an empty line", "an object"),))
    try:
        document = msgspec.json.decode(line)
    except RecursionError:
        return FaultyLine(number, (Fault("$", "objects too deep in one another", "an image"),))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return FaultyLine(number, (Fault("$", str(error), "JSON"),))
    try:
        return CardOfBatch(number, load_card(document))
    except ImageIsFaulty as faulty:
        return FaultyLine(number, faulty.faults)


def _too_long(number: int) -> FaultyLine:
    fault = Fault(
        "$", f"more than {LINE_BYTES_MAX} bytes", f"at most {LINE_BYTES_MAX} bytes a line"
    )
    return FaultyLine(number, (fault,))


def _pass_over_the_rest(stream: Stream, line: bytes) -> None:
    """Read to the end of a line that is too long, holding a piece at a time."""
    while line and not line.endswith(b"\n"):
        line = stream.readline(_PASS_OVER_BYTES)
