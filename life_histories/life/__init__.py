"""One person's days: what they do, and which events it leaves.

Reading order: `life` (the diary and what a person can do) · `fate` (death, moving, loss) ·
`travel` · `health` · `money` · `accounts` · `work` · `identity` · `ordinary` (all of it, in order)
· `purse` (counters and balances, when all taps are known).
"""
