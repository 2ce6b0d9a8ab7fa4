"""The eighteen typologies, by groups; each sees the events of its kinds and gives signals.

`purse` (cloned-purse, tap-replayed) · `concessions` · `stops` (lost-card-used) · `presence`
(impossible-travel, card-lent) · `payouts` (dead-payee, double-payout) · `accounts`
(account-changed-before-payday, mule-account) · `withheld` (cards-withheld) · `care`
(split-receipts, phantom-visits) · `medicine` · `codes` (code-replayed, forged-card) · `merchants` ·
`employers` (false-enrolment).
"""

from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import Group
from card_platform.oversight.risk.typologies.accounts import AccountChanges, MuleAccounts
from card_platform.oversight.risk.typologies.care import PhantomVisits, SplitReceipts
from card_platform.oversight.risk.typologies.codes import Authentications, Codes
from card_platform.oversight.risk.typologies.concessions import Concessions
from card_platform.oversight.risk.typologies.employers import Employers
from card_platform.oversight.risk.typologies.medicine import Medicine
from card_platform.oversight.risk.typologies.merchants import Merchants
from card_platform.oversight.risk.typologies.payouts import Payees
from card_platform.oversight.risk.typologies.presence import Presences
from card_platform.oversight.risk.typologies.purse import PurseTaps
from card_platform.oversight.risk.typologies.stops import StoppedCards
from card_platform.oversight.risk.typologies.withheld import WithheldCards

__all__ = ["every_group"]


def every_group(limits: Limits) -> tuple[Group, ...]:
    """All groups, in the order their signals are weighed."""
    return (
        PurseTaps(limits),
        StoppedCards(limits),
        Codes(limits),
        Authentications(limits),
        Presences(limits),
        Concessions(limits),
        Payees(limits),
        AccountChanges(limits),
        MuleAccounts(limits),
        WithheldCards(limits),
        SplitReceipts(limits),
        PhantomVisits(limits),
        Medicine(limits),
        Merchants(limits),
        Employers(limits),
    )
