#include "cli/command.h"
#include "cli/editor.h"
#include "cli/exit_status.h"
#include "cli/query/query_output.h"
#include "cli/query/query_text.h"
#include "cli/query/run_statement.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostQueryBytes = 64 << 20;  // of a file of statements

class QueryCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("TEXT", &text_);
    arguments.Value("-f,--file", &file_, "FILE", "statements from a file; \"-\" is stdin");
    arguments.Values("-p,--param", &parameters_, "NAME=VALUE",
                     "value of the parameter :NAME; may be repeated");
    arguments.Flag("--explain", &explain_, "show how it would be done, not the result");
    arguments.Flag("--analyze", &analyze_, "run it, and show how it was done");
    arguments.Value("--mode", &mode_, "MODE", "box, line, json, jsonl, csv or markdown");
    arguments.Flag("--csv", &csv_, "as --mode csv");
    arguments.Flag("--markdown", &markdown_, "as --mode markdown");
    arguments.Flag("--read-only", &read_only_, "refuse statements that write");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const QueryMode mode, Mode(context.out()));
    DLV_ASSIGN(const std::string text, Text());
    DLV_ASSIGN(QueryParameters parameters, QueryParameters::Parse(parameters_));
    const std::vector<PlacedStatement> statements = PlaceStatements(text);
    if (statements.empty())
      return Error{ErrorCode::kInvalidArgument, "no statement", "as in: dlv query 'select m'"};
    QueryOptions options;
    options.read_only = read_only_;
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, OpenFor(context));
    DLV_ASSIGN(const std::unique_ptr<QuerySession> session,
               QuerySession::Open(*repository, options));
    std::vector<QueryResult> results;
    for (const PlacedStatement& statement : statements) {
      Result<QueryResult> result =
          RunStatement(*session, Wrapped(statement.text), &statement == &statements.back(),
                       parameters, context.LongOperation());
      context.EndProgress();
      if (!result.ok()) return ReportQueryError(*session, result.error(), context.out());
      for (const std::string& warning : result->warnings) context.out().Warn(warning);
      if (mode == QueryMode::kJson) {
        results.push_back(std::move(*result));
      } else {
        Show(context.out(), *result, mode);
      }
    }
    if (mode == QueryMode::kJson) context.out().Text(QueryDocument(results));
    return kExitOk;
  }

 private:
  Result<QueryMode> Mode(const Output& out) const {
    const int given = (csv_ ? 1 : 0) + (markdown_ ? 1 : 0) + (mode_ ? 1 : 0) + (out.json() ? 1 : 0);
    if (given > 1) {
      return Error{ErrorCode::kInvalidArgument,
                   "--mode, --csv, --markdown, --json and --jsonl: want one of them"};
    }
    if (csv_) return QueryMode::kCsv;
    if (markdown_) return QueryMode::kMarkdown;
    return ChooseMode(mode_, out);
  }

  Result<std::string> Text() const {
    if (text_ && file_)
      return Error{ErrorCode::kInvalidArgument, "TEXT and --file: want one of them"};
    if (text_) return *text_;
    if (!file_) return Error{ErrorCode::kInvalidArgument, "TEXT is missing"};
    return *file_ == "-" ? ReadStdin(kMostQueryBytes) : ReadText(*file_, kMostQueryBytes);
  }

  /// A repository on a medium that can only be read is opened so: statements that write are then
  /// refused when they run.
  Result<std::unique_ptr<Repository>> OpenFor(Context& context) const {
    if (read_only_) return context.OpenToRead();
    Result<std::unique_ptr<Repository>> repository = context.OpenToWrite();
    if (!repository.ok() && repository.error().code == ErrorCode::kIo) return context.OpenToRead();
    return repository;
  }

  std::string Wrapped(const std::string& statement) const {
    return (analyze_ ? "explain analyze " : explain_ ? "explain " : "") + statement;
  }

  static void Show(Output& out, const QueryResult& result, QueryMode mode) {
    if (out.quiet()) {
      for (const auto& row : result.rows) {
        if (!row.empty() && result.saved.empty()) out.Line(ValueForPeople(row.front()));
      }
      for (const std::string& reference : result.saved) out.Line(reference);
      return;
    }
    const Terminal& terminal = out.terminal();
    out.Text(RenderResult(result, {mode, terminal.width, terminal.glyphs, out.style()}));
  }

  std::optional<std::string> text_, file_, mode_;
  std::vector<std::string> parameters_;
  bool explain_ = false, analyze_ = false, csv_ = false, markdown_ = false, read_only_ = false;
};

}  // namespace

extern const CommandEntry kQueryCommand;
const CommandEntry kQueryCommand = {
    "query",
    "Look",
    "ask in DQL, and derive networks",
    "TEXT | -f FILE [-p NAME=VALUE] [--json|--csv|--mode MODE]",
    "dlv query 'select m where m.metrics[\"val_acc\"] > 0.9'\tversions by a metric\n"
    "dlv query 'select m.name, count(*) n from versions m group by m.name' --csv\tfor a "
    "spreadsheet\n"
    "dlv query 'select m.name where m.metrics[\"val_acc\"] > :limit' -p limit=0.9\ta parameter\n"
    "dlv query 'slice f from \"onnx-lenet\" m mutate f.input = m[\"conv1\"] and f.output = "
    "m[\"fc1\"]'\tcut a "
    "network "
    "out\n"
    "dlv query --analyze 'select m order by m.created limit 3'\thow it was done",
    "DQL asks about versions, metrics, lineage, networks and weights in one statement; dlv help "
    "dql "
    "has it in short, docs/dql.md all of it, and dlv shell is for longer sessions. Statements end "
    "with \";\"; the last may do without. They run in their order up to the first that fails, "
    "whose "
    "exit status is that of the command (2 for syntax); what those before it saved stays. \"save "
    "as\", "
    "\"create query\" and \"drop query\" are allowed unless --read-only is given. A value of -p is "
    "a "
    "number, true, false, null or a list ([1, 'a']) where it looks like one and one is wanted, "
    "else "
    "text; in quotes it is text.",
    Make<QueryCommand>};

}  // namespace dlv::cli
