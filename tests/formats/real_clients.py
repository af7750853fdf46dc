#!/usr/bin/env python3
"""What other programs have really written, imported: the tests of the store make such folders by hand, here their owners do.

    real_clients.py DLV

Uses those of huggingface_hub, mlflow, dvc and onnx that this Python, or the one of DLV_TEST_PYTHON, has (with numpy and safetensors); says which it
lacks, and is skipped where it has none. Nothing leaves the machine: the hub is a server of this process.
"""

import argparse
import hashlib
import http.server
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

CLIENTS = ["huggingface_hub", "mlflow", "dvc", "onnx"]
NEEDED = ["numpy", "safetensors"]
COMMIT = hashlib.sha1(b"a revision").hexdigest()


def clients_of(python):
    code = "import importlib.util as u, json; print(json.dumps([n for n in %r if u.find_spec(n)]))" % (CLIENTS + NEEDED)
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else []


def choose_python():
    """Goes on in the interpreter that has most of the clients."""
    here = [name for name in CLIENTS + NEEDED if importlib.util.find_spec(name)]
    other = os.environ.get("DLV_TEST_PYTHON")
    if other and "DLV_REAL_CLIENTS" not in os.environ and len(clients_of(other)) > len(here):
        os.environ["DLV_REAL_CLIENTS"] = "1"
        os.execv(other, [other, "-B", *sys.argv])
    return here


def weights(seed):
    import numpy

    random = numpy.random.default_rng(seed)
    return {"layer.weight": random.normal(0, 0.1, (64, 32)).astype("f4"), "layer.bias": random.normal(0, 0.1, 64).astype("f4")}


def save(path, seed):
    from safetensors.numpy import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights(seed), path)


def save_onnx(path, seed):
    """y = x w, with w beside the file, as large models have it."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    path.parent.mkdir(parents=True, exist_ok=True)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 32])], [numpy_helper.from_array(weights(seed)["layer.weight"], "w")])
    onnx.save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path),
                    save_as_external_data=True, location=path.name + "_data", size_threshold=0)


class Dlv:
    def __init__(self, program, folder):
        self.program, self.root = program, folder
        folder.mkdir(parents=True)
        self("init")

    def __call__(self, *words, status=0):
        done = subprocess.run([self.program, "-C", str(self.root), *map(str, words)], capture_output=True, text=True)
        if done.returncode != status:
            raise AssertionError(f"dlv {words[0]}: status {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def json(self, *words):
        return json.loads(self(*words, "--json"))

    def bring_in(self, folder):
        """Imports twice; returns the items of the first time."""
        first, again = self.json("import", folder), self.json("import", folder)
        assert again["imported"] == 0 and again["there"] == first["imported"], again
        self("fsck", "--full")
        return first["items"]


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of a hub as a download needs."""

    folder = None

    def answer(self, body, headers=(), with_body=True):
        self.send_response(200)
        for name, value in [("X-Repo-Commit", COMMIT), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def reply(self, with_body):
        path = self.path.split("?")[0]
        names = sorted(str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file())
        if "/tree/" in path:
            tree = [{"type": "file", "path": name, "size": (self.folder / name).stat().st_size, "oid": "0" * 40} for name in names]
            self.answer(json.dumps(tree).encode(), [("Content-Type", "application/json")], with_body)
        elif path.startswith("/api/"):
            model = {"id": "o/net", "sha": COMMIT, "siblings": [{"rfilename": name} for name in names]}
            self.answer(json.dumps(model).encode(), [("Content-Type", "application/json")], with_body)
        else:
            body = (self.folder / path.split("/resolve/")[1].split("/", 1)[1]).read_bytes()
            self.answer(body, [("ETag", '"%s"' % hashlib.sha1(body).hexdigest())], with_body)

    def do_GET(self):
        self.reply(True)

    def do_HEAD(self):
        self.reply(False)

    def log_message(self, *_):
        pass


def huggingface_hub(dlv, folder, have):
    Hub.folder = folder / "hub"
    save(Hub.folder / "model.safetensors", 1)
    (Hub.folder / "config.json").write_text('{"hidden_size": 32}')
    (Hub.folder / "README.md").write_text("---\nlicense: mit\n---\nhello\n")
    if "onnx" in have:
        save_onnx(Hub.folder / "onnx" / "model.onnx", 1)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "HF_HOME": str(folder / "home"), "HF_HUB_DISABLE_XET": "1",
                    "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    subprocess.run([sys.executable, "-c", "import huggingface_hub; huggingface_hub.snapshot_download('o/net')"], env=environment, check=True)
    server.shutdown()
    (item,) = dlv.bring_in(folder / "home")
    assert item["reference"] == "o--net:v1" and item["note"] == "", item
    told = dlv.json("desc", "o--net:main", "--tensors")
    want = sorted(str(p.relative_to(Hub.folder)) for p in Hub.folder.rglob("*") if p.is_file())
    assert sorted(file["path"] for file in told["files"]) == want, told["files"]
    assert len(told["tensors"]) == (3 if "onnx" in have else 2), told["tensors"]
    assert told["version"]["tags"]["license"] == "mit" and told["hparams"]["hidden_size"] == "32", told
    dlv("checkout", "o--net", "-o", folder / "out")
    for name in want:
        assert (folder / "out" / name).read_bytes() == (Hub.folder / name).read_bytes(), name


MAKE_RUNS = """
import pathlib, sys
import mlflow
from mlflow import MlflowClient
root = pathlib.Path(sys.argv[1])
mlflow.set_tracking_uri((root / "mlruns").as_uri())
mlflow.set_experiment("digits")
client = MlflowClient()
for i in range(2):
    with mlflow.start_run(run_name=f"run {i}") as run:
        mlflow.log_params({"lr": 0.1 / (i + 1), "optimizer.name": "adam"})
        for step in range(5):
            mlflow.log_metric("loss", 1.0 / (step + 1 + i), step=step)
        mlflow.log_metric("val/acc", 0.5 + i / 10)
        mlflow.set_tag("stage", "test")
        mlflow.log_artifact(str(root / f"{i}.safetensors"), "checkpoints/last")
        if i == 1 and hasattr(client, "create_logged_model"):
            model = client.create_logged_model(run.info.experiment_id, name="net", source_run_id=run.info.run_id)
            client.log_model_artifacts(model.model_id, str(root / "logged"))
            client.finalize_logged_model(model.model_id, "READY")
    if i == 1:
        client.create_registered_model("Digits")
        client.create_model_version("Digits", source=f"{run.info.artifact_uri}/checkpoints", run_id=run.info.run_id)
        client.set_registered_model_alias("Digits", "champion", "1")
"""


def mlflow(dlv, folder, have):
    for i in range(2):
        save(folder / f"{i}.safetensors", i)
    save(folder / "logged" / "model.safetensors", 7)
    environment = os.environ | {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "1", "MLFLOW_TRACKING_URI": ""}
    subprocess.run([sys.executable, "-c", MAKE_RUNS, str(folder)], env=environment, check=True, capture_output=True, cwd=folder)
    items = dlv.bring_in(folder)
    assert sorted(item["reference"] for item in items) == ["Digits:v1", "digits:v1"], items
    told = dlv.json("desc", "Digits:champion")
    assert told["hparams"] == {"lr": "0.05", "optimizer.name": "adam"}, told["hparams"]
    metrics = {metric["name"]: metric for metric in told["metrics"]}
    assert sorted(metrics) == ["loss", "val/acc"] and len(metrics["loss"]["points"]) == 5, metrics
    assert told["version"]["tags"]["stage"] == "test", told["version"]
    assert told["version"]["message"] == "run 1, from MLflow (digits)", told["version"]
    paths = sorted(file["path"] for file in told["files"])
    assert paths[0] == "checkpoints/last/1.safetensors", paths
    if list(folder.glob("mlruns/*/models/m-*")):  # MLflow 3
        assert paths[1:] == ["net/model.safetensors"], paths


def dvc(dlv, folder, have):
    work = folder / "work"
    save(work / "model.safetensors", 1)
    save(work / "ckpt" / "a.safetensors", 2)
    save(work / "ckpt" / "b.safetensors", 3)
    (work / "params.yaml").write_text("lr: 0.1\ntrain:\n  epochs: 3\n")
    (work / "train.py").write_text("import shutil; shutil.copy('model.safetensors', 'out.safetensors'); open('acc.json', 'w').write('{\"acc\": 0.9}')")
    environment = os.environ | {"DVC_NO_ANALYTICS": "true", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
                                "PATH": str(pathlib.Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")}

    def call(*words):
        done = subprocess.run(words, cwd=work, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{words}: {done.stderr}"

    tool = [sys.executable, "-m", "dvc"]
    call("git", "init", "-q", ".")
    call(*tool, "init", "-q")
    call(*tool, "add", "-q", "model.safetensors", "ckpt")
    call(*tool, "stage", "add", "-q", "-n", "train", "-d", "model.safetensors", "-p", "lr,train.epochs", "-o", "out.safetensors", "-M", "acc.json",
         f"'{sys.executable}' train.py")
    call(*tool, "repro", "-q")
    for kind in ("copy", "symlink"):  # the work tree may be links into the cache
        call(*tool, "config", "cache.type", kind)
        call(*tool, "checkout", "-q", "--relink")
        target = Dlv(dlv.program, folder / kind)
        items = {item["source"]: item for item in target.bring_in(work)}
        imported = sorted(item["reference"] for item in items.values() if item["state"] == "imported")
        assert imported == ["ckpt:v1", "model:v1", "out:v1"], items
        assert target.json("desc", "out")["hparams"] == {"lr": "0.1", "train.epochs": "3"}
        assert len(target.json("desc", "ckpt")["files"]) == 2


def onnx(dlv, folder, have):
    """What is exported with other weights passes onnx's checker and has the weights, external data too."""
    import numpy
    import onnx as package
    from onnx import numpy_helper

    for seed in (1, 2):
        save_onnx(folder / str(seed) / "model.onnx", seed)
        dlv("commit", "-n", f"net{seed}", folder / str(seed) / "model.onnx")
    dlv("checkout", "net2", "--format", "onnx", "--graph", "net1", "--stamp", "-o", folder / "out")
    package.checker.check_model(str(folder / "out" / "model.onnx"))
    model = package.load(str(folder / "out" / "model.onnx"))
    assert numpy.array_equal(numpy_helper.to_array(model.graph.initializer[0]), weights(2)["layer.weight"])
    assert {entry.key for entry in model.metadata_props} >= {"dlv.version", "dlv.commit"}
    dlv("commit", "-n", "again", folder / "out" / "model.onnx")
    ids = [[tensor["id"] for tensor in dlv.json("desc", name, "--tensors")["tensors"]] for name in ("net2", "again")]
    assert ids[0] == ids[1], ids


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    program = str(parser.parse_args().program.resolve())
    have = choose_python()
    if not all(name in have for name in NEEDED):
        print("numpy and safetensors are not installed: WHAT OTHER PROGRAMS WRITE IS NOT JUDGED")
        return 77
    judged, problems = 0, 0
    for name in CLIENTS:
        if name not in have or (name == "dvc" and not shutil.which("git")):
            print(f"{name} is not installed: ITS FILES ARE NOT JUDGED")
            continue
        with tempfile.TemporaryDirectory(prefix=f"dlv-{name}-") as folder:
            try:
                globals()[name](Dlv(program, pathlib.Path(folder) / "repository"), pathlib.Path(folder), have)
                judged += 1
                print(f"{name}: well")
            except (AssertionError, subprocess.CalledProcessError) as error:
                problems += 1
                print(f"{name}: {error}")
    return 1 if problems else 0 if judged else 77


if __name__ == "__main__":
    sys.exit(main())
