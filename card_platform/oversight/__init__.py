"""Oversight: what the platform keeps so that others can judge it.

`audit` (chain of hashes) · `consent` (who may read what, and who did) · `complaints` ·
`accountability` (cases) · `supervision` (inspections, coordination bodies, the report); `overdue`
joins their deadlines, `routing` declares their routes.
"""
