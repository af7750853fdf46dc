"""A test that needs a Python package may find it in another interpreter than the one that ctest took."""

import os
import subprocess
import sys


def run_again_with(*packages):
    """Runs this script again in DLV_TEST_PYTHON or /usr/bin/python3, whichever has the packages; returns where neither has."""
    for other in (os.environ.get("DLV_TEST_PYTHON"), "/usr/bin/python3"):
        if other and os.path.exists(other) and os.path.realpath(other) != os.path.realpath(sys.executable):
            if subprocess.run([other, "-c", f"import {', '.join(packages)}"], capture_output=True).returncode == 0:
                os.execv(other, [other, "-B", *sys.argv])
