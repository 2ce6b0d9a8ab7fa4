"""Transit: the purse of the card at metro gates and loading counters.

Reading order: `model` (load, tap, ride, events), `revocations` (the list gates follow), `loads`,
`taps` (receipts of the gates become rides and postings), `matching` (entry and exit),
`parameters` (what a gate is told), `service` (joins them), `store`, `shapes`, `routes`, `refusals`.
"""
