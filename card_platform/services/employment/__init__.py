"""Employment, labour relations, talent and the five insurances, done by card or code.

Sources: NM-14a, CQ-7a, NX-9a, YD-10; the 46 joint kinds of business are data (SC-l, `kinds.toml`).

In reading order: `kinds` (what business there is), `model` (a matter's life), `enrolments` (who is
insured, against what, by whom), `effects` (what a granted matter does), `service`, `store`,
`shapes`, `routes`. What another region's site takes in travels by `exchange/employment_matters`.
"""
