"""Published figures that several models start from, each with the words that name its source.

Sources: the region's own preset file (`sim/presets`), and the pages named beside each number. What
is reckoned from them says so.
"""

from __future__ import annotations

from functools import cache

from sim.parameters import ASSUMPTION
from sim.published_figures import find_figures

SICHUAN = "sichuan"


@cache
def sichuan(name: str) -> float:
    """A figure of Sichuan's press conference of 2024-11-08, by its name in the preset file."""
    return float(next(each.value for each in find_figures(SICHUAN).figures if each.name == name))


CARDHOLDERS_NATION = 1.386e9
FROM_CARDHOLDERS_NATION = "1.386 bn holders, MOHRSS press conference, end Sep 2024"
FROM_SICHUAN = "SC-q: press conference, 2024-11-08"

ECARD_SHARE = 1.034e9 / CARDHOLDERS_NATION
FROM_ECARDS = f"derived: 1.034 bn electronic cards over {FROM_CARDHOLDERS_NATION} (a weak page)"

CITY_HOLDERS = 4_200_000.0
FROM_CITY = f"{ASSUMPTION}: 1.386 bn holders over about 330 cities"
COUNTY_HOLDERS = 480_000.0
FROM_COUNTY = f"{ASSUMPTION}: 1.386 bn holders over about 2,900 counties"

CALLS_NATION_YEAR = 105e6
CALLS_SHARE_CONNECTED = 0.842
FROM_CALLS = (
    "12333 in 2021: about 105 million calls, 84.2 % connected (cardozapub.com, a weak page), "
    "by cardholders, over 250 working days"
)
CALLS_PER_HOLDER_DAY = CALLS_NATION_YEAR / CARDHOLDERS_NATION / 250

RIDES_NATION_YEAR, ENTRIES_NATION_YEAR = 32.24e9, 19.29e9
TRIPS_PER_RIDE = ENTRIES_NATION_YEAR / RIDES_NATION_YEAR
FROM_TRIPS = "x 0.598 entries a ride (19.29 bn / 32.24 bn, urban rail 2024, China News 2025-01-22)"
BUS_RIDES_PER_HOLDER_DAY = 6.018e9 / 60 / CARDHOLDERS_NATION
FROM_BUS = "6.018 bn city bus rides in Jan-Feb 2024 (People's Daily 2024-04-02), by cardholders"
BUSIEST_DAY = 12.86 / 10.02
FROM_BUSIEST_DAY = "x 1.28 (Shanghai metro 2023: busiest weekday / average day)"

RECIPIENTS_NATION = 320e6
FROM_RECIPIENTS = f"{ASSUMPTION}: about 320 million recipients in the nation, by cardholders"

SETTLED_ELSEWHERE_PER_HOLDER_DAY = 70.8e6 / 90 / CARDHOLDERS_NATION
FROM_SETTLED_ELSEWHERE = (
    "70.8 million cross-province settlements in Q1 2025 (China Daily 2025-06-10), by cardholders"
)
FILED_ELSEWHERE_PER_HOLDER_DAY = 3.6e6 / 90 / CARDHOLDERS_NATION
FROM_FILED_ELSEWHERE = (
    "3.6 million online registrations in Q1 2025 (China Daily 2025-06-10), by cardholders"
)

OPERATOR = (
    "derived: 6 to 12 cards an hour at a counter, 5 to 10 min each, from instant issuance in "
    "Zhongshan (<15 min, m.kcqsx.com 2020-04-16) and Qinghai (10 min, news.yktworld.com 2020-06-28)"
)
PRINTER = (
    f"{ASSUMPTION}: desktop printers do 100 to 250 plain cards/h (a weak page), with a chip 40 to "
    "120"
)
