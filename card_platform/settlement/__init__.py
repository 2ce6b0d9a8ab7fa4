"""Settlement: where the money went.

`ledger` (the books), `banks` (whom the holder chose), `bank_orders` (money for holders' accounts),
`reconciliation` (their days against ours).
"""
