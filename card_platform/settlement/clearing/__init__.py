"""Clearing: what cards paid in taps, brought together by day, card issuer and operator (YD-11).

Reading order: `model` (days, sums, sheets and their life, what is posted), `refusals`, `store`,
`service` (runs, sheets between regions), `daily` (by itself), `statements` (what each
side is told), `shapes`, `routes`.
"""
