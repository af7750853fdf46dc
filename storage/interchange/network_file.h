#pragma once
/// \file
/// Networks in foreign files: what a file says of the nodes of its network, not of its weights.
///
/// A network comes as the file has it: nodes keep their names and order (put behind the nodes that
/// they read), nothing is folded, renamed or inferred beyond what the file's format says. Its
/// parameters have the names under which DescribeFile gives the file's tensors.

#include <optional>
#include <string_view>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// What limits a network that is read. Beyond it: kUnsafe.
inline constexpr std::size_t kMaxNetworkNodes = 500'000;
inline constexpr std::size_t kMaxNetworkEdges = 2'000'000;
/// Constants and attributes of all nodes together.
inline constexpr std::uint64_t kMaxNetworkBytes = 64u << 20;

/// Returns whether a file of this name, or that DescribeFile calls `format`, may hold a network.
/// `format` is empty or "blob" where nothing is known.
bool MayHoldNetwork(std::string_view name, std::string_view format);

/// Returns the network of an ONNX file, a Caffe prototxt or a .caffemodel; nothing where the file
/// is of another kind, or has weights only. Only what stands between the weights is read, so that
/// `file` may give zeros for the values of a tensor of kMinUnreadBytes and more.
/// Errors: kCorruption (what, where): broken messages, a graph with a cycle, nodes that read what
/// nothing makes; kUnsafe: beyond the limits, nested too deep; kUnsupported; what the file says.
Result<std::optional<Network>> ReadNetworkFile(const io::ByteSource& file, std::string_view name,
                                               std::string_view format = {});

/// Values of tensors from this size on are not read.
inline constexpr std::uint64_t kMinUnreadBytes = 4096;

}  // namespace dlv::interchange
