"""Paging over HTTP, one way for every list that can grow: `limit` and `after`, and `next` in the
answer.

Rules: a cursor is opaque to callers. It names its list and the keys of the last row told, so that
one of another list, or of nobody, is refused and never read as a place.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from card_platform.errors import Refusal
from card_platform.storage.paging import LIMIT_DEFAULT, LIMIT_MAX, Keys, Page

CURSOR_MAX = 400
_KEY_MAX = 200
_INTEGER_MAX = 2**63 - 1

Limit = Annotated[
    int,
    QueryParameter(ge=1, le=LIMIT_MAX, description="每页最多条数 · Most entries of the page"),
]
After = Annotated[
    str | None,
    QueryParameter(max_length=CURSOR_MAX, description="上一页的 next · `next` of the page before"),
]


class CursorIsWrong(Refusal):
    """`after` is no `next` of this list."""

    code = "cursor-wrong"
    status = 400
    title = "Cursor wrong"
    zh = "after 不是本列表给出的 next；请从第一页重新开始。"
    en = "`after` is no `next` this list has given; begin again with the first page."


class PagedList:
    """The cursors of one list.

    Args:
        name: of the list, told apart from every other.
        kinds: the types of its keys.
    """

    def __init__(self, name: str, *kinds: type[str] | type[int]) -> None:
        self._name = name
        self._kinds = kinds

    def page(self, limit: int, after: str | None) -> Page:
        """The page a caller asks for.

        Raises:
            CursorIsWrong.
        """
        return Page(limit, None if after is None else self._keys_of(after))

    def cursor(self, last: Keys | None) -> str | None:
        """`next` of a page that ends there; None at the end of the list."""
        if last is None:
            return None
        told = msgspec.json.encode([self._name, *last])
        return base64.urlsafe_b64encode(told).decode("ascii").rstrip("=")

    def _keys_of(self, cursor: str) -> Keys:
        padded = cursor + "=" * (-len(cursor) % 4)
        try:
            plain = base64.b64decode(padded, b"-_", validate=True)
            told = msgspec.json.decode(plain, type=list[Any])
        except (binascii.Error, ValueError, msgspec.MsgspecError):
            raise CursorIsWrong from None
        keys = told[1:]
        if told[:1] != [self._name] or [type(key) for key in keys] != list(self._kinds):
            raise CursorIsWrong
        if not all(_is_key(key) for key in keys):
            raise CursorIsWrong
        return tuple(keys)


def _is_key(value: str | int) -> bool:
    if isinstance(value, int):
        return abs(value) <= _INTEGER_MAX
    return len(value) <= _KEY_MAX and value.isprintable()


__all__ = ["LIMIT_DEFAULT", "After", "CursorIsWrong", "Limit", "PagedList"]
