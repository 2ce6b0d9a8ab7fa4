"""What the planning verbs share: the call, progress on a terminal, tables, what is handed on.

Reading order: `options`, `call`, `progress`, `found`, `answers`, `tables`, `handing_over`.
"""
