#include "engine/api/query_save.h"

#include <algorithm>

#include "engine/api/network_file.h"
#include "storage/store/commit.h"
#include "storage/store/names.h"
#include "storage/store/version_content.h"

namespace dlv::api {
namespace {

constexpr std::size_t kMostQueryBytes = 1 << 20;

/// Weights of a made version: those of its source, and those that were made.
class MadeWeights final : public TensorSource {
 public:
  explicit MadeWeights(store::Store& store) : reader_(store.tensors()) {}

  Status Add(const TensorId& id, TensorInfo info) {
    DLV_ASSIGN(auto handle, reader_.Open(id));
    parts_.push_back({std::move(info), std::move(handle), nullptr});
    return Ok();
  }
  void Add(const query::NewVersion::Made& made) {
    TensorInfo info;
    info.name = made.name;
    info.dtype = made.dtype;
    info.shape = made.shape;
    parts_.push_back({std::move(info), nullptr, &made.bytes});
  }

  std::size_t size() const override { return parts_.size(); }
  TensorInfo Info(std::size_t index) const override { return parts_[index].info; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const Part& part = parts_[index];
    if (part.bytes != nullptr) {
      const auto begin = part.bytes->begin() + static_cast<std::ptrdiff_t>(offset);
      std::copy(begin, begin + static_cast<std::ptrdiff_t>(out.size()), out.begin());
      return Ok();
    }
    return ReadStored(part, offset, out);
  }

 private:
  struct Part {
    TensorInfo info;
    std::shared_ptr<const archive::TensorHandle> handle;
    const std::vector<std::byte>* bytes = nullptr;
  };

  Status ReadStored(const Part& part, std::uint64_t offset, std::span<std::byte> out) {
    const std::uint64_t size = SizeOf(part.info.dtype);
    const std::uint64_t first = offset / size, skipped = offset % size;
    if (skipped == 0 && out.size() % size == 0) {
      DLV_TRY(reader_.Read(*part.handle, first, out));
      return Ok();
    }
    const std::uint64_t last = (offset + out.size() + size - 1) / size;
    std::vector<std::byte> whole(static_cast<std::size_t>((last - first) * size));
    DLV_TRY(reader_.Read(*part.handle, first, whole));
    std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(skipped), out.size(), out.begin());
    return Ok();
  }

  archive::TensorReader& reader_;
  std::vector<Part> parts_;
};

/// The tensors of the source that the version takes, under its parameters' names, and the made
/// ones.
Result<std::unique_ptr<MadeWeights>> CollectWeights(store::Store& store,
                                                    const query::NewVersion& made) {
  auto weights = std::make_unique<MadeWeights>(store);
  DLV_ASSIGN(const auto row, store.Read([&](const catalog::Catalog& catalog) {
    return catalog.FindById(made.source);
  }));
  if (!row) {
    return Error{ErrorCode::kNotFound, made.source_reference + " was removed meanwhile"};
  }
  DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store, *row));
  if (!manifest.snapshots.empty() && !made.tensors.empty()) {
    const auto last = static_cast<std::uint32_t>(manifest.snapshots.size() - 1);
    DLV_ASSIGN(const store::SnapshotContent content, store::ReadSnapshot(store, manifest, last));
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < content.layout.tensors.size(); ++i) {
      places.emplace(content.layout.tensors[i].name, i);
    }
    for (const auto& [parameter, tensor] : made.tensors) {
      const auto place = places.find(tensor);
      if (place == places.end()) continue;
      TensorInfo info =
          content.Info(place->second, static_cast<std::uint32_t>(manifest.files.size()));
      info.name = parameter;
      info.role = TensorRole::kParameter;
      DLV_TRY(weights->Add(content.ids[place->second], std::move(info)));
    }
  }
  for (const auto& one : made.made) weights->Add(one);
  return weights;
}

/// A version to be committed, with what the commit reads.
struct Saving {
  std::unique_ptr<MadeWeights> weights;
  std::unique_ptr<NetworkFile> file;
};

Result<Saving> Prepare(store::Store& store, const query::NewVersion& made,
                       store::ExtendedRequest& commit) {
  Saving saving;
  DLV_ASSIGN(saving.weights, CollectWeights(store, made));
  DLV_ASSIGN(saving.file, NetworkFile::Make(store, made.network));
  CommitRequest& request = commit.request;
  request.model = made.model;
  request.message = std::string(NameOf(made.relation)) + " of " + made.source_reference;
  request.files.push_back(saving.file->input());
  if (saving.weights->size() != 0) {
    request.tensors.push_back({saving.weights.get(), std::nullopt});
  }
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {made.source_reference};
  request.relation = made.relation;
  request.side_information = false;
  request.allow_unchanged = true;
  commit.extras.parent_attributes["query"] = made.query;
  return saving;
}

Status CheckQueryName(std::string_view name) { return store::CheckKey("query", name); }

}  // namespace

Result<std::vector<std::string>> SaveNetworks(store::Store& store,
                                              std::span<const query::NewVersion> versions,
                                              const Operation& operation) {
  for (const query::NewVersion& version : versions) DLV_TRY(store::CheckModelName(version.model));
  std::vector<Saving> savings;
  std::vector<store::ExtendedRequest> commits;
  for (const query::NewVersion& version : versions) {
    DLV_ASSIGN(auto saving, Prepare(store, version, commits.emplace_back()));
    savings.push_back(std::move(saving));
  }
  DLV_ASSIGN(const auto results, store::CommitTogether(store, std::move(commits), operation));
  std::vector<std::string> saved;
  for (const CommitResult& result : results) saved.push_back(result.version.reference());
  return saved;
}

Status StoreQuery(store::Store& store, std::string_view name, std::string_view text, bool replace) {
  DLV_TRY(CheckQueryName(name));
  if (text.size() > kMostQueryBytes) {
    return Error{ErrorCode::kInvalidArgument, "the query has over 1 MiB"};
  }
  return store.Write("dlv query", [&](store::Change& change) -> Status {
    DLV_ASSIGN(const auto queries, change.catalog.NamedQueries());
    const bool known = std::any_of(queries.begin(), queries.end(),
                                   [&](const auto& query) { return query.name == name; });
    if (known && !replace) {
      return Error{ErrorCode::kConflict, "there is a query " + store::Quoted(name) + " already",
                   "create or replace query " + std::string(name) + " as ... takes its place"};
    }
    const std::string key(name), body(text);
    DLV_TRY(change.transaction.SetNamedQuery({key, body, change.now}));
    change.log.emplace_back(archive::QueryRecord{key, body, false});
    return Ok();
  });
}

Status DropQuery(store::Store& store, std::string_view name) {
  return store.Write("dlv query", [&](store::Change& change) -> Status {
    DLV_ASSIGN(const auto queries, change.catalog.NamedQueries());
    std::vector<std::string> names;
    for (const auto& query : queries) names.push_back(query.name);
    DLV_ASSIGN(const bool deleted, change.transaction.DeleteNamedQuery(name));
    if (!deleted) {
      return Error{ErrorCode::kNotFound, "no query " + store::Quoted(name),
                   store::DidYouMean(name, names)};
    }
    change.log.emplace_back(archive::QueryRecord{std::string(name), {}, true});
    return Ok();
  });
}

}  // namespace dlv::api
