#pragma once
/// \file
/// What is behind a Repository: for the files of this folder that implement its methods and the
/// classes that stand beside it (Lineage, QuerySession).

#include <filesystem>
#include <memory>

#include "dlv/repository.h"
#include "storage/store/store.h"

namespace dlv {

/// The store is thread-safe, so const methods need no lock here; methods that change something
/// take their turn inside Store::Write.
class Repository::Impl {
 public:
  std::filesystem::path root;
  std::unique_ptr<store::Store> store;
};

}  // namespace dlv
