"""What a planner asks for: named figures of a run, and conditions on them.

Reading order: `figures`, `expressions`, `verdicts`.
"""
