"""Services that other regions took in for cards of this one, and that somebody here has to decide.

Reading order: `model` (one of them, its life, its events), `refusals`, `store`, `service` (kept,
read, granted, refused), `shapes`, `routes`.
"""
