"""A whole payout file read into a database, a transaction a piece, and read on after a kill.

Used where a file is too large for one request (`onecard payouts read`); a request takes a small
file in one transaction of its own (`read_at_once`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, Literal

from card_platform.settlement.payouts.csv_file import CsvFile
from card_platform.settlement.payouts.file_text import FileLine, PayoutFile
from card_platform.settlement.payouts.intake import Intake, pieces_of
from card_platform.settlement.payouts.model import Batch
from card_platform.settlement.payouts.pain_file import PainFile
from card_platform.settlement.payouts.refusals import PayoutFilesRace
from card_platform.storage import Database, Transaction
from card_platform.storage.unit_of_work import RowsAreRefused

Format = Literal["csv", "pain.001"]
RACES_MAX: Final = 20
"""How often a piece is taken again because another file claimed one of its people meanwhile."""


def open_file(source: BinaryIO, form: Format) -> PayoutFile:
    """The file of a format. Raises PayoutFileIsUnreadable."""
    return CsvFile(source) if form == "csv" else PainFile(source)


def read_at_once(tx: Transaction, intake: Intake, content: bytes, form: Format, by: str) -> Batch:
    """A small file, in this transaction.

    Raises:
        PayoutFilesRace: another file claimed one of its people at this moment; and what
            `Intake.begin` raises.
    """
    file = open_file(io.BytesIO(content), form)
    digest = hashlib.sha256(content).hexdigest()
    batch = intake.begin(tx, file, digest, by)
    try:
        for piece in pieces_of(file):
            batch = intake.take(tx, batch.batch, piece)
    except RowsAreRefused:
        raise PayoutFilesRace from None
    return intake.finish(tx, batch.batch, by)


def read_file(
    database: Database,
    intake: Intake,
    path: Path,
    form: Format,
    by: str,
    *,
    progress: Callable[[int], None] = lambda _lines: None,
) -> Batch:
    """A file of any size, piece after piece.

    One thread does it all: a second that reads ahead would take the interpreter at each of the many
    short calls of the database's driver, and three times as long.

    Raises:
        PayoutFilesRace: and what `Intake.begin` raises, OSError.
    """
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        file = open_file(source, form)
        batch = database.write_now(lambda tx: intake.begin(tx, file, digest, by))
        number = batch.batch
        for piece in pieces_of(file):
            batch = _take(database, intake, number, piece)
            progress(batch.read_lines)
    return database.write_now(lambda tx: intake.finish(tx, number, by))


def _take(database: Database, intake: Intake, number: int, piece: list[FileLine]) -> Batch:
    for _ in range(RACES_MAX):
        try:
            return database.write_now(lambda tx: intake.take(tx, number, piece))
        except RowsAreRefused:
            continue
    raise PayoutFilesRace
