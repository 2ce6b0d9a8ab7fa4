"""The audit: who did what to which card, when; written by an event handler in the transaction.

Reading order: `service` (the handler), `store`.
"""

from card_platform.oversight.audit.service import keep_record

__all__ = ["keep_record"]
