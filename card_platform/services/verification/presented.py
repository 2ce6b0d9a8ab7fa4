"""Who stands before a desk, by what is shown: card, electronic card or code, in every room alike.

Rules: the holder's card is active, or nobody is served on it: a lost, frozen or cancelled one is
refused (CQ-13b, CQ-20b), and the electronic card and every code stand and fall with it (NM-2).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.store import find_holder
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.identity.model import judge
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.verification.model import FoundHolder
from card_platform.services.verification.store import find_by_electronic_card, find_by_number
from card_platform.storage import Transaction


class Presented(msgspec.Struct, frozen=True):
    """What is shown: `token` is card number, electronic card id or the text of a code.

    `name` and `chip` (historical bytes, upper case) go with a card.
    """

    means: Literal["card", "electronic-card", "code"]
    token: str
    name: str | None = None
    chip: str | None = None


def find_presented(
    tx: Transaction, codes: Codes, shown: Presented, purpose: CodePurpose, by: str
) -> FoundHolder:
    """The holder of what was shown; a code is taken for the purpose.

    Raises:
        CardRefusal, CodeRefusal: it is not taken, with the reason.
    """
    if shown.means == "code":
        finding, _use = codes.take(tx, shown.token, purpose, by)
        assert finding.holder is not None  # noqa: S101 - a good code has a holder
        found = find_by_number(tx, finding.holder.card_number)
    elif shown.means == "electronic-card":
        found = find_by_electronic_card(tx, shown.token)
    else:
        verdict = judge(find_holder(tx, shown.token), shown.name or "", shown.chip)
        if verdict.reason is not None:
            raise CARD_REFUSALS[verdict.reason]
        found = find_by_number(tx, shown.token)
    if found is None:
        raise CARD_REFUSALS["card-unknown"]
    if found.state is not CardState.ACTIVE:
        raise CARD_REFUSALS["card-is-not-active"]
    return found
