#include <map>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_lineage.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class BlameCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Operand("PATTERN", &pattern_);
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const ResolvedReference resolved, repository->Resolve(*reference_));
    if (pattern_ && !resolved.tensor_pattern.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   "PATTERN: " + *reference_ + " names tensors already"};
    }
    DLV_ASSIGN(const std::unique_ptr<Lineage> lineage, Lineage::Open(*repository));
    DLV_ASSIGN(const std::vector<BlameLine> lines,
               lineage->Blame(*reference_ + (pattern_ ? "/" + *pattern_ : "")));
    Output& out = context.out();
    if (out.json()) {
      out.Text(BlameDocument(resolved.model + ":v" + std::to_string(resolved.number), lines,
                             out.mode()));
    } else if (out.quiet()) {
      for (const BlameLine& line : lines) out.Line(Sanitize(line.tensor));
    } else {
      Show(context, lines);
    }
    return kExitOk;
  }

 private:
  static void Show(Context& context, const std::vector<BlameLine>& lines) {
    Output& out = context.out();
    Table table({{"TENSOR", Align::kLeft, 0, 14, Cut::kMiddle},
                 {"ELEMENTS", Align::kRight, 3},
                 {"CHANGED IN", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"BY", Align::kLeft, 2},
                 {"WHEN", Align::kRight, 4},
                 {"NAME THEN", Align::kLeft, 1, 10, Cut::kMiddle}});
    std::map<std::pair<std::int64_t, std::string>, std::size_t> counts;
    for (const BlameLine& line : lines) {
      const LineageVersion& version = line.version;
      ++counts[{-version.created, version.reference}];
      table.AddRow({line.tensor, HumanCount(line.elements), version.reference,
                    line.relation ? std::string(NameOf(*line.relation)) : "-",
                    Age(version.created, context.now()), line.name_then},
                   {Paint::kBold, Paint::kNone, Paint::kYellow, Paint::kDim, Paint::kDim});
    }
    out.Print(table);
    std::string text;
    for (const auto& [version, count] : counts) {
      text += (text.empty() ? ": " : ", ") + std::to_string(count) + " changed in " +
              Sanitize(version.second);
    }
    out.Paragraph(out.style()(Paint::kDim, Plural(lines.size(), "tensor") + text), 0);
  }

  std::optional<std::string> reference_, pattern_;
};

}  // namespace

extern const CommandEntry kBlameCommand;
const CommandEntry kBlameCommand = {
    "blame",
    "Look",
    "for every tensor, the version that last changed it",
    "REF [PATTERN]",
    "dlv blame lenet\tall tensors of the latest version\n"
    "dlv blame birds 'fc*'\tsome of them\n"
    "dlv blame lenet:v2 --jsonl\ta line each, for a script",
    "A version is named that has the tensor as it is now while none of its parents does. Tensors "
    "that were only renamed are followed. Contents are compared by their ids: no weights are read.",
    Make<BlameCommand>};

}  // namespace dlv::cli
