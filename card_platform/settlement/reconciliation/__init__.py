"""Reconciliation: each bank's file of a day against the platform's own, differences worked off.

Reading order: `model` (lines, kinds of difference, lives) · `refusals` · `statement_file` (the form
of a file, read and written) · `store` · `differences` (a difference and its steps) · `comparing`
(movements, a day against a file) · `intake` (a bank's file comes in) · `service` (what people
decide) · `simulated_statement` (the file of a simulated bank, with faults) · `checking` · `shapes`
· `routes`.
"""
