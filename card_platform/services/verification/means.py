"""What a person may show to prove who they are: an open table, one function a means.

A means finds the holder of what was shown, or says why there is none, as a stable reason. A new one
(the dynamic code) joins with a line in `app.build_services`; all else is the same for every means,
so that the same is served by card, electronic card and code (NM-2, CQ-2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from card_platform.services.verification import store
from card_platform.services.verification.model import FoundHolder, Shown
from card_platform.storage import Transaction

Means = Callable[[Transaction, Shown], FoundHolder | str]
CARD = "card"
ELECTRONIC_CARD = "electronic-card"


def by_card(tx: Transaction, shown: Shown) -> FoundHolder | str:
    """By the number the reader read from the card it authenticated."""
    return store.find_by_number(tx, shown.token) or "card-unknown"


def by_electronic_card(tx: Transaction, shown: Shown) -> FoundHolder | str:
    """By the id of the electronic card: it stands and falls with the card (CQ-2)."""
    return store.find_by_electronic_card(tx, shown.token) or "card-unknown"


CARD_MEANS: Mapping[str, Means] = {CARD: by_card, ELECTRONIC_CARD: by_electronic_card}
