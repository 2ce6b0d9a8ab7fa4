"""What planning found, handed on: a report page, pictures and tables in folders a person names.

Reading order: `folders` (where to), `report`, `rows` (of the report's table), `pictures`, `curves`,
`exports` (CSV and Parquet).
"""

from testbed.planning.handing_over.folders import (
    Typed,
    Wanted,
    hand_over,
    print_written,
    wanted_of,
)

__all__ = ["Typed", "Wanted", "hand_over", "print_written", "wanted_of"]
