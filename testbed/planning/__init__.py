"""What the planning verbs share: the call, progress on a terminal, tables.

Reading order: `options`, `call`, `progress`, `tables`.
"""
