"""Runs docs/python.md."""

import doctest
import os
import pathlib
import sys
import tempfile

import support  # noqa: F401  (skips aloud without numpy)


def main():
    document = pathlib.Path(__file__).resolve().parents[2] / "docs/python.md"
    with tempfile.TemporaryDirectory(prefix="dlv-test-") as folder:
        os.chdir(folder)
        failed, tried = doctest.testfile(str(document), module_relative=False)
        os.chdir("/")
    print(f"{tried} examples, {failed} failed")
    return 1 if failed or tried < 20 else 0


sys.exit(main())
