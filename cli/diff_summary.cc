#include "cli/diff_summary.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "cli/diff_digest.h"
#include "cli/human.h"
#include "cli/text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

using Kind = TensorChange::Kind;

constexpr std::size_t kFewNames = 3;
constexpr std::size_t kFewValues = 6;

// A name that fits a line of a field.
std::string NameWithin(const std::string& name, std::size_t width) {
  constexpr std::size_t kLabel = 12;
  if (width == 0) return Sanitize(name);
  return Elide(Sanitize(name), std::max<std::size_t>(width, 2 * kLabel) - kLabel, Cut::kMiddle);
}

// "added fc.weight, fc.bias +3".
std::string NamesText(const VersionDiff& diff, Kind kind, const DiffWords& words,
                      std::size_t width) {
  std::string text;
  std::size_t count = 0;
  for (const TensorChange& change : diff.tensors) {
    if (change.kind != kind || count++ >= kFewNames) continue;
    text += (text.empty() ? "" : ", ") + NameWithin(change.name, width);
    if (kind == Kind::kResized)
      text += " " + ShapeText(change.before->shape) + " " + words.arrow + " " +
              ShapeText(change.after->shape);
  }
  if (count > kFewNames) text += " +" + std::to_string(count - kFewNames);
  return text.empty() ? text : std::string(NameOf(kind)) + " " + text;
}

void ShowTensorFields(Output& out, const VersionDiff& diff, const DiffWords& words) {
  out.Field("tensors", CountsText(diff));
  for (const Kind kind : {Kind::kResized, Kind::kAdded, Kind::kRemoved}) {
    if (const std::string names = NamesText(diff, kind, words, out.terminal().width);
        !names.empty())
      out.Field("", names);
  }
  if (const std::string renames = RenamesText(diff, words); !renames.empty())
    out.Field("renamed", renames);
}

void ShowChange(Output& out, const ChangeDigest& digest, const DiffWords& words) {
  if (digest.compared > 0) {
    const bool estimate = digest.planes != 0;
    const std::string about = estimate ? words.about : "";
    const auto most = [&](double bound) {
      return estimate ? " (at most " + HumanNumber(bound, 2) + ")" : "";
    };
    out.Field("change", words.norm + " median " + about + HumanNumber(digest.median, 3) +
                            most(digest.median_bound) + ", largest " +
                            RelativeText(*digest.largest, words) +
                            most(digest.largest->figures->relative_bound()) + " in " +
                            NameWithin(digest.largest->name, out.terminal().width));
    if (estimate)
      out.Field("", "estimated from the first " + std::to_string(digest.planes) +
                        " bits of each element");
  }
  if (digest.new_nan_tensors > 0) {
    out.Field(
        "", out.style()(Paint::kRed, Plural(digest.new_nan_tensors, "tensor") +
                                         " with new NaN or infinite elements: " +
                                         NameWithin(digest.new_nan_example, out.terminal().width)));
  }
}

std::string HparamsText(const VersionDiff& diff, const DiffWords& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(diff.hparams.size(), kFewValues); ++i) {
    const ValueChange& change = diff.hparams[i];
    text += (i == 0 ? "" : ", ") + Sanitize(change.name) + " " + ValueText(change.before) + " " +
            words.arrow + " " + ValueText(change.after);
  }
  if (diff.hparams.size() > kFewValues)
    text += ", +" + std::to_string(diff.hparams.size() - kFewValues) + " (--hparams)";
  if (diff.equal_hparams == 0) return text;
  const std::string equal = std::to_string(diff.equal_hparams) + " equal";
  return text.empty() ? equal : text + " (" + equal + ")";
}

std::vector<const MetricChange*> MetricsInOrder(const VersionDiff& diff) {
  std::vector<const MetricChange*> metrics;
  for (const MetricChange& metric : diff.metrics) metrics.push_back(&metric);
  std::stable_sort(metrics.begin(), metrics.end(), [](const auto* a, const auto* b) {
    return MetricRank(a->name) < MetricRank(b->name);
  });
  return metrics;
}

std::string MetricsText(const VersionDiff& diff, const DiffWords& words) {
  std::string text;
  std::size_t shown = 0, equal = 0, more = 0;
  for (const MetricChange* metric : MetricsInOrder(diff)) {
    if (!metric->different()) {
      ++equal;
    } else if (shown == kFewValues) {
      ++more;
    } else {
      text += (shown++ == 0 ? "" : ", ") + Sanitize(metric->name) + " " + LastText(metric->before) +
              " " + words.arrow + " " + LastText(metric->after);
    }
  }
  if (more > 0) text += ", +" + std::to_string(more) + " (--metrics)";
  if (equal == 0) return text;
  const std::string equal_text = std::to_string(equal) + " equal";
  return text.empty() ? equal_text : text + " (" + equal_text + ")";
}

std::string FilesText(const VersionDiff& diff, const DiffWords& words) {
  std::string text;
  std::size_t identical = 0, shown = 0, more = 0;
  for (const FileChange& file : diff.files) {
    if (file.kind == Kind::kIdentical && !file.renamed) {
      ++identical;
      continue;
    }
    if (shown == kFewNames) {
      ++more;
      continue;
    }
    const FileInfo& info = file.after ? *file.after : *file.before;
    text += (shown++ == 0 ? "" : ", ");
    if (file.renamed) text += Sanitize(file.before->path) + " " + words.arrow + " ";
    text += Sanitize(info.path);
    text += file.kind == Kind::kIdentical ? " moved" : " " + std::string(NameOf(file.kind));
  }
  if (more > 0) text += ", +" + std::to_string(more) + " (--files)";
  if (identical == 0) return text;
  const std::string same = std::to_string(identical) + " identical";
  return text.empty() ? same : text + " (" + same + ")";
}

void ShowOne(Output& out, const VersionDiff& diff) {
  const DiffWords words = WordsFor(out.terminal().glyphs);
  out.Line(out.style()(Paint::kBold, TitleOf(diff, words)) +
           (diff.different() ? "" : "  no difference"));
  ShowTensorFields(out, diff, words);
  ShowChange(out, DigestOf(diff), words);
  const auto field = [&](const char* label, const std::string& text) {
    if (!text.empty()) out.Field(label, text);
  };
  field("hparams", HparamsText(diff, words));
  field("metrics", MetricsText(diff, words));
  field("files", FilesText(diff, words));
}

class SummaryTable {
 public:
  SummaryTable(const std::vector<VersionDiff>& diffs, const DiffWords& words)
      : diffs_(diffs), words_(words), table_(Columns(diffs)) {}

  Table& Fill() {
    for (const Kind kind : {Kind::kIdentical, Kind::kChanged, Kind::kReshaped, Kind::kResized,
                            Kind::kAdded, Kind::kRemoved}) {
      AddCounts(std::string(NameOf(kind)), [kind](const VersionDiff& d) { return d.Count(kind); });
    }
    AddCounts("renamed", [](const VersionDiff& d) { return d.CountRenamed(); });
    AddChanges();
    AddHparams();
    AddMetrics();
    return table_;
  }

 private:
  static std::vector<Column> Columns(const std::vector<VersionDiff>& diffs) {
    std::vector<Column> columns = {
        {"", Align::kLeft, 0, 9, Cut::kMiddle},
        {NameOfSide(diffs[0].before, diffs[0].before_step), Align::kLeft, 0, 6}};
    for (const VersionDiff& diff : diffs)
      columns.push_back({NameOfSide(diff.after, diff.after_step), Align::kLeft, 0, 6});
    return columns;
  }

  template <class Count>
  void AddCounts(const std::string& name, Count&& count) {
    std::vector<std::string> cells = {"tensors " + name, ""};
    std::uint64_t all = 0;
    for (const VersionDiff& diff : diffs_) {
      all += count(diff);
      cells.push_back(std::to_string(count(diff)));
    }
    if (all > 0) table_.AddRow(std::move(cells));
  }

  void AddChanges() {
    std::vector<std::string> median = {words_.norm + " median", ""};
    std::vector<std::string> largest = {words_.norm + " largest", ""};
    std::vector<std::string> where = {"largest in", ""};
    bool any = false;
    for (const VersionDiff& diff : diffs_) {
      const ChangeDigest digest = DigestOf(diff);
      const bool some = digest.compared > 0;
      any = any || some;
      const std::string about = digest.planes == 0 ? "" : words_.about;
      median.push_back(some ? about + HumanNumber(digest.median, 3) : "-");
      largest.push_back(some ? RelativeText(*digest.largest, words_) : "-");
      where.push_back(some ? digest.largest->name : "-");
    }
    if (!any) return;
    table_.AddRow(std::move(median));
    table_.AddRow(std::move(largest));
    table_.AddRow(std::move(where));
  }

  void AddHparams() {
    std::map<std::string, std::vector<std::string>> rows;  // name, then a cell for each version
    for (std::size_t i = 0; i < diffs_.size(); ++i) {
      for (const ValueChange& change : diffs_[i].hparams) {
        auto& cells = rows[change.name];
        if (cells.empty()) cells.assign(diffs_.size() + 1, ValueText(change.before));
        cells[i + 1] = ValueText(change.after);
      }
    }
    for (auto& [name, cells] : rows) {
      cells.insert(cells.begin(), name);
      table_.AddRow(cells);
    }
  }

  void AddMetrics() {
    std::set<std::pair<int, std::string>> names;
    for (const VersionDiff& diff : diffs_) {
      for (const MetricChange& metric : diff.metrics)
        names.emplace(MetricRank(metric.name), metric.name);
    }
    for (const auto& [rank, name] : names) {
      std::vector<std::string> cells = {name, "-"};
      for (const VersionDiff& diff : diffs_) {
        const auto found =
            std::find_if(diff.metrics.begin(), diff.metrics.end(),
                         [&name = name](const MetricChange& m) { return m.name == name; });
        const bool there = found != diff.metrics.end();
        if (there && found->before) cells[1] = LastText(found->before);
        cells.push_back(there ? LastText(found->after) : "-");
      }
      table_.AddRow(std::move(cells));
    }
  }

  const std::vector<VersionDiff>& diffs_;
  const DiffWords& words_;
  Table table_;
};

}  // namespace

void ShowDiffSummary(Output& out, const std::vector<VersionDiff>& diffs) {
  if (diffs.size() == 1) return ShowOne(out, diffs.front());
  const DiffWords words = WordsFor(out.terminal().glyphs);
  out.Print(SummaryTable(diffs, words).Fill());
}

}  // namespace dlv::cli
