#include "cli/lineage_lines.h"

#include <algorithm>
#include <queue>
#include <string_view>

namespace dlv::cli {
namespace {

constexpr std::size_t kFree = static_cast<std::size_t>(-1);

struct LaneSigns {
  std::string_view full, hollow, through, from_left, from_right, crossing, begins_right,
      begins_left, begins, across;
};
constexpr LaneSigns kBlockLanes = {"●", "○", "│", "├", "┤", "┼", "╮", "╭", "┬", "─"};
constexpr LaneSigns kAsciiLanes = {"*", "o", "|", "+", "+", "+", ".", ".", ".", "-"};

/// Where a line of another lane meets the row of a point.
struct Link {
  std::size_t lane = 0;
  bool fresh = false;  ///< it begins here
};

/// A lane waits for the point that it leads to; at most one waits for each.
class Lanes {
 public:
  std::size_t Take(std::size_t point) {
    std::size_t lane = Find(point);
    if (lane == kFree) lane = Find(kFree);
    if (lane == kFree) {
      lane = waiting_.size();
      waiting_.push_back(kFree);
    }
    waiting_[lane] = kFree;
    return lane;
  }
  std::size_t Find(std::size_t point) const {
    const auto found = std::find(waiting_.begin(), waiting_.end(), point);
    return found == waiting_.end() ? kFree : static_cast<std::size_t>(found - waiting_.begin());
  }
  void Wait(std::size_t lane, std::size_t point) { waiting_[lane] = point; }
  std::size_t Open(std::size_t point, std::size_t beside) {
    std::size_t lane = beside + 1;
    while (lane < waiting_.size() && waiting_[lane] != kFree) ++lane;
    if (lane == waiting_.size()) waiting_.push_back(kFree);
    waiting_[lane] = point;
    return lane;
  }
  void Trim() {
    while (!waiting_.empty() && waiting_.back() == kFree) waiting_.pop_back();
  }
  const std::vector<std::size_t>& waiting() const { return waiting_; }

 private:
  std::vector<std::size_t> waiting_;
};

/// Sends lines to the parents of `point`, which stands in `lane`.
std::vector<Link> Leave(Lanes& lanes, const LineagePoint& point, std::size_t place,
                        std::size_t lane) {
  std::vector<Link> links;
  bool own = false;
  for (const std::size_t parent : point.parents) {
    if (parent <= place) continue;
    const std::size_t other = lanes.Find(parent);
    if (other == lane && own) continue;  // the same parent twice
    if (other != kFree) {
      links.push_back({other, false});
    } else if (!own) {
      lanes.Wait(lane, parent);
      own = true;
    } else {
      links.push_back({lanes.Open(parent, lane), true});
    }
  }
  return links;
}

std::string_view SignOf(const Link& link, std::size_t low, std::size_t high,
                        const LaneSigns& signs) {
  if (link.lane == low) return link.fresh ? signs.begins_left : signs.from_left;
  if (link.lane == high) return link.fresh ? signs.begins_right : signs.from_right;
  return link.fresh ? signs.begins : signs.crossing;
}

std::string DrawRow(const std::vector<std::size_t>& before, std::size_t lane,
                    std::string_view point, const std::vector<Link>& links,
                    const LaneSigns& signs) {
  std::size_t low = lane, high = lane;
  for (const Link& link : links) {
    low = std::min(low, link.lane);
    high = std::max(high, link.lane);
  }
  const std::size_t width = std::max({before.size(), high + 1});
  std::string row;
  for (std::size_t at = 0; at < width; ++at) {
    const auto link = std::find_if(links.begin(), links.end(),
                                   [at](const Link& other) { return other.lane == at; });
    if (at == lane) {
      row += point;
    } else if (link != links.end()) {
      row += SignOf(*link, low, high, signs);
    } else if (at < before.size() && before[at] != kFree) {
      row += signs.through;
    } else {
      row += at > low && at < high ? signs.across : std::string_view(" ");
    }
    row += at >= low && at < high ? signs.across : std::string_view(" ");
  }
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

}  // namespace

std::vector<std::size_t> OrderForLines(const std::vector<LineagePoint>& points) {
  std::vector<std::size_t> children(points.size(), 0);
  for (const LineagePoint& point : points) {
    for (const std::size_t parent : point.parents) ++children[parent];
  }
  std::priority_queue<std::size_t> ready;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (children[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> order;
  std::vector<bool> placed(points.size(), false);
  std::size_t next = kFree;  // the line that is being followed
  while (next != kFree || !ready.empty()) {
    if (next == kFree) {
      next = ready.top();
      ready.pop();
    }
    const std::size_t point = next;
    next = kFree;
    if (placed[point]) continue;
    placed[point] = true;
    order.push_back(point);
    for (const std::size_t parent : points[point].parents) {
      if (--children[parent] != 0) continue;
      if (parent == points[point].parents.front()) next = parent;
      ready.push(parent);
    }
  }
  for (std::size_t i = points.size(); i-- > 0;) {  // of a cycle, which no sound repository has
    if (!placed[i]) order.push_back(i);
  }
  return order;
}

std::vector<std::string> DrawLineageLines(const std::vector<LineagePoint>& points, Glyphs glyphs) {
  const LaneSigns& signs = glyphs == Glyphs::kBlocks ? kBlockLanes : kAsciiLanes;
  std::vector<std::string> rows;
  Lanes lanes;
  for (std::size_t place = 0; place < points.size(); ++place) {
    const std::vector<std::size_t> before = lanes.waiting();
    const std::size_t lane = lanes.Take(place);
    const std::vector<Link> links = Leave(lanes, points[place], place, lane);
    rows.push_back(
        DrawRow(before, lane, points[place].hollow ? signs.hollow : signs.full, links, signs));
    lanes.Trim();
  }
  return rows;
}

}  // namespace dlv::cli
