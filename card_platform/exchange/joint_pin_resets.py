"""The command that resets the PIN of another region's card, for the chip in a reader here (CQ-11b).

Rules:
- Only the region that issued a card holds the key that opens its PIN. It is asked for the command
  while the card lies in the reader here, judges the request as at a counter of its own, and answers
  with the command for this chip and challenge.
- It is asked by a query, which neither side keeps: the new PIN stands in no table, as at home
  (`issuance.pin_resets`). Once the chip has taken the command, the service `reset-pin` reports it;
  without a command the issuing region refuses that report.
"""

from __future__ import annotations

import msgspec

from card_platform.exchange.card_services import CARD_SERVICE
from card_platform.exchange.courier import Courier
from card_platform.exchange.joint_services import JointServices
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.issuance.card_service_shapes import PinReset
from card_platform.issuance.pin_resets import PinResets
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import find_holder
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.storage import Database, Transaction
from card_platform.web.request_body import RequestBody

PIN_RESET = "pin-reset-command"


class PinResetOrder(RequestBody, frozen=True):
    """Which card, and what a counter of the issuing region would ask."""

    card_number: str
    reset: PinReset


class PinResetCommand(msgspec.Struct, frozen=True):
    """The command for the card in the reader, in hexadecimal: good for that challenge only."""

    command: str


class JointPinResets:
    """Asking for the command, and making it for another region."""

    def __init__(self, joint: JointServices, pin_resets: PinResets) -> None:
        self._joint = joint
        self._pin_resets = pin_resets

    async def ask(
        self, database: Database, courier: Courier, *, site_id: str, region: str,
        order: PinResetOrder,
    ) -> PinResetCommand:  # fmt: skip
        """The command, from the region of the card.

        Raises:
            Those of `JointServices.require_taken_in_here` and of `Courier.ask`.
        """
        await database.read(lambda tx: self._joint.require_taken_in_here(tx, site_id, region))
        command = await courier.ask(region, PIN_RESET, CARD_SERVICE, order, PinResetCommand)
        assert isinstance(command, PinResetCommand)  # noqa: S101 - it was asked for
        return command

    def subject(self) -> Subject:
        """The query."""
        return Subject(
            PIN_RESET,
            "query",
            frozenset({CARD_SERVICE}),
            frozenset({ParticipantKind.REGION}),
            PinResetOrder,
            self._answer,
            field=CARD_SERVICE,
        )

    def _answer(
        self, tx: Transaction, sender: Participant, order: PinResetOrder, _purpose: str
    ) -> PinResetCommand:
        self._joint.require_agreement(sender.participant_id)
        found = find_holder(tx, order.card_number)
        if found is None:
            raise CardIsUnknown
        asked, by = order.reset, REGION_CALLER + sender.participant_id
        self._pin_resets.allow(tx, found[0], asked.document, asked.historical_bytes, by)
        made = self._pin_resets.command(asked.historical_bytes, asked.challenge, asked.new_pin)
        return PinResetCommand(made)
