"""Transit: the purse of the card at metro gates, on buses, at loading counters and in canteens.

Reading order: `model` (load, tap, ride, postings, events), `revocations` (the list gates follow),
`loads`, `taps` (receipts of rides become rides and postings), `tap_batches`, `tap_lines` and
`tap_parts` (queues of them), `tap_sums` (what clearing reads), `purchases`, `fare_questions` (what
a ride costs and why), `refund_rules` and `refunds` (money back where the card knew too little),
`matching` (entry and exit), `parameters` (what a gate is told), `service` (joins them), `store`,
`shapes`, `purse_view` (what a clerk sees of a purse), `routes`, `tap_batch_routes`, `refusals`.
"""
