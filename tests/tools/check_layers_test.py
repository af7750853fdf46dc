#!/usr/bin/env python3
"""check_layers.py finds what it is there to find."""

import pathlib
import tempfile
import unittest

import check_layers

CASES = [
    # folder, include line, is it against the layers?
    ("cli", '#include "dlv/dlv.h"', False),
    ("cli", '#include "storage/io/hash.h"', True),
    ("cli", '#include "engine/api/repository_impl.h"', True),
    ("storage/codec", '#include "storage/io/hash.h"', True),
    ("storage/archive", '#include "storage/codec/rans.h"', False),
    ("storage/archive", '#include "storage/store/commit.h"', True),
    ("storage/store", '#include "engine/api/x.h"', True),
    ("storage/store", '#include "tests/support/faulty_file_system.h"', True),
    ("storage/store", "#include <sqlite3.h>", True),
    ("storage/catalog", "#include <sqlite3.h>", False),
    ("storage/catalog", "  #  include <zstd.h>", True),
    ("storage/archive", "#include <unistd.h>", True),
    ("storage/plan", '#include "local.h"', True),
    ("storage/plan", "#include <boost/any.hpp>", True),
    ("storage/plan", "#include <vector>", False),
    ("include", "#include <unistd.h>", True),
]


class CheckLayers(unittest.TestCase):
    def test_each_case(self):
        for folder, line, wrong in CASES:
            with self.subTest(folder=folder, line=line), tempfile.TemporaryDirectory() as root:
                path = pathlib.Path(root) / folder / "dlv"
                path.mkdir(parents=True)
                (path / "file.h").write_text("#pragma once\n" + line + "\n", encoding="utf-8")
                seen, problems = check_layers.check(pathlib.Path(root))
                self.assertEqual(seen, 1)
                self.assertEqual(bool(problems), wrong, problems)


if __name__ == "__main__":
    unittest.main()
