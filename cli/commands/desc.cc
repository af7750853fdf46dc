#include <algorithm>
#include <map>
#include <set>

#include "cli/block_chart.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/storage_text.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kValuesShown = 8;  // hyper-parameters, metrics and files without --all
constexpr std::size_t kSparkCells = 24;

class DescCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Flag("--tensors", &tensors_, "list the tensors");
    arguments.Flag("--storage", &storage_, "where its bytes are, and what recreating it costs");
    arguments.Flag("--all", &all_, "list everything: tensors, files, snapshots, hyper-parameters");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const VersionDetails details, repository->Describe(*reference_));
    std::optional<StorageReport> storage;
    if (storage_) {
      DLV_ASSIGN(storage, repository->DescribeStorage(*reference_));
    }
    Output& out = context.out();
    if (out.json()) {
      out.Text(
          DetailsDocument(details, tensors_ || all_, storage ? &*storage : nullptr, out.mode()));
    } else if (out.quiet()) {
      ShowNames(out, details);
    } else {
      Show(context, details, storage ? &*storage : nullptr);
    }
    return kExitOk;
  }

 private:
  void ShowNames(Output& out, const VersionDetails& details) const {
    if (!tensors_) return out.Line(Sanitize(details.summary.reference()));
    for (const TensorInfo& tensor : details.tensors) out.Line(Sanitize(tensor.name));
  }

  void Show(Context& context, const VersionDetails& details, const StorageReport* storage) const {
    Output& out = context.out();
    ShowHead(context, details.summary);
    ShowWeights(out, details);
    ShowSnapshots(out, details);
    if (!details.hparams.empty())
      out.Field("hparams", KeyValuesText(details.hparams, all_ ? 0 : kValuesShown));
    ShowMetrics(out, details.metrics);
    ShowEvaluations(out, details.evaluations);
    if (!details.summary.tags.empty()) out.Field("tags", KeyValuesText(details.summary.tags, 0));
    const std::string sources = SourcesText(details);
    if (!sources.empty()) out.Field("found in", sources);
    ShowNote(out, details.summary.note);
    ShowFiles(out, details);
    if (tensors_ || all_) ShowTensors(out, details);
    if (storage != nullptr) {
      out.Line("");
      PrintStorage(out, *storage, all_);
    }
    const std::string word = ShellWord(*reference_);
    out.Next(tensors_ || all_ ? "dlv checkout " + word : "dlv desc " + word + " --tensors");
  }

  static void ShowNote(Output& out, const std::string& note) {
    const char* label = "note";
    for (const std::string& line : LinesOf(note)) {
      out.Field(label, line);
      label = "";
    }
  }

  /// In quotes, its lines as they were given.
  static void ShowMessage(Output& out, const std::string& message) {
    std::vector<std::string> lines = LinesOf(message);
    if (lines.empty()) return;
    lines.front().insert(0, "\"");
    lines.back() += '"';
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out.Paragraph((i == 0 || lines[i].empty() ? "" : " ") + lines[i], 1);
    }
  }

  static void ShowHead(Context& context, const VersionSummary& version) {
    Output& out = context.out();
    const Style& style = out.style();
    std::string line = style(Paint::kBold, Sanitize(version.reference())) + "  " +
                       style(Paint::kYellow, version.id.Hex(12));
    if (!version.aliases.empty())
      line += "  " + style(Paint::kCyan, "(" + JoinNames(version.aliases) + ")");
    out.Line(line);
    ShowMessage(out, version.message);
    std::string created =
        CalendarTime(version.created) + ", " + RelativeTime(version.created, context.now());
    if (!version.author.empty()) created += ", by " + Sanitize(version.author);
    out.Field("created", created);
    std::string parents;
    for (const ParentInfo& parent : version.parents) {
      const auto scheme = parent.attributes.find("scheme");  // of a quantized version
      parents += (parents.empty() ? "" : ", ") + Sanitize(parent.reference) + " (" +
                 std::string(NameOf(parent.relation)) +
                 (scheme == parent.attributes.end() ? "" : ", " + Sanitize(scheme->second)) +
                 (parent.inferred ? ", found by its weights" : "") +
                 (HasNoWeightsOf(parent) ? ", no weights alike" : "") + ")";
    }
    if (!parents.empty()) out.Field(version.parents.size() == 1 ? "parent" : "parents", parents);
  }

  static void ShowWeights(Output& out, const VersionDetails& details) {
    if (details.snapshots.empty()) return;
    std::set<std::string_view> dtypes;
    std::uint64_t optimizer = 0;
    for (const TensorInfo& tensor : details.tensors) {
      dtypes.insert(TypeText(tensor));
      optimizer += tensor.role == TensorRole::kOptimizer ? 1 : 0;
    }
    std::string types;
    for (const std::string_view type : dtypes) types += (types.empty() ? "" : "/") + Sanitize(type);
    const SnapshotInfo& snapshot = details.snapshots.back();
    std::string text = Plural(snapshot.tensor_count, "tensor") + " " + types + ", " +
                       HumanCount(snapshot.parameter_count) + " parameters, " +
                       HumanBytes(snapshot.tensor_bytes);
    if (optimizer > 0) text += ", " + std::to_string(optimizer) + " of them optimizer state";
    out.Field("tensors", text);
    std::string stored = HumanBytes(details.snapshot_stored_bytes) + " coded, its commit added " +
                         HumanBytes(details.summary.stored_bytes);
    if (details.chain_depth_max > 0) {
      stored += ", deltas up to " + std::to_string(details.chain_depth_max) +
                " deep: " + HumanBytes(details.snapshot_read_bytes) + " to read it whole";
    }
    out.Field("stored", stored);
  }

  void ShowSnapshots(Output& out, const VersionDetails& details) const {
    std::vector<std::int64_t> steps;
    for (const SnapshotInfo& snapshot : details.snapshots) {
      if (snapshot.step) steps.push_back(*snapshot.step);
    }
    if (details.snapshots.size() < 2 && steps.empty()) return;
    std::string text = std::to_string(details.snapshots.size());
    if (!steps.empty()) text += steps.size() == 1 ? ": step " : ": steps ";
    if (!all_) text += StepsText(steps);
    for (std::size_t i = 0; all_ && i < steps.size(); ++i)
      text += (i == 0 ? "" : ", ") + std::to_string(steps[i]);
    out.Field("snapshots", text);
  }

  void ShowMetrics(Output& out, std::vector<Metric> metrics) const {
    std::stable_sort(metrics.begin(), metrics.end(), [](const Metric& a, const Metric& b) {
      return MetricRank(a.name) < MetricRank(b.name);
    });
    std::size_t shown = 0;
    const bool wide = out.terminal().width == 0 || out.terminal().width >= 60;
    std::size_t name_width = 0;
    const std::size_t count = all_ ? metrics.size() : std::min(metrics.size(), kValuesShown);
    for (std::size_t i = 0; i < count; ++i) {
      name_width = std::max(name_width, DisplayWidth(Sanitize(metrics[i].name)));
    }
    for (; shown < count; ++shown) {
      const Metric& metric = metrics[shown];
      std::vector<double> values;
      for (const MetricPoint& point : metric.points) values.push_back(point.value);
      std::string line = PadRight(Sanitize(metric.name), name_width) + " " +
                         PadRight(HumanNumber(metric.last()), 9);
      if (values.size() > 1) {
        const std::size_t room = out.terminal().width == 0 ? kSparkCells : out.terminal().width / 4;
        line += " " + Sparkline(values, std::min(kSparkCells, room), out.terminal().glyphs) +
                (wide ? "  " + Plural(values.size(), "point") : "");
      }
      while (line.back() == ' ') line.pop_back();
      out.Field(shown == 0 ? "metrics" : "", line);
    }
    if (shown < metrics.size())
      out.Field("", "+" + std::to_string(metrics.size() - shown) + " (--all)");
  }

  /// The last evaluation on each data: "fashion-eval  top1 0.8820, loss 0.3251".
  static void ShowEvaluations(Output& out, const std::vector<SavedEvaluation>& evaluations) {
    std::vector<std::pair<std::string, std::vector<const SavedEvaluation*>>> by_data;
    for (const SavedEvaluation& one : evaluations) {
      auto found =
          std::ranges::find(by_data, one.data, [](const auto& group) { return group.first; });
      if (found == by_data.end()) found = by_data.insert(by_data.end(), {one.data, {}});
      auto& group = found->second;
      std::erase_if(group, [&](const auto* other) { return other->metric == one.metric; });
      group.push_back(&one);
    }
    const char* label = "evaluated";
    for (const auto& [data, group] : by_data) {
      std::string text = Sanitize(data) + " ";
      for (const SavedEvaluation* one : group) {
        text += (one == group.front() ? " " : ", ") + Sanitize(one->metric) + " " +
                HumanNumber(one->value, 4);
      }
      out.Field(label, text);
      label = "";
    }
  }

  void ShowFiles(Output& out, const VersionDetails& details) const {
    if (details.files.empty()) return;
    Table table({{"FILE", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"FORMAT", Align::kLeft, 2},
                 {"STEP", Align::kRight, 3},
                 {"TENSORS", Align::kRight, 4},
                 {"SIZE", Align::kRight},
                 {"SHA-256", Align::kLeft, 5},
                 {"NOTE", Align::kLeft, 1, 14}});
    const std::size_t count =
        all_ ? details.files.size() : std::min(details.files.size(), kValuesShown);
    for (std::size_t i = 0; i < count; ++i) {
      const FileInfo& file = details.files[i];
      table.AddRow({file.path, file.format, file.step ? std::to_string(*file.step) : "",
                    file.tensor_count == 0 ? "-" : std::to_string(file.tensor_count),
                    HumanBytes(file.size_bytes), file.sha256.Hex(12), file.note});
    }
    out.Line("");
    out.Print(table);
    if (count < details.files.size()) {
      out.Line(out.style()(Paint::kDim, "... and " + std::to_string(details.files.size() - count) +
                                            " more (--all)"));
    }
  }

  static void ShowTensors(Output& out, const VersionDetails& details) {
    Table table({{"TENSOR", Align::kLeft, 0, 14, Cut::kMiddle},
                 {"ROLE", Align::kLeft, 3},
                 {"DTYPE", Align::kLeft, 1},
                 {"SHAPE", Align::kRight},
                 {"ELEMENTS", Align::kRight, 4},
                 {"SIZE", Align::kRight, 2},
                 {"ID", Align::kLeft, 5}});
    std::map<std::string, unsigned> uses;
    for (const TensorInfo& tensor : details.tensors) ++uses[tensor.name];
    for (const TensorInfo& tensor : details.tensors) {
      // As a reference has to say it where several files have a tensor of this name.
      const bool twice = uses[tensor.name] > 1 && tensor.file < details.files.size();
      const std::string file = twice ? details.files[tensor.file].path + "//" : "";
      const Shape& shape = SeenShape(tensor);
      std::uint64_t elements = 1;
      for (const std::int64_t extent : shape) elements *= static_cast<std::uint64_t>(extent);
      table.AddRow({file + tensor.name, std::string(NameOf(tensor.role)),
                    Sanitize(TypeText(tensor)), ShapeText(shape), std::to_string(elements),
                    HumanBytes(tensor.element_count() * SizeOf(tensor.dtype)), tensor.id.Hex(12)});
    }
    out.Line("");
    out.Print(table);
  }

  std::optional<std::string> reference_;
  bool tensors_ = false, all_ = false, storage_ = false;
};

}  // namespace

extern const CommandEntry kDescCommand;
const CommandEntry kDescCommand = {"desc",
                                   "Look",
                                   "describe a version",
                                   "REF [--tensors] [--storage] [--all]",
                                   "dlv desc lenet\tthe latest version\n"
                                   "dlv desc lenet:v2 --tensors\twith its tensors\n"
                                   "dlv desc 'lenet:v2#4000'\twith the snapshot of step 4000\n"
                                   "dlv desc lenet:best --storage\twhere its bytes are\n"
                                   "dlv desc lenet:best --json --all\tall that is known",
                                   "",
                                   Make<DescCommand>};

}  // namespace dlv::cli
