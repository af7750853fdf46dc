#pragma once
/// \file
/// The repository: the one entry to everything dlv stores.
///
/// A reference names a version, and inside it a snapshot and tensors:
///
///     NAME            the model's latest version
///     NAME:v3         version 3             NAME:best      the alias "best"
///     NAME@9f31c2     by id prefix (at least 4 hexadecimal digits)
///     NAME:best@{1}   where the alias was before its last move (or @{2026-11-01}: on that day)
///     NAME@{1}        the version before the latest; NAME@{2026-11-01}: the latest of that day
///     REF~2           second ancestor along first parents      REF^2   second parent
///     REF#4000        the snapshot of step 4000
///     REF/layer1.*    tensors by glob;  REF/@optimizer/...   REF/FILE//name   REF/"any name"
///     REF/conv1.weight[0:16, 3]   a slice, as Python writes it (steps above 0); for Inspect

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/archive_plan.h"
#include "dlv/commit.h"
#include "dlv/diff.h"
#include "dlv/evaluation.h"
#include "dlv/load.h"
#include "dlv/operations.h"
#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "dlv/tensor.h"
#include "dlv/tensor_report.h"
#include "dlv/usage.h"
#include "dlv/version_info.h"

namespace dlv {

struct NetworkReport;  // dlv/network.h
struct NetworkDiff;
struct SearchRequest;  // dlv/search.h
struct SearchHit;
struct ProgressiveOptions;  // dlv/progressive.h
struct ProgressiveEvaluationReport;
struct ProgressivePreparation;
struct CertificateOptions;
struct CertificateReport;
struct QuantizeOptions;  // dlv/quantize.h
struct QuantizeResult;

/// Returns the version of the library, e.g. "0.1.0".
std::string_view LibraryVersion();

struct OpenOptions {
  bool read_only = false;
  bool force_unlock = false;  ///< break a lock whose holder is on another host
  std::int64_t lock_timeout_ms = 30'000;
  /// Called once, before the first wait for another writer, with who holds the lock.
  std::function<void(const std::string& holder)> on_lock_wait;
};

/// A resolved reference. `tensor_pattern` is what followed the slash, unresolved.
struct ResolvedReference {
  VersionId id;
  std::string model;
  std::uint64_t number = 0;
  std::optional<std::int64_t> step;
  std::string tensor_pattern;
};

struct ListOptions {
  std::string model_glob = "*";
  std::size_t limit = 0;  ///< 0: all
};

struct LogEntry {
  VersionSummary version;
  std::string
      graph;  ///< the drawing in front of the line, e.g. "* " or "|\\ "; empty unless asked for
};

struct LogOptions {
  bool graph = false;
  std::size_t limit = 0;  ///< 0: all
};

enum class CheckoutFormat : std::uint8_t {
  kOriginal,
  kSafetensors,
  kNpz,
  kPyTorch,  ///< a state dict as torch.save writes it
  kOnnx,     ///< an ONNX file of this version, or of `graph`, with this version's tensors
};

/// What an export does with tensors that were one storage in the file that they came from.
enum class TiedTensors : std::uint8_t {
  kDefault,    ///< PyTorch: keep; others: duplicate
  kKeep,       ///< several names of one storage; only PyTorch can
  kDuplicate,  ///< each name has its own bytes
  kDrop,       ///< only the first name is written; safetensors list the others in their metadata
};

struct CheckoutOptions {
  std::filesystem::path output;  ///< folder; made if missing
  CheckoutFormat format = CheckoutFormat::kOriginal;
  std::string tensor_glob;  ///< empty: all; else format must not be original
  unsigned planes = 0;      ///< 0: exact; else the nearest readable level at or above
  bool overwrite = false;   ///< replace files that differ; never done silently
  bool all_snapshots =
      false;  ///< original format: every snapshot's files, not only the named one's

  // For formats other than the original:
  TiedTensors tied = TiedTensors::kDefault;
  /// Floating-point tensors are rounded to this type (to nearest, ties to even); a warning counts
  /// the values that change. Other tensors keep theirs.
  std::optional<DType> dtype;
  /// Safetensors: one set model-00001-of-0000N.safetensors of at most this many bytes of data each
  /// (a larger tensor stands alone), and its index; 0: a file for each file of the version.
  std::uint64_t shard_bytes = 0;
  bool stamp = false;  ///< version id, reference and parents go into the file's metadata
  /// ONNX: reference of the version whose files are taken; empty: the same version. All bytes but
  /// those of the tensors stay as they were committed. Names, types and shapes must be the same.
  std::string graph;
};

struct CheckedOutFile {
  std::filesystem::path path;
  std::uint64_t size_bytes = 0;
  FileDigest sha256;
  bool identical = false;  ///< byte for byte the committed file
};

struct CheckoutResult {
  std::vector<CheckedOutFile> files;
  unsigned planes = 0;           ///< really read; 0: exact
  std::uint64_t read_bytes = 0;  ///< coded bytes fetched
  /// With chosen tensors or planes: coded bytes that all tensors of the snapshot, exactly, would
  /// have taken; else 0.
  std::uint64_t full_bytes = 0;
  std::vector<std::string> warnings;
};

struct RemoveResult {
  std::vector<std::string> removed;  ///< references
  std::uint64_t freed_bytes = 0;     ///< that gc can free now
  std::uint64_t kept_bytes = 0;  ///< that stay because other versions' deltas or tensors need them
};

struct GcOptions {
  bool execute = false;  ///< false: only say what would be done
  bool use_trash = true;
  std::int64_t grace_seconds = 14 * 24 * 3600;
};

struct GcItem {
  std::string path;  ///< below .dlv
  std::string reason;
  std::uint64_t bytes = 0;
};

struct GcResult {
  std::vector<GcItem> items;
  std::uint64_t freed_bytes = 0;  ///< moved to the trash or removed (or that would be)
  std::uint64_t kept_bytes =
      0;  ///< dead, but in packs that are mostly alive or within the grace time
  std::uint64_t trash_bytes = 0;
  bool executed = false;
  /// Packs that nobody needs as far as dlv can tell, but that it could not read whole, or that hold
  /// versions of whose removal the operation log does not tell: gc leaves them alone, and says why
  /// in `reason`. They may hold what a rebuilt catalog had to leave out.
  std::vector<GcItem> unreadable = {};
};

struct VerifyOptions {
  bool full = false;  ///< decode everything and check every id; else checksums of stored bytes
};

struct Finding {
  ErrorCode code = ErrorCode::kCorruption;
  std::string where;  ///< "packs/0003.pack, section 1, tensor conv1.weight of lenet:v2"
  std::string what;
  std::vector<std::string> affected;  ///< references of versions that cannot be had back whole
};

struct VerifyResult {
  std::vector<Finding> findings;   ///< empty: all is well
  std::vector<std::string> notes;  ///< harmless: leftovers of an interrupted command, and the like
  std::uint64_t versions = 0, tensors = 0, packs = 0, bytes = 0;
};

struct RebuildOptions {
  /// Replace a sound catalog also by one that names fewer versions.
  bool accept_fewer = false;
  /// Take in every version in the packs that neither catalog nor log names, also where both are
  /// sound; versions that the log says were removed stay removed.
  bool adopt = false;
};

struct StagedFile {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string format;
  std::uint32_t tensor_count = 0;
  std::string note;
  bool changed_since = false;  ///< the file on disk is not what was staged
};

struct StatusReport {
  std::vector<StagedFile> staged;
  std::vector<std::string>
      untracked;  ///< files in the work tree that look like checkpoints and are in no version
  std::uint64_t models = 0, versions = 0;
  std::vector<std::string> notes;
};

/// What archiving did. Sizes are those of the tensors planned for and of those written with them.
struct ArchiveResult {
  std::uint64_t tensors = 0, rewritten = 0, before_bytes = 0, after_bytes = 0;
  std::uint64_t rebased = 0;         ///< of the rewritten: got another base
  std::uint64_t kept = 0;            ///< written, but no smaller then: they keep their old forms
  std::uint64_t differences = 0;     ///< SetLayout: have a base, and so stay as they are
  std::uint64_t gc_frees_bytes = 0;  ///< what gc would free now
  bool declined = false;             ///< ArchivePlanOptions::confirm said no
  ArchivePlan plan;                  ///< what was, or would have been, carried out
};

/// In which order the bits of a tensor's elements are stored.
enum class TensorLayout : std::uint8_t {
  kPlanes,        ///< leading bits of all elements first: what reading some planes wants
  kSignificance,  ///< bits that say most first: what progressive evaluation wants
};

/// A repository of models. Const methods may run together from several threads; the others exclude
/// each other. Several processes may use one repository: readers never wait, writers wait for each
/// other.
class Repository {
 public:
  /// Makes a repository in `root`/.dlv.  Errors: kConflict (there is one), kIo.
  static Result<std::unique_ptr<Repository>> Init(const std::filesystem::path& root);

  /// Opens the repository at `root`.  Errors: kNotFound, kUnsupported (newer format), kCorruption,
  /// kIo.
  static Result<std::unique_ptr<Repository>> Open(const std::filesystem::path& root,
                                                  const OpenOptions& options = {});

  /// Returns the nearest folder at or above `start` that holds a repository.  Errors: kNotFound.
  static Result<std::filesystem::path> Find(const std::filesystem::path& start);

  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  const std::filesystem::path& root() const;

  // ---- Adding
  // -------------------------------------------------------------------------------------------------

  /// Makes a version. Everything is written and synced before it exists; afterwards it is there for
  /// good. Errors: kInvalidArgument, kNotFound (parent), kUnsafe (a file that would have to be
  /// executed to be read), kConflict (lock, or a file changed while it was read), kIo, kCancelled.
  Result<CommitResult> Commit(const CommitRequest& request, const Operation& operation = {});

  /// Adds files to the staging list, replacing entries of the same path.  Errors: kNotFound,
  /// kInvalidArgument (a folder, or a path that cannot be committed), kUnsafe, kConflict (lock),
  /// kCorruption (of the file, or of the list), kIo.
  Result<std::vector<StagedFile>> Stage(const std::vector<FileInput>& files);
  /// Removes paths from the staging list; an empty list clears it, also a damaged one.  Errors:
  /// kNotFound, kConflict (lock), kCorruption, kIo.
  Status Unstage(const std::vector<std::string>& paths);
  /// Returns the staged files as inputs for a commit.
  Result<std::vector<FileInput>> StagedInputs() const;
  Result<StatusReport> GetStatus() const;

  // ---- Reading
  // ------------------------------------------------------------------------------------------------

  /// Errors: kSyntax, kNotFound (with the nearest names as hint), kInvalidArgument (ambiguous;
  /// lists the candidates).
  Result<ResolvedReference> Resolve(std::string_view reference) const;
  Result<std::vector<ModelSummary>> ListModels(const ListOptions& options = {}) const;
  /// Newest first.
  Result<std::vector<VersionSummary>> ListVersions(const ListOptions& options = {}) const;
  /// A version and its ancestors, children before parents; an empty reference means all versions.
  Result<std::vector<LogEntry>> Log(std::string_view reference,
                                    const LogOptions& options = {}) const;
  Result<VersionDetails> Describe(std::string_view reference) const;
  /// Compares two versions, or snapshots of them, or the tensors that both references fit
  /// (dlv/diff.h). Reads only what the options need, in pieces, in bounded memory.
  /// Errors: kSyntax, kNotFound, kCorruption, kIo, kCancelled.
  Result<VersionDiff> Diff(std::string_view before, std::string_view after,
                           const DiffOptions& options = {}, const Operation& operation = {}) const;

  /// Returns one tensor. `planes`: 0 exact, else at least that many bit planes.
  /// Errors: kSyntax, kNotFound, kInvalidArgument (no pattern, or it fits several; lists them),
  /// kCorruption, kIo.
  Result<Tensor> ReadTensor(std::string_view reference, unsigned planes = 0) const;
  /// Looks closely at the tensors that the reference names (a glob names several), in the order of
  /// the file. Reads each once, and once more for the histogram of a large one; by chunk, on all
  /// cores. Errors: kSyntax, kNotFound, kInvalidArgument (no pattern; a slice that does not fit),
  /// kCorruption, kIo, kCancelled.
  Result<std::vector<TensorReport>> Inspect(std::string_view reference,
                                            const InspectOptions& options = {},
                                            const Operation& operation = {}) const;
  /// Says where the bytes of a version's snapshot are.  Reads directories and chunk headers only.
  /// Errors: kSyntax, kNotFound, kCorruption, kIo.
  Result<StorageReport> DescribeStorage(std::string_view reference) const;
  /// Evaluates requirements, and looks for elements that are not finite (with as few planes as
  /// tell).  A requirement that fails is a result, not an error.
  /// Errors: kSyntax (with the place in the requirement), kNotFound (a metric, a version; with the
  /// nearest names as hint), kInvalidArgument (a number compared with a text), kCorruption, kIo,
  /// kCancelled.
  Result<CheckResult> Check(std::string_view reference, const CheckOptions& options,
                            const Operation& operation = {}) const;
  /// Reads a snapshot's tensors into memory that `sink` gives, on all cores and without a copy in
  /// between; bits that were not read are zero. What the memory holds after an error is undefined.
  /// Errors: kSyntax, kNotFound (version, step, or no tensor that fits), kInvalidArgument (the sink
  /// gave another size), kCorruption, kIo, kCancelled, those of the sink.
  Result<LoadResult> Load(std::string_view reference, const LoadOptions& options, TensorSink& sink,
                          const Operation& operation = {}) const;
  /// Writes a version's files, or its tensors in another format. Existing files that differ are an
  /// error (kConflict) unless `overwrite`; nothing outside `output` is touched and no link is
  /// followed. Errors: kSyntax, kNotFound, kInvalidArgument (planes of an original, no folder),
  /// kConflict, kUnsafe (a version from elsewhere whose paths would lead out of the folder),
  /// kCorruption, kIo, kCancelled.
  Result<CheckoutResult> Checkout(std::string_view reference, const CheckoutOptions& options,
                                  const Operation& operation = {}) const;

  /// Returns the bytes of one file of a version.  Errors: kSyntax, kNotFound (no such file, or its
  /// bytes were not kept), kUnsafe (more than `limit_bytes`), kCorruption, kIo.
  Result<std::vector<std::byte>> ReadFile(std::string_view reference, std::string_view path,
                                          std::uint64_t limit_bytes) const;

  // ---- Networks (dlv/network.h), search (dlv/search.h). Queries: dlv/query.h. Lineage:
  // dlv/lineage.h.
  // --------------------------------------------------

  /// The network of a version, joined with the tensors of the referenced snapshot.  Errors:
  /// kSyntax, kNotFound (no such version, or it has no file that describes a network), kCorruption,
  /// kIo.
  Result<NetworkReport> ReadNetwork(std::string_view reference) const;
  /// Nodes added, removed, changed, renamed. A version without a network compares as an empty one.
  /// Errors: as ReadNetwork, kNotFound only where neither has a network.
  Result<NetworkDiff> DiffNetworks(std::string_view before, std::string_view after) const;
  /// Evaluates versions (with #STEP: a snapshot) on the same data, one after the other.
  /// Errors: kNotFound (a version, the data, a version without a network), kInvalidArgument (data
  /// that does not fit the network's input, a label that is no class, no labels), kSyntax (metrics,
  /// preprocessing), kUnsupported (an operator, naming node and operator), kCorruption, kIo,
  /// kCancelled.
  Result<EvaluationReport> Evaluate(const std::vector<std::string>& references,
                                    const EvaluationOptions& options,
                                    const Operation& operation = {});
  /// Evaluates versions progressively (dlv/progressive.h); metrics of `options`: one "topK". What
  /// it computes of the weights is kept beside the repository for the next time.
  /// Errors: as Evaluate; kInvalidArgument (options that do not go together).
  Result<ProgressiveEvaluationReport> EvaluateProgressive(
      const std::vector<std::string>& references, const EvaluationOptions& options,
      const ProgressiveOptions& progressive, const Operation& operation = {});
  /// Computes beforehand what EvaluateProgressive needs. `options` as there, but that its data may
  /// be empty. Errors: as EvaluateProgressive.
  Result<std::vector<ProgressivePreparation>> PrepareProgressive(
      const std::vector<std::string>& references, const EvaluationOptions& options,
      const ProgressiveOptions& progressive, const Operation& operation = {});
  /// Proves the certificates of a file again, from the packs alone, in fp64 with reference kernels,
  /// bounds included. A certificate that fails is a result, not an error.
  /// Errors: kNotFound (the file, the version, the data), kCorruption (no certificates),
  /// kUnsupported (a newer form), kIo, kCancelled.
  Result<CertificateReport> VerifyCertificate(const CertificateOptions& options,
                                              const Operation& operation = {}) const;
  /// Errors: kSyntax (the architecture, a reference), kNotFound (`like`), kInvalidArgument (nothing
  /// to look for), kCorruption, kIo, kCancelled.
  Result<std::vector<SearchHit>> Search(const SearchRequest& request,
                                        const Operation& operation = {}) const;

  // ---- Names
  // --------------------------------------------------------------------------------------------------

  /// Moves (or makes) alias `alias` of the reference's model.  Errors: kNotFound, kInvalidArgument
  /// (reserved name).
  Result<AliasMove> SetAlias(std::string_view alias, std::string_view reference);
  Result<AliasMove> DeleteAlias(std::string_view model, std::string_view alias);
  Result<std::vector<AliasMove>> AliasLog(std::string_view model) const;
  Status SetTags(std::string_view reference, const KeyValues& tags);
  Status DeleteTags(std::string_view reference, const std::vector<std::string>& keys);
  /// Replaces the version's note, Markdown of at most 256 KiB; an empty text deletes it. Notes are
  /// no part of the version's id.  Errors: kNotFound, kInvalidArgument (no UTF-8, too long).
  Status SetNote(std::string_view reference, std::string_view text);
  /// Gives a model another name. Ids, numbers, aliases and lineage stay as they are; manifests keep
  /// the name at their commit.  Errors: kNotFound, kInvalidArgument (the name), kConflict (there
  /// is, or was, a model of that name).
  Status RenameModel(std::string_view from, std::string_view to);
  /// Makes the first version of a new model from an old version, which becomes its parent with
  /// relation copy. No bytes are copied.  Errors: kNotFound, kConflict (the model exists),
  /// kInvalidArgument (nothing would be in it; a file with tensors is to be replaced), kIo.
  Result<CommitResult> Copy(const CopyRequest& request, const Operation& operation = {});

  // ---- Operations (dlv/operations.h)
  // -----------------------------------------------------------------------------------------------

  /// The newest first.  Errors: kCorruption (of the log), kIo.
  Result<std::vector<OperationInfo>> Operations(const OperationLogOptions& options = {}) const;
  /// Reverses operation `number`, or the last one that changed names where it is 0. Undoing an undo
  /// does it again. Nothing happens where something that it changed has changed again since.
  /// Errors: kNotFound, kConflict (what depends on it), kInvalidArgument (changed no names).
  Result<UndoResult> Undo(std::uint64_t number = 0, bool dry_run = false);
  /// Brings removed versions back while their bytes exist, from the trash too: `NAME:vN`,
  /// `NAME@hash`, or `NAME`, what its last removal took. They come with the tags and notes that
  /// they had, not with aliases. Returns their references.  Errors: kNotFound (bytes are gone),
  /// kConflict (is there already), kSyntax, kInvalidArgument.
  Result<std::vector<std::string>> Restore(const std::vector<std::string>& references);
  /// Versions that were removed, the last removal first.
  Result<std::vector<RemovedVersion>> ListRemoved() const;

  // ---- In and out (dlv/portable.h)
  // -----------------------------------------------------------------------------------------------

  /// Writes everything as plain files. What an interrupted call has written is taken over by the
  /// next.  Errors: kConflict (a file that differs is there), kIo, kCorruption, kCancelled.
  Result<ExportResult> ExportAll(const ExportOptions& options,
                                 const Operation& operation = {}) const;
  /// Brings in a folder; each version as a whole or not at all, so that an interrupted call is
  /// continued by the next. What is there already stays as it is.  Errors: kNotFound, kUnsafe
  /// (paths that lead out of the folder), kCorruption (a file is not what the folder says),
  /// kConflict (another version has its place), kUnsupported (a newer export), kIo, kCancelled.
  Result<ImportResult> Import(const ImportOptions& options, const Operation& operation = {});

  // ---- Housekeeping
  // -------------------------------------------------------------------------------------------

  /// Removes versions from the catalog; `gc` frees the bytes.
  /// Errors: kConflict (an alias other than latest points there, or `force` is needed), kNotFound.
  Result<RemoveResult> Remove(const std::vector<std::string>& references, bool force,
                              bool dry_run = false);
  Result<GcResult> CollectGarbage(const GcOptions& options, const Operation& operation = {});
  /// Stores the tensors of one version or (empty) of all as PlanArchive plans, and codes the others
  /// anew on the bases that they have. New forms are written, decoded and compared before one
  /// transaction switches to them; the old ones stay until gc. Nothing is changed where that would
  /// not save half a per cent or bring a load within its budget, or where a budget cannot be met
  /// (PlannedSnapshot::least_seconds).
  /// Errors: as PlanArchive; kConflict (the repository kept changing), kIo (also: too little free
  /// space, said before anything is written).
  Result<ArchiveResult> Archive(std::string_view reference, const ArchivePlanOptions& options = {},
                                const Operation& operation = {});
  /// Stores the tensors of a version (or those that its pattern fits) that have no base in this
  /// layout, where they are floats of 1,024 elements and more; others stay as they are. They are
  /// written, decoded and compared before one transaction switches to them. Archive keeps the
  /// layout of what keeps no base. Errors: as Archive.
  Result<ArchiveResult> SetLayout(std::string_view reference, TensorLayout layout,
                                  const Operation& operation = {});
  /// Plans which tensor would best be stored against which, for one version or (empty) for all, and
  /// changes nothing.  Errors: kNotFound, kInvalidArgument (options), kCorruption (a tensor that
  /// cannot be read), kIo, kCancelled.
  Result<ArchivePlan> PlanArchive(std::string_view reference, const ArchivePlanOptions& options,
                                  const Operation& operation = {}) const;
  Result<VerifyResult> Verify(const VerifyOptions& options, const Operation& operation = {}) const;
  /// Accounts for the space (dlv/usage.h). By plane and by codec it reads the headers of all chunks
  /// concerned.  Errors: kSyntax, kNotFound (a reference), kCorruption, kIo.
  Result<UsageReport> Usage(const UsageOptions& options = {}) const;
  /// Makes a lossy version beside the exact one, or says what it would be (dlv/quantize.h). Reads
  /// each tensor twice, in pieces, on all cores.
  /// Errors: kSyntax, kNotFound (version, or no tensor that fits), kInvalidArgument (a value that
  /// the scheme cannot hold: names tensor and element; nothing to change), kConflict, kCorruption,
  /// kIo, kCancelled.
  Result<QuantizeResult> Quantize(std::string_view reference, const QuantizeOptions& options,
                                  const Operation& operation = {});

  /// As Verify, of the stored bytes only, where Open fails because the catalog is damaged or
  /// missing: that is the first finding.  Errors: kNotFound (no repository), kUnsupported, kIo,
  /// kCancelled.
  static Result<VerifyResult> VerifyWithoutCatalog(const std::filesystem::path& root,
                                                   const Operation& operation = {});
  /// Makes a damaged or missing operation log anew from the catalog, which stays as it is; the
  /// damaged one is kept beside it. Where the log is whole nothing is done. Notes say what was.
  /// Errors: kNotFound (no repository), kCorruption (the catalog is damaged too), kConflict (lock),
  /// kIo.
  static Result<VerifyResult> RepairLog(const std::filesystem::path& root);
  /// Makes the catalog anew from packs and operation log; works where Open fails. What a damaged
  /// log no longer tells is taken from the old catalog where that is sound; else versions that the
  /// log does not name are taken in from their manifests, each under a name of its own
  /// ("recovered-lenet:v3") and with a finding. The log is made anew with it.  Errors:
  /// kNotFound (no packs), kUnsupported (newer format), kConflict (lock; or a sound catalog names
  /// versions that would be lost: see RebuildOptions), kIo (what cannot be read today is not left
  /// out), kCancelled.
  static Result<VerifyResult> RebuildCatalog(const std::filesystem::path& root,
                                             const Operation& operation = {},
                                             const RebuildOptions& options = {});

  class Impl;

 private:
  friend class QuerySession;  // dlv/query.h
  friend class Lineage;       // dlv/lineage.h
  friend class Session;       // dlv/inference.h
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv
