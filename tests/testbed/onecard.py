"""The command `onecard`: as a process of its own, or its words alone in this process."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from testbed import command, language

ONECARD = str(Path(sys.executable).with_name("onecard"))
LOCALE = {"LANG": "C.UTF-8", "LC_ALL": ""}


def call(
    *words: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A real call, as a shell makes it."""
    return subprocess.run(
        [ONECARD, *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **LOCALE, **environment},
    )


def call_here(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same call without the second a Python process takes to start.

    For calls that end by what they say: help, and refusals of what was asked.
    """
    terminate, spoken = signal.getsignal(signal.SIGTERM), language.chosen()
    out, err = io.StringIO(), io.StringIO()
    try:
        with (
            patch.dict(os.environ, LOCALE),
            contextlib.chdir(cwd),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = command.run(list(words))
    finally:
        signal.signal(signal.SIGTERM, terminate)
        language.choose(["--lang", spoken], {})
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
