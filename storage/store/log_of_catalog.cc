#include "storage/store/log_of_catalog.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/catalog/evaluation_row.h"

namespace dlv::store {
namespace {

using ModelAndNumber = std::pair<std::string, std::uint64_t>;

/// Records that stand for changes of which nothing is left. A number in a damaged catalog must not
/// make a log of many gigabytes.
constexpr std::uint64_t kMostFiller = 1'000'000;
/// For the operation that the new log tells of, and the packs that are live.
constexpr std::uint64_t kOwnRecords = 2;

/// Puts records where they may stand. Every record here has one of the old log that it stands for,
/// and that one stood behind the commit of its version: so there is always room.
class RecordSlots {
 public:
  /// `count`: records that the catalog knows; `seen`: as many were in the old log.
  RecordSlots(std::uint64_t count, std::uint64_t seen) : count_(count), seen_(seen) {}

  Status PutAt(std::uint64_t sequence, std::int64_t time, archive::LogPayload payload) {
    const bool fits = sequence != 0 && sequence <= count_;
    if (fits && fixed_.emplace(sequence, archive::TimedPayload{time, std::move(payload)}).second)
      return Ok();
    return Error{ErrorCode::kCorruption, "catalog: a version in row " + std::to_string(sequence) +
                                             ", but it knows only " + std::to_string(count_) +
                                             " records of the log"};
  }
  /// Behind the record `after`, and behind what was put behind that or an earlier one before.
  void PutBehind(std::uint64_t after, std::int64_t time, archive::LogPayload payload) {
    loose_.push_back({after, {time, std::move(payload)}});
  }

  /// Errors: kCorruption (more is known than the log ever had records).
  Status Settle() {
    DLV_TRY(MakeSlots());
    std::stable_sort(loose_.begin(), loose_.end(),
                     [](const Loose& a, const Loose& b) { return a.after < b.after; });
    std::uint64_t end = slots_.size();  // the last slot that may still be free
    for (auto item = loose_.rbegin(); item != loose_.rend(); ++item) {
      while (end > 0 && slots_[end - 1]) --end;
      if (end <= item->after) {
        return Error{ErrorCode::kCorruption, "catalog: it tells more than the " +
                                                 std::to_string(slots_.size()) +
                                                 " records that it knows of the log can have said"};
      }
      slots_[end - 1] = std::move(item->record);
    }
    loose_.clear();
    return Ok();
  }
  std::uint64_t count() const { return count_; }

  /// Puts a record into the first, or last, free slot, if there is one.
  void PutFirst(archive::TimedPayload record) {
    const auto free = std::find(slots_.begin(), slots_.end(), std::nullopt);
    if (free != slots_.end()) *free = std::move(record);
  }
  void PutLast(archive::TimedPayload record) {
    const auto free = std::find(slots_.rbegin(), slots_.rend(), std::nullopt);
    if (free != slots_.rend()) *free = std::move(record);
  }

  /// Fills what is left with the mark; where nothing is, or where that would not be in the last
  /// batch, the mark comes behind: a record that the next change takes back.
  std::vector<archive::TimedPayload> Take(std::int64_t now) {
    const archive::TimedPayload mark{now, archive::SwitchRecord{std::string(kVoidCommand), {}}};
    std::vector<archive::TimedPayload> records;
    bool marked = false;
    for (std::optional<archive::TimedPayload>& slot : slots_) {
      marked = marked || !slot;
      records.push_back(slot ? std::move(*slot) : mark);
    }
    if (!marked || records.size() > archive::kMaxLogBatch) records.push_back(mark);
    return records;
  }

 private:
  struct Loose {
    std::uint64_t after = 0;
    archive::TimedPayload record;
  };

  Status MakeSlots() {
    const std::uint64_t last = fixed_.empty() ? 0 : fixed_.rbegin()->first;
    const std::uint64_t told = fixed_.size() + loose_.size();
    const std::uint64_t most = std::max(seen_, told) + kMostFiller;
    if (last > most) {
      return Error{ErrorCode::kCorruption, "catalog: a version in row " + std::to_string(last) +
                                               ", but all that it and " +
                                               "the old log tell of are " +
                                               std::to_string(std::max(seen_, told)) + " records"};
    }
    if (count_ > most) count_ = last + loose_.size() + kOwnRecords;
    slots_.resize(static_cast<std::size_t>(count_));
    for (auto& [sequence, record] : fixed_) slots_[sequence - 1] = std::move(record);
    fixed_.clear();
    return Ok();
  }

  std::uint64_t count_;
  std::uint64_t seen_;
  std::map<std::uint64_t, archive::TimedPayload> fixed_;
  std::vector<std::optional<archive::TimedPayload>> slots_;
  std::vector<Loose> loose_;
};

class LogComposer {
 public:
  LogComposer(const catalog::Catalog& catalog, std::uint64_t sequence, const History& former,
              archive::SectionCache& sections)
      : catalog_(catalog),
        former_(former),
        sections_(sections),
        slots_(sequence, former.last_sequence()) {}

  Result<CatalogLog> Compose() {
    DLV_ASSIGN(const auto versions, catalog_.ListVersions());
    for (auto version = versions.rbegin(); version != versions.rend(); ++version)
      DLV_TRY(AddVersion(*version));
    DLV_ASSIGN(const auto models, catalog_.ModelNames());
    for (const std::string& model : models) DLV_TRY(AddAliases(model));
    AddRemoved();
    for (const std::string& model : models) DLV_TRY(AddLastNumber(model));
    DLV_ASSIGN(const auto queries, catalog_.NamedQueries());
    for (const auto& query : queries)
      slots_.PutBehind(0, query.created, archive::QueryRecord{query.name, query.text, false});
    DLV_TRY(slots_.Settle());
    const std::int64_t now = Now();
    slots_.PutFirst({now, archive::OperationRecord{"dlv fsck", DefaultAuthor(), 0}});
    DLV_ASSIGN(archive::SwitchRecord live, LivePacks());
    slots_.PutLast({now, std::move(live)});
    return CatalogLog{slots_.Take(now), slots_.count()};
  }

 private:
  Status AddVersion(const catalog::VersionRow& version) {
    const VersionSummary& summary = version.summary;
    const auto row = static_cast<std::uint64_t>(version.row);
    const ModelAndNumber name{summary.model, summary.number};
    row_of_[name] = row;
    highest_[summary.model] = std::max(highest_[summary.model], summary.number);
    DLV_TRY(slots_.PutAt(
        row, summary.created,
        archive::CommitRecord{summary.id, summary.model, summary.number, summary.stored_bytes}));
    DLV_TRY(AddTags(version));
    if (!summary.note.empty()) {
      slots_.PutBehind(row, summary.created,
                       archive::NoteRecord{summary.model, summary.number, summary.note});
    }
    DLV_ASSIGN(const auto evaluations, catalog_.Evaluations(version.row));
    for (const catalog::EvaluationRow& row_of : evaluations) {
      slots_.PutBehind(row, row_of.created,
                       archive::EvaluationRecord{summary.id, row_of.dataset, row_of.name,
                                                 row_of.value, row_of.attributes});
    }
    return Ok();
  }

  /// Only where they are not those that the envelope has.
  Status AddTags(const catalog::VersionRow& version) {
    const VersionSummary& summary = version.summary;
    DLV_ASSIGN(const auto committed, CommittedTags(version));
    if (!committed) return Ok();  // its pack is damaged: the version cannot be made again anyway
    const auto put = [&](const std::string& key, const std::string& value, bool removed) {
      slots_.PutBehind(static_cast<std::uint64_t>(version.row), summary.created,
                       archive::TagRecord{summary.model, summary.number, key, value, removed});
    };
    for (const auto& [key, value] : summary.tags) {
      const auto before = committed->find(key);
      if (before == committed->end() || before->second != value) put(key, value, false);
    }
    for (const auto& [key, value] : *committed) {
      if (!summary.tags.contains(key)) put(key, "", true);
    }
    return Ok();
  }

  Result<std::optional<KeyValues>> CommittedTags(const catalog::VersionRow& version) {
    DLV_ASSIGN(const auto row, catalog_.GetSection(version.manifest_section));
    if (!row) return std::optional<KeyValues>();
    DLV_ASSIGN(const auto pack, catalog_.GetPack(row->pack));
    if (!pack) return std::optional<KeyValues>();
    const auto section = sections_.Get(pack->name, row->offset);
    if (!section.ok()) return std::optional<KeyValues>();
    const auto envelope = (*section)->ReadEnvelope();
    if (!envelope.ok()) return std::optional<KeyValues>();
    return std::optional<KeyValues>(envelope->tags);
  }

  /// The moves as the catalog keeps them, then what they do not explain.
  Status AddAliases(const std::string& model) {
    DLV_ASSIGN(const auto moves, catalog_.AliasLog(model));
    std::map<std::string, std::uint64_t> state;
    std::uint64_t after = 0;
    const auto put = [&](const std::string& alias, std::uint64_t to, std::int64_t when) {
      const auto row = row_of_.find({model, to});
      if (row != row_of_.end()) after = std::max(after, row->second);
      slots_.PutBehind(after, when, archive::AliasRecord{model, alias, state[alias], to});
      state[alias] = to;
    };
    for (const AliasMove& move : moves) {
      state[move.alias] = move.from;
      put(move.alias, move.to, move.when);
    }
    DLV_ASSIGN(const auto aliases, catalog_.Aliases(model));
    std::map<std::string, std::uint64_t> now;
    for (const auto& [alias, row] : aliases) {
      DLV_ASSIGN(const auto version, catalog_.GetVersion(row));
      if (version) now[alias] = version->summary.number;
    }
    for (const auto& [alias, number] : now) {
      if (state[alias] != number) put(alias, number, Now());
    }
    for (const auto& [alias, number] : std::map(state)) {
      if (number != 0 && !now.contains(alias)) put(alias, 0, Now());
    }
    return Ok();
  }

  /// What the old log still tells of versions that were removed.
  void AddRemoved() {
    for (const LoggedVersion& version : former_.versions()) {
      if (version.removed_by == 0) continue;
      const std::string& model = former_.models()[version.model];
      if (row_of_.contains({model, version.number})) continue;
      PutRemoved(version.id, model, version.number, version.removed_at);
    }
  }

  Status AddLastNumber(const std::string& model) {
    DLV_ASSIGN(const std::uint64_t last, catalog_.LastNumber(model));
    if (last > highest_[model]) PutRemoved(VersionId{}, model, last, Now());
    return Ok();
  }

  void PutRemoved(const VersionId& id, const std::string& model, std::uint64_t number,
                  std::int64_t when) {
    highest_[model] = std::max(highest_[model], number);
    slots_.PutBehind(0, when, archive::CommitRecord{id, model, number, 0});
    slots_.PutBehind(0, when, archive::RemoveRecord{id, model, number});
  }

  Result<archive::SwitchRecord> LivePacks() {
    DLV_ASSIGN(auto packs, catalog_.Packs());
    std::ranges::sort(packs, std::ranges::greater(), &catalog::PackRow::row);
    archive::SwitchRecord record{"repair", {}};
    for (const catalog::PackRow& pack : packs) record.live_packs.push_back(pack.name);
    return record;
  }

  const catalog::Catalog& catalog_;
  const History& former_;
  archive::SectionCache& sections_;
  RecordSlots slots_;
  std::map<ModelAndNumber, std::uint64_t> row_of_;
  std::map<std::string, std::uint64_t> highest_;
};

}  // namespace

Result<CatalogLog> LogOfCatalog(const catalog::Catalog& catalog, std::uint64_t sequence,
                                const History& former, archive::SectionCache& sections) {
  return LogComposer(catalog, sequence, former, sections).Compose();
}

}  // namespace dlv::store
