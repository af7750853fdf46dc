#include "engine/api/query_context.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/api/missing_networks.h"
#include "engine/api/query_inference.h"
#include "engine/api/query_save.h"
#include "engine/api/query_snapshot.h"
#include "engine/api/version_network.h"
#include "storage/archive/directory.h"
#include "storage/catalog/bulk_reader.h"
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

bool SameNeeds(const query::Needs& a, const query::Needs& b) {
  const auto flags = [](const query::Needs& of) {
    return std::tie(of.metrics, of.series, of.hparams, of.all_metrics, of.all_series,
                    of.all_hparams, of.tags, of.aliases, of.notes, of.evaluations, of.files,
                    of.snapshots, of.lineage, of.graphs, of.queries);
  };
  return flags(a) == flags(b);
}

catalog::NameKind CatalogKind(query::NameKind kind) {
  switch (kind) {
    case query::NameKind::kModel:
      return catalog::NameKind::kModel;
    case query::NameKind::kAlias:
      return catalog::NameKind::kAlias;
    case query::NameKind::kMetric:
      return catalog::NameKind::kMetric;
    case query::NameKind::kHparam:
      return catalog::NameKind::kHyperParameter;
    case query::NameKind::kTag:
      return catalog::NameKind::kTag;
    case query::NameKind::kQuery:
      break;
  }
  return catalog::NameKind::kQuery;
}

Status CheckCancelled(const Operation& operation) {
  if (operation.cancel == nullptr || !operation.cancel->cancelled()) return Ok();
  return Error{ErrorCode::kCancelled, "stopped"};
}

class StoreContext final : public query::QueryContext {
 public:
  explicit StoreContext(store::Store& store) : store_(store), reader_(store.locator()) {}

  Result<std::shared_ptr<const query::Snapshot>> Load(const query::Needs& needs) override {
    bool known = false;
    DLV_ASSIGN(const auto loaded, store_.Read([&](const catalog::Catalog& catalog) {
      return LoadKnown(catalog, needs, &known);
    }));
    if (!known) {
      if (loaded->networks_missing) DLV_TRY(AddMissing(*loaded));
      if (known_.size() == kMostSnapshots) known_.erase(known_.begin());
      known_.emplace_back(needs, loaded);
    }
    return std::shared_ptr<const query::Snapshot>(loaded, &loaded->snapshot);
  }

  Result<std::vector<std::string>> ReadNames(query::NameKind kind) override {
    return store_.Read([&](const catalog::Catalog& catalog) {
      return catalog::BulkReader(catalog).Names(CatalogKind(kind));
    });
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

  Result<bool> HasName(query::NameKind kind, std::string_view name) override {
    return store_.Read([&](const catalog::Catalog& catalog) -> Result<bool> {
      DLV_TRY(ForgetWhereChanged(catalog));
      auto key = std::pair(kind, std::string(name));
      if (names_.contains(key)) return true;
      DLV_ASSIGN(const bool has, catalog::BulkReader(catalog).HasName(CatalogKind(kind), name));
      if (has) names_.insert(std::move(key));
      return has;
    });
  }

  Status ReadGraphs(const query::Snapshot& snapshot, query::GraphIndex first, std::size_t count,
                    const query::GraphSink& sink) override {
    const std::span keys = std::span(snapshot.graph_keys).subspan(first, count);
    query::GraphIndex next = first;
    const auto missing = std::ranges::find_if(keys, [](std::int64_t key) { return key < 0; });
    const auto rows = keys.first(static_cast<std::size_t>(missing - keys.begin()));
    const Status read = store_.Read([&](const catalog::Catalog& catalog) {
      return catalog.GraphForms(
          rows, [&](catalog::Row, const NetworkId& id, std::span<const std::byte> form) -> Status {
            if (id != snapshot.graphs[next]) return Gone(snapshot.graphs[next]);
            return sink(next++, form);
          });
    });
    if (!read.ok()) {
      const bool some = read.error().code == ErrorCode::kNotFound && next > first;
      return some ? Ok() : read;
    }
    for (const std::int64_t key : keys.subspan(rows.size())) {
      DLV_TRY(sink(next++, missing_->FormOf(key)));
    }
    return Ok();
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

  Result<std::unique_ptr<query::Predictor>> OpenPredictor(const query::RunSubject& subject,
                                                          const query::PredictionRequest& request,
                                                          const Operation& operation) override {
    return api::OpenPredictor(store_, subject, request, operation);
  }
  Result<query::Evaluated> Evaluate(const query::RunSubject& subject, const query::RunData& data,
                                    std::span<const std::string> metrics,
                                    const Operation& operation) override {
    return EvaluateSubject(store_, subject, data, metrics, operation);
  }
  Result<KeyValues> ReadConfig(const std::string& path) override { return ReadSettings(path); }
  Status SaveEvaluations(std::span<const query::Evaluated> results) override {
    return SaveResults(store_, results);
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
  using Loaded = std::shared_ptr<LoadedSnapshot>;

  Result<Loaded> LoadKnown(const catalog::Catalog& catalog, const query::Needs& needs,
                           bool* known) {
    DLV_TRY(ForgetWhereChanged(catalog));
    for (const auto& [known_needs, snapshot] : known_) {
      *known = SameNeeds(known_needs, needs);
      if (*known) return snapshot;
    }
    return LoadSnapshot(catalog, needs);
  }

  Status AddMissing(LoadedSnapshot& loaded) {
    if (!missing_) {
      DLV_ASSIGN(missing_, MissingNetworks::Read(store_));
    }
    missing_->AddTo(loaded);
    return Ok();
  }

  /// Forgets what was read of another state of the catalog.
  Status ForgetWhereChanged(const catalog::Catalog& catalog) {
    DLV_ASSIGN(const auto sequence, catalog.GetMeta(store::kLogSequenceKey));
    if (sequence == sequence_) return Ok();
    known_.clear();
    names_.clear();
    missing_.reset();
    sequence_ = sequence;
    return Ok();
  }

  Result<catalog::VersionRow> RowOf(const VersionId& id) {
    return store_.Read([&](const catalog::Catalog& catalog) -> Result<catalog::VersionRow> {
      DLV_ASSIGN(auto row, catalog.FindById(id));
      if (row) return std::move(*row);
      return Error{ErrorCode::kNotFound, "version " + id.Hex(12) + " was removed meanwhile"};
    });
  }

  static Error Gone(const NetworkId& id) {
    return Error{ErrorCode::kNotFound, "network " + id.Hex(12) + " was removed meanwhile"};
  }

  store::Store& store_;
  archive::TensorReader reader_;  ///< one of its own, to count what it fetches
  std::optional<std::string> sequence_;
  std::vector<std::pair<query::Needs, std::shared_ptr<LoadedSnapshot>>> known_;
  std::optional<MissingNetworks> missing_;
  std::set<std::pair<query::NameKind, std::string>> names_;  ///< that there are
  std::map<std::pair<VersionId, std::optional<std::int64_t>>, TensorList> tensors_;
};

}  // namespace

std::unique_ptr<query::QueryContext> MakeQueryContext(store::Store& store) {
  return std::make_unique<StoreContext>(store);
}

}  // namespace dlv::api
