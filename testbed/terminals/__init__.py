"""Terminals as programs: what `onecard terminals run` starts.

Reading order: `kinds` (which there are) · `outcome` (what became of one card, for people and for
programs) · `premises` (the folder a terminal lives in: who it is, its PSAM, its journal) ·
`enrolment` (how it becomes a terminal of a platform) · `function_choice` (for which function) ·
`reader_choice` (which PC/SC reader) · `equipment` (all of these put together) · `transit_work`,
`holder_work`, `function_work`, `guided_work` (what each kind does with a card) · `refusals` (what
went wrong with a card, as an outcome) · `attendance` (card after card).
"""
