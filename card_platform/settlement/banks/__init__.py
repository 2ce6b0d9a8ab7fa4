"""Banks: the partner bank a holder chooses, and the financial function it loads and serves.

Reading order: `model` (the contract's life, events) · `refusals` · `service` · `store` · `shapes` ·
`routes`. Which banks there are, and what their agreements name, is data of the region packs
(`regions/bank_policy`).
"""
