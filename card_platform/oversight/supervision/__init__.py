"""Supervision: security inspections, coordination bodies, and the report an inspection asks for.

Clauses NM-4, NM-22a, NX-4, CQ-20a, YD-6, YD-23. Reading order: `model` (controls, events) ·
`refusals` · `service` · `report` · `store` · `routes`.
"""
