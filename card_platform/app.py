"""The composition root: database -> use cases -> ASGI app."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from card_platform.access.routes import access_routes
from card_platform.access.sessions import session_finder
from card_platform.clockwork import Clockwork, DueWork
from card_platform.clockwork.routes import clock_routes
from card_platform.exchange.courier import Courier
from card_platform.exchange.licence_request_route import licence_request_route
from card_platform.exchange.medical.routes import foreign_visit_routes, medical_clearing_routes
from card_platform.exchange.outgoing import TELL_OTHERS
from card_platform.exchange.road import Road
from card_platform.exchange.routes import (
    exchange_routes,
    foreign_card_routes,
    joint_service_routes,
)
from card_platform.issuance import functions
from card_platform.issuance.agency_routes import agency_routes
from card_platform.issuance.ecards import service as electronic_cards
from card_platform.issuance.ecards.routes import CODE_USES, ecard_express, ecard_routes
from card_platform.issuance.holder_routes import holder_routes, pin_reset_routes
from card_platform.issuance.production.room import production_routes
from card_platform.issuance.record_routes import record_routes
from card_platform.issuance.renewal_routes import renewal_routes
from card_platform.issuance.routes import issuance_routes
from card_platform.keys import SecurityModule
from card_platform.outcomes.postman import Postman
from card_platform.outcomes.routes import outcome_routes
from card_platform.oversight.accountability.routes import accountability_routes
from card_platform.oversight.audit import Sealer, keep_record
from card_platform.oversight.audit.routes import audit_routes
from card_platform.oversight.complaints.routes import complaint_routes
from card_platform.oversight.consent import keep_read
from card_platform.oversight.consent.routes import consent_routes
from card_platform.oversight.risk.cases.freezes import end_freezes_for_cases
from card_platform.oversight.risk.office import risk_routes
from card_platform.oversight.risk.payday.screening import keep_account_changes
from card_platform.oversight.risk.stream.detection import Detection
from card_platform.oversight.risk.stream.own_events import keep_risk
from card_platform.oversight.supervision.routes import supervision_routes
from card_platform.regions import RegionPolicy
from card_platform.regions.catalogue.routes import catalogue_routes
from card_platform.regions.schemes.function_routes import function_routes
from card_platform.regions.schemes.renewed_cards import follow_renewals
from card_platform.regions.schemes.routes import scheme_routes
from card_platform.services.bills.payment_routes import bill_payment_routes
from card_platform.services.bills.routes import utility_routes
from card_platform.services.employment.routes import employment_routes
from card_platform.services.identity.routes import identity_express, identity_routes
from card_platform.services.identity.store import CHECKS_OF_CARD
from card_platform.services.journal.routes import journal_routes
from card_platform.services.journal.service import Journal
from card_platform.services.licences.routes import licence_routes
from card_platform.services.medical.care import care_routes
from card_platform.services.medical.routes import PAYMENTS, medical_express, medical_routes
from card_platform.services.places.room import place_routes
from card_platform.services.sites.public_routes import public_routes
from card_platform.services.sites.routes import site_routes
from card_platform.services.terminals.health_routes import health_routes
from card_platform.services.terminals.routes import terminal_routes
from card_platform.services.terminals.service import follow_withdrawals, terminal_finder
from card_platform.services.transit.fare_routes import fare_routes
from card_platform.services.transit.refund_routes import refund_routes
from card_platform.services.transit.revocations import follow_cards
from card_platform.services.transit.routes import (
    PURCHASES,
    REFUSALS,
    TAPS,
    transit_express,
    transit_routes,
)
from card_platform.services.transit.tap_batch_routes import tap_batch_routes
from card_platform.services.verification.routes import verification_routes
from card_platform.settlement.bank_orders.routes import bank_order_routes
from card_platform.settlement.banks import service as banks
from card_platform.settlement.banks.routes import bank_routes
from card_platform.settlement.clearing.daily import keep_clearing
from card_platform.settlement.clearing.routes import clearing_routes
from card_platform.settlement.ledger.routes import ledger_routes
from card_platform.settlement.payouts.certification_routes import certification_routes
from card_platform.settlement.payouts.routes import payout_routes
from card_platform.settlement.payouts.views import payout_views
from card_platform.settlement.reconciliation.routes import reconciliation_routes
from card_platform.settlement.reconciliation.simulated_routes import simulated_bank_routes
from card_platform.storage import Database
from card_platform.storage.filed_index import Filing
from card_platform.use_cases import UseCases, build_use_cases, due_works
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk, Doorkeeper, ExpressLane, ExpressRoute
from card_platform.web.back_office import BackOffice
from card_platform.web.examples import JsonWithExamples
from card_platform.web.grouped_app import GroupedApp
from card_platform.web.problem_details import EXCEPTION_HANDLERS
from card_platform.web.rate_limits import RateLimits
from card_platform.web.request_body import BODY_MAX_BYTES

API_VERSION = "1.0.0"
OPENAPI_PATH = "/openapi.json"
EVENT_HANDLERS = (
    keep_record,
    keep_read,
    functions.follow_cards,
    electronic_cards.follow_cards,
    banks.follow_cards,
    follow_cards,
    follow_renewals,
    *TELL_OTHERS,
    keep_account_changes,
    keep_risk,
    end_freezes_for_cases,
)
"""Called with every event, inside its transaction, in this order."""
JOURNAL_KINDS = {
    "tap": TAPS,
    "purchase": PURCHASES,
    "refusal": REFUSALS,
    "medical-payment": PAYMENTS,
    "code-use": CODE_USES,
}
"""The route each kind of journal record would have taken."""


class Health(msgspec.Struct, frozen=True):
    """The platform answers, for this region."""

    status: str
    region: str


@dataclass(frozen=True, slots=True)
class Platform:
    """One region's platform, ready to be served.

    Attributes:
        app: answers requests.
        beside: what goes on while it is served; whoever serves it runs them until the end.
        road: its side of the exchange.
    """

    app: ExpressLane
    beside: tuple[Callable[[], Coroutine[Any, Any, None]], ...]
    road: Road


def build_app(
    policy: RegionPolicy,
    keys: SecurityModule,
    database: Database,
    staff_tokens: dict[str, str],
    clock: Clock,
) -> ExpressLane:
    """The ASGI app alone: it answers, and nothing goes on beside it."""
    return build_platform(policy, keys, database, staff_tokens, clock).app


def express_routes(services: UseCases) -> list[ExpressRoute]:
    """The hottest routes: for the express lane, the journal and the back office."""
    return [
        *transit_express(services.transit),
        *medical_express(services.medical),
        *ecard_express(services.electronic_cards.uses),
        *identity_express(services.identity),
    ]


def upkeep_works(audit_anchor: Path | None) -> dict[str, DueWork]:
    """Work on the records that requests leave, in small pieces; by name, for the back office."""
    return {"filing": Filing(CHECKS_OF_CARD).file, "sealing": Sealer(audit_anchor).seal}


def build_platform(
    policy: RegionPolicy,
    keys: SecurityModule,
    database: Database,
    staff_tokens: dict[str, str],
    clock: Clock,
    *,
    audit_anchor: Path | None = None,
    limits_times: int = 1,
    office: BackOffice | None = None,
    detection_desk: BackOffice | None = None,
) -> Platform:
    """The platform over an open database, made with EVENT_HANDLERS.

    `audit_anchor` is the file that keeps the head of the audit outside the database;
    `limits_times` is how many times the ordinary rate limits hold, 0 lifts them; `office` does
    large batches of the same data, `detection_desk` folds many events of it.
    """
    services = build_use_cases(policy, keys, clock)
    desk = Desk(database, clock, office)
    express = express_routes(services)
    by_path = {each.path: each for each in express}
    journal = Journal({kind: by_path[path] for kind, path in JOURNAL_KINDS.items()}, clock)
    health = msgspec.json.encode(Health("ok", policy.region.code))

    @get("/health", summary="健康检查 · Health", tags=["platform"])
    async def tell_health() -> Response[Health]:
        answer: Response[Any] = Response(health, media_type="application/json")
        return answer

    courier = Courier(database, services.road)
    upkeep = upkeep_works(audit_anchor)
    detection = Detection(services.risk.watch, database, clock, detection_desk)
    others = (detection.do_what_is_due,)
    clockwork = Clockwork(database, clock, due_works(services), upkeep, office, others=others)
    finders = terminal_finder(database), session_finder(database, clock)
    doorkeeper, limits = Doorkeeper(staff_tokens, *finders), RateLimits(limits_times)
    handlers = [
        tell_health,
        *access_routes(desk, services.access),
        *issuance_routes(desk, services.issuance, services.losses),
        *renewal_routes(desk, services.renewals),
        *holder_routes(desk, services.affairs),
        *record_routes(desk, services.issuance),
        *pin_reset_routes(desk, services.pin_resets),
        *production_routes(desk, services.production),
        *agency_routes(desk, services.decisions),
        *ecard_routes(desk, services.issuance, services.electronic_cards),
        *identity_routes(desk, services.identity),
        *verification_routes(desk, services.verification),
        *employment_routes(desk, services.employment, services.joint_matters),
        *licence_routes(desk, services.licence_office),
        *terminal_routes(desk, services.terminals),
        *transit_routes(desk, services.transit),
        *tap_batch_routes(desk, services.transit.tap_batches),
        *refund_routes(desk, services.transit.refunds),
        *fare_routes(desk, policy),
        *medical_routes(desk, services.medical),
        *care_routes(desk, services.care, clock),
        *foreign_visit_routes(desk, database, courier, services.foreign_patients),
        *medical_clearing_routes(desk),
        *place_routes(desk, services.places, services.foreign_cards, database, courier),
        *utility_routes(desk, services.bill_payments.bills, policy, clock),
        *bill_payment_routes(desk, services.bill_payments),
        *journal_routes(desk, journal),
        *bank_routes(desk, services.banks),
        *bank_order_routes(desk, services.bank_orders, policy),
        *reconciliation_routes(desk, services.reconciliation),
        *simulated_bank_routes(desk, policy, clock),
        *payout_routes(desk, services.payouts),
        *payout_views(desk, services.payouts, clock),
        *certification_routes(desk, services.certifications),
        *clearing_routes(desk, database, services.clearing),
        *ledger_routes(desk, database, services.ledger, services.periods),
        *consent_routes(desk, services.consents),
        *complaint_routes(desk, services.complaints),
        *accountability_routes(desk, services.accountability),
        *supervision_routes(desk, services.supervision, clock, policy.region.code),
        *risk_routes(desk, services.risk, detection, clock),
        *audit_routes(desk, audit_anchor),
        *catalogue_routes(desk, services.catalogue, policy, clock),
        *scheme_routes(desk, services.schemes),
        *function_routes(desk, services.card_functions),
        *site_routes(desk, services.sites),
        *public_routes(
            desk,
            policy,
            services.catalogue,
            services.sites,
            agreements=services.agreements,
            clock=clock,
        ),
        *health_routes(desk, policy, clock),
        *exchange_routes(desk, services.road, policy.region.name_zh),
        *joint_service_routes(desk, services.joint),
        *foreign_card_routes(database, courier, services.foreign_cards, services.joint_pin_resets),
        licence_request_route(database, courier, services.licence_requests),
        *outcome_routes(desk, services.webhooks),
        *clock_routes(desk, clock, clockwork),
    ]
    shared: dict[str, Any] = {
        "exception_handlers": EXCEPTION_HANDLERS,
        "request_max_body_size": BODY_MAX_BYTES,
        "state": State({"doorkeeper": doorkeeper, "limits": limits, "digest": keys.request_digest}),
        "logging_config": None,
    }
    ordinary = GroupedApp(
        handlers,
        partial(Litestar, openapi_config=None, **shared),
        partial(Litestar, openapi_config=_openapi_config(), **shared),
        OPENAPI_PATH,
    )
    postman = Postman(database, services.webhooks)
    clear = partial(keep_clearing, services.clearing, database)
    beside: list[Callable[[], Coroutine[Any, Any, None]]]
    beside = [clockwork.keep_going, courier.keep_going, postman.keep_going, clear]
    beside.append(detection.keep_going)
    if database.is_shared:
        beside.append(partial(follow_withdrawals, database, doorkeeper))
    if office is not None:
        beside.append(office.keep_open)
    app = ExpressLane(ordinary, express, desk, doorkeeper, limits)
    return Platform(app, tuple(beside), services.road)


def _openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="社会保障卡一卡通平台 · One-card platform",
        version=API_VERSION,
        path="/",
        render_plugins=[JsonWithExamples(path=OPENAPI_PATH)],
        security=[{"bearer": []}],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
        ),
    )
