"""The verbs of `onecard`, one file each.

Importing this package declares them in the order of help.
"""

from testbed.verbs import doctor

__all__ = ["doctor"]
