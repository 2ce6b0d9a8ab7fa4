"""Designated medical institutions and pharmacies: where insurance is settled at all (NX-9b).

Reading order: `model`, `refusals`, `store`, `service`, `shapes`, `routes`.
"""
