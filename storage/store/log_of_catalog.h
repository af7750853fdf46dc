#pragma once
/// \file
/// An operation log made from the catalog, where the log itself is lost or damaged.

#include <cstdint>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/catalog/catalog.h"
#include "storage/store/history.h"

namespace dlv::store {

struct CatalogLog {
  std::vector<archive::TimedPayload> records;
  /// The last record that the catalog has to know to go with them: what it knows, or less where it
  /// says a number that no log can have had.
  std::uint64_t sequence = 0;
};

/// Returns records that tell what `catalog`, which knows record `sequence`, has: versions under the
/// sequence numbers that are their rows, names, tags, notes, evaluations and queries, and which
/// packs are live; from `former`, what is still known of the old log, also which versions were
/// removed. Of a sound catalog it is a million records at most more than it tells of and the old
/// log had. A switch record with the command "void" and no numbers marks such a log
/// (docs/format/oplog.md).
/// `sections` reads envelopes: tags that came with a commit need no record.
/// Errors: kCorruption (the catalog contradicts itself), kIo.
Result<CatalogLog> LogOfCatalog(const catalog::Catalog& catalog, std::uint64_t sequence,
                                const History& former, archive::SectionCache& sections);

}  // namespace dlv::store
