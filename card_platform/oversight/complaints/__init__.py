"""Consultation, complaint and report: filed by any channel, answered in time (CQ-22, NM-21, YD-20).

Reading order: `model` (state table, events) · `refusals` · `service` · `store` · `shapes` ·
`routes`.
"""
