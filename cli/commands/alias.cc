#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class AliasCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("ALIAS", &first_);
    arguments.Operand("REF", &second_);
    arguments.Flag("-d,--delete", &delete_, "delete the alias: -d NAME:ALIAS");
    arguments.Flag("--log", &log_, "every move of the model's aliases: --log NAME");
  }

  Result<int> Run(Context& context) override {
    if (log_) return ShowLog(context);
    if (delete_) return Delete(context);
    if (second_) return Set(context);
    return List(context);
  }

 private:
  Result<int> Set(Context& context) {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(const AliasMove move, repository->SetAlias(*first_, *second_));
    Output& out = context.out();
    if (out.json()) {
      out.Text(AliasMoveDocument(move, out.mode()));
      return kExitOk;
    }
    const std::string target = move.model + ":v" + std::to_string(move.to);
    if (out.quiet()) {
      out.Line(Sanitize(target));
      return kExitOk;
    }
    std::string line = out.style()(Paint::kCyan, Sanitize(move.alias)) + ": ";
    if (move.from == move.to) {
      out.Line(line + Sanitize(target) + "  (was there already)");
      return kExitOk;
    }
    const std::string origin = move.from == 0 ? "" : move.model + ":v" + std::to_string(move.from);
    line += (origin.empty() ? "" : Sanitize(origin) + " -> ") + Sanitize(target);
    out.Paragraph(line + MetricChange(*repository, origin, target));
    out.Next("dlv desc " + ShellWord(move.model + ":" + move.alias));
    return kExitOk;
  }

  // "  (val_acc 0.91, was 0.88)": the first metric that both versions have.
  static std::string MetricChange(const Repository& repository, const std::string& from,
                                  const std::string& to) {
    const Result<VersionDetails> after = repository.Describe(to);
    if (!after.ok() || from.empty()) return "";
    const Result<VersionDetails> before = repository.Describe(from);
    if (!before.ok()) return "";
    for (const auto& [name, value] : after->summary.metrics) {
      for (const auto& [old_name, old_value] : before->summary.metrics) {
        if (name != old_name) continue;
        return "  (" + Sanitize(name) + " " + HumanNumber(value) + ", was " +
               HumanNumber(old_value) + ")";
      }
    }
    return "";
  }

  Result<int> Delete(Context& context) {
    const std::string text = first_.value_or("");
    const std::size_t colon = text.rfind(':');
    std::string model = second_.value_or("");
    std::string alias = text;
    if (!second_ && colon != std::string::npos) {
      model = text.substr(0, colon);
      alias = text.substr(colon + 1);
    }
    if (model.empty() || alias.empty()) {
      return Error{ErrorCode::kInvalidArgument, "dlv alias -d: which alias of which model?",
                   "dlv alias -d NAME:ALIAS"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(const AliasMove move, repository->DeleteAlias(model, alias));
    Output& out = context.out();
    if (out.json()) {
      out.Text(AliasMoveDocument(move, out.mode()));
    } else if (!out.quiet()) {
      out.Line(Sanitize(move.alias) + " deleted; it was at " +
               Sanitize(move.model + ":v" + std::to_string(move.from)));
    }
    return kExitOk;
  }

  Result<int> List(Context& context) const {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    ListOptions options;
    options.model_glob = first_.value_or("*");
    DLV_ASSIGN(const std::vector<VersionSummary> versions, repository->ListVersions(options));
    Output& out = context.out();
    if (out.json()) {
      out.Text(AliasesDocument(versions, out.mode()));
      return kExitOk;
    }
    Table table({{"ALIAS", Align::kLeft, 0, 8},
                 {"VERSION", Align::kLeft, 0, 10, Cut::kMiddle},
                 {"ID", Align::kLeft, 3},
                 {"METRICS", Align::kLeft, 1, 14, Cut::kParts},
                 {"CREATED", Align::kRight, 2}});
    for (const VersionSummary& version : versions) {
      for (const std::string& alias : version.aliases) {
        if (out.quiet()) out.Line(Sanitize(version.model + ":" + alias));
        table.AddRow({alias, version.reference(), ShortId(version.id),
                      MetricsText(version.metrics, 2), Age(version.created, context.now())},
                     {Paint::kCyan, Paint::kBold, Paint::kYellow});
      }
    }
    if (out.quiet()) return kExitOk;
    if (table.row_count() == 0) {
      out.Line("No aliases yet.");
      out.Next("dlv alias best NAME:vN");
    } else {
      out.Print(table);
    }
    return kExitOk;
  }

  Result<int> ShowLog(Context& context) const {
    if (!first_)
      return Error{ErrorCode::kInvalidArgument, "dlv alias --log: the model is missing",
                   "dlv alias --log NAME"};
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::vector<AliasMove> moves, repository->AliasLog(*first_));
    Output& out = context.out();
    if (out.json()) {
      out.Text(AliasLogDocument(moves, out.mode()));
      return kExitOk;
    }
    const auto number = [](std::uint64_t n) {
      return n == 0 ? std::string("-") : "v" + std::to_string(n);
    };
    Table table(
        {{"WHEN"}, {"ALIAS", Align::kLeft, 0, 8}, {"FROM", Align::kRight}, {"TO", Align::kRight}});
    for (const AliasMove& move : moves) {
      table.AddRow({CalendarTime(move.when), move.alias, number(move.from), number(move.to)},
                   {Paint::kDim, Paint::kCyan});
    }
    if (moves.empty()) {
      out.Line("No alias of " + Sanitize(*first_) + " has moved.");
    } else {
      out.Print(table);
    }
    return kExitOk;
  }

  std::optional<std::string> first_, second_;
  bool delete_ = false, log_ = false;
};

}  // namespace

extern const CommandEntry kAliasCommand;
const CommandEntry kAliasCommand = {"alias",
                                    "Name",
                                    "give a version a name that can move",
                                    "[ALIAS REF | [GLOB] | -d NAME:ALIAS | --log NAME]",
                                    "dlv alias best lenet:v3\tmake it, or move it\n"
                                    "dlv alias\tlist all\n"
                                    "dlv alias --log lenet\tevery move\n"
                                    "dlv alias -d lenet:best\tdelete it",
                                    "An alias belongs to a model: lenet:best. \"latest\" moves by "
                                    "itself. A version with an alias is not removed "
                                    "without --force.",
                                    Make<AliasCommand>};

}  // namespace dlv::cli
