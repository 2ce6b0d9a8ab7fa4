"""Everything about risk of one region, joined: what the platform's use cases and routes take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from litestar.handlers import HTTPRouteHandler

from card_platform.clockwork import DueWork
from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.oversight.accountability.service import Accountability
from card_platform.oversight.risk.cases.credit_file import CreditFile
from card_platform.oversight.risk.cases.routes import risk_case_routes
from card_platform.oversight.risk.cases.service import RiskCases
from card_platform.oversight.risk.emergencies.routes import emergency_routes
from card_platform.oversight.risk.emergencies.service import Emergencies
from card_platform.oversight.risk.stream.detection import Detection
from card_platform.oversight.risk.stream.folding import Folding
from card_platform.oversight.risk.stream.intake import Intake
from card_platform.oversight.risk.stream.routes import risk_stream_routes
from card_platform.oversight.risk.stream.snapshot import FILE, Snapshots
from card_platform.oversight.risk.stream.versions import RuleVersions
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.regions import RegionPolicy
from card_platform.vocabulary.moment import Clock
from card_platform.web import Desk

PIECE = 2_000
"""Events the desk folds and saves at once: some ten milliseconds of the writer's turn."""
REFOLD_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class RiskOffice:
    """The parts of one region."""

    region: str
    intake: Intake
    watch: Watch
    versions: RuleVersions
    cases: RiskCases
    credit: CreditFile
    emergencies: Emergencies

    def due_works(self) -> tuple[DueWork, ...]:
        """Appeals nobody made in time, what nobody decided in time, entries that ended."""
        return (self.cases.become_final, self.cases.mark_overdue, self.credit.expire)

    def open_desk(self, data: Path) -> Folding:
        """Detection's desk, for the process that does nothing else; `data` is the data folder."""
        followers = (self.cases.follow, self.emergencies.follow)
        watch = Watch(self.region, followers, piece=PIECE, refold_at_once=REFOLD_AT_ONCE)
        return Folding(watch, Snapshots(data / FILE))


def open_risk_office(
    policy: RegionPolicy,
    decisions: AgencyDecisions,
    accountability: Accountability,
    clock: Clock,
) -> RiskOffice:
    """Join the parts."""
    credit = CreditFile(policy, clock)
    cases = RiskCases(policy, credit, decisions, accountability, clock)
    emergencies = Emergencies(clock)
    watch = Watch(policy.region.abbreviation, (cases.follow, emergencies.follow))
    versions = RuleVersions(watch, clock)
    region = policy.region.abbreviation
    return RiskOffice(region, Intake(clock), watch, versions, cases, credit, emergencies)


def risk_routes(
    desk: Desk, office: RiskOffice, detection: Detection, clock: Clock
) -> list[HTTPRouteHandler]:
    """All routes about risk."""
    return [
        *risk_stream_routes(desk, office.intake, detection, office.versions, clock),
        *risk_case_routes(desk, office.cases, office.credit),
        *emergency_routes(desk, office.emergencies),
    ]
