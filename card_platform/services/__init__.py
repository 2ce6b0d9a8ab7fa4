"""What a card is used for: `terminals` enrols the machines, each field of use is a context.

So far: `identity` (identity checks, authentication of cards), `verification` (identity by activity
and means), `licences` (e-licences instead of paper, on cards, between regions), `transit` (the
purse at gates, on buses, in canteens), `medical` (the medical accounts), `places` (what sites
offer: lending, entry, meals, care, purchases), `bills` (water, power, gas) and
`journal` (what a terminal did alone).
`personal_money` is what holders pay with in every room, `purse_refusals` what both purses refuse.
"""
