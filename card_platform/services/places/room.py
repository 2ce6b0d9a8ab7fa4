"""The places of one region, joined: offers, acts, lending."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from card_platform.exchange.card_checks import ForeignCards
from card_platform.exchange.courier import Courier
from card_platform.issuance.ecards.codes import Codes
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.catalogue.service import Catalogue
from card_platform.services.personal_money import PersonalMoney
from card_platform.services.places.acts.elsewhere import Elsewhere
from card_platform.services.places.acts.holder_routes import holder_act_routes
from card_platform.services.places.acts.payment import Payment
from card_platform.services.places.acts.routes import Reception, act_routes
from card_platform.services.places.acts.service import Acts
from card_platform.services.places.acts.visitors import Visitors
from card_platform.services.places.lending.returns import Returns
from card_platform.services.places.lending.routes import lending_routes
from card_platform.services.places.lending.service import Lending
from card_platform.services.places.offers.routes import offer_routes
from card_platform.services.places.offers.service import Offers
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Database
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk


class Places:
    """The use cases of places."""

    def __init__(  # noqa: PLR0917 - the parts it joins
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        catalogue: Catalogue,
        ledger: Ledger,
        codes: Codes,
        clock: Clock,
    ) -> None:
        self.offers = Offers(catalogue, ledger, clock)
        visitors = Visitors(policy, codes, clock)
        money = PersonalMoney(policy, ledger, clock)
        self.acts = Acts(self.offers, visitors, Payment(money, ledger), clock)
        self.lending = Lending(self.acts, clock)
        self.returns = Returns(policy.region.code, self.lending, agreements, clock)


def place_routes(
    desk: Desk, places: Places, cards: ForeignCards, database: Database, courier: Courier
) -> list[HTTPRouteHandler]:
    """The routes of places; `cards` asks the regions that issued them."""
    reception = Reception(desk, places.acts, Elsewhere(cards, database, courier))
    return [
        *offer_routes(desk, places.offers),
        *act_routes(desk, places.acts, reception),
        *holder_act_routes(desk, places.acts),
        *lending_routes(desk, places.lending, places.returns, reception),
    ]
