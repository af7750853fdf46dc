"""Queries, search and networks from Python."""

import datetime
import pathlib
import pickle
import threading
import unittest

from support import WithRepository, np

import dlv

DATASETS = pathlib.Path(__file__).resolve().parents[2] / "datasets/lenet_fashion"


def state(scale):
    return {"conv.weight": np.full((4, 1, 3, 3), scale, "float32"), "fc.weight": np.full((10, 8), scale, "float32")}


class Queries(WithRepository):
    def setUp(self):
        super().setUp()
        for number, acc in enumerate((0.5, 0.8, 0.9), 1):
            self.repository.commit(
                state(number), "lenet", metrics={"val_acc": acc}, hparams={"lr": 0.1 / number}, tags={"stage": f"s{number}"}
            )
        self.repository.commit(state(9), "other", metrics={"val_acc": 0.7}, parent="lenet:v1", relation="finetune")

    def test_rows_are_typed(self):
        result = self.repository.query(
            'select m, m.name, m.number n, m.created, m.metrics["val_acc"] acc, m.tags["stage"] stage '
            'where m.name = "lenet" order by n'
        )
        self.assertEqual([column.name for column in result.columns], ["m", "name", "n", "created", "acc", "stage"])
        self.assertEqual([column.type for column in result.columns], ["version", "text", "integer", "timestamp", "real", "text"])
        row = result[0]
        self.assertIsInstance(row["m"], dlv.VersionReference)
        self.assertEqual((row.m, row["name"], row.n, row["acc"], row.stage), ("lenet:v1", "lenet", 1, 0.5, "s1"))
        self.assertEqual(row.m.id, self.repository.resolve("lenet:v1").id)
        self.assertIsInstance(row.created, datetime.datetime)
        self.assertIsNotNone(row.created.tzinfo)
        self.assertEqual(list(self.repository.load(row.m)), ["conv.weight", "fc.weight"])
        self.assertEqual(len(result), 3)
        self.assertEqual([row.n for row in result], [1, 2, 3])
        self.assertEqual([row.n for row in result[1:]], [2, 3])

    def test_columns_and_dicts(self):
        result = self.repository.query('select m.number n, m.metrics["val_acc"] where m.name = "lenet" order by n')
        name = result.columns[1].name
        self.assertEqual(result["n"], [1, 2, 3])
        self.assertEqual(result.to_dict(), {"n": [1, 2, 3], name: [0.5, 0.8, 0.9]})
        self.assertEqual(result.to_dicts()[2], {"n": 3, name: 0.9})
        self.assertEqual(self.repository.query("select 1 a, 2 a").to_dict(), {"a": [1], "a_2": [2]})
        self.assertRaises(KeyError, result.column, "none")
        self.assertRaises(KeyError, lambda: result[0]["none"])
        self.assertRaises(AttributeError, lambda: result[0].none)
        self.assertIn("0.9", str(result))
        self.assertIn("<td>0.9</td>", result._repr_html_())
        self.assertEqual(pickle.loads(pickle.dumps(result[0])), result[0])

    def test_values(self):
        row = self.repository.query('select null a, true b, m.hparams["lr"] c, m.aliases d where m.reference = "lenet:v1"').one()
        self.assertEqual((row.a, row.b, row.c, row.d), (None, True, 0.1, []))
        self.assertEqual(self.repository.query("select count(*) from versions m").scalar(), 4)
        self.assertRaises(ValueError, self.repository.query("select m").one)
        self.assertFalse(self.repository.query("select m where m.number > 100"))

    def test_parameters(self):
        text = 'select m.number n where m.name = :name and m.metrics["val_acc"] > :limit order by n'
        self.assertEqual(self.repository.query(text, name="lenet", limit=0.6)["n"], [2, 3])
        self.assertEqual(self.repository.query(text, {"name": "lenet", "limit": np.float32(0.85)})["n"], [3])
        found = self.repository.query("select m.reference r where m.number in :numbers and m.name in (:a, :b) order by r",
                                      numbers=[1, 3], a="lenet", b="other")
        self.assertEqual(found["r"], ["lenet:v1", "lenet:v3", "other:v1"])
        first = self.repository.versions("other")[0]
        self.assertEqual(self.repository.query("select m.name where m = :version", version=first).scalar(), "other")
        past = datetime.datetime(2001, 1, 1, tzinfo=datetime.timezone.utc)
        self.assertEqual(len(self.repository.query("select m where m.created > :since", since=past)), 4)

    def test_names_may_be_parameters(self):
        self.assertEqual(self.repository.query('select m.metrics[:metric] x where m = version(:ref)', metric="val_acc", ref="lenet~1")["x"], [0.8])
        self.assertEqual(len(self.repository.query("select x from ancestor(:of) x", of="lenet:v3")), 2)
        self.assertEqual(len(self.repository.query("select m from :models m", models="len*")), 3)

    def test_prepared(self):
        prepared = self.repository.prepare('select m.number n where m.metrics["val_acc"] > :limit and m.name = "lenet"')
        self.assertEqual(prepared.parameters, ["limit"])
        self.assertEqual(prepared.columns, [("n", "integer")])
        self.assertEqual([len(prepared(limit=limit)) for limit in (0.0, 0.6, 0.85, 1)], [3, 2, 1, 0])
        self.repository.commit(state(20), "lenet", metrics={"val_acc": 0.95})
        self.assertEqual(len(prepared.run(limit=0.85)), 2)

    def test_errors_say_where(self):
        with self.assertRaises(dlv.QuerySyntaxError) as caught:
            self.repository.query("select m\nwhere m.name == 'x'")
        self.assertEqual((caught.exception.line, caught.exception.column, caught.exception.exit_code), (2, 14, 2))
        self.assertIn("^~", str(caught.exception))
        with self.assertRaises(dlv.NotFoundError) as caught:
            self.repository.query('select m where m.metrics["val_ac"] > 1')
        self.assertEqual((caught.exception.line, caught.exception.column, caught.exception.length), (1, 26, 8))
        self.assertEqual((caught.exception.exit_code, caught.exception.code), (3, "NOT_FOUND"))
        self.assertIn("val_acc", caught.exception.hint)
        with self.assertRaises(dlv.InvalidArgumentError):
            self.repository.query("select m where m.number = :n")
        with self.assertRaises(dlv.NotFoundError):
            self.repository.query("select m where m.number = :n", n=1, k=2)
        with self.assertRaises(dlv.InvalidArgumentError) as caught:
            self.repository.query("select m where m.number = :n", n="one")
        self.assertIn("want integer", str(caught.exception))
        self.assertRaises(TypeError, self.repository.query, "select m where m.number = :n", n=object())
        self.assertIsNone(dlv.NotFoundError("x").line)

    def test_writing_is_asked_for(self):
        with self.assertRaises(dlv.InvalidArgumentError):
            self.repository.query("create query q as select m")
        made = self.repository.query('create query good as select m where m.metrics["val_acc"] > 0.75', write=True)
        self.assertEqual((made.message, len(made)), ("stored query good", 0))
        self.assertEqual(len(self.repository.query('select m from "good" m')), 2)

    def test_explain(self):
        lines = self.repository.query("explain analyze select m").explain
        self.assertEqual(lines[0].depth, 0)
        self.assertEqual(lines[0].rows, 4)

    def test_threads_take_turns(self):
        counts = []
        run = lambda: counts.append(len(self.repository.query("select m where norm(m.tensors[\"fc.weight\"]) > 1")))  # noqa: E731
        threads = [threading.Thread(target=run) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [4] * 8)

    def test_pandas(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = self.repository.query("select m.name, m.number n").to_pandas()
        self.assertEqual(list(frame.columns), ["name", "n"])

    def test_blame(self):
        self.assertEqual({line.version.reference for line in self.repository.blame("lenet:v3")}, {"lenet:v3"})


class Networks(WithRepository):
    def setUp(self):
        super().setUp()
        self.repository.commit(DATASETS / "lenet.onnx", "lenet")

    def test_network(self):
        network = self.repository.network("lenet")
        self.assertIsInstance(network, dlv.Network)
        self.assertEqual(len(network), 12)
        self.assertEqual([node.name for node in network][:3], ["conv1", "relu1", "pool1"])
        conv = network["conv1"]
        self.assertEqual((conv.op, conv.shape), ("Conv", (None, 6, 28, 28)))
        self.assertEqual(conv.attributes["kernel_shape"], [5, 5])
        self.assertEqual(conv.parameters, ["conv1.weight", "conv1.bias"])
        self.assertEqual(network["relu1"].inputs, ["conv1"])
        self.assertEqual(network.inputs, [("input", "f32", (None, 1, 28, 28))])
        self.assertEqual(network.outputs, [("logits", "fc3")])
        self.assertEqual(network.bindings[0], ("conv1.weight", "conv1.weight", "name"))
        self.assertEqual(network.file, "lenet.onnx")
        self.assertTrue(network.dot().startswith("digraph"))
        self.assertIn("conv1", network.text())
        self.assertRaises(KeyError, lambda: network["none"])
        node = next(iter(self.repository.network("lenet")))  # outlives its network
        self.assertEqual(node.name, "conv1")

    def test_slices(self):
        made = self.repository.query(
            'slice f from "lenet" m mutate f.input = m["conv1"] and f.output = m["fc1"] save as "features"', write=True
        )
        self.assertEqual(made.saved, ["features:v1"])
        self.assertEqual([node.name for node in made.networks[0].network][-1], "fc1")
        self.assertEqual(made.networks[0].tensors["fc1.weight"], "lenet:v1/fc1.weight")
        difference = self.repository.diff_networks("lenet", "features")
        self.assertEqual((difference.identical, difference.added), (False, []))
        self.assertEqual(difference.removed[-1], "fc3 (Gemm)")

    def test_nodes_in_rows(self):
        node = self.repository.query('select n from nodes n where n.op = "Conv" order by n.index limit 1').scalar()
        self.assertEqual(node, dlv.NodeReference("lenet:v1", "conv1", "Conv"))
        self.assertEqual(str(node), "lenet:v1/conv1")
        self.assertEqual(self.repository.query('select m["conv*"] c where m[:s].next has POOL(:kind)', s="relu*", kind="MAX").scalar()[1].name,
                         "conv2")

    def test_search(self):
        self.repository.commit({"w": np.zeros(3, "float32")}, "plain", message="nothing like it")
        hits = self.repository.search(arch="Conv->Relu->MaxPool")
        self.assertEqual([str(hit) for hit in hits], ["lenet:v1"])
        self.assertTrue(hits[0].reasons)
        self.assertEqual([hit.version.model for hit in self.repository.search("nothing")], ["plain"])
        self.assertEqual(self.repository.search("nothing like", limit=1)[0].version.reference, "plain:v1")
        self.assertRaises(dlv.NotFoundError, self.repository.search, like="none")
        self.assertRaises(dlv.NotFoundError, self.repository.network, "plain")


if __name__ == "__main__":
    unittest.main()
