"""Options that say where a platform's data is, the same in every verb that asks."""

from __future__ import annotations

from pathlib import Path

import click

from testbed.bilingual import option

data_folder = option(
    "--data",
    type=Path,
    default=Path("build/platform"),
    show_default=True,
    zh="平台的数据目录",
    en="data folder of the platform",
)
data_that_is_there = option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("build/platform"),
    show_default=True,
    zh="平台的数据目录",
    en="data folder of the platform",
)
"""For a verb that reads what a platform left."""
database_url = option(
    "--database", zh="PostgreSQL 地址（默认 SQLite）", en="URL of PostgreSQL (default SQLite)"
)
