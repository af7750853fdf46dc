#pragma once
/// \file
/// The catalog: what exists in a repository, and where in the packs it is. An index in SQLite that
/// can be rebuilt from packs and operation log; one committed transaction is the point at which a
/// change exists.
///
/// Everything runs on io::FileSystem. Every page carries a checksum; a page that fails it is
/// kCorruption naming file and page. Several processes may have the catalog open: readers see the
/// last committed state and go on while a transaction is prepared; they are held up only for the
/// moment in which a commit writes its pages (docs/decisions/0003-catalog-journal.md).
///
/// Common errors: kCorruption, kIo, kConflict (another process kept the catalog locked for longer
/// than the time-out).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/catalog/rows.h"
#include "storage/io/file_system.h"

namespace dlv::catalog {

class Connection;
class Transaction;
class ReadTransaction;
struct LineageRows;  // storage/catalog/lineage_rows.h

enum class OpenMode : std::uint8_t { kRead, kReadWrite };

/// How long a call waits, unless told otherwise, for another process's commit.
inline constexpr std::int64_t kBusyTimeoutMs = 30'000;

struct VersionFilter {
  std::string model_glob = "*";  ///< * ? [..] as in a shell
  std::size_t limit = 0;         ///< 0: all
};

/// One connection. Thread-compatible with an exception: also const functions must not run together
/// (they share prepared statements and the connection). Open one per thread, or guard it.
class Catalog {
 public:
  /// Makes an empty catalog at `path`, where there is none or one that was never finished.
  /// Errors: kConflict (exists), kIo.
  static Result<std::unique_ptr<Catalog>> Create(io::FileSystem& file_system,
                                                 const std::string& path);

  /// Opens the catalog at `path`; `file_system` must outlive it. kRead works on read-only media. An
  /// older schema is migrated (kReadWrite) or refused (kRead). This and all later calls wait
  /// `busy_timeout_ms` for another process's commit. Errors: kConflict (time-out), kNotFound,
  /// kUnsupported (newer schema; an older one with kRead), kCorruption, kIo.
  static Result<std::unique_ptr<Catalog>> Open(io::FileSystem& file_system, const std::string& path,
                                               OpenMode mode,
                                               std::int64_t busy_timeout_ms = kBusyTimeoutMs);

  /// Puts the closed catalog `from` in the place of `to` (same folder), whose journal is dropped
  /// with it; waits until nobody reads `to`. After a loss of power the old or the new one is there.
  /// Who has `to` open gets kConflict from then on.  Errors: kConflict (time-out), kIo.
  static Status Replace(io::FileSystem& file_system, const std::string& from,
                        const std::string& to);

  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// Changes how long later calls wait.
  void SetBusyTimeout(std::int64_t timeout_ms);

  /// Begins the one write transaction. Waits for another writer.  Errors: kConflict (time-out),
  /// kInvalidArgument (read-only).
  Result<std::unique_ptr<Transaction>> Begin();
  /// Reads until its end see one state. Keep it short: another process's commit waits for it.
  /// Nests, and is without effect inside a Transaction.
  Result<std::unique_ptr<ReadTransaction>> BeginRead() const;

  // ---- Models and versions
  // ------------------------------------------------------------------------------------

  /// Models that have versions, by name.
  Result<std::vector<ModelRow>> ListModels(std::string_view model_glob = "*") const;
  Result<std::optional<ModelRow>> FindModel(std::string_view name) const;
  Result<std::vector<std::string>> ModelNames() const;
  /// The highest number that a version of the model has, or had; 0: none.
  Result<std::uint64_t> LastNumber(std::string_view model) const;
  /// Whether the model has, or had, a version of this number or of a higher one.
  Result<bool> IsReserved(std::string_view model, std::uint64_t number) const;
  /// The name that a renamed model has now.
  Result<std::optional<std::string>> NameNow(std::string_view former_name) const;
  /// Newest first (by insertion). Does not touch series, tensors or files.
  Result<std::vector<VersionRow>> ListVersions(const VersionFilter& filter = {}) const;
  Result<std::optional<VersionRow>> GetVersion(Row version) const;
  Result<std::optional<VersionRow>> FindVersion(std::string_view model, std::uint64_t number) const;
  Result<std::optional<VersionRow>> FindLatest(std::string_view model) const;
  Result<std::optional<VersionRow>> FindByAlias(std::string_view model,
                                                std::string_view alias) const;
  Result<std::optional<VersionRow>> FindById(const VersionId& id) const;
  /// Versions whose id begins with these lower-case hexadecimal digits, at most `limit`; empty
  /// `model` means any. The same id may stand in several models.  Errors: kInvalidArgument (not
  /// hexadecimal, longer than 64).
  Result<std::vector<VersionRow>> FindByIdPrefix(std::string_view model, std::string_view hex,
                                                 std::size_t limit = 8) const;
  /// Versions that name `id` as a parent.
  Result<std::vector<Row>> Children(const VersionId& id) const;
  Result<std::uint64_t> VersionCount() const;
  /// Every version and every edge between versions, in one pass.
  Result<LineageRows> ReadLineage() const;

  Result<KeyValues> HyperParameters(Row version) const;
  Result<std::vector<Metric>> Metrics(Row version) const;  ///< with all points
  /// The last value of one metric; nothing where the version has no such metric.
  Result<std::optional<double>> LastValue(Row version, std::string_view metric) const;
  Result<std::vector<std::string>> MetricNames(Row version) const;  ///< ascending
  /// Every hyper-parameter, and every path of a file, of every version: for searches.
  using VisitHyperParameter =
      std::function<void(Row version, const std::string& name, const std::string& value)>;
  Status ForEachHyperParameter(const VisitHyperParameter& visit) const;
  using VisitFilePath = std::function<void(Row version, const std::string& path)>;
  Status ForEachFilePath(const VisitFilePath& visit) const;

  // ---- Snapshots and files
  // ------------------------------------------------------------------------------------

  Result<std::vector<SnapshotRow>> Snapshots(Row version) const;  ///< in order, without `objects`
  Result<std::vector<ObjectNumber>> SnapshotObjects(Row snapshot) const;
  Result<std::optional<LayoutRow>> GetLayout(Row layout) const;
  Result<std::optional<LayoutRow>> FindLayout(const BlobId& id) const;
  Result<std::vector<FileRow>> Files(Row version) const;  ///< in order, with `objects`
  /// Files of any version with this content, at most `limit`.
  Result<std::vector<FileRow>> FindFiles(const FileDigest& sha256, std::size_t limit = 4) const;

  /// Path and size of every file of every version, each pair once.
  Result<std::vector<std::pair<std::string, std::uint64_t>>> FileNames() const;
  /// Whether any version has a file of this size: only then is it worth hashing a file before
  /// reading it.
  Result<bool> HasFileOfSize(std::uint64_t size_bytes) const;

  // ---- Objects, sections, packs
  // -------------------------------------------------------------------------------

  /// Objects whose id begins with these 64 bits. Usually none or one; the caller compares the full
  /// id in the directory.
  Result<std::vector<ObjectPlace>> FindObjects(std::uint64_t id_prefix) const;
  Result<std::optional<ObjectPlace>> GetObject(ObjectNumber number) const;
  /// Places of `numbers`, in the same order.  Errors: kCorruption where one does not exist.
  Result<std::vector<ObjectPlace>> GetObjects(std::span<const ObjectNumber> numbers) const;
  /// Calls `visit` with every object in ascending number; its error stops the walk.
  Status ForEachObject(const std::function<Status(const ObjectPlace&)>& visit) const;
  /// Objects named by any snapshot, layout or file, sorted, each once. Bases of deltas are not in
  /// the catalog: add them.
  Result<std::vector<ObjectNumber>> ReferencedObjects() const;
  /// The same for one version.
  Result<std::vector<ObjectNumber>> ReferencedObjects(Row version) const;

  Result<std::vector<PackRow>> Packs() const;
  Result<std::optional<PackRow>> GetPack(Row pack) const;
  Result<std::vector<SectionRow>> Sections() const;  ///< by pack and offset
  Result<std::vector<SectionRow>> SectionsOfPack(Row pack) const;
  Result<std::optional<SectionRow>> GetSection(Row section) const;

  // ---- Names and the rest
  // -------------------------------------------------------------------------------------

  Result<std::vector<std::pair<std::string, Row>>> Aliases(std::string_view model) const;
  /// Oldest first.
  Result<std::vector<AliasMove>> AliasLog(std::string_view model) const;
  Result<KeyValues> Tags(Row version) const;
  Result<std::vector<EvaluationRow>> Evaluations(Row version) const;
  Result<std::vector<NamedQueryRow>> NamedQueries() const;
  Result<std::optional<std::string>> GetMeta(std::string_view key) const;

  // ---- Networks
  // ---------------------------------------------------------------------------------------------------

  /// Versions with the rows of their networks, ascending; 0: none. Not those nobody looked at.
  Result<std::vector<std::pair<Row, Row>>> GraphsOfVersions() const;
  /// Networks, each once, ascending by row; also those that no version has any more.
  Result<std::vector<std::pair<Row, NetworkId>>> GraphIds() const;
  /// Calls `visit` with the canonical encoding of each of `graphs` in this order; the bytes live
  /// until it returns, its error stops the walk.  Errors: kNotFound (a row that there is not).
  Status GraphForms(
      std::span<const Row> graphs,
      const std::function<Status(Row, const NetworkId&, std::span<const std::byte>)>& visit) const;
  Result<std::optional<Row>> FindGraph(const NetworkId& id) const;
  /// Nothing where nobody has looked for one yet (VersionsWithoutGraphRow).
  Result<std::optional<VersionGraph>> GraphOfVersion(Row version) const;
  /// Versions whose files were not looked at yet: of older releases, and just restored.
  Result<std::vector<Row>> VersionsWithoutGraphRow() const;

  // ---- Health
  // -------------------------------------------------------------------------------------------------

  /// Rows of each table.
  Result<std::map<std::string, std::uint64_t>> DumpCounts() const;
  /// Reads every page and checks structure and cross references. Returns findings; empty: all is
  /// well.
  Result<std::vector<std::string>> CheckIntegrity() const;
  /// Size of the file.
  Result<std::uint64_t> SizeBytes() const;
  /// Schema version that this release writes.
  static int SchemaVersion();

 private:
  explicit Catalog(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
  friend class Transaction;
  friend class BulkReader;
};

/// Holds one read view open. Must not outlive its Catalog.
class ReadTransaction {
 public:
  ReadTransaction(Connection& connection, bool outermost)
      : connection_(connection), outermost_(outermost) {}
  ~ReadTransaction();
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

 private:
  Connection& connection_;
  bool outermost_;
};

/// The one write transaction of a Catalog. Reads of that Catalog see its changes. Must not outlive
/// the Catalog. kNotFound, kConflict and kInvalidArgument leave the transaction as it was before
/// the call; after any other error it can only be dropped. Rolling back is the destructor's work.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  /// Rolls back unless committed.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Makes the changes durable and visible, or fails; after kIo either the old or the new state is
  /// there. The transaction is over in both cases.
  Status Commit();

  struct Inserted {
    Row version = 0;
    std::uint64_t number = 0;
  };
  /// Errors: kConflict (the number or the id is taken in that model).
  Result<Inserted> InsertVersion(const NewVersion& version);
  /// Says that the model has had a version of this number, so that it is not given again; makes the
  /// model if missing. For rebuilding.
  Status ReserveNumber(std::string_view model, std::uint64_t number);
  /// Removes a version with its snapshots, files, metrics, tags, evaluations and the aliases that
  /// point to it. Objects stay. Its number is not used again.  Errors: kNotFound.
  Status DeleteVersion(Row version);

  /// Returns the layout's row; an existing one with that id is taken.
  Result<Row> InsertLayout(const BlobId& id, ObjectNumber object, std::uint32_t tensor_count);
  /// Layouts that no snapshot uses.
  Status DeleteUnusedLayouts();
  /// Uses version, ordinal, layout, info, objects.
  Result<Row> InsertSnapshot(const SnapshotRow& snapshot);
  /// Uses version, ordinal, info, recipe, objects.
  Result<Row> InsertFile(const FileRow& file);

  Result<Row> InsertPack(const PackRow& pack);
  Status UpdatePack(const PackRow& pack);
  /// Errors: kConflict (sections are left in it).
  Status DeletePack(Row pack);
  Result<Row> InsertSection(const SectionRow& section);
  /// Replaces all fields of `section.row`: merging packs moves sections, objects stay as they are.
  Status UpdateSection(const SectionRow& section);
  /// Errors: kConflict (objects are left in it).
  Status DeleteSection(Row section);

  /// Adds an object. Insert in order of entries where possible: neighbours are kept as one run and
  /// cost almost nothing.
  Result<ObjectNumber> InsertObject(std::uint64_t id_prefix, ObjectKind kind, Row section,
                                    std::uint32_t entry);
  /// Switches an object to another stored form.  Errors: kNotFound.
  Status UpdateObject(ObjectNumber number, Row section, std::uint32_t entry);
  /// Forgets objects (walks the whole index once).  Errors: kNotFound.
  Status DeleteObjects(std::span<const ObjectNumber> numbers);

  /// Points `alias` of the version's model to it.
  Status SetAlias(std::string_view alias, Row version);
  /// Errors: kNotFound.
  Status DeleteAlias(std::string_view model, std::string_view alias);
  Status AppendAliasLog(const AliasMove& move);
  Status SetTag(Row version, std::string_view key, std::string_view value);
  /// Returns whether there was one.
  Result<bool> DeleteTag(Row version, std::string_view key);
  /// Replaces the version's note; an empty text deletes it.
  Status SetNote(Row version, std::string_view text, std::int64_t when);
  /// Gives a model another name, also where others name it as their parents' model and in the alias
  /// log.  Errors: kNotFound, kConflict (there is one of that name, perhaps without versions).
  Status RenameModel(std::string_view from, std::string_view to);
  Result<Row> InsertEvaluation(const EvaluationRow& evaluation);
  Status SetNamedQuery(const NamedQueryRow& query);
  Result<bool> DeleteNamedQuery(std::string_view name);
  /// Returns the row of the network with this id, after inserting its encoding if it is new.
  Result<Row> InsertGraph(const NetworkId& id, std::span<const std::byte> form);
  /// Says which network a version has, or that it has none; replaces what was said before.
  /// Errors: kNotFound (no such version).
  Status SetGraph(const VersionGraph& graph);
  /// Networks that no version has.
  Status DeleteUnusedGraphs();
  Status SetMeta(std::string_view key, std::string_view value);

 private:
  Status StoreNextObject();

  Connection& connection_;
  bool open_ = true;
  ObjectNumber next_object_ = 0;  ///< 0: not read yet
};

}  // namespace dlv::catalog
