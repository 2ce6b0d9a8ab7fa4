"""Oversight: the chain of the audit, consent and reads, complaints, cases, inspections, bodies.

Audit records written before stay as they are and are sealed from now on. Going down removes the
chain with the rest: the records stay, and are sealed anew after the next way up.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT, NUMBER = sa.String, sa.BigInteger
TABLES = {
    "audit_seals": "position:key! number:big! hash!",
    "audit_chain": "name:id! position:big! hash! floor:big! highest:big! candidate:big!"
    " boundary:big!",
    "consents": "consent_id:id! card_id! institution! purpose! items! from_at! until_at!"
    " withdrawn_at at! by!",
    "data_reads": "read_id:id! card_id institution! purpose! items! basis! reference recipient"
    " refusal at! by!",
    "complaints": "number:id! kind! channel! subject! content! card_id contact conduct state!"
    " state_since! filed_at! due_at! overdue_since answer satisfied:int passed_to passed_at notice",
    "complaint_changes": "number:id! step:step! action! before after! at! by!",
    "accountability_cases": "case_id:id! kind! against! respondent! facts! report_number state!"
    " state_since! opened_at! order_text due_at overdue_since outcome mending",
    "case_changes": "case_id:id! step:step! action! before after! at! by!",
    "inspections": "inspection_id:id! institution! scope! at! by!",
    "inspection_checks": "inspection_id:id! control:id! result! note!",
    "inspection_findings": "inspection_id:id! number:step! control! text! due_at! overdue_since"
    " mending mended_at",
    "coordination_bodies": "body_id:id! name! level! division! members! at! by!",
    "progress_reports": "report_id:id! body_id! period! measure! percent:int! text! at! by!",
}
FOREIGN = {
    "consents": ("card_id", "cards.card_id"),
    "complaint_changes": ("number", "complaints.number"),
    "case_changes": ("case_id", "accountability_cases.case_id"),
    "inspection_checks": ("inspection_id", "inspections.inspection_id"),
    "inspection_findings": ("inspection_id", "inspections.inspection_id"),
    "progress_reports": ("body_id", "coordination_bodies.body_id"),
}
INDEXES = (
    ("consents", ("card_id",)),
    ("data_reads", ("card_id", "at")),
    ("complaints", ("due_at",)),
    ("accountability_cases", ("due_at",)),
    ("inspection_findings", ("due_at",)),
    ("progress_reports", ("body_id",)),
)


def _columns(table: str) -> list[sa.Column[Any]]:
    columns = []
    for word in TABLES[table].split():
        name, _, kind = word.rstrip("!").partition(":")
        own = NUMBER().with_variant(sa.Integer, "sqlite") if kind == "key" else None
        kinds = {"big": NUMBER(), "int": sa.Integer(), "step": sa.Integer(), "key": own}
        columns.append(
            sa.Column(
                name,
                kinds.get(kind, TEXT()),
                primary_key=kind in {"id", "step", "key"},
                autoincrement=False,
                nullable=not word.endswith("!"),
            )
        )
    return columns


def upgrade() -> None:
    """Add the tables."""
    for table in TABLES:
        keys = [each.name for each in _columns(table) if each.primary_key]
        columns = _columns(table)
        for each in columns:
            each.primary_key = False
        more: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}"))]
        if table in FOREIGN:
            column, other = FOREIGN[table]
            more.append(
                sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_{table}_{column}"))
            )
        if table == "audit_seals":
            more.append(sa.UniqueConstraint("number", name=op.f("uq_audit_seals_number")))
        op.create_table(table, *columns, *more)
    for table, names in INDEXES:
        op.create_index(f"ix_{table}_{names[0]}", table, list(names))


def downgrade() -> None:
    """Remove them with their data."""
    for table in reversed(TABLES):
        op.drop_table(table)
