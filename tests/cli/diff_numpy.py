#!/usr/bin/env python3
"""Compares the figures of `dlv diff --json` with those that NumPy finds, over element types and special values.

Exits with 77 where the interpreter (DLV_TEST_PYTHON, else this one) has no NumPy.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

SEED = 20260


def figures(a, b):
    """What docs/diff.md says of each figure, in extended precision."""
    import numpy

    x, y = a.reshape(-1), b.reshape(-1)
    if x.dtype.kind == "c":
        x, y = (v.view(v.real.dtype) for v in (x, y))
    x, y = x.astype(numpy.longdouble), y.astype(numpy.longdouble)
    finite = numpy.isfinite(x) & numpy.isfinite(y)
    p, q = x[finite], y[finite]
    d = q - p
    norm = lambda v: float(numpy.sqrt(numpy.sum(v * v)))
    same = (x == y) | (numpy.isnan(x) & numpy.isnan(y))
    found = {"elements": x.size, "differing": int((~same).sum()), "nonfinite": int((~finite).sum()),
             "nan_before": int(numpy.isnan(x).sum()), "nan_after": int(numpy.isnan(y).sum()),
             "inf_before": int(numpy.isinf(x).sum()), "inf_after": int(numpy.isinf(y).sum()),
             "zero_before": int((p == 0).sum()), "zero_after": int((q == 0).sum()), "sign_flips": int((p * q < 0).sum()),
             "norm_before": norm(p), "norm_after": norm(q), "norm_difference": norm(d),
             "max_difference": float(abs(d).max()) if d.size else 0.0}
    if found["norm_before"] > 0 and found["norm_after"] > 0:
        found["cosine"] = float(numpy.sum(p * q) / (numpy.sqrt(numpy.sum(p * p)) * numpy.sqrt(numpy.sum(q * q))))
    if found["norm_before"] > 0:
        found["relative"] = found["norm_difference"] / found["norm_before"]
    return found


def make_arrays(random):
    import numpy

    pairs = {}
    for name in ("float16", "float32", "float64"):
        a = random.normal(0, 0.05, (300, 700)).astype(name)
        pairs[name] = (a, (a + random.normal(0, 1e-3, a.shape)).astype(name))
    a = random.normal(0, 1, 2000).astype("float32")
    b = a.copy()
    a[:9] = [0, -0.0, numpy.nan, numpy.inf, 1, numpy.nan, -numpy.inf, 1e-42, 3]
    b[:9] = [-0.0, 1, 1, -numpy.inf, numpy.nan, numpy.nan, -numpy.inf, -1e-42, numpy.inf]
    pairs["special"] = (a, b)
    pairs["huge"] = (numpy.array([3e300, 1e-300]), numpy.array([3e300, 4e300]))
    pairs["complex"] = tuple((random.normal(0, 1, 500) + 1j * random.normal(0, 1, 500)).astype("complex64") for _ in range(2))
    for name in ("int8", "uint16", "int32", "int64"):
        pairs[name] = tuple(random.integers(0, 100, 999).astype(name) for _ in range(2))
    pairs["bool"] = tuple(random.integers(0, 2, 999).astype(bool) for _ in range(2))
    pairs["zeros"] = (numpy.zeros(50, "float32"), numpy.ones(50, "float32"))
    pairs["empty"] = (numpy.zeros((0, 3), "float32"), numpy.zeros((0, 3), "float64"))
    # The same numbers in another type, and other numbers in another type.
    pairs["widened"] = (numpy.arange(5000, dtype="float32"), numpy.arange(5000, dtype="float64"))
    a = random.normal(0, 1, 5000)
    pairs["narrowed"] = (a, a.astype("float32"))
    return pairs


def is_near(got, want, name):
    if isinstance(want, int):
        return got == want
    return got is not None and math.isclose(got, want, rel_tol=1e-12, abs_tol=1e-13 if name == "cosine" else 0)


def check(program, folder):
    import numpy

    pairs = make_arrays(numpy.random.default_rng(SEED))
    run = lambda *words: subprocess.run([program, *words], cwd=folder, check=True, capture_output=True, text=True, timeout=120).stdout
    run("init")
    for side in (0, 1):
        numpy.savez(pathlib.Path(folder) / "a.npz", **{name: pair[side] for name, pair in pairs.items()})
        run("commit", "-n", "m", "a.npz")
    document = json.loads(run("diff", "m:v1", "m:v2", "--json"))["diffs"][0]
    changes = {change["name"]: change for change in document["tensors"]}
    problems = [f"{name}: missing" for name in pairs if name not in changes]
    for name in ("empty", "widened"):
        if changes[name]["change"] != "identical" or not changes[name]["converted"]:
            problems.append(f"{name}: {changes[name]['change']}, want identical and converted")
    compared = 0
    for name, (a, b) in pairs.items():
        if name in ("empty", "widened"):
            continue
        got = changes[name]["figures"]
        for figure, want in figures(a, b).items():
            compared += 1
            if not is_near(got[figure], want, figure):
                problems.append(f"{name}: {figure} is {got[figure]}, NumPy says {want}")
    fast = json.loads(run("diff", "m:v1", "m:v2", "--json", "--fast"))["diffs"][0]
    for change in fast["tensors"]:
        got = change["figures"]
        if change["name"] in ("float32", "float64"):
            want = figures(*pairs[change["name"]])["relative"]
            if got["exact"] or not (abs(got["relative"] / want - 1) < 0.15 and want <= got["relative_bound"]):
                problems.append(f"{change['name']}: estimated {got['relative']} (at most {got['relative_bound']}), it is {want}")
    if fast["read_bytes"] >= document["read_bytes"]:
        problems.append(f"--fast read {fast['read_bytes']} bytes, all is {document['read_bytes']}")
    return problems, compared


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    program = parser.parse_args().program.resolve()
    try:
        import numpy  # noqa: F401
    except ImportError:
        named = os.environ.get("DLV_TEST_PYTHON")
        if named and os.path.realpath(named) != os.path.realpath(sys.executable):
            return subprocess.run([named, __file__, program], check=False).returncode
        print("SKIPPED: no NumPy (DLV_TEST_PYTHON names an interpreter that has it)")
        return 77
    with tempfile.TemporaryDirectory(prefix="dlv-diff-") as folder:
        problems, compared = check(program, folder)
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{compared} figures are what NumPy says (seed {SEED})")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
