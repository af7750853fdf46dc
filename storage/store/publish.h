#pragma once
/// \file
/// The last step of a commit: the version begins to exist.

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/store/commit_writer.h"
#include "storage/store/store.h"
#include "storage/store/stored_file.h"

namespace dlv::store {

struct Publication {
  const archive::Manifest* manifest = nullptr;
  VersionId id;
  std::string model;         ///< empty: the manifest's
  std::uint64_t number = 0;  ///< asked for; the next where it is taken, or 0
  archive::Envelope envelope;
  std::vector<std::string> parent_models;
  std::uint64_t stored_bytes = 0;
  std::string command = "dlv commit";
  std::function<Status(const catalog::Catalog&)>
      check;                                           ///< asked first, under the lock; may be null
  std::function<Status(Change&, catalog::Row)> extra;  ///< done with it; may be null
};

struct Published {
  catalog::Row version = 0;
  bool objects_gone = false;    ///< nothing was published: gc took, or another commit stored,
                                ///< something meanwhile; the commit must be made again
  std::string network_warning;  ///< why no network could be read, with the file; else empty
};

/// Moves the packs into place and makes the version exist.
/// Errors: kConflict (the same version is there already; lock), kIo.
Result<Published> Publish(Store& store, CommitWriter& writer, const Publication& publication);

/// A version that does not exist yet, with its packs. Neither is null.
struct Unpublished {
  CommitWriter* writer = nullptr;
  const Publication* publication = nullptr;
};
/// The same for several, which begin to exist together or not at all; with the first one's command.
/// One operation of the log.
Result<std::vector<Published>> PublishTogether(Store& store, std::span<const Unpublished> all);

/// Inserts the rows of new packs with their objects; fills in the numbers of all of them.
/// `sections` gets the row of each section by (pack, offset).
Status InsertWritten(Store& store, catalog::Transaction& transaction, const NewPacks& packs,
                     const archive::WriteResult& written, std::int64_t now,
                     std::map<std::pair<std::uint32_t, std::uint64_t>, catalog::Row>& sections);

}  // namespace dlv::store
