#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class LogCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_);
    arguments.Flag("--graph", &graph_, "draw the lineage");
    arguments.Flag("--oneline", &one_line_, "id, name and message only");
    arguments.Number("-n,--limit", &limit_, "N", "at most N versions");
  }

  Result<int> Run(Context& context) override {
    LogOptions options;
    options.graph = graph_;
    options.limit = static_cast<std::size_t>(limit_.value_or(0));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::vector<LogEntry> entries,
               repository->Log(reference_.value_or(""), options));
    Output& out = context.out();
    if (out.json()) {
      std::vector<VersionSummary> versions;
      for (const LogEntry& entry : entries) {
        if (!entry.version.model.empty()) versions.push_back(entry.version);
      }
      out.Text(VersionsDocument(versions, out.mode()));
    } else if (out.quiet()) {
      for (const LogEntry& entry : entries) {
        if (!entry.version.model.empty()) out.Line(Sanitize(entry.version.reference()));
      }
    } else {
      Show(context, entries);
    }
    return kExitOk;
  }

 private:
  void Show(Context& context, const std::vector<LogEntry>& entries) const {
    Output& out = context.out();
    if (entries.empty()) {
      out.Line("No versions yet.");
      return out.Next("dlv commit -n NAME FILES...");
    }
    Table table = one_line_ ? Table({{"", Align::kLeft, 0, 6},
                                     {"", Align::kLeft, 2},
                                     {"", Align::kLeft, 0, 18, Cut::kMiddle},
                                     {"", Align::kLeft, 1, 12}})
                            : Table({{"", Align::kLeft, 0, 6},
                                     {"", Align::kLeft, 3},
                                     {"", Align::kLeft, 0, 24, Cut::kMiddle},
                                     {"", Align::kRight, 0},
                                     {"", Align::kLeft, 2, 14, Cut::kParts},
                                     {"", Align::kLeft, 4, 20},
                                     {"", Align::kLeft, 1, 14},
                                     {"", Align::kLeft, 5, 14}});
    for (const LogEntry& entry : entries) AddRows(table, entry, context.now());
    out.Print(table);
    for (const LogEntry& entry : entries) {
      if (entry.version.model.empty()) continue;
      out.Next("dlv desc " + ShellWord(entry.version.reference()));
      break;
    }
  }

  static std::string Note(const VersionSummary& version) {
    if (version.note.empty()) return "";
    return "note: " + LinesOf(version.note).front();
  }

  // A drawing of several lines carries its version on the last one.
  void AddRows(Table& table, const LogEntry& entry, std::int64_t now) const {
    const VersionSummary& version = entry.version;
    std::string graph = entry.graph;
    while (graph.ends_with('\n') || graph.ends_with(' ')) graph.pop_back();
    for (std::size_t end = graph.find('\n'); end != std::string::npos; end = graph.find('\n')) {
      table.AddRow({graph.substr(0, end)}, {Paint::kDim});
      graph.erase(0, end + 1);
    }
    if (version.model.empty()) return table.AddRow({graph}, {Paint::kDim});
    std::string name = version.reference();
    if (!version.aliases.empty()) name += " (" + JoinNames(version.aliases) + ")";
    if (one_line_) {
      return table.AddRow({graph, ShortId(version.id), name, SubjectOf(version.message)},
                          {Paint::kDim, Paint::kYellow, Paint::kBold});
    }
    table.AddRow({graph, ShortId(version.id), name, RelativeTime(version.created, now),
                  MetricsText(version.metrics, 2), ParentsText(version.parents),
                  SubjectOf(version.message), Note(version)},
                 {Paint::kDim, Paint::kYellow, Paint::kBold, Paint::kDim, Paint::kGreen,
                  Paint::kDim, Paint::kNone, Paint::kCyan});
  }

  std::optional<std::string> reference_;
  std::optional<std::uint64_t> limit_;
  bool graph_ = false, one_line_ = false;
};

}  // namespace

extern const CommandEntry kLogCommand;
const CommandEntry kLogCommand = {"log",
                                  "Look",
                                  "show a version and what it came from",
                                  "[REF] [--graph] [-n N]",
                                  "dlv log lenet\tthe latest version and its ancestors\n"
                                  "dlv log --graph\tthe lineage of everything\n"
                                  "dlv log lenet:best -n 5 --oneline\tfive, in short",
                                  "",
                                  Make<LogCommand>};

}  // namespace dlv::cli
