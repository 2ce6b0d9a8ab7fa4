"""The metadata all tables join, the counters, and the row that names the installation.

Each context declares its own tables in its `store.py` on `METADATA`; the migrations build them, and
a test compares the two. Column kinds are those both databases share: text, integer, 64-bit integer.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""Numbers given out in order: card serials, terminal numbers, the revocation list's version."""

INSTALLATION = Table(
    "installation",
    METADATA,
    Column("region", String, primary_key=True),
    Column("testbed", String, nullable=False),
)
"""One row: the region served and the testbed (hash of the key seed) this data belongs to."""
