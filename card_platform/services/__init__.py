"""What a card is used for: `terminals` enrols the machines, each field of use is a context.

So far: `identity` (identity checks, authentication of cards) and `transit` (purse, gates).
"""
