#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class DuCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Value("--by", &by_, "WHAT", "model (the default) or version");
  }

  Result<int> Run(Context& context) override {
    const std::string by = by_.value_or("model");
    if (by != "model" && by != "version") {
      return Error{ErrorCode::kInvalidArgument, "--by: got \"" + by + "\", want model or version"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const UsageReport report, repository->Usage(by == "version"));
    Output& out = context.out();
    if (out.json()) {
      out.Text(UsageDocument(report, out.mode()));
    } else if (out.quiet()) {
      out.Line(std::to_string(report.total_bytes));
    } else {
      Show(out, report, by);
    }
    return kExitOk;
  }

 private:
  static void Show(Output& out, const UsageReport& report, const std::string& by) {
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
    if (report.garbage_bytes > 0) field("garbage", report.garbage_bytes, "dlv gc --yes frees it");
    if (report.trash_bytes > 0)
      field("trash", report.trash_bytes, "goes when its grace time is over");
    if (report.lines.empty()) return;
    Table table({{by == "version" ? "VERSION" : "MODEL", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"RAW", Align::kRight, 1},
                 {"NEEDS", Align::kRight},
                 {"IF REMOVED", Align::kRight}});
    for (const UsageLine& line : report.lines) {
      table.AddRow({line.name, HumanBytes(line.raw_bytes), HumanBytes(line.stored_bytes),
                    HumanBytes(line.unique_bytes)},
                   {Paint::kBold});
    }
    out.Line("");
    out.Print(table);
    out.Next(report.garbage_bytes > 0 ? "dlv gc"
             : by == "version"        ? "dlv rm REF shows what removing it frees"
                                      : "dlv du --by version");
  }

  std::optional<std::string> by_;
};

}  // namespace

extern const CommandEntry kDuCommand;
const CommandEntry kDuCommand = {
    "du",
    "Space and health",
    "account for the space",
    "[--by model|version]",
    "dlv du\tby model\n"
    "dlv du --by version\tby version",
    "NEEDS is what must be there to read it: tensors that are shared, or that "
    "deltas are built on, count for each. IF REMOVED is what removing that one alone would free.",
    Make<DuCommand>};

}  // namespace dlv::cli
