#pragma once
/// \file
/// The operation log, and what goes with it: undoing an operation, bringing removed versions back,
/// copying and annotating versions.
///
/// Every command that changes what names mean is an operation: it has a number, and it takes effect
/// as a whole or not at all. Operations are never taken out of the log. Undoing one is another
/// operation that does the opposite, and can be undone in turn, so nothing is lost by it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/ids.h"
#include "dlv/version_info.h"

namespace dlv {

/// One thing that an operation changed.
struct OperationChange {
  enum class Kind : std::uint8_t {
    kCommit,      ///< a version was made
    kRemove,      ///< a version was removed
    kRestore,     ///< a removed version came back
    kAlias,       ///< an alias was made, moved or deleted
    kTag,         ///< a tag was set or deleted
    kNote,        ///< a note was written or deleted
    kRename,      ///< a model got another name
    kEvaluation,  ///< a result was recorded
    kQuery,       ///< a named query was kept or deleted
    kStorage,     ///< only where bytes are stored: gc, archive, merging of packs
  } kind = Kind::kStorage;
  std::string model;         ///< as it was called then; rename: its old name
  std::uint64_t number = 0;  ///< of the version; 0: none
  VersionId id;              ///< commit, remove, restore, evaluation
  std::string name;          ///< alias, tag key, metric, query, or the command of kStorage
  /// Alias: "lenet:v3"; tag: its value; rename: the name; note: its first line. Nothing where it
  /// did not exist, or is not known.
  std::optional<std::string> before, after;
};

/// Returns "commit", "remove", "restore", "alias", ...
std::string_view NameOf(OperationChange::Kind kind);

/// An operation.
struct OperationInfo {
  std::uint64_t number = 0;  ///< 1, 2, ... in this repository
  std::int64_t when = 0;
  std::string author;           ///< empty where it was not recorded
  std::string command;          ///< "dlv alias"; empty where it was not recorded
  std::uint64_t undoes = 0;     ///< the operation that this one undid; 0: none
  std::uint64_t undone_by = 0;  ///< the operation that undid this one; 0: it stands
  bool changes_names = false;   ///< only such operations can be undone
  std::vector<OperationChange> changes;
};

struct OperationLogOptions {
  std::size_t limit = 0;      ///< 0: all
  bool with_storage = false;  ///< also those that only moved bytes
};

/// What undoing did, or would do.
struct UndoResult {
  OperationInfo undone;                  ///< the operation that was undone
  std::vector<OperationChange> changes;  ///< what was done for it
  std::uint64_t operation = 0;           ///< number of the new operation; 0: nothing was written
};

/// A version that was removed.
struct RemovedVersion {
  std::string model;
  std::uint64_t number = 0;
  VersionId id;
  std::int64_t removed = 0;     ///< when
  std::uint64_t operation = 0;  ///< that removed it
  enum class State : std::uint8_t {
    kHere,   ///< all of its bytes are in place; the next gc moves them to the trash
    kTrash,  ///< some are in the trash, until `until`
    kGone,   ///< it cannot be had back
  } state = State::kGone;
  std::int64_t until = 0;  ///< kTrash: a gc with the usual grace time deletes them from then on
  std::string reason;      ///< kGone: what is missing
  std::string reference() const { return model + ":v" + std::to_string(number); }
};

/// A new model from an old version.
struct CopyRequest {
  std::string source;            ///< reference of a version
  std::string model;             ///< the new model; must not exist
  std::string message;           ///< empty: "copy of SOURCE"
  bool with_weights = true;      ///< false: no tensors, no files that hold tensors, no metrics
  std::vector<FileInput> files;  ///< put in place of files of that path, or added; without tensors
  std::vector<std::string> drop_files;  ///< paths that are left out
  KeyValues hparams;                    ///< put in place of those of that name, or added
  std::vector<std::string> drop_hparams;
  KeyValues tags;
  std::vector<std::string> aliases;
  std::string author;
};

}  // namespace dlv
