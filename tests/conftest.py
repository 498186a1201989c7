"""Tests run with compiled code as the command line makes it."""

import os

os.environ.setdefault("NUMBA_OPT", "1")
