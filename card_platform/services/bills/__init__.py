"""Bills for water, power and gas, paid by card, electronic card or code (CQ-8c).

The utilities are data of the region's pack (`regions/utility_policy.py`); what a holder pays comes
out of the personal money (`services/personal_money.py`), as at every place.

Reading order: `model` (a bill, its life, a payment), `refusals`, `store`, `service` (a utility
brings bills, withdraws them, gives money back), `payments` (a holder finds and pays them),
`shapes`, `routes` (for utilities), `payment_routes` (for holders).
"""
