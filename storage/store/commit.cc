#include "storage/store/commit.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "storage/archive/strips.h"
#include "storage/store/alias_tag.h"
#include "storage/store/commit_plan.h"
#include "storage/store/commit_writer.h"
#include "storage/store/input_file.h"
#include "storage/store/parent_choice.h"
#include "storage/store/progress_meter.h"
#include "storage/store/publish.h"
#include "storage/store/replay_check.h"
#include "storage/store/resolve.h"
#include "storage/store/shards.h"
#include "storage/store/side_merge.h"
#include "storage/store/small_packs.h"
#include "storage/store/snapshot_store.h"
#include "storage/store/version_network.h"
#include "storage/store/version_rows.h"

namespace dlv::store {
namespace {

constexpr int kCommitAttempts = 4;

std::string PathInVersion(const FileInput& input) {
  return input.path.empty() ? input.source.filename().string() : input.path;
}

/// The file of the request that was given as its network, if it is among them.
const FileInput* FindGraphInput(const CommitRequest& request) {
  const auto graph = request.graph.lexically_normal();
  for (const FileInput& file : request.files) {
    if (file.source.lexically_normal() == graph) return &file;
  }
  return nullptr;
}

/// Now, or what SOURCE_DATE_EPOCH says: then the same commits give the same repository.
std::int64_t CreationTime() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return Now();
  char* end = nullptr;
  const long long seconds = std::strtoll(text, &end, 10);
  return *end == '\0' && seconds >= 0 && seconds < (1LL << 40) ? seconds : Now();
}

/// A commit with what is known before anything is stored.
struct CommitTask {
  CommitRequest request;
  CommitExtras extras;
  ExternalData external;
  std::vector<RankedSide> sides;
  std::set<std::string> whole_files;  ///< that recipes do not give back
};

/// One try at a commit.
class CommitAttempt {
 public:
  CommitAttempt(Store& store, CommitTask& task, const Operation& operation)
      : store_(store),
        request_(task.request),
        operation_(operation),
        extras_(task.extras),
        external_(task.external),
        sides_(task.sides),
        whole_files_(task.whole_files) {}

  /// What became of storing a version.
  enum class Stored : std::uint8_t {
    kReady,      ///< to be published
    kUnchanged,  ///< the latest version is the same: `result` says which
    kAgain,      ///< a faulty recipe spoilt it: all has to be tried again
  };
  /// Writes the packs of the version and proves them; it does not exist yet. `before`: how many new
  /// versions of the model will be published before it.
  Result<Stored> Prepare(std::uint64_t before);
  Unpublished unpublished() { return {writer_.get(), &publication_}; }
  /// After it was published, or was unchanged.
  Result<CommitResult> Finish(const Published& published);
  CommitResult& result() { return result_; }

 private:
  Status StoreSnapshots();
  void NoteGraph();
  Status CloseSnapshot(SnapshotWork& snapshot);
  void AddSideInformation();
  void AddParents(const ChosenParents& chosen);
  Result<bool> Unchanged();
  Result<bool> Proves();
  Status FinishPacks(std::uint64_t before);
  Status Describe(catalog::Row version);
  std::vector<const BaseSet*> Bases() const;

  Store& store_;
  const CommitRequest& request_;
  const Operation& operation_;
  const CommitExtras& extras_;
  const ExternalData& external_;
  const std::vector<RankedSide>& sides_;
  std::set<std::string>& whole_files_;
  std::unique_ptr<CommitWriter> writer_;
  std::unique_ptr<ProgressMeter> meter_;
  archive::Manifest manifest_;
  std::vector<std::string> parent_models_;
  std::vector<StoredInput> to_check_;
  std::unique_ptr<BaseSet> base_tensors_;   // of the version that is nearest
  std::unique_ptr<SnapshotWork> previous_;  // kept: its sources are bases
  std::unique_ptr<BaseSet> previous_bases_;
  std::unique_ptr<SnapshotStore> snapshots_;
  SideOutcome side_;
  std::vector<std::string> shard_warnings_;
  Publication publication_;
  CommitResult result_;
};

std::vector<const BaseSet*> CommitAttempt::Bases() const {
  std::vector<const BaseSet*> bases;
  if (previous_bases_) bases.push_back(previous_bases_.get());
  if (base_tensors_) bases.push_back(base_tensors_.get());
  return bases;
}

void CommitAttempt::AddParents(const ChosenParents& chosen) {
  for (const ChosenParent& parent : chosen.parents) {
    manifest_.parents.push_back(
        {parent.version.summary.id, parent.relation, parent.attributes, parent.inferred});
    parent_models_.push_back(parent.version.summary.model);
  }
  if (!chosen.parents.empty() && !extras_.parent_attributes.empty())
    manifest_.parents.front().attributes = extras_.parent_attributes;
  if (chosen.base) base_tensors_ = BasesOf(store_, *chosen.base);
}

/// Puts the ids into the order of the manifest: tensors outside strips, then the strips.
void AddIds(const std::vector<archive::LayoutTensor>& tensors, const std::vector<TensorId>& ids,
            const std::vector<StripWork>& strips, std::vector<TensorId>& stored,
            std::vector<TensorId>& strip_ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!tensors[i].in_strip) stored.push_back(ids[i]);
  }
  for (const StripWork& strip : strips) strip_ids.push_back(strip.id);
}

/// Puts a stored snapshot into the manifest: its layout, ids and files.
Status CommitAttempt::CloseSnapshot(SnapshotWork& snapshot) {
  archive::Layout layout;
  archive::ManifestSnapshot entry;
  entry.step = snapshot.step;
  const auto ordinal = static_cast<std::uint32_t>(manifest_.snapshots.size());
  std::uint32_t file_ordinal = 0;
  std::vector<TensorId> strips;
  for (const auto& file : snapshot.files) {
    if (!file->tensors.empty()) {
      file->entry.snapshot = ordinal;
      for (archive::LayoutTensor& tensor : file->tensors) {
        tensor.file = file_ordinal;
        layout.tensors.push_back(tensor);
      }
      AddIds(file->tensors, file->ids, file->strips, entry.tensors, strips);
      ++file_ordinal;
    }
    manifest_.files.push_back(file->entry);
    if (!file->known && file->entry.form != archive::FileForm::kNone) {
      to_check_.push_back({file->request, file->input->stat().change_key, file->entry, file->ids,
                           file->input->passed()});
    }
  }
  for (archive::LayoutTensor& tensor : snapshot.memory_tensors) {
    tensor.file = file_ordinal;
    layout.tensors.push_back(tensor);
  }
  AddIds(snapshot.memory_tensors, snapshot.memory_ids, snapshot.memory_strips, entry.tensors,
         strips);
  entry.tensors.insert(entry.tensors.end(), strips.begin(), strips.end());
  if (layout.tensors.empty()) return Ok();
  DLV_ASSIGN(const auto bytes, archive::EncodeLayout(layout));
  DLV_ASSIGN(entry.layout, writer_->AddBlob(bytes));
  manifest_.snapshots.push_back(std::move(entry));
  return Ok();
}

Status CommitAttempt::StoreSnapshots() {
  SnapshotOptions options;
  options.include_optimizer = request_.include_optimizer;
  options.whole_files = &whole_files_;
  options.external = &external_;
  options.threads = operation_.threads;
  options.cancel = operation_.cancel;
  options.on_progress = [this](std::uint64_t bytes) { meter_->Add(bytes); };
  snapshots_ = std::make_unique<SnapshotStore>(store_, *writer_, options);
  bool first = true;
  for (const SnapshotPlan& plan : PlanSnapshots(request_)) {
    DLV_ASSIGN(SnapshotWork looked, snapshots_->Look(plan));
    auto snapshot = std::make_unique<SnapshotWork>(std::move(looked));
    DLV_ASSIGN(const auto warnings, CheckShardSets(*snapshot));
    shard_warnings_.insert(shard_warnings_.end(), warnings.begin(), warnings.end());
    if (first) {
      DLV_ASSIGN(const ChosenParents chosen, ChooseParents(store_, request_, snapshot.get()));
      AddParents(chosen);
      first = false;
    }
    DLV_TRY(snapshots_->Save(*snapshot, Bases()));
    DLV_TRY(writer_->EndClusters());  // a snapshot is read without the small tensors of the next
    DLV_TRY(CloseSnapshot(*snapshot));
    auto bases = std::make_unique<BaseSet>(*snapshot);
    if (bases->ids().empty()) continue;  // files without tensors: keep what is there
    previous_bases_ = std::move(bases);
    previous_ = std::move(snapshot);
  }
  previous_bases_.reset();
  previous_.reset();
  std::sort(manifest_.files.begin(), manifest_.files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return Ok();
}

/// Says of the file that was given as the network that it is that.
void CommitAttempt::NoteGraph() {
  if (request_.graph.empty()) return;
  const FileInput* graph = FindGraphInput(request_);
  for (archive::ManifestFile& file : manifest_.files) {
    if (graph == nullptr || file.path != PathInVersion(*graph)) continue;
    file.note = request_.accept_guesses ? kGraphGuessNote : kGraphNote;
  }
}

/// Files beside count more than metadata, and of those the last checkpoint's more than the others'.
void CommitAttempt::AddSideInformation() {
  if (!request_.side_information) return;
  std::vector<RankedSide> all = sides_;
  const int last = all.empty() ? 0 : all.back().rank + 1;
  const auto& metadata = snapshots_->metadata();
  for (auto said = metadata.rbegin(); said != metadata.rend(); ++said) {
    all.push_back({last, false, *said});
  }
  side_ = MergeSides(all, request_.tags, manifest_);
}

/// Returns whether the model's latest version is the same, and describes it.
Result<bool> CommitAttempt::Unchanged() {
  if (request_.allow_unchanged) return false;
  DLV_ASSIGN(const auto latest, store_.Read([&](const catalog::Catalog& catalog) {
    return catalog.FindLatest(request_.model);
  }));
  if (!latest) return false;
  const auto stored = ReadVersionManifest(store_, *latest);
  if (!stored.ok() || !SaysTheSame(*stored, manifest_)) return false;
  // Names may be new even so.
  if (!request_.aliases.empty() || !request_.tags.empty()) {
    const Status written = store_.Write("dlv commit", [&](Change& change) -> Status {
      DLV_ASSIGN(const auto row, change.catalog.GetVersion(latest->row));
      if (!row) return Error{ErrorCode::kConflict, latest->summary.reference() + " was removed"};
      for (const std::string& alias : request_.aliases) DLV_TRY(MoveAlias(change, alias, *row));
      return SetTagsIn(change, *row, request_.tags);
    });
    DLV_TRY(written);
  }
  DLV_TRY(Describe(latest->row));
  result_.unchanged = true;
  return true;
}

/// Returns whether every file comes back; one that does not is kept whole next time.
Result<bool> CommitAttempt::Proves() {
  archive::TensorReader tensors(writer_->locator());
  archive::BlobReader blobs(writer_->locator());
  bool all = true;
  for (const StoredInput& input : to_check_) {
    DLV_ASSIGN(const bool same, GivesFileBack(store_, {tensors, blobs}, writer_->result().checked,
                                              input, operation_));
    meter_->Add(input.entry.size_bytes);
    if (same) continue;
    if (input.entry.form == archive::FileForm::kBlob) {
      return Error{ErrorCode::kInternal, input.entry.path + ": the stored copy differs"};
    }
    whole_files_.insert(input.entry.path);
    all = false;
  }
  return all;
}

Status CommitAttempt::Describe(catalog::Row version) {
  DLV_ASSIGN(const auto row, store_.Read([&](const catalog::Catalog& catalog) {
    return catalog.GetVersion(version);
  }));
  if (!row) return Error{ErrorCode::kConflict, "the version was removed again at once"};
  DLV_ASSIGN(const auto files,
             store_.Read([&](const catalog::Catalog& catalog) { return catalog.Files(version); }));
  result_.version = row->summary;
  for (const catalog::FileRow& file : files) result_.files.push_back(file.info);
  result_.raw_bytes = snapshots_->raw_bytes();
  result_.found = side_.found;
  result_.warnings = snapshots_->warnings();
  result_.warnings.insert(result_.warnings.end(), shard_warnings_.begin(), shard_warnings_.end());
  result_.warnings.insert(result_.warnings.end(), side_.warnings.begin(), side_.warnings.end());
  result_.tensors_total = writer_->tensors_total();
  for (const archive::WrittenObject& object : writer_->result().objects) {
    if (object.kind != archive::EntryKind::kTensor || (object.is_part && object.part != 0))
      continue;
    const std::uint64_t tensors = writer_->TensorsIn(object.tensor);
    result_.tensors_new += tensors;
    if (object.base) result_.tensors_delta += tensors;
  }
  for (const archive::WrittenPack& pack : writer_->result().packs) {
    result_.added_bytes += pack.size_bytes;
  }
  return Ok();
}

Result<CommitAttempt::Stored> CommitAttempt::Prepare(std::uint64_t before) {
  archive::WriterOptions options;
  options.threads = operation_.threads;
  options.cancel = operation_.cancel;
  meter_ = std::make_unique<ProgressMeter>(operation_, "storing", request_);
  DLV_ASSIGN(writer_, CommitWriter::Begin(store_, "dlv commit", options));
  manifest_ = StartManifest(request_);
  DLV_TRY(StoreSnapshots());
  NoteGraph();
  AddSideInformation();
  DLV_ASSIGN(const bool unchanged, Unchanged());
  if (unchanged) return Stored::kUnchanged;
  DLV_TRY(FinishPacks(before));
  meter_->Stage("checking");
  DLV_ASSIGN(const bool proved, Proves());
  if (!proved) return Stored::kAgain;
  if (operation_.cancel != nullptr && operation_.cancel->cancelled()) {
    return Error{ErrorCode::kCancelled, "stopped"};
  }
  return Stored::kReady;
}

Status CommitAttempt::FinishPacks(std::uint64_t before) {
  DLV_ASSIGN(const auto canonical, archive::EncodeManifest(manifest_));
  publication_.manifest = &manifest_;
  publication_.id = archive::HashManifest(canonical);
  publication_.parent_models = parent_models_;
  publication_.envelope.created = CreationTime();
  publication_.envelope.author = request_.author.empty() ? DefaultAuthor() : request_.author;
  publication_.envelope.tags = request_.tags;
  publication_.envelope.tags.insert(side_.tags.begin(), side_.tags.end());
  publication_.envelope.aliases = request_.aliases;
  publication_.envelope.tool = "dlv 0.1.0";
  publication_.envelope.raw_bytes = snapshots_->raw_bytes();
  DLV_ASSIGN(const auto latest, store_.Read([&](const catalog::Catalog& catalog) {
    return catalog.FindLatest(request_.model);
  }));
  publication_.envelope.number = (latest ? latest->summary.number + 1 : 1) + before;
  DLV_TRY(writer_->Finish(canonical, publication_.envelope));
  for (const archive::WrittenPack& pack : writer_->result().packs) {
    publication_.stored_bytes += pack.size_bytes;
  }
  return Ok();
}

Result<CommitResult> CommitAttempt::Finish(const Published& published) {
  DLV_TRY(Describe(published.version));
  if (!published.network_warning.empty()) result_.warnings.push_back(published.network_warning);
  return std::move(result_);
}

/// Adds the file of the network to the request, unless it is one of its files, and sees to it that
/// it describes one.
Status AddGraph(Store& store, CommitRequest& request) {
  if (request.graph.empty()) return Ok();
  if (store.options().networks == nullptr) {
    return Error{ErrorCode::kUnsupported, "this store keeps no networks"};
  }
  if (FindGraphInput(request) == nullptr) {
    FileInput input;
    input.source = request.graph;
    input.as_blob = true;
    request.files.push_back(std::move(input));
  }
  const FileInput& input = *FindGraphInput(request);
  DLV_ASSIGN(const auto file, InputFile::Open(store, input));
  auto imported = ImportNetwork(*store.options().networks, file->source(), file->path(), "");
  if (!imported.ok()) {
    Error error = std::move(imported).error();
    error.message = file->name() + ": " + error.message;
    return error;
  }
  if (imported->has_value()) return Ok();
  return Error{ErrorCode::kInvalidArgument, file->name() + ": describes no network",
               "want an ONNX file, a Caffe prototxt, or what dlv network --text prints (.dlvnet)"};
}

Result<CommitTask> MakeTask(Store& store, const CommitRequest& given, const CommitExtras& extras) {
  if (store.read_only()) {
    return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
  }
  CommitTask task{given, extras, {}, {}, {}};
  CommitRequest& request = task.request;
  DLV_ASSIGN(request.files, WithShards(store.sources(), given.files));
  DLV_TRY(AddGraph(store, request));
  DLV_TRY(CheckRequest(request));
  DLV_ASSIGN(task.external, AddExternalData(store, request, extras.data_files));
  DLV_TRY(CheckRequest(request));  // with the files that were added
  if (request.side_information) task.sides = ReadSideFiles(store.sources(), request.files);
  return task;
}

using Results = std::optional<std::vector<CommitResult>>;

/// One try at all of them. Nothing where they have to be tried again.
Result<Results> TryTogether(Store& store, std::vector<CommitTask>& tasks,
                            const Operation& operation) {
  std::vector<std::unique_ptr<CommitAttempt>> attempts;
  std::vector<Unpublished> unpublished;
  std::map<std::string, std::uint64_t> of_model;
  for (CommitTask& task : tasks) {
    auto attempt = std::make_unique<CommitAttempt>(store, task, operation);
    DLV_ASSIGN(const auto stored, attempt->Prepare(of_model[task.request.model]++));
    if (stored == CommitAttempt::Stored::kAgain) return Results();
    if (stored == CommitAttempt::Stored::kUnchanged) {
      if (tasks.size() > 1) {
        return Error{ErrorCode::kInvalidArgument, "a version that would change nothing"};
      }
      return Results(std::vector<CommitResult>{attempt->result()});
    }
    unpublished.push_back(attempt->unpublished());
    attempts.push_back(std::move(attempt));
  }
  DLV_ASSIGN(const auto published, PublishTogether(store, unpublished));
  if (published[0].objects_gone) return Results();
  std::vector<CommitResult> results;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    DLV_ASSIGN(auto result, attempts[i]->Finish(published[i]));
    results.push_back(std::move(result));
  }
  return Results(std::move(results));
}

Result<std::vector<CommitResult>> CommitTasks(Store& store, std::vector<CommitTask> tasks,
                                              const Operation& operation) {
  for (int attempt = 0; attempt < kCommitAttempts; ++attempt) {
    DLV_ASSIGN(Results results, TryTogether(store, tasks, operation));
    if (!results) continue;
    if (!results->front().unchanged) MergeSmallPacks(store);
    return std::move(*results);
  }
  return Error{ErrorCode::kConflict,
               "other commands changed what the commit relied on, " +
                   std::to_string(kCommitAttempts) + " times in a row",
               "try again"};
}

}  // namespace

Result<CommitResult> Commit(Store& store, const CommitRequest& request, const Operation& operation,
                            const CommitExtras& extras) {
  std::vector<CommitTask> tasks;
  DLV_ASSIGN(tasks.emplace_back(), MakeTask(store, request, extras));
  DLV_ASSIGN(auto results, CommitTasks(store, std::move(tasks), operation));
  return std::move(results[0]);
}

Result<std::vector<CommitResult>> CommitTogether(Store& store,
                                                 std::vector<ExtendedRequest> requests,
                                                 const Operation& operation) {
  if (requests.empty()) return std::vector<CommitResult>();
  std::vector<CommitTask> tasks;
  for (const ExtendedRequest& one : requests) {
    DLV_ASSIGN(tasks.emplace_back(), MakeTask(store, one.request, one.extras));
  }
  return CommitTasks(store, std::move(tasks), operation);
}

}  // namespace dlv::store
