"""Care under insurance, joined: institutions, benefits, filings, visits and their money."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from card_platform.issuance.ecards.codes import Codes
from card_platform.regions import RegionPolicy
from card_platform.services.medical.benefits.routes import benefit_routes
from card_platform.services.medical.benefits.service import Benefits
from card_platform.services.medical.filings.routes import filing_routes
from card_platform.services.medical.filings.service import Filings
from card_platform.services.medical.held_bills.routes import held_bill_routes
from card_platform.services.medical.held_bills.service import HeldBills
from card_platform.services.medical.institutions.routes import institution_routes
from card_platform.services.medical.institutions.service import Institutions
from card_platform.services.medical.visits.billing import Billing, OtherRegions
from card_platform.services.medical.visits.discharge import Discharges
from card_platform.services.medical.visits.held_bill_news import HeldBillNews
from card_platform.services.medical.visits.routes import visit_routes
from card_platform.services.medical.visits.service import Visits
from card_platform.services.medical.visits.stays import OtherStays
from card_platform.settlement.ledger import Ledger
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk


class Care:
    """The use cases of care; `others` brings bills to the regions that insure, `stays` knows where
    else somebody lies in a hospital.
    """

    def __init__(
        self,
        policy: RegionPolicy,
        ledger: Ledger,
        codes: Codes,
        others: OtherRegions,
        clock: Clock,
        *,
        stays: OtherStays,
    ) -> None:
        self.institutions = Institutions(clock)
        self.benefits = Benefits(policy, ledger, clock)
        self.filings = Filings(policy, clock)
        self.visits = Visits(policy, self.institutions, self.benefits, codes, clock, stays=stays)
        self.billing = Billing(self.visits, self.benefits, others)
        self.held_bill_news = HeldBillNews(self.visits, stays)
        self.held_bills = HeldBills(clock, self.held_bill_news)
        self.discharges = Discharges(self.visits, self.held_bills, stays)


def care_routes(desk: Desk, care: Care, clock: Clock) -> list[HTTPRouteHandler]:
    """The routes of care."""
    return [
        *institution_routes(desk, care.institutions),
        *benefit_routes(desk, care.benefits, clock),
        *filing_routes(desk, care.filings),
        *visit_routes(desk, care.visits, care.discharges, care.billing),
        *held_bill_routes(desk, care.held_bills),
    ]
