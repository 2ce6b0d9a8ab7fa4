"""Asking a holder for paper (NM-13b): refused and on record where the linked licence answers.

Rules: the clerk's system asks here before the clerk asks the holder. What is refused stays on
record with the clerk's name and can be opened as a case (NM-25, CQ-25(7)).
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.oversight.accountability.model import Case
from card_platform.oversight.accountability.service import Accountability
from card_platform.oversight.consent import ReadOf
from card_platform.services.licences import store
from card_platform.services.licences.model import LicenceKind, LicenceRead, PaperAsked, best_of
from card_platform.services.licences.refusals import PaperRequestIsUnknown
from card_platform.services.licences.store import PaperRequest
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

CASE_KINDS = ("paper-demanded", "obstruction", "abuse-of-office")
"""What such a demand is under the regulation of a region: the first kind it names."""


class PaperDecision(msgspec.Struct, frozen=True):
    """What came of a request: `reason` tells why paper may be asked for."""

    request_id: str
    result: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """Requests for paper of one region."""

    accountability: Accountability
    clock: Clock

    def ask(
        self,
        tx: Transaction,
        *,
        card_number: str,
        kind: LicenceKind,
        asked: str,
        matter: str,
        institution: str,
        by: str,
    ) -> PaperDecision:
        """Put a wish to ask for paper on record and say whether it may be asked for.

        A refusal is an answer here, not raised: what is raised leaves no record.

        Raises:
            CardIsUnknown.
        """
        holder = store.holder_of_number(tx, card_number)
        if holder is None:
            raise CardIsUnknown
        now = self.clock.now()
        licence, reason = best_of(store.of_person(tx, holder.person_id, kind.value), now.date())
        if holder.state != CardState.ACTIVE.value:
            reason = "card-is-not-active"
        result = "allowed" if reason else "refused"
        request = PaperRequest(
            new_identifier("paper"),
            holder.card_id,
            kind.value,
            asked,
            matter,
            institution,
            result,
            reason,
            licence.licence_id if licence else None,
            None,
            moment_of(now),
            by,
        )
        store.add_paper_request(tx, request)
        told = ReadOf(
            matter,
            f"licence:{kind.value}:held",
            "legal-duty",
            institution=institution,
            reference=request.request_id,
        )
        read = LicenceRead(at=request.at, by=by, card_id=holder.card_id, kind=kind.value, told=told)
        tx.emit(read)
        tx.emit(
            PaperAsked(
                at=request.at,
                by=by,
                card_id=holder.card_id,
                request_id=request.request_id,
                kind=kind.value,
                result=result,
            )
        )
        return PaperDecision(request.request_id, result, reason)

    def open_case(self, tx: Transaction, request_id: str, *, respondent: str, by: str) -> Case:
        """Open a case against the staff member of a refused request, once.

        Raises:
            PaperRequestIsUnknown, CaseKindIsUnknown.
        """
        request = store.find_paper_request(tx, request_id)
        if request is None or request.result != "refused" or request.case_id is not None:
            raise PaperRequestIsUnknown
        known = {each.code for each in self.accountability.kinds()}
        case = self.accountability.open(
            tx,
            kind=next((each for each in CASE_KINDS if each in known), CASE_KINDS[0]),
            against="staff",
            respondent=respondent,
            facts=f"{request.at} {request.institution}（{request.by}）办理“{request.matter}”时"
            f"索要{request.kind} {request.asked}，关联电子证照可核验；记录 {request_id}",
            report_number=None,
            by=by,
        )
        store.save_case(tx, request_id, case.case_id)
        return case
