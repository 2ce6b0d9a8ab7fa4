"""Text of an exact shape, in requests and region packs.

Rule: a pattern holds for the whole text. In Python `$` also stands before a newline at the end, so
`20260105` and the same with a newline would both be a day, and one receipt two. Here nothing may
follow.
"""

from __future__ import annotations

import msgspec


def exactly(pattern: str) -> msgspec.Meta:
    """The constraint that a text is of this pattern from its first to its last character."""
    return msgspec.Meta(pattern=rf"^(?:{pattern})$(?!\n)")
