"""Profiles: which requests a load is made of, and what is expected of the platform under it.

Source of the 300 ms: a ticket transaction at a gate may take 300 ms (DB11/T 1164.6-2023, read in an
interpretation page). That it holds for the platform's 95th percentile too, and every other limit
here, is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What must hold: shares from 0 to 1, latencies from the due moment in milliseconds."""

    failures_share_max: float = 0.0
    latency_p95_ms_max: float = 300.0
    latency_p99_ms_max: float = 1_000.0
    rate_done_share_min: float = 0.95
    late_p99_ms_max: float = 100.0


@dataclass(frozen=True, slots=True)
class Profile:
    """A mix: of every `cycle` requests one is an identity check, the others are taps."""

    name: str
    title_zh: str
    title_en: str
    cycle: int
    limits: Limits

    def is_identity_check(self, place: int) -> bool:
        """Whether the request at this place of the plan is an identity check."""
        return place % self.cycle == self.cycle - 1


STATION_RUSH = Profile(
    name="station-rush",
    title_zh="地铁站高峰：进出站刷卡与身份核验",
    title_en="Station rush: entry and exit taps and identity checks",
    cycle=5,
    limits=Limits(),
)

PROFILES = {profile.name: profile for profile in (STATION_RUSH,)}
