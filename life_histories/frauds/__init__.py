"""Fraud planted into made-up lives, and labelled.

Rules: eighteen typologies, each in three variants from loud to sly; sizes, speeds and delays are
drawn from ranges. What no platform could see from the events is not planted. Who takes part lives
an ordinary life besides, and nobody takes part in two cases.

Reading order: `casting` (who, and the list of deeds) · `purse` · `presence` · `payouts` ·
`accounts` · `care` · `trade` · `plan` (all of it).
"""
