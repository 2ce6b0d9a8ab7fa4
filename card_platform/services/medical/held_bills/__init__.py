"""Bills of double stays: held until somebody has asked, then settled or refused.

Reading order: `model` (a held bill, its life), `refusals`, `store`, `service`, `shapes`, `routes`.
"""
