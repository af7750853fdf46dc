#pragma once
/// \file
/// Networks that the catalog does not have yet: of versions that releases before there were
/// networks committed, and of versions that `undo` brought back. They are read from the files.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "engine/api/query_snapshot.h"
#include "storage/store/version_network.h"

namespace dlv::api {

class MissingNetworks {
 public:
  /// Reads all of them, which takes as long as reading the versions' files.
  /// Errors: those of store::ReadMissingNetworks.
  static Result<MissingNetworks> Read(store::Store& store);

  /// Gives the snapshot's versions their networks. Keys of networks that the catalog lacks are
  /// below zero, and stand last.
  void AddTo(LoadedSnapshot& loaded) const;
  /// The encoding of the network with such a key.
  std::span<const std::byte> FormOf(std::int64_t key) const;

 private:
  std::vector<std::pair<catalog::Row, store::FoundNetwork>> found_;
};

}  // namespace dlv::api
