"""What the tests of the Python package share."""

import pathlib
import sys
import tempfile
import unittest

try:
    import numpy as np  # noqa: F401
except ImportError:
    print("SKIPPED: numpy is not installed for", sys.executable)
    sys.exit(77)

import dlv

try:
    import torch
except ImportError:
    torch = None
    print("without torch: its tests are skipped", file=sys.stderr)

needs_torch = unittest.skipIf(torch is None, "torch is not installed")


class WithRepository(unittest.TestCase):
    """A repository in a folder of its own."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="dlv-test-")
        self.addCleanup(self._folder.cleanup)
        self.folder = pathlib.Path(self._folder.name)
        self.repository = dlv.init(self.folder)
