"""The use cases of one region, joined: what the platform can do, without HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from card_platform.access.routes import AccessOffice, open_access_office
from card_platform.clockwork import DueWork
from card_platform.exchange.card_checks import ForeignCards
from card_platform.exchange.card_services import CardServices
from card_platform.exchange.card_stops import CARD_STOP, CARD_STOP_SUBJECT, tell_newcomer
from card_platform.exchange.clearing_sheets import clearing_subject
from card_platform.exchange.department_matters import department_subjects
from card_platform.exchange.employment_matters import JointMatters
from card_platform.exchange.holder_records import record_subject
from card_platform.exchange.joint_items import JOINT_ITEM, JointItems, has_road
from card_platform.exchange.joint_pin_resets import JointPinResets
from card_platform.exchange.joint_services import JointServices
from card_platform.exchange.licence_requests import EnrolledRegions, LicenceRequests
from card_platform.exchange.medical.claims import Claims
from card_platform.exchange.medical.clearing import MedicalClearing
from card_platform.exchange.medical.insured import InsuredElsewhere
from card_platform.exchange.medical.stays import StayBook, StaysAcrossRegions
from card_platform.exchange.medical.treating import ForeignPatients
from card_platform.exchange.passed_complaints import complaint_subjects
from card_platform.exchange.road import Road
from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.issuance.ecards.service import ElectronicCards
from card_platform.issuance.holder_affairs import HolderAffairs
from card_platform.issuance.losses import Losses
from card_platform.issuance.pin_resets import PinResets
from card_platform.issuance.production.room import Production, open_production
from card_platform.issuance.renewals import Renewals
from card_platform.issuance.service import Issuance
from card_platform.issuance.validity import Validity
from card_platform.keys import SecurityModule
from card_platform.outcomes.service import Webhooks
from card_platform.oversight.accountability.service import Accountability
from card_platform.oversight.complaints.service import Complaints
from card_platform.oversight.consent.service import Consents
from card_platform.oversight.overdue import OVERDUE_WORKS
from card_platform.oversight.risk.office import RiskOffice, open_risk_office
from card_platform.oversight.risk.payday.screening import PaydayScreening
from card_platform.oversight.supervision.service import Supervision
from card_platform.regions import Agreement, RegionPolicy, load_agreements
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.schemes.card_writing import CardFunctions
from card_platform.regions.schemes.service import Schemes
from card_platform.services.bills.payments import BillPayments
from card_platform.services.bills.service import Bills
from card_platform.services.employment.service import Employment
from card_platform.services.employment.service import mark_overdue as mark_matters
from card_platform.services.identity.service import Identity
from card_platform.services.licences.recognition import Recognition
from card_platform.services.licences.routes import LicenceOffice, open_office
from card_platform.services.medical.care import Care
from card_platform.services.medical.service import Medical
from card_platform.services.personal_money import PersonalMoney
from card_platform.services.places.room import Places
from card_platform.services.sites.service import Sites
from card_platform.services.terminals.service import Terminals
from card_platform.services.transit.service import Transit
from card_platform.services.transit.tap_sums import TapSums
from card_platform.services.verification.means import every_means
from card_platform.services.verification.service import Verification
from card_platform.settlement.bank_orders.service import BankOrders
from card_platform.settlement.bank_orders.simulated_bank import SimulatedBank
from card_platform.settlement.banks.service import Banks
from card_platform.settlement.clearing.service import Clearing
from card_platform.settlement.ledger import Ledger, Periods
from card_platform.settlement.payouts.certification import Certifications
from card_platform.settlement.payouts.service import Payouts
from card_platform.settlement.payouts.simulated_bank import SimulatedFileBank
from card_platform.settlement.reconciliation.service import Reconciliation
from card_platform.vocabulary.moment import Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases of one platform, without HTTP."""

    access: AccessOffice
    issuance: Issuance
    losses: Losses
    validity: Validity
    renewals: Renewals
    affairs: HolderAffairs
    pin_resets: PinResets
    production: Production
    decisions: AgencyDecisions
    electronic_cards: ElectronicCards
    terminals: Terminals
    identity: Identity
    verification: Verification
    employment: Employment
    joint_matters: JointMatters
    licence_office: LicenceOffice
    transit: Transit
    medical: Medical
    care: Care
    foreign_patients: ForeignPatients
    medical_clearing: MedicalClearing
    places: Places
    bill_payments: BillPayments
    ledger: Ledger
    periods: Periods
    clearing: Clearing
    banks: Banks
    bank_orders: BankOrders
    reconciliation: Reconciliation
    payouts: Payouts
    certifications: Certifications
    consents: Consents
    complaints: Complaints
    accountability: Accountability
    supervision: Supervision
    catalogue: Catalogue
    schemes: Schemes
    card_functions: CardFunctions
    sites: Sites
    agreements: Sequence[Agreement]
    joint: JointServices
    joint_pin_resets: JointPinResets
    foreign_cards: ForeignCards
    licence_requests: LicenceRequests
    road: Road
    webhooks: Webhooks
    risk: RiskOffice


def build_use_cases(policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> UseCases:
    """Join the services of one region."""
    ledger = Ledger(clock)
    simulated = {bank.code: SimulatedBank(bank.code) for bank in policy.banks}
    file_banks = {bank.code: SimulatedFileBank(bank.code) for bank in policy.banks}
    issuance = Issuance(policy, keys, clock)
    agreements = load_agreements()
    catalogue = Catalogue(policy, agreements, has_road, clock)
    accountability = Accountability(policy, clock)
    losses, renewals = Losses(policy, clock), Renewals(policy, clock)
    affairs, decisions = HolderAffairs(policy, clock), AgencyDecisions(policy, clock)
    electronic = ElectronicCards(policy, keys, clock)
    codes = electronic.codes
    identity = Identity(keys, codes, clock)
    consents, complaints = Consents(policy, clock), Complaints(policy, keys, clock)
    card_services = CardServices(issuance, losses, renewals, affairs, decisions)
    joint = JointServices(policy, agreements, card_services, clock)
    joint_items = JointItems(policy.region.code, catalogue, clock)
    pin_resets = PinResets(policy, keys, clock)
    joint_pin_resets = JointPinResets(joint, pin_resets)
    foreign_cards = ForeignCards(policy, agreements, identity, clock)
    office = open_office(policy, keys, accountability, clock)
    recognition = Recognition(policy, agreements, keys.signer, clock, EnrolledRegions())
    licence_requests = LicenceRequests(policy, agreements, office.licences, recognition, clock)
    certifications = Certifications(policy, agreements, identity, clock)
    employment = Employment(policy, identity, clock)
    joint_matters = JointMatters(policy, agreements, employment, clock)
    book = StayBook(policy.region.code, clock)
    care = Care(policy, ledger, codes, Claims(clock), clock, stays=book)
    stays = StaysAcrossRegions(policy.region.code, agreements, care, clock)
    insured = InsuredElsewhere(policy, agreements, care.benefits, care.filings, clock)
    foreign_patients = ForeignPatients(agreements, care, insured, ledger, clock)
    medical_clearing = MedicalClearing(clock)
    places = Places(policy, agreements, catalogue, ledger, codes, clock)
    bills = Bills(policy, PersonalMoney(policy, ledger, clock), clock)
    reconciliation = Reconciliation(policy, ledger, clock)
    clearing = Clearing(
        policy.region.code, TapSums(), agreements, ledger, clock, city_of=policy.transit.city_of
    )
    subjects = (
        CARD_STOP_SUBJECT,
        clearing_subject(clearing),
        *insured.queries(),
        *foreign_patients.subjects(),
        *stays.subjects(),
        medical_clearing.subject(),
        places.returns.subject(),
        *joint.subjects(),
        joint_pin_resets.subject(),
        *joint_items.subjects(),
        foreign_cards.subject(),
        licence_requests.subject(),
        certifications.subject(),
        *joint_matters.subjects(),
        *complaint_subjects(complaints),
        *department_subjects(consents, decisions),
        record_subject(policy, clock),
    )
    on_grant = {CARD_STOP: tell_newcomer, JOINT_ITEM: joint_items.tell_newcomer}
    return UseCases(
        access=open_access_office(policy, keys, clock),
        issuance=issuance,
        losses=losses,
        validity=Validity(policy, clock),
        renewals=renewals,
        affairs=affairs,
        pin_resets=pin_resets,
        production=open_production(policy, keys, issuance, clock),
        decisions=decisions,
        electronic_cards=electronic,
        terminals=Terminals(policy, keys, clock),
        identity=identity,
        verification=Verification(policy, keys, catalogue, every_means(codes), clock),
        employment=employment,
        joint_matters=joint_matters,
        licence_office=office,
        transit=Transit(policy, keys, ledger, issuance, clock, agreements=agreements),
        medical=Medical(
            policy, keys, ledger, issuance, clock, codes=codes, institutions=care.institutions
        ),
        care=care,
        foreign_patients=foreign_patients,
        medical_clearing=medical_clearing,
        places=places,
        bill_payments=BillPayments(policy, bills, codes, clock),
        ledger=ledger,
        periods=Periods(clock, [reconciliation.require_none_left]),
        clearing=clearing,
        banks=Banks(policy, affairs, clock),
        bank_orders=BankOrders(policy, ledger, simulated, PaydayScreening(), clock),
        reconciliation=reconciliation,
        payouts=Payouts(policy, ledger, file_banks, PaydayScreening(), clock),
        certifications=certifications,
        consents=consents,
        complaints=complaints,
        accountability=accountability,
        supervision=Supervision(clock),
        catalogue=catalogue,
        schemes=Schemes(catalogue, codes, clock),
        card_functions=CardFunctions(policy, keys, clock),
        sites=Sites(policy, catalogue, clock),
        agreements=agreements,
        joint=joint,
        joint_pin_resets=joint_pin_resets,
        foreign_cards=foreign_cards,
        licence_requests=licence_requests,
        road=Road(
            policy.region.code,
            keys.signer,
            subjects,
            clock,
            agreements=agreements,
            on_grant=on_grant,
        ),
        webhooks=Webhooks(keys, clock),
        risk=open_risk_office(policy, decisions, accountability, clock),
    )


def due_works(use_cases: UseCases) -> tuple[DueWork, ...]:
    """What falls due, in this order."""
    return (
        use_cases.access.sessions.forget_challenges,
        use_cases.road.grant_new_subjects,
        use_cases.losses.end_oral_reports,
        use_cases.validity.expire,
        use_cases.electronic_cards.codes.forget,
        use_cases.bank_orders.do_due,
        use_cases.payouts.do_due,
        use_cases.medical_clearing.state_days,
        mark_matters,
        *OVERDUE_WORKS,
        *use_cases.risk.due_works(),
    )
