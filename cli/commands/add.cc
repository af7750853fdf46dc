#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/input_files.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class AddCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("PATH", &paths_);
    arguments.Values("--snapshots", &series_, "GLOB",
                     "checkpoints of one run, with the step in their names");
    arguments.Values("--as-file", &unread_, "FILE",
                     "keep FILE unread, as bytes (for one that is refused)");
    arguments.Values("--as", &formatted_, "FORMAT=FILE",
                     "read FILE as FORMAT, where its content cannot say so: llama2c");
    arguments.Values("--remove", &removed_, "PATH", "take PATH off the list again");
    arguments.Flag("--clear", &clear_, "empty the list");
  }

  Result<int> Run(Context& context) override {
    if (paths_.empty() && series_.empty() && unread_.empty() && formatted_.empty() &&
        removed_.empty() && !clear_) {
      return Error{ErrorCode::kInvalidArgument, "dlv add: PATH is missing",
                   "usage: dlv add PATH..."};
    }
    DLV_ASSIGN(const InputFiles inputs, FindInputFiles(paths_, series_, unread_, formatted_));
    for (const std::string& warning : inputs.warnings) context.out().Warn(warning);
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    if (clear_) DLV_TRY(repository->Unstage({}));
    if (!removed_.empty()) DLV_TRY(repository->Unstage(removed_));
    std::vector<StagedFile> staged;
    if (!inputs.files.empty()) {
      Result<std::vector<StagedFile>> result = repository->Stage(inputs.files);
      if (!result.ok()) return ExplainRefusal(std::move(result).error());
      staged = std::move(result).value();
    }
    Show(context.out(), staged);
    return kExitOk;
  }

 private:
  void Show(Output& out, const std::vector<StagedFile>& staged) const {
    if (out.json()) return out.Text(StagedDocument(staged, out.mode()));
    if (out.quiet()) {
      for (const StagedFile& file : staged) out.Line(Sanitize(file.path));
      return;
    }
    if (staged.empty())
      return out.Line(clear_             ? "Nothing is staged."
                      : removed_.empty() ? "No files there."
                                         : "Done.");
    std::uint64_t bytes = 0;
    for (const StagedFile& file : staged) bytes += file.size_bytes;
    out.Line(Plural(staged.size(), "file") + " staged, " + HumanBytes(bytes));
    Table table({{"  FILE", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"FORMAT", Align::kLeft, 3},
                 {"TENSORS", Align::kRight, 2},
                 {"SIZE", Align::kRight},
                 {"NOTE", Align::kLeft, 1, 12}});
    for (const StagedFile& file : staged) {
      table.AddRow({"  " + file.path, file.format,
                    file.tensor_count == 0 ? "-" : std::to_string(file.tensor_count),
                    HumanBytes(file.size_bytes), file.note});
    }
    out.Print(table);
    out.Next("dlv commit -n NAME -m MESSAGE");
  }

  std::vector<std::string> paths_, series_, unread_, formatted_, removed_;
  bool clear_ = false;
};

}  // namespace

extern const CommandEntry kAddCommand;
const CommandEntry kAddCommand = {"add",
                                  "Start and add",
                                  "put files on the list of the next commit",
                                  "PATH... [--snapshots GLOB]",
                                  "dlv add run/model.pt run/config.json\ttwo files\n"
                                  "dlv add run/\ta folder with all in it\n"
                                  "dlv add --snapshots 'run/step_*.pt'\ta series\n"
                                  "dlv add --remove config.json\ttake one off the list",
                                  "Folders are taken whole; .dlv, .git and the like are skipped.",
                                  Make<AddCommand>};

}  // namespace dlv::cli
