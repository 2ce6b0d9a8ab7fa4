"""The head of the chain kept outside the database, so that cutting off its end shows.

Rules: a head is anchored only once its seal is durable: the sealer writes the head it finds when it
begins, which an earlier transaction committed. The file is replaced in one step. An anchor that is
lost is a finding for whoever runs the platform, not for the check: a new installation has none.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from card_platform.oversight.audit.chain import Head

ANCHOR_FILE = "audit-anchor.json"


def read_anchor(path: Path) -> Head | None:
    """The head kept in the file; None where there is no file.

    Raises:
        msgspec.MsgspecError: the file is no anchor.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Head)
    except FileNotFoundError:
        return None


def write_anchor(path: Path, head: Head) -> None:
    """Keep the head."""
    fresh = path.with_suffix(".fresh")
    fresh.write_bytes(msgspec.json.encode(head) + b"\n")
    fresh.replace(path)
