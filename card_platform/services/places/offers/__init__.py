"""What a site offers, on what terms.

Reading order: `terms` (all that may differ between offers), `model` (an offer and its life),
`refusals`, `store`, `service`, `shapes`, `routes`.
"""
