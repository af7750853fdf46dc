#pragma once
/// \file
/// What the query engine needs from storage. engine/api implements it over a repository; tests have
/// a fake of plain vectors.
///
/// A statement loads one Snapshot: all columns that its plan names, read in one catalog view. After
/// that no lock is held. Networks and tensors are content-addressed, so they may be read later.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/diff.h"
#include "dlv/ids.h"
#include "dlv/network.h"
#include "dlv/progress.h"
#include "dlv/query.h"
#include "dlv/result.h"
#include "dlv/statistics.h"
#include "dlv/tensor.h"
#include "dlv/version_info.h"
#include "engine/query/inference.h"
#include "engine/query/names.h"

namespace dlv::query {

/// Place of a version among Snapshot::versions, which are in the order of their making.
using VersionIndex = std::uint32_t;
inline constexpr VersionIndex kNoVersion = std::numeric_limits<VersionIndex>::max();
/// Place of a network among the distinct networks of a Snapshot.
using GraphIndex = std::uint32_t;
inline constexpr GraphIndex kNoGraph = std::numeric_limits<GraphIndex>::max();

/// What a statement reads beside the versions themselves. A set is by name; `all_...` means every
/// row.
struct Needs {
  std::set<std::string, std::less<>> metrics;  ///< last values
  std::set<std::string, std::less<>> series;   ///< with all points
  std::set<std::string, std::less<>> hparams;
  bool all_metrics = false;  ///< last values
  bool all_series = false;
  bool all_hparams = false;
  bool tags = false;
  bool aliases = false;
  bool notes = false;
  bool evaluations = false;
  bool files = false;
  bool snapshots = false;
  bool lineage = false;
  bool graphs = false;
  bool queries = false;
};

struct VersionColumns {
  std::vector<VersionId> id;
  std::vector<std::uint32_t> model;  ///< place in Snapshot::models
  std::vector<std::uint64_t> number;
  std::vector<std::int64_t> created;
  std::vector<std::string> author, message;
  std::vector<std::uint32_t> snapshot_count, file_count;
  std::vector<std::uint64_t> parameter_count, raw_bytes, stored_bytes;
  std::size_t size() const { return id.size(); }
};

struct ModelEntry {
  std::string name;
  VersionIndex latest = kNoVersion;  ///< the highest number
};

/// Last value of one metric, by version. A NaN is a value.
struct MetricColumn {
  std::vector<double> value;
  std::vector<std::uint8_t> present;
  std::vector<std::int64_t> last_step;
};

struct SeriesEntry {
  VersionIndex version = 0;
  std::string name;
  std::vector<MetricPoint> points;
};

struct NamedEntry {  ///< a tag, a hyper-parameter
  VersionIndex version = 0;
  std::string name, value;
};

struct AliasEntry {
  std::uint32_t model = 0;
  std::string name;
  VersionIndex version = 0;
};

/// A result of `eval` that was saved.
struct EvaluationEntry {
  VersionIndex version = 0;
  SavedEvaluation saved;
};

struct FileEntry {
  VersionIndex version = 0;
  std::uint32_t ordinal = 0;
  FileInfo info;
};

struct SnapshotEntry {
  VersionIndex version = 0;
  std::uint32_t ordinal = 0;
  SnapshotInfo info;
};

struct EdgeEntry {
  VersionIndex child = 0;
  VersionIndex parent = kNoVersion;  ///< kNoVersion: not in this repository
  VersionId parent_id;
  std::uint32_t ordinal = 0;
  Relation relation = Relation::kRetrain;
  bool inferred = false;
};

struct StoredQuery {
  std::string name, text;
  std::int64_t created = 0;
};

/// One state of the catalog, as far as `Needs` asked for it. Immutable once loaded. Lists are
/// ascending by version, then by name or ordinal.
struct Snapshot {
  VersionColumns versions;
  std::vector<ModelEntry> models;
  std::map<std::string, MetricColumn, std::less<>> metrics;
  std::vector<SeriesEntry> series;
  std::map<std::string, std::vector<std::optional<std::string>>, std::less<>> hparams;
  std::vector<NamedEntry> all_hparams, tags, notes;
  std::vector<AliasEntry> aliases;
  std::vector<EvaluationEntry> evaluations;
  std::vector<FileEntry> files;
  std::vector<SnapshotEntry> snapshots;
  std::vector<EdgeEntry> lineage;
  std::vector<GraphIndex> graph_of;      ///< by version; kNoGraph: none
  std::vector<NetworkId> graphs;         ///< distinct ones
  std::vector<std::int64_t> graph_keys;  ///< what the context finds each of them by
  std::vector<StoredQuery> queries;

  std::string ReferenceOf(VersionIndex version) const {
    return models[versions.model[version]].name + ":v" + std::to_string(versions.number[version]);
  }
};

/// A tensor of a version's default snapshot, or of the one named by `step`.
struct TensorEntry {
  std::string name;
  TensorRole role = TensorRole::kParameter;
  DType dtype = DType::kF32;
  Shape shape;
  TensorId id;
};

struct TensorRead {
  unsigned planes = 0;           ///< given: leading bits of an element
  bool exact = true;             ///< all bits
  std::uint64_t read_bytes = 0;  ///< coded bytes fetched
};
struct TensorFigures {
  TensorStatistics statistics;
  std::uint64_t read_bytes = 0;
};
struct PairFigures {
  PairStatistics statistics;
  std::uint64_t read_bytes = 0;
};
/// Gets the elements of a chunk, and how many of their leading bits were read.
using ChunkSink = std::function<Status(std::span<const std::byte> bytes, unsigned planes)>;

/// Gets the encoding of a network.
using GraphSink = std::function<Status(GraphIndex graph, std::span<const std::byte> encoding)>;

/// A version that a statement makes. Its weights are those of `source`, by reference, but for the
/// parameters in `made`.
struct NewVersion {
  std::string model;
  VersionId source;
  std::string source_reference;
  Relation relation = Relation::kSlice;
  std::string query;  ///< its text, kept with the lineage edge
  Network network;
  std::map<std::string, std::string> tensors;  ///< parameter to tensor of `source`
  struct Made {
    std::string name;
    DType dtype = DType::kF32;
    Shape shape;
    std::vector<std::byte> bytes;
  };
  std::vector<Made> made;
};

/// Thread-compatible; Snapshots may be shared.
class QueryContext {
 public:
  virtual ~QueryContext() = default;

  virtual Result<std::shared_ptr<const Snapshot>> Load(const Needs& needs) = 0;
  /// Names known now: each once.
  virtual Result<std::vector<std::string>> ReadNames(NameKind kind) = 0;
  virtual Result<bool> HasName(NameKind kind, std::string_view name) = 0;
  /// The version that a reference means now ("lenet~2", "lenet@9f31c2").
  /// Errors: kNotFound, kSyntax, kUnsupported.
  virtual Result<QueryVersion> Resolve(std::string_view reference) {
    return Error{ErrorCode::kUnsupported, "\"" + std::string(reference) + "\" cannot be looked up",
                 "NAME, NAME:vN or NAME:alias"};
  }

  /// Gives the encodings (engine/network/encoding.h) of `count` networks of the snapshot, in order;
  /// all but the first may be missing. Errors: kNotFound, kCorruption, kIo, those of `sink`.
  virtual Status ReadGraphs(const Snapshot& snapshot, GraphIndex first, std::size_t count,
                            const GraphSink& sink) = 0;
  /// How the parameters of the version's network are called among its tensors, in the order of the
  /// network's parameters.
  virtual Result<std::vector<ParameterBinding>> ReadBindings(const VersionId& version) = 0;
  /// Tensors of a snapshot in the order of the file; `step` empty: the default one. Shared between
  /// calls.
  virtual Result<std::shared_ptr<const std::vector<TensorEntry>>> ReadTensors(
      const VersionId& version, std::optional<std::int64_t> step) = 0;

  /// Streams a tensor to at least `planes` leading bits (0: all), chunk by chunk in order; bits
  /// that were not read are zero.
  virtual Result<TensorRead> StreamTensor(const TensorId& id, unsigned planes,
                                          const ChunkSink& sink, const Operation& operation) = 0;

  /// Figures of all elements, without a histogram.
  virtual Result<TensorFigures> ReadStatistics(const TensorId& id, const Operation& operation) = 0;
  /// Figures of pairs of elements; the tensors have as many. With `planes` the norm of the
  /// difference has a bound (dlv/diff.h).
  virtual Result<PairFigures> ReadPair(const TensorId& a, const TensorId& b, unsigned planes,
                                       const Operation& operation) = 0;

  /// Opens a network on data. Reads no weights yet.
  /// Errors: those of reading networks, tensors and data; kInvalidArgument (data that do not fit:
  /// what was got and wanted), kUnsupported (an operator, by its node).
  virtual Result<std::unique_ptr<Predictor>> OpenPredictor(const RunSubject&,
                                                           const PredictionRequest&,
                                                           const Operation&) {
    return Error{ErrorCode::kUnsupported, "networks do not run here"};
  }
  /// Evaluates a network on data, as `dlv eval` does.  Errors: as OpenPredictor; of the metrics.
  virtual Result<Evaluated> Evaluate(const RunSubject&, const RunData&,
                                     std::span<const std::string> /*metrics*/, const Operation&) {
    return Error{ErrorCode::kUnsupported, "networks do not run here"};
  }
  /// The settings that a file holds, by name.  Errors: kIo, kNotFound, kInvalidArgument.
  virtual Result<KeyValues> ReadConfig(const std::string& path) {
    return Error{ErrorCode::kNotFound, path + ": there is no such file"};
  }
  /// Records results of versions as evaluations, all or none.
  virtual Status SaveEvaluations(std::span<const Evaluated>) {
    return Error{ErrorCode::kUnsupported, "results are not kept here"};
  }

  /// Makes all of the versions or none; returns their references.
  /// Errors: kConflict (a name is taken), kInvalidArgument (a name), kIo, kCancelled.
  virtual Result<std::vector<std::string>> Save(std::span<const NewVersion> versions,
                                                const Operation& operation) = 0;
  /// Errors: kConflict (there is one, and not `replace`).
  virtual Status StoreQuery(std::string_view name, std::string_view text, bool replace) = 0;
  /// Errors: kNotFound.
  virtual Status DropQuery(std::string_view name) = 0;
};

}  // namespace dlv::query
