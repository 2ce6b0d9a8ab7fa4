"""What a granted matter does to the register of the five insurances.

Rules: one open enrolment an insurance; an enrolment ends on a day not before its first; a benefit
is for whoever is or was enrolled in the insurance that pays it. What cannot be done refuses the
matter where it is taken in, and again where it is granted: much may happen in between.
"""

from __future__ import annotations

from collections.abc import Mapping

from card_platform.services.employment import store
from card_platform.services.employment.kinds import Effect, Kind
from card_platform.services.employment.refusals import (
    EnrolmentEndsBeforeItBegins,
    HolderIsEnrolled,
    HolderIsNotEnrolled,
)
from card_platform.services.employment.store import Enrolment
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier


def require_possible(
    tx: Transaction, kind: Kind, person_id: str, facts: Mapping[str, str]
) -> list[Enrolment]:
    """The person's enrolments in the kind's insurances, where the matter can be granted.

    Raises:
        HolderIsEnrolled, HolderIsNotEnrolled, EnrolmentEndsBeforeItBegins: it cannot.
    """
    if kind.effect is Effect.NONE:
        return []
    found = store.enrolments_of(tx, person_id, kind.insurances)
    opened = [each for each in found if each.until_day is None]
    if kind.effect is Effect.ENROL and opened:
        raise HolderIsEnrolled(insurance=opened[0].insurance.value)
    if kind.effect is Effect.END:
        if not opened:
            raise HolderIsNotEnrolled(insurance=kind.insurances[0].value)
        latest = max(each.from_day for each in opened)
        if facts["until_day"] < latest:
            raise EnrolmentEndsBeforeItBegins(until=facts["until_day"], begins=latest)
    if kind.effect is Effect.CLAIM and not any(
        each.insurance is kind.insurances[0] for each in found
    ):
        raise HolderIsNotEnrolled(insurance=kind.insurances[0].value)
    return found


def take_effect(
    tx: Transaction, kind: Kind, person_id: str, facts: Mapping[str, str], number: str
) -> list[Enrolment]:
    """Do what the kind does; the enrolments the holder is told of. Raises as `require_possible`."""
    found = require_possible(tx, kind, person_id, facts)
    if kind.effect is Effect.ENROL:
        for insurance in kind.insurances:
            added = Enrolment(
                new_identifier("enrolment"),
                person_id,
                insurance,
                facts["employer"],
                int(facts["wage_fen"]),
                facts["from_day"],
                None,
                number,
            )
            if not store.enrol(tx, added):  # another matter was quicker; this one is undone
                raise HolderIsEnrolled(insurance=insurance.value)
    elif kind.effect is Effect.END:
        for each in found:
            if each.until_day is None:
                store.end(tx, each.enrolment_id, facts["until_day"])
    if kind.effect in {Effect.ENROL, Effect.END}:
        return store.enrolments_of(tx, person_id, kind.insurances)
    return found if kind.effect is Effect.TELL else []
