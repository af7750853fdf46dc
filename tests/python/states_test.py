"""Nested states become named tensors and come back nested."""

import math
import unittest

import numpy as np

from support import WithRepository, needs_torch, torch

from dlv import states

ONE, TWO = np.ones(2, np.float32), np.full(3, 2, np.float32)


class Flattening(unittest.TestCase):
    def test_a_flat_state_needs_no_structure(self):
        flat = states.flatten({"a": ONE, "bn.running_mean": TWO})
        self.assertIsNone(flat.structure)
        self.assertEqual([(name, role) for name, role, _ in flat.tensors], [("a", "parameter"), ("bn.running_mean", "buffer")])

    def test_a_nested_state_comes_back(self):
        state = {
            "model": {"a.weight": ONE, "a.bias": TWO},
            "optimizer": {"state": {0: {"exp_avg": ONE, "step": 7}}, "param_groups": [{"lr": 0.1, "betas": (0.9, 0.99), "params": [0]}]},
            "epoch": 3, "best": None, "done": False, "note": "ä", "worst": math.inf, "broken": math.nan,
        }
        flat = states.flatten(state)
        named = {name: array for name, _, array in flat.tensors}
        self.assertEqual(list(named), ["a.weight", "a.bias", "optimizer.state.0.exp_avg"])
        self.assertEqual(dict((name, role) for name, role, _ in flat.tensors)["optimizer.state.0.exp_avg"], "optimizer")
        back = states.nest(flat.structure, named)
        self.assertIs(back["model"]["a.weight"], ONE)
        self.assertTrue(math.isnan(back.pop("broken")) and math.isnan(state.pop("broken")))
        self.assertEqual({**back, "model": 0, "optimizer": 0}, {**state, "model": 0, "optimizer": 0})
        self.assertEqual(back["optimizer"]["param_groups"], state["optimizer"]["param_groups"])
        self.assertIs(back["optimizer"]["state"][0]["exp_avg"], ONE)

    def test_without_optimizer(self):
        flat = states.flatten({"model": {"a": ONE}, "optimizer": {"m": TWO}}, optimizer=False)
        self.assertEqual([name for name, *_ in flat.tensors], ["a"])

    def test_what_cannot_be_kept(self):
        deep = ONE
        for _ in range(80):
            deep = {"x": deep}
        with self.assertRaisesRegex(TypeError, "scheduler.*function"):
            states.flatten({"scheduler": {"fn": lambda: 0}})
        with self.assertRaisesRegex(ValueError, "deeper"):
            states.flatten(deep)
        with self.assertRaisesRegex(ValueError, "two tensors"):
            states.flatten({"model": {"a": ONE}, "a": TWO})
        with self.assertRaisesRegex(TypeError, "tuple"):
            states.flatten({(1, 2): ONE})
        with self.assertRaisesRegex(TypeError, "not a state"):
            states.flatten(3)

    def test_a_damaged_structure_is_refused(self):
        for text in ['{"dlv_state": 2, "state": {}}', "[]", '{"dlv_state": 1, "state": {"odd": 1}}', '{"dlv_state": 1, "state": 5}', "{"]:
            with self.assertRaises(ValueError):
                states.nest(text, {})
        with self.assertRaises(KeyError):
            states.nest('{"dlv_state": 1, "state": {"tensor": "gone"}}', {})


class Committing(WithRepository):
    def test_load_state_gives_the_nesting_back(self):
        state = {"model": {"w": ONE}, "optimizer": {"state": {0: {"m": TWO}}}, "epoch": 4}
        self.repository.commit(state, "net", step=100)
        self.assertEqual(list(self.repository.load("net")), ["w"])
        back = self.repository.load_state("net", framework="numpy")
        np.testing.assert_array_equal(back["optimizer"]["state"][0]["m"], TWO)
        self.assertEqual(back["epoch"], 4)

    @needs_torch
    def test_training_goes_on_where_it_was(self):
        torch.manual_seed(1)
        net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 2))
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

        def train(steps):
            for _ in range(steps):
                optimizer.zero_grad()
                net(torch.ones(3, 4)).pow(2).sum().backward()
                optimizer.step()

        train(3)
        self.repository.commit({"model": net.state_dict(), "optimizer": optimizer.state_dict()}, "net")
        train(2)
        want = {name: tensor.clone() for name, tensor in net.state_dict().items()}
        state = self.repository.load_state("net")
        net.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        train(2)
        for name, tensor in net.state_dict().items():
            self.assertTrue(torch.equal(tensor, want[name]), name)

    @needs_torch
    def test_a_module_is_its_state_dict(self):
        net = torch.nn.BatchNorm1d(3)
        self.repository.commit(net, "norm")
        roles = {tensor.name: tensor.role for tensor in self.repository.describe("norm").tensors}
        self.assertEqual(roles["running_mean"], "buffer")
        self.assertEqual(roles["weight"], "parameter")
        net.load_state_dict(self.repository.load("norm", framework="torch"))


if __name__ == "__main__":
    unittest.main()
