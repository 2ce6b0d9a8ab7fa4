"""Access: staff accounts, agents of holders, sessions and the challenges of signing in.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _text(name: str, *, may_be_null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=may_be_null)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "accounts",
        *(_text(name) for name in ("account_id", "name", "role", "site")),
        _text("card_id", may_be_null=True),
        _text("password_hash"),
        sa.Column("is_first", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("locked_until", may_be_null=True),
        *(_text(name) for name in ("state", "opened_at", "by")),
        _refers("accounts", "card_id", "cards.card_id"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("card_id", name=op.f("uq_accounts_card_id")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "card_agents",
        *(
            _text(name)
            for name in (
                "agent_id",
                "card_id",
                "document_kind",
                "document_number",
                "mandate_number",
                "valid_until",
                "at",
                "by",
            )
        ),
        _text("withdrawn_at", may_be_null=True),
        _refers("card_agents", "card_id", "cards.card_id"),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_card_agents")),
    )
    op.create_index("ix_card_agents_card_id", "card_agents", ["card_id"])
    _sessions()
    op.create_table(
        "session_challenges",
        _text("challenge_id"),
        _text("participant_id", may_be_null=True),
        *(_text(name) for name in ("theirs", "ours", "ends_at")),
        _text("used_at", may_be_null=True),
        _refers("session_challenges", "participant_id", "exchange_participants.participant_id"),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_session_challenges")),
    )
    op.create_index("ix_session_challenges_ends_at", "session_challenges", ["ends_at"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        *(
            _text(name)
            for name in (
                "session_id",
                "token_sha256",
                "role",
                "name",
                "began_at",
                "ends_at",
                "last_used_at",
            )
        ),
        sa.Column("idle_after_s", sa.Integer(), nullable=False),
        *(_text(name) for name in ("site", "institution")),
        *(
            _text(name, may_be_null=True)
            for name in (
                "account_id",
                "card_id",
                "proving_card_id",
                "agent_id",
                "participant_id",
                "system_key",
                "assists_card_id",
                "ended_at",
            )
        ),
        _refers("sessions", "account_id", "accounts.account_id"),
        _refers("sessions", "card_id", "cards.card_id"),
        _refers("sessions", "proving_card_id", "cards.card_id"),
        _refers("sessions", "agent_id", "card_agents.agent_id"),
        _refers("sessions", "participant_id", "exchange_participants.participant_id"),
        _refers("sessions", "assists_card_id", "cards.card_id"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sessions_token_sha256")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])


def downgrade() -> None:
    """Remove the tables."""
    for table in ("session_challenges", "sessions", "card_agents", "accounts"):
        op.drop_table(table)
