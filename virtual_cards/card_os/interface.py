"""By which face a chip is used now, for the applications that want to know (JR/T 0025.12: the same
bank application answers otherwise without contact).

Rules: volatile, one a card. The chip says it whenever a face takes it; an application only reads
it. It cannot change in the middle of anything: a face must lose its power before the other gets it,
and that clears the volatile state.
"""

from __future__ import annotations


class Interface:
    """With contact until the contactless face takes the chip."""

    __slots__ = ("is_contactless",)

    def __init__(self) -> None:
        self.is_contactless = False
