"""The application catalogue: what the card is used for, by whose decision, where and since when.

Reading order: `workflow` (the table), `model` (items, versions, when they are in effect),
`refusals`, `service`, `store`, `shapes` and `routes` (staff), `public_routes` (everybody).
"""
