"""Small synthetic checkpoints, each with a trait that files of other people have: zeros, few values, copies, narrow casts, ...

Every class is a function that returns the versions of one model as a list of {name: array}. An array of type uint16 whose name ends
in `:bf16` is taken as bf16, one of uint8 whose name ends in `:f8` as f8_e4m3. Needs NumPy alone; all randomness is from SEED.
"""

import numpy

import series

SEED = 20
LAYERS = (("layers.{}.attention.weight", (256, 256)), ("layers.{}.mlp.weight", (768, 256)), ("layers.{}.mlp.bias", (768,)),
          ("layers.{}.norm.weight", (256,)))
CLASSES = {}


def value_class(function):
    CLASSES[function.__name__] = function
    return function


def weights(random, layers=2, scale=0.05):
    """A dense network: normal matrices, whose rows differ in scale as those of trained ones do."""
    result = {}
    for layer in range(layers):
        for name, shape in LAYERS:
            rows = numpy.exp(0.3 * random.standard_normal((shape[0],) + (1,) * (len(shape) - 1)))
            values = scale * rows * random.standard_normal(shape)
            result[name.format(layer)] = (1 + values if "norm" in name else values).astype(numpy.float32)
    return result


def each(tensors, change):
    return {name: change(tensor) for name, tensor in tensors.items()}


def step(tensors, random, size=1e-4):
    """A training step: every weight moves by about the same absolute amount."""
    return each(tensors, lambda t: (t + size * random.standard_normal(t.shape)).astype(t.dtype))


def bf16(tensor):
    bits = tensor.astype(numpy.float32).view(numpy.uint32)
    return ((bits + numpy.uint32(0x7FFF) + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)


def as_bf16(tensors):
    return {name + ":bf16": bf16(tensor) for name, tensor in tensors.items()}


def widened_bf16(tensor):
    return (bf16(tensor).astype(numpy.uint32) << 16).view(numpy.float32)


@value_class
def dense_f32(random):
    return [weights(random)]


@value_class
def dense_f16(random):
    return [each(weights(random), lambda t: t.astype(numpy.float16))]


@value_class
def dense_bf16(random):
    return [as_bf16(weights(random))]


@value_class
def dense_f64(random):
    return [each(weights(random, 1), lambda t: t.astype(numpy.float64) * (1 + 1e-9 * random.standard_normal(t.shape)))]


@value_class
def f64_from_f32(random):
    return [each(weights(random, 1), lambda t: t.astype(numpy.float64))]


@value_class
def f32_from_f16(random):
    return [each(weights(random), lambda t: t.astype(numpy.float16).astype(numpy.float32))]


@value_class
def f32_from_bf16(random):
    return [each(weights(random), widened_bf16)]


@value_class
def half_of_it_from_bf16(random):
    return [{name: widened_bf16(t) if "mlp" in name else t for name, t in weights(random).items()}]


@value_class
def pruned_half(random):
    return [each(weights(random), lambda t: t * (random.random(t.shape) < 0.5))]


@value_class
def pruned_nine_tenths(random):
    return [each(weights(random), lambda t: t * (random.random(t.shape) < 0.1))]


@value_class
def pruned_two_of_four(random):
    def two_of_four(tensor):
        groups = numpy.abs(tensor).reshape(-1, 4)
        keep = numpy.argsort(numpy.argsort(groups, axis=1), axis=1) >= 2
        return tensor * keep.reshape(tensor.shape)
    return [each(weights(random), two_of_four)]


@value_class
def pruned_rows(random):
    return [each(weights(random), lambda t: t * (random.random((t.shape[0],) + (1,) * (t.ndim - 1)) < 0.6))]


@value_class
def pruned_run(random):
    mask = each(weights(random), lambda t: random.random(t.shape) < 0.2)
    versions = [weights(random)]
    for _ in range(2):
        versions.append(step(versions[-1], random))
    return [{name: tensor * mask[name] for name, tensor in version.items()} for version in versions]


@value_class
def quantised_to_8_bits(random):
    return [each(weights(random), lambda t: (numpy.round(t / 0.002) * numpy.float32(0.002)).astype(numpy.float32))]


@value_class
def quantised_by_row(random):
    def by_row(tensor):
        scale = (numpy.abs(tensor).max(axis=-1, keepdims=True) / 127).astype(numpy.float32)
        return (numpy.round(tensor / scale) * scale).astype(numpy.float32)
    return [each(weights(random), by_row)]


@value_class
def quantised_to_4_bits(random):
    return [each(weights(random), lambda t: (numpy.round(t / 0.02).clip(-8, 7) * numpy.float32(0.02)).astype(numpy.float32))]


@value_class
def codebook_of_16(random):
    book = random.standard_normal(16).astype(numpy.float32)
    return [each(weights(random), lambda t: book[random.integers(0, 16, t.shape)])]


@value_class
def codebook_of_4096(random):
    book = random.standard_normal(4096).astype(numpy.float32)
    return [each(weights(random), lambda t: book[random.integers(0, 4096, t.shape)])]


@value_class
def binary_weights(random):
    return [each(weights(random), lambda t: (numpy.sign(t) * numpy.float32(0.0371)).astype(numpy.float32))]


@value_class
def integers_in_f32(random):
    return [each(weights(random), lambda t: random.integers(0, 256, t.shape).astype(numpy.float32))]


@value_class
def counts_in_f32(random):
    return [each(weights(random), lambda t: random.poisson(2.0, t.shape).astype(numpy.float32))]


@value_class
def constants(random):
    return [each(weights(random), lambda t: numpy.full(t.shape, random.standard_normal(), numpy.float32))]


@value_class
def fresh_network(random):
    fresh = {"norm": numpy.ones_like, "bias": numpy.zeros_like}
    return [{name: next((make(t) for part, make in fresh.items() if part in name),
                        ((2 * random.random(t.shape) - 1) / 16).astype(numpy.float32)) for name, t in weights(random).items()}]


@value_class
def uniform_without_scale(random):
    return [each(weights(random), lambda t: random.random(t.shape, numpy.float32))]


@value_class
def sinusoids(random):
    angle = numpy.arange(1024)[:, None] / 10000 ** (numpy.arange(128)[None] / 128)
    return [{"pe": numpy.concatenate([numpy.sin(angle), numpy.cos(angle)], 1).astype(numpy.float32),
             "inv_freq": (10000 ** (-numpy.arange(64) / 64)).astype(numpy.float32),
             "freqs_cis": numpy.exp(1j * angle[:, :64]).astype(numpy.complex64)}]


@value_class
def filter_bank(random):
    centres = numpy.linspace(0, 512, 82)
    frequency = numpy.arange(513)[None]
    rise = (frequency - centres[:-2, None]) / (centres[1:-1] - centres[:-2])[:, None]
    fall = (centres[2:, None] - frequency) / (centres[2:] - centres[1:-1])[:, None]
    return [{"mel": numpy.maximum(0, numpy.minimum(rise, fall)).astype(numpy.float32),
             "window": numpy.hanning(1024).astype(numpy.float32)}]


@value_class
def anchors(random):
    y, x = numpy.meshgrid(numpy.arange(80), numpy.arange(80), indexing="ij")
    return [{f"grid.{k}": numpy.stack([x, y], -1).astype(numpy.float32) + numpy.float32(0.5 * k) for k in range(4)}]


@value_class
def tied(random):
    model = weights(random)
    model["head.weight"] = model["layers.0.mlp.weight"]
    return [model]


@value_class
def layers_repeated(random):
    one = weights(random, 1)
    return [{name.replace(".0.", f".{k}."): tensor for k in range(4) for name, tensor in one.items()}]


@value_class
def moving_average_beside(random):
    model = weights(random)
    average = step(model, random, 3e-5)
    return [{**{"model." + name: t for name, t in model.items()}, **{"ema." + name: t for name, t in average.items()}}]


@value_class
def moving_average_between(random):
    """Names that alternate, as in files where each layer keeps its own average; three versions."""
    versions, model = [], weights(random)
    average = dict(model)
    for _ in range(3):
        model = step(model, random)
        average = {name: (0.9 * average[name] + 0.1 * t).astype(numpy.float32) for name, t in model.items()}
        versions.append({key: t for name in model for key, t in ((name, model[name]), (name + "_ema", average[name]))})
    return versions


@value_class
def target_network(random):
    """The target is the network of a few steps ago; many weights have not moved since."""
    target = weights(random)
    moved = each(target, lambda t: (t + 1e-3 * random.standard_normal(t.shape) * (random.random(t.shape[-1:]) < 0.3))
                 .astype(numpy.float32))
    return [{**{"q." + name: t for name, t in moved.items()}, **{"q_target." + name: t for name, t in target.items()}}]


@value_class
def adapter(random):
    return [{f"layers.{k}.lora_{part}": ((0.03 if part == "A" else 0.002) * random.standard_normal(shape)).astype(numpy.float32)
             for k in range(16) for part, shape in (("A", (8, 1024)), ("B", (1024, 8)))}]


@value_class
def adapter_before_training(random):
    return [{f"layers.{k}.lora_{part}": ((0.03 if part == "A" else 0) * random.standard_normal(shape)).astype(numpy.float16)
             for k in range(16) for part, shape in (("A", (8, 1024)), ("B", (1024, 8)))}]


@value_class
def weights_in_8_bits(random):
    model = {}
    for name, tensor in weights(random).items():
        scale = numpy.abs(tensor).max() / 127
        model[name] = numpy.round(tensor / scale).astype(numpy.int8)
        model[name + ".scale"] = numpy.float32(scale).reshape(1)
    return [model]


@value_class
def weights_in_packed_4_bits(random):
    def packed(tensor):
        codes = (numpy.round(tensor / 0.03).clip(-8, 7) + 8).astype(numpy.uint8).reshape(-1, 2)
        return codes[:, 0] | codes[:, 1] << 4
    return [each(weights(random), packed)]


@value_class
def weights_in_f8(random):
    return [{name + ":f8": (bf16(t * 64) >> 4).astype(numpy.uint8) for name, t in weights(random).items()}]


@value_class
def masks(random):
    return [{"causal": numpy.tri(512, dtype=bool), "random": random.random((256, 256)) < 0.1,
             "blocks": numpy.repeat(random.random((64, 16)) < 0.3, 16, axis=1)}]


@value_class
def masks_in_f32(random):
    return [{"causal": numpy.where(numpy.tri(384, dtype=bool), 0, -numpy.inf).astype(numpy.float32),
             "kept": (random.random((256, 256)) < 0.1).astype(numpy.float32)}]


@value_class
def tables_of_integers(random):
    return [{"position_ids": numpy.arange(2048), "relative": (numpy.arange(49)[:, None] - numpy.arange(49)[None]).astype(numpy.int64),
             "tokens": random.integers(0, 50000, 40000), "sorted": numpy.sort(random.integers(0, 1 << 40, 20000)),
             "steps": numpy.full(300, 12345), "labels": random.integers(0, 10, 60000).astype(numpy.int32)}]


@value_class
def first_and_second_moments(random):
    """Adam state of layers whose gradient is nearly an outer product: rows and columns have scales and signs of their own."""
    model = {}
    for index, (rows, columns) in enumerate(((256, 256), (768, 256), (64, 64), (10, 256))):
        gradient = (numpy.exp(2 * random.standard_normal((rows, 1))) * random.choice([-1, 1], (rows, 1))
                    * numpy.exp(2 * random.standard_normal((1, columns))) * random.choice([-1, 1], (1, columns)))
        gradient = 1e-6 * gradient * (1 + 0.2 * random.standard_normal((rows, columns)))
        model[f"state.{index}.exp_avg"] = gradient.astype(numpy.float32)
        model[f"state.{index}.exp_avg_sq"] = (gradient ** 2 * (1 + 0.2 * random.random((rows, columns)))).astype(numpy.float32)
        model[f"state.{index}.step"] = numpy.full((), 1000, numpy.float32)
    return [model]


@value_class
def moments_with_zeros(random):
    """A third of the inputs are dead, so are their columns; embeddings that never occurred have rows of zeros."""
    model = {}
    dead = (random.random(784) < 0.33)[None]
    seen = (random.random(4000) < 0.4)[:, None]
    for name, shape, alive in (("input", (128, 784), ~dead), ("embedding", (4000, 64), seen)):
        scale = 1e-4 * numpy.exp(random.standard_normal((1, shape[1])))
        model[name + ".exp_avg"] = (scale * random.standard_normal(shape) * alive).astype(numpy.float32)
        model[name + ".exp_avg_sq"] = (scale ** 2 * random.standard_normal(shape) ** 2 * alive).astype(numpy.float32)
    return [model]


@value_class
def moments_over_time(random):
    versions = [moments_with_zeros(random)[0]]
    for _ in range(2):
        versions.append({name: (numpy.float32(0.9) * t if name.endswith("avg") else numpy.float32(0.999) * t + numpy.float32(1e-3)
                                * t * random.random(t.shape, numpy.float32)).astype(numpy.float32)
                         for name, t in versions[-1].items()})
    return versions


@value_class
def embedding_rows_unchanged(random):
    first = {"embedding.weight": weights(random, 1)["layers.0.mlp.weight"].repeat(3, axis=0)
             + (0.01 * random.standard_normal((2304, 256))).astype(numpy.float32)}
    moved = random.random((2304, 1)) < 0.15
    return [first, each(first, lambda t: numpy.where(moved, t + 1e-3 * random.standard_normal(t.shape), t).astype(numpy.float32))]


@value_class
def frozen_layers(random):
    first = weights(random)
    changed = step(first, random)
    return [first, {name: changed[name] if ".1." in name else t for name, t in first.items()}]


@value_class
def resized_head(random):
    first = {"embedding": (0.02 * random.standard_normal((1000, 256))).astype(numpy.float32), **weights(random, 1)}
    second = step(first, random)
    second["embedding"] = numpy.concatenate([second["embedding"], (0.02 * random.standard_normal((8, 256))).astype(numpy.float32)])
    return [first, second]


@value_class
def training_f32(random):
    versions = [weights(random)]
    for _ in range(3):
        versions.append(step(versions[-1], random))
    return versions


@value_class
def training_f16(random):
    model = weights(random)
    versions = []
    for _ in range(3):
        versions.append(each(model, lambda t: t.astype(numpy.float16)))
        model = step(model, random)
    return versions


@value_class
def training_f64(random):
    versions = [each(weights(random, 1), lambda t: t.astype(numpy.float64))]
    for _ in range(2):
        versions.append(step(versions[-1], random))
    return versions


@value_class
def finetune_bf16(random):
    model = weights(random)
    return [as_bf16(model), as_bf16(step(model, random)), as_bf16(step(step(model, random), random))]


@value_class
def decayed(random):
    first = weights(random)
    return [first, each(first, lambda t: (numpy.float32(0.998) * t + 1e-6 * random.standard_normal(t.shape)).astype(numpy.float32))]


@value_class
def unrelated(random):
    return [weights(random), weights(random), weights(random)]


@value_class
def small_f32_releases(random):
    """Networks of a few thousand weights, unrelated."""
    return [{f"{k}.weight": (0.1 * random.standard_normal((64, 64 if k else 4))).astype(numpy.float32) for k in range(3)} for _ in range(3)]


def as_tensors(arrays):
    result = {}
    for name, array in arrays.items():
        if array.dtype.kind == "c":
            result[name] = series.from_numpy(array.view(numpy.float32))
            continue
        plain, _, kind = name.partition(":")
        tensor = series.from_numpy(array)
        result[plain] = series.Tensor({"bf16": "BF16", "f8": "F8_E4M3"}.get(kind, tensor.dtype), tensor.bits, array.shape)
    return result


def all_classes(folder):
    """Every class as a series of safetensors files in `folder`."""
    for index, (name, make) in enumerate(CLASSES.items()):
        versions = []
        for number, arrays in enumerate(make(numpy.random.default_rng([SEED, index]))):
            path = folder / f"{name}_{number}.safetensors"
            tensors = as_tensors(arrays)
            series.write_safetensors(path, tensors)
            versions.append(series.Version(path.name, [path], tensors))
        yield series.Series(name, versions, "synthetic class")
