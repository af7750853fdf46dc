#include <set>

#include "cli/json_values.h"
#include "cli/query/query_output.h"
#include "cli/query/query_text.h"

namespace dlv::cli {
namespace {

struct ToJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool flag) const { return flag; }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(double number) const { return NumberOf(number); }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const QueryTime& time) const { return IsoTime(time.seconds); }
  Json operator()(const QueryVersion& version) const {
    return {{"reference", version.reference}, {"id", version.id.Hex()}};
  }
  Json operator()(const QueryNode& node) const {
    return {{"version", node.version.empty() ? Json(nullptr) : Json(node.version)},
            {"node", node.name},
            {"op", node.op}};
  }
  Json operator()(const QueryList& list) const {
    Json array = Json::array();
    for (const QueryValue& item : list) array.push_back(std::visit(*this, item.value));
    return array;
  }
};

/// Names of the columns, each once: "name", "name_2".
std::vector<std::string> KeysOf(const QueryResult& result) {
  std::vector<std::string> keys;
  std::set<std::string> taken;
  for (const QueryColumn& column : result.columns) {
    std::string key = column.name;
    for (int i = 2; !taken.insert(key).second; ++i) key = column.name + "_" + std::to_string(i);
    keys.push_back(key);
  }
  return keys;
}

Json RowOf(const std::vector<QueryValue>& row, const std::vector<std::string>& keys) {
  Json object = Json::object();
  for (std::size_t i = 0; i < row.size() && i < keys.size(); ++i)
    object[keys[i]] = std::visit(ToJson(), row[i].value);
  return object;
}

Json ValueOf(const QueryNetwork& made) {
  Json nodes = Json::array(), inputs = Json::array(), outputs = Json::array();
  for (const NetworkNode& node : made.network.nodes)
    nodes.push_back({{"name", node.name}, {"op", node.op}});
  for (const NetworkValue& input : made.network.inputs) inputs.push_back(input.name);
  for (const NetworkOutput& output : made.network.outputs) outputs.push_back(output.name);
  return {{"name", made.name},  {"source", made.source},   {"nodes", nodes},     {"inputs", inputs},
          {"outputs", outputs}, {"tensors", made.tensors}, {"notes", made.notes}};
}

Json ValueOf(const ExplainLine& line) {
  return {{"depth", line.depth},
          {"text", line.text},
          {"estimated_rows", OrNull(line.estimated_rows)},
          {"rows", OrNull(line.rows)},
          {"seconds", OrNull(line.seconds)},
          {"read_bytes", OrNull(line.read_bytes)},
          {"planes", OrNull(line.planes)}};
}

Json ValueOf(const QueryResult& result) {
  const std::vector<std::string> keys = KeysOf(result);
  Json columns = Json::array(), rows = Json::array(), networks = Json::array();
  Json explain = Json::array();
  for (std::size_t i = 0; i < keys.size(); ++i)
    columns.push_back({{"name", keys[i]}, {"type", result.columns[i].type}});
  for (const auto& row : result.rows) rows.push_back(RowOf(row, keys));
  for (const QueryNetwork& network : result.networks) networks.push_back(ValueOf(network));
  for (const ExplainLine& line : result.explain) explain.push_back(ValueOf(line));
  return {{"columns", columns},
          {"rows", rows},
          {"networks", networks},
          {"saved", result.saved},
          {"explain", explain},
          {"message", result.message.empty() ? Json(nullptr) : Json(result.message)},
          {"warnings", result.warnings}};
}

}  // namespace

std::string QueryDocument(std::span<const QueryResult> results) {
  Json items = Json::array();
  for (const QueryResult& result : results) items.push_back(ValueOf(result));
  Json object = Json::object();
  object["results"] = std::move(items);
  return Render(object, OutputMode::kJson);
}

std::string QueryLines(const QueryResult& result) {
  const std::vector<std::string> keys = KeysOf(result);
  std::string lines;
  for (const auto& row : result.rows) lines += Render(RowOf(row, keys), OutputMode::kJsonLines);
  return lines;
}

}  // namespace dlv::cli
