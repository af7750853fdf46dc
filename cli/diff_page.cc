#include "cli/diff_page.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/curves.h"
#include "cli/diff_digest.h"
#include "cli/diff_network.h"
#include "cli/human.h"
#include "cli/plots/bar_plot.h"
#include "cli/version_text.h"
#include "dlv/repository.h"

namespace dlv::cli {
namespace {

using plots::EscapeXml;
using Kind = TensorChange::Kind;

constexpr std::size_t kMostBars = 30;
constexpr std::size_t kMostRows = 500;  // of a table of tensors
constexpr std::size_t kMostPanels = 24;

constexpr std::string_view kPageStyles = R"(
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,-apple-system,"DejaVu Sans",sans-serif;margin:0 auto;padding:1.5rem;max-width:74rem;color:#1c2127;background:#fff}
h1{font-size:1.45rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid #d5dae1;padding-bottom:.2rem}
table{border-collapse:collapse;font-size:.87rem;display:block;overflow-x:auto;max-width:100%}
th,td{padding:.22rem .55rem;text-align:left;border-bottom:1px solid #e3e7ec;vertical-align:top}
td{overflow-wrap:anywhere}th{color:#5f6b7a;font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.95em}
.faint{color:#5f6b7a}.warn{color:#b3261e}svg{max-width:100%;height:auto}
.bars{display:inline-flex;align-items:flex-end;height:1.4rem}.bars i{width:2px;background:#0072b2;display:block}
@media (prefers-color-scheme:dark){body{color:#e6e9ee;background:#14171c}h2{border-color:#2b313a}
th,td{border-color:#2b313a}th,.faint{color:#9aa5b4}.warn{color:#ff8a80}.bars i{background:#56b4e9}}
@media print{body{max-width:none}}
)";

struct Cell {
  std::string html;
  bool number = false;
};
Cell TextCell(std::string_view text) { return {EscapeXml(text), false}; }
Cell Name(std::string_view text) { return {"<code>" + EscapeXml(text) + "</code>", false}; }
Cell Figure(std::string_view text) { return {EscapeXml(text), true}; }

std::string RowOf(const std::vector<Cell>& cells, const char* element) {
  std::string row = "<tr>";
  for (const Cell& cell : cells) {
    row += std::string("<") + element + (cell.number ? " class=\"n\"" : "") + ">" + cell.html +
           "</" + element + ">";
  }
  return row + "</tr>\n";
}

std::string TableOf(const std::vector<Cell>& header, const std::vector<std::vector<Cell>>& rows) {
  std::string table = "<table>\n<thead>" + RowOf(header, "th") + "</thead>\n<tbody>\n";
  for (const auto& row : rows) table += RowOf(row, "td");
  return table + "</tbody>\n</table>\n";
}

std::string Heading(const std::string& text) { return "<h2>" + EscapeXml(text) + "</h2>\n"; }
std::string Note(const std::string& text) {
  return "<p class=\"faint\">" + EscapeXml(text) + "</p>\n";
}

// Bars of a few pixels; the highest is full, and none but empty ones is nothing.
Cell HistogramCell(const Histogram& histogram) {
  if (histogram.counts.empty()) return {};
  const std::uint64_t most = *std::max_element(histogram.counts.begin(), histogram.counts.end());
  std::string bars = "<span class=\"bars\" title=\"" +
                     EscapeXml(HumanNumber(histogram.edges.front(), 3) + " to " +
                               HumanNumber(histogram.edges.back(), 3)) +
                     "\">";
  for (const std::uint64_t count : histogram.counts) {
    const double part = 100.0 * static_cast<double>(count) / static_cast<double>(most);
    const int percent = count == 0 ? 0 : std::max(3, static_cast<int>(part));
    bars += "<i style=\"height:" + std::to_string(percent) + "%\"></i>";
  }
  return {bars + "</span>", false};
}

std::string Summary(const VersionDiff& diff, const DiffWords& words) {
  const ChangeDigest digest = DigestOf(diff);
  std::vector<std::vector<Cell>> rows = {{TextCell("tensors"), TextCell(CountsText(diff))}};
  if (const std::string renames = RenamesText(diff, words); !renames.empty())
    rows.push_back({TextCell("renamed"), TextCell(renames)});
  if (digest.compared > 0) {
    const std::string about = digest.planes == 0 ? "" : words.about;
    rows.push_back(
        {TextCell("relative change"),
         TextCell("median " + about + HumanNumber(digest.median, 3) + ", largest " +
                  RelativeText(*digest.largest, words) + " in " + digest.largest->name)});
    if (digest.planes != 0)
      rows.push_back({TextCell("precision"),
                      TextCell("estimated from the first " + std::to_string(digest.planes) +
                               " bits of each element")});
  }
  if (digest.new_nan_tensors > 0)
    rows.push_back(
        {TextCell("warning"),
         {"<span class=\"warn\">" +
              EscapeXml(Plural(digest.new_nan_tensors, "tensor") +
                        " with new NaN or infinite elements, as " + digest.new_nan_example) +
              "</span>",
          false}});
  rows.push_back(
      {TextCell("hyper-parameters"), TextCell(std::to_string(diff.hparams.size()) + " differ, " +
                                              std::to_string(diff.equal_hparams) + " equal")});
  for (const auto& [label, version] :
       {std::pair("before", &diff.before), std::pair("after", &diff.after)}) {
    std::string text = version->reference() + ", " + CalendarTime(version->created);
    if (!version->message.empty()) text += ", \"" + version->message + "\"";
    rows.push_back({TextCell(label), TextCell(text)});
  }
  return Heading(TitleOf(diff, words)) + TableOf({TextCell(""), TextCell("")}, rows);
}

std::string Tensors(const VersionDiff& diff, TensorTableOptions options, const DiffWords& words) {
  if (options.top == 0) options.top = kMostRows;
  std::vector<std::vector<Cell>> rows;
  for (const TensorChange* change : ChosenTensors(diff, options)) {
    std::vector<Cell> row = {Name(change->name), TextCell(ChangeText(*change, words))};
    if (change->renamed)
      row[0].html += "<br><span class=\"faint\">" + EscapeXml(change->before->name) + "</span>";
    if (change->figures) {
      const PairStatistics& figures = *change->figures;
      const bool some = figures.finite() > 0;
      const auto number = [&](double value, int digits) {
        return Figure(!some || std::isnan(value) ? "-" : HumanNumber(value, digits));
      };
      row.push_back(Figure(RelativeText(*change, words)));
      row.push_back(number(figures.cosine, 6));
      row.push_back(number(figures.max_difference, 3));
      row.push_back(Figure(PercentText(figures.sign_flips, figures.finite())));
      row.push_back(Figure(PercentText(figures.zero_after, figures.count)));
      row.push_back(Figure(figures.nonfinite == 0 ? "" : std::to_string(figures.nonfinite)));
      row.push_back(HistogramCell(figures.difference));
    } else {
      row.resize(9);
    }
    rows.push_back(std::move(row));
  }
  std::string html = Heading("Tensors, " + TitleOf(diff, words));
  if (!rows.empty())
    html += TableOf({TextCell("tensor"), TextCell("change"), Figure(words.norm), Figure("cosine"),
                     Figure("max " + words.delta), Figure("sign flips"), Figure("zeros after"),
                     Figure("NaN/inf pairs"), TextCell("histogram of the change")},
                    rows);
  const std::size_t left = diff.tensors.size() - rows.size();
  return left == 0 ? html : html + Note(std::to_string(left) + " more are not listed here");
}

std::string Hparams(const VersionDiff& diff, const DiffWords& words) {
  if (diff.hparams.empty()) return {};
  std::vector<std::vector<Cell>> rows;
  for (const ValueChange& change : diff.hparams) {
    rows.push_back({Name(change.name), TextCell(change.before.value_or("-")),
                    TextCell(change.after.value_or("-"))});
  }
  return Heading("Hyper-parameters, " + TitleOf(diff, words)) +
         TableOf({TextCell("name"), TextCell("before"), TextCell("after")}, rows);
}

std::string Files(const VersionDiff& diff, const DiffWords& words) {
  if (diff.files.empty()) return {};
  std::vector<std::vector<Cell>> rows;
  for (const FileChange& file : diff.files) {
    const FileInfo& info = file.after ? *file.after : *file.before;
    std::string change(NameOf(file.kind));
    if (file.renamed) change += ", was " + file.before->path;
    rows.push_back({Name(info.path), TextCell(change),
                    Figure(file.before ? HumanBytes(file.before->size_bytes) : "-"),
                    Figure(file.after ? HumanBytes(file.after->size_bytes) : "-")});
  }
  return Heading("Files, " + TitleOf(diff, words)) +
         TableOf({TextCell("path"), TextCell("change"), Figure("before"), Figure("after")}, rows);
}

std::string NetworkRows(const VersionDiff& diff, const NetworkDiff& network,
                        const DiffWords& words) {
  std::string html = Heading("Network, " + TitleOf(diff, words)) + Note(NetworkDiffText(network));
  std::vector<std::vector<Cell>> rows;
  for (const NetworkDiffLine& line : NetworkDiffLines(network)) {
    if (line.mark == ' ' && !rows.empty()) {
      std::string& differences = rows.back()[2].html;
      differences += (differences.empty() ? "" : "<br>") + EscapeXml(line.text);
      continue;
    }
    const char* what = line.mark == '+'   ? "added"
                       : line.mark == '-' ? "removed"
                       : line.mark == '>' ? "renamed"
                                          : "changed";
    rows.push_back({Name(line.text), TextCell(what), TextCell("")});
  }
  if (rows.empty()) return html;
  const std::size_t left = rows.size() > kMostRows ? rows.size() - kMostRows : 0;
  rows.resize(rows.size() - left);
  html += TableOf({TextCell("node"), TextCell("change"), TextCell("differences")}, rows);
  return left == 0 ? html : html + Note(std::to_string(left) + " more are not listed here");
}

plots::Svg DrawChanges(const VersionDiff& diff, const DiffWords& words) {
  std::vector<plots::NamedBar> bars;
  TensorTableOptions options;
  options.order = DiffOrder::kRelative;
  for (const TensorChange* change : ChosenTensors(diff, options)) {
    if (!change->figures || change->figures->finite() == 0 || HoldsIntegers(*change) ||
        bars.size() == kMostBars)
      continue;
    bars.push_back({change->name, change->figures->relative(), 0, RelativeText(*change, words)});
  }
  return plots::DrawBars("Relative change by tensor, " + TitleOf(diff, words),
                         {words.norm + ", greatest first"}, bars);
}

// A single value in every version is a number for the table, not a curve.
bool IsCurve(const plots::Panel& panel) {
  return std::any_of(panel.curves.begin(), panel.curves.end(),
                     [](const plots::Curve& curve) { return curve.points.size() > 1; });
}

std::string Metrics(const std::vector<plots::Panel>& panels) {
  if (panels.empty()) return {};
  std::vector<Cell> header = {TextCell("name")};
  for (const plots::Curve& curve : panels.front().curves) header.push_back(Figure(curve.version));
  std::vector<std::vector<Cell>> rows;
  for (const plots::Panel& panel : panels) {
    rows.push_back({Name(panel.name)});
    for (const plots::Curve& curve : panel.curves) {
      rows.back().push_back(
          Figure(curve.points.empty() ? "-" : HumanNumber(curve.points.back().value)));
    }
  }
  return Heading("Metrics, last values") + TableOf(header, rows);
}

std::string NamesOf(const std::vector<VersionDiff>& diffs) {
  std::string names = NameOfSide(diffs[0].before, diffs[0].before_step);
  for (const VersionDiff& diff : diffs) names += ", " + NameOfSide(diff.after, diff.after_step);
  return names;
}

}  // namespace

std::vector<plots::Svg> DrawDiff(const std::vector<VersionDiff>& diffs) {
  const DiffWords words = WordsFor(Glyphs::kBlocks);
  std::vector<plots::Svg> drawings;
  for (const VersionDiff& diff : diffs) {
    if (DigestOf(diff).compared > 0) drawings.push_back(DrawChanges(diff, words));
  }
  std::vector<plots::Panel> panels = PanelsOf(MetricsOf(diffs));
  std::erase_if(panels, [](const plots::Panel& panel) { return !IsCurve(panel); });
  if (panels.size() > kMostPanels) panels.resize(kMostPanels);
  if (!panels.empty()) drawings.push_back(plots::DrawCurves("Metrics, " + NamesOf(diffs), panels));
  if (drawings.empty()) drawings.push_back(DrawChanges(diffs.front(), words));
  return drawings;
}

std::string DiffPage(const std::vector<VersionDiff>& diffs,
                     const std::vector<std::optional<NetworkDiff>>& networks,
                     const TensorTableOptions& options) {
  const DiffWords words = WordsFor(Glyphs::kBlocks);
  const std::string title = "Comparison of " + NamesOf(diffs);
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>" +
      EscapeXml(title) + "</title>\n<style>" + std::string(kPageStyles) +
      std::string(plots::SvgStyles()) + "</style>\n</head>\n<body>\n<h1>" + EscapeXml(title) +
      "</h1>\n";
  for (const VersionDiff& diff : diffs) page += Summary(diff, words);
  page += Heading("Pictures");
  for (const plots::Svg& drawing : DrawDiff(diffs)) page += "<p>" + drawing.Finish(true) + "</p>\n";
  page += Metrics(PanelsOf(MetricsOf(diffs)));
  for (std::size_t i = 0; i < diffs.size(); ++i) {
    const VersionDiff& diff = diffs[i];
    if (networks[i]) page += NetworkRows(diff, *networks[i], words);
    page += Hparams(diff, words) + Tensors(diff, options, words) + Files(diff, words);
  }
  page += Note("Made by dlv " + std::string(LibraryVersion()) +
               ". Relative change: norm of the difference over the norm before.");
  return page + "</body>\n</html>\n";
}

}  // namespace dlv::cli
