#!/usr/bin/env python3
"""Makes the folder of a training run for the transcripts: a small checkpoint and all that programs write beside one.

    make_run.py FOLDER            a run
    make_run.py --shards FOLDER   a PyTorch checkpoint in two shards with its index
"""
import json
import os
import pathlib
import struct
import sys
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fuzz"))
import make_seeds  # noqa: E402


def safetensors(path, names, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name in names:
        header[name] = {"dtype": "F32", "shape": [2], "data_offsets": [len(data), len(data) + 8]}
        data += struct.pack("<2f", 1.5, len(data))
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def message(number, data):
    return bytes([number << 3 | 2, len(data)]) + data


def record(data):
    size = struct.pack("<Q", len(data))
    sums = [struct.pack("<I", make_seeds.masked_crc32c(part)) for part in (size, data)]
    return size + sums[0] + data + sums[1]


def events(path, tag, values):
    out = record(message(3, b"brain.Event:2"))
    for step, value in values:
        scalar = message(1, message(1, tag.encode()) + b"\x15" + struct.pack("<f", value))
        out += record(b"\x10" + bytes([step]) + message(5, scalar))
    path.write_bytes(out + out[:7])  # a record is being written


def run(folder):
    for name in ("checkpoints", ".hydra", "tensorboard"):
        (folder / name).mkdir(parents=True)
    safetensors(folder / "checkpoints" / "last.safetensors", ["w", "b"], {"format": "pt", "seed": "7"})
    (folder / "config.json").write_text('{"hidden_size": 64, "rope": {"theta": 1e4}, "lr": 9}\n')
    (folder / "params.yaml").write_text("lr: 0.1\nbatch: &b 32\neval: {batch: *b}\n")
    (folder / ".hydra" / "config.yaml").write_text("optimizer:\n  name: adam\n")
    (folder / ".hydra" / "overrides.yaml").write_text("- lr=0.1\n")
    (folder / "trainer_state.json").write_text(json.dumps({"max_steps": 20, "log_history": [
        {"step": 10, "epoch": 0.5, "loss": 2.0}, {"step": 20, "epoch": 1.0, "loss": 1.0, "eval_loss": 1.5}]}))
    (folder / "metrics.csv").write_text("epoch,step,val_acc\n0,10,0.5\n1,20,0.75\n")
    (folder / "train_log.jsonl").write_text('{"step": 10, "grad": {"norm": 3}}\n{"step": 20, "grad": {"norm": 2}}\n{"st')
    events(folder / "tensorboard" / "events.out.tfevents.1700000000.host", "throughput", [(1, 100.0), (2, 120.0)])
    (folder / "lenet_solver.prototxt").write_text("base_lr: 0.01 # start\nstepvalue: 10\nstepvalue: 20\n")
    (folder / "caffe.log").write_text("I0101 00:00:00.1 1 solver.cpp:404]     Test net output #0: accuracy = 0.5\n"
                                      "I0101 00:00:00.1 1 solver.cpp:228] Iteration 100, lr = 0.01\n"
                                      "I0101 00:00:00.1 1 solver.cpp:404]     Test net output #0: accuracy = 0.9\n")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\ntags: [vision]\ndatasets: [a, b]\nmodel-index:\n- results:\n"
                                      "  - metrics: [{type: f1, value: 0.5}]\n---\n# Card\n")
    (folder / "hparams.yaml").write_text("a: [1, 2\n")  # broken
    os.symlink("metrics.csv", folder / "results.csv")


def torch_file(path, names):
    tensors = {name: make_seeds.Tensor(make_seeds.Storage("FloatStorage", str(i), 2), 0, (2,), (1,)) for i, name in enumerate(names)}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/data.pkl", make_seeds.dump(tensors))
        for i, name in enumerate(names):
            archive.writestr(f"m/data/{i}", struct.pack("<2f", i + 1, len(path.name)))
        archive.writestr("m/version", "3\n")


def shards(folder):
    folder.mkdir(parents=True)
    torch_file(folder / "pytorch_model-00001-of-00002.bin", ["a.weight", "a.bias"])
    torch_file(folder / "pytorch_model-00002-of-00002.bin", ["b.weight"])
    names = {"a.weight": 1, "a.bias": 1, "b.weight": 2}
    index = {"metadata": {"total_size": 24}, "weight_map": {k: f"pytorch_model-0000{v}-of-00002.bin" for k, v in names.items()}}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=1))


if __name__ == "__main__":
    (shards if sys.argv[1] == "--shards" else run)(pathlib.Path(sys.argv[-1]))
