#pragma once
/// \file
/// The tables and how they came to be what they are.

#include <span>

#include "dlv/result.h"
#include "storage/catalog/connection.h"

namespace dlv::catalog {

/// "DLVC": tells a catalog from any other SQLite file.
inline constexpr int kApplicationId = 0x444c5643;

/// The steps of the schema: step i leads from version i to version i + 1. On disk: never change
/// one, add one.
std::span<const char* const> Migrations();

/// Brings the schema to version `steps.size()` in one transaction.
/// Errors: kUnsupported where the file's schema is newer, naming both versions; kCorruption where
/// it is no catalog.
Status Migrate(Connection& connection, std::span<const char* const> steps);

/// Returns the schema version of the file after checking that it is a catalog.
Result<int> ReadSchemaVersion(Connection& connection);

/// Errors: kUnsupported.
Status RefuseNewerSchema(const Connection& connection, int found, int known);

}  // namespace dlv::catalog
