"""Risk: detection over events, cases, the credit file, alarms and emergencies.

Reading order: `history` (events, alerts) · `rules` (thresholds as data, `rules.toml`) · `detector`
(the fold) with `typologies`, `signals`, `bounded`, `budget` · `screening` (files). In the platform:
`stream` (events, detection as due work, versions of the rules) · `cases` (cases, appeals, the
credit file) · `emergencies` (alarms) · `office` (all of it, joined).
"""
