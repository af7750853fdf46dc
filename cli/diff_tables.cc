#include "cli/diff_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "cli/block_chart.h"
#include "cli/diff_digest.h"
#include "cli/human.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

using Kind = TensorChange::Kind;

Paint PaintOf(const TensorChange& change) {
  switch (change.kind) {
    case Kind::kAdded:
      return Paint::kGreen;
    case Kind::kRemoved:
      return Paint::kRed;
    case Kind::kIdentical:
      return change.renamed || change.converted ? Paint::kCyan : Paint::kDim;
    default:
      return Paint::kYellow;
  }
}

bool IsPlainIdentical(const TensorChange& change) {
  return change.kind == Kind::kIdentical && !change.renamed && !change.converted;
}

// Greater comes first; tensors without a figure last.
double SortKey(const TensorChange& change, DiffOrder order) {
  constexpr double kLast = -std::numeric_limits<double>::infinity();
  if (!change.figures || change.figures->finite() == 0) return kLast;
  // Counters and tables after the weights.
  if (HoldsIntegers(change)) return -std::numeric_limits<double>::max();
  const PairStatistics& figures = *change.figures;
  if (order == DiffOrder::kRelative) return figures.relative();
  if (order == DiffOrder::kAbsolute) return figures.norm_difference;
  return std::isnan(figures.cosine) ? kLast : -figures.cosine;
}

std::string CosineText(const PairStatistics& figures) {
  return std::isnan(figures.cosine) ? "-" : HumanNumber(figures.cosine, 6);
}

std::string NonfiniteText(const PairStatistics& figures, const DiffWords& words) {
  const auto part = [&](std::uint64_t before, std::uint64_t after, const char* name) {
    if (before == 0 && after == 0) return std::string();
    return std::string(name) + " " + std::to_string(before) + words.arrow + std::to_string(after);
  };
  const std::string nan = part(figures.nan_before, figures.nan_after, "NaN");
  const std::string inf = part(figures.inf_before, figures.inf_after, "inf");
  return nan + (nan.empty() || inf.empty() ? "" : ", ") + inf;
}

std::string ZerosText(const PairStatistics& figures, const DiffWords& words) {
  if (figures.zero_before == 0 && figures.zero_after == 0) return "-";
  const std::string before = PercentText(figures.zero_before, figures.count);
  const std::string after = PercentText(figures.zero_after, figures.count);
  return before == after ? after : before + " " + words.arrow + " " + after;
}

std::vector<std::string> TensorRow(const TensorChange& change, const DiffWords& words,
                                   Glyphs glyphs) {
  constexpr std::size_t kHistogramCells = 16;
  std::string name = change.name;
  if (change.renamed) name = change.before->name + " " + words.arrow + " " + name;
  std::vector<std::string> cells = {name, ChangeText(change, words)};
  if (!change.figures) return cells;
  const PairStatistics& figures = *change.figures;
  const std::string about = figures.planes == 0 ? "" : words.about;
  const bool some = figures.finite() > 0;
  cells.push_back(RelativeText(change, words));
  cells.push_back(some ? about + CosineText(figures) : "?");
  cells.push_back(some ? about + HumanNumber(figures.max_difference, 3) : "?");
  cells.push_back(PercentText(figures.sign_flips, figures.finite()));
  cells.push_back(ZerosText(figures, words));
  cells.push_back(NonfiniteText(figures, words));
  // Bars between marks, so that empty bins at the ends are seen.
  const std::string bars = HistogramLine(figures.difference.counts, kHistogramCells, glyphs);
  if (!bars.empty())
    cells.push_back(HumanNumber(figures.difference.edges.front(), 2) + " [" + bars + "] " +
                    HumanNumber(figures.difference.edges.back(), 2));
  return cells;
}

void ShowTensorsOfOne(Output& out, const VersionDiff& diff, const TensorTableOptions& options) {
  const Glyphs glyphs = out.terminal().glyphs;
  const DiffWords words = WordsFor(glyphs);
  Table table({{"TENSOR", Align::kLeft, 0, 14, Cut::kMiddle},
               {"CHANGE", Align::kLeft, 7, 9},
               {words.norm, Align::kRight},
               {"COSINE", Align::kRight, 3},
               {"MAX " + words.delta, Align::kRight, 4},
               {"FLIPS", Align::kRight, 5},
               {"ZEROS", Align::kRight, 6},
               {"NAN/INF", Align::kLeft, 1},
               {"HISTOGRAM OF THE CHANGE", Align::kLeft, 8}});
  const auto chosen = ChosenTensors(diff, options);
  for (const TensorChange* change : chosen)
    table.AddRow(TensorRow(*change, words, glyphs), {Paint::kNone, PaintOf(*change)});
  if (table.row_count() > 0) out.Print(table);
  const std::size_t left = diff.tensors.size() - chosen.size();
  const bool only_identical = options.top == 0;
  if (left > 0)
    out.Line(out.style()(Paint::kDim, "... and " + std::to_string(left) +
                                          (only_identical ? " identical (--all)" : " more")));
}

const TensorChange* FindTensor(const VersionDiff& diff, const std::string& name) {
  const auto found =
      std::find_if(diff.tensors.begin(), diff.tensors.end(), [&](const TensorChange& change) {
        return (change.before ? change.before->name : change.name) == name;
      });
  return found == diff.tensors.end() ? nullptr : &*found;
}

// Tensors by their name in the first version; a column of relative changes for each other one.
void ShowTensorsOfSeveral(Output& out, const std::vector<VersionDiff>& diffs,
                          const TensorTableOptions& options) {
  const DiffWords words = WordsFor(out.terminal().glyphs);
  std::vector<Column> columns = {{"TENSOR", Align::kLeft, 0, 14, Cut::kMiddle}};
  for (const VersionDiff& diff : diffs)
    columns.push_back({NameOfSide(diff.after, diff.after_step), Align::kRight, 0, 8, Cut::kMiddle});
  Table table(columns);
  std::set<std::string> seen;
  std::size_t left = 0;
  TensorTableOptions every = options;
  every.top = 0;
  for (auto diff = diffs.rbegin(); diff != diffs.rend(); ++diff) {
    for (const TensorChange* change : ChosenTensors(*diff, every)) {
      const std::string name = change->before ? change->before->name : change->name;
      if (!seen.insert(name).second) continue;
      if (options.top != 0 && table.row_count() == options.top) {
        ++left;
        continue;
      }
      std::vector<std::string> cells = {name};
      for (const VersionDiff& other : diffs) {
        const TensorChange* found = FindTensor(other, name);
        cells.push_back(found == nullptr ? "-"
                        : found->figures ? RelativeText(*found, words)
                                         : ChangeText(*found, words));
        if (cells.back().empty()) cells.back() = std::string(NameOf(found->kind));
      }
      table.AddRow(std::move(cells));
    }
  }
  out.Line(words.norm + " against " + NameOfSide(diffs[0].before, diffs[0].before_step));
  out.Print(table);
  if (left > 0) out.Line(out.style()(Paint::kDim, "... and " + std::to_string(left) + " more"));
}

}  // namespace

std::vector<const TensorChange*> ChosenTensors(const VersionDiff& diff,
                                               const TensorTableOptions& options) {
  std::vector<const TensorChange*> chosen;
  for (const TensorChange& change : diff.tensors) {
    if (options.all || !IsPlainIdentical(change)) chosen.push_back(&change);
  }
  if (options.order == DiffOrder::kName) {
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](const auto* a, const auto* b) { return a->name < b->name; });
  } else if (options.order != DiffOrder::kFile) {
    std::stable_sort(chosen.begin(), chosen.end(), [&](const auto* a, const auto* b) {
      return SortKey(*a, options.order) > SortKey(*b, options.order);
    });
  }
  if (options.top != 0 && chosen.size() > options.top) chosen.resize(options.top);
  return chosen;
}

void ShowDiffTensors(Output& out, const std::vector<VersionDiff>& diffs,
                     const TensorTableOptions& options) {
  if (diffs.size() == 1) return ShowTensorsOfOne(out, diffs.front(), options);
  ShowTensorsOfSeveral(out, diffs, options);
}

void ShowDiffHparams(Output& out, const std::vector<VersionDiff>& diffs) {
  std::vector<Column> columns = {
      {"HPARAM", Align::kLeft, 0, 10, Cut::kMiddle},
      {NameOfSide(diffs[0].before, diffs[0].before_step), Align::kLeft, 0, 8}};
  std::map<std::string, std::vector<std::string>> rows;
  for (std::size_t i = 0; i < diffs.size(); ++i) {
    columns.push_back({NameOfSide(diffs[i].after, diffs[i].after_step), Align::kLeft, 0, 8});
    for (const ValueChange& change : diffs[i].hparams) {
      auto& cells = rows[change.name];
      // Versions in which it does not differ have what the first has.
      if (cells.empty()) cells.assign(diffs.size() + 1, change.before.value_or("-"));
      cells[i + 1] = change.after.value_or("-");
    }
  }
  if (rows.empty()) return out.Line("no hyper-parameter differs");
  Table table(columns);
  for (auto& [name, cells] : rows) {
    cells.insert(cells.begin(), name);
    table.AddRow(cells);
  }
  out.Print(table);
}

void ShowDiffFiles(Output& out, const std::vector<VersionDiff>& diffs) {
  const DiffWords words = WordsFor(out.terminal().glyphs);
  for (const VersionDiff& diff : diffs) {
    if (diffs.size() > 1) out.Line(out.style()(Paint::kBold, TitleOf(diff, words)));
    Table table({{"FILE", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"CHANGE", Align::kLeft},
                 {"BEFORE", Align::kRight, 2},
                 {"AFTER", Align::kRight, 2},
                 {"SHA-256 AFTER", Align::kLeft, 4}});
    for (const FileChange& file : diff.files) {
      std::string path = file.after ? file.after->path : file.before->path;
      if (file.renamed) path = file.before->path + " " + words.arrow + " " + path;
      std::string change(NameOf(file.kind));
      if (file.renamed) change = file.kind == Kind::kIdentical ? "moved" : "changed, moved";
      table.AddRow({path, change, file.before ? HumanBytes(file.before->size_bytes) : "-",
                    file.after ? HumanBytes(file.after->size_bytes) : "-",
                    file.after ? file.after->sha256.Hex(12) : "-"});
    }
    if (table.row_count() == 0) {
      out.Line("no files");
    } else {
      out.Print(table);
    }
  }
}

}  // namespace dlv::cli
