// A Repository with canned answers, so that the screens of the command line can be looked at and
// tested without a store: names of all scripts, hostile text, a damaged pack. Linked in place of
// dlv_api.

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "dlv/dlv.h"

namespace dlv {

class Repository::Impl {
 public:
  std::filesystem::path root;
};

namespace {

constexpr std::int64_t kHour = 3600;

template <class Kind>
Digest<Kind> DigestOf(std::uint64_t seed) {
  Digest<Kind> digest;
  for (auto& byte : digest.bytes) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::uint8_t>(seed >> 56U);
  }
  return digest;
}

ParentInfo ParentOf(const std::string& reference, Relation relation, bool inferred) {
  return {DigestOf<VersionKind>(reference.size()), reference, relation, {}, inferred};
}

VersionSummary Version(const std::string& model, std::uint64_t number, std::int64_t age,
                       const std::string& message) {
  VersionSummary version;
  version.id = DigestOf<VersionKind>(number * 31 + model.size());
  version.model = model;
  version.number = number;
  version.created = static_cast<std::int64_t>(std::time(nullptr)) - age;
  version.author = "hui";
  version.message = message;
  version.metrics = {{"loss", 0.31 / static_cast<double>(number)},
                     {"val_acc", 0.9 + 0.004 * static_cast<double>(number)}};
  version.snapshot_count = 1;
  version.file_count = 1;
  version.parameter_count = 61706;
  version.raw_bytes = 249'958;
  version.stored_bytes = number == 1 ? 194'867 : 31'412;
  if (number > 1)
    version.parents = {
        ParentOf(model + ":v" + std::to_string(number - 1), Relation::kRetrain, false)};
  return version;
}

std::vector<VersionSummary> Versions() {
  std::vector<VersionSummary> versions;
  versions.push_back(
      Version("lenet", 3, 2 * kHour, "fine-tune, last block, with a longer explanation of why"));
  versions.back().aliases = {"best", "latest"};
  versions.back().tags = {{"shipped", ""}, {"dataset", "fashion-mnist"}};
  versions.push_back(Version("lenet", 2, 26 * kHour, "twelve epochs more"));
  versions.push_back(Version("lenet", 1, 9 * 24 * kHour, "baseline"));
  versions.push_back(Version("resnet18-birds-with-a-very-long-name.experiment-0042", 1,
                             400 * 24 * kHour, "bird species"));
  versions.back().parents = {ParentOf("resnet18:v5", Relation::kFinetune, true)};
  versions.back().parameter_count = 11'300'000;
  versions.back().raw_bytes = 46'976'204;
  versions.back().stored_bytes = 7'759'462;
  versions.push_back(Version("鳥の分類器", 1, 30, "日本語の名前"));
  versions.push_back(Version("evil\x1b[31m\u202Eeman", 1, 5 * 60, "bell\a and a\nsecond line 🚀"));
  const char* many = std::getenv("DLV_FAKE_VERSIONS");
  for (int i = 0; many != nullptr && i < std::atoi(many); ++i) {
    versions.push_back(Version("lenet", static_cast<std::uint64_t>(i) + 4, i, "one of many"));
  }
  return versions;
}

Result<VersionSummary> Find(std::string_view reference) {
  std::string text(reference);
  text = text.substr(0, text.find_first_of("#/"));
  for (const VersionSummary& version : Versions()) {
    if (text == version.model || text == version.reference() || text == version.model + ":best")
      return version;
  }
  return Error{ErrorCode::kNotFound, "no model \"" + text + "\"",
               "did you mean \"lenet\" (3 versions)?"};
}

FileInfo File(const std::string& path, std::uint64_t size, const std::string& format,
              std::uint32_t tensors) {
  return {path, size, DigestOf<FileKind>(size), format, std::nullopt, tensors, ""};
}

std::vector<TensorInfo> Tensors() {
  std::vector<TensorInfo> tensors;
  const auto add = [&](const std::string& name, TensorRole role, DType dtype, Shape shape) {
    tensors.push_back({name, role, 0, dtype, std::move(shape), DigestOf<TensorKind>(name.size())});
  };
  add("conv1.weight", TensorRole::kParameter, DType::kF32, {6, 1, 5, 5});
  add("conv1.bias", TensorRole::kParameter, DType::kF32, {6});
  add("fc1.weight", TensorRole::kParameter, DType::kF32, {120, 400});
  add("bn.num_batches_tracked", TensorRole::kBuffer, DType::kI64, {});
  add("optimizer.state.0.exp_avg_of_a_very_long_parameter_name.weight", TensorRole::kOptimizer,
      DType::kF32, {120, 400});
  return tensors;
}

std::vector<SnapshotInfo> Snapshots(const VersionSummary& version) {
  std::vector<SnapshotInfo> snapshots;
  for (std::int64_t step = 100; step <= 1200; step += 100) {
    if (version.number == 3) snapshots.push_back({step, 61706, 247'000, 10});
  }
  if (snapshots.empty())
    snapshots.push_back({std::nullopt, version.parameter_count, version.raw_bytes, 10});
  return snapshots;
}

Metric Series(const std::string& name, double from, double to, int points) {
  Metric metric{name, {}};
  for (int i = 0; i < points; ++i) {
    const double part = static_cast<double>(i) / std::max(1, points - 1);
    metric.points.push_back({i * 100, from + (to - from) * (1 - std::exp(-3 * part))});
  }
  return metric;
}

PairStatistics Figures(std::size_t seed, const DiffOptions& options) {
  PairStatistics figures;
  figures.count = 48'000;
  figures.differing = 47'000;
  figures.nan_after = figures.nonfinite = seed == 0 ? 2 : 0;
  figures.zero_before = figures.zero_after = 12;
  figures.sign_flips = 311;
  figures.norm_before = 12.5;
  figures.norm_after = 12.6;
  figures.norm_difference = 0.025 * static_cast<double>(seed + 1);
  figures.max_difference = 0.004;
  figures.cosine = 0.9998;
  if (options.depth == DiffDepth::kEstimate) {
    figures.planes = 16;
    figures.norm_error = 0.01;
    figures.norm_read = figures.norm_difference;
  }
  if (options.histograms) {
    figures.difference.edges = {-0.004, -0.002, 0, 0.002, 0.004};
    figures.difference.counts = {300, 23'000, 24'000, 698};
  }
  return figures;
}

// With DLV_FAKE_SLOW set, two seconds of work that report and can be stopped; with DLV_FAKE_DEAF
// they cannot.
Status PretendToWork(const Operation& operation) {
  if (std::getenv("DLV_FAKE_SLOW") == nullptr) return Ok();
  constexpr std::uint64_t kTotal = 800 << 20;
  for (std::uint64_t done = 0; done <= 100; ++done) {
    if (operation.progress != nullptr)
      operation.progress->Report("encoding", kTotal / 100 * done, kTotal);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (std::getenv("DLV_FAKE_DEAF") != nullptr || operation.cancel == nullptr) continue;
    if (operation.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "interrupted; nothing was written"};
  }
  return Ok();
}

}  // namespace

std::string_view LibraryVersion() { return "0.1.0"; }

std::string_view NameOf(Relation relation) {
  static constexpr std::string_view kNames[] = {"retrain",   "finetune", "copy",     "slice",
                                                "construct", "merge",    "quantize", "prune",
                                                "distil",    "adapter"};
  return kNames[static_cast<std::size_t>(relation)];
}

std::string_view NameOf(OperationChange::Kind kind) {
  static constexpr std::string_view kNames[] = {"commit", "remove", "restore", "alias",
                                                "tag",    "note",   "rename",  "evaluation",
                                                "query",  "storage"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Relation> RelationFromName(std::string_view name) {
  for (std::uint8_t i = 0; i <= 9; ++i) {
    if (NameOf(static_cast<Relation>(i)) == name) return static_cast<Relation>(i);
  }
  return std::nullopt;
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::~Repository() = default;
const std::filesystem::path& Repository::root() const { return impl_->root; }

Result<std::unique_ptr<Repository>> Repository::Init(const std::filesystem::path& root) {
  auto impl = std::make_unique<Impl>();
  impl->root = root;
  return std::unique_ptr<Repository>(new Repository(std::move(impl)));
}

Result<std::unique_ptr<Repository>> Repository::Open(const std::filesystem::path& root,
                                                     const OpenOptions&) {
  if (root == "corrupt")
    return Error{ErrorCode::kCorruption, "catalog.db, page 3: checksum 0x1b2f, want 0x99c0"};
  return Init(root);
}

Result<std::filesystem::path> Repository::Find(const std::filesystem::path& start) {
  if (start == "/") return Error{ErrorCode::kNotFound, "none"};
  return start;
}

Result<CommitResult> Repository::Commit(const CommitRequest& request, const Operation& operation) {
  DLV_TRY(PretendToWork(operation));
  CommitResult result;
  result.version = Version(request.model, 2, 0, request.message);
  result.version.metrics.clear();
  for (const Metric& metric : request.metrics)
    result.version.metrics.emplace_back(metric.name, metric.last());
  result.version.parents = {ParentOf("lenet:v1", Relation::kFinetune, true)};
  result.unchanged = request.message == "unchanged";
  result.raw_bytes = 249'958;
  result.added_bytes = 194'867;
  result.tensors_total = 10;
  result.tensors_new = 8;
  result.tensors_delta = 6;
  for (const FileInput& file : request.files)
    result.files.push_back(File(file.path, 249'958, "pytorch-zip", 10));
  return result;
}

Result<std::vector<StagedFile>> Repository::Stage(const std::vector<FileInput>& files) {
  std::vector<StagedFile> staged;
  for (const FileInput& file : files)
    staged.push_back({file.path, 249'958, "pytorch-zip", 10, "", false});
  return staged;
}

Status Repository::Unstage(const std::vector<std::string>&) { return Ok(); }
Result<std::vector<FileInput>> Repository::StagedInputs() const { return std::vector<FileInput>{}; }

Result<StatusReport> Repository::GetStatus() const {
  StatusReport report;
  report.staged = {{"run/model.pt", 249'958, "pytorch-zip", 10, "", false},
                   {"config.json", 312, "blob", 0, "", true}};
  report.untracked = {"runs/exp3/step_0100.pt", "runs/exp3/step_0200.pt"};
  report.models = 4;
  report.versions = 6;
  report.notes = {"tmp/commit-17 was left by an interrupted command; dlv gc removes it"};
  return report;
}

Result<ResolvedReference> Repository::Resolve(std::string_view reference) const {
  DLV_ASSIGN(const VersionSummary version, dlv::Find(reference));
  ResolvedReference resolved{version.id, version.model, version.number, std::nullopt, ""};
  const std::size_t slash = reference.find('/');
  if (slash != std::string_view::npos) resolved.tensor_pattern = reference.substr(slash + 1);
  return resolved;
}

Result<std::vector<std::string>> CompleteReference(const std::filesystem::path&,
                                                   std::string_view text, std::size_t) {
  std::vector<std::string> found;
  for (const VersionSummary& version : Versions()) {
    const bool whole = text.find(':') != std::string_view::npos;
    const std::string name = whole ? version.reference() : version.model;
    if (name.starts_with(text)) found.push_back(name);
  }
  return found;
}

Result<std::vector<ModelSummary>> Repository::ListModels(const ListOptions&) const {
  std::vector<ModelSummary> models;
  for (const VersionSummary& version : Versions()) {
    if (models.empty() || models.back().name != version.model)
      models.push_back({version.model, 0, version, 0, 0});
    models.back().version_count += 1;
    models.back().raw_bytes += version.raw_bytes;
    models.back().stored_bytes += version.stored_bytes;
  }
  return models;
}

Result<std::vector<VersionSummary>> Repository::ListVersions(const ListOptions& options) const {
  std::vector<VersionSummary> versions;
  for (VersionSummary& version : Versions()) {
    if (options.model_glob == "*" || options.model_glob == version.model)
      versions.push_back(std::move(version));
  }
  return versions;
}

Result<std::vector<LogEntry>> Repository::Log(std::string_view, const LogOptions& options) const {
  std::vector<LogEntry> entries;
  for (VersionSummary& version : Versions())
    entries.push_back({std::move(version), options.graph ? "* " : ""});
  return entries;
}

Result<VersionDetails> Repository::Describe(std::string_view reference) const {
  DLV_ASSIGN(VersionSummary version, dlv::Find(reference));
  VersionDetails details;
  details.snapshots = Snapshots(version);
  details.summary = std::move(version);
  details.files = {File("lenet.pt", 249'958, "pytorch-zip", 10),
                   File("config.json", 312, "blob", 0)};
  details.hparams = {{"lr", "0.1"},
                     {"batch_size", "128"},
                     {"optimizer", "SGD with momentum 0.9"},
                     {"epochs", "12"}};
  details.metrics = {Series("val_acc", 0.2, 0.912, 40), Series("loss", 2.3, 0.31, 12),
                     Series("flops", 1, 1, 1)};
  details.tensors = Tensors();
  details.chain_depth_max = 3;
  details.snapshot_stored_bytes = 31'412;
  details.snapshot_read_bytes = 226'279;
  return details;
}

Result<VersionDiff> Repository::Diff(std::string_view before, std::string_view after,
                                     const DiffOptions& options, const Operation&) const {
  VersionDiff diff;
  DLV_ASSIGN(diff.before, dlv::Find(before));
  DLV_ASSIGN(diff.after, dlv::Find(after));
  diff.depth = options.depth;
  std::vector<TensorInfo> tensors = Tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    TensorChange change;
    change.kind = i == 0 ? TensorChange::Kind::kChanged : static_cast<TensorChange::Kind>(i);
    change.name = tensors[i].name;
    change.before = change.after = tensors[i];
    if (i == 4) change.before.reset();
    if (i == 1) change.before->name = "module." + change.name;
    change.renamed = i == 1;
    if (change.kind == TensorChange::Kind::kChanged) change.figures = Figures(i, options);
    diff.tensors.push_back(std::move(change));
  }
  diff.tensors.push_back({TensorChange::Kind::kRemoved, "evil\x1b[31m\u202Eeman", false, false,
                          tensors[0], std::nullopt, std::nullopt});
  diff.prefixes = {{"module.", "", 1}};
  diff.hparams = {{"lr", "0.1", "0.001"}, {"evil\x1b[2J", std::nullopt, "a\nb"}};
  diff.equal_hparams = 21;
  diff.metrics = {{"loss", Series("loss", 2.3, 0.31, 12), Series("loss", 2.3, 0.21, 12)},
                  {"val_acc", std::nullopt, Series("val_acc", 0.2, 0.912, 40)}};
  diff.files = {
      {TensorChange::Kind::kChanged, true, File("a.pt", 249'958, "pytorch-zip", 10),
       File("b.pt", 249'958, "pytorch-zip", 10)},
      {TensorChange::Kind::kAdded, false, std::nullopt, File("evil\x1b[31m.json", 12, "blob", 0)}};
  diff.read_bytes = 31'412;
  diff.compared_bytes = 499'916;
  return diff;
}
Result<Tensor> Repository::ReadTensor(std::string_view, unsigned) const { return Tensor{}; }

Result<std::vector<TensorReport>> Repository::Inspect(std::string_view reference,
                                                      const InspectOptions& options,
                                                      const Operation&) const {
  std::vector<TensorReport> reports;
  const bool several = reference.find('*') != std::string_view::npos;
  for (const TensorInfo& info : Tensors()) {
    if (!several && !reports.empty()) break;
    TensorReport report;
    report.info = info;
    report.file = "lenet.pt";
    report.slice_shape = info.shape;
    TensorStatistics& figures = report.statistics;
    figures.count = info.element_count();
    figures.nan_count = several && reports.size() == 2 ? 7 : 0;
    figures.zero_count = 3;
    figures.negative_count = figures.count / 2;
    figures.min = -0.31;
    figures.max = 0.2875;
    figures.mean = 0.00125;
    figures.std = 0.1171;
    figures.least_magnitude = 1.5e-5;
    figures.norm1 = 13.25;
    figures.norm2 = 1.36;
    figures.norm_inf = 0.31;
    const std::size_t bins = options.histogram_bins;
    for (std::size_t i = 0; bins > 0 && i <= bins; ++i) {
      const double at = static_cast<double>(i) / static_cast<double>(bins);
      figures.histogram.edges.push_back(-0.31 + 0.5975 * at);
      if (i < bins) {
        figures.histogram.counts.push_back(
            static_cast<std::uint64_t>(1000 * std::exp(-20 * (at - 0.5) * (at - 0.5))));
      }
    }
    for (std::size_t i = 0; i < options.head; ++i) report.head.push_back("0.0625");
    report.groups = {{"delta", 1, 16, 310}, {"delta", 17, 24, 90}, {"delta", 25, 32, 20}};
    report.chain = {{info.id, "lenet:v2", 1, 420}, {info.id, "lenet:v1", 0, 540}};
    report.stored_bytes = 420;
    report.read_bytes = 960;
    reports.push_back(std::move(report));
  }
  return reports;
}

Result<StorageReport> Repository::DescribeStorage(std::string_view reference) const {
  DLV_ASSIGN(const VersionSummary version, dlv::Find(reference));
  StorageReport report;
  report.reference = version.reference();
  report.tensor_count = 10;
  report.raw_bytes = 246'824;
  report.own_bytes = 31'412;
  report.shared_bytes = 1'024;
  report.base_bytes = 194'867;
  report.groups = {{"delta", 1, 16, 21'412}, {"delta", 17, 24, 8'000}, {"delta", 25, 32, 2'000},
                   {"float", 1, 9, 300},     {"float", 10, 10, 100},   {"float", 11, 32, 600},
                   {"raw", 1, 64, 24}};
  report.read_bytes = 226'279;
  report.chain_depth_max = 3;
  report.chain_depth_mean = 2.4;
  report.predicted_seconds = 0.0013;
  report.assumption = "1 GB/s from the disk, one core";
  return report;
}

Result<CheckResult> Repository::Check(std::string_view reference, const CheckOptions& options,
                                      const Operation&) const {
  DLV_ASSIGN(const VersionSummary version, dlv::Find(reference));
  CheckResult result;
  result.reference = version.reference();
  result.passed = options.requirements.size() < 2;
  for (const std::string& text : options.requirements) {
    const bool passed = result.requirements.empty();
    result.requirements.push_back(
        {text,
         passed,
         {{"val_acc >= best.val_acc - 0.005", "0.912", "0.907", ">=", passed}},
         {{"val_acc", "0.912"}, {"best.val_acc", "0.912"}}});
  }
  if (options.no_nan) {
    result.non_finite = {{"fc1.weight", 0, 2}};
    result.tensors_read = 10;
    result.read_bytes = 61'234;
  }
  return result;
}

Result<std::vector<std::byte>> Repository::ReadFile(std::string_view, std::string_view,
                                                    std::uint64_t) const {
  return std::vector<std::byte>{std::byte{'{'}, std::byte{'}'}};
}

Result<LoadResult> Repository::Load(std::string_view, const LoadOptions&, TensorSink&,
                                    const Operation&) const {
  return LoadResult{};
}

Result<CheckoutResult> Repository::Checkout(std::string_view, const CheckoutOptions& options,
                                            const Operation&) const {
  CheckoutResult result;
  const bool original = options.format == CheckoutFormat::kOriginal;
  result.files = {{options.output / "lenet.pt", 249'958, DigestOf<FileKind>(1), original},
                  {options.output / "config.json", 312, DigestOf<FileKind>(2), original}};
  result.planes = options.planes;
  result.read_bytes = 194'867;
  return result;
}

Result<AliasMove> Repository::SetAlias(std::string_view alias, std::string_view reference) {
  DLV_ASSIGN(const VersionSummary version, dlv::Find(reference));
  return AliasMove{version.model, std::string(alias), version.number > 1 ? version.number - 1 : 0,
                   version.number, 0};
}
Result<AliasMove> Repository::DeleteAlias(std::string_view model, std::string_view alias) {
  return AliasMove{std::string(model), std::string(alias), 3, 0, 0};
}
Result<std::vector<AliasMove>> Repository::AliasLog(std::string_view model) const {
  return std::vector<AliasMove>{{std::string(model), "best", 0, 1, 1700000000},
                                {std::string(model), "best", 1, 3, 1700090000}};
}
Status Repository::SetTags(std::string_view, const KeyValues&) { return Ok(); }
Status Repository::DeleteTags(std::string_view, const std::vector<std::string>&) { return Ok(); }

Status Repository::SetNote(std::string_view, std::string_view) { return Ok(); }
Status Repository::RenameModel(std::string_view, std::string_view) { return Ok(); }

Result<CommitResult> Repository::Copy(const CopyRequest& request, const Operation&) {
  CommitResult result;
  result.version = Version(request.model, 1, 0, "copy of " + request.source);
  result.version.parents = {ParentOf("lenet:v3", Relation::kCopy, false)};
  result.raw_bytes = 249'958;
  result.added_bytes = 812;
  result.tensors_total = 10;
  result.files = {File("lenet.pt", 249'958, "pytorch-zip", 10)};
  return result;
}

std::string_view NameOf(ImportKind kind) {
  static constexpr std::string_view kNames[] = {"detect", "export", "hf-cache", "mlflow", "dvc"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<ExportResult> Repository::ExportAll(const ExportOptions&, const Operation& operation) const {
  DLV_TRY(PretendToWork(operation));
  return ExportResult{4, 6, 31, 257'759'462, 30, {}};
}

Result<ImportResult> Repository::Import(const ImportOptions&, const Operation& operation) {
  DLV_TRY(PretendToWork(operation));
  using State = ImportItem::State;
  ImportResult result;
  result.items = {
      {"models/lenet/v1", "lenet:v1", State::kThere, "", 249'958},
      {"models/lenet/v2", "lenet:v4", State::kImported, "its number is taken here", 249'958},
      {"models/evil\x1b[31m", "", State::kSkipped, "a link; links are not followed", 0}};
  result.imported = result.there = result.skipped = 1;
  return result;
}

Result<RemoveResult> Repository::Remove(const std::vector<std::string>& references, bool force,
                                        bool) {
  if (references.front() == "lenet:v3" && !force) {
    return Error{ErrorCode::kConflict, "lenet:v3 has the alias \"best\"",
                 "dlv alias -d lenet:best first, or --force"};
  }
  return RemoveResult{references, 31'412, 194'867};
}

Result<GcResult> Repository::CollectGarbage(const GcOptions& options, const Operation&) {
  return GcResult{{{"packs/0007-9f31c2e0.pack", "no version uses anything in it", 7'759'462},
                   {"tmp/commit-17", "left by an interrupted command 20 days ago", 250'000'000}},
                  257'759'462,
                  31'412,
                  0,
                  options.execute};
}

Result<UsageReport> Repository::Usage(const UsageOptions& options) const {
  const bool by_version = options.by == UsageBy::kVersion;
  UsageReport report;
  if (!options.references.empty()) {
    report.freed_bytes = 61'402;
    report.kept_bytes = 12'040;
  }
  for (const VersionSummary& version : Versions()) {
    report.lines.push_back({by_version ? version.reference() : version.model, version.raw_bytes,
                            version.stored_bytes, version.stored_bytes / 2,
                            version.stored_bytes / 4});
    report.raw_bytes += version.raw_bytes;
    report.tensor_bytes += version.stored_bytes;
  }
  report.blob_bytes = 4'000;
  report.metadata_bytes = 81'920;
  report.garbage_bytes = 31'412;
  report.total_bytes =
      report.tensor_bytes + report.blob_bytes + report.metadata_bytes + report.garbage_bytes;
  return report;
}

Result<InspectedFile> InspectFile(const std::filesystem::path&) {
  return InspectedFile{"pytorch-zip", 249'958, 10, ""};
}

}  // namespace dlv
