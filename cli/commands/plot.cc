#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "cli/block_chart.h"
#include "cli/command.h"
#include "cli/curves.h"
#include "cli/exit_status.h"
#include "cli/histograms.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/plots/bar_plot.h"
#include "cli/plots/lineage_plot.h"
#include "cli/text_file.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

constexpr std::array<std::string_view, 4> kPlotKinds = {"curves", "histogram", "lineage", "sizes"};
constexpr std::uint64_t kPlotBins = 60, kMostBins = 4096;
constexpr std::size_t kMostTensors = 64;

std::string NamesOf(const std::vector<std::string>& references) {
  std::string names;
  for (const std::string& reference : references)
    names += (names.empty() ? "" : ", ") + Sanitize(reference);
  return names;
}

class PlotCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("KIND", &operands_, true);
    arguments.Values("--metric", &wanted_, "NAME", "curves: this metric only; may be repeated");
    arguments.Number("--bins", &bins_, "N", "histogram: at most N bins (default at most 60)");
    arguments.Flag("--log", &log_, "histogram: of the magnitudes, on a logarithmic scale");
    arguments.Flag("--together", &together_, "histogram: tensors of unlike names in one panel");
    arguments.Value("--svg", &svg_, "FILE", "write a drawing; \"-\" is stdout");
  }

  Result<int> Run(Context& context) override {
    const std::string kind = operands_.front();
    references_.assign(operands_.begin() + 1, operands_.end());
    if (std::find(kPlotKinds.begin(), kPlotKinds.end(), kind) == kPlotKinds.end())
      return Error{ErrorCode::kInvalidArgument,
                   "no plot \"" + kind + "\", want curves, histogram, lineage or sizes"};
    DLV_TRY(CheckOptions(kind));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    if (kind == "curves") return Curves(context.out(), *repository);
    if (kind == "histogram") return Histograms(context, *repository);
    return kind == "lineage" ? Lineage(context.out(), *repository)
                             : Sizes(context.out(), *repository);
  }

 private:
  Status CheckOptions(const std::string& kind) const {
    const auto only_for = [](const std::string& option, const std::string& wanted) {
      return Error{ErrorCode::kInvalidArgument, option + " is an option of plot " + wanted};
    };
    if (kind != "curves" && !wanted_.empty()) return only_for("--metric", "curves");
    if (kind == "histogram") {
      if (bins_ && (*bins_ == 0 || *bins_ > kMostBins))
        return Error{ErrorCode::kInvalidArgument,
                     "--bins: got " + std::to_string(*bins_) + ", want 1 to 4096"};
      return Ok();
    }
    if (bins_) return only_for("--bins", "histogram");
    if (log_) return only_for("--log", "histogram");
    return together_ ? only_for("--together", "histogram") : Status(Ok());
  }

  bool WantsMetric(const std::string& name) const {
    return wanted_.empty() || std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
  }

  Status NeedReferences(const std::string& kind, const std::string& what,
                        const std::string& example) const {
    if (!references_.empty()) return Ok();
    return Error{ErrorCode::kInvalidArgument, "plot " + kind + ": want " + what,
                 "as in: dlv plot " + kind + " " + example};
  }

  Result<int> Curves(Output& out, const Repository& repository) {
    DLV_TRY(NeedReferences("curves", "a version", "lenet"));
    std::vector<NamedMetrics> versions;
    std::set<std::string> known;
    for (const std::string& reference : references_) {
      DLV_ASSIGN(VersionDetails details, repository.Describe(reference));
      for (const Metric& metric : details.metrics) known.insert(metric.name);
      std::erase_if(details.metrics,
                    [this](const Metric& metric) { return !WantsMetric(metric.name); });
      versions.emplace_back(Sanitize(details.summary.reference()), std::move(details.metrics));
    }
    for (const std::string& name : wanted_) {
      if (known.contains(name)) continue;
      std::string hint = known.empty() ? "" : "there are:";
      for (const std::string& other : known) hint += " " + other;
      return Error{ErrorCode::kNotFound, "no metric \"" + name + "\"", hint};
    }
    const auto panels = PanelsOf(versions);
    if (svg_) return Write(plots::DrawCurves("Metrics, " + NamesOf(references_), panels));
    if (out.json()) {
      out.Text(CurvesDocument(versions, out.mode()));
    } else {
      ShowCurves(out, panels);
    }
    return kExitOk;
  }

  Result<int> Histograms(Context& context, const Repository& repository) {
    DLV_TRY(NeedReferences("histogram", "a tensor", "lenet/conv1.weight"));
    const std::uint64_t bins = bins_.value_or(kPlotBins);
    InspectOptions options;
    // Histograms that are drawn get one scale: from fine bins.
    const bool drawn = svg_ || !context.out().json();
    options.histogram_bins = static_cast<std::size_t>(drawn ? kMostBins : bins);
    options.histogram_scale = log_ ? HistogramScale::kLogarithmic : HistogramScale::kLinear;
    std::vector<NamedReports> versions;
    for (const std::string& reference : references_) {
      DLV_TRY(LookAt(context, repository, reference, options, versions));
    }
    context.EndProgress();
    if (!drawn) {
      context.out().Text(HistogramsDocument(versions, context.out().mode()));
      return kExitOk;
    }
    auto panels = HistogramPanels(versions, together_);
    if (panels.size() > kMostTensors)
      return Error{ErrorCode::kInvalidArgument,
                   "these are " + std::to_string(panels.size()) + " tensors, at most " +
                       std::to_string(kMostTensors) + " can be drawn",
                   "name fewer, or see dlv show, which has a line for each"};
    PutOnOneScale(panels, static_cast<std::size_t>(bins_.value_or(0)));
    if (svg_) {
      return Write(plots::DrawHistograms("Weights, " + NamesOf(references_), panels,
                                         log_ ? "log10 of the magnitude" : "value"));
    }
    ShowHistograms(context.out(), panels, log_);
    return kExitOk;
  }

  /// Adds the tensors of one reference to those of its version.
  static Status LookAt(Context& context, const Repository& repository, const std::string& reference,
                       const InspectOptions& options, std::vector<NamedReports>& versions) {
    DLV_ASSIGN(const ResolvedReference resolved, repository.Resolve(reference));
    if (resolved.tensor_pattern.empty())
      return Error{ErrorCode::kInvalidArgument, Sanitize(reference) + " names no tensor",
                   "as in dlv plot histogram " + ShellWord(reference + "/conv1.weight")};
    DLV_ASSIGN(auto reports, repository.Inspect(reference, options, context.LongOperation()));
    std::string version = Sanitize(resolved.model) + ":v" + std::to_string(resolved.number);
    if (resolved.step) version += "#" + std::to_string(*resolved.step);
    auto known = std::find_if(versions.begin(), versions.end(),
                              [&](const NamedReports& one) { return one.version == version; });
    if (known == versions.end()) known = versions.insert(versions.end(), NamedReports{version, {}});
    std::move(reports.begin(), reports.end(), std::back_inserter(known->reports));
    return Ok();
  }

  Result<int> Lineage(Output& out, const Repository& repository) {
    LogOptions options;
    options.graph = true;
    std::vector<VersionSummary> versions;
    std::set<VersionId> seen;
    std::string text;
    const std::vector<std::string> starts =
        references_.empty() ? std::vector<std::string>{""} : references_;
    for (const std::string& reference : starts) {
      DLV_ASSIGN(const auto entries, repository.Log(reference, options));
      for (const LogEntry& entry : entries) {
        text += LineOf(out, entry) + "\n";
        if (seen.insert(entry.version.id).second) versions.push_back(entry.version);
      }
    }
    if (references_.size() > 1) SortByDescent(versions);
    const std::string title =
        "Lineage" + (references_.empty() ? std::string() : ", " + NamesOf(references_));
    if (svg_) return Write(plots::DrawLineage(title, versions));
    if (out.json()) {
      out.Text(VersionsDocument(versions, out.mode()));
    } else {
      out.Text(text);
    }
    return kExitOk;
  }

  static std::string LineOf(Output& out, const LogEntry& entry) {
    const std::string name = entry.graph + Sanitize(entry.version.reference());
    const std::string message = Sanitize(SubjectOf(entry.version.message));
    const std::size_t width = out.terminal().width;
    if (width == 0) return name + "  " + out.style()(Paint::kDim, message);
    const std::string shown = Elide(name, width, Cut::kMiddle);
    const std::size_t taken = DisplayWidth(shown) + 2;
    if (taken + 8 > width) return shown;
    return shown + "  " + out.style()(Paint::kDim, Elide(message, width - taken));
  }

  // Several histories in one: newest first, and no version before its children.
  static void SortByDescent(std::vector<VersionSummary>& versions) {
    std::stable_sort(versions.begin(), versions.end(),
                     [](const auto& a, const auto& b) { return a.created > b.created; });
    for (std::size_t i = 0; i < versions.size(); ++i) {  // clocks may be wrong
      for (std::size_t child = versions.size(); child-- > i + 1;) {
        const auto& parents = versions[child].parents;
        const bool is_child = std::any_of(parents.begin(), parents.end(),
                                          [&](const auto& p) { return p.id == versions[i].id; });
        if (!is_child) continue;
        std::rotate(versions.begin() + static_cast<std::ptrdiff_t>(i),
                    versions.begin() + static_cast<std::ptrdiff_t>(child),
                    versions.begin() + static_cast<std::ptrdiff_t>(child + 1));
        break;
      }
    }
  }

  Result<int> Sizes(Output& out, const Repository& repository) {
    std::vector<VersionSummary> versions;
    if (references_.empty()) {
      DLV_ASSIGN(versions, repository.ListVersions());
      std::reverse(versions.begin(), versions.end());
    }
    for (const std::string& reference : references_) {
      DLV_ASSIGN(VersionDetails details, repository.Describe(reference));
      versions.push_back(std::move(details.summary));
    }
    std::vector<plots::NamedBar> bars;
    for (const VersionSummary& version : versions) {
      bars.push_back({Sanitize(version.reference()), static_cast<double>(version.stored_bytes),
                      static_cast<double>(version.raw_bytes),
                      HumanBytes(version.stored_bytes) + " of " + HumanBytes(version.raw_bytes)});
    }
    if (svg_)
      return Write(
          plots::DrawBars("Bytes by version", {"added to the repository", "in its files"}, bars));
    if (out.json()) {
      out.Text(VersionsDocument(versions, out.mode()));
    } else {
      ShowBars(out, bars);
    }
    return kExitOk;
  }

  static void ShowBars(Output& out, const std::vector<plots::NamedBar>& bars) {
    double most = 0;
    for (const plots::NamedBar& bar : bars) most = std::max({most, bar.value, bar.behind});
    const std::size_t room = out.terminal().width == 0 ? 80 : out.terminal().width;
    const std::size_t width = std::clamp<std::size_t>(room / 3, 8, 60);
    Table table({{"VERSION", Align::kLeft, 0, 8, Cut::kMiddle},
                 {"STORED", Align::kLeft},
                 {"", Align::kLeft, 1}});
    for (const plots::NamedBar& bar : bars) {
      table.AddRow({bar.name, bar.value_text,
                    Bar(most > 0 ? bar.value / most : 0, width, out.terminal().glyphs)});
    }
    if (table.row_count() == 0) return out.Line("no versions");
    out.Print(table);
  }

  Result<int> Write(const plots::Svg& svg) const {
    DLV_TRY(WriteTextFile(*svg_, svg.Finish()));
    return kExitOk;
  }

  std::vector<std::string> operands_, references_, wanted_;
  std::optional<std::string> svg_;
  std::optional<std::uint64_t> bins_;
  bool log_ = false, together_ = false;
};

}  // namespace

extern const CommandEntry kPlotCommand;
const CommandEntry kPlotCommand = {
    "plot",
    "Look",
    "draw curves, histograms, lineage, sizes",
    "curves|histogram|lineage|sizes [REF...] [--svg FILE]",
    "dlv plot curves lenet:v1 lenet:v2\tthe metrics of two versions beside each other\n"
    "dlv plot curves lenet --metric loss --svg loss.svg\tone metric, as a drawing\n"
    "dlv plot histogram lenet:v1/conv1.weight lenet:v2/conv1.weight\tweights of two versions\n"
    "dlv plot histogram 'lenet/*.weight' --log --svg weights.svg\tmagnitudes of several tensors\n"
    "dlv plot lineage lenet --svg lineage.svg\twhich version came from which\n"
    "dlv plot sizes\twhat each version added to the repository",
    "Drawings are SVG files of their own, readable on light and dark ground. Without --svg the "
    "plot is drawn in characters, in plain ASCII where the locale is not UTF-8. lineage and sizes "
    "show all versions when none is named. Histograms of one tensor in several versions have one "
    "scale; NaN and infinite values are counted beside them.",
    Make<PlotCommand>};

}  // namespace dlv::cli
