"""Medical accounts: credit of the insurance fund, loaded into the card's medical purse and paid at
hospitals and pharmacies.

Reading order: `model` (load, payment, postings, events), `loads` (in two steps, and how much credit
they need), `payments`, `service` (credits and the view of a card), `store`, `shapes`, `routes`,
`refusals`.
"""
