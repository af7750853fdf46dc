"""The repository from Python: commits, references, lineage, names, errors, Ctrl-C, and the command line beside it."""

import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest

import numpy as np

from support import WithRepository

import dlv

RANDOM = np.random.default_rng(11)


def weights(seed=0, rows=200):
    return {"layer.weight": np.random.default_rng(seed).normal(size=(rows, 100)).astype(np.float32), "layer.bias": np.zeros(100, np.float32)}


class Commits(WithRepository):
    def test_everything_said_is_there(self):
        result = self.repository.commit(
            weights(), "net", message="first", metrics={"val_acc": np.float32(0.5), "loss": [(1, 2.0), (2, 1.5)]},
            hparams={"lr": 0.1, "name": "sgd"}, tags=["shipped"], aliases="best", step=2)
        self.assertEqual(str(result), "net:v1")
        self.assertEqual((result.tensors_total, result.tensors_new, result.unchanged), (2, 2, False))
        details = self.repository.describe("net:best")
        self.assertEqual(details.hparams, {"lr": "0.1", "name": "sgd"})
        self.assertEqual(details.metrics, {"loss": [(1, 2.0), (2, 1.5)], "val_acc": [(-1, 0.5)]})
        version = details.version
        self.assertEqual((version.message, version.tags, version.metrics["loss"]), ("first", {"shipped": ""}, 1.5))
        self.assertEqual(version.aliases, ["best"])
        self.assertLess(abs(time.time() - version.created.timestamp()), 600)
        self.assertEqual(self.repository.load("net#2")["layer.weight"].shape, (200, 100))

    def test_files_are_kept_byte_for_byte(self):
        source = self.folder / "net.npz"
        np.savez(source, **weights())
        self.repository.commit(source, "net")
        out = self.repository.checkout("net", self.folder / "out")
        self.assertTrue(out.files[0].identical)
        self.assertEqual(pathlib.Path(out.files[0].path).read_bytes(), source.read_bytes())
        exported = self.repository.checkout("net", self.folder / "npz", format="npz", tensors="*.bias")
        self.assertEqual(list(np.load(exported.files[0].path)), ["layer.bias"])

    def test_the_same_again_is_no_new_version(self):
        self.repository.commit(weights(), "net")
        self.assertTrue(self.repository.commit(weights(), "net").unchanged)
        self.assertFalse(self.repository.commit(weights(), "net", allow_unchanged=True).unchanged)

    def test_module_functions_use_the_repository_above(self):
        below = self.folder / "a/b"
        below.mkdir(parents=True)
        dlv.commit(weights(), "net", path=below)
        np.testing.assert_array_equal(dlv.load("net", path=below)["layer.weight"], weights()["layer.weight"])

    def test_progress_is_reported_and_its_exception_stops_the_commit(self):
        seen = []
        self.repository.commit(weights(rows=9000), "net", progress=lambda *report: seen.append(report))
        self.assertTrue(any(done == total > 0 for _, done, total in seen), seen)

        def refuse(*_):
            raise RuntimeError("enough")

        with self.assertRaisesRegex(RuntimeError, "enough"):
            self.repository.commit(weights(1, rows=9000), "other", progress=refuse)
        self.assertEqual([model.name for model in self.repository.models()], ["net"])


class Loading(WithRepository):
    def test_globs_roles_and_equal_names(self):
        self.repository.commit({"model": weights(), "optimizer": {"m": np.ones(3, np.float32)}}, "net")
        self.assertEqual(list(self.repository.load("net/*.bias")), ["layer.bias"])
        self.assertEqual(list(self.repository.load("net", tensors="*.weight")), ["layer.weight"])
        self.assertIn("optimizer.m", self.repository.load("net", roles=()))
        with self.assertRaisesRegex(ValueError, "wheel"):
            self.repository.load("net", roles=["wheel"])
        np.savez(self.folder / "one.npz", w=np.ones(3))
        np.savez(self.folder / "two.npz", w=np.zeros(3))
        self.repository.commit([self.folder / "one.npz", self.folder / "two.npz"], "pair")
        self.assertEqual(sorted(self.repository.load("pair")), ["one.npz//w", "two.npz//w"])

    def test_lossy_versions_are_made_on_demand_beside_the_exact_ones(self):
        self.repository.commit(weights(rows=300), "net")
        exact = weights(rows=300)["layer.weight"]
        preview = self.repository.quantize("net", "fixed:8")
        self.assertIsNone(preview["version"])
        self.assertEqual(len(self.repository.versions()), 1)
        made = self.repository.quantize("net", "bf16", model="small", execute=True)
        self.assertEqual(made["version"].reference, "small:v1")
        rounded = self.repository.load("small")["layer.weight"]
        bits = exact.view(np.uint32).astype(np.uint64)  # to nearest, ties to even, by integers
        want = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)
        np.testing.assert_array_equal(rounded, want)
        self.assertEqual(made["tensors"]["layer.weight"]["max_error"], np.abs(exact.astype(np.float64) - want).max())
        np.testing.assert_array_equal(self.repository.load("net")["layer.weight"], exact)
        with self.assertRaisesRegex(Exception, "int3"):
            self.repository.quantize("net", "int3")

    def test_threads_read_together(self):
        self.repository.commit(weights(rows=3000), "net")
        failures = []

        def read():
            for _ in range(5):
                got = self.repository.load("net")
                if not np.array_equal(got["layer.weight"], weights(rows=3000)["layer.weight"]):
                    failures.append("other values")

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class Lineage(WithRepository):
    def setUp(self):
        super().setUp()
        self.repository.commit(weights(0), "base", parent=None)
        self.repository.commit(weights(1), "base")
        self.repository.commit(weights(2), "tuned", parent="base:v1", relation="finetune")
        self.repository.commit(weights(3), "merged", parent=["base:v2", "tuned:v1"], relation="merge")

    def test_ranges_are_walked_nearest_first(self):
        names = lambda versions: [str(version) for version in versions]  # noqa: E731
        self.assertEqual(names(self.repository.parents("merged")), ["base:v2", "tuned:v1"])
        self.assertEqual(names(self.repository.ancestors("merged")), ["base:v2", "tuned:v1", "base:v1"])
        self.assertEqual(names(self.repository.ancestors("merged", depth=1)), ["base:v2", "tuned:v1"])
        self.assertEqual(names(self.repository.ancestors("merged", relation="finetune")), [])
        self.assertEqual(names(self.repository.descendants("base:v1", relation="finetune")), ["tuned:v1"])
        self.assertEqual(set(names(self.repository.descendants("base:v1"))), {"base:v2", "tuned:v1", "merged:v1"})
        self.assertEqual(str(next(self.repository.ancestors("merged"))), "base:v2")
        self.assertEqual(len(self.repository.log("merged")), 4)

    def test_lineage_knows_depth_relation_and_common_ancestors(self):
        lineage = self.repository.lineage()
        steps = lineage.ancestors("merged")
        first = next(steps)
        self.assertEqual((str(first), first.depth, first.relation), ("base:v2", 1, "merge"))
        del lineage  # the range keeps it
        self.assertEqual([str(step) for step in steps], ["tuned:v1", "base:v1"])
        lineage = self.repository.lineage()
        self.assertEqual([str(step) for step in lineage.descendants("base:v1", relations=["finetune"])], ["tuned:v1"])
        self.assertEqual([str(step) for step in lineage.ancestors("merged", first_parents=True)], ["base:v2", "base:v1"])
        self.assertEqual([str(version) for version in lineage.common_ancestors("base:v2", "tuned")], ["base:v1"])
        self.assertEqual([str(version) for version in lineage.path("base:v2", "tuned")], ["base:v2", "base:v1", "tuned:v1"])
        self.assertEqual([(str(edge.child), str(edge.parent)) for edge in lineage.edges("tuned")][0], ("tuned:v1", "base:v1"))
        self.assertEqual({str(line.version) for line in lineage.blame("merged")}, {"merged:v1", "base:v1"})
        self.assertIn("digraph", lineage.dot())
        with self.assertRaises(dlv.NotFoundError):
            lineage.metric_along("merged", "val_acc")
        with self.assertRaises(ValueError):
            lineage.ancestors("merged", relations=["cousin"])

    def test_no_parent_where_none_is_wanted(self):
        for parent in (None, False):
            self.repository.commit(weights(9), f"alone{parent}", parent=parent)
            self.assertEqual(self.repository.parents(f"alone{parent}"), [])


class Differences(WithRepository):
    def test_figures_agree_with_numpy(self):
        before, after = weights(0), weights(0)
        after["layer.weight"] = after["layer.weight"] + np.float32(0.01) * weights(1)["layer.weight"]
        self.repository.commit(before, "net", hparams={"lr": 0.1, "batch": 8}, metrics={"acc": 0.5})
        self.repository.commit({**after, "extra": np.ones(2)}, "net", hparams={"lr": 0.2, "batch": 8}, metrics={"acc": 0.75})
        diff = self.repository.diff("net:v1", "net:v2", histograms=True)
        self.assertTrue(diff.different)
        self.assertEqual(diff.counts, {"identical": 1, "reshaped": 0, "changed": 1, "resized": 0, "added": 1, "removed": 0, "renamed": 0})
        self.assertEqual((diff.hparams, diff.metrics), ({"lr": ("0.1", "0.2")}, {"acc": (0.5, 0.75)}))
        change = next(tensor for tensor in diff.tensors if tensor.kind == "changed")
        a, b = before[change.name].astype(float), after[change.name].astype(float)
        self.assertAlmostEqual(change.figures.relative, np.linalg.norm(b - a) / np.linalg.norm(a), places=12)
        self.assertAlmostEqual(change.figures.cosine, (a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b), places=12)
        self.assertAlmostEqual(change.figures.max_difference, np.abs(b - a).max(), places=12)
        self.assertEqual(sum(change.figures.histogram[1]), a.size)
        rough = self.repository.diff("net:v1", "net:v2", depth="estimate")
        self.assertLess(rough.read_bytes, diff.read_bytes)
        self.assertEqual(self.repository.diff("net:v1", "net:v2", depth="ids").read_bytes, 0)
        with self.assertRaises(ValueError):
            self.repository.diff("net:v1", "net:v2", depth="deep")


class Names(WithRepository):
    def test_aliases_and_tags(self):
        self.repository.commit(weights(0), "net")
        self.repository.commit(weights(1), "net")
        self.assertEqual(self.repository.alias("best", "net:v1").after, 1)
        move = self.repository.alias("best", "net:v2")
        self.assertEqual((move.before, move.after), (1, 2))
        self.assertEqual(self.repository.resolve("net:best").reference, "net:v2")
        self.repository.tag("net", "shipped", dataset="mnist")
        self.assertEqual(self.repository.describe("net").version.tags, {"shipped": "", "dataset": "mnist"})
        self.repository.untag("net", "shipped")
        self.repository.unalias("net", "best")
        with self.assertRaises(dlv.NotFoundError):
            self.repository.resolve("net:best")

    def test_remove_and_gc(self):
        self.repository.commit(weights(0), "net", parent=None)
        self.repository.commit(weights(1), "net", parent=None)
        self.assertEqual(self.repository.remove("net:v1", dry_run=True)["removed"], ["net:v1"])
        self.repository.remove("net:v1")
        self.assertEqual([str(version) for version in self.repository.versions()], ["net:v2"])
        self.assertFalse(self.repository.gc()["executed"])
        self.assertTrue(self.repository.gc(execute=True, grace_days=0)["executed"])
        self.assertEqual(self.repository.verify(full=True), [])
        self.assertGreater(self.repository.usage()["total_bytes"], 0)


class Errors(WithRepository):
    def test_classes_codes_and_hints(self):
        self.repository.commit(weights(), "lenet")
        with self.assertRaises(dlv.NotFoundError) as caught:
            self.repository.load("lenett")
        self.assertEqual((caught.exception.code, caught.exception.exit_code), ("NOT_FOUND", 3))
        self.assertIn("lenet", caught.exception.hint)
        self.assertIn("lenett", str(caught.exception))
        self.assertIsInstance(caught.exception, dlv.Error)
        self.assertIsInstance(caught.exception, LookupError)
        with self.assertRaises(dlv.ConflictError) as conflict:
            dlv.init(self.folder)
        self.assertEqual(conflict.exception.exit_code, 4)
        with self.assertRaises(dlv.ReferenceSyntaxError):
            self.repository.load('lenet/"open')
        with self.assertRaises(dlv.InvalidArgumentError):
            self.repository.commit(weights(), "bad name")
        with self.assertRaises(dlv.NotFoundError):
            dlv.open("/")

    def test_a_pickle_that_calls_is_refused(self):
        class Evil:
            def __reduce__(self):
                return (os.system, ("touch " + str(path) + ".ran",))

        path = self.folder / "evil.npy"
        np.save(path, np.array({"w": Evil()}, dtype=object), allow_pickle=True)
        with self.assertRaises(dlv.UnsafeInputError) as caught:
            self.repository.commit(path, "evil")
        self.assertEqual(caught.exception.exit_code, 9)
        self.assertFalse(pathlib.Path(str(path) + ".ran").exists())

    def test_wrong_words(self):
        for arguments in [{"relation": "cousin"}, {"metrics": {"loss": []}}]:
            with self.assertRaises(ValueError):
                self.repository.commit(weights(), "net", **arguments)
        with self.assertRaises(ValueError):
            self.repository.load("net", framework="jax")

    def test_control_c_stops_a_long_call_and_leaves_nothing(self):
        state = {f"w{i}": RANDOM.normal(size=(1000, 1000)).astype(np.float32) for i in range(12)}
        pressed = []

        def press(*_):
            if not pressed:
                pressed.append(True)
                signal.raise_signal(signal.SIGINT)

        with self.assertRaises(KeyboardInterrupt):
            self.repository.commit(state, "net", progress=press, threads=1)
        self.assertEqual(self.repository.models(), [])
        self.assertEqual(self.repository.verify(), [])


class BesideTheCommandLine(WithRepository):
    def test_both_see_the_same(self):
        program = os.environ.get("DLV_PROGRAM")
        if not program:
            self.skipTest("DLV_PROGRAM names no dlv")
        self.repository.commit(weights(), "net", message="from Python")
        shown = subprocess.run([program, "-C", str(self.folder), "log", "--oneline"], capture_output=True, text=True, check=True)
        self.assertIn("from Python", shown.stdout)
        subprocess.run([program, "-C", str(self.folder), "tag", "net", "seen"], check=True, capture_output=True)
        self.assertEqual(self.repository.describe("net").version.tags, {"seen": ""})


if __name__ == "__main__":
    unittest.main()
