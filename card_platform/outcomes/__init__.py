"""Outcomes for other systems: what the platform decided, as a stream to read and as webhooks.

Reading order: `model` (kinds, who is granted which, the life of a webhook), `store`, `service`,
`postman` (brings outcomes to webhooks), `shapes`, `refusals`, `routes`.
"""
