#include "tests/dql/outcome.h"

#include <algorithm>
#include <sstream>
#include <variant>

#include "engine/query/value.h"

namespace dlv::query {
namespace {

std::string TextOf(const QueryValue& value);

struct ValueText {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return FormatReal(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(QueryTime value) const { return FormatTime(value); }
  std::string operator()(const QueryVersion& value) const { return value.reference; }
  std::string operator()(const QueryNode& value) const { return value.name; }
  std::string operator()(const QueryList& values) const {
    std::string text;
    for (const QueryValue& value : values) text += (text.empty() ? "" : ", ") + TextOf(value);
    return "[" + text + "]";
  }
};

std::string TextOf(const QueryValue& value) { return std::visit(ValueText(), value.value); }

std::string NodesOf(const QueryNetwork& network) {
  std::string text = network.name + " of " + network.source + ":";
  for (const NetworkNode& node : network.network.nodes) text += " " + node.name;
  return text;
}

std::vector<std::string> LinesOf(const QueryResult& result) {
  std::vector<std::string> lines;
  if (!result.message.empty()) lines.push_back("message " + result.message);
  for (const ExplainLine& line : result.explain) {
    lines.push_back(std::string(2 * line.depth, ' ') + line.text);
  }
  for (const QueryNetwork& network : result.networks) {
    lines.push_back(NodesOf(network));
    for (const std::string& note : network.notes) lines.push_back("note " + note);
  }
  for (const std::string& reference : result.saved) lines.push_back("saved " + reference);
  if (!result.networks.empty()) return lines;
  for (const auto& row : result.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : " | ") + TextOf(row[i]);
    lines.push_back(line);
  }
  return lines;
}

/// 5, 0.5, "text", true, null, ["a", 2].
QueryValue ValueOf(const std::string& text) {
  if (text == "null") return {};
  if (text == "true" || text == "false") return {text == "true"};
  if (text.starts_with('"')) return {text.substr(1, text.size() - 2)};
  if (text.starts_with('[')) {
    QueryList list;
    std::istringstream items(text.substr(1, text.size() - 2));
    for (std::string item; std::getline(items >> std::ws, item, ',');)
      list.push_back(ValueOf(item));
    return {std::move(list)};
  }
  if (text.find_first_of(".e") == std::string::npos) return {std::int64_t{std::stoll(text)}};
  return {std::stod(text)};
}

/// Runs it with the values of its comments: "-- :limit = 0.9".
Result<QueryResult> RunWithValues(Query& query, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("-- :")) continue;
    const std::size_t sign = line.find(" = ");
    const Status bound = query.Bind(line.substr(4, sign - 4), ValueOf(line.substr(sign + 3)));
    if (!bound.ok()) return bound.error();
  }
  return query.Run();
}

}  // namespace

std::vector<std::string> Outcome(QuerySession& session, const std::string& text) {
  auto query = session.Prepare(text);
  auto result = query.ok() ? RunWithValues(**query, text) : Result<QueryResult>(query.error());
  if (result.ok()) return LinesOf(*result);
  const QueryDiagnostic& diagnostic = session.diagnostic();
  std::string line = "error ";
  if (diagnostic.place && diagnostic.error.message == result.error().message) {
    line += std::to_string(diagnostic.place->line) + ":" +
            std::to_string(diagnostic.place->column) + " ";
  }
  std::string message = result.error().message;
  if (message.starts_with("line ")) message = message.substr(message.find(": ") + 2);
  std::vector<std::string> lines = {line + message};
  if (!result.error().hint.empty()) lines.push_back("hint " + result.error().hint);
  return lines;
}

std::vector<std::string> AsFarAs(const std::vector<std::string>& expected,
                                 std::vector<std::string> lines) {
  if (expected.empty() || !expected[0].starts_with("error")) return lines;
  lines.resize(std::min(lines.size(), expected.size()));
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = lines[i].substr(0, expected[i].size());
  return lines;
}

}  // namespace dlv::query
