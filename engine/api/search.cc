#include "dlv/search.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/api/repository_impl.h"
#include "engine/api/search_chain.h"
#include "engine/api/search_likeness.h"
#include "engine/api/search_words.h"
#include "engine/network/encoding.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"
#include "storage/store/version_diff.h"
#include "storage/store/version_network.h"

namespace dlv {
namespace {

using catalog::Row;

/// Of versions that are compared by their weights.
constexpr std::size_t kMostCompared = 50;
/// Above so many parameters ids are compared, not values.
constexpr std::uint64_t kMostEstimated = 50'000'000;

struct Candidate {
  catalog::VersionRow version;
  Row graph = 0;
  double score = 0;
  double architecture = 0;
  std::vector<std::string> reasons;
};

Status Stopped(const Operation& operation) {
  const bool stop = operation.cancel != nullptr && operation.cancel->cancelled();
  return stop ? Status(Error{ErrorCode::kCancelled, "interrupted"}) : Ok();
}

std::string Percent(double part) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", std::floor(part * 1000) / 10);
  return text;
}

/// One search: versions come in once, and each criterion drops those that do not fit.
class VersionSearch {
 public:
  VersionSearch(store::Store& store, const SearchRequest& request, const Operation& operation)
      : store_(store), request_(request), operation_(operation) {}

  Result<std::vector<SearchHit>> Run() {
    for (const std::string& word : request_.words) words_.push_back(api::Folded(word));
    std::erase(words_, "");
    if (words_.empty() && request_.architecture.empty() && request_.like.empty()) {
      return Error{ErrorCode::kInvalidArgument, "nothing to look for",
                   "want words, an architecture, or a version that others are like"};
    }
    if (!request_.architecture.empty()) {
      DLV_ASSIGN(chain_, api::ParseChain(request_.architecture));
    }
    std::optional<store::Target> like;
    if (!request_.like.empty()) {
      DLV_ASSIGN(like, store::ResolveTarget(store_, request_.like));
    }
    DLV_TRY(Collect());
    if (!chain_.empty()) DLV_TRY(KeepArchitecture());
    if (!words_.empty()) DLV_TRY(KeepWords());
    if (like) DLV_TRY(RankLike(*like));
    return Finish();
  }

 private:
  Status Collect() {
    DLV_TRY(ReadMissing());
    return store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(auto versions, catalog.ListVersions());
      DLV_ASSIGN(const auto graphs, catalog.GraphsOfVersions());
      const std::unordered_map<Row, Row> graph_of(graphs.begin(), graphs.end());
      for (catalog::VersionRow& version : versions) {
        Candidate candidate;
        const auto graph = graph_of.find(version.row);
        const auto missing = missing_of_.find(version.row);
        if (missing != missing_of_.end()) candidate.graph = missing->second;
        if (graph != graph_of.end()) candidate.graph = graph->second;
        candidate.version = std::move(version);
        candidates_.push_back(std::move(candidate));
      }
      return Ok();
    });
  }

  /// Reads the networks of versions that the catalog says nothing of from their files. Those that
  /// it has no row for get places below zero.
  Status ReadMissing() {
    bool some = false;
    DLV_TRY(store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto versions, catalog.VersionsWithoutGraphRow());
      some = !versions.empty();
      return Ok();
    }));
    if (!some) return Ok();
    DLV_ASSIGN(auto found, store::ReadMissingNetworks(store_));
    return store_.Read([&](const catalog::Catalog& catalog) -> Status {
      std::map<NetworkId, Row> places;
      for (auto& [version, one] : found) {
        if (!one.network) continue;
        const auto [place, is_new] = places.emplace(one.network->id, 0);
        if (is_new) {
          DLV_ASSIGN(const auto known, catalog.FindGraph(one.network->id));
          if (!known) missing_.push_back(std::move(one.network->form));
          place->second = known ? *known : -static_cast<Row>(missing_.size());
        }
        missing_of_.emplace(version, place->second);
      }
      return Ok();
    });
  }

  /// Calls `visit` once for each distinct network that a candidate has.
  Status ForEachNetwork(const std::function<void(Row, const Network&)>& visit) {
    std::set<Row> distinct;
    for (const Candidate& candidate : candidates_) {
      if (candidate.graph != 0) distinct.insert(candidate.graph);
    }
    const auto stored = distinct.upper_bound(0);
    for (auto row = distinct.begin(); row != stored; ++row) {
      DLV_ASSIGN(const Network network,
                 network::Decode(missing_[static_cast<std::size_t>(-*row - 1)]));
      visit(*row, network);
    }
    const std::vector<Row> graphs(stored, distinct.end());
    return store_.Read([&](const catalog::Catalog& catalog) -> Status {
      return catalog.GraphForms(
          graphs, [&](Row row, const NetworkId&, std::span<const std::byte> form) -> Status {
            DLV_TRY(Stopped(operation_));
            DLV_ASSIGN(const Network network, network::Decode(form));
            visit(row, network);
            return Ok();
          });
    });
  }

  Status KeepArchitecture() {
    std::unordered_map<Row, std::string> found;
    DLV_TRY(ForEachNetwork([&](Row row, const Network& network) {
      const auto match = api::MatchChain(network, chain_);
      if (!match) return;
      std::string reason;
      for (const network::NodeIndex node : match->nodes) {
        const NetworkNode& one = network.nodes[node];
        reason += (reason.empty() ? "" : " -> ") + one.op + " " + one.name;
      }
      if (match->count > 1) reason += " (and " + std::to_string(match->count - 1) + " more)";
      found.emplace(row, reason);
    }));
    std::erase_if(candidates_, [&](Candidate& candidate) {
      const auto reason = found.find(candidate.graph);
      if (reason == found.end()) return true;
      candidate.score = 1;
      candidate.reasons.push_back(reason->second);
      return false;
    });
    return Ok();
  }

  static void AddFields(const VersionSummary& summary, std::vector<api::SearchField>& fields) {
    fields.push_back({"name", 10, summary.model});
    for (const std::string& alias : summary.aliases) fields.push_back({"alias", 6, alias});
    for (const auto& [key, value] : summary.tags)
      fields.push_back({"tag", 5, value.empty() ? key : key + "=" + value});
    fields.push_back({"message", 4, summary.message});
    fields.push_back({"note", 3, summary.note});
  }

  Status KeepWords() {
    std::unordered_map<Row, std::vector<api::SearchField>> fields;
    for (const Candidate& candidate : candidates_)
      AddFields(candidate.version.summary, fields[candidate.version.row]);
    const auto add = [&](Row version, const char* place, double weight, std::string text) {
      const auto found = fields.find(version);
      if (found != fields.end()) found->second.push_back({place, weight, std::move(text)});
    };
    const Status read = store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_TRY(catalog.ForEachHyperParameter(
          [&](Row version, const std::string& name, const std::string& value) {
            add(version, "hparam", 3, name + "=" + value);
          }));
      return catalog.ForEachFilePath(
          [&](Row version, const std::string& path) { add(version, "file", 2, path); });
    });
    DLV_TRY(read);
    std::unordered_map<Row, std::string> operators;
    DLV_TRY(ForEachNetwork([&](Row row, const Network& network) {
      std::set<std::string> names;
      for (const NetworkNode& node : network.nodes) names.insert(node.op);
      for (const std::string& name : names)
        operators[row] += (operators[row].empty() ? "" : " ") + name;
    }));
    for (const Candidate& candidate : candidates_) {
      const auto found = operators.find(candidate.graph);
      if (found != operators.end()) add(candidate.version.row, "operator", 2, found->second);
    }
    std::erase_if(candidates_, [&](Candidate& candidate) {
      api::WordMatch match = api::MatchWords(words_, fields[candidate.version.row]);
      candidate.score = match.score;
      candidate.reasons.insert(candidate.reasons.begin(), match.reasons.begin(),
                               match.reasons.end());
      return match.score == 0;
    });
    return Ok();
  }

  /// Features of the default snapshot's layout, by version.
  Result<std::unordered_map<Row, const api::Features*>> ReadLayouts() {
    std::unordered_map<Row, Row> layout_of;
    std::map<Row, BlobId> layouts;
    DLV_TRY(store_.Read([&](const catalog::Catalog& catalog) -> Status {
      for (const Candidate& candidate : candidates_) {
        DLV_ASSIGN(const auto snapshots, catalog.Snapshots(candidate.version.row));
        if (snapshots.empty()) continue;
        const Row layout = snapshots.back().layout;
        layout_of.emplace(candidate.version.row, layout);
        if (layouts.contains(layout)) continue;
        DLV_ASSIGN(const auto row, catalog.GetLayout(layout));
        if (row) layouts.emplace(layout, row->id);
      }
      return Ok();
    }));
    for (const auto& [row, id] : layouts) {
      DLV_TRY(Stopped(operation_));
      DLV_ASSIGN(const archive::Layout layout, store::ReadLayout(store_, id));
      layout_features_.emplace(row, api::FeaturesOf(layout));
    }
    std::unordered_map<Row, const api::Features*> features;
    for (const auto& [version, layout] : layout_of) {
      const auto found = layout_features_.find(layout);
      if (found != layout_features_.end()) features.emplace(version, &found->second);
    }
    return features;
  }

  /// Orders by architecture: that of the networks where both have one, else that of the tensors.
  Status RankLike(const store::Target& like) {
    std::unordered_map<Row, api::Features> networks;
    DLV_TRY(KeepLike(like));
    DLV_TRY(ForEachNetwork(
        [&](Row row, const Network& network) { networks.emplace(row, api::FeaturesOf(network)); }));
    DLV_ASSIGN(const auto layouts, ReadLayouts());
    const auto own = std::find_if(candidates_.begin(), candidates_.end(), [&](const auto& one) {
      return one.version.row == like.version.row;
    });
    const Row graph = own->graph;
    const auto layout = layouts.find(like.version.row);
    for (Candidate& candidate : candidates_) {
      const auto other = layouts.find(candidate.version.row);
      const bool both = graph != 0 && candidate.graph != 0;
      if (both) {
        candidate.architecture = graph == candidate.graph
                                     ? 1
                                     : api::Likeness(networks[graph], networks[candidate.graph]);
      } else if (layout != layouts.end() && other != layouts.end()) {
        candidate.architecture = api::Likeness(*layout->second, *other->second);
      }
      const std::string what = both ? "network" : "tensors by name and shape";
      candidate.reasons.push_back(candidate.architecture == 1
                                      ? (both ? "same network" : "same tensors by name and shape")
                                      : what + " " + Percent(candidate.architecture) + " alike");
      candidate.score = 0.9 * candidate.architecture;
    }
    std::erase_if(candidates_, [&](const Candidate& candidate) {
      return candidate.architecture == 0 || candidate.version.row == like.version.row;
    });
    SortByScore();
    return CompareWeights(like.version.summary.reference());
  }

  /// The version itself is needed for comparing, whatever the other criteria say.
  Status KeepLike(const store::Target& like) {
    for (const Candidate& candidate : candidates_) {
      if (candidate.version.row == like.version.row) return Ok();
    }
    Candidate own;
    own.version = like.version;
    DLV_TRY(store_.Read([&](const catalog::Catalog& catalog) -> Status {
      DLV_ASSIGN(const auto graph, catalog.GraphOfVersion(like.version.row));
      if (graph) own.graph = graph->graph;
      const auto missing = missing_of_.find(like.version.row);
      if (missing != missing_of_.end()) own.graph = missing->second;
      return Ok();
    }));
    candidates_.push_back(std::move(own));
    return Ok();
  }

  Status CompareWeights(const std::string& like) {
    const std::size_t wanted = request_.limit == 0 ? kMostCompared : request_.limit;
    const std::size_t most = std::min({candidates_.size(), wanted * 2, kMostCompared});
    for (std::size_t i = 0; i < most; ++i) {
      DLV_TRY(Stopped(operation_));
      const VersionSummary& other = candidates_[i].version.summary;
      DiffOptions options;
      options.depth =
          other.parameter_count > kMostEstimated ? DiffDepth::kIds : DiffDepth::kEstimate;
      DLV_ASSIGN(const VersionDiff diff,
                 store::Diff(store_, like, other.reference(), options, operation_));
      AddWeights(diff, candidates_[i]);
    }
    return Ok();
  }

  /// Equal tensors count whole, others by how small their difference is.
  static void AddWeights(const VersionDiff& diff, Candidate& candidate) {
    using Kind = TensorChange::Kind;
    double alike = 0, all = 0;
    std::size_t equal = 0, tensors = 0;
    for (const TensorChange& change : diff.tensors) {
      const TensorInfo& info = change.after ? *change.after : *change.before;
      if (info.role == TensorRole::kOptimizer) continue;
      const auto elements = static_cast<double>(info.element_count());
      ++tensors;
      all += elements;
      if (change.kind == Kind::kIdentical || change.kind == Kind::kReshaped) {
        ++equal;
        alike += elements;
      } else if (change.figures && change.figures->norm_before > 0) {
        const double apart = change.figures->norm_difference / change.figures->norm_before;
        if (apart < 1) alike += elements * (1 - apart);
      }
    }
    if (all == 0) return;
    candidate.score += 0.1 * alike / all;
    candidate.reasons.push_back(WeightsText(equal, tensors, alike / all));
  }

  static std::string WeightsText(std::size_t equal, std::size_t tensors, double alike) {
    constexpr double kWorthTelling = 0.01;
    if (equal == tensors) return "the same weights";
    std::string text;
    if (equal > 0) {
      text = std::to_string(equal) + " of " + std::to_string(tensors) + " tensors the same, ";
    }
    return text +
           (alike < kWorthTelling ? "no weights alike" : "weights " + Percent(alike) + " alike");
  }

  void SortByScore() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
  }

  Result<std::vector<SearchHit>> Finish() {
    SortByScore();  // equal ones: newest first, as they came
    if (request_.limit != 0 && candidates_.size() > request_.limit)
      candidates_.resize(request_.limit);
    std::vector<SearchHit> hits;
    for (Candidate& candidate : candidates_) {
      hits.push_back(
          {std::move(candidate.version.summary), candidate.score, std::move(candidate.reasons)});
    }
    return hits;
  }

  store::Store& store_;
  const SearchRequest& request_;
  const Operation& operation_;
  std::vector<std::string> words_;
  std::vector<api::ChainLink> chain_;
  std::vector<Candidate> candidates_;
  std::vector<std::vector<std::byte>> missing_;  ///< encodings of networks that have no row
  std::unordered_map<Row, Row> missing_of_;      ///< by version
  std::map<Row, api::Features> layout_features_;
};

}  // namespace

Result<std::vector<SearchHit>> Repository::Search(const SearchRequest& request,
                                                  const Operation& operation) const {
  return VersionSearch(*impl_->store, request, operation).Run();
}

}  // namespace dlv
