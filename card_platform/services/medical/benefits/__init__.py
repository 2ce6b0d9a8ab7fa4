"""Benefits: what the pooled fund, the personal account and the insured's own pocket pay of a bill.

Reading order: `model` (bill, year to date, settlement), `rounding`, `split` (the engine, pure),
`explanation` (the same in words), `refusals`, `store` (who is insured how, the year's accumulators,
settlements), `service` (preview, settle, reverse), `shapes`, `routes`.
"""
