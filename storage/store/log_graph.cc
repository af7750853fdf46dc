#include "storage/store/log_graph.h"

#include <algorithm>

namespace dlv::store {
namespace {

/// The open lines: each waits for the node it will reach.
using Lanes = std::vector<std::size_t>;

/// Returns the lane that waits for `node`; opens one on the right where none does.
std::size_t LaneOf(Lanes& lanes, std::size_t node) {
  const auto found = std::find(lanes.begin(), lanes.end(), node);
  if (found != lanes.end()) return static_cast<std::size_t>(found - lanes.begin());
  lanes.push_back(node);
  return lanes.size() - 1;
}

std::string NodeLine(const Lanes& lanes, std::size_t lane) {
  std::string line;
  for (std::size_t i = 0; i < lanes.size(); ++i) line += i == lane ? "* " : "| ";
  return line;
}

/// A line between two nodes: lanes right of `from` step one place to the left or right.
std::string SlantLine(std::size_t lane_count, std::size_t from, char slant) {
  std::string line;
  for (std::size_t i = 0; i < lane_count; ++i) {
    line += "|";
    line += i >= from ? slant : ' ';
  }
  return line;
}

}  // namespace

std::vector<std::string> DrawLogGraph(const std::vector<std::vector<std::size_t>>& parents) {
  Lanes lanes;
  std::vector<std::string> drawings;
  std::string pending;  // lines between this node and the next
  for (std::size_t node = 0; node < parents.size(); ++node) {
    const std::size_t lane = LaneOf(lanes, node);
    std::string drawing = std::move(pending);
    pending.clear();
    // Other lanes that wait for this node end here: draw them joining, rightmost first.
    for (std::size_t other = lanes.size(); other-- > lane + 1;) {
      if (lanes[other] != node) continue;
      lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(other));
      drawing += SlantLine(lanes.size(), other - 1, '/') + "\n";
    }
    drawing += NodeLine(lanes, lane);

    const std::vector<std::size_t>& up = parents[node];
    if (up.empty()) {
      const bool gap = lane + 1 < lanes.size();
      lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(lane));
      if (gap) pending += SlantLine(lanes.size(), lane, '/') + "\n";
    } else {
      lanes[lane] = up[0];
      for (std::size_t k = 1; k < up.size(); ++k) {
        pending += SlantLine(lanes.size(), lane, '\\') + "\n";
        lanes.insert(lanes.begin() + static_cast<std::ptrdiff_t>(lane + k), up[k]);
      }
    }
    drawings.push_back(std::move(drawing));
  }
  std::size_t width = 0;
  for (const std::string& drawing : drawings) {
    for (std::size_t at = 0; at <= drawing.size();) {
      const std::size_t end = std::min(drawing.find('\n', at), drawing.size());
      width = std::max(width, end - at);
      at = end + 1;
    }
  }
  for (std::string& drawing : drawings) {
    std::string padded;
    for (std::size_t at = 0; at <= drawing.size();) {
      const std::size_t end = std::min(drawing.find('\n', at), drawing.size());
      if (at != 0) padded += '\n';
      padded += drawing.substr(at, end - at);
      padded.append(width - (end - at), ' ');
      at = end + 1;
    }
    drawing = std::move(padded);
  }
  return drawings;
}

}  // namespace dlv::store
