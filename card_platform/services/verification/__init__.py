"""Verification of identity by activity: counter, hotel, sign-in, rail, air (NM-13a, CQ-6a, NX-8,
YD-9), by card, electronic card or code; what law keeps for another document is refused.

Reading order: `model` (verdict, events) · `means` (what may be shown; an open table) · `refusals` ·
`service` · `store` · `shapes` · `routes`. The check at gates and desks without an activity of the
table stays `services/identity`.
"""
