"""What a person may show to prove who they are: an open table, one function a means.

A means finds the holder of what was shown, or says why there is none, as a stable reason. A new one
joins with a line; all else is the same for every means, so that the same is served by card,
electronic card and code (NM-2, CQ-2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from card_platform.issuance.ecards.codes import Codes
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.verification import store
from card_platform.services.verification.model import FoundHolder, Shown
from card_platform.storage import Transaction

Means = Callable[[Transaction, Shown], FoundHolder | str]
CARD = "card"
ELECTRONIC_CARD = "electronic-card"
CODE = "code"


def by_card(tx: Transaction, shown: Shown) -> FoundHolder | str:
    """By the number the reader read from the card it authenticated."""
    return store.find_by_number(tx, shown.token) or "card-unknown"


def by_electronic_card(tx: Transaction, shown: Shown) -> FoundHolder | str:
    """By the id of the electronic card: it stands and falls with the card (CQ-2)."""
    return store.find_by_electronic_card(tx, shown.token) or "card-unknown"


def by_code(codes: Codes) -> Means:
    """By the code a phone shows: of the electronic card or the fusion code (NX-2, CQ-16)."""

    def find(tx: Transaction, shown: Shown) -> FoundHolder | str:
        finding = codes.judge(tx, shown.token, CodePurpose.IDENTITY)
        if finding.reason is not None or finding.holder is None:
            return finding.reason or "code-unreadable"
        return store.find_by_number(tx, finding.holder.card_number) or "card-unknown"

    return find


def every_means(codes: Codes) -> dict[str, Means]:
    """All that may be shown, by name."""
    return {**CARD_MEANS, CODE: by_code(codes)}


CARD_MEANS: Mapping[str, Means] = {CARD: by_card, ELECTRONIC_CARD: by_electronic_card}
