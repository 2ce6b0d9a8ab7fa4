"""What a fare is lowered by: transfer, concession by certificate or age, caps of day and month.

Rules: a transfer is from or to a bus: who leaves the metro and enters it again has begun another
ride. Transfer and concessions do not add up, the greatest holds; the caps hold over all of them.
One name tells why: the last rule that lowered the fare. Nothing here is below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from virtual_cards.applets.certificates.certificate import CertificateKind
from virtual_cards.terminals.concession import Concession
from virtual_cards.terminals.day_state import DayState
from virtual_cards.terminals.journey_records import Industry
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.reports import Reduction
from virtual_cards.terminals.transit_card import ORDINARY, CardType

_KINDS: Final = {
    "disability": CertificateKind.DISABILITY,
    "veteran": CertificateKind.VETERAN,
}
_PERCENT: Final = 100


def reduction(
    fare_fen: int,
    parameters: TerminalParameters,
    *,
    industry: Industry,
    begun_at: datetime,
    paid_at: datetime,
    state: DayState | None,
    concessions: Sequence[Concession] = (),
    card_type: CardType = ORDINARY,
) -> Reduction | None:
    """What this ride costs less; None when nothing."""
    found = max(
        (
            Reduction("transfer", _transfer_fen(fare_fen, parameters, industry, begun_at, state)),
            Reduction("concession", _concession_fen(fare_fen, parameters, paid_at, concessions)),
            Reduction("age", _age_fen(fare_fen, parameters, paid_at, card_type)),
        ),
        key=lambda each: each.fen,
    )
    if state is not None:
        today = state.on(f"{paid_at:%Y%m%d}")
        for kind, cap_fen, spent_fen in (
            ("daily-cap", parameters.daily_cap_fen, today.spent_fen),
            ("monthly-cap", parameters.monthly_cap_fen, today.month_spent_fen),
        ):
            left_fen = fare_fen if cap_fen is None else max(0, cap_fen - spent_fen)
            if fare_fen - found.fen > left_fen:
                found = Reduction(kind, fare_fen - left_fen)
    return found if found.fen > 0 else None


def _transfer_fen(
    fare_fen: int,
    parameters: TerminalParameters,
    industry: Industry,
    begun_at: datetime,
    state: DayState | None,
) -> int:
    transfer = parameters.transfer
    if transfer is None or state is None or state.last_end is None:
        return 0
    if industry is Industry.METRO and state.industry == Industry.METRO:
        return 0
    waited_s = (begun_at - state.last_end).total_seconds()
    if not 0 <= waited_s <= transfer.within_s:
        return 0
    return min(fare_fen, transfer.reduction_fen)


def _age_fen(
    fare_fen: int, parameters: TerminalParameters, paid_at: datetime, card_type: CardType
) -> int:
    if not card_type.holds_in(paid_at.year):
        return 0
    percents = [
        rule.reduction_percent
        for rule in parameters.age_concessions
        if rule.card_type == card_type.code
    ]
    return fare_fen * max(percents, default=0) // _PERCENT


def _concession_fen(
    fare_fen: int,
    parameters: TerminalParameters,
    paid_at: datetime,
    concessions: Sequence[Concession],
) -> int:
    held = {each.kind for each in concessions if each.holds_on(paid_at.date())}
    percents = [
        rule.reduction_percent for rule in parameters.concessions if _KINDS.get(rule.kind) in held
    ]
    return fare_fen * max(percents, default=0) // _PERCENT
