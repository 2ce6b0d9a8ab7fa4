"""The reference card platform: who holds which card, what it may do, and where the money went.

Reading order: `vocabulary` (words and values), `regions` (a region as data), `issuance` (cards and
their lives), `services` (terminals, identity, transit, medical, journal), `settlement` (ledger,
banks, orders to banks), `oversight` (audit); below them `storage` and `web`, beside them `keys`;
`app` joins all, `installation` opens the data, `server` runs it. In every context: routes > service
> store > model.
"""
