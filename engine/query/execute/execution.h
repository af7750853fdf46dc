#pragma once
/// \file
/// A statement while it runs: the state that it sees, and what all of its parts share.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/query/bound_tree.h"
#include "engine/query/context.h"
#include "engine/query/execute/graph_cache.h"
#include "engine/query/execute/graph_view.h"
#include "engine/query/execute/lineage_graph.h"
#include "engine/query/execute/made_network.h"
#include "engine/query/value.h"

namespace dlv::query {

/// Values of all variables of a statement, by their number; behind them those of groups.
using Frame = std::vector<Value>;

/// The last result of a session, as values of the state that the next statement sees.
struct PreviousRows {
  std::vector<std::pair<std::string, Type>> columns;
  std::vector<List> rows;
};

struct ExecutionInput {
  QueryContext* context = nullptr;
  std::shared_ptr<const Snapshot> snapshot;
  const BoundStatement* statement = nullptr;
  std::vector<Value> parameters;
  const PreviousRows* previous = nullptr;
  GraphCache* graphs = nullptr;
  Operation operation;
  std::int64_t now = 0;
  bool prune_planes = true;  ///< false: comparisons of weights always read all planes
};

/// What a tensor of a version's network is: of a parameter, by its place.
using ParameterTensors = std::vector<std::optional<TensorRef>>;

/// Rows that an operator may keep in memory: sorted, in a table, in the result.
inline constexpr std::size_t kMostKeptRows = 20'000'000;

/// Not thread-safe.
class Execution {
 public:
  explicit Execution(ExecutionInput input) : input_(std::move(input)) {}

  const ExecutionInput& input() const { return input_; }
  const Snapshot& snapshot() const { return *input_.snapshot; }
  QueryContext& context() { return *input_.context; }
  const BoundStatement& statement() const { return *input_.statement; }

  /// Errors: kCancelled. Cheap enough for every row.
  Status CheckCancelled() const;

  /// The network of a version; null where it has none.
  Result<GraphView*> GraphOf(VersionIndex version);
  Result<GraphView*> Graph(GraphIndex graph);
  /// While one is alive, nodes of the networks that are asked for stand in no value that outlives
  /// it: such a network may be dropped once others have been asked for.
  class PassingGraphs {
   public:
    explicit PassingGraphs(Execution& execution) : execution_(execution) { ++execution_.passing_; }
    ~PassingGraphs() { --execution_.passing_; }
    PassingGraphs(const PassingGraphs&) = delete;
    PassingGraphs& operator=(const PassingGraphs&) = delete;

   private:
    Execution& execution_;
  };
  const LineageGraph& lineage();
  /// Sums over the versions of a model.
  struct ModelSums {
    std::uint64_t versions = 0, raw_bytes = 0, stored_bytes = 0;
  };
  const ModelSums& SumsOf(std::uint32_t model);

  /// Tensors of a snapshot of the version; those of the default one without `snapshot`.
  Result<std::shared_ptr<const std::vector<TensorEntry>>> Tensors(
      VersionIndex version, std::optional<std::uint32_t> snapshot = std::nullopt);
  /// Tensors of the network's parameters.
  Result<const ParameterTensors*> TensorsOfParameters(VersionIndex version);
  Result<std::optional<TensorRef>> TensorNamed(VersionIndex version, const std::string& name);

  /// Keeps a made network alive as long as the statement.
  void Keep(std::shared_ptr<const MadeNetwork> made) { made_.push_back(std::move(made)); }
  const MadeNetwork* MadeOf(const GraphView* graph) const;

  /// Returns the error, and remembers where it came from unless an inner part has.
  Error Failed(Place place, Error error);
  std::optional<Place> error_place() const { return error_place_; }

  /// Whether an operator that has `kept` rows in memory may keep one more.
  /// Errors: kInvalidArgument (kMostKeptRows).
  static Status KeepRow(std::size_t kept);

  std::set<std::string> warnings;          ///< of running, each once
  std::set<VersionIndex> without_network;  ///< versions that were to run, and have no network
  std::vector<Evaluated> evaluated;        ///< what evaluate gave

  // Counted for explain analyze.
  std::uint64_t read_bytes = 0;
  std::uint64_t planes = 0;  ///< most that a comparison or figure read of an element
  std::uint64_t graphs_read = 0;

 private:
  ExecutionInput input_;
  Status ReadGraphs(GraphIndex first);

  unsigned passing_ = 0;
  GraphIndex read_end_ = 0;  ///< behind the networks that were read last
  std::size_t read_at_once_ = 1;
  std::optional<LineageGraph> lineage_;
  std::vector<ModelSums> model_sums_;  ///< one a model, once somebody asked
  std::map<std::pair<VersionIndex, std::uint32_t>, std::shared_ptr<const std::vector<TensorEntry>>>
      tensors_;
  std::unordered_map<VersionIndex, ParameterTensors> parameter_tensors_;
  std::vector<std::shared_ptr<const MadeNetwork>> made_;
  std::optional<Place> error_place_;
};

}  // namespace dlv::query
