"""Batch issue, deliveries, instant issue and applications online, joined for the platform."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.handlers import HTTPRouteHandler

from card_platform.issuance.online.routes import online_routes
from card_platform.issuance.online.service import OnlineApplications
from card_platform.issuance.production.deliveries import Deliveries
from card_platform.issuance.production.delivery_routes import delivery_routes, instant_routes
from card_platform.issuance.production.instant import InstantIssue
from card_platform.issuance.production.orders import ProductionOrders
from card_platform.issuance.production.routes import order_routes
from card_platform.issuance.service import Issuance
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk


@dataclass(frozen=True, slots=True)
class Production:
    """How cards are asked for, made and brought to their sites."""

    issuance: Issuance
    orders: ProductionOrders
    deliveries: Deliveries
    instant: InstantIssue
    online: OnlineApplications


def open_production(
    policy: RegionPolicy, keys: SecurityModule, issuance: Issuance, clock: Clock
) -> Production:
    """The production of one region."""
    return Production(
        issuance,
        ProductionOrders(issuance, clock),
        Deliveries(clock),
        InstantIssue(issuance, clock),
        OnlineApplications(policy, keys, issuance, clock),
    )


def production_routes(desk: Desk, production: Production) -> list[HTTPRouteHandler]:
    """Their routes."""
    return [
        *order_routes(desk, production.issuance, production.orders),
        *delivery_routes(desk, production.deliveries),
        *instant_routes(desk, production.issuance, production.instant),
        *online_routes(desk, production.online),
    ]
