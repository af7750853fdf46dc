#!/usr/bin/env python3
"""Fails on any #include that goes against the layers of docs/architecture.md.

    check_layers.py [ROOT]

Reads the #include lines of every source under include, storage, engine, cli, python and examples. A folder may include itself, the
public headers and the folders that its row names; a foreign library only where its row names it.
"""

import pathlib
import re
import sys

# folder -> folders it may include besides itself. "include" stands for dlv/*.h.
EDGES = {
    "include": [],
    "cli": ["include"],
    "python": ["include"],
    "examples": ["include"],
    "engine/api": ["include", "engine/requirement", "engine/network", "engine/query", "engine/infer", "engine/kernels", "engine/evaluation", "engine/progressive",
                   "storage/dataset", "storage/store", "storage/archive", "storage/catalog",
                   "storage/interchange", "storage/statistics", "storage/io"],
    "engine/requirement": ["include"],
    "engine/network": ["include"],
    "engine/kernels": ["include"],
    "engine/infer": ["include", "engine/network", "engine/kernels"],
    "engine/evaluation": ["include"],
    "engine/bounds": ["include"],
    "engine/progressive": ["include", "engine/bounds", "engine/network", "engine/kernels", "engine/infer", "storage/io"],
    "engine/query": ["include", "engine/network", "grammar"],
    "grammar": [],
    "storage/store": ["include", "storage/archive", "storage/catalog", "storage/plan", "storage/interchange",
                      "storage/codec", "storage/statistics", "storage/io"],
    "storage/archive": ["include", "storage/codec", "storage/io"],
    "storage/catalog": ["include", "storage/io"],
    "storage/interchange": ["include", "storage/io"],
    "storage/dataset": ["include", "storage/interchange", "storage/statistics", "storage/io"],
    "storage/codec": ["include"],
    "storage/plan": ["include"],
    "storage/statistics": ["include"],
    "storage/io": ["include"],
}

# Foreign headers by pattern -> folders that may know them. What stands in no row is free when it is the C++ library.
FOREIGN = [
    (r"sqlite3.*\.h$", ["storage/catalog"]),
    (r"zstd.*\.h$|zdict\.h$", ["storage/codec", "storage/archive"]),
    (r"lz4.*\.h$", ["storage/codec", "storage/archive"]),
    (r"zlib\.h$|zconf\.h$", ["storage/interchange"]),
    (r"^yaml\.h$", ["storage/interchange"]),
    (r"^png\.h$|^turbojpeg\.h$", ["storage/dataset"]),
    (r"google/protobuf/", ["storage/interchange"]),
    (r"nlohmann/", ["storage/interchange", "storage/store", "cli"]),
    (r"CLI/|CLI\.hpp$|histedit\.h$|editline/", ["cli"]),
    (r"antlr4-runtime|DQL(Lexer|Parser|Visitor|BaseVisitor|Listener|BaseListener)\.h$", ["engine/query", "grammar"]),
    (r"^re2/", ["engine/query"]),
    (r"^oneapi/dnnl/", ["engine/kernels"]),
    (r"^cuda.*\.h$|^cublas.*\.h$|^cudnn.*\.h$", ["engine/kernels"]),  # its folder cuda
    (r"pybind11/|Python\.h$", ["python"]),
    (r"openssl/", ["storage/io", "storage/codec", "engine/network"]),
    (r"xxh.*\.h$", ["storage/io", "storage/codec"]),
    (r".*intrin\.h$|cpuid\.h$", ["storage/codec", "storage/io", "storage/interchange"]),
    # The terminal, signals, and news of a folder for watch, are matters of the command line; files, locks and processes are one of storage/io.
    (r"sys/ioctl\.h$|sys/resource\.h$|termios\.h$|glob\.h$|signal\.h$|poll\.h$|sys/inotify\.h$|sys/eventfd\.h$", ["cli", "storage/io"]),
    (r"unistd\.h$", ["storage/io", "cli"]),
    (r"fcntl\.h$|dirent\.h$|pthread\.h$|sched\.h$|sys/.*|linux/.*|netdb\.h$|arpa/.*|netinet/.*",
     ["storage/io"]),
    (r"dlfcn\.h$", ["engine/bounds", "engine/kernels"]),  # OpenBLAS and oneDNN, where they are installed
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SUFFIXES = {".h", ".cc", ".cpp", ".hpp", ".cu", ".cuh"}


def folder_of(path):
    """Folder of EDGES that a path relative to the root lies in (subfolders belong to it), or None."""
    text = path.as_posix()
    return next((folder for folder in EDGES if text.startswith(folder + "/")), None)


def target_of(name):
    """Folder that an include line written from the root goes to, or None for foreign headers."""
    if name.startswith("dlv/"):
        return "include"
    if name.split("/")[0] in ("storage", "engine", "cli", "python", "tests", "include", "grammar"):
        return folder_of(pathlib.PurePosixPath(name)) or name.rsplit("/", 1)[0]
    return None


def is_standard(name):
    """C++ standard headers carry neither a dot nor a slash; of C's, those that kernel files may use."""
    return re.fullmatch(r"[a-z_0-9]+", name) or name in ("stddef.h", "stdint.h", "string.h", "limits.h", "errno.h")


def complaint(folder, quote, name):
    """What is wrong with one include line of `folder`, or None."""
    target = target_of(name)
    if target is not None:
        if target == folder or target in EDGES[folder]:
            return None
        return f"{folder} may not include {target}"
    if quote == '"':
        return "includes are written from the repository root"
    for pattern, folders in FOREIGN:
        if re.match(pattern, name):
            return None if folder in folders else f"<{name}> belongs to {', '.join(folders)}"
    return None if is_standard(name) else f"<{name}> has no row in check_layers.py: decide which folder owns it"


def check(root):
    problems = []
    seen = 0
    for folder in EDGES:
        for path in sorted((root / folder).rglob("*")) if (root / folder).is_dir() else []:
            if path.suffix not in SUFFIXES or "generated" in path.parts:
                continue
            seen += 1
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                wrong = match and complaint(folder, match[1], match[2])
                if wrong:
                    problems.append(f"{path.relative_to(root)}:{number}: {wrong}")
    return seen, problems


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    seen, problems = check(root)
    print("\n".join(problems + [f"{seen} sources, {len(problems)} includes against the layers"]))
    return 1 if problems or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
