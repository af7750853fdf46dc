#include "engine/api/version_network.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "engine/network/attributes.h"
#include "engine/network/binding.h"
#include "engine/network/encoding.h"
#include "engine/network/network_diff.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"
#include "storage/store/version_network.h"

namespace dlv::api {
namespace {

constexpr std::size_t kFewNames = 4;

/// Tensors that the parameters may be, and which of them are weights.
struct Facts {
  std::vector<network::TensorFact> tensors;
  std::set<std::string> weights;
};

/// Caffe's older files write each shape with four axes: a vector [8] as [1, 1, 1, 8].
NetworkShape ShapeFor(const Shape& shape, const std::optional<NetworkShape>& wanted) {
  if (!wanted || shape.size() != 4 || wanted->size() >= 4) return shape;
  const auto extra = static_cast<std::ptrdiff_t>(4 - wanted->size());
  const bool ones = std::all_of(shape.begin(), shape.begin() + extra,
                                [](std::int64_t size) { return size == 1; });
  return ones ? NetworkShape(shape.begin() + extra, shape.end()) : NetworkShape(shape);
}

Facts FactsOf(const archive::Manifest& manifest, const store::SnapshotContent& content,
              const NetworkReport& report) {
  std::map<std::string, const NetworkParameter*> wanted;
  for (const NetworkParameter& parameter : report.network.parameters) {
    wanted.emplace(parameter.name, &parameter);
  }
  const auto count = static_cast<std::uint32_t>(manifest.files.size());
  const auto of_file = [&](std::size_t i) {
    const TensorInfo info = content.Info(i, count);
    return info.file < count && manifest.files[info.file].path == report.file;
  };
  bool brings_its_own = false;
  for (std::size_t i = 0; i < content.ids.size(); ++i) brings_its_own |= of_file(i);
  Facts facts;
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const TensorInfo info = content.Info(i, count);
    const bool usable = info.role == TensorRole::kParameter || info.role == TensorRole::kBuffer;
    if (!usable || (brings_its_own && !of_file(i))) continue;
    const auto found = wanted.find(info.name);
    facts.tensors.push_back(
        {info.name, info.dtype,
         ShapeFor(info.shape, found == wanted.end() ? std::nullopt : found->second->shape),
         info.id});
    if (info.role == TensorRole::kParameter) facts.weights.insert(info.name);
  }
  return facts;
}

/// Names of the parameters of subgraphs, which are joined by name alone.
void AddInnerParameters(const Network& network, std::set<std::string_view>& names) {
  for (const NetworkNode& node : network.nodes) {
    network::ForEachSubgraph(node, [&](const Network& body) {
      for (const NetworkParameter& parameter : body.parameters) names.insert(parameter.name);
      AddInnerParameters(body, names);
    });
  }
}

bool AllByName(const network::BindingResult& result) {
  return std::all_of(result.bindings.begin(), result.bindings.end(),
                     [](const auto& binding) { return binding.match == ParameterMatch::kName; });
}

/// Of a graph's own weights, those of parameters that have no tensor yet and that some tensor may
/// be.
store::WantsTensor WantedOf(const network::BindingResult& result, const Facts& facts) {
  std::set<std::string> open;
  for (const ParameterBinding& binding : result.bindings) {
    if (binding.match != ParameterMatch::kName) open.insert(binding.parameter);
  }
  std::set<std::uint64_t> counts;
  for (const network::TensorFact& tensor : facts.tensors) {
    counts.insert(std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::uint64_t{1},
                                  [](std::uint64_t all, std::int64_t size) {
                                    return all * static_cast<std::uint64_t>(size);
                                  }));
  }
  return [open = std::move(open), counts = std::move(counts)](const std::string& name,
                                                              std::uint64_t count) {
    return open.contains(name) && counts.contains(count);
  };
}

/// The numbers of vectors: of the graph's file, which are at hand, and of the snapshot.
class Vectors {
 public:
  explicit Vectors(store::Store& store) : store_(store) {}

  std::vector<network::TensorFact> TakeOwn(std::vector<store::OwnTensor> brought) {
    std::vector<network::TensorFact> own;
    for (store::OwnTensor& tensor : brought) {
      own.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.id});
      if (!tensor.vector.empty()) own_.emplace(tensor.id, std::move(tensor.vector));
    }
    return own;
  }

  std::vector<double> Read(const network::TensorFact& fact) {
    if (fact.dtype != DType::kF32) return {};
    if (const auto own = own_.find(fact.id); own != own_.end()) return Doubles(own->second);
    auto bytes = ReadStored(fact.id);
    if (bytes.ok()) return Doubles(*bytes);
    if (status_.ok()) status_ = bytes.error();
    return {};
  }

  /// The first error of reading.
  const Status& status() const { return status_; }

 private:
  Result<std::vector<std::byte>> ReadStored(const TensorId& id) {
    DLV_ASSIGN(const auto source, store_.tensors().OpenSource(id));
    std::vector<std::byte> bytes;
    if (source->size() > store::kMaxOwnVectorBytes) return bytes;
    bytes.resize(static_cast<std::size_t>(source->size()));
    DLV_TRY(source->ReadAt(0, bytes));
    return bytes;
  }

  static std::vector<double> Doubles(std::span<const std::byte> bytes) {
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return {values.begin(), values.end()};
  }

  store::Store& store_;
  std::unordered_map<TensorId, std::vector<std::byte>> own_;
  Status status_ = Ok();
};

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kFewNames; ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kFewNames)
    text += " and " + std::to_string(names.size() - kFewNames) + " more";
  return text;
}

/// Takes guesses back that nobody has accepted.
void RefuseGuesses(network::BindingResult& result, NetworkReport& report) {
  std::size_t guesses = 0;
  for (ParameterBinding& binding : result.bindings) {
    if (binding.match != ParameterMatch::kGuess) continue;
    ++guesses;
    result.unused_tensors.push_back(binding.tensor);
    binding = {binding.parameter, "", ParameterMatch::kNone};
  }
  if (guesses == 0) return;
  report.warnings.push_back(std::to_string(guesses) +
                            (guesses == 1 ? " parameter" : " parameters") +
                            " could be joined with the only tensor left of the shape; "
                            "commit with --accept-guesses to do so");
}

void WarnOfAmbiguous(const network::BindingResult& result, NetworkReport& report) {
  if (result.ambiguous.empty()) return;
  const bool one = result.ambiguous.size() == 1;
  report.warnings.push_back(std::to_string(result.ambiguous.size()) +
                            (one ? " parameter is ambiguous, for several tensors have its shape: "
                                 : " parameters are ambiguous, for several tensors have their "
                                   "shapes: ") +
                            Listed(result.ambiguous) +
                            "; a graph with the same names, or one exported with these weights, "
                            "tells which");
}

const archive::ManifestFile* FileOf(const archive::Manifest& manifest, const std::string& path) {
  for (const archive::ManifestFile& file : manifest.files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

/// The network of a version; an empty one where it has none.
Result<Network> NetworkOrNothing(store::Store& store, std::string_view reference, bool& has) {
  DLV_ASSIGN(const store::Target target, store::ResolveTarget(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store, target.version));
  const auto stored = store::ReadStoredNetwork(store, target.version, manifest);
  has = stored.ok();
  if (!stored.ok() && stored.error().code == ErrorCode::kNotFound) return Network();
  if (!stored.ok()) return stored.error();
  return network::Decode(stored->form);
}

}  // namespace

Status JoinTensors(store::Store& store, const archive::Manifest& manifest,
                   const std::optional<std::int64_t>& step, const std::string& reference,
                   NetworkReport& report) {
  Facts facts;
  if (!manifest.snapshots.empty()) {
    DLV_ASSIGN(const std::uint32_t ordinal, store::FindSnapshot(manifest, step, reference));
    DLV_ASSIGN(const store::SnapshotContent content, store::ReadSnapshot(store, manifest, ordinal));
    facts = FactsOf(manifest, content, report);
  }
  network::BindingResult result = network::BindParameters(report.network, facts.tensors);
  if (!AllByName(result)) {
    auto brought = store::ReadOwnTensors(store, manifest, report.file, WantedOf(result, facts));
    if (brought.ok()) {
      Vectors vectors(store);
      const auto own = vectors.TakeOwn(std::move(*brought));
      result = network::BindParameters(report.network, facts.tensors, own,
                                       [&](const auto& fact) { return vectors.Read(fact); });
      DLV_TRY(vectors.status());
    } else if (brought.error().code == ErrorCode::kIo) {
      return brought.error();
    }
  }
  const archive::ManifestFile* file = FileOf(manifest, report.file);
  if (file == nullptr || file->note != store::kGraphGuessNote) RefuseGuesses(result, report);
  WarnOfAmbiguous(result, report);
  report.bindings = std::move(result.bindings);
  std::set<std::string_view> inner;
  AddInnerParameters(report.network, inner);
  for (std::string& name : result.unused_tensors) {
    if (facts.weights.contains(name) && !inner.contains(name))
      report.unused_tensors.push_back(std::move(name));
  }
  for (std::string& warning : result.warnings) report.warnings.push_back(std::move(warning));
  return Ok();
}

Result<NetworkReport> ReadNetwork(store::Store& store, std::string_view reference) {
  DLV_ASSIGN(const store::Target target, store::ResolveTarget(store, reference));
  DLV_ASSIGN(const archive::Manifest manifest, store::ReadVersionManifest(store, target.version));
  DLV_ASSIGN(const store::StoredNetwork stored,
             store::ReadStoredNetwork(store, target.version, manifest));
  NetworkReport report;
  report.id = stored.id;
  report.file = stored.file;
  if (network::IdOf(stored.form) != stored.id) {
    return Error{ErrorCode::kCorruption,
                 "catalog: the network of " + target.version.summary.reference() +
                     " has another id than its row says",
                 "make the catalog anew with: dlv fsck --rebuild-catalog"};
  }
  DLV_ASSIGN(report.network, network::Decode(stored.form));
  DLV_TRY(JoinTensors(store, manifest, target.step, target.version.summary.reference(), report));
  return report;
}

Result<NetworkDiff> DiffNetworks(store::Store& store, std::string_view before,
                                 std::string_view after) {
  bool has_before = false, has_after = false;
  DLV_ASSIGN(const Network old_network, NetworkOrNothing(store, before, has_before));
  DLV_ASSIGN(const Network new_network, NetworkOrNothing(store, after, has_after));
  if (!has_before && !has_after) {
    return Error{ErrorCode::kNotFound, "neither " + std::string(before) + " nor " +
                                           std::string(after) + " has a network"};
  }
  return network::DiffNetworks(old_network, new_network);
}

std::vector<std::string> GraphNotes(const NetworkReport& report) {
  constexpr std::array<std::string_view, 5> kHow = {
      "by name", "by content", "by a guess from the shape",
      "derived from others (a normalisation folded in)", ""};
  std::array<std::vector<std::string>, 5> by_match;
  for (const ParameterBinding& binding : report.bindings) {
    auto& list = by_match[static_cast<std::size_t>(binding.match)];
    list.push_back(binding.match == ParameterMatch::kName || binding.tensor.empty()
                       ? binding.parameter
                       : binding.parameter + " = " + binding.tensor);
  }
  const std::vector<std::string>& none = by_match[static_cast<std::size_t>(ParameterMatch::kNone)];
  const std::size_t total = report.bindings.size();
  std::vector<std::string> notes;
  notes.push_back(std::to_string(total - none.size()) + " of " + std::to_string(total) +
                  " parameters found their tensor");
  for (std::size_t i = 0; i < kHow.size(); ++i) {
    if (by_match[i].empty() || kHow[i].empty()) continue;
    std::string line = std::to_string(by_match[i].size()) + " " + std::string(kHow[i]);
    if (i != 0) line += ": " + Listed(by_match[i]);
    notes.push_back(std::move(line));
  }
  if (!none.empty()) notes.push_back("no tensor for " + Listed(none));
  if (!report.unused_tensors.empty()) {
    notes.push_back("no parameter for " + Listed(report.unused_tensors));
  }
  for (const std::string& warning : report.warnings) notes.push_back(warning);
  return notes;
}

}  // namespace dlv::api
