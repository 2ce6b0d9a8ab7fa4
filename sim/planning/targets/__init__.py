"""What a planner asks for: named figures of a run, and conditions on them.

Reading order: `figures`, `expressions`, `verdicts`; then what is certain of a run that was stopped:
`throughput` and `survival` (what "surely" means), `foregone`, `losses`, `crowds`.
"""
