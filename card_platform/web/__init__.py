"""The HTTP side every context shares: who calls, once only, what is refused and how that is told.

Reading order: `authentication` (tokens), `rate_limits` (how often), `authorisation` (roles a
route), `request_body` (strict JSON, all faults), `idempotency` (same key, same answer), `desk` (one
request, one transaction), `problem_details` (refusals as problem+json), `paging` (limit, after,
next), `express` (the hottest routes without the framework), `batching` (some of those in one
transaction), `back_office` (the process that does them), `documentation` (OpenAPI), `routing` (one
line that declares a route with all of these), `card_views` (of a card's lists the newest, and the
lists by pages).
"""

from card_platform.web.authentication import Caller, Doorkeeper
from card_platform.web.card_views import CardList, CardView
from card_platform.web.desk import Desk
from card_platform.web.express import ExpressLane, ExpressRoute
from card_platform.web.paging import LIMIT_DEFAULT, After, Limit, PagedList
from card_platform.web.routing import ANYONE, WHO_SIGNS, WHO_SIGNS_IN, Routes

__all__ = [
    "ANYONE",
    "LIMIT_DEFAULT",
    "WHO_SIGNS",
    "WHO_SIGNS_IN",
    "After",
    "Caller",
    "CardList",
    "CardView",
    "Desk",
    "Doorkeeper",
    "ExpressLane",
    "ExpressRoute",
    "Limit",
    "PagedList",
    "Routes",
]
