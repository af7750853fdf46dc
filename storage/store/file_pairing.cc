#include "storage/store/file_pairing.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace dlv::store {
namespace {

std::string SuffixOf(const std::string& path) {
  const std::size_t slash = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos || dot <= slash ? "" : path.substr(dot);
}

class FilePairing {
 public:
  FilePairing(const std::vector<FileInfo>& before, const std::vector<FileInfo>& after)
      : before_(before), after_(after), partners_(after.size()), paired_(before.size(), false) {}

  /// Pairs what has the same key where it occurs once on either side among what is left over.
  template <class KeyOf>
  void By(KeyOf&& key_of) {
    using Key = decltype(key_of(before_.front()));
    std::map<Key, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> places;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!paired_[i]) places[key_of(before_[i])].first.push_back(i);
    }
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (!partners_[i]) places[key_of(after_[i])].second.push_back(i);
    }
    for (const auto& [key, both] : places) {
      if (both.first.size() != 1 || both.second.size() != 1) continue;
      partners_[both.second.front()] = both.first.front();
      paired_[both.first.front()] = true;
    }
  }

  std::vector<FileChange> Finish() const {
    using Kind = TensorChange::Kind;
    std::vector<FileChange> changes;
    for (std::size_t i = 0; i < after_.size(); ++i) {
      FileChange change{Kind::kAdded, false, std::nullopt, after_[i]};
      if (partners_[i]) {
        change.before = before_[*partners_[i]];
        change.renamed = change.before->path != after_[i].path;
        change.kind = change.before->sha256 == after_[i].sha256 ? Kind::kIdentical : Kind::kChanged;
      }
      changes.push_back(std::move(change));
    }
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!paired_[i]) changes.push_back({Kind::kRemoved, false, before_[i], std::nullopt});
    }
    return changes;
  }

 private:
  const std::vector<FileInfo>& before_;
  const std::vector<FileInfo>& after_;
  std::vector<std::optional<std::size_t>> partners_;
  std::vector<bool> paired_;
};

}  // namespace

std::vector<FileChange> PairFiles(const std::vector<FileInfo>& before,
                                  const std::vector<FileInfo>& after) {
  FilePairing pairing(before, after);
  pairing.By([](const FileInfo& file) { return file.path; });
  pairing.By([](const FileInfo& file) { return file.sha256; });
  pairing.By([](const FileInfo& file) { return std::pair(file.format, SuffixOf(file.path)); });
  return pairing.Finish();
}

}  // namespace dlv::store
