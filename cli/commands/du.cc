#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

struct View {
  std::string_view name;
  UsageBy by;
  const char* heading;
};
constexpr std::array kViews = {
    View{"model", UsageBy::kModel, "MODEL"}, View{"version", UsageBy::kVersion, "VERSION"},
    View{"tensor", UsageBy::kTensor, "TENSOR"}, View{"plane", UsageBy::kPlane, "PLANES"},
    View{"codec", UsageBy::kCodec, "CODEC"}};
constexpr std::size_t kMostLines = 40;

class DuCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("REF", &references_);
    arguments.Value("--by", &by_, "WHAT",
                    "model (the default; with REF version), version, tensor, plane or codec");
  }

  Result<int> Run(Context& context) override {
    const std::string by = by_.value_or(references_.empty() ? "model" : "version");
    const auto* view = std::find_if(kViews.begin(), kViews.end(),
                                    [&](const View& candidate) { return candidate.name == by; });
    if (view == kViews.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   "--by: got \"" + by + "\", want model, version, tensor, plane or codec"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const UsageReport report, repository->Usage({view->by, references_}));
    Output& out = context.out();
    if (out.json()) {
      out.Text(UsageDocument(report, out.mode()));
    } else if (out.quiet()) {
      out.Line(std::to_string(report.total_bytes));
    } else {
      Show(out, report, *view);
    }
    return kExitOk;
  }

 private:
  void Show(Output& out, const UsageReport& report, const View& view) const {
    references_.empty() ? ShowRepository(out, report) : ShowRemoval(out, report);
    if (report.lines.empty()) return;
    out.Line("");
    ShowLines(out, report, view);
    out.Next(Advice(report, view));
  }

  std::string Advice(const UsageReport& report, const View& view) const {
    if (!references_.empty()) return "dlv rm REF, then dlv gc, frees it";
    if (report.garbage_bytes > 0) return "dlv gc";
    return view.by == UsageBy::kVersion ? "dlv rm REF shows what removing it frees"
                                        : "dlv du --by version";
  }

  static void ShowRepository(Output& out, const UsageReport& report) {
    const std::string all = HumanBytes(report.total_bytes) + " in .dlv";
    out.Paragraph(report.raw_bytes == 0
                      ? all + ", and no versions yet"
                      : all + " for " + HumanBytes(report.raw_bytes) + " of files (" +
                            HumanRatio(report.raw_bytes, report.total_bytes) + ")");
    const auto field = [&](const char* label, std::uint64_t bytes, const char* what) {
      const std::string line = PadRight(label, 10) + PadLeft(HumanBytes(bytes), 11) + "  ";
      out.Paragraph("  " + line + out.style()(Paint::kDim, what), 25);
    };
    field("tensors", report.tensor_bytes, "coded tensors");
    field("files", report.blob_bytes, "other files, and what makes files from tensors again");
    field("metadata", report.metadata_bytes, "catalog, manifests, directories, operation log");
    if (report.derived_bytes > 0)
      field("derived", report.derived_bytes,
            "bounds of evaluations, notes of archive; can be deleted");
    if (report.garbage_bytes > 0) field("garbage", report.garbage_bytes, "dlv gc --yes frees it");
    if (report.trash_bytes > 0)
      field("trash", report.trash_bytes, "goes when its grace time is over");
  }

  void ShowRemoval(Output& out, const UsageReport& report) const {
    const std::uint64_t freed = report.freed_bytes.value_or(0);
    const std::uint64_t kept = report.kept_bytes.value_or(0);
    out.Paragraph(HumanBytes(freed + kept) + " for " + HumanBytes(report.raw_bytes) +
                  " of files; removing " + (references_.size() > 1 ? "them together" : "it") +
                  " would free " + HumanBytes(freed));
    if (kept > 0) {
      out.Paragraph(HumanBytes(kept) +
                    " would stay, as other versions need it: the same tensors, "
                    "or bases of theirs");
    }
  }

  static std::string Share(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return "-";
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%",
                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text;
  }

  static void ShowLines(Output& out, const UsageReport& report, const View& view) {
    const bool is_version = view.by == UsageBy::kModel || view.by == UsageBy::kVersion;
    const bool is_tensor = view.by == UsageBy::kTensor;
    std::vector<Column> columns = {{view.heading, Align::kLeft, 0, 12, Cut::kMiddle}};
    if (is_version || is_tensor) columns.push_back({"RAW", Align::kRight, 1});
    columns.push_back({is_version ? "NEEDS" : "STORED", Align::kRight});
    if (is_version) columns.push_back({"AS BASES", Align::kRight, 2});
    if (!is_version) columns.push_back({"SHARE", Align::kRight, 1});
    if (is_version || is_tensor) columns.push_back({"IF REMOVED", Align::kRight});
    Table table(std::move(columns));
    std::uint64_t all = 0;
    for (const UsageLine& line : report.lines) all += line.stored_bytes;
    const std::size_t most =
        out.terminal().width == 0 || is_version ? report.lines.size() : kMostLines;
    for (std::size_t i = 0; i < report.lines.size() && i < most; ++i) {
      const UsageLine& line = report.lines[i];
      std::vector<std::string> row = {line.name};
      if (is_version || is_tensor) row.push_back(HumanBytes(line.raw_bytes));
      row.push_back(HumanBytes(line.stored_bytes));
      row.push_back(is_version ? HumanBytes(line.base_bytes.value_or(0))
                               : Share(line.stored_bytes, all));
      if (is_version || is_tensor) row.push_back(HumanBytes(line.unique_bytes.value_or(0)));
      table.AddRow(std::move(row), {Paint::kBold});
    }
    out.Print(table);
    if (most < report.lines.size()) {
      out.Line(out.style()(Paint::kDim, "... and " + std::to_string(report.lines.size() - most) +
                                            " more (--no-truncate)"));
    }
  }

  std::vector<std::string> references_;
  std::optional<std::string> by_;
};

}  // namespace

extern const CommandEntry kDuCommand;
const CommandEntry kDuCommand = {
    "du",
    "Space and health",
    "account for the space",
    "[REF...] [--by model|version|tensor|plane|codec]",
    "dlv du\tby model\n"
    "dlv du --by version\tby version\n"
    "dlv du lenet:v1 lenet:v2\twhat removing both would free\n"
    "dlv du lenet --by tensor\tthe tensors of a model, the largest first\n"
    "dlv du --by codec\thow the bytes are coded",
    "NEEDS is what must be there to read it: tensors that are shared, or that deltas are built on, "
    "count for each; AS BASES is the part of it that is there for deltas only. IF REMOVED is what "
    "removing that one alone would free (of a tensor: removing all versions that are looked at).\n"
    "REF is a model (all its versions) or a version; several are taken together.\n"
    "By plane: the upper 16 bits of each value (sign, exponent, first bits of the mantissa; what "
    "--planes 16 reads), then each byte below; values that are coded whole or by significance "
    "(dlv archive --layout) count apart.",
    Make<DuCommand>};

}  // namespace dlv::cli
