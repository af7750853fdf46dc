#include "dlv/search.h"

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_lineage.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class SearchCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("WORD", &request_.words);
    arguments.Value("--arch", &architecture_, "CHAIN",
                    "networks with this chain of operators: 'Conv->Relu->MaxPool'");
    arguments.Value("--like", &like_, "REF", "the nearest by network, then by weights");
    arguments.Number("-n,--limit", &limit_, "N", "at most N versions (default 20; 0: all)");
  }

  Result<int> Run(Context& context) override {
    request_.architecture = architecture_.value_or("");
    request_.like = like_.value_or("");
    if (limit_) request_.limit = static_cast<std::size_t>(*limit_);
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::vector<SearchHit> hits,
               repository->Search(request_, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(SearchDocument(hits, out.mode()));
    } else if (out.quiet()) {
      for (const SearchHit& hit : hits) out.Line(Sanitize(hit.version.reference()));
    } else {
      Show(context, hits);
    }
    return hits.empty() ? kExitNo : kExitOk;
  }

 private:
  static std::string ReasonsText(const SearchHit& hit) {
    std::string text;
    for (const std::string& reason : hit.reasons)
      text += (text.empty() ? "" : "; ") + Sanitize(reason);
    return text;
  }

  void Show(Context& context, const std::vector<SearchHit>& hits) const {
    Output& out = context.out();
    if (hits.empty()) {
      out.Line("Nothing was found.");
      return out.Next("dlv list --versions");
    }
    Table table({{"SCORE", Align::kRight, 3},
                 {"VERSION", Align::kLeft, 0, 16, Cut::kMiddle},
                 {"WHY", Align::kLeft, 0, 14},
                 {"PARAMS", Align::kRight, 4},
                 {"METRICS", Align::kLeft, 2, 14, Cut::kParts},
                 {"CREATED", Align::kRight, 1}});
    for (const SearchHit& hit : hits) {
      table.AddRow(
          {HumanNumber(hit.score, 3), hit.version.reference(), ReasonsText(hit),
           hit.version.parameter_count == 0 ? "-" : HumanCount(hit.version.parameter_count),
           MetricsText(hit.version.metrics, 2), Age(hit.version.created, context.now())},
          {Paint::kYellow, Paint::kBold, Paint::kNone, Paint::kDim, Paint::kGreen, Paint::kDim});
    }
    out.Print(table);
    out.Next("dlv desc " + ShellWord(hits.front().version.reference()));
  }

  SearchRequest request_;
  std::optional<std::string> architecture_, like_;
  std::optional<std::uint64_t> limit_;
};

}  // namespace

extern const CommandEntry kSearchCommand;
const CommandEntry kSearchCommand = {
    "search",
    "Look",
    "find versions by words, by architecture, by likeness",
    "[WORD...] [--arch CHAIN] [--like REF] [-n N]",
    "dlv search baseline\tversions that have the word anywhere\n"
    "dlv search shipped curves -n 5\tboth words, the best five\n"
    "dlv search --arch 'CONV->RELU->POOL(MAX)'\tnetworks with this chain\n"
    "dlv search --like lenet:v1\tthe nearest to a version",
    "Words are looked for in names, messages, notes, tags, hyper-parameters, aliases, file names "
    "and "
    "operators; all of them must be there, and case does not matter. A chain of --arch is made of "
    "operators or families of them: CONV, POOL, POOL(MAX), FULL, NORM, RELU, SOFTMAX, ...; \"*\" "
    "is "
    "any; "
    "\"->\" leads to the next operator, \"->*\" to one further on. For more: dlv query. The exit "
    "status is 1 where nothing was found.",
    Make<SearchCommand>};

}  // namespace dlv::cli
