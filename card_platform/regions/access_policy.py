"""How long sign-ins, sessions and locks last in a region.

No regulation has a figure; a pack that says nothing gets the assumed ones below, marked as such.
"""

from __future__ import annotations

from datetime import date

from card_platform.regions.dated import DatedNumber, DatedValue, PackPart


def _assumed(value: int, why: str) -> DatedNumber:
    return DatedNumber(
        unit="seconds",
        source=f"assumption: {why}",
        values=[DatedValue(from_day=date(2011, 1, 1), value=value)],
    )


class AccessRules(PackPart, frozen=True):
    """The times of access.

    Attributes:
        challenge: how long a challenge of a sign-in may wait for its answer.
        idleness: how long a session may lie unused, unless its clerk helps a holder (NM-10b).
        longest_session: after which every session ends, assisted or not.
        terminal_certificate: how long the certificate of a terminal's key holds.
        lock: how long an account is locked after too many wrong passwords.
    """

    challenge: DatedNumber = _assumed(60, "a minute; the card lies in the reader")
    idleness: DatedNumber = _assumed(900, "a quarter of an hour, as at counters of banks")
    longest_session: DatedNumber = _assumed(28_800, "eight hours, a working day")
    terminal_certificate: DatedNumber = _assumed(
        94_608_000, "three years, as machines are serviced"
    )
    lock: DatedNumber = _assumed(900, "a quarter of an hour: four hundred and eighty tries a day")

    def seconds(self) -> list[tuple[str, DatedNumber]]:
        """Every number with its place in the pack; all are in seconds."""
        names = ("challenge", "idleness", "longest_session", "terminal_certificate", "lock")
        return [(f"access.{name}", getattr(self, name)) for name in names]
