"""Made-up lives of cardholders, with fraud planted and labelled: what a detector is measured on.

A history is a folder of files (interfaces section 15): the events a platform may see, and, apart
from them, which of them belong to which case. Nothing here knows a platform, a card or a model; it
meets them as files.

Reading order: `parameters` (every number, from a TOML file) · `dice` · `almanac` · `area` ·
`people` · `events` · `life` (ordinary days) · `frauds` (what is planted) · `history` (all of it,
in order, written) · `measure` (alerts against labels).
"""
