"""The journal of a terminal: what it did while the platform was away, signed and chained.

Reading order: `model` (a record, what is signed, the chain), `service` (verify, take), `store`,
`shapes`, `routes`, `refusals`. The work of a record is that of the route it would have taken.
"""
