#include <chrono>

#include "cli/archive_plan_view.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class ArchiveCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_);
    arguments.Flag("--plan", &plan_,
                   "only show which bases would save most, and what loading would cost");
    arguments.Value("--max-load", &max_load_, "LOAD",
                    "with --plan: how long a snapshot may take to load, as 1.6x (times its load "
                    "stored whole) or a time (default: 2x)");
  }

  Result<int> Run(Context& context) override {
    if (plan_) return Plan(context);
    if (max_load_) {
      return Error{ErrorCode::kInvalidArgument, "--max-load goes with --plan",
                   "dlv archive --plan --max-load " + *max_load_};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    const auto start = std::chrono::steady_clock::now();
    DLV_ASSIGN(const ArchiveResult result,
               repository->Archive(reference_.value_or(""), context.LongOperation()));
    context.EndProgress();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    Output& out = context.out();
    if (out.json()) {
      out.Text(ArchiveDocument(result, out.mode()));
    } else if (out.human() && result.tensors == 0) {
      out.Line("Nothing to store again: no version has tensors.");
    } else if (!out.quiet()) {
      std::string line = Plural(result.rewritten, "tensor") + " of " +
                         std::to_string(result.tensors) + " rewritten  ";
      line += HumanBytes(result.before_bytes) + " -> " + HumanBytes(result.after_bytes);
      if (result.rewritten > 0)
        line += " (" + HumanRatio(result.before_bytes, result.after_bytes) + ")";
      out.Paragraph(line + "  " + HumanDuration(elapsed.count()));
      if (result.rewritten > 0) out.Next("dlv gc");
    }
    return kExitOk;
  }

 private:
  Result<int> Plan(Context& context) {
    ArchivePlanOptions options;
    if (max_load_) DLV_TRY(ParseMaxLoad(*max_load_, options));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const ArchivePlan plan,
               repository->PlanArchive(reference_.value_or(""), options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(ArchivePlanDocument(plan, out.mode()));
    } else if (!out.quiet()) {
      ShowArchivePlan(out, plan);
    }
    return kExitOk;
  }

  std::optional<std::string> reference_;
  std::optional<std::string> max_load_;
  bool plan_ = false;
};

}  // namespace

extern const CommandEntry kArchiveCommand;
const CommandEntry kArchiveCommand = {
    "archive",
    "Space and health",
    "store tensors again with the best codec",
    "[--plan [--max-load LOAD]] [REF]",
    "dlv archive lenet:v1\tone version\n"
    "dlv archive\tall versions\n"
    "dlv archive --plan --max-load 1.6x\twhat other bases would save",
    "What is stored is checked before the old form is given up; "
    "interrupting is safe. dlv gc frees the old form.\n\n"
    "With --plan nothing is changed: tensors are compared by "
    "samples, whatever they are called, and the smallest plan is "
    "sought in which every snapshot loads within the budget, read "
    "cold at 500 MB/s. This release shows plans only: tensors keep "
    "the bases that their commits chose.",
    Make<ArchiveCommand>};

}  // namespace dlv::cli
