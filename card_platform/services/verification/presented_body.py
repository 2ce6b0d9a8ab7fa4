"""What is shown at a desk, as requests write it: the same in every room."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.regions.catalogue.shapes import Short
from card_platform.services.verification.presented import Presented
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Token = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class PresentedBody(RequestBody, frozen=True):
    """What is shown.

    With a card, `name` as read from it; `historical_bytes` of the chip, where it was authenticated.
    """

    means: Literal["card", "electronic-card", "code"]
    token: Token
    name: Short | None = None
    historical_bytes: HistoricalBytesText | None = None

    def shown(self) -> Presented:
        """What was shown. Raises RequestIsMalformed: a card is shown with its holder's name."""
        if (self.name is None) == (self.means == "card"):
            wanted = "with a card the name on it, else none"
            raise RequestIsMalformed([Fault("name", repr(self.name), wanted)])
        chip = self.historical_bytes.upper() if self.historical_bytes else None
        return Presented(self.means, self.token, self.name, chip)
