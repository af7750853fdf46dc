#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostUntracked = 20;

class StatusCommand : public Command {
 public:
  void Declare(Arguments&) override {}

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const StatusReport report, repository->GetStatus());
    Output& out = context.out();
    if (out.json()) {
      out.Text(StatusDocument(report, out.mode()));
    } else if (out.quiet()) {
      for (const StagedFile& file : report.staged) out.Line(Sanitize(file.path));
    } else {
      Show(out, report);
    }
    return kExitOk;
  }

 private:
  static void Show(Output& out, const StatusReport& report) {
    std::string line =
        report.staged.empty() ? "nothing staged" : Plural(report.staged.size(), "file") + " staged";
    line += report.untracked.empty()
                ? ""
                : ", " + Plural(report.untracked.size(), "checkpoint") + " not in any version";
    out.Paragraph(
        line + "; " + Plural(report.models, "model") + ", " + Plural(report.versions, "version"),
        0);
    if (!report.staged.empty()) ShowStaged(out, report.staged);
    const bool all = out.terminal().width == 0;
    for (std::size_t i = 0; i < report.untracked.size(); ++i) {
      if (i == 0) out.Line("\nnot in any version:");
      if (!all && i == kMostUntracked) {
        out.Line(out.style()(
            Paint::kDim,
            "  ... and " + std::to_string(report.untracked.size() - i) + " more (--no-truncate)"));
        break;
      }
      const std::string path = Sanitize(report.untracked[i]);
      out.Line("  " + (all ? path
                           : Elide(path, std::max<std::size_t>(out.terminal().width, 12) - 2,
                                   Cut::kMiddle)));
    }
    for (const std::string& note : report.notes) out.Paragraph("note: " + Sanitize(note), 6);
    if (!report.staged.empty()) {
      out.Next("dlv commit -n NAME -m MESSAGE");
    } else if (!report.untracked.empty()) {
      out.Next("dlv commit -n NAME FILES...");
    } else {
      out.Next(report.versions == 0 ? "dlv commit -n NAME FILES..." : "dlv list");
    }
  }

  static void ShowStaged(Output& out, const std::vector<StagedFile>& staged) {
    Table table({{"  STAGED", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"FORMAT", Align::kLeft, 3},
                 {"TENSORS", Align::kRight, 2},
                 {"SIZE", Align::kRight},
                 {"NOTE", Align::kLeft, 1, 12}});
    for (const StagedFile& file : staged) {
      const std::string note = file.changed_since ? "changed since it was added" : file.note;
      table.AddRow({"  " + file.path, file.format,
                    file.tensor_count == 0 ? "-" : std::to_string(file.tensor_count),
                    HumanBytes(file.size_bytes), note},
                   {Paint::kGreen, Paint::kNone, Paint::kNone, Paint::kNone,
                    file.changed_since ? Paint::kYellow : Paint::kDim});
    }
    out.Print(table);
  }
};

}  // namespace

extern const CommandEntry kStatusCommand;
const CommandEntry kStatusCommand = {"status",
                                     "Start and add",
                                     "show what is staged and what is in no version yet",
                                     "",
                                     "dlv status\twhat the next commit takes\n"
                                     "dlv status --json\tthe same for a script",
                                     "",
                                     Make<StatusCommand>};

}  // namespace dlv::cli
