#include <array>
#include <optional>

#include "cli/environment.h"
#include "cli/help.h"
#include "cli/shell/language_help.h"

namespace dlv::cli {
namespace {

constexpr const char* kRevisions = R"(How to name a version, a snapshot or a tensor

  NAME            the latest version of the model
  NAME:v3         version 3
  NAME:best       the version that the alias "best" points to
  NAME:best@{1}   where "best" was before its last move; @{2}: the move before that
  NAME:best@{2026-11-01}
                  where it was at the end of that day; @{2026-11-01T16:02}: at that minute
  NAME@{1}        the version before the latest; NAME@{2026-11-01}: the latest of that day
  NAME@9f31c2     by id: at least 4 hexadecimal digits
  REF~2           the second ancestor along first parents
  REF^2           the second parent (of a merge)
  REF#4000        the snapshot of step 4000
  REF/layer1.*    tensors, by glob
  REF/@optimizer/...      tensors of the optimizer
  REF/FILE//name          a tensor of one file of the version
  REF/"any name"          a name with characters that mean something here
  REF/conv1.weight[0:16, 3]   a slice of a tensor, for show

"latest" moves by itself; vN is given once and stays. vN counts in this repository only: the id is the same
everywhere. Quote references with * ~ # or " in them, or the shell will read them first.
)";

constexpr const char* kFormats = R"(Formats of files

Committed, and given back byte for byte:
  safetensors       also sharded, with its index.json
  PyTorch           .pt .pth .th .bin, in the zip and the legacy format; nothing in them is ever run
  NumPy             .npy and .npz
  TorchScript       .jit .pt: the parameters; the program is kept and never run
  ONNX              .onnx, with the files beside it that hold its tensors
  Caffe             .caffemodel .solverstate .binaryproto
  GGUF              .gguf; quantised tensors as bytes with their type
  llama2.c          .bin, on request: --as llama2c=FILE
  any other file    kept as it is
The format is found from the content, not from the name. A file that would have to be executed to be read is
refused (exit status 9).

Written by checkout --format:
  original          the committed files (the default)
  safetensors, npz  the tensors, all or those that --tensors names; --shard SIZE cuts safetensors
  pt                a state dict that torch.load(weights_only=True) opens
  onnx              the ONNX files of a version (--graph) with the weights of another
)";

constexpr const char* kExitCodes = R"(Exit statuses

    0   done
    1   the answer is "no": fsck found damage, doctor a problem, config no value, and the like
    2   usage or syntax
    3   not found: repository, model, version, tensor or file
    4   conflict or busy: another writer, a file in the way, an alias that protects a version
    5   integrity: stored bytes are not what was written
    6   local I/O: permission, no space
    7   another machine
    8   authentication or authorisation
    9   unsafe input refused
   70   internal error, or not in this release
  130   interrupted

With --json an error is also a document on stdout:
  {"error": {"code": "NOT_FOUND", "exit": 3, "message": "...", "hint": "...", "did_you_mean": ["..."]}}
)";

struct Topic {
  const char* name;
  const char* text;
};

constexpr std::array<Topic, 3> kTopics = {
    {{"revisions", kRevisions}, {"formats", kFormats}, {"exit-codes", kExitCodes}}};
constexpr std::array<const char*, 5> kTopicNames = {"revisions", "dql", "formats", "exit-codes",
                                                    "environment"};

}  // namespace

std::optional<std::string> TopicHelp(std::string_view topic) {
  if (topic == "environment") return EnvironmentHelp();
  if (topic == "dql") return LanguageSummary();
  for (const Topic& entry : kTopics) {
    if (topic == entry.name) return entry.text;
  }
  return std::nullopt;
}

std::span<const char* const> AllTopics() { return kTopicNames; }

}  // namespace dlv::cli
