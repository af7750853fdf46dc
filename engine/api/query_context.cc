#include "engine/api/query_context.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "engine/api/query_save.h"
#include "engine/api/query_snapshot.h"
#include "engine/api/version_network.h"
#include "engine/network/encoding.h"
#include "storage/archive/directory.h"
#include "storage/statistics/accumulator.h"
#include "storage/statistics/pair_accumulator.h"
#include "storage/store/names.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::api {
namespace {

using query::TensorEntry;
using TensorList = std::shared_ptr<const std::vector<TensorEntry>>;

/// Snapshots and lists of tensors that are remembered.
constexpr std::size_t kMostSnapshots = 8;
constexpr std::size_t kMostTensorLists = 64;
constexpr std::size_t kGraphsAtOnce = 256;

bool SameNeeds(const query::Needs& a, const query::Needs& b) {
  const auto flags = [](const query::Needs& of) {
    return std::tie(of.metrics, of.series, of.hparams, of.all_metrics, of.all_series,
                    of.all_hparams, of.tags, of.aliases, of.notes, of.files, of.snapshots,
                    of.lineage, of.graphs, of.queries);
  };
  return flags(a) == flags(b);
}

Status CheckCancelled(const Operation& operation) {
  if (operation.cancel == nullptr || !operation.cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped"};
}

class StoreContext final : public query::QueryContext {
 public:
  explicit StoreContext(store::Store& store) : store_(store), reader_(store.locator()) {}

  Result<std::shared_ptr<const query::Snapshot>> Load(const query::Needs& needs) override {
    using Loaded = std::shared_ptr<const LoadedSnapshot>;
    DLV_ASSIGN(const Loaded loaded,
               store_.Read([&](const catalog::Catalog& catalog) -> Result<Loaded> {
                 DLV_ASSIGN(const auto sequence, catalog.GetMeta(store::kLogSequenceKey));
                 if (sequence != sequence_) known_.clear();
                 sequence_ = sequence;
                 for (const auto& [known_needs, snapshot] : known_) {
                   if (SameNeeds(known_needs, needs)) return snapshot;
                 }
                 DLV_ASSIGN(auto fresh, LoadSnapshot(catalog, needs));
                 if (needs.graphs) graphs_ = fresh;
                 if (known_.size() == kMostSnapshots) known_.erase(known_.begin());
                 known_.emplace_back(needs, fresh);
                 return fresh;
               }));
    return std::shared_ptr<const query::Snapshot>(loaded, &loaded->snapshot);
  }

  Result<query::Names> ReadNames() override {
    return store_.Read([&](const catalog::Catalog& catalog) { return LoadNames(catalog); });
  }

  Result<QueryVersion> Resolve(std::string_view reference) override {
    DLV_ASSIGN(const store::Target target, store::ResolveTarget(store_, reference));
    if (target.step || !target.tensor_pattern.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   "\"" + std::string(reference) + "\" names more than a version",
                   "a version, without #step and /tensor"};
    }
    return QueryVersion{target.version.summary.id, target.version.summary.reference()};
  }

  Result<std::shared_ptr<const Network>> ReadNetwork(const NetworkId& id) override {
    DLV_ASSIGN(auto form, FormOf(id));
    auto network = network::Decode(form);
    if (!network.ok()) {
      Error error = std::move(network).error();
      error.message = "catalog: network " + id.Hex(12) + ": " + error.message;
      return error;
    }
    return std::make_shared<const Network>(std::move(network).value());
  }

  Result<std::vector<ParameterBinding>> ReadBindings(const VersionId& version) override {
    DLV_ASSIGN(const catalog::VersionRow row, RowOf(version));
    DLV_ASSIGN(NetworkReport report, api::ReadNetwork(store_, row.summary.reference()));
    return std::move(report.bindings);
  }

  Result<TensorList> ReadTensors(const VersionId& version,
                                 std::optional<std::int64_t> step) override {
    const auto key = std::pair(version, step);
    if (const auto known = tensors_.find(key); known != tensors_.end()) return known->second;
    DLV_ASSIGN(const catalog::VersionRow row, RowOf(version));
    DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store_, row));
    auto list = std::make_shared<std::vector<TensorEntry>>();
    if (!manifest.snapshots.empty()) {
      DLV_ASSIGN(const std::uint32_t ordinal,
                 store::FindSnapshot(manifest, step, row.summary.reference()));
      DLV_ASSIGN(const store::SnapshotContent content,
                 store::ReadSnapshot(store_, manifest, ordinal));
      for (std::size_t i = 0; i < content.layout.tensors.size(); ++i) {
        const archive::LayoutTensor& tensor = content.layout.tensors[i];
        list->push_back({tensor.name, tensor.role, tensor.dtype, tensor.shape, content.ids[i]});
      }
    }
    if (tensors_.size() >= kMostTensorLists) tensors_.clear();
    return tensors_[key] = std::move(list);
  }

  Result<query::TensorRead> StreamTensor(const TensorId& id, unsigned planes,
                                         const query::ChunkSink& sink,
                                         const Operation& operation) override {
    DLV_ASSIGN(const auto handle, reader_.Open(id));
    query::TensorRead read;
    const std::uint64_t before = reader_.fetched_bytes();
    const std::uint64_t chunks = archive::ChunkCount(handle->element_count());
    const auto full = static_cast<unsigned>(8 * SizeOf(handle->dtype()));
    read.planes = full;
    std::vector<std::byte> buffer;
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
      DLV_TRY(CheckCancelled(operation));
      const std::uint64_t count = archive::ChunkLength(handle->element_count(), chunk);
      buffer.resize(static_cast<std::size_t>(count * SizeOf(handle->dtype())));
      DLV_ASSIGN(const unsigned given, reader_.Read(*handle, chunk * archive::kChunkElements,
                                                    buffer, planes >= full ? 0 : planes));
      read.planes = std::min(read.planes, given);
      DLV_TRY(sink(buffer, given));
    }
    read.exact = read.planes == full;
    read.read_bytes = reader_.fetched_bytes() - before;
    return read;
  }

  Result<query::TensorFigures> ReadStatistics(const TensorId& id,
                                              const Operation& operation) override {
    DLV_ASSIGN(const auto handle, reader_.Open(id));
    statistics::Accumulator whole(handle->dtype());
    DLV_ASSIGN(const query::TensorRead read,
               StreamTensor(
                   id, 0,
                   [&](std::span<const std::byte> bytes, unsigned) -> Status {
                     statistics::Accumulator part(handle->dtype());
                     part.Add(bytes);
                     whole.Merge(part);
                     return Ok();
                   },
                   operation));
    return query::TensorFigures{whole.Finish(), read.read_bytes};
  }

  Result<query::PairFigures> ReadPair(const TensorId& a, const TensorId& b, unsigned planes,
                                      const Operation& operation) override {
    DLV_ASSIGN(const auto first, reader_.Open(a));
    DLV_ASSIGN(const auto second, reader_.Open(b));
    const std::uint64_t before = reader_.fetched_bytes();
    const std::uint64_t chunks = archive::ChunkCount(first->element_count());
    std::optional<statistics::PairAccumulator> whole;
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
      DLV_TRY(CheckCancelled(operation));
      DLV_TRY(reader_.ReadPair(*first, *second, chunk, planes,
                               [&](std::span<const std::byte> x, unsigned x_planes,
                                   std::span<const std::byte> y, unsigned y_planes) -> Status {
                                 statistics::PairAccumulator part(first->dtype(), second->dtype(),
                                                                  x_planes, y_planes, false);
                                 part.Add(x, y);
                                 if (whole) {
                                   whole->Merge(part);
                                 } else {
                                   whole.emplace(part);
                                 }
                                 return Ok();
                               }));
    }
    query::PairFigures figures;
    if (whole) figures.statistics = whole->Finish();
    figures.read_bytes = reader_.fetched_bytes() - before;
    return figures;
  }

  Result<std::vector<std::string>> Save(std::span<const query::NewVersion> versions,
                                        const Operation& operation) override {
    return SaveNetworks(store_, versions, operation);
  }

  Status StoreQuery(std::string_view name, std::string_view text, bool replace) override {
    return api::StoreQuery(store_, name, text, replace);
  }
  Status DropQuery(std::string_view name) override { return api::DropQuery(store_, name); }

 private:
  Result<catalog::VersionRow> RowOf(const VersionId& id) {
    return store_.Read([&](const catalog::Catalog& catalog) -> Result<catalog::VersionRow> {
      DLV_ASSIGN(auto row, catalog.FindById(id));
      if (row) return std::move(*row);
      return Error{ErrorCode::kNotFound, "version " + id.Hex(12) + " was removed meanwhile"};
    });
  }

  /// The encoding of a network. Statements read networks in the order of their snapshot: so the
  /// following ones are read with it, in one view.
  Result<std::vector<std::byte>> FormOf(const NetworkId& id) {
    if (const auto known = forms_.find(id); known != forms_.end()) {
      std::vector<std::byte> form = std::move(known->second);
      forms_.erase(known);
      return form;
    }
    forms_.clear();
    DLV_TRY(store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto rows, RowsFrom(catalog, id));
      return catalog.GraphForms(
          rows,
          [&](catalog::Row, const NetworkId& network, std::span<const std::byte> bytes) -> Status {
            forms_[network].assign(bytes.begin(), bytes.end());
            return Ok();
          });
    }));
    const auto found = forms_.find(id);
    if (found == forms_.end()) return Gone(id);
    std::vector<std::byte> form = std::move(found->second);
    forms_.erase(found);
    return form;
  }

  static Error Gone(const NetworkId& id) {
    return Error{ErrorCode::kNotFound, "network " + id.Hex(12) + " was removed meanwhile"};
  }

  /// The catalog's rows of the network and of those behind it in the last snapshot.
  Result<std::vector<catalog::Row>> RowsFrom(const catalog::Catalog& catalog, const NetworkId& id) {
    DLV_ASSIGN(const auto row, catalog.FindGraph(id));
    if (!row) return Gone(id);
    std::vector<catalog::Row> rows = {*row};
    if (graphs_ == nullptr || graphs_->graph_rows.empty()) return rows;
    const auto& all = graphs_->graph_rows;  // ascending
    auto at = std::upper_bound(all.begin(), all.end(), *row);
    for (; at != all.end() && rows.size() < kGraphsAtOnce; ++at) rows.push_back(*at);
    return rows;
  }

  store::Store& store_;
  archive::TensorReader reader_;  ///< one of its own, to count what it fetches
  std::optional<std::string> sequence_;
  std::shared_ptr<const LoadedSnapshot> graphs_;  ///< the last one that has networks
  std::unordered_map<NetworkId, std::vector<std::byte>> forms_;
  std::vector<std::pair<query::Needs, std::shared_ptr<const LoadedSnapshot>>> known_;
  std::map<std::pair<VersionId, std::optional<std::int64_t>>, TensorList> tensors_;
};

}  // namespace

std::unique_ptr<query::QueryContext> MakeQueryContext(store::Store& store) {
  return std::make_unique<StoreContext>(store);
}

}  // namespace dlv::api
