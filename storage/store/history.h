#pragma once
/// \file
/// What the operation log says happened: which versions there have been, under which names, and
/// what each operation did.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/operation_log.h"
#include "storage/store/store.h"

namespace dlv::store {

inline constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

/// A version that was committed once.
struct LoggedVersion {
  VersionId id;
  std::size_t model = 0;  ///< place in History::models
  std::uint64_t number = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t sequence = 0;    ///< of its commit record: its place in the order of versions
  std::uint64_t removed_by = 0;  ///< number of the operation; 0: it is there
  std::int64_t removed_at = 0;
};

/// A record with what its names stand for: models keep their identity when they are renamed.
struct HistoryStep {
  const archive::LogRecord* record = nullptr;
  std::size_t model = kNowhere;    ///< place in History::models
  std::size_t version = kNowhere;  ///< place in History::versions
};

/// Records that were taken back, or that never took effect, are left out.
class History {
 public:
  /// `known`: sequence number of the last record that took effect.
  History(archive::LogContent log, std::uint64_t known);
  History(History&&) = default;
  History& operator=(History&&) = default;

  const std::vector<HistoryStep>& steps() const { return steps_; }
  /// Models by the names that they have now.
  const std::vector<std::string>& models() const { return models_; }
  const std::vector<LoggedVersion>& versions() const { return versions_; }
  std::uint64_t last_sequence() const { return last_sequence_; }
  /// Packs that the last switch named live.
  const std::vector<std::string>& live_packs() const { return live_packs_; }
  /// The log was made anew from the catalog: this operation and those before it tell what there was
  /// then, not what was done, and versions removed before that may be unknown. 0: never.
  std::uint64_t made_anew() const { return made_anew_; }

  std::string Reference(const LoggedVersion& version) const {
    return models_[version.model] + ":v" + std::to_string(version.number);
  }
  /// The name that the model of the first version with this id has now.
  std::optional<std::string> ModelOf(const VersionId& id) const;
  /// Tags and note of a version as the records before `sequence` leave them; `tags` come with those
  /// of its commit.
  void TagsBefore(std::size_t version, std::uint64_t sequence, KeyValues& tags) const;
  std::string NoteBefore(std::size_t version, std::uint64_t sequence) const;

 private:
  void Follow(const archive::LogRecord& record);
  std::size_t ModelNamed(const std::string& name);
  std::size_t VersionNamed(std::size_t model, std::uint64_t number) const;

  std::vector<archive::LogRecord> records_;
  std::vector<HistoryStep> steps_;
  std::vector<std::string> models_;
  std::vector<LoggedVersion> versions_;
  std::map<std::string, std::size_t> model_named_;  ///< names as they are at this point
  std::map<std::pair<std::size_t, std::uint64_t>, std::size_t> version_named_;
  std::vector<std::string> live_packs_;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t made_anew_ = 0;
};

/// Reads the log as far as `catalog` knows it.  Errors: kCorruption (the log is damaged or older
/// than the catalog), kIo.
Result<History> ReadHistory(Store& store, const catalog::Catalog& catalog);

}  // namespace dlv::store
