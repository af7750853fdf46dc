#include <chrono>

#include "cli/archive_plan_view.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/question.h"

namespace dlv::cli {
namespace {

class ArchiveCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_);
    arguments.Flag("--plan", &plan_,
                   "only show what would be done, and what loading would cost then");
    arguments.Flag("--by-model", &by_model_, "each model's share of the plan, too");
    arguments.Flag("-y,--yes", &yes_, "do it without asking");
    arguments.Value("--max-load", &max_load_, "LOAD",
                    "how long a snapshot may take to load, as 1.6x (times its load "
                    "stored whole), a time, as 500ms, or cold (default: 2x)");
    arguments.Values("--budget", &budgets_, "REF=LOAD",
                     "the same for a model, a version or a snapshot: lenet:best=1.2x");
    arguments.Values("--often", &often_, "REF=N", "loaded so often a day: worth storing for speed");
    arguments.Value("--layout", &layout_, "LAYOUT",
                    "only change how the weights of REF that are no differences lie: significance "
                    "(for eval --progressive: fewer bits to prove an answer) or planes (for "
                    "--planes K, as a commit writes)");
    arguments.Flag("--full", &full_,
                   "weigh everything anew, also what the last archive left as it is");
  }

  Result<int> Run(Context& context) override {
    if (layout_) return ChangeLayout(context);
    ArchivePlanOptions options;
    DLV_TRY(ReadOptions(options));
    if (plan_ && yes_)
      return Error{ErrorCode::kInvalidArgument, "--plan changes nothing, and --yes does: which?",
                   "first dlv archive --plan, then dlv archive --yes"};
    if (plan_) return Plan(context, options);
    Output& out = context.out();
    if (!yes_ && (!out.human() || !CanAsk(out))) {
      return Error{
          ErrorCode::kInvalidArgument,
          "archive writes what is stored anew; without a terminal to ask on it needs --yes",
          "see what it would do with: dlv archive --plan"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    const Operation operation = context.LongOperation();
    if (!yes_) {
      options.confirm = [&](const ArchivePlan& plan) {
        context.EndProgress();
        ShowArchivePlan(out, plan, by_model_);
        return Ask(out, "Do it?", operation.cancel);
      };
    }
    const auto start = std::chrono::steady_clock::now();
    DLV_ASSIGN(const ArchiveResult result,
               repository->Archive(reference_.value_or(""), options, operation));
    context.EndProgress();
    if (result.declined && operation.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request; nothing is changed"};
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (out.json()) {
      out.Text(ArchiveDocument(result, out.mode()));
    } else if (!out.quiet()) {
      Show(out, result, options, elapsed.count());
    }
    return IsUnreachable(result.plan) || result.declined ? kExitNo : kExitOk;
  }

 private:
  Result<TensorLayout> Layout() const {
    if (*layout_ == "significance") return TensorLayout::kSignificance;
    if (*layout_ == "planes") return TensorLayout::kPlanes;
    return Error{ErrorCode::kInvalidArgument,
                 "--layout " + *layout_ + ": want significance or planes"};
  }

  /// What is planned stays as it is: no tensor gets another base.
  Result<int> ChangeLayout(Context& context) {
    DLV_ASSIGN(const TensorLayout layout, Layout());
    const bool plans =
        plan_ || by_model_ || full_ || max_load_ || !budgets_.empty() || !often_.empty();
    if (!reference_ || plans) {
      return Error{ErrorCode::kInvalidArgument,
                   "--layout takes a version and goes with no option of the plan",
                   "as in dlv archive --layout significance --yes lenet:v3"};
    }
    Output& out = context.out();
    if (!yes_) {
      return Error{ErrorCode::kInvalidArgument,
                   "archive writes what is stored anew; with --layout it needs --yes"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    const auto start = std::chrono::steady_clock::now();
    DLV_ASSIGN(const ArchiveResult result,
               repository->SetLayout(*reference_, layout, context.LongOperation()));
    context.EndProgress();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (out.json()) {
      out.Text(ArchiveDocument(result, out.mode()));
    } else if (!out.quiet()) {
      ShowLayout(out, result, elapsed.count());
    }
    return kExitOk;
  }

  static void ShowLayout(Output& out, const ArchiveResult& result, double seconds) {
    if (result.rewritten == 0)
      out.Paragraph("Nothing to store again: no weights lie otherwise that could lie so.");
    if (result.differences > 0) {
      out.Paragraph(Plural(result.differences, "tensor") +
                    " stored as differences from others: these keep the layout that they have.");
    }
    if (result.rewritten > 0) return Show(out, result, {}, seconds);
    if (result.differences > 0) out.Next("dlv archive --yes --max-load 1x REF stores them in full");
  }

  Status ReadOptions(ArchivePlanOptions& options) const {
    if (max_load_) {
      DLV_ASSIGN(const LoadBudget load, ParseLoad(*max_load_, "--max-load"));
      options.max_load_times = load.times;
      options.max_load_seconds = load.seconds;
      options.cold = load.cold;
    }
    for (const std::string& text : budgets_) {
      DLV_ASSIGN(auto budget, ParseBudget(text));
      options.budgets.push_back(std::move(budget));
    }
    for (const std::string& text : often_) {
      DLV_ASSIGN(auto frequency, ParseFrequency(text));
      options.frequencies.push_back(std::move(frequency));
    }
    options.full = full_;
    return Ok();
  }

  Result<int> Plan(Context& context, const ArchivePlanOptions& options) {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, OpenToPlan(context));
    DLV_ASSIGN(const ArchivePlan plan,
               repository->PlanArchive(reference_.value_or(""), options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(ArchivePlanDocument(plan, out.mode()));
    } else if (!out.quiet()) {
      ShowArchivePlan(out, plan, by_model_);
      if (IsUnreachable(plan)) {
        ShowUnreachable(out, plan, options);
      } else {
        out.Paragraph("Nothing is changed.");
      }
    }
    return IsUnreachable(plan) ? kExitNo : kExitOk;
  }

  /// What a plan finds out is kept for the next one, where one may write.
  static Result<std::unique_ptr<Repository>> OpenToPlan(Context& context) {
    auto repository = context.OpenToWrite();
    return repository.ok() ? std::move(repository) : context.OpenToRead();
  }

  static void Show(Output& out, const ArchiveResult& result, const ArchivePlanOptions& options,
                   double seconds) {
    if (result.tensors == 0) return out.Line("Nothing to store again: no version has tensors.");
    if (IsUnreachable(result.plan)) return ShowUnreachable(out, result.plan, options);
    if (result.declined) return out.Paragraph("Nothing is changed.");
    std::string line =
        Plural(result.rewritten, "tensor") + " of " + std::to_string(result.tensors) + " rewritten";
    if (result.rebased > 0) line += ", " + std::to_string(result.rebased) + " with another base";
    line += "  " + HumanBytes(result.before_bytes) + " -> " + HumanBytes(result.after_bytes);
    if (result.rewritten > 0)
      line += " (" + HumanRatio(result.before_bytes, result.after_bytes) + ")";
    out.Paragraph(line + "  " + HumanDuration(seconds));
    if (result.after_bytes > result.before_bytes &&
        result.plan.planned.load_worst < result.plan.now.load_worst) {
      out.Paragraph("Larger, for loads that took too long: the worst " +
                    LoadTime(result.plan.now.load_worst) + " -> " +
                    LoadTime(result.plan.planned.load_worst) + ".");
    }
    if (result.kept > 0) {
      out.Paragraph(Plural(result.kept, "tensor") +
                    " would have come out no smaller: they keep their old forms.");
    }
    if (result.rewritten == 0) return;
    if (result.gc_frees_bytes > 0)
      out.Paragraph("The old forms stay until gc, which would free " +
                    HumanBytes(result.gc_frees_bytes) + ".");
    out.Next("dlv gc");
  }

  std::optional<std::string> reference_, layout_;
  std::optional<std::string> max_load_;
  std::vector<std::string> budgets_, often_;
  bool plan_ = false, by_model_ = false, yes_ = false, full_ = false;
};

}  // namespace

extern const CommandEntry kArchiveCommand;
const CommandEntry kArchiveCommand = {
    "archive",
    "Space and health",
    "store tensors as small as their loads allow",
    "[--plan [--by-model] | --yes] [--max-load LOAD] [--budget REF=LOAD] [--often REF=N] [--layout "
    "LAYOUT] [REF]",
    "dlv archive --plan\twhat it would save, and what loading would cost then\n"
    "dlv archive --plan --by-model\tthe same, model by model\n"
    "dlv archive --yes\tall versions\n"
    "dlv archive lenet:v1 --yes\tone version\n"
    "dlv archive --plan --max-load 1.6x\teach snapshot loads in 1.6 times what it takes stored "
    "whole\n"
    "dlv archive --plan --max-load 4x --budget lenet=1.2x --often lenet:v3=50\told things "
    "small, what is used fast\n"
    "dlv archive --plan --budget lenet=cold --budget lenet:latest=1.2x\told checkpoints as small "
    "as can be\n"
    "dlv archive --layout significance --yes lenet:v3\tfor eval --progressive on it",
    "Tensors are compared by samples, whatever they are called, and the smallest plan is sought in "
    "which every snapshot loads within its budget, read cold at 500 MB/s. What keeps its base is "
    "coded anew where a sample shows a gain. Nothing is done where that saves less than half a per "
    "cent. Once that was done only what is new since is weighed, with what it touches.\n\n"
    "Of several budgets that name a snapshot the most particular counts: a snapshot's before its "
    "version's before its model's. Two that name the same and are not equal are an error. A load "
    "of cold says that it is hardly ever loaded: it may take as long as it likes, and tensors that "
    "no other snapshot loads, not even as bases, get forms that are up to 2 % smaller and slower "
    "to read.\n\n"
    "Every new form is read back and compared before the old one is given up; interrupting is "
    "safe. The old forms stay, and take space, until dlv gc. Without a terminal to ask on, --yes "
    "is needed. Where a budget cannot be met nothing is done, and the status is 1.\n\n"
    "--layout changes no base. By significance the bits of each weight lie in the order of what "
    "they say, so that eval --progressive reads fewer for the same proof; --planes K then reads "
    "the whole tensor, as far as it lies so. What is stored against such a tensor stays readable "
    "as it was, and a later archive leaves the tensor as it is, without a base, until --layout "
    "planes. Certificates that name planes have to be made anew.",
    Make<ArchiveCommand>};

}  // namespace dlv::cli
