#pragma once
/// \file
/// All versions and the edges between them, read at once: what walks over the lineage need.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/ids.h"
#include "dlv/version_info.h"
#include "storage/catalog/rows.h"

namespace dlv::catalog {

struct LineageRows {
  struct Version {
    Row row = 0;
    VersionId id;
    std::uint32_t model = 0;  ///< place in `models`
    std::uint64_t number = 0;
    std::int64_t created = 0;
  };
  struct Parent {
    std::uint32_t version = 0;  ///< place in `versions`
    std::uint32_t ordinal = 0;
    VersionId id;             ///< of a version that need not be here
    std::uint32_t model = 0;  ///< place in `models`
    Relation relation = Relation::kRetrain;
    bool inferred = false;
  };
  std::vector<std::string> models;  ///< each once
  std::vector<Version> versions;    ///< ascending by row
  std::vector<Parent> parents;      ///< by version, then by ordinal
};

}  // namespace dlv::catalog
