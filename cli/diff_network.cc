#include "cli/diff_network.h"

#include "cli/human.h"
#include "cli/text.h"

namespace dlv::cli {

std::string NetworkDiffText(const NetworkDiff& diff) {
  if (diff.identical()) return "the same, " + Plural(diff.same, "node");
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count == 0) return;
    text += text.empty() ? Plural(count, "node") + " " + what
                         : ", " + std::to_string(count) + " " + what;
  };
  add(diff.added.size(), "added");
  add(diff.removed.size(), "removed");
  add(diff.changed.size(), "changed");
  add(diff.renamed.size(), "renamed");
  add(diff.same, "the same");
  return text;
}

std::vector<NetworkDiffLine> NetworkDiffLines(const NetworkDiff& diff) {
  std::vector<NetworkDiffLine> lines;
  for (const std::string& node : diff.removed) lines.push_back({'-', node});
  for (const std::string& node : diff.added) lines.push_back({'+', node});
  for (const NodeChange& change : diff.changed) {
    const bool renamed = change.before != change.after;
    lines.push_back({'~', change.before + (renamed ? " -> " + change.after : "")});
    for (const std::string& difference : change.differences) lines.push_back({' ', difference});
  }
  for (const NodeChange& change : diff.renamed) {
    lines.push_back({'>', change.before + " -> " + change.after});
  }
  return lines;
}

void ShowNetworkDiff(Output& out, const NetworkDiff& diff) {
  out.Field("network", NetworkDiffText(diff));
  const Style& style = out.style();
  for (const NetworkDiffLine& line : NetworkDiffLines(diff)) {
    const std::string text = Sanitize(line.text);
    if (line.mark == ' ') {
      out.Paragraph("      " + text, 8);
      continue;
    }
    const Paint paint = line.mark == '+'   ? Paint::kGreen
                        : line.mark == '-' ? Paint::kRed
                                           : Paint::kYellow;
    out.Paragraph("  " + style(paint, std::string(1, line.mark) + " " + text), 6);
  }
}

}  // namespace dlv::cli
