"""Looks at accounts and balances as several models have them: what the platform needs for them."""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

TO_BE_MEASURED = f"{ASSUMPTION}; `onecard calibrate` measures your own"
"""The source of a platform's time for one thing."""

QUERIES = (
    Parameter(
        "query_ms", 30, "ms", TO_BE_MEASURED,
        "平台答复一次查询的时间", "time the platform needs for one look", 0.01, 60_000,
    ),
    Parameter(
        "query_servers", 1, "servers", ASSUMPTION,
        "平台查询的并发数", "looks the platform works on at a time", 1, 10_000, whole=True,
    ),
)  # fmt: skip
