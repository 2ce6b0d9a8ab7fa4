"""Events, alerts, and versions of the rules of detection.

Going down forgets them; the events of the platform itself are still in its audit.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _add_risk_events()
    _add_risk_alerts()
    _add_risk_watch()
    _add_risk_rule_versions()


def _add_risk_events() -> None:
    op.create_table(
        "risk_events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_risk_events")),
        sa.UniqueConstraint("position", name=op.f("uq_risk_events_position")),
    )
    op.create_index(
        "ix_risk_events_waiting",
        "risk_events",
        ["received_at", "event_id"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )


def _add_risk_alerts() -> None:
    op.create_table(
        "risk_alerts",
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("typology", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("raised_at", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_risk_alerts")),
    )
    op.create_index("ix_risk_alerts_raised_at", "risk_alerts", ["raised_at", "alert_id"])


def _add_risk_watch() -> None:
    op.create_table(
        "risk_watch",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("taps_to", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_risk_watch")),
    )


def _add_risk_rule_versions() -> None:
    op.create_table(
        "risk_rule_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("back_test", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_risk_rule_versions")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("risk_rule_versions")
    op.drop_table("risk_watch")
    op.drop_table("risk_alerts")
    op.drop_table("risk_events")
