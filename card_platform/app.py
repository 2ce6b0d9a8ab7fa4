"""The composition root: database -> services -> ASGI app. Only this file knows all parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from card_platform.clockwork import Clockwork, DueWork
from card_platform.clockwork.routes import clock_routes
from card_platform.issuance.routes import issuance_routes
from card_platform.issuance.service import Issuance
from card_platform.keys import SecurityModule
from card_platform.oversight.audit import keep_record
from card_platform.regions import RegionPolicy, load_agreements
from card_platform.regions.catalogue.routes import catalogue_routes
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.schemes.routes import scheme_routes
from card_platform.regions.schemes.service import Schemes
from card_platform.services.identity.routes import identity_express, identity_routes
from card_platform.services.identity.service import Identity
from card_platform.services.journal.routes import journal_routes
from card_platform.services.journal.service import Journal
from card_platform.services.medical.routes import PAYMENTS, medical_express, medical_routes
from card_platform.services.medical.service import Medical
from card_platform.services.sites.public_routes import public_routes
from card_platform.services.sites.routes import site_routes
from card_platform.services.sites.service import Sites
from card_platform.services.terminals.health_routes import health_routes
from card_platform.services.terminals.routes import terminal_routes
from card_platform.services.terminals.service import Terminals, terminal_finder
from card_platform.services.transit.revocations import follow_cards
from card_platform.services.transit.routes import (
    PURCHASES,
    REFUSALS,
    TAPS,
    transit_express,
    transit_routes,
)
from card_platform.services.transit.service import Transit
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.routes import ledger_routes
from card_platform.storage import Database
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk, Doorkeeper, ExpressLane
from card_platform.web.problem_details import EXCEPTION_HANDLERS
from card_platform.web.request_body import BODY_MAX_BYTES

API_VERSION = "1.0.0"
EVENT_HANDLERS = (keep_record, follow_cards)
"""Called with every event, inside its transaction, in this order."""
DUE_WORKS: tuple[DueWork, ...] = ()
"""What falls due, in this order."""
JOURNAL_KINDS = {
    "tap": TAPS,
    "purchase": PURCHASES,
    "refusal": REFUSALS,
    "medical-payment": PAYMENTS,
}
"""The route each kind of journal record would have taken."""


class Health(msgspec.Struct, frozen=True):
    """The platform answers, for this region."""

    status: str
    region: str


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases of one platform, without HTTP."""

    issuance: Issuance
    terminals: Terminals
    identity: Identity
    transit: Transit
    medical: Medical
    ledger: Ledger


def build_services(policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> Services:
    """Join the services of one region."""
    ledger = Ledger(clock)
    issuance = Issuance(policy, keys, clock)
    return Services(
        issuance=issuance,
        terminals=Terminals(policy, keys, clock),
        identity=Identity(keys, clock),
        transit=Transit(policy, keys, ledger, issuance, clock),
        medical=Medical(keys, ledger, issuance, clock),
        ledger=ledger,
    )


def build_app(
    policy: RegionPolicy,
    keys: SecurityModule,
    database: Database,
    staff_tokens: dict[str, str],
    clock: Clock,
) -> ExpressLane:
    """The ASGI app over an open database, made with EVENT_HANDLERS."""
    services = build_services(policy, keys, clock)
    desk = Desk(database, clock)
    agreements = load_agreements()
    catalogue = Catalogue(policy, agreements, clock)
    sites = Sites(policy, catalogue, clock)
    reports = [*transit_express(services.transit), *medical_express(services.medical)]
    by_path = {each.path: each for each in reports}
    journal = Journal({kind: by_path[path] for kind, path in JOURNAL_KINDS.items()}, clock)
    health = msgspec.json.encode(Health("ok", policy.region.code))

    @get("/health", summary="健康检查 · Health", tags=["platform"])
    async def tell_health() -> Response[Health]:
        answer: Response[Any] = Response(health, media_type="application/json")
        return answer

    clockwork = Clockwork(database, clock, DUE_WORKS)
    doorkeeper = Doorkeeper(staff_tokens, terminal_finder(database))
    ordinary = Litestar(
        route_handlers=[
            tell_health,
            *issuance_routes(desk, services.issuance),
            *identity_routes(desk, services.identity),
            *terminal_routes(desk, services.terminals),
            *transit_routes(desk, services.transit),
            *medical_routes(desk, services.medical),
            *journal_routes(desk, journal),
            *ledger_routes(desk),
            *catalogue_routes(desk, catalogue, policy, clock),
            *scheme_routes(desk, Schemes(catalogue, clock)),
            *site_routes(desk, sites),
            *public_routes(desk, policy, catalogue, sites, agreements=agreements, clock=clock),
            *health_routes(desk, policy, clock),
            *clock_routes(desk, clock, clockwork),
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=BODY_MAX_BYTES,
        state=State({"doorkeeper": doorkeeper}),
        openapi_config=OpenAPIConfig(
            title="社会保障卡一卡通平台 · One-card platform",
            version=API_VERSION,
            path="/",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            security=[{"bearer": []}],
            components=Components(
                security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
            ),
        ),
        logging_config=None,
    )
    express = [*reports, *identity_express(services.identity)]
    return ExpressLane(ordinary, express, desk, doorkeeper, clockwork)
