"""Regions as data: one TOML pack a region, one TOML file an agreement between regions.

Every number has a unit, dated values and the clause it comes from, or the mark "assumption".
Reading order: `policy` (the types), `pack` (the loader), `agreement` (whose cards are served
where), `structured_file` (a file with all its faults), `packs/`, `agreements/`, `catalogue/` (what
the card is used for).
"""

from card_platform.regions.agreement import Agreement, Coverage, find_coverage, load_agreements
from card_platform.regions.pack import load_region
from card_platform.regions.policy import RegionPolicy

__all__ = [
    "Agreement",
    "Coverage",
    "RegionPolicy",
    "find_coverage",
    "load_agreements",
    "load_region",
]
