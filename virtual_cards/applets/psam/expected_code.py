"""The MAC2 that 8072 waits for: volatile, compared once.

Rules: 8070 sets it, any 8072 with a MAC uses it up, right or wrong; selecting an application, or a
reset, forgets it.
"""

from __future__ import annotations

import hmac

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused


class ExpectedCode:
    """MAC2 of the purchase 8070 began, if there is one."""

    __slots__ = ("_code",)

    def __init__(self) -> None:
        self._code: bytes | None = None

    def clear(self) -> None:
        """There is no purchase."""
        self._code = None

    def await_code(self, code: bytes) -> None:
        """The card must answer this."""
        self._code = code

    def check(self, given: bytes) -> None:
        """Compare, once. Raises `Refused` 6985 without a purchase, 9302 for another MAC."""
        expected, self._code = self._code, None
        if expected is None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        if not hmac.compare_digest(expected, given):
            raise Refused(sw.MAC_WRONG)
