"""The platform's own use cases as events of the stream, kept in their own transaction.

Rules: handed every event of the platform; one look into a table decides. Whose card it is is looked
up when detection reads the row. Taps cost nothing here: detection reads them from their own table
(`taps`). What a rule refused and detection must see comes as the trace of the refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from card_platform.access.model import AgentChanged
from card_platform.issuance.ecards.model import CodeUseReported, ElectronicCardSigned
from card_platform.issuance.ecards.uses import DOUBLE_USE
from card_platform.issuance.lifecycle import CardAction
from card_platform.issuance.model import CardStateChanged
from card_platform.oversight.risk.history import NO_DETAIL, Detail, HistoryEvent
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.taps import event_of_tap
from card_platform.services.identity.model import BY_CARD, IdentityChecked
from card_platform.services.medical.benefits.model import (
    MedicalBillShared,
    MedicalSettlementReversed,
)
from card_platform.services.transit.model import (
    CardRefusedByGate,
    PurchaseAccepted,
    PurseLoaded,
    TapDoubted,
)
from card_platform.services.verification.model import IdentityVerified
from card_platform.settlement.ledger.model import MoneyTransferred
from card_platform.settlement.payouts.certification import EligibilityCertified
from card_platform.storage import Event, Statement, Transaction
from card_platform.vocabulary.identifier import new_identifier

_STEPS = {
    CardAction.ACTIVATE: "card.issued",
    CardAction.REPORT_LOSS_ORALLY: "card.lost",
    CardAction.REPORT_LOSS: "card.lost",
    CardAction.RESTORE: "card.restored",
    CardAction.END_ORAL_REPORT: "card.restored",
    CardAction.FREEZE: "card.frozen",
    CardAction.LIFT_FREEZE: "card.restored",
    CardAction.CANCEL: "card.cancelled",
    CardAction.REPLACE: "card.replaced",
    CardAction.EXCHANGE: "card.replaced",
}
_FIRST_USE = Statement(
    'SELECT use_id, used_at, "by" FROM ecard_code_uses WHERE code_number = :code_number'
    " ORDER BY used_at, use_id LIMIT 1"
)
NOT_GENUINE = "card-not-genuine"
DEATH = "death"
"""The reason of a cancellation that tells of a death."""
_SECONDS = 19
"""Characters of a moment up to its seconds."""


def keep_risk(tx: Transaction, event: Event) -> None:
    """Keep one row where the event tells something of use to detection."""
    make = _MAKERS.get(type(event))
    if make is None:
        return
    for told in (*_first_use(tx, event), *make(event)):
        body = msgspec.json.encode(told).decode()
        store.keep(tx, told.id, told.received_at, body, event.by)


def _event(event: Event, kind: str, detail: Detail = NO_DETAIL, **told: Any) -> HistoryEvent:
    at = event.at[:_SECONDS] + "+08:00"
    values = {"at": at, "device": event.by, **told}
    return HistoryEvent(
        id=new_identifier("event"),
        kind=kind,  # type: ignore[arg-type]
        received_at=at,
        region="",
        card=event.card_id,
        detail=detail,
        **values,
    )


def _of_step(event: CardStateChanged) -> list[HistoryEvent]:
    kind = _STEPS.get(event.step)
    if kind is None:
        return []
    found = [_event(event, kind)]
    if event.step is CardAction.CANCEL and event.reason == DEATH:
        found.append(_event(event, "person.died"))
    return found


def _of_check(event: IdentityChecked) -> list[HistoryEvent]:
    """Refused ones: of the others thousands come a second, and tell neither place nor photo."""
    if event.verdict.reason is None:
        return []
    is_card = event.carrier == BY_CARD
    detail = Detail(purpose=event.purpose[:64], outcome="refused")
    face: Any = "physical" if is_card else "code"
    return [_event(event, "identity.check", detail, face=face)]


def _of_verification(event: IdentityVerified) -> list[HistoryEvent]:
    detail = Detail(
        purpose=event.activity[:64], outcome="ok" if event.reason is None else "refused"
    )
    face: Any = "physical" if event.means == BY_CARD else "electronic"
    return [_event(event, "identity.check", detail, face=face, device=event.place[:64])]


def _of_doubt(event: TapDoubted) -> list[HistoryEvent]:
    told = event_of_tap(
        new_identifier("event"), event.receipt, card=event.card_id, received_at=event.at
    )
    return [msgspec.structs.replace(told, device=event.by)]


def _of_purchase(event: PurchaseAccepted) -> list[HistoryEvent]:
    told = {"amount_fen": event.amount_fen, "institution": event.by, "face": "physical"}
    return [_event(event, "purchase", Detail(category="purse"), **told)]


def _of_load(event: PurseLoaded) -> list[HistoryEvent]:
    return [_event(event, "purse.load", amount_fen=event.amount_fen, face="physical")]


def _of_code(event: CodeUseReported) -> list[HistoryEvent]:
    if event.code_number is None:
        return []
    return [_event(event, "code.scanned", Detail(code=event.code_number), face="code")]


def _first_use(tx: Transaction, event: Event) -> list[HistoryEvent]:
    """The use before a second one: where the platform took it by itself nobody reported it."""
    if not isinstance(event, CodeUseReported) or event.finding != DOUBLE_USE:
        return []
    rows = tx.rows(_FIRST_USE, {"code_number": event.code_number})
    if not rows or store.known(tx, [rows[0][0]]):
        return []
    use_id, used_at, by = rows[0]
    moment, detail = f"{used_at[:_SECONDS]}+08:00", Detail(code=event.code_number)
    first = _event(event, "code.scanned", detail, at=moment, device=by, face="code")
    return [msgspec.structs.replace(first, id=use_id)]


def _of_gate(event: CardRefusedByGate) -> list[HistoryEvent]:
    """A card whose codes were wrong; what else gates refuse says nothing of forgery."""
    if event.reason != NOT_GENUINE:
        return []
    detail = Detail(outcome="mac-wrong")
    return [_event(event, "card.authentication", detail, face="physical", place=event.station)]


def _of_signing(event: ElectronicCardSigned) -> list[HistoryEvent]:
    """Nobody tells the platform which phone it is."""
    return [_event(event, "phone.bound", device=None, face="electronic")]


def _of_bill(event: MedicalBillShared) -> list[HistoryEvent]:
    detail = Detail(
        visit=event.settlement_id, pooled_fen=event.fund_fen, account_fen=event.personal_fen
    )
    amount = event.fund_fen + event.personal_fen
    return [_event(event, "medical.settled", detail, institution=event.by, amount_fen=amount)]


def _of_reversal(event: MedicalSettlementReversed) -> list[HistoryEvent]:
    detail = Detail(visit=event.settlement_id, refund=True)
    amount = event.fund_fen + event.personal_fen
    return [_event(event, "medical.settled", detail, institution=event.by, amount_fen=amount)]


def _of_transfer(event: MoneyTransferred) -> list[HistoryEvent]:
    detail = Detail(to_account=event.credit, channel="online")
    return [_event(event, "transfer", detail, account=event.debit, amount_fen=event.amount_fen)]


def _of_agent(event: AgentChanged) -> list[HistoryEvent]:
    kind = "agent.authorised" if event.told.startswith("mandated") else "agent.ended"
    return [_event(event, kind, Detail(agent=event.agent_id, scope="all"))]


def _of_certification(event: EligibilityCertified) -> list[HistoryEvent]:
    return [] if event.problem else [_event(event, "payout.certified", Detail(channel="counter"))]


_MAKERS: dict[type[Event], Callable[[Any], list[HistoryEvent]]] = {
    CardStateChanged: _of_step,
    IdentityChecked: _of_check,
    IdentityVerified: _of_verification,
    TapDoubted: _of_doubt,
    PurchaseAccepted: _of_purchase,
    PurseLoaded: _of_load,
    CardRefusedByGate: _of_gate,
    CodeUseReported: _of_code,
    ElectronicCardSigned: _of_signing,
    MedicalBillShared: _of_bill,
    MedicalSettlementReversed: _of_reversal,
    MoneyTransferred: _of_transfer,
    AgentChanged: _of_agent,
    EligibilityCertified: _of_certification,
}
