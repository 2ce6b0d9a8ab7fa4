"""Files of credits are numbered as they are settled, and detection takes them in that order.

Those settled before are numbered as they were ordered, which is the order they were taken in.
Going down, detection goes on behind the last file it has seen any of: one that was ordered before
it and settles afterwards is not seen any more.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_NUMBER = (
    "UPDATE payout_files SET settled_as = numbered.number, settled_at = payout_files.ordered_at"
    " FROM (SELECT file, ROW_NUMBER() OVER (ORDER BY file) AS number FROM payout_files"
    " WHERE state = 'settled') AS numbered WHERE numbered.file = payout_files.file"
)
_COUNT = (
    "INSERT INTO counters (name, value) SELECT 'payout-settled', MAX(settled_as)"
    " FROM payout_files WHERE settled_as IS NOT NULL HAVING MAX(settled_as) IS NOT NULL"
)
_UP = "SELECT settled_as, :line FROM payout_files WHERE file = :file"
_DOWN = (
    "SELECT file, CASE WHEN settled_as = :file THEN :line ELSE last_line END FROM payout_files"
    " WHERE settled_as <= :file ORDER BY file DESC LIMIT 1"
)


def upgrade() -> None:
    """Add the columns and number what is settled."""
    op.add_column("payout_files", sa.Column("settled_as", sa.Integer()))
    op.add_column("payout_files", sa.Column("settled_at", sa.String()))
    op.execute(_NUMBER)
    op.execute(_COUNT)
    op.create_index("uq_payout_files_settled_as", "payout_files", ["settled_as"], unique=True)
    _move_place(_UP)


def downgrade() -> None:
    """Remove them."""
    _move_place(_DOWN)
    op.drop_index("uq_payout_files_settled_as", "payout_files")
    op.drop_column("payout_files", "settled_at")
    op.drop_column("payout_files", "settled_as")
    op.execute("DELETE FROM counters WHERE name = 'payout-settled'")


def _move_place(query: str) -> None:
    """Say where detection is by the other numbers."""
    connection = op.get_bind()
    for (paid_to,) in connection.execute(sa.text("SELECT paid_to FROM risk_watch")).all():
        if paid_to:
            file, _, line = paid_to.partition(":")
            asked = {"file": int(file), "line": int(line or 0)}
            found = connection.execute(sa.text(query), asked).first()
            to = f"{found[0]}:{found[1]}" if found else ""
            connection.execute(sa.text("UPDATE risk_watch SET paid_to = :to"), {"to": to})
