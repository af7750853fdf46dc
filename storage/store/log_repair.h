#pragma once
/// \file
/// Making the operation log anew from the catalog: the explicit repair of docs/format/oplog.md.

#include <string>

#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/history.h"
#include "storage/store/store.h"

namespace dlv::store {

/// Why changes are refused with this log and a catalog that knows record `known`; empty where they
/// are not.
std::string WhyLogIsBad(const archive::LogContent& log, std::uint64_t known);

/// Returns what a damaged log still tells, records behind the damage among it, as far as record
/// `known`.
History HistoryOf(const archive::SalvagedLog& salvaged, std::uint64_t known);

/// Writes the log of `catalog` in the place of the damaged one, which is kept as
/// operations.log.damaged; after a crash the old or the new log is there. Adds a note. Returns the
/// last record that the catalog must know (CatalogLog::sequence). The caller holds the repository's
/// lock.  Errors: as LogOfCatalog, kIo.
Result<std::uint64_t> ReplaceLog(io::FileSystem& file_system, const RepositoryPaths& paths,
                                 const catalog::Catalog& catalog, const History& former,
                                 VerifyResult& result);

/// Makes a damaged, cut or missing log anew from a catalog that is sound; the catalog stays as it
/// is, but for a number of records that no log can have had. Does nothing, and says so in a note,
/// where the log is whole. Errors: kNotFound (no repository), kCorruption (the catalog is damaged
/// too), kConflict (lock), kIo.
Result<VerifyResult> RepairLog(const std::string& root, StoreOptions options);

}  // namespace dlv::store
