#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class CheckCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Values("--require", &requirements_, "EXPRESSION",
                     "what must hold of metrics and hyper-parameters; may be repeated");
    arguments.Flag("--no-nan", &no_nan_, "no tensor holds a NaN");
    arguments.Flag("--no-inf", &no_inf_, "no tensor holds an infinity");
  }

  Result<int> Run(Context& context) override {
    if (requirements_.empty() && !no_nan_ && !no_inf_) {
      return Error{ErrorCode::kInvalidArgument, "nothing is required",
                   "as in --require 'val_acc >= best.val_acc - 0.005', --no-nan or --no-inf"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    const CheckOptions options{requirements_, no_nan_, no_inf_};
    DLV_ASSIGN(const CheckResult result,
               repository->Check(*reference_, options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(CheckDocument(result, out.mode()));
    } else if (!out.quiet()) {
      Show(out, result);
    }
    return result.passed ? kExitOk : kExitNo;
  }

 private:
  static std::string Verdict(Output& out, bool passed) {
    return out.style()(passed ? Paint::kGreen : Paint::kRed, passed ? "ok      " : "failed  ");
  }

  void Show(Output& out, const CheckResult& result) const {
    for (const RequirementResult& requirement : result.requirements) {
      out.Line(Verdict(out, requirement.passed) + Sanitize(requirement.text));
      for (const ComparisonResult& comparison : requirement.comparisons) {
        std::string line = "          " + Sanitize(comparison.left) + " " + comparison.operation +
                           " " + Sanitize(comparison.right);
        if (requirement.comparisons.size() > 1) {
          line += comparison.passed ? "  holds" : "  does not hold";
        }
        out.Line(line);
      }
      ShowValues(out, requirement);
    }
    if (no_nan_ || no_inf_) ShowTensors(out, result);
    out.Line(Sanitize(result.reference) + (result.passed ? " passes" : " does not pass"));
  }

  static void ShowValues(Output& out, const RequirementResult& requirement) {
    std::string text;
    for (const auto& [name, value] : requirement.values) {
      text += (text.empty() ? "" : ", ") + Sanitize(name) + " = " + Sanitize(value);
    }
    if (!text.empty()) out.Paragraph("          " + text, 10);
  }

  void ShowTensors(Output& out, const CheckResult& result) const {
    std::uint64_t nan = 0, inf = 0;
    for (const NonFiniteTensor& tensor : result.non_finite) {
      nan += tensor.nan_count;
      inf += tensor.inf_count;
    }
    const std::string where = " in " + Plural(result.tensors_read, "tensor") + ", " +
                              HumanBytes(result.read_bytes) + " read";
    if (no_nan_) out.Line(Verdict(out, nan == 0) + "no NaN: " + HumanCount(nan) + where);
    if (no_inf_) out.Line(Verdict(out, inf == 0) + "no infinity: " + HumanCount(inf) + where);
    Table table({{"          TENSOR", Align::kLeft, 0, 20, Cut::kMiddle},
                 {"NAN", Align::kRight},
                 {"INFINITE", Align::kRight}});
    const std::size_t most = out.terminal().width == 0 ? result.non_finite.size() : 12;
    for (std::size_t i = 0; i < result.non_finite.size() && i < most; ++i) {
      const NonFiniteTensor& tensor = result.non_finite[i];
      table.AddRow(
          {"          " + tensor.name, HumanCount(tensor.nan_count), HumanCount(tensor.inf_count)});
    }
    if (table.row_count() > 0) out.Print(table);
    if (result.non_finite.size() > most) {
      out.Line("          ... and " + std::to_string(result.non_finite.size() - most) +
               " more (--no-truncate)");
    }
  }

  std::optional<std::string> reference_;
  std::vector<std::string> requirements_;
  bool no_nan_ = false, no_inf_ = false;
};

}  // namespace

extern const CommandEntry kCheckCommand;
const CommandEntry kCheckCommand = {
    "check",
    "Look",
    "a gate for scripts: fail unless a version meets requirements",
    "REF --require EXPRESSION... [--no-nan]",
    "dlv check lenet --require 'val_acc >= best.val_acc - 0.005'\tnot much worse than the best\n"
    "dlv check lenet:v3 --require 'val_acc > parent.val_acc' --no-nan\tbetter than its parent\n"
    "dlv check lenet:v1 --require 'lr <= 0.1 and val_acc > 0.9'\thyper-parameters too\n"
    "dlv check birds --require 'val_acc > 0.8 and val_acc < `resnet18:best`.val_acc' --json\t"
    "for a program",
    "Exit status: 0 all hold, 1 one does not, 3 a name or version is missing, 2 an expression is "
    "wrong.\n"
    "A name is a metric (its last value) or a hyper-parameter of the version; behind a dot, that "
    "of "
    "another: best.loss of an alias of the same model, parent.loss of the first parent, "
    "`resnet:v3`.loss of any reference. metrics.x, hparams.x and tags.x say which is meant. Names "
    "with other characters stand in backquotes.\n"
    "Expressions: numbers, \"texts\", + - * /, abs min max, < <= > >= == !=, and or not, "
    "parentheses. A comparison with NaN does not hold.\n"
    "--no-nan and --no-inf read sign and exponent of every element, and more only where those say "
    "that it is not finite.",
    Make<CheckCommand>};

}  // namespace dlv::cli
