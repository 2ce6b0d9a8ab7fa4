"""Accountability: cases against institutions and their staff (CQ-25, NM-25, NM-26, NX-18, YD-22).

Reading order: `kinds.toml` (kinds as data) · `model` (state table) · `refusals` · `service` ·
`store` · `routes`.
"""
