"""Treatment elsewhere between regions: asked, settled, reversed and cleared (SC-n, YD-13).

Reading order: `model` (what travels, a claim, a statement), `refusals`, `store`, `claims` (asking
the region that insures), `insured` (answering as that region), `treating` (registering its holders
here), `stays_model`, `stays_store`, `known_stays`, `stays` (nobody lies in two hospitals),
`clearing` (each day, each pair), `shapes`, `routes`.
"""
