#pragma once
/// \file
/// What a repository tells about models, versions and snapshots. Plain values, safe to keep after
/// the repository is closed. Times are seconds since 1970-01-01 UTC; sizes are bytes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dlv/ids.h"
#include "dlv/tensor.h"

namespace dlv {

/// How a version came from its parent.  On disk: do not renumber.
enum class Relation : std::uint8_t {
  kRetrain = 0,
  kFinetune = 1,
  kCopy = 2,
  kSlice = 3,
  kConstruct = 4,
  kMerge = 5,
  kQuantize = 6,
  kPrune = 7,
  kDistil = 8,
  kAdapter = 9,
};
/// Returns "finetune", "copy", ...
std::string_view NameOf(Relation relation);
/// Returns the relation of that name ("distill" and "distil" are both taken), or nothing.
std::optional<Relation> RelationFromName(std::string_view name);

/// One point of a metric series.
struct MetricPoint {
  std::int64_t step = 0;
  double value = 0;
};

/// A metric: one value, or a series over training steps.
struct Metric {
  std::string name;
  std::vector<MetricPoint> points;  ///< at least one; a single value has step -1
  double last() const { return points.empty() ? 0 : points.back().value; }
};

/// A name with a value, both as given (hyper-parameters, tags).
using KeyValues = std::map<std::string, std::string>;

/// A parent of a version. `reference` is `NAME:vN`, or `NAME@hash` where the parent is not in this
/// repository.
struct ParentInfo {
  VersionId id;
  std::string reference;
  Relation relation = Relation::kFinetune;
  KeyValues attributes;
  bool inferred = false;  ///< found by comparing weights, not named by the user
};

/// A file of a version.
struct FileInfo {
  std::string path;  ///< relative, '/'-separated
  std::uint64_t size_bytes = 0;
  FileDigest sha256;
  std::string format;  ///< "safetensors", "pytorch-zip", "pytorch-legacy", "torchscript", "npz",
                       ///< "npy", "onnx", "onnx-data", "onnx-tensor", "caffemodel", "solverstate",
                       ///< "caffe-blob", "gguf", "llama2c", "zip", "blob"
  std::optional<std::int64_t> step;  ///< of the snapshot it belongs to
  std::uint32_t tensor_count = 0;
  std::string note;  ///< why it is kept as a blob or has something left out; empty when all is well
};

/// A snapshot: the tensors of a version at one training step.
struct SnapshotInfo {
  std::optional<std::int64_t> step;
  std::uint64_t parameter_count = 0;  ///< elements of tensors with role parameter
  std::uint64_t tensor_bytes = 0;     ///< original bytes of all its tensors
  std::uint32_t tensor_count = 0;
};

/// A version in a listing.
struct VersionSummary {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;  ///< the N of NAME:vN, of this repository only
  std::int64_t created = 0;
  std::string author;
  std::string message;
  std::vector<std::string> aliases;
  KeyValues tags;
  std::string note;  ///< Markdown written later (Repository::SetNote); empty: none
  std::vector<ParentInfo> parents;
  std::vector<std::pair<std::string, double>> metrics;  ///< last value of each
  std::uint32_t snapshot_count = 0;
  std::uint32_t file_count = 0;
  std::uint64_t parameter_count = 0;  ///< of the default (last) snapshot
  std::uint64_t raw_bytes = 0;        ///< size of all files
  std::uint64_t stored_bytes = 0;     ///< bytes that its commit added to the packs
  std::string reference() const { return model + ":v" + std::to_string(number); }
};

/// All of a version.
/// A result of evaluating a version (dlv/evaluation.h) that was saved.
struct SavedEvaluation {
  std::string data;          ///< name of the data
  std::string metric;        ///< "top1", "loss"
  double value = 0;          ///< shares from 0 to 1
  KeyValues attributes;      ///< how it was made: "examples", "preprocess", "step"
  std::int64_t created = 0;  ///< seconds since 1970
};

struct VersionDetails {
  VersionSummary summary;
  std::vector<SnapshotInfo> snapshots;
  std::vector<FileInfo> files;
  KeyValues hparams;
  std::vector<Metric> metrics;
  std::vector<SavedEvaluation> evaluations;  ///< oldest first
  /// Name to the path of the file that said so, for what was not given by the user.
  KeyValues hparam_sources;
  KeyValues metric_sources;
  KeyValues tag_sources;
  std::vector<TensorInfo> tensors;  ///< of the default snapshot, or of the one asked for
  unsigned chain_depth_max = 0;     ///< deltas to apply for the deepest tensor of that snapshot
  std::uint64_t snapshot_stored_bytes =
      0;  ///< coded bytes of that snapshot's tensors, bases not counted
  std::uint64_t snapshot_read_bytes =
      0;  ///< coded bytes to read to get that snapshot back, bases counted
};

/// A model in a listing.
struct ModelSummary {
  std::string name;
  std::uint64_t version_count = 0;
  VersionSummary latest;
  std::uint64_t raw_bytes = 0;
  std::uint64_t stored_bytes = 0;
};

/// A move of an alias: "best: v3 -> v5".
struct AliasMove {
  std::string model;
  std::string alias;
  std::uint64_t from = 0;  ///< 0: did not exist
  std::uint64_t to = 0;    ///< 0: deleted
  std::int64_t when = 0;
};

}  // namespace dlv
