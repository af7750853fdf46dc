#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "cli/block_chart.h"
#include "cli/command.h"
#include "cli/curves.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/plots/bar_plot.h"
#include "cli/plots/lineage_plot.h"
#include "cli/text_file.h"

namespace dlv::cli {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"curves", "lineage", "sizes"};

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
    arguments.Value("--svg", &svg_, "FILE", "write a drawing; \"-\" is stdout");
  }

  Result<int> Run(Context& context) override {
    const std::string kind = operands_.front();
    references_.assign(operands_.begin() + 1, operands_.end());
    if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end())
      return Error{ErrorCode::kInvalidArgument,
                   "no plot \"" + kind + "\", want curves, lineage or sizes"};
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    if (kind == "curves") return Curves(context.out(), *repository);
    return kind == "lineage" ? Lineage(context.out(), *repository)
                             : Sizes(context.out(), *repository);
  }

 private:
  bool WantsMetric(const std::string& name) const {
    return wanted_.empty() || std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
  }

  Status NeedReferences(const char* kind) const {
    if (!references_.empty()) return Ok();
    return Error{ErrorCode::kInvalidArgument, std::string("plot ") + kind + ": want a version",
                 std::string("as in: dlv plot ") + kind + " lenet"};
  }

  Result<int> Curves(Output& out, const Repository& repository) {
    DLV_TRY(NeedReferences("curves"));
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
    const std::string message = Sanitize(entry.version.message);
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
};

}  // namespace

extern const CommandEntry kPlotCommand;
const CommandEntry kPlotCommand = {
    "plot",
    "Look",
    "draw curves, lineage, sizes",
    "curves|lineage|sizes [REF...] [--svg FILE]",
    "dlv plot curves lenet:v1 lenet:v2\tthe metrics of two versions beside each other\n"
    "dlv plot curves lenet --metric loss --svg loss.svg\tone metric, as a drawing\n"
    "dlv plot lineage lenet --svg lineage.svg\twhich version came from which\n"
    "dlv plot sizes\twhat each version added to the repository",
    "Drawings are SVG files of their own, readable on light and dark ground. Without --svg the "
    "plot "
    "is drawn in characters, in plain ASCII where the locale is not UTF-8. lineage and sizes show "
    "all versions when none is named.",
    Make<PlotCommand>};

}  // namespace dlv::cli
