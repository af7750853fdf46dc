#pragma once
/// \file
/// What the store needs from the engine to keep networks. A store without it keeps none.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::store {

struct ImportedNetwork {
  NetworkId id;
  std::vector<std::byte> form;        ///< its canonical encoding
  std::vector<std::string> warnings;  ///< what the file says and cannot be
};

/// Thread-safe.
class NetworkImporter {
 public:
  virtual ~NetworkImporter() = default;
  /// Makes a network as a file has it into the one that is kept.
  /// Errors: kInvalidArgument (a graph that cannot be, naming the node), kUnsupported.
  virtual Result<ImportedNetwork> Encode(Network raw) const = 0;
  /// Reads dlv's own text form.  Errors: kSyntax with line and column, kUnsupported.
  virtual Result<Network> ReadText(std::string_view text) const = 0;
};

}  // namespace dlv::store
