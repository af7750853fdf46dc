"""The small repository that the examples of every command's help, and the runs of the JSON schemas, work on: three models with
aliases, tags, metrics and snapshots, and beside them the files that the examples name.

    with demo.Demo(program) as made:
        done = made.run("dlv list --json")        # in a fresh copy each time
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

DATA = pathlib.Path(__file__).resolve().parents[2] / "datasets/lenet_fashion"

# Files of the work tree -> files of the data set.
FILES = {
    "model.pt": "lenet_step_002000.pt",
    "tuned.safetensors": "finetune_step_000120.safetensors",
    "run/model.pt": "lenet_step_002000.pt",
    "run/step_1000.pt": "lenet_step_000200.pt",
    "run/step_2000.pt": "lenet_step_000400.pt",
    "run/step_3000.pt": "lenet_step_000600.pt",
    "run/step_4000.pt": "lenet_step_000800.pt",
    "metrics.csv": "train_log.csv",
    "lenet.onnx": "lenet.onnx",
    "fashion/fashion-eval-images-idx3-ubyte.gz": "fashion-eval-images-idx3-ubyte.gz",
    "fashion/fashion-eval-labels-idx1-ubyte.gz": "fashion-eval-labels-idx1-ubyte.gz",
}
CONFIG = '{"lr": 0.1, "batch_size": 128}\n'

SESSION = r"""
dlv init
dlv commit -n resnet18 run/step_1000.pt -m "stands for a larger network" --alias best --metric val_acc=0.918
dlv commit -n lenet model.pt -m "baseline" --alias base --metric val_acc=0.91 --hparam lr=0.1 --no-parent
dlv commit -n lenet --snapshots 'run/step_*.pt' config.json -m "the whole run" --metric val_acc=0.912
dlv commit -n lenet --snapshots 'run/step_*.pt' --metrics metrics.csv -m "with its curves" --alias best --tag shipped --metric val_acc=0.915
dlv commit -n birds tuned.safetensors --parent resnet18:best --metric val_acc=0.88
dlv commit -n onnx-lenet lenet.onnx -m "with its network" --no-parent
dlv add config.json
"""


def environment_for(program: pathlib.Path, home: pathlib.Path) -> dict[str, str]:
    """The environment of a run: dlv is `program`, nothing of the user's settings is left."""
    bin_folder = home / "bin"
    bin_folder.mkdir(exist_ok=True)
    if not (bin_folder / "dlv").is_symlink():
        (bin_folder / "dlv").symlink_to(program.resolve())
    kept = {k: v for k, v in os.environ.items() if k in ("LANG", "LC_ALL", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")}
    return {**kept, "PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(home), "TZ": "UTC", "DLV_AUTHOR": "tester",
            "XDG_CONFIG_HOME": str(home / ".config")}


class Demo:
    """Made once; `run` works on a copy, so that runs know nothing of each other."""

    def __init__(self, program: pathlib.Path):
        self.program = pathlib.Path(program)

    def __enter__(self) -> "Demo":
        self._folder = tempfile.TemporaryDirectory(prefix="dlv-demo-")
        self.home = pathlib.Path(self._folder.name)
        self.environment = environment_for(self.program, self.home)
        self.original = self.home / "original"
        for name, source in FILES.items():
            target = self.original / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(DATA / source, target)
        for name in ("config.json", "run/config.json"):
            (self.original / name).write_text(CONFIG)
        made = subprocess.run(["sh", "-e", "-c", SESSION], cwd=self.original, env=self.environment, capture_output=True, text=True, timeout=120)
        if made.returncode != 0:
            raise SystemExit(f"the demo cannot be made: {made.stderr}")
        return self

    def __exit__(self, *_) -> None:
        self._folder.cleanup()

    def copy(self) -> pathlib.Path:
        """Returns a fresh copy of the work tree, repository and all; its place is the same each time."""
        work = self.home / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.original, work)
        return work

    def run(self, command: str, folder: pathlib.Path | None = None, extra: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        """Runs `command` with bash in a fresh copy, or in `folder`."""
        return subprocess.run(["bash", "-c", command], cwd=folder or self.copy(), env=self.environment | (extra or {}),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def commands_of(program: pathlib.Path) -> list[str]:
    """The commands that `dlv help` lists, in its order."""
    text = subprocess.run([program, "help", "-q"], capture_output=True, text=True, check=True, timeout=60).stdout
    return text.split()
