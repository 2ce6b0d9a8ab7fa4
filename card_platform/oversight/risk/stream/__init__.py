"""The platform's own stream of events, and detection over it.

Reading order: `model` (what changed) · `refusals` · `intake` (batches of departments, operators,
banks) · `own_events` (the platform's use cases) · `watch` (detection as due work) · `versions`
(rules by versions, back-tests) · `store` · `shapes` · `routes`.
"""
