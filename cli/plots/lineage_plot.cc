#include "cli/plots/lineage_plot.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "cli/plots/frame.h"
#include "cli/version_text.h"

namespace dlv::cli::plots {
namespace {

constexpr double kRow = 30, kLane = 22, kLineageWidth = 860;
constexpr std::size_t kMostLanes = 16;  // more share the last

using Rows = std::unordered_map<VersionId, std::size_t>;

Rows RowsOf(const std::vector<VersionSummary>& versions) {
  Rows rows;
  for (std::size_t i = 0; i < versions.size(); ++i) rows.emplace(versions[i].id, i);
  return rows;
}

std::string LabelOf(const VersionSummary& version) {
  std::string text = version.reference();
  if (!version.aliases.empty()) text += " (" + JoinNames(version.aliases) + ")";
  return text;
}

std::string NoteOf(const VersionSummary& version) {
  std::string text = ParentsText(version.parents);
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : " · ") + part;
  };
  add(MetricsText(version.metrics, 2));
  add(version.message.empty() ? "" : "\"" + version.message + "\"");
  return text;
}

}  // namespace

std::vector<LineagePlace> PlaceLineage(const std::vector<VersionSummary>& versions) {
  const Rows rows = RowsOf(versions);
  std::vector<LineagePlace> places(versions.size());
  // For each lane, the row of the parent that it leads to.
  std::vector<std::optional<std::size_t>> lanes;
  for (std::size_t row = 0; row < versions.size(); ++row) {
    auto own = std::find(lanes.begin(), lanes.end(), row);
    if (own == lanes.end()) own = std::find(lanes.begin(), lanes.end(), std::nullopt);
    if (own == lanes.end()) own = lanes.insert(lanes.end(), std::nullopt);
    places[row].lane = static_cast<std::size_t>(own - lanes.begin());
    for (auto& lane : lanes) {  // other children's lanes end here
      if (lane == row) lane.reset();
    }
    for (const ParentInfo& parent : versions[row].parents) {
      const auto found = rows.find(parent.id);
      if (found == rows.end() || found->second <= row) continue;
      if (places[row].parents.empty()) lanes[places[row].lane] = found->second;
      places[row].parents.push_back(found->second);
    }
  }
  return places;
}

Svg DrawLineage(const std::string& title, const std::vector<VersionSummary>& versions) {
  const std::vector<LineagePlace> places = PlaceLineage(versions);
  std::map<std::string, std::size_t> colors;
  std::vector<std::string> legend;
  std::size_t lanes = 1;
  double name_width = 0;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (colors.emplace(versions[i].model, colors.size()).second)
      legend.push_back(versions[i].model);
    lanes = std::max(lanes, std::min(places[i].lane + 1, kMostLanes));
    name_width = std::max(name_width, WidthOfText(LabelOf(versions[i])));
  }
  name_width = std::min(name_width, 320.0);
  if (legend.size() < 2) legend.clear();
  const double head = HeadHeight(legend, kLineageWidth) + 10;
  Svg svg(kLineageWidth, head + kRow * static_cast<double>(versions.size()) + kMargin, title);
  DrawHead(svg, title, legend);
  const auto at = [&](std::size_t row) {
    const std::size_t lane = std::min(places[row].lane, kMostLanes - 1);
    return Point{kMargin + 10 + kLane * static_cast<double>(lane),
                 head + kRow * (static_cast<double>(row) + 0.5)};
  };
  for (std::size_t row = 0; row < versions.size(); ++row) {
    for (const std::size_t parent : places[row].parents) {
      const Point from = at(row), to = at(parent);
      const std::size_t color = colors[versions[row].model];
      // To the first parent straight down its own lane, then over in the last row.
      const bool first = parent == places[row].parents.front();
      const Point bend{from.x, first ? std::max(from.y, to.y - kRow) : from.y};
      svg.Polyline({from, bend}, color);
      svg.Link(bend, to, color);
    }
  }
  const double name_left = kMargin + 10 + kLane * static_cast<double>(lanes);
  const double note_left = name_left + name_width + 16;
  for (std::size_t row = 0; row < versions.size(); ++row) {
    const Point dot = at(row);
    svg.Dot(dot, 6, colors[versions[row].model], versions[row].id.Hex(12));
    svg.Text({name_left, dot.y + 4}, FitText(LabelOf(versions[row]), name_width));
    svg.Text({note_left, dot.y + 4},
             FitText(NoteOf(versions[row]), kLineageWidth - kMargin - note_left), Anchor::kStart,
             Ink::kFaint);
  }
  return svg;
}

}  // namespace dlv::cli::plots
