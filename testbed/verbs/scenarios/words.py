"""The words `onecard scenarios` and the argument its verbs share."""

from __future__ import annotations

from pathlib import Path

import click

from testbed.bilingual import group
from testbed.command import root, summary

scenarios = group(
    root,
    "scenarios",
    **summary("scenarios"),
)
paths_of_features = click.argument("paths", nargs=-1, type=Path)
