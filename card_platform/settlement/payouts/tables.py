"""The tables of payouts.

Rules: what there is a million of is only ever added to. A line is a row of `payout_lines` and, when
it was sent, of `payout_credits`; only a line that was not simply paid has a row that changes, in
`payout_exceptions`. `claim` is the number of programme and period while the line stands for its
person's one payment, and NULL when the batch was refused or dropped. These two tables have no
foreign keys: a look-up for each of a million rows is half of what the row costs, and `checking`
finds what they would.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, text

from card_platform.storage.schema import METADATA

BATCHES = Table(
    "payout_batches",
    METADATA,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("message_id", String, nullable=False, unique=True),
    Column("digest", String, nullable=False),
    Column("format", String, nullable=False),
    Column("programme", String, nullable=False),
    Column("period", String, nullable=False),
    Column("campaign", Integer, nullable=False),
    Column("fund", String, nullable=False),
    Column("told_lines", Integer, nullable=False),
    Column("told_sum_fen", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("uploaded_by", String, nullable=False),
    Column("uploaded_at", String, nullable=False),
    Column("read_lines", Integer, nullable=False),
    Column("read_to", Integer, nullable=False),
    Column("read_sum_fen", BigInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("faulty_lines", Integer, nullable=False),
    Column("unread_amounts", Integer, nullable=False),
    Column("done_to", Integer, nullable=False),
    Column("due_at", String),
    Column("decided_by", String),
    Column("decided_at", String),
    Column("reason", String),
    Index("ix_payout_batches_due_at", "due_at"),
)
CAMPAIGNS = Table(
    "payout_campaigns",
    METADATA,
    Column("programme", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("campaign", Integer, nullable=False, unique=True),
)
LINES = Table(
    "payout_lines",
    METADATA,
    Column("batch", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("line_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("claim", Integer),
    Index("uq_payout_lines_claim", "claim", "person_id", unique=True),
)
FAULTS = Table(
    "payout_faults",
    METADATA,
    Column("batch", Integer, ForeignKey("payout_batches.batch"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("field", String, nullable=False),
    Column("code", String, nullable=False),
    Column("found", String, nullable=False),
)
OTHER_ACCOUNTS = Table(
    "payout_other_accounts",
    METADATA,
    Column("batch", Integer, ForeignKey("payout_batches.batch"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("bank", String, nullable=False),
    Column("account", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("approved_by", String),
    Column("approved_at", String),
)
FILES = Table(
    "payout_files",
    METADATA,
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("batch", Integer, ForeignKey("payout_batches.batch"), nullable=False),
    Column("bank", String, nullable=False),
    Column("fund", String, nullable=False),
    Column("first_line", Integer, nullable=False),
    Column("last_line", Integer, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("ordered_at", String, nullable=False),
    Column("due_at", String),
    Column("back_fen", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("settled_as", Integer),
    Column("settled_at", String),
    Index("ix_payout_files_due_at", "due_at"),
    Index("uq_payout_files_settled_as", "settled_as", unique=True),
    Index("ix_payout_files_of_batch", "batch", "first_line"),
)
CREDITS = Table(
    "payout_credits",
    METADATA,
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("account_ref", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
)
"""`account_ref` is the contract with the bank that names the account, or `other` for the account a
line states by itself."""
EXCEPTIONS = Table(
    "payout_exceptions",
    METADATA,
    Column("batch", Integer, ForeignKey("payout_batches.batch"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
    Column("decided_by", String),
    Column("note", String),
    Index(
        "ix_payout_exceptions_due",
        "batch",
        "line",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
    Index("ix_payout_exceptions_of_person", "person_id"),
)
EXCEPTION_CHANGES = Table(
    "payout_exception_changes",
    METADATA,
    Column("change_id", String, primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("line", Integer, nullable=False),
    Column("action", String, nullable=False),
    Column("after", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_payout_exception_changes_of_line", "batch", "line"),
)
BANK_FILES = Table(
    "simulated_bank_files",
    METADATA,
    Column("file", Integer, primary_key=True, autoincrement=False),
    Column("bank", String, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("sum_fen", BigInteger, nullable=False),
    Column("settles_at", String, nullable=False),
)
BANK_FILE_CREDITS = Table(
    "simulated_bank_file_credits",
    METADATA,
    Column("file", Integer, ForeignKey("simulated_bank_files.file"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("bank", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("refused_because", String),
    Column("returns_at", String),
    Column("return_reason", String),
    Column("told_return", Integer, nullable=False),
    Index("ix_simulated_bank_file_credits_returns", "bank", "told_return", "returns_at"),
)
CERTIFICATIONS = Table(
    "eligibility_certifications",
    METADATA,
    Column("certification_id", String, primary_key=True),
    Column("person_id", String),
    Column("card_region", String, nullable=False),
    Column("means", String, nullable=False),
    Column("certified_on", String),
    Column("valid_until", String),
    Column("state", String, nullable=False),
    Column("problem", String),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Index("ix_eligibility_certifications_of_person", "person_id", "at"),
)
"""`state` is `certified` or `refused`; for another region's card `passed-on` until it decided."""
ELIGIBILITIES = Table(
    "eligibilities",
    METADATA,
    Column("person_id", String, primary_key=True),
    Column("valid_until", String, nullable=False),
)
"""Until which day a person's last certification holds."""
