#!/usr/bin/env python3
"""Plain inference beside ONNX Runtime: the same networks, threads and batches, in one run.

    run_inference.py --bench build/release/bin/bench_inference [--threads 1,2] [--batch 1,64] [--rounds 15] [--only TEXT]

Two processes, one of dlv and one of ONNX Runtime (CPU provider, all optimisations, sequential), load a network and take turns in
running it, so that other work on the machine hits both. Each turn lasts about `--slice` seconds. Columns: milliseconds a run, medians
over turns, on the clock; spread as (third quartile - first quartile) / median; the median of the ratios of neighbouring turns; the
ratio of processor time, which other processes disturb less; the most memory that each process had resident (of ONNX Runtime's,
Python and NumPy are a part: what the process had before it loaded the network is said beside it). Inputs are noise, the same for
both; the sums of the outputs must agree. Networks with a batch of 1 built in run with that alone. Caffe's networks are run by ONNX
Runtime as ONNX files made here with their layers and the same weights where Caffe's files can be read, which needs nothing but dlv:
the layers are written down below, the weights are noise for both.

Needs NumPy, onnx and onnxruntime (`pip install onnx onnxruntime`; for this benchmark only) and DLV_SHARED_DATA.
"""

import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

DATA = pathlib.Path(os.environ.get("DLV_SHARED_DATA", ""))
LIGHT = "onnx_backend_light_converted/light/light_"
NETWORKS = [  # name, file, open sizes, batches
    ("LeNet", "lenet", {}, None),
    ("cifar10_full", "cifar10_full", {}, None),
    ("ResNet-20", "cifar_resnet20/resnet20.onnx", {}, None),
    ("ResNet-56", "cifar_resnet56/resnet56.onnx", {}, None),
    ("MNIST-8", "ort_mnist/c_cxx_MNIST_mnist.onnx", {}, [1]),
    ("Burn MNIST", "burn_mnist/burn-import_tests_onnx_mnist.onnx", {}, [1]),
    ("Burn MNIST, two", "burn_mnist/examples_onnx-inference_src_model_mnist.onnx", {}, [1]),
    ("RFB-320", "linzaer_rfb_final/version-RFB-320.onnx", {}, [1]),
    ("FastestDet", "fastestdet/v0_FastestDet.onnx", {}, [1]),
    ("AlexNet", LIGHT + "bvlc_alexnet.onnx", {}, [1]),
    ("DenseNet-121", LIGHT + "densenet121.onnx", {}, [1]),
    ("Inception v1", LIGHT + "inception_v1.onnx", {}, [1]),
    ("Inception v2", LIGHT + "inception_v2.onnx", {}, [1]),
    ("ResNet-50", LIGHT + "resnet50.onnx", {}, [1]),
    ("ShuffleNet", LIGHT + "shufflenet.onnx", {}, [1]),
    ("SqueezeNet", LIGHT + "squeezenet.onnx", {}, [1]),
    ("VGG-19", LIGHT + "vgg19.onnx", {}, [1]),
    ("ZFNet-512", LIGHT + "zfnet512.onnx", {}, [1]),
]


# ---- networks of Caffe as ONNX ---------------------------------------------------------------


class Layers:
    """A chain of layers with weights of noise."""

    def __init__(self, shape):
        import numpy
        self.random = numpy.random.default_rng(1)
        self.shape, self.value = shape, "data"
        self.nodes, self.weights = [], []

    def weight(self, *shape):
        import onnx.numpy_helper
        fan = 1
        for size in shape[1:]:
            fan *= size
        elements = self.random.normal(0, (2 / fan) ** 0.5, shape).astype("float32")
        self.weights.append(onnx.numpy_helper.from_array(elements, f"w{len(self.weights)}"))
        return self.weights[-1].name

    def scalar(self, number):
        import numpy
        import onnx.numpy_helper
        self.weights.append(onnx.numpy_helper.from_array(numpy.array(number, "float32"), f"w{len(self.weights)}"))
        return self.weights[-1].name

    def add(self, op, *others, value=None, **attributes):
        import onnx.helper
        name = f"v{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(op, [value or self.value, *others], [name], **attributes))
        self.value = name
        return self

    def conv(self, channels_in, channels_out, kernel, pad=0):
        return self.add("Conv", self.weight(channels_out, channels_in, kernel, kernel), self.weight(channels_out), pads=[pad] * 4)

    def pool(self, kind, kernel):  # Caffe rounds sizes up
        more = {"count_include_pad": 1} if kind == "AveragePool" else {}
        return self.add(kind, kernel_shape=[kernel, kernel], strides=[2, 2], ceil_mode=1, **more)

    def layer(self, size_in, size_out):
        return self.add("Gemm", self.weight(size_out, size_in), self.weight(size_out), transB=1)

    def lrn_within(self, size, alpha):
        value = self.value
        self.add("Mul", value).add("AveragePool", kernel_shape=[size, size], pads=[size // 2] * 4, count_include_pad=1)
        self.add("Mul", self.scalar(alpha)).add("Add", self.scalar(1)).add("Pow", self.scalar(0.75))
        divisor = self.value
        return self.add("Div", divisor, value=value)

    def save(self, path):
        import onnx
        floats = onnx.TensorProto.FLOAT
        graph = onnx.helper.make_graph(self.nodes, "net", [onnx.helper.make_tensor_value_info("data", floats, ["N", *self.shape])],
                                       [onnx.helper.make_tensor_value_info(self.value, floats, None)], self.weights)
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8)
        onnx.save(model, path)


def make_lenet(path):
    layers = Layers([1, 28, 28]).conv(1, 20, 5).pool("MaxPool", 2).conv(20, 50, 5).pool("MaxPool", 2)
    layers.add("Flatten").layer(800, 500).add("Relu").layer(500, 10).add("Softmax").save(path)


def make_cifar10_full(path):
    layers = Layers([3, 32, 32]).conv(3, 32, 5, 2).pool("MaxPool", 3).add("Relu").lrn_within(3, 5e-5)
    layers.conv(32, 32, 5, 2).add("Relu").pool("AveragePool", 3).lrn_within(3, 5e-5)
    layers.conv(32, 64, 5, 2).add("Relu").pool("AveragePool", 3).add("Flatten").layer(1024, 10).add("Softmax").save(path)


MADE = {"lenet": make_lenet, "cifar10_full": make_cifar10_full}


# ---- ONNX Runtime, as a process of its own ---------------------------------------------------


def noise(shape):
    import numpy
    count = int(numpy.prod(shape))
    places = numpy.arange(count, dtype=numpy.uint64)
    return ((places * numpy.uint64(2654435761)) % numpy.uint64(2**32) / 2.0**32).astype("float32").reshape(shape)


def resident():
    """The most memory that this process had resident so far, in kilobytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def serve(path, batch, threads):
    import onnxruntime
    import numpy  # noqa: F401  (before the memory is measured)
    before = resident()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    inputs = {}
    for one in session.get_inputs():
        shape = [batch if i == 0 else size for i, size in enumerate(one.shape)]
        inputs[one.name] = noise(shape)
    outputs = session.run(None, inputs)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        count = int(line.split()[1])
        begin, processor = time.perf_counter(), time.process_time()
        for _ in range(count):
            session.run(None, inputs)
        print(time.perf_counter() - begin, time.process_time() - processor, flush=True)
    total = sum(float(one.astype("float64").sum()) for one in outputs)
    absolute = sum(float(abs(one.astype("float64")).sum()) for one in outputs)
    print(total, absolute, resident(), before, flush=True)


# ---- both beside each other ------------------------------------------------------------------


class Runner:
    """One process that runs one network, stopped while it is not its turn: ONNX Runtime's threads go on spinning for a while, on the
    processor that the other one's second thread wants."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        if line != "ready":
            raise RuntimeError((line or self.process.stderr.read().strip().splitlines()[-1])[:160])
        self.process.send_signal(signal.SIGSTOP)

    def run(self, count):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write(f"run {count}\n")
        self.process.stdin.flush()
        clock, processor = self.process.stdout.readline().split()
        self.process.send_signal(signal.SIGSTOP)
        return float(clock) / count, float(processor) / count

    def end(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write("end\n")
        self.process.stdin.flush()
        words = [float(word) for word in self.process.stdout.readline().split()]
        self.process.wait()
        return words


def quartiles(times):
    cuts = statistics.quantiles(times, n=4)
    return statistics.median(times), 100 * (cuts[2] - cuts[0]) / statistics.median(times)


def compare(name, path, batch, threads, options):
    """Prints a row; returns the ratio on the clock, or None where one of them does not run it."""
    runners = []
    try:
        runners.append(Runner([options.bench, str(path), str(path), str(batch), str(threads)]))
        runners.append(Runner([sys.executable, __file__, "--serve", str(path), str(batch), str(threads)]))
    except RuntimeError as error:
        print(f"{name:18s} {batch:3d} {threads:2d}  {'dlv' if not runners else 'ONNX Runtime'} does not run it: {error}", flush=True)
        for runner in runners:
            runner.end()
        return None
    counts = [max(1, round(options.slice / runner.run(2)[0])) for runner in runners]
    turns = [[runner.run(count) for runner, count in zip(runners, counts)] for _ in range(options.rounds)]
    ours, theirs = ([turn[i] for turn in turns] for i in range(2))
    (our_time, our_spread), (their_time, their_spread) = (quartiles([clock for clock, _ in times]) for times in (ours, theirs))
    ratio = statistics.median(a[0] / b[0] for a, b in zip(ours, theirs))
    processor = statistics.median(a[1] / b[1] for a, b in zip(ours, theirs))
    (our_sum, absolute, our_memory, _), (their_sum, _, their_memory, before) = (runner.end() for runner in runners)
    agrees = abs(our_sum - their_sum) <= 1e-4 * absolute + 1e-6
    print(f"{name:18s} {batch:3d} {threads:2d} {1e3 * our_time:9.3f} {our_spread:4.0f} % {1e3 * their_time:9.3f} {their_spread:4.0f} %"
          f" {ratio:6.2f} {processor:6.2f} {our_memory / 1e3:7.0f} {their_memory / 1e3:7.0f} ({before / 1e3:.0f})"
          f"{'' if agrees else f'  OUTPUTS DIFFER: {our_sum} and {their_sum}'}", flush=True)
    return ratio


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--batch", default="1,64")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--slice", type=float, default=0.1, help="seconds a turn takes")
    parser.add_argument("--only", default="", help="networks with this in their name")
    parser.add_argument("--limit", type=float, default=1.3, help="the most that the ratio may be")
    options = parser.parse_args()
    try:
        import onnx
        import onnxruntime
        print(f"ONNX Runtime {onnxruntime.__version__}, onnx {onnx.__version__}")
    except ImportError as error:
        sys.exit(f"run_inference.py: {error}; pip install onnx onnxruntime")
    print(f"{'network':18s} {'N':>3s} {'th':>2s} {'dlv, ms':>9s} {'sprd':>6s} {'ORT, ms':>9s} {'sprd':>6s} {'ratio':>6s} {'CPU':>6s} {'MB dlv':>7s} {'MB ORT':>7s}")
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, file, _, batches in NETWORKS:
            if options.only.lower() not in name.lower():
                continue
            path = DATA / file
            if file in MADE:
                path = pathlib.Path(scratch) / f"{file}.onnx"
                MADE[file](path)
            if not path.is_file():
                print(f"{name}: no {path}, skipped (DLV_SHARED_DATA)")
                continue
            for batch in batches or [int(word) for word in options.batch.split(",")]:
                for threads in [int(word) for word in options.threads.split(",")]:
                    ratio = compare(name, path, batch, threads, options)
                    missed += ratio is not None and ratio > options.limit
    print(f"{missed} above {options.limit}")
    return 1 if missed else 0


if __name__ == "__main__":
    if len(sys.argv) == 5 and sys.argv[1] == "--serve":
        serve(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        sys.exit(main())
