#include "storage/interchange/network_file.h"

#include <algorithm>
#include <queue>

#include "storage/interchange/network_readers.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxNameBytes = 4096;

bool Is(std::string_view format, std::string_view want) {
  return format.empty() || format == "blob" || format == want;
}

}  // namespace

Error NetworkBudget::Beyond(const std::string& limit) const {
  return Error{ErrorCode::kUnsafe, what_ + ": the network has more than " + limit};
}

Status NetworkBudget::AddNode() {
  if (++nodes_ <= kMaxNetworkNodes) return Ok();
  return Beyond(std::to_string(kMaxNetworkNodes) + " nodes");
}

Status NetworkBudget::AddEdge() {
  if (++edges_ <= kMaxNetworkEdges) return Ok();
  return Beyond(std::to_string(kMaxNetworkEdges) + " inputs and outputs of nodes");
}

Status NetworkBudget::AddBytes(std::uint64_t bytes) {
  bytes_ += std::min(bytes, kMaxNetworkBytes + 1);
  if (bytes_ <= kMaxNetworkBytes) return Ok();
  return Beyond(std::to_string(kMaxNetworkBytes >> 20) + " MiB of attributes and constants");
}

std::vector<std::uint32_t> OrderNodes(const std::vector<std::vector<std::uint32_t>>& reads) {
  std::vector<std::vector<std::uint32_t>> readers(reads.size());
  std::vector<std::size_t> waits(reads.size(), 0);
  for (std::uint32_t i = 0; i < reads.size(); ++i) {
    waits[i] = reads[i].size();
    for (const std::uint32_t read : reads[i]) readers[read].push_back(i);
  }
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
  for (std::uint32_t i = 0; i < reads.size(); ++i) {
    if (waits[i] == 0) ready.push(i);
  }
  std::vector<std::uint32_t> order;
  while (!ready.empty()) {
    const std::uint32_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const std::uint32_t reader : readers[node]) {
      if (--waits[reader] == 0) ready.push(reader);
    }
  }
  return order;
}

void SortAttributes(std::vector<NetworkAttribute>& attributes) {
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::stable_sort(attributes.begin(), attributes.end(), by_name);
  const auto same = [](const auto& a, const auto& b) { return a.name == b.name; };
  attributes.erase(std::unique(attributes.begin(), attributes.end(), same), attributes.end());
}

std::string CleanName(std::string text) {
  if (text.empty() || IsCleanText(text)) return text;
  return Printable(text, kMaxNameBytes);
}

bool MayHoldNetwork(std::string_view name, std::string_view format) {
  if (format == "onnx" || format == "caffemodel") return true;
  if (!format.empty() && format != "blob") return false;
  return name.ends_with(".prototxt") || name.ends_with(".pbtxt") || name.ends_with(".onnx") ||
         name.ends_with(".caffemodel");
}

Result<std::optional<Network>> ReadNetworkFile(const io::ByteSource& file, std::string_view name,
                                               std::string_view format) {
  if (!MayHoldNetwork(name, format)) return std::optional<Network>();
  if (format == "onnx" || (Is(format, "onnx") && name.ends_with(".onnx"))) {
    DLV_ASSIGN(Network network, ReadOnnxNetwork(file));
    return std::optional(std::move(network));
  }
  if (format == "caffemodel" || (Is(format, "caffemodel") && name.ends_with(".caffemodel"))) {
    return ReadCaffeModelNetwork(file);
  }
  return ReadPrototxtNetwork(file);
}

}  // namespace dlv::interchange
