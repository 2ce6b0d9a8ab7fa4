"""The verbs of `onecard`, one file each.

Importing this package declares them in the order of help.
"""

from testbed.verbs import doctor, run, serve, readers, cards, scenarios, sim, load, report  # isort: skip

__all__ = ["cards", "doctor", "load", "readers", "report", "run", "scenarios", "serve", "sim"]
