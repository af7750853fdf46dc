#include "cli/storage_text.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "cli/block_chart.h"
#include "cli/human.h"

namespace dlv::cli {
namespace {

constexpr unsigned kBands[] = {9, 16, 32, 64};  // last planes
constexpr std::size_t kBarCells = 24;

std::string PlanesText(const PlaneGroup& group) {
  if (group.first_plane == group.last_plane) return std::to_string(group.first_plane);
  return std::to_string(group.first_plane) + "-" + std::to_string(group.last_plane);
}

/// Puts groups of one codec that lie in one band together.
std::vector<PlaneGroup> InBands(const std::vector<PlaneGroup>& groups) {
  std::map<std::pair<unsigned, std::string>, PlaneGroup> bands;
  for (const PlaneGroup& group : groups) {
    const unsigned* band = std::lower_bound(std::begin(kBands), std::end(kBands), group.last_plane);
    const unsigned last = band == std::end(kBands) ? group.last_plane : *band;
    const bool one_of_several = group.first_plane > 1 || group.last_plane <= kBands[0];
    // A chunk that is coded whole stands apart from the low planes of others.
    const unsigned key = one_of_several ? last * 2 : last * 2 + 1;
    PlaneGroup& sum =
        bands.emplace(std::pair(key, group.codec), PlaneGroup{group.codec, 99, 0, 0}).first->second;
    sum.first_plane = std::min(sum.first_plane, group.first_plane);
    sum.last_plane = std::max(sum.last_plane, group.last_plane);
    sum.coded_bytes += group.coded_bytes;
  }
  std::vector<PlaneGroup> out;
  for (auto& [key, group] : bands) out.push_back(std::move(group));
  return out;
}

std::string Fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

}  // namespace

void PrintPlaneGroups(Output& out, const std::vector<PlaneGroup>& groups, bool all) {
  const std::vector<PlaneGroup> shown = all ? groups : InBands(groups);
  std::uint64_t total = 0;
  for (const PlaneGroup& group : shown) total += group.coded_bytes;
  if (shown.empty() || total == 0) return;
  Table table({{"  PLANES", Align::kRight},
               {"CODEC"},
               {"STORED", Align::kRight},
               {"SHARE", Align::kRight},
               {"", Align::kLeft, 1}});
  for (const PlaneGroup& group : shown) {
    const double share = static_cast<double>(group.coded_bytes) / static_cast<double>(total);
    table.AddRow({PlanesText(group), group.codec, HumanBytes(group.coded_bytes),
                  Fixed(100 * share) + " %", Bar(share, kBarCells, out.terminal().glyphs)});
  }
  out.Print(table);
}

void PrintStorage(Output& out, const StorageReport& report, bool all) {
  out.Field("raw",
            HumanBytes(report.raw_bytes) + " in " + Plural(report.tensor_count, "distinct tensor"));
  out.Field("own", HumanBytes(report.own_bytes) + " that no other version needs");
  out.Field("shared", HumanBytes(report.shared_bytes) + " that other versions need too");
  out.Field("bases", HumanBytes(report.base_bytes) + " of other tensors, to decode against");
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.0f", 1000 * report.predicted_seconds);
  out.Field("recreate", HumanBytes(report.read_bytes) + " to read, chains " +
                            std::to_string(report.chain_depth_max) + " deep at most and " +
                            Fixed(report.chain_depth_mean) + " on average: about " + seconds +
                            " ms (" + report.assumption + ")");
  PrintPlaneGroups(out, report.groups, all);
}

}  // namespace dlv::cli
