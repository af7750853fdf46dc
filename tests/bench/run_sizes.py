#!/usr/bin/env python3
"""Sizes of every series under dlv and under other schemes, in one run.

    run_sizes.py --dlv build/release/bin/dlv [--what series|single|classes] [--csv tests/bench/archive_sizes.csv]
                 [--only NAME] [--synthetic FOLDER] [--zipnn-python PYTHON]

  series             chains of real checkpoints: the first version alone, every other against the one before
  single             every file with floating-point numbers in the folder of shared data, alone
  classes            small synthetic checkpoints with traits that other files have (value_classes.py)

Schemes:

  zstd-19            each tensor file's numbers as one stream
  bytes+zstd-19      bytes of equal significance together, each group one zstd frame; all tensors of a dtype as one array
  xor+..., sub+...   the same of the XOR with the parent, and of the zigzagged difference of the order-preserving integers
  bitx               xor+bytes+zstd -3, the method of ZipLLM (BitX)
  zipnn              the package from PyPI, one thread, every version alone; only where it can be imported
  dlv coded          coded tensors as `dlv du` says, after one commit per version
  dlv whole          everything in .dlv, from which the original files can be had back

All but the last count numbers only: no names, no shapes, no file. Needs NumPy, zstandard and PyTorch (Debian's).
"""

import argparse
import csv
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import zstandard

import series as series_module

SCHEMES = ["zstd-19", "bytes+zstd-19", "xor+bytes+zstd-19", "sub+bytes+zstd-19", "bitx", "zipnn", "dlv coded", "dlv whole"]
FLOATS = {"F64", "F32", "F16", "BF16"}


def zstd_size(data, level):
    return len(zstandard.ZstdCompressor(level=level).compress(data))


def grouped_size(bits, level):
    """Bytes of equal significance together, each group a frame."""
    columns = bits.view(numpy.uint8).reshape(-1, bits.itemsize)
    return sum(zstd_size(numpy.ascontiguousarray(columns[:, index]).tobytes(), level) for index in range(bits.itemsize))


def ordered(bits, dtype):
    """Unsigned integers in the order of the numbers."""
    if dtype not in FLOATS:
        return bits
    sign = bits.dtype.type(1 << (8 * bits.itemsize - 1))
    return numpy.where(bits & sign, ~bits, bits | sign)


def zigzag_difference(bits, base, dtype):
    signed = numpy.dtype(f"i{bits.itemsize}")
    difference = (ordered(bits, dtype) - ordered(base, dtype)).view(signed)
    return ((difference << 1) ^ (difference >> (8 * bits.itemsize - 1))).view(bits.dtype)


def by_dtype(tensors, parent, transform):
    """All tensors of a dtype as one array, each put against its parent by `transform` where there is one of its size."""
    groups = {}
    for name, tensor in tensors.items():
        if tensor.bits.size == 0:
            continue
        base = parent.get(name) if parent else None
        bits = tensor.bits
        if base is not None and base.dtype == tensor.dtype and base.bits.size == bits.size:
            bits = transform(bits, base.bits, tensor.dtype)
        groups.setdefault(tensor.dtype, []).append(bits)
    return {dtype: numpy.concatenate(parts) for dtype, parts in groups.items()}


def chain_size(versions, transform, level, grouped=True):
    total, parent = 0, None
    for version in versions:
        for bits in by_dtype(version.tensors, parent, transform).values():
            total += grouped_size(bits, level) if grouped else zstd_size(bits.tobytes(), level)
        parent = version.tensors
    return total


def keep(bits, _base, _dtype):
    return bits


def exclusive_or(bits, base, _dtype):
    return bits ^ base


def zipnn_size(versions, python):
    """Asks the package in its own Python environment; None without one."""
    if not python:
        return None
    program = ("import sys, struct, zipnn\n"
               "total = 0\n"
               "while True:\n"
               "    head = sys.stdin.buffer.read(24)\n"
               "    if not head: break\n"
               "    dtype, size = head[:16].decode().strip(), struct.unpack('<Q', head[16:])[0]\n"
               "    data = sys.stdin.buffer.read(size)\n"
               "    total += len(zipnn.ZipNN(bytearray_dtype=dtype, threads=1).compress(data))\n"
               "print(total)\n")
    names = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}
    with tempfile.TemporaryFile() as spool:
        other = 0
        for version in versions:
            for dtype, bits in by_dtype(version.tensors, None, keep).items():
                if dtype in names:
                    spool.write(names[dtype].ljust(16).encode() + bits.nbytes.to_bytes(8, "little") + bits.tobytes())
                else:
                    other += min(bits.nbytes, zstd_size(bits.tobytes(), 19))
        spool.seek(0)
        answer = subprocess.run([python, "-W", "ignore", "-c", program], stdin=spool, capture_output=True, check=False)
    if answer.returncode != 0:
        print(answer.stderr.decode()[-300:], file=sys.stderr)
        return None
    return int(answer.stdout.split()[-1]) + other


def dlv_files(version, kind, folder):
    """The files that dlv gets: the originals, or safetensors of formats that this release does not know."""
    if "as safetensors" not in kind:
        return version.files
    path = folder / f"{version.name}.safetensors"
    series_module.write_safetensors(path, version.tensors)
    return [path]


def dlv_sizes(dlv, item):
    """(coded tensors, whole .dlv, bytes of the files)."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "repository"
        root.mkdir()
        call = lambda *words: subprocess.run([dlv, "-C", str(root), *words], check=True, capture_output=True, text=True).stdout
        call("init")
        raw = 0
        for version in item.versions:
            files = [pathlib.Path(path).resolve() for path in dlv_files(version, item.kind, pathlib.Path(folder))]
            raw += sum(path.stat().st_size for path in files)
            call("commit", "-n", "series", *map(str, files))
        usage = json.loads(call("du", "--json"))
        whole = sum(path.stat().st_size for path in (root / ".dlv").rglob("*") if path.is_file())
        return usage["tensor_bytes"], whole, raw


def measure(item, dlv, zipnn_python):
    versions = item.versions
    elements = sum(tensor.bits.size for version in versions for tensor in version.tensors.values())
    sizes = {
        "zstd-19": chain_size(versions, keep, 19, grouped=False),
        "bytes+zstd-19": chain_size(versions, keep, 19),
        "xor+bytes+zstd-19": chain_size(versions, exclusive_or, 19),
        "sub+bytes+zstd-19": chain_size(versions, zigzag_difference, 19),
        "bitx": chain_size(versions, exclusive_or, 3),
        "zipnn": zipnn_size(versions, zipnn_python),
    }
    sizes["dlv coded"], sizes["dlv whole"], files = dlv_sizes(dlv, item)
    raw = sum(tensor.bits.nbytes for version in versions for tensor in version.tensors.values())
    return {"series": item.name, "kind": item.kind, "versions": len(versions), "elements": elements, "file_bytes": files,
            "tensor_bytes": raw, **sizes}


def show(row):
    def bits(value):
        return "-" if value is None else f"{8 * value / row['elements']:.3f}"

    def against(value):
        return "        -" if value is None else f"{100 * (row['dlv coded'] / value - 1):+7.2f} %"
    others = ("zstd-19", "bytes+zstd-19", "xor+bytes+zstd-19", "sub+bytes+zstd-19", "bitx", "zipnn")
    best = min(row[name] for name in others if row[name] is not None)
    cells = [row["series"].ljust(24)[:40], str(row["versions"]).rjust(3), f"{row['file_bytes'] / 1e6:9.2f}"]
    cells += [bits(row[name]).rjust(9) for name in SCHEMES]
    cells += [against(best), against(row["bitx"]), against(row["zipnn"])]
    print(" ".join(cells), flush=True)


def chosen_series(what, folder):
    if what == "single":
        import single_files
        return single_files.all_files(folder)
    if what == "classes":
        import value_classes
        return value_classes.all_classes(folder)
    return series_module.all_series(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dlv", required=True)
    parser.add_argument("--what", choices=("series", "single", "classes"), default="series")
    parser.add_argument("--csv", type=pathlib.Path)
    parser.add_argument("--only", help="name of one series")
    parser.add_argument("--zipnn-python", help="a Python that can import zipnn")
    parser.add_argument("--synthetic", type=pathlib.Path, help="folder of make_synthetic.py, as one more series")
    arguments = parser.parse_args()
    print("bits an element; the last columns: dlv coded against the best of all before it, against bitx, and against zipnn")
    print(" ".join(["series".ljust(24), "ver", "  file MB"] + [name.replace("bytes+", "b+").rjust(9)[-9:] for name in SCHEMES]
                   + ["  to best", "  to bitx", " to zipnn"]))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        every = chosen_series(arguments.what, pathlib.Path(folder))
        if arguments.synthetic:
            paths = sorted(arguments.synthetic.glob("*.safetensors"))
            synthetic = series_module.Series("synthetic", [series_module.version(path) for path in paths], "training")
            every = itertools.chain(every, [synthetic])
        for item in every:
            if arguments.only in (None, item.name):
                rows.append(measure(item, str(pathlib.Path(arguments.dlv).resolve()), arguments.zipnn_python))
                show(rows[-1])
    if arguments.csv and rows:
        with open(arguments.csv, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
