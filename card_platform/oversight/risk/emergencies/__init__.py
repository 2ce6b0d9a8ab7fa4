"""Alarms and the emergencies they open, worked through steps to their end (NX-14b, YD-18).

Reading order: `model` (state table) · `refusals` · `service` · `store` · `shapes` · `routes`.
"""
