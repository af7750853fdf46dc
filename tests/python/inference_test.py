"""Networks that run, and evaluations, from Python."""

import os
import pathlib
import shutil
import signal
import subprocess
import threading
import unittest

from support import WithRepository, needs_torch, np, torch

import dlv

DATASETS = pathlib.Path(__file__).resolve().parents[2] / "datasets/lenet_fashion"
IMAGES = DATASETS / "fashion-eval-images-idx3-ubyte.gz"
STEPS = "scale=1/255,mean=0.286,std=0.353"

TWO = """network "two" {
  operators "" 13
  input a: f32 [?, 3]
  input b: f32 [?, 3]
  parameter w: f32 [2, 3]
  node sum = Add(@a, @b)
  node fc = Gemm(sum, $w) { transB = 1 }
  output total = sum
  output scores = fc
}
"""

TOKENS = """network "tokens" {
  operators "" 13
  input ids: i64 [?, 3]
  parameter table: f32 [6, 2]
  constant 0 = i64 [1] (1)
  node rows = Gather($table, @ids)
  node sum = ReduceSum(rows, #0) { keepdims = 0 }
  output scores = sum
}
"""


def images(count):
    """The first images, as the network takes them."""
    import gzip

    with gzip.open(IMAGES) as file:
        raw = np.frombuffer(file.read(16 + 784 * count), np.uint8, offset=16)
    pixels = raw.reshape(count, 1, 28, 28).astype(np.float64)
    return ((pixels * (1 / 255) - 0.286) / 0.353).astype(np.float32)


class Sessions(WithRepository):
    def setUp(self):
        super().setUp()
        self.repository.commit(DATASETS / "lenet_step_002000.pt", "lenet", graph=DATASETS / "lenet.onnx")
        self.x = images(32)

    def test_run(self):
        session = self.repository.session("lenet")
        self.assertEqual(session.inputs[0].dtype, "f32")
        self.assertEqual(session.inputs[0].shape[1:], (1, 28, 28))
        self.assertEqual(len(session.outputs), 1)
        scores = session.run(self.x)
        self.assertEqual((scores.shape, scores.dtype), ((32, 10), np.float32))
        self.assertTrue(scores.flags.writeable)
        np.testing.assert_array_equal(session.run({session.inputs[0].name: self.x}), scores)
        np.testing.assert_array_equal(session.run(**{session.inputs[0].name: self.x}), scores)
        np.testing.assert_array_equal(session.run([self.x][0][:5]), session.run(self.x[:5]))
        np.testing.assert_allclose(session.run(self.x.astype(np.float64)), scores, rtol=1e-5, atol=1e-5)
        flipped = np.ascontiguousarray(self.x[::-1])
        np.testing.assert_array_equal(session.run(self.x[::-1]), session.run(flipped))  # strides below zero
        self.assertEqual(session.run(np.zeros((3, 1, 28, 28), np.uint8)).shape, (3, 10))

    def test_outputs_outlive_the_session(self):
        scores = self.repository.session("lenet").run(self.x)
        again = self.repository.session("lenet").run(self.x)
        np.testing.assert_array_equal(scores, again)

    def test_planes(self):
        whole = self.repository.session("lenet").run(self.x)
        rough = self.repository.session("lenet", planes=12).run(self.x)
        self.assertFalse(np.array_equal(whole, rough))
        self.assertLess(np.max(np.abs(whole - rough)) / np.max(np.abs(whole)), 0.3)

    def test_predict(self):
        session = self.repository.session("lenet")
        scores = session.run(self.x)
        found = session.predict(self.x, top=3)
        np.testing.assert_array_equal(found.labels, scores.argmax(axis=1))
        np.testing.assert_array_equal(found.classes, np.argsort(-scores, axis=1, kind="stable")[:, :3])
        self.assertEqual(found.statuses, ["computed"] * 32)
        self.assertFalse(found.proved.any())
        self.assertEqual(found[0].classes, tuple(found.classes[0]))
        self.assertEqual(len(found[:4]), 4)
        np.testing.assert_allclose(session.predict(self.x).margins, np.diff(np.sort(scores, axis=1)[:, -2:])[:, 0], rtol=1e-4)

    def test_predict_progressively(self):
        plain = self.repository.session("lenet").predict(self.x)
        session = self.repository.session("lenet", progressive=True)
        found = session.predict(self.x)
        np.testing.assert_array_equal(found.labels, plain.labels)
        self.assertTrue(found.proved.all())
        self.assertTrue(all(0 < one.lower_bound <= one.margin for one in found))
        report = session.report
        self.assertEqual((report.inputs, report.proved), (32, 32))
        self.assertLess(report.all_bits.mean, report.all_bits.full)
        self.assertIn(report.precision, ("f32", "f64"))
        self.assertEqual([set(one.classes) for one in session.predict(self.x[:4], top=2)],
                         [set(row) for row in np.argsort(-self.repository.session("lenet").run(self.x[:4]), axis=1)[:, :2].tolist()])
        self.assertEqual(session.report.inputs, 32)
        guessed = self.repository.session("lenet", progressive=True, stop="heuristic", tau=4).predict(self.x)
        self.assertIn("heuristic", guessed.statuses)
        self.assertFalse(guessed.proved[[status == "heuristic" for status in guessed.statuses]].any())
        shallow = self.repository.session("lenet", progressive=True, planes_max=9).predict(self.x)
        self.assertLessEqual(set(shallow.statuses), {"certified", "heuristic"})

    def test_nan(self):
        x = self.x[:3].copy()
        x[1, 0, 3, 3] = np.nan
        found = self.repository.session("lenet").predict(x)
        self.assertEqual((found[1].classes, found[1].label), ((), -1))
        self.assertEqual(found.classes.shape, (3, 1))
        proved = self.repository.session("lenet", progressive=True).predict(x)
        self.assertEqual((proved[1].status, proved[1].reason, proved[1].label), ("computed", "not a number", -1))
        self.assertTrue(proved[0].proved and proved[2].proved)

    def test_several_inputs_and_outputs(self):
        (self.folder / "two.dlvnet").write_text(TWO)
        weights = np.arange(6, dtype=np.float32).reshape(2, 3)
        result = self.repository.commit({"w": weights}, "two", graph=self.folder / "two.dlvnet")
        self.assertEqual(result.warnings, [])
        session = self.repository.session("two")
        a, b = np.ones((2, 3), np.float32), np.full((2, 3), 2, np.float32)
        for outputs in (session.run({"b": b, "a": a}), session.run(a=a, b=b), session.run([a, b])):
            self.assertEqual(list(outputs), ["total", "scores"])
            np.testing.assert_array_equal(outputs["scores"], (a + b) @ weights.T)
        with self.assertRaisesRegex(dlv.InvalidArgumentError, "want a, b"):
            session.run({"a": a})
        with self.assertRaises(TypeError):
            session.run(a, b=b)

    def test_whole_numbers(self):
        (self.folder / "tokens.dlvnet").write_text(TOKENS)
        weights = np.arange(12, dtype=np.float32).reshape(6, 2)
        self.repository.commit({"table": weights}, "tokens", graph=self.folder / "tokens.dlvnet")
        ids = np.array([[0, 5, 1], [2, 2, 4]])
        for progressive in (False, True):
            session = self.repository.session("tokens", progressive=progressive)
            self.assertEqual(session.inputs[0], ("ids", "i64", (None, 3)))
            np.testing.assert_array_equal(session.run(ids), weights[ids].sum(axis=1))
            np.testing.assert_array_equal(session.run(ids=ids.astype(np.float32)), weights[ids].sum(axis=1))
            np.testing.assert_array_equal(session.predict(ids).labels, [1, 1])
            with self.assertRaisesRegex(dlv.InvalidArgumentError, "0.5 at 0, want whole numbers, i64"):
                session.run(ids + 0.5)
            with self.assertRaisesRegex(dlv.InvalidArgumentError, "want none beyond 2"):
                session.predict(ids + (1 << 40))
        result = self.repository.evaluate("tokens", (ids, [1, 0]), metrics="top1")
        self.assertEqual(result["top1"], 0.5)
        self.assertGreater(result.peak_bytes, 0)

    def test_errors(self):
        session = self.repository.session("lenet")
        with self.assertRaises(dlv.InvalidArgumentError) as caught:
            session.run(np.zeros((2, 1, 27, 28), np.float32))
        self.assertIn("27", str(caught.exception))
        self.assertRaises(dlv.InvalidArgumentError, session.predict, self.x, top=11)
        self.assertRaises(ValueError, session.predict, self.x, top=0)
        self.assertRaises(TypeError, session.run, np.array(["a"]))
        self.assertRaises(TypeError, session.run, np.zeros((1, 1, 28, 28), np.complex64))
        self.assertRaises(dlv.NotFoundError, self.repository.session, "nobody")
        self.assertRaises(ValueError, self.repository.session, "lenet", stop="now")
        self.assertRaises(dlv.InvalidArgumentError, self.repository.session, "lenet", planes=65)
        self.repository.commit({"w": np.zeros(3, np.float32)}, "bare", parent=None)
        self.assertRaises(dlv.NotFoundError, self.repository.session, "bare")

    def test_threads(self):
        session = self.repository.session("lenet")
        wanted, found = session.run(self.x), []
        threads = [threading.Thread(target=lambda: found.append(session.run(self.x))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in found:
            np.testing.assert_array_equal(one, wanted)
        self.assertEqual(len(found), 4)

    @needs_torch
    def test_torch(self):
        scores = self.repository.session("lenet").run(torch.from_numpy(self.x))
        np.testing.assert_array_equal(scores, self.repository.session("lenet").run(self.x))


class Evaluations(WithRepository):
    def setUp(self):
        super().setUp()
        for step in ("001800", "002000"):
            self.repository.commit(DATASETS / f"lenet_step_{step}.pt", "lenet", graph=DATASETS / "lenet.onnx")

    def test_evaluate(self):
        result = self.repository.evaluate("lenet", DATASETS, preprocess=STEPS, confusion=True)
        self.assertEqual((result.reference, result.format, result.examples), ("lenet:v2", "idx", 1000))
        self.assertEqual(result["top1"], 0.854)
        self.assertEqual(list(result.metrics), ["top1", "loss"])
        self.assertEqual(result.confusion.shape, (10, 10))
        self.assertEqual(int(np.trace(result.confusion)), 854)
        self.assertEqual(sum(one.right for one in result.classes), 854)
        self.assertAlmostEqual(result.classes[3].recall, result.confusion[3, 3] / result.confusion[3].sum())
        both = self.repository.evaluate(["lenet:v1", "lenet:v2"], DATASETS, metrics="top1", limit=100)
        self.assertEqual([one.reference for one in both], ["lenet:v1", "lenet:v2"])
        self.assertEqual(both[1].preprocess, STEPS)  # remembered
        self.assertEqual(both[0].confusion, None)
        self.assertEqual(self.repository.evaluate(self.repository.versions("lenet")[0], DATASETS, limit=9).examples, 9)

    def test_save(self):
        self.repository.evaluate("lenet", IMAGES, preprocess=STEPS, metrics=["top1"], limit=100, save=True)
        found = self.repository.query("select e.metric, e.value from evaluations e").one()
        self.assertEqual(found[0], "top1")

    def test_arrays(self):
        x = images(60)
        labels = self.repository.session("lenet").predict(x).labels
        labels[:6] = (labels[:6] + 1) % 10
        result = self.repository.evaluate("lenet", (x, labels), preprocess="", metrics="top1")
        self.assertEqual(result["top1"], 0.9)
        with self.assertRaises(ValueError):
            self.repository.evaluate("lenet", (x, labels), save=True)
        with self.assertRaises(dlv.InvalidArgumentError):
            self.repository.evaluate("lenet", x, preprocess="")  # no labels
        labels[0] = 10
        with self.assertRaises(dlv.InvalidArgumentError):
            self.repository.evaluate("lenet", (x, labels), preprocess="")
        with self.assertRaises(TypeError):
            self.repository.evaluate("lenet", ({"a": 1}, labels))

    def test_progressive(self):
        shutil.copy(IMAGES, self.folder / "images-idx3.gz")
        shutil.copy(str(IMAGES).replace("images-idx3", "labels-idx1"), self.folder / "labels-idx1.gz")
        proofs = self.folder / "proofs.jsonl"
        seen = []
        result = self.repository.evaluate_progressive(
            "lenet", self.folder / "images-idx3.gz", preprocess=STEPS, calibrate=IMAGES, calibrate_limit=64, limit=40,
            certificate=proofs, materialised=True, progress=lambda stage, done, total: seen.append(stage))
        run = result.run
        self.assertEqual((run.inputs, run.proved + run.computed, run.plain_differences), (40, 40, 0))
        self.assertEqual(run.steps[0].inputs, 40)
        self.assertEqual(run.steps[0].left, run.steps[1].inputs)
        self.assertLess(run.plane_bits.mean, run.all_bits.mean)
        self.assertGreater(run.delta_tensors, 0)
        self.assertLess(run.materialised.plane_bits.mean, run.plane_bits.mean)
        self.assertEqual((run.precision, run.stopped_by), ("f64", ""))
        self.assertEqual(sum(run.reasons.values()), run.computed)
        self.assertTrue(0 < run.opening_bytes <= run.fetched_bytes)
        self.assertEqual(len(result.data_sha256), 64)
        self.assertGreater(run.peak_bytes, 40 * 784 * 4)
        self.assertEqual(result.peak_bytes, run.peak_bytes)
        self.assertIn("evaluating", seen)
        checked = self.repository.verify_certificate(proofs)
        self.assertTrue(checked)
        self.assertEqual((checked.inputs, checked.proved, checked.notices), (40, run.proved, []))
        proofs.write_text(proofs.read_text().replace('"program":"', '"program":"not ', 1))
        checked = self.repository.verify_certificate(proofs)
        self.assertTrue(checked)
        self.assertEqual(len(checked.notices), 1)
        proofs.write_text(proofs.read_text().replace('"classes":[', '"classes":[1', 1))
        self.assertFalse(self.repository.verify_certificate(proofs))
        with self.assertRaises(ValueError):
            self.repository.evaluate_progressive("lenet", (images(2), [1, 2]), certificate=proofs)

    def test_prepare(self):
        prepared = self.repository.prepare_progressive("lenet", calibrate=images(40), preprocess="")
        self.assertEqual(prepared[0].calibration_examples, 40)
        self.assertGreater(len(prepared[0].steps), 1)
        x = images(8)
        labels = self.repository.session("lenet").predict(x).labels
        result = self.repository.evaluate_progressive("lenet", (x, labels), preprocess="", top=2, compare=False)
        self.assertEqual((result["top2"], result.run.plain_seconds), (1.0, 0.0))
        run = self.repository.evaluate_progressive("lenet", (x, labels), preprocess="", top=10, compare=False).run
        self.assertEqual((run.computed, run.reasons), (8, {"no class outside": 8}))

    def test_by_significance(self):
        program = os.environ.get("DLV_PROGRAM")
        if not program:
            self.skipTest("DLV_PROGRAM names no dlv")
        x = images(40)
        labels = self.repository.session("lenet:v1").predict(x).labels

        def run():
            repository = dlv.open(self.folder)  # finds tensors where they are now
            return repository.evaluate_progressive("lenet:v1", (x, labels), preprocess="", calibrate=x[:8], compare=False).run

        planes = run()
        subprocess.run([program, "-C", str(self.folder), "archive", "--layout", "significance", "--yes", "lenet:v1"], check=True,
                       capture_output=True)
        steps = run()
        self.assertFalse(any(level.by_significance for step in planes.steps for level in step.levels))
        self.assertTrue(any(level.by_significance for step in steps.steps for level in step.levels))
        self.assertEqual(planes.proved, steps.proved)

    def test_ctrl_c(self):
        def stop(*_):
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, stop)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with self.assertRaises(KeyboardInterrupt):
                for _ in range(200):
                    self.repository.evaluate("lenet", DATASETS, preprocess=STEPS)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(self.repository.evaluate("lenet", DATASETS, limit=10, preprocess=STEPS).examples, 10)


if __name__ == "__main__":
    unittest.main()
