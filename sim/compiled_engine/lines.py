"""Rows of records that lie in as few lines of a processor's cache as they can."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

LINE = 64
"""Bytes of a line of a processor's cache."""
index = np.uint64
"""A place in a row, from its beginning. Of a number that may be negative compiled code asks at each
access whether it counts from the end, as Python does: that was a fifth of a run.
"""


def in_whole_lines(fields: list[tuple[str, str]]) -> np.dtype[Any]:
    """A record of these fields that takes whole lines, those named first in the first of them."""
    close = np.dtype(fields, align=True)
    lines = -(-close.itemsize // LINE)
    assert close.fields is not None  # noqa: S101 - it has these
    return np.dtype(
        {
            "names": [name for name, _ in fields],
            "formats": [kind for _, kind in fields],
            "offsets": [close.fields[name][1] for name, _ in fields],
            "itemsize": lines * LINE,
            "aligned": True,
        }
    )


def cleared_lines(length: int, dtype: np.dtype[Any]) -> Array:
    """Records of zeros, each in as few lines as it can."""
    room = room_in_lines(length, dtype)
    room.view(np.uint8)[:] = 0
    return room


def room_in_lines(length: int, dtype: np.dtype[Any]) -> Array:
    """Records that are written before they are read, each in as few lines of a processor's cache as
    it can. To begin with there is anything in them: to clear what is seldom used took longer than
    many a run.
    """
    room = np.empty(length * dtype.itemsize + LINE, dtype=np.uint8)
    begin = -room.ctypes.data % LINE
    return room[begin : begin + length * dtype.itemsize].view(dtype)


def copy_in_lines(rows: Array) -> Array:
    """The same records, each in as few lines as it can."""
    copied = room_in_lines(len(rows), rows.dtype)
    copied[:] = rows
    return copied
