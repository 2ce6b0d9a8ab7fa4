"""The ten services that one region takes in for another's cards, and what the issuing region does.

Rule: a service that only a supervisor may do in the issuing region waits there for a supervisor.

Source: the press report on the Sichuan regulation names two of the ten (申领、激活等10项); the
other eight are an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from card_platform.issuance import registers
from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.issuance.application import Application, IdentityDocument
from card_platform.issuance.card_service_shapes import (
    Cancellation,
    DataChange,
    Exchange,
    Replacement,
)
from card_platform.issuance.holder_affairs import HolderAffairs
from card_platform.issuance.lifecycle import PinAction
from card_platform.issuance.losses import Losses
from card_platform.issuance.model import Card
from card_platform.issuance.renewals import Renewals
from card_platform.issuance.service import Issuance
from card_platform.issuance.shapes import Activation, LossReport, Restoration
from card_platform.storage import Transaction
from card_platform.web.request_body import RequestBody

CARD_SERVICE = "card-service"
"""Subject and purpose on the road, and the field of the agreements."""


class PinResetRequest(RequestBody, frozen=True):
    """The document of a holder who forgot the PIN."""

    document: IdentityDocument


class RecordRequest(RequestBody, frozen=True):
    """The document of a holder who asks how the card stands."""

    document: IdentityDocument


class CardServiceDone(msgspec.Struct, frozen=True):
    """What the issuing region decided; no personal data."""

    card_id: str
    card_number: str
    card_state: str
    application_id: str | None = None
    pin: str | None = None
    social_security: str | None = None
    financial: str | None = None
    exchange_needed: bool | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One of the ten; `is_supervisors` as the route of that service has it."""

    code: str
    name_zh: str
    name_en: str
    request: type[Any]
    do: Callable[[Transaction, str, Any, str], CardServiceDone]
    is_supervisors: bool = False


@dataclass(frozen=True, slots=True)
class CardServices:
    """The use cases of issuance that stand behind the ten."""

    issuance: Issuance
    losses: Losses
    renewals: Renewals
    affairs: HolderAffairs
    decisions: AgencyDecisions

    def ten(self) -> dict[str, Service]:
        """The ten services by code."""
        return {
            each.code: each
            for each in (
                Service("apply", "申领", "apply", Application, self._apply),
                Service("activate", "激活", "activate", Activation, self._activate),
                Service("report-loss", "挂失", "report loss", LossReport, self._report_loss),
                Service("restore", "解挂", "restore", Restoration, self._restore),
                Service("exchange", "换领", "exchange", Exchange, self._exchange),
                Service("replace", "补领", "replace", Replacement, self._replace),
                Service(
                    "cancel", "注销", "cancel", Cancellation, self._cancel, is_supervisors=True
                ),
                Service("change-data", "信息变更", "change of data", DataChange, self._change_data),
                Service("reset-pin", "密码重置", "PIN reset", PinResetRequest, self._reset_pin),
                Service("look-up", "信息查询", "look up", RecordRequest, self._look_up),
            )
        }

    def _apply(self, tx: Transaction, _: str, request: Application, by: str) -> CardServiceDone:
        application_id, card = self.issuance.apply(tx, request, by)
        return _done(card, application_id)

    def _activate(
        self, tx: Transaction, card_id: str, request: Activation, by: str
    ) -> CardServiceDone:
        return _done(self.issuance.activate(tx, card_id, request.document, by, request.site))

    def _report_loss(
        self, tx: Transaction, card_id: str, request: LossReport, by: str
    ) -> CardServiceDone:
        return _done(self.losses.report(tx, card_id, request.kind, by))

    def _restore(
        self, tx: Transaction, card_id: str, request: Restoration, by: str
    ) -> CardServiceDone:
        return _done(self.losses.restore(tx, card_id, request.document, request.reason, by))

    def _exchange(
        self, tx: Transaction, card_id: str, request: Exchange, by: str
    ) -> CardServiceDone:
        application_id, card = self.renewals.exchange(
            tx,
            card_id,
            reason=request.reason,
            document=request.document,
            new_name=request.new_name,
            site=request.site,
            collection_site=request.collection_site,
            by=by,
        )
        return _done(card, application_id)

    def _replace(
        self, tx: Transaction, card_id: str, request: Replacement, by: str
    ) -> CardServiceDone:
        application_id, card = self.renewals.replace(
            tx,
            card_id,
            document=request.document,
            site=request.site,
            collection_site=request.collection_site,
            by=by,
        )
        return _done(card, application_id)

    def _cancel(
        self, tx: Transaction, card_id: str, request: Cancellation, by: str
    ) -> CardServiceDone:
        return _done(self.decisions.cancel(tx, card_id, request.reason, request.evidence, by))

    def _change_data(
        self, tx: Transaction, card_id: str, request: DataChange, by: str
    ) -> CardServiceDone:
        is_due = self.affairs.change_data(tx, card_id, request.document, request.changed, by)
        return _done(self.issuance.get_card(tx, card_id), exchange_needed=is_due)

    def _reset_pin(
        self, tx: Transaction, card_id: str, request: PinResetRequest, by: str
    ) -> CardServiceDone:
        held = self.affairs.report_pin(tx, card_id, PinAction.RESET, request.document, by)
        return _done(self.issuance.get_card(tx, card_id), pin=held.pin.value)

    def _look_up(
        self, tx: Transaction, card_id: str, request: RecordRequest, _by: str
    ) -> CardServiceDone:
        card = self.issuance.require_holder(tx, card_id, request.document)
        held = registers.functions_of(tx, card_id)
        return _done(
            card,
            pin=held.pin.value,
            social_security=held.social_security.value,
            financial=held.financial.value,
        )


def _done(card: Card, application_id: str | None = None, **more: Any) -> CardServiceDone:
    return CardServiceDone(card.card_id, card.card_number, card.state.value, application_id, **more)
