#include "engine/query/execute/execution.h"

#include <algorithm>

namespace dlv::query {
namespace {

/// Lists of tensors that a statement keeps at the most.
constexpr std::size_t kMostTensorLists = 256;
constexpr std::size_t kMostReadAtOnce = 8;
static_assert(kMostReadAtOnce < GraphCache::kMostPassing);

std::optional<std::uint32_t> PlaceOf(const std::vector<TensorEntry>& tensors,
                                     const std::string& name) {
  for (std::uint32_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace

Status Execution::CheckCancelled() const {
  const CancellationToken* cancel = input_.operation.cancel;
  if (cancel == nullptr || !cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped"};
}

Result<GraphView*> Execution::GraphOf(VersionIndex version) {
  const auto& graph_of = snapshot().graph_of;
  if (version >= graph_of.size() || graph_of[version] == kNoGraph) {
    return static_cast<GraphView*>(nullptr);
  }
  return Graph(graph_of[version]);
}

Result<GraphView*> Execution::Graph(GraphIndex graph) {
  const NetworkId& id = snapshot().graphs[graph];
  const bool keep = passing_ == 0;
  if (GraphView* const known = input_.graphs->Find(id, keep)) return known;
  DLV_TRY(CheckCancelled());
  DLV_TRY(ReadGraphs(graph));
  return input_.graphs->Find(id, keep);
}

/// Reads the network, and further ones where the statement goes from one to the next: twice as many
/// each time.
Status Execution::ReadGraphs(GraphIndex first) {
  const auto& ids = snapshot().graphs;
  read_at_once_ = first == read_end_ ? std::min(2 * read_at_once_, kMostReadAtOnce) : 1;
  std::size_t count = 1;
  while (count < read_at_once_ && first + count < ids.size() &&
         !input_.graphs->Has(ids[first + count])) {
    ++count;
  }
  read_end_ = static_cast<GraphIndex>(first + count);
  const GraphSink add = [&](GraphIndex graph, std::span<const std::byte> encoding) -> Status {
    ++graphs_read;
    Status added = input_.graphs->Add(ids[graph], encoding);
    if (added.ok()) return added;
    Error error = added.error();
    error.message = "catalog: network " + ids[graph].Hex(12) + ": " + error.message;
    return error;
  };
  return context().ReadGraphs(snapshot(), first, count, add);
}

const LineageGraph& Execution::lineage() {
  if (!lineage_) lineage_.emplace(snapshot());
  return *lineage_;
}

const Execution::ModelSums& Execution::SumsOf(std::uint32_t model) {
  if (model_sums_.empty()) {
    model_sums_.resize(snapshot().models.size());
    const VersionColumns& versions = snapshot().versions;
    for (std::size_t i = 0; i < versions.size(); ++i) {
      ModelSums& sums = model_sums_[versions.model[i]];
      ++sums.versions;
      sums.raw_bytes += versions.raw_bytes[i];
      sums.stored_bytes += versions.stored_bytes[i];
    }
  }
  return model_sums_[model];
}

Result<std::shared_ptr<const std::vector<TensorEntry>>> Execution::Tensors(
    VersionIndex version, std::optional<std::uint32_t> snapshot_place) {
  const std::uint32_t place = snapshot_place.value_or(TensorRef::kDefaultSnapshot);
  const auto key = std::pair(version, place);
  if (const auto known = tensors_.find(key); known != tensors_.end()) return known->second;
  std::optional<std::int64_t> step;
  if (snapshot_place) step = snapshot().snapshots[place].info.step;
  DLV_TRY(CheckCancelled());
  DLV_ASSIGN(auto tensors, context().ReadTensors(snapshot().versions.id[version], step));
  if (tensors_.size() >= kMostTensorLists) tensors_.clear();
  tensors_[key] = tensors;
  return tensors;
}

Result<std::optional<TensorRef>> Execution::TensorNamed(VersionIndex version,
                                                        const std::string& name) {
  DLV_ASSIGN(const auto tensors, Tensors(version));
  const auto place = PlaceOf(*tensors, name);
  if (!place) return std::optional<TensorRef>();
  return std::optional(TensorRef{tensors, *place, version});
}

Result<const ParameterTensors*> Execution::TensorsOfParameters(VersionIndex version) {
  const auto known = parameter_tensors_.find(version);
  if (known != parameter_tensors_.end()) return &known->second;
  DLV_ASSIGN(const auto bindings, context().ReadBindings(snapshot().versions.id[version]));
  DLV_ASSIGN(const auto tensors, Tensors(version));
  std::unordered_map<std::string_view, std::uint32_t> places;
  for (std::uint32_t i = 0; i < tensors->size(); ++i) places.emplace((*tensors)[i].name, i);
  ParameterTensors found;
  for (const ParameterBinding& binding : bindings) {
    const auto place = places.find(binding.tensor);
    found.push_back(place == places.end()
                        ? std::nullopt
                        : std::optional(TensorRef{tensors, place->second, version}));
  }
  if (parameter_tensors_.size() >= kMostTensorLists) parameter_tensors_.clear();
  return &(parameter_tensors_[version] = std::move(found));
}

const MadeNetwork* Execution::MadeOf(const GraphView* graph) const {
  for (const auto& made : made_) {
    if (made->graph.get() == graph) return made.get();
  }
  return nullptr;
}

Status Execution::KeepRow(std::size_t kept) {
  if (kept < kMostKeptRows) return Ok();
  return Error{ErrorCode::kInvalidArgument, "the statement keeps over 20,000,000 rows in memory",
               "add a condition, or a limit behind order by"};
}

Error Execution::Failed(Place place, Error error) {
  if (!error_place_ && error.code != ErrorCode::kCancelled) error_place_ = place;
  return error;
}

}  // namespace dlv::query
