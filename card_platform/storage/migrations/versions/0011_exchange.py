"""The exchange: participants, messages sent and taken, queries, stopped foreign cards, joint
services, origins of complaints.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _table(
        "exchange_participants",
        ("participant_id",),
        *_texts("kind", "name_zh"),
        sa.Column("url", sa.String(), nullable=True),
        *_texts("public_key", "subjects", "enrolled_at", "by"),
    )
    _table(
        "exchange_sent",
        ("recipient", "sequence"),
        *_texts("message_id", "subject", "purpose", "body"),
        sa.Column("reference", sa.String(), nullable=True),
        *_texts("sent_at"),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.String(), nullable=True),
    )
    op.create_index(
        "ix_exchange_sent_waiting", "exchange_sent", ["recipient", "waiting", "sequence"]
    )
    _table(
        "exchange_taken",
        ("sender", "sequence"),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        *_texts("subject", "answer", "at"),
    )
    _table("exchange_asked", ("sender", "query_id"), *_texts("subject", "purpose", "result", "at"))
    _table(
        "foreign_card_stops",
        ("region", "card_number"),
        *_texts("application_serial"),
        sa.Column("stopped", sa.Integer(), nullable=False),
        *_texts("state", "at"),
    )
    _table(
        "joint_services",
        ("request_id",),
        *_texts("service", "region"),
        sa.Column("card_number", sa.String(), nullable=True),
        *_texts("site_id", "state", "at", "by"),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("decided_at", sa.String(), nullable=True),
    )
    op.create_index("ix_joint_services_state", "joint_services", ["state"])
    _table(
        "complaint_origins",
        ("number",),
        *_texts("region", "region_number"),
        sa.UniqueConstraint("region", "region_number", name="uq_complaint_origins_region"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in (
        "complaint_origins",
        "joint_services",
        "foreign_card_stops",
        "exchange_asked",
        "exchange_taken",
        "exchange_sent",
        "exchange_participants",
    ):
        op.drop_table(name)


def _table(name: str, keys: tuple[str, ...], *columns: SchemaItem) -> None:
    op.create_table(
        name,
        *(
            sa.Column(
                key,
                sa.BigInteger() if key == "sequence" else sa.String(),
                autoincrement=False,
                nullable=False,
            )
            for key in keys
        ),
        *columns,
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{name}")),
    )


def _texts(*names: str) -> list[SchemaItem]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
