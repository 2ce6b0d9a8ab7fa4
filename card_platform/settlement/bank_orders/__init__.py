"""Orders to banks: money for holders' accounts, once only, until the bank says what became of it.

Reading order: `model` (an order's life, its postings) · `refusals` · `bank` (what every bank can be
asked) · `simulated_bank` (the bank of the testbed, with a book of its own) · `service` · `store` ·
`simulated_bank_store` · `shapes` · `routes`.
"""
