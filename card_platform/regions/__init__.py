"""Regions as data: one TOML pack a region, read into typed policy.

Every number has a unit, dated values and the clause it comes from, or the mark "assumption".
Reading order: `policy` (the types), `pack` (the loader), `packs/`.
"""

from card_platform.regions.pack import load_region
from card_platform.regions.policy import RegionPolicy

__all__ = ["RegionPolicy", "load_region"]
