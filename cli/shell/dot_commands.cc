#include "cli/shell/dot_commands.h"

#include <algorithm>
#include <array>

#include "cli/editor.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/query/query_text.h"
#include "cli/shell/language_help.h"
#include "cli/suggest.h"
#include "cli/version_text.h"
#include "dlv/completion.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostEdited = 1 << 20;

struct DotCommand {
  const char* name;
  const char* usage;
  const char* help;
  int (*run)(Shell& shell, const std::string& argument);
};

int Refuse(Shell& shell, const std::string& message, const std::string& hint = "") {
  return shell.Report({ErrorCode::kInvalidArgument, message, hint});
}

int ShowResult(Shell& shell, const QueryResult& result) {
  const Status shown = shell.Show(result);
  return shown.ok() ? kExitOk : shell.Report(shown.error());
}

int RunHelp(Shell& shell, const std::string& topic);

int RunModels(Shell& shell, const std::string& glob) {
  ListOptions options;
  if (!glob.empty()) options.model_glob = glob;
  const auto models = shell.repository().ListModels(options);
  if (!models.ok()) return shell.Report(models.error());
  QueryResult result;
  result.columns = {{"name", "text"},      {"versions", "integer"}, {"latest", "version"},
                    {"params", "integer"}, {"metrics", "text"},     {"created", "timestamp"}};
  for (const ModelSummary& model : *models) {
    const VersionSummary& latest = model.latest;
    result.rows.push_back({{model.name},
                           {static_cast<std::int64_t>(model.version_count)},
                           {QueryVersion{latest.id, latest.reference()}},
                           {static_cast<std::int64_t>(latest.parameter_count)},
                           {MetricsText(latest.metrics, 2)},
                           {QueryTime{latest.created}}});
  }
  return ShowResult(shell, result);
}

/// The nodes of a version's network, asked for in the language itself.
int RunLayers(Shell& shell, const std::string& reference) {
  if (reference.empty()) return Refuse(shell, ".layers: want a version", "as in: .layers lenet");
  const auto found = shell.repository().Resolve(reference);
  if (!found.ok()) return shell.Report(found.error());
  const std::string name = found->model + ":v" + std::to_string(found->number);
  QueryParameters parameters;
  const auto rows =
      RunStatement(shell.session(),
                   "select n.name node, n.op, n.shape, n.parameter_count parameters from nodes n "
                   "where n.version.reference = \"" +
                       name + "\" order by n.index",
                   true, parameters, {});
  if (!rows.ok()) return shell.Report(rows.error());
  if (rows->rows.empty()) return shell.Report({ErrorCode::kNotFound, name + " has no network"});
  return ShowResult(shell, *rows);
}

/// The relations with the names of their columns, or one with types and meanings.
int RunSchema(Shell& shell, const std::string& relation) {
  const QueryResult schema = shell.session().Schema();
  std::vector<std::string> names, columns;
  QueryResult chosen;
  chosen.columns.assign(schema.columns.begin() + 1, schema.columns.end());
  for (const auto& row : schema.rows) {
    const std::string name = ValueForPrograms(row.at(0));
    if (names.empty() || names.back() != name) {
      names.push_back(name);
      columns.emplace_back();
    }
    columns.back() += (columns.back().empty() ? "" : ", ") + ValueForPrograms(row.at(1));
    if (name == relation) chosen.rows.emplace_back(row.begin() + 1, row.end());
  }
  if (!chosen.rows.empty()) return ShowResult(shell, chosen);
  if (relation.empty() && shell.mode != QueryMode::kBox) return ShowResult(shell, schema);
  if (!relation.empty()) {
    const std::string guess = DidYouMean(Nearest(relation, names));
    return Refuse(shell, "no relation \"" + relation + "\"",
                  guess.empty() ? ".schema lists them" : guess);
  }
  std::size_t widest = 0;
  for (const std::string& name : names) widest = std::max(widest, name.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    shell.out().Paragraph(PadRight(names[i], widest + 2) + columns[i], widest + 2);
  shell.out().Next(".schema " + (names.empty() ? "versions" : names.front()));
  return kExitOk;
}

std::string JoinModes() {
  std::string names;
  for (const std::string_view name : QueryModeNames())
    names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

int RunMode(Shell& shell, const std::string& name) {
  if (name.empty()) {
    shell.out().Line(NameOf(shell.mode));
    return kExitOk;
  }
  const auto mode = QueryModeFromName(name);
  if (!mode) return Refuse(shell, ".mode: no mode \"" + name + "\"", "there are: " + JoinModes());
  shell.mode = *mode;
  return kExitOk;
}

int Switch(Shell& shell, const char* command, const std::string& word, bool& value) {
  if (word != "on" && word != "off" && !word.empty())
    return Refuse(shell, std::string(command) + ": got \"" + word + "\", want on or off");
  value = word.empty() ? !value : word == "on";
  if (word.empty()) shell.out().Line(std::string(command) + (value ? " on" : " off"));
  return kExitOk;
}
int RunTimer(Shell& shell, const std::string& word) {
  return Switch(shell, ".timer", word, shell.timer);
}
int RunPager(Shell& shell, const std::string& word) {
  return Switch(shell, ".pager", word, shell.pager);
}

int RunOnce(Shell& shell, const std::string& file) {
  if (file.empty()) return Refuse(shell, ".once: want a file", "as in: .once result.csv");
  shell.once = file;
  return kExitOk;
}

int RunRead(Shell& shell, const std::string& file) {
  if (file.empty()) return Refuse(shell, ".read: want a file", "as in: .read queries.dql");
  return shell.ReadFile(file);
}

int RunEdit(Shell& shell, const std::string&) {
  const auto text = [&shell] {
    const LineEditor::Release release;
    return EditText("statement.dql", shell.last_statement + "\n", kMostEdited);
  }();
  if (!text.ok()) return shell.Report(text.error());
  for (const std::string& line : LinesOf(*text)) shell.out().Line(line);
  std::string statement = *text;
  statement.erase(statement.find_last_not_of(" \t\r\n") + 1);
  shell.Remember(statement);
  return shell.RunStatements(statement);
}

int RunQuit(Shell& shell, const std::string&) {
  shell.leaves = true;
  return kExitOk;
}

constexpr std::array<DotCommand, 12> kDotCommands = {{
    {".help", "[WORD]", "this list, or what there is to say about a word", RunHelp},
    {".models", "[GLOB]", "models with their latest versions", RunModels},
    {".layers", "REF", "the nodes of a version's network", RunLayers},
    {".schema", "[RELATION]", "relations and their columns", RunSchema},
    {".mode", "[MODE]", "box, line, json, jsonl, csv or markdown", RunMode},
    {".timer", "[on|off]", "how long each statement took", RunTimer},
    {".pager", "[on|off]", "long results through a pager", RunPager},
    {".once", "FILE", "the next result goes to a file", RunOnce},
    {".read", "FILE", "statements and dot commands from a file", RunRead},
    {".edit", "", "the last statement in the editor, then run it", RunEdit},
    {".quit", "", "leave; so does Ctrl-D", RunQuit},
    {".exit", "", "as .quit", RunQuit},
}};

std::vector<std::string> DotNames() {
  std::vector<std::string> names;
  for (const DotCommand& command : kDotCommands) names.emplace_back(command.name);
  return names;
}

int RunHelp(Shell& shell, const std::string& topic) {
  Output& out = shell.out();
  for (const DotCommand& command : kDotCommands) {
    if (topic != command.name && "." + topic != command.name) continue;
    out.Line(std::string(command.name) + " " + command.usage + "   " + command.help);
    return kExitOk;
  }
  if (!topic.empty()) {
    if (const auto text = LanguageHelp(topic)) {
      out.Text(*text);
      return kExitOk;
    }
    const std::string guess = DidYouMean(Nearest(topic, LanguageTopics()));
    return Refuse(shell, ".help: nothing about \"" + topic + "\"",
                  guess.empty() ? ".help lists what it knows" : guess);
  }
  Table table({{"", Align::kLeft}, {"", Align::kLeft}, {"", Align::kLeft, 0, 12}});
  for (const DotCommand& command : kDotCommands)
    table.AddRow({command.name, command.usage, command.help}, {Paint::kBold});
  out.Print(table);
  out.Paragraph(
      "Keys: Tab completes, Up and Down go through the lines of a statement and through history, "
      "Ctrl-R searches it, Ctrl-C drops what is typed or stops what runs, Ctrl-D leaves. A "
      "statement that begins with a blank is not remembered.",
      0);
  std::string topics;
  for (const std::string& word : LanguageTopics()) topics += (topics.empty() ? "" : ", ") + word;
  out.Paragraph(".help WORD knows: " + topics, 0);
  return kExitOk;
}

/// Cuts ".mode  csv " into ".mode" and "csv".
std::pair<std::string, std::string> CutDot(const std::string& line) {
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::size_t begin = std::min(line.find_first_not_of(" \t", end), line.size());
  const std::size_t last = line.find_last_not_of(" \t;");
  std::string argument = begin <= last && last != std::string::npos
                             ? line.substr(begin, last + 1 - begin)
                             : std::string();
  std::string name = line.substr(0, end);
  while (name.ends_with(';')) name.pop_back();
  return {name, argument};
}

}  // namespace

int RunDotCommand(Shell& shell, const std::string& line) {
  const auto [name, argument] = CutDot(line);
  std::vector<const DotCommand*> begins;  // a part of a name does where it is that of one
  for (const DotCommand& command : kDotCommands) {
    const std::string_view whole = command.name;
    if (whole == name) return command.run(shell, argument);
    if (name.size() > 1 && whole.starts_with(name)) begins.push_back(&command);
  }
  if (begins.size() == 1) return begins.front()->run(shell, argument);
  const std::string guess = DidYouMean(Nearest(name, DotNames()));
  return Refuse(shell, "no command \"" + name + "\"", guess.empty() ? ".help lists them" : guess);
}

namespace {

std::vector<std::string> RelationNames(Shell& shell) {
  std::vector<std::string> names;
  for (const auto& row : shell.session().Schema().rows) {
    std::string name = ValueForPrograms(row.at(0));
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

LineEditor::Completion CompleteDotCommand(Shell& shell, const std::string& line,
                                          std::size_t cursor) {
  const std::string typed = line.substr(0, cursor);
  const std::size_t blank = typed.find_last_of(' ');
  LineEditor::Completion completion;
  std::vector<std::string> words;
  if (blank == std::string::npos) {
    words = DotNames();
  } else {
    completion.begin = blank + 1;
    const std::string word = typed.substr(blank + 1);
    const std::string name = CutDot(typed).first;
    if (name == ".help") {
      words = LanguageTopics();
    } else if (name == ".schema") {
      words = RelationNames(shell);
    } else if (name == ".mode") {
      for (const std::string_view mode : QueryModeNames()) words.emplace_back(mode);
    } else if (name == ".timer" || name == ".pager") {
      words = {"on", "off"};
    } else if (name == ".layers" || name == ".models") {
      auto found = CompleteReference(shell.repository().root(), word);
      if (found.ok()) words = std::move(*found);
    }
  }
  const std::string start = typed.substr(completion.begin);
  for (std::string& word : words) {
    if (word.starts_with(start)) completion.words.push_back(std::move(word));
  }
  if (blank == std::string::npos && completion.words.size() == 1) completion.words.front() += ' ';
  return completion;
}

}  // namespace dlv::cli
