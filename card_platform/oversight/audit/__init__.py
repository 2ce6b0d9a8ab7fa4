"""The audit: who did what to which card, when, in a chain of hashes that shows any tampering.

Reading order: `service` (the handler) · `chain` (hashes, and what a check may find) · `sealing`
(due work) · `checking` · `anchor` (the head, outside the database) · `store` · `routes`.
"""

from card_platform.oversight.audit.sealing import Sealer
from card_platform.oversight.audit.service import keep_record

__all__ = ["Sealer", "keep_record"]
