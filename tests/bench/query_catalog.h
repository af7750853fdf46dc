#pragma once
/// \file
/// A repository of many versions to measure statements on: only its catalog, without files or
/// weights.

#include <cstddef>
#include <string>

#include "dlv/result.h"

namespace dlv::bench {

struct CatalogSizes {
  std::size_t versions = 10'000;
  std::size_t models = 200;
  std::size_t networks = 200;  ///< distinct ones
};

/// Makes the repository in `folder` unless it is there. Every version has a network of 50 nodes, a
/// series of 200 points, hyper-parameters, and the version before it as its parent, so that the
/// last one is the end of a chain of all.
Status MakeQueryCatalog(const std::string& folder, const CatalogSizes& sizes);

/// "model-199:v50", the last version.
std::string LastReference(const CatalogSizes& sizes);

}  // namespace dlv::bench
