"""The features of this run as tests. pytest-bdd binds features to a module; this is that module.

Which features: the variable ONECARD_FEATURES (paths joined by os.pathsep), set by `running`;
without it, all that are shipped.
"""

import os

from pytest_bdd import scenarios

from scenarios.running import FEATURES

scenarios(*os.environ.get("ONECARD_FEATURES", str(FEATURES)).split(os.pathsep))
