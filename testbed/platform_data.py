"""The data of a platform, for verbs that work beside it on the same machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from card_platform.errors import PlatformCannotStart
from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from card_platform.use_cases import UseCases, build_use_cases
from testbed.bilingual import option
from testbed.database_options import data_folder, database_url
from testbed.faults import Fault

_REGION = option("--region", default="CQ", show_default=True, zh="地区", en="region")


def of_platform(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the options that name the data."""
    for each in (_REGION, database_url, data_folder):
        command = each(command)
    return command


@contextmanager
def opened_data(
    data: Path, database: str | None, region: str
) -> Iterator[tuple[Installation, UseCases]]:
    """The data and what can be done with it. Raises `Fault` where it cannot be opened."""
    try:
        parts = open_installation(Settings(data, database, region=region))
    except PlatformCannotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None
    try:
        yield parts, build_use_cases(parts.policy, parts.keys, parts.clock)
    finally:
        parts.database.close()


def unreadable(file: Path, refused: OSError) -> Fault:
    """What is said of a file that cannot be read."""
    return Fault(
        f"{file} 无法读取（{refused.strerror}）。",
        f"{file} cannot be read ({refused.strerror}).",
    )
