"""Inspections with findings and their mending; bodies with members and progress."""

from __future__ import annotations

from datetime import datetime, timedelta

from card_platform.oversight.supervision import store
from card_platform.oversight.supervision.model import Control, Level, SupervisionRecorded
from card_platform.oversight.supervision.refusals import (
    BodyIsUnknown,
    FindingIsMended,
    FindingIsUnknown,
)
from card_platform.oversight.supervision.shapes import (
    BodyAnswer,
    BodyRequest,
    ControlAnswer,
    ControlsAnswer,
    FindingAnswer,
    InspectionAnswer,
    InspectionRequest,
    ProgressAnswer,
    ProgressReport,
    ProgressRequest,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class Supervision:
    """What inspectors put on record in one region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def inspect(self, tx: Transaction, asked: InspectionRequest, by: str) -> InspectionAnswer:
        """Put an inspection on record: its checks, its findings and their deadlines."""
        now = self._clock.now()
        at, inspection_id = moment_of(now), new_identifier("inspection")
        store.add(
            tx,
            store.INSPECTIONS,
            inspection_id=inspection_id,
            institution=asked.institution,
            scope=asked.scope,
            at=at,
            by=by,
        )
        for check in {each.control: each for each in asked.checks}.values():
            store.add(
                tx,
                store.CHECKS,
                inspection_id=inspection_id,
                control=check.control.value,
                result=check.result,
                note=check.note,
            )
        for number, finding in enumerate(asked.findings, start=1):
            store.add(
                tx,
                store.FINDINGS,
                inspection_id=inspection_id,
                number=number,
                control=finding.control.value,
                text=finding.text,
                due_at=moment_of(now + timedelta(days=finding.days)),
            )
        _tell(tx, f"inspection {inspection_id}, {len(asked.findings)} findings", at, by)
        return self.look(tx, inspection_id)

    def look(self, tx: Transaction, inspection_id: str) -> InspectionAnswer:
        """The findings of an inspection."""
        names = FindingAnswer.__struct_fields__
        found = store.findings_of(tx, inspection_id)
        return InspectionAnswer(
            inspection_id,
            [FindingAnswer(**{name: each[name] for name in names}) for each in found],
        )

    def mend(
        self, tx: Transaction, inspection_id: str, number: int, text: str, by: str
    ) -> InspectionAnswer:
        """Put the mending of a finding on record. Raises FindingIsUnknown, FindingIsMended."""
        found = store.find_finding(tx, inspection_id, number)
        if found is None:
            raise FindingIsUnknown
        if found["mended_at"] is not None:
            raise FindingIsMended
        at = moment_of(self._clock.now())
        store.save_finding(tx, inspection_id, number, mending=text, mended_at=at)
        _tell(tx, f"finding {inspection_id}/{number} mended", at, by)
        return self.look(tx, inspection_id)

    def controls(self, tx: Transaction) -> ControlsAnswer:
        """Every control with its last check, if it was ever checked."""
        last = store.last_checks(tx)
        return ControlsAnswer(
            [ControlAnswer(each.value, *last.get(each.value, (None, None))) for each in Control]
        )

    def found_body(self, tx: Transaction, asked: BodyRequest, by: str) -> str:
        """Put a coordination body on record; its id."""
        at, body_id = moment_of(self._clock.now()), new_identifier("body")
        store.add(
            tx,
            store.BODIES,
            body_id=body_id,
            name=asked.name,
            level=asked.level.value,
            division=asked.division,
            members="\n".join(asked.members),
            at=at,
            by=by,
        )
        _tell(tx, f"coordination body {body_id}", at, by)
        return body_id

    def report_progress(
        self, tx: Transaction, body_id: str, asked: ProgressRequest, by: str
    ) -> str:
        """Put a body's progress on record; its id. Raises BodyIsUnknown."""
        if not store.has_body(tx, body_id):
            raise BodyIsUnknown
        at, report_id = moment_of(self._clock.now()), new_identifier("progress")
        store.add(
            tx,
            store.PROGRESS,
            report_id=report_id,
            body_id=body_id,
            period=asked.period,
            measure=asked.measure,
            percent=asked.percent,
            text=asked.text,
            at=at,
            by=by,
        )
        _tell(tx, f"progress {report_id} of {body_id}", at, by)
        return report_id

    def progress(self, tx: Transaction, level: Level) -> ProgressReport:
        """The report of a level: each body, its members, how far its measures are."""
        names = ProgressAnswer.__struct_fields__
        return ProgressReport(
            level.value,
            [
                BodyAnswer(
                    each["body_id"],
                    each["name"],
                    each["level"],
                    each["division"],
                    each["members"].split("\n"),
                    [
                        ProgressAnswer(**{name: one[name] for name in names})
                        for one in each["progress"]
                    ],
                )
                for each in store.bodies(tx, level.value)
            ],
        )


def mark_overdue(tx: Transaction, now: datetime) -> None:
    """Due work: findings not mended in time."""
    at = moment_of(now)
    for inspection_id, number in store.findings_past(tx, at):
        store.save_finding(tx, inspection_id, number, overdue_since=at)
        _tell(tx, f"finding {inspection_id}/{number} overdue", at, "clock")


def _tell(tx: Transaction, what: str, at: str, by: str) -> None:
    tx.emit(SupervisionRecorded(at=at, by=by, card_id=None, what=what))
