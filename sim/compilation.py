"""Where compiled code is kept: in a folder named after the sources it was made from.

Why: Numba keeps the code of each file and looks at that file alone. A function of another file that
was compiled into it may have changed since; with a folder for each state of the sources, old code
is never met.

Compiled code here makes no arrays of its own, so it counts no references: counting them took half
of an engine's time. Handing arrays to a function that is called takes as long again, so each is
written into its callers.
"""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

_PACKAGE = Path(__file__).parent
_KEPT = _PACKAGE / "__pycache__" / "compiled"
_KEPT_MAX = 3
"""States of the sources of which the code is kept."""


def _state_of_the_sources() -> str:
    told = sha256(numba.__version__.encode())
    for file in sorted(_PACKAGE.glob("*.py")) + sorted(_PACKAGE.glob("compiled_engine/*.py")):
        told.update(file.name.encode() + file.read_bytes())
    return told.hexdigest()[:16]


def use_folder() -> None:
    """Keep compiled code here; where the package may not be written to, Numba finds a place."""
    here = _KEPT / _state_of_the_sources()
    try:
        here.mkdir(parents=True, exist_ok=True)
        others = sorted(
            (each for each in _KEPT.iterdir() if each != here),
            key=lambda folder: folder.stat().st_mtime,
        )
        for old in others[: max(0, len(others) - _KEPT_MAX + 1)]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return
    numba.config.CACHE_DIR = str(here)  # type: ignore[attr-defined]


def is_compiled() -> bool:
    """Whether there is compiled code for these sources: a run begins at once then."""
    return any((_KEPT / _state_of_the_sources()).rglob("advance.advance-*.nbi"))


use_folder()

compiled: Any = numba.njit(cache=True, _nrt=False, forceinline=True)  # type: ignore[call-overload]
"""Makes a function ready for compilation; it is written into each compiled one that calls it."""
