"""`onecard scenarios`: suites listed and run (`suites`), lessons listed and walked (`walks`).

The order of the imports is that of the verbs in the help.
"""

from testbed.verbs.scenarios import suites, walks

__all__ = ["suites", "walks"]
