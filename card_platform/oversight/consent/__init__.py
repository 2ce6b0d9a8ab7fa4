"""Consent and reads: who may see what of a holder, for what, and who did (NM-22b, CQ-18, CQ-19).

Reading order: `model` (items, consent, the verdict on a query) · `reads` (event handler) ·
`refusals` · `service` · `store` · `shapes` · `routes`.
"""

from card_platform.oversight.consent.reads import HolderRead, ReadOf, keep_read

__all__ = ["HolderRead", "ReadOf", "keep_read"]
