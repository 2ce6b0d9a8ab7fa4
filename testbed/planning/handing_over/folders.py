"""What planning found, handed on: pictures, a report and tables in folders that a person names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.outcomes import TitledPicture
from sim.exports import CSV, PARQUET, write_rows
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.language import say
from testbed.planning.call import Call
from testbed.planning.found import Found
from testbed.planning.handing_over.exports import table_of
from testbed.planning.handing_over.pictures import planned_pictures
from testbed.planning.handing_over.report import command_of, told_of_planning
from testbed.planning.options import REPLICATIONS
from testbed.single_report import not_written, write_single_report


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a person wants what is found: folders, and the file of the JSON; None: nowhere."""

    plot: Path | None
    report: Path | None
    csv: Path | None
    parquet: Path | None
    json_file: str | None
    began_s: float = field(default_factory=time.monotonic)

    @property
    def is_printed(self) -> bool:
        """Whether standard output is a person's, not a program's."""
        return self.json_file != STANDARD_OUTPUT


def wanted_of(how: dict[str, Any]) -> Wanted:
    """Take out of a verb's options what `options.handing_over_options` put there."""
    return Wanted(
        how.pop("plot"),
        how.pop("report_folder"),
        how.pop("csv_folder"),
        how.pop("parquet_folder"),
        how.pop("json_file"),
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """The verb and those of its words that the options of every planning verb do not tell, and how
    many runs it plays at most where it is not told.
    """

    verb: str
    words: Sequence[str]
    replications_max: int = REPLICATIONS


def hand_over(
    wanted: Wanted, call: Call, found: Found, result: dict[str, Any], typed: Typed, *, held: bool
) -> list[Path]:
    """Write all that is wanted; which files they are. `result` is the JSON of the verb.

    Raises `Fault` where one cannot be written.
    """
    written: list[Path] = []
    stem, pictures = "", list[TitledPicture]()
    if wanted.plot or wanted.report:
        stem, pictures = planned_pictures(found, call.first_s_of_day)
    if wanted.plot:
        try:
            wanted.plot.mkdir(parents=True, exist_ok=True)
            for number, picture in enumerate(pictures, start=1):
                path = wanted.plot / f"{stem}-{number}.svg"
                path.write_text(picture.svg, encoding="utf-8")
                written.append(path)
        except OSError as fault:
            raise not_written(wanted.plot, fault) from None
    if wanted.report:
        told = told_of_planning(call, found, result, pictures)
        command = command_of(typed.verb, call, typed.words, typed.replications_max)
        spent_s = time.monotonic() - wanted.began_s
        written.append(
            write_single_report(told, wanted.report, command, held=held, duration_s=spent_s)
        )
    name, rows = table_of(found)
    for folder, form in ((wanted.csv, CSV), (wanted.parquet, PARQUET)):
        if folder is not None:
            try:
                written.append(write_rows(rows, folder, name, form))
            except OSError as fault:
                raise not_written(folder, fault) from None
    if wanted.json_file:
        write_json(wanted.json_file, result)
    return written


def print_written(written: Sequence[Path]) -> None:
    """The files, one a line."""
    for path in written:
        print(f"{say('已写入', 'written')}: {path}")
