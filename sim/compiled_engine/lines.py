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


def room_in_lines(length: int, dtype: np.dtype[Any]) -> Array:
    """Records that are written before they are read, each in as few lines of a processor's cache as
    it can. To begin with there is anything in them: to clear what is seldom used took longer than
    many a run.
    """
    room = np.empty(length * dtype.itemsize + LINE, dtype=np.uint8)
    begin = -room.ctypes.data % LINE
    return room[begin : begin + length * dtype.itemsize].view(dtype)
