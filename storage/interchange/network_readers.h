#pragma once
/// \file
/// The readers of networks, for network_file.cc, and what they share.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/interchange/side_tree.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

Result<Network> ReadOnnxNetwork(const io::ByteSource& file);
/// A NetParameter as text or as a tree of the same names.  Nothing where it has no layers, or none
/// that say what they read.
Result<std::optional<Network>> ReadPrototxtNetwork(const io::ByteSource& file);
Result<std::optional<Network>> ReadCaffeModelNetwork(const io::ByteSource& file);

/// Counts what a network takes, and refuses too much.
class NetworkBudget {
 public:
  explicit NetworkBudget(std::string_view what) : what_(what) {}
  Status AddNode();
  Status AddEdge();
  Status AddBytes(std::uint64_t bytes);

 private:
  Error Beyond(const std::string& limit) const;
  std::string what_;
  std::size_t nodes_ = 0;
  std::size_t edges_ = 0;
  std::uint64_t bytes_ = 0;
};

/// Returns an order of `readers.size()` nodes in which each stands behind those that it reads,
/// otherwise as they were; `reads[i]` are the nodes that node i reads. Where there is a cycle, the
/// order is shorter: nodes on it, or behind it, are missing.
std::vector<std::uint32_t> OrderNodes(const std::vector<std::vector<std::uint32_t>>& reads);

/// Sorts the attributes by name; of two of one name the first counts.
void SortAttributes(std::vector<NetworkAttribute>& attributes);

/// Returns text as names may be: what is not clean UTF-8 is written as \xHH.
std::string CleanName(std::string text);

}  // namespace dlv::interchange
