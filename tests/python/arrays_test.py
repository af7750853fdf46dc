"""Arrays in, arrays out: every element type, odd shapes, memory orders."""

import unittest

import numpy as np

from support import WithRepository, needs_torch, torch

import dlv
from dlv import arrays

RANDOM = np.random.default_rng(7)


class NumpyArrays(WithRepository):
    def round_trip(self, state):
        self.repository.commit(state, "m", allow_unchanged=True)
        return self.repository.load("m")

    def test_every_type_and_shape_comes_back(self):
        state = {}
        for dtype, name in arrays.NAMES_OF_NUMPY.items():
            for shape in [(), (0,), (1,), (3, 5), (2, 0, 4), (1000, 70)]:
                count = int(np.prod(shape))
                bits = RANDOM.integers(0, 2 if name == "bool" else 256, count * dtype.itemsize, dtype=np.uint8)
                state[f"{name}.{shape}"] = bits.view(dtype).reshape(shape)
        got = self.round_trip(state)
        self.assertEqual(list(got), list(state))
        for name, array in state.items():
            self.assertEqual(got[name].dtype, array.dtype, name)
            self.assertEqual(got[name].shape, array.shape, name)
            self.assertEqual(got[name].tobytes(), array.tobytes(), name)

    def test_other_byte_and_memory_orders_have_the_same_values(self):
        array = RANDOM.normal(size=(40, 30)).astype(np.float32)
        got = self.round_trip({"big": array.astype(">f4"), "fortran": np.asfortranarray(array), "part": array[::2, ::3], "scalar": array[0, 0]})
        np.testing.assert_array_equal(got["big"], array)
        np.testing.assert_array_equal(got["fortran"], array)
        np.testing.assert_array_equal(got["part"], array[::2, ::3])
        self.assertEqual(got["scalar"].shape, ())

    def test_loaded_arrays_are_writable_and_own_their_memory(self):
        got = self.round_trip({"w": np.ones((4, 4), np.float32)})
        got["w"][0, 0] = 5
        self.assertEqual(self.repository.load("m")["w"][0, 0], 1)

    def test_what_cannot_be_kept_is_named(self):
        for value in [np.array(["a"]), np.array([object()]), np.zeros(3, "M8[s]")]:
            with self.assertRaisesRegex(TypeError, "weird"):
                self.repository.commit({"weird": value}, "m")
        self.assertEqual(self.repository.models(), [])

    def test_planes_leave_the_low_bits_zero(self):
        array = RANDOM.normal(size=(300, 1000)).astype(np.float32)
        self.round_trip({"w": array})
        got = self.repository.load("m", planes=16)["w"]
        np.testing.assert_array_equal(got.view(np.uint32), array.view(np.uint32) & 0xFFFF0000)


class SmallFloats(unittest.TestCase):
    def test_bfloat16_widens_exactly(self):
        bits = np.arange(65536, dtype=np.uint16)
        wide = arrays.widened("bf16", bits)
        np.testing.assert_array_equal(wide.view(np.uint32) >> 16, bits)

    @needs_torch
    def test_eight_bit_floats_widen_as_torch_says(self):
        for name, attribute in [("f8_e4m3", "float8_e4m3fn"), ("f8_e5m2", "float8_e5m2")]:
            if not hasattr(torch, attribute):
                self.skipTest(f"this torch has no {attribute}")
            bits = np.arange(256, dtype=np.uint8)
            want = torch.from_numpy(bits.copy()).view(getattr(torch, attribute)).to(torch.float32).numpy()
            np.testing.assert_array_equal(arrays.widened(name, bits), want)

    def test_known_values_of_e4m3(self):
        got = arrays.widened("f8_e4m3", np.array([0x00, 0x01, 0x38, 0x7E, 0xB8, 0x7F], np.uint8))
        np.testing.assert_array_equal(got, np.array([0, 2**-9, 1, 448, -1, np.nan], np.float32))


class TorchTensors(WithRepository):
    @needs_torch
    def test_every_type_comes_back(self):
        state = {}
        for name, attribute in arrays.TORCH_TYPES.items():
            kind = getattr(torch, attribute, None)
            if kind is None or name == "opaque":
                continue
            bits = RANDOM.integers(0, 2 if name == "bool" else 256, 12 * kind.itemsize if hasattr(kind, "itemsize") else 12 * torch.empty(0, dtype=kind).element_size(), dtype=np.uint8)
            state[name] = torch.from_numpy(bits).view(kind).reshape(3, 4)
        state["scalar"] = torch.tensor(3.5)
        self.repository.commit(state, "m")
        got = self.repository.load("m", framework="torch")
        for name, tensor in state.items():
            self.assertEqual(got[name].dtype, tensor.dtype, name)
            self.assertEqual(got[name].shape, tensor.shape, name)
            self.assertTrue(torch.equal(got[name].reshape(-1).view(torch.uint8), tensor.reshape(-1).view(torch.uint8)), name)

    @needs_torch
    def test_views_gradients_and_sparse_tensors(self):
        weight = torch.randn(6, 8, requires_grad=True)
        self.repository.commit({"w": weight, "t": weight.t(), "c": torch.randn(3, dtype=torch.complex64).conj()}, "m")
        got = self.repository.load("m", framework="torch")
        self.assertTrue(torch.equal(got["t"], weight.detach().t()))
        with self.assertRaisesRegex(TypeError, "sparse"):
            self.repository.commit({"s": torch.eye(3).to_sparse()}, "m")


if __name__ == "__main__":
    unittest.main()
