#include "dlv/repository.h"

#include "engine/api/check.h"
#include "engine/api/network_importer.h"
#include "engine/api/quantize.h"
#include "engine/api/repository_impl.h"
#include "engine/api/version_network.h"
#include "storage/store/alias_tag.h"
#include "storage/store/archive_plan.h"
#include "storage/store/archive_rewrite.h"
#include "storage/store/checkout.h"
#include "storage/store/commit.h"
#include "storage/store/copy.h"
#include "storage/store/derived_store.h"
#include "storage/store/garbage.h"
#include "storage/store/import.h"
#include "storage/store/inspect.h"
#include "storage/store/layout_rewrite.h"
#include "storage/store/listing.h"
#include "storage/store/load.h"
#include "storage/store/log_repair.h"
#include "storage/store/note.h"
#include "storage/store/operations.h"
#include "storage/store/portable_export.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/rename.h"
#include "storage/store/resolve.h"
#include "storage/store/restore.h"
#include "storage/store/staging.h"
#include "storage/store/status.h"
#include "storage/store/tensor_storage.h"
#include "storage/store/undo.h"
#include "storage/store/usage.h"
#include "storage/store/verify.h"
#include "storage/store/version_diff.h"
#include "storage/store/version_network.h"

namespace dlv {

namespace {

constexpr std::size_t kFewVersions = 256;

std::filesystem::path Plain(const std::filesystem::path& root) {
  return root.empty() ? std::filesystem::path(".") : root;
}

store::StoreOptions Convert(const OpenOptions& options) {
  store::StoreOptions converted;
  converted.read_only = options.read_only;
  converted.force_unlock = options.force_unlock;
  converted.lock_timeout_ms = options.lock_timeout_ms;
  converted.on_lock_wait = options.on_lock_wait;
  converted.networks = &api::EngineImporter();
  return converted;
}

}  // namespace

std::string_view LibraryVersion() { return "0.1.0"; }

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::~Repository() = default;

Result<std::unique_ptr<Repository>> Repository::Init(const std::filesystem::path& root) {
  auto impl = std::make_unique<Impl>();
  impl->root = Plain(root);
  DLV_ASSIGN(impl->store, store::Store::Init(impl->root.string(), Convert({})));
  return std::unique_ptr<Repository>(new Repository(std::move(impl)));
}

Result<std::unique_ptr<Repository>> Repository::Open(const std::filesystem::path& root,
                                                     const OpenOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->root = Plain(root);
  DLV_ASSIGN(impl->store, store::Store::Open(impl->root.string(), Convert(options)));
  return std::unique_ptr<Repository>(new Repository(std::move(impl)));
}

Result<std::filesystem::path> Repository::Find(const std::filesystem::path& start) {
  std::error_code error;
  const std::filesystem::path first = std::filesystem::absolute(Plain(start), error);
  for (std::filesystem::path folder = first.lexically_normal();; folder = folder.parent_path()) {
    if (std::filesystem::is_directory(folder / ".dlv", error)) return folder;
    if (folder == folder.parent_path()) break;
  }
  return Error{ErrorCode::kNotFound, "no repository at or above " + first.string(),
               "make one with: dlv init"};
}

const std::filesystem::path& Repository::root() const { return impl_->root; }

Result<CommitResult> Repository::Commit(const CommitRequest& request, const Operation& operation) {
  auto result = store::Commit(*impl_->store, request, operation);
  if (!result.ok() || request.graph.empty()) return result;
  const auto report = api::ReadNetwork(*impl_->store, result->version.reference());
  if (report.ok()) {
    result->graph_notes = api::GraphNotes(*report);
  } else {  // the version is there all the same
    result->warnings.push_back(report.error().message);
  }
  return result;
}

Result<std::vector<StagedFile>> Repository::Stage(const std::vector<FileInput>& files) {
  return store::Stage(*impl_->store, files);
}

Status Repository::Unstage(const std::vector<std::string>& paths) {
  return store::Unstage(*impl_->store, paths);
}

Result<std::vector<FileInput>> Repository::StagedInputs() const {
  return store::StagedInputs(*impl_->store);
}

Result<StatusReport> Repository::GetStatus() const { return store::GetStatus(*impl_->store); }

Result<ResolvedReference> Repository::Resolve(std::string_view reference) const {
  DLV_ASSIGN(store::Target target, store::ResolveTarget(*impl_->store, reference));
  const VersionSummary& summary = target.version.summary;
  return ResolvedReference{summary.id, summary.model, summary.number, target.step,
                           std::move(target.tensor_pattern)};
}

Result<std::vector<ModelSummary>> Repository::ListModels(const ListOptions& options) const {
  return store::ListModels(*impl_->store, options);
}

Result<std::vector<VersionSummary>> Repository::ListVersions(const ListOptions& options) const {
  return store::ListVersions(*impl_->store, options);
}

Result<std::vector<LogEntry>> Repository::Log(std::string_view reference,
                                              const LogOptions& options) const {
  return store::Log(*impl_->store, reference, options);
}

Result<VersionDetails> Repository::Describe(std::string_view reference) const {
  return store::Describe(*impl_->store, reference);
}

Result<VersionDiff> Repository::Diff(std::string_view before, std::string_view after,
                                     const DiffOptions& options, const Operation& operation) const {
  return store::Diff(*impl_->store, before, after, options, operation);
}

Result<Tensor> Repository::ReadTensor(std::string_view reference, unsigned planes) const {
  return store::ReadTensor(*impl_->store, reference, planes);
}

Result<std::vector<TensorReport>> Repository::Inspect(std::string_view reference,
                                                      const InspectOptions& options,
                                                      const Operation& operation) const {
  return store::Inspect(*impl_->store, reference, options, operation);
}

Result<StorageReport> Repository::DescribeStorage(std::string_view reference) const {
  return store::DescribeStorage(*impl_->store, reference);
}

Result<CheckResult> Repository::Check(std::string_view reference, const CheckOptions& options,
                                      const Operation& operation) const {
  return api::CheckVersion(*impl_->store, reference, options, operation);
}

Result<LoadResult> Repository::Load(std::string_view reference, const LoadOptions& options,
                                    TensorSink& sink, const Operation& operation) const {
  return store::Load(*impl_->store, reference, options, sink, operation);
}

Result<CheckoutResult> Repository::Checkout(std::string_view reference,
                                            const CheckoutOptions& options,
                                            const Operation& operation) const {
  return store::Checkout(*impl_->store, reference, options, operation);
}

Result<std::vector<std::byte>> Repository::ReadFile(std::string_view reference,
                                                    std::string_view path,
                                                    std::uint64_t limit_bytes) const {
  return store::ReadFile(*impl_->store, reference, path, limit_bytes);
}

Result<NetworkReport> Repository::ReadNetwork(std::string_view reference) const {
  return api::ReadNetwork(*impl_->store, reference);
}

Result<NetworkDiff> Repository::DiffNetworks(std::string_view before,
                                             std::string_view after) const {
  return api::DiffNetworks(*impl_->store, before, after);
}

Result<AliasMove> Repository::SetAlias(std::string_view alias, std::string_view reference) {
  return store::SetAlias(*impl_->store, alias, reference);
}

Result<AliasMove> Repository::DeleteAlias(std::string_view model, std::string_view alias) {
  return store::DeleteAlias(*impl_->store, model, alias);
}

Result<std::vector<AliasMove>> Repository::AliasLog(std::string_view model) const {
  return store::ListAliasMoves(*impl_->store, model);
}

Status Repository::SetTags(std::string_view reference, const KeyValues& tags) {
  return store::SetTags(*impl_->store, reference, tags);
}

Status Repository::DeleteTags(std::string_view reference, const std::vector<std::string>& keys) {
  return store::DeleteTags(*impl_->store, reference, keys);
}

Status Repository::SetNote(std::string_view reference, std::string_view text) {
  return store::SetNote(*impl_->store, reference, text);
}

Status Repository::RenameModel(std::string_view from, std::string_view to) {
  return store::RenameModel(*impl_->store, from, to);
}

Result<CommitResult> Repository::Copy(const CopyRequest& request, const Operation& operation) {
  return store::Copy(*impl_->store, request, operation);
}

Result<std::vector<OperationInfo>> Repository::Operations(
    const OperationLogOptions& options) const {
  return store::ListOperations(*impl_->store, options);
}

Result<UndoResult> Repository::Undo(std::uint64_t number, bool dry_run) {
  DLV_ASSIGN(UndoResult result, store::Undo(*impl_->store, number, dry_run));
  // Of versions that are there again; what this leaves out is read when it is asked for.
  if (!dry_run) (void)store::FillNetworks(*impl_->store, kFewVersions);
  return result;
}

Result<std::vector<std::string>> Repository::Restore(const std::vector<std::string>& references) {
  DLV_ASSIGN(auto restored, store::Restore(*impl_->store, references));
  (void)store::FillNetworks(*impl_->store, kFewVersions);
  return restored;
}

Result<std::vector<RemovedVersion>> Repository::ListRemoved() const {
  return store::ListRemoved(*impl_->store);
}

Result<ExportResult> Repository::ExportAll(const ExportOptions& options,
                                           const Operation& operation) const {
  return store::ExportAll(*impl_->store, options, operation);
}

Result<ImportResult> Repository::Import(const ImportOptions& options, const Operation& operation) {
  return store::Import(*impl_->store, options, operation);
}

Result<RemoveResult> Repository::Remove(const std::vector<std::string>& references, bool force,
                                        bool dry_run) {
  return store::Remove(*impl_->store, references, force, dry_run);
}

Result<GcResult> Repository::CollectGarbage(const GcOptions& options, const Operation& operation) {
  return store::CollectGarbage(*impl_->store, options, operation);
}

Result<ArchivePlan> Repository::PlanArchive(std::string_view reference,
                                            const ArchivePlanOptions& options,
                                            const Operation& operation) const {
  DLV_ASSIGN(const store::PlannerSettings settings, store::SettingsOf(options));
  return store::PlanArchive(*impl_->store, reference, settings, operation);
}

Result<ArchiveResult> Repository::Archive(std::string_view reference,
                                          const ArchivePlanOptions& options,
                                          const Operation& operation) {
  DLV_ASSIGN(const store::PlannerSettings settings, store::SettingsOf(options));
  return store::ArchiveRewrite(*impl_->store, reference, settings, operation);
}

Result<ArchiveResult> Repository::SetLayout(std::string_view reference, TensorLayout layout,
                                            const Operation& operation) {
  return store::RewriteLayout(*impl_->store, reference, layout, operation);
}

Result<VerifyResult> Repository::Verify(const VerifyOptions& options,
                                        const Operation& operation) const {
  DLV_ASSIGN(VerifyResult result, store::Verify(*impl_->store, options, operation));
  if (options.full) store::VerifyDerived(*impl_->store, {}, result);
  return result;
}

Result<UsageReport> Repository::Usage(const UsageOptions& options) const {
  return store::Usage(*impl_->store, options);
}

Result<QuantizeResult> Repository::Quantize(std::string_view reference,
                                            const QuantizeOptions& options,
                                            const Operation& operation) {
  return api::Quantize(*impl_->store, reference, options, operation);
}

Result<VerifyResult> Repository::VerifyWithoutCatalog(const std::filesystem::path& root,
                                                      const Operation& operation) {
  return store::VerifyWithoutCatalog(Plain(root).string(), Convert({}), operation);
}

Result<VerifyResult> Repository::RepairLog(const std::filesystem::path& root) {
  return store::RepairLog(Plain(root).string(), Convert({}));
}

Result<VerifyResult> Repository::RebuildCatalog(const std::filesystem::path& root,
                                                const Operation& operation,
                                                const RebuildOptions& options) {
  const std::string folder = Plain(root).string();
  DLV_ASSIGN(VerifyResult result, store::RebuildCatalog(folder, Convert({}), operation, options));
  const auto store = store::Store::Open(folder, Convert({}));
  const Status filled = store.ok() ? store::FillNetworks(**store) : Status(store.error());
  if (!filled.ok()) {
    result.notes.push_back("networks are read from their files when they are asked for: " +
                           filled.error().message);
  }
  return result;
}

}  // namespace dlv
