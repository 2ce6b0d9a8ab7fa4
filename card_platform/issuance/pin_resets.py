"""PIN reset: the issuer's command that gives a blocked card its tries back and a new PIN.

Rules:
- For the holder, by document, with an active card; the chip in the reader must be that card's.
- The platform makes the whole command for one chip and one challenge of it; the counter passes it
  on and never sees a key.
- The new PIN passes through and is kept nowhere: what is kept for a replay names the card, the
  command is made again from the request. The digest of the request is keyed, since a plain hash
  over a body of which all but six digits are known would tell them.
- That a command was made is on record. What became of the PIN the counter reports, once the chip
  has taken it: only then does its life go on. A report without a command is refused, here and from
  a joint service point of another region (`exchange.joint_pin_resets`).
"""

from __future__ import annotations

from card_platform.issuance import registers
from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import Card, CardServed
from card_platform.issuance.refusals import HistoricalBytesDiffer, PinResetNeedsActiveCard
from card_platform.issuance.steps import CardSteps
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock


class PinResets:
    """Makes PIN reset commands for one region's cards."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._steps = CardSteps(policy, clock)
        self._keys = keys

    def allow(
        self,
        tx: Transaction,
        card_id: str,
        document: IdentityDocument,
        historical_bytes: str,
        by: str,
    ) -> Card:
        """Put on record that this card's holder is given a command.

        Raises:
            PinResetNeedsActiveCard: the card is not active.
            HistoricalBytesDiffer: the chip in the reader is another one.
            CardIsUnknown, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        card = self._steps.card_to_change(tx, card_id)
        if card.state is not CardState.ACTIVE:
            raise PinResetNeedsActiveCard(state=card.state.value)
        self._steps.require_holder(tx, card, document)
        if historical_bytes.upper() != card.historical_bytes:
            raise HistoricalBytesDiffer(expected=card.historical_bytes, found=historical_bytes)
        at = self._steps.now()
        registers.keep_pin_reset_command(tx, card_id, at, by)
        tx.emit(CardServed(at=at, by=by, card_id=card.card_id, told="PIN: reset command"))
        return card

    def command(self, historical_bytes: str, challenge: str, pin: str) -> str:
        """The command for that chip and challenge, in hexadecimal."""
        made = self._keys.pin_reset_command(
            self._steps.policy.region.code,
            bytes.fromhex(historical_bytes),
            bytes.fromhex(challenge),
            pin,
        )
        return made.hex().upper()

    def digest(self, content: bytes) -> bytes:
        """What stands for a request that holds a PIN."""
        return self._keys.request_digest(content)
