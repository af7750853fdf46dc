#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_portable.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class ExportCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("DIR", &folder_, true);
    arguments.Flag("--all", &all_, "every version of every model");
  }

  Result<int> Run(Context& context) override {
    if (!all_) {
      return Error{ErrorCode::kInvalidArgument, "dlv export: what?",
                   "dlv export --all DIR takes everything; one version: dlv checkout REF -o DIR"};
    }
    ExportOptions options;
    options.output = *folder_;
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const ExportResult result, repository->ExportAll(options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    for (const std::string& warning : result.warnings) out.Warn(warning);
    if (out.json()) {
      out.Text(ExportDocument(*folder_, result, out.mode()));
    } else if (out.quiet()) {
      out.Line(Sanitize(*folder_));
    } else {
      out.Paragraph(
          "Exported " + Plural(result.versions, "version") + " of " +
          Plural(result.models, "model") + " to " + Sanitize(*folder_) + ": " +
          Plural(result.files, "file") + ", " + HumanBytes(result.bytes) +
          (result.written == result.files
               ? ""
               : "; " + std::to_string(result.files - result.written) + " were there already"));
      out.Next("less " + ShellWord(*folder_ + "/README.md"));
    }
    return kExitOk;
  }

 private:
  std::optional<std::string> folder_;
  bool all_ = false;
};

}  // namespace

extern const CommandEntry kExportCommand;
const CommandEntry kExportCommand = {
    "export",
    "Get back",
    "write everything as plain files",
    "--all DIR",
    "dlv export --all ../plain\tno lock-in: a folder that needs no dlv\n"
    "dlv export --all ../plain && dlv import ../plain\tback into this or another repository\n"
    "dlv checkout lenet:best -o out\tone version only",
    "Files come as they were committed, tensors that came from no file as safetensors, metrics as "
    "CSV, "
    "the rest as JSON; a README.md explains the folder. What an interrupted export has written is "
    "kept; an earlier export of the same repository is brought up to date.",
    Make<ExportCommand>};

}  // namespace dlv::cli
