#include "cli/query/query_output.h"

#include <algorithm>
#include <array>

#include "cli/human.h"
#include "cli/query/query_text.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::array<std::string_view, 6> kModeNames = {"box",   "line", "json",
                                                        "jsonl", "csv",  "markdown"};

std::string EscapeCsv(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string EscapeMarkdown(const std::string& cell) {
  std::string escaped;
  for (const char c : cell) {
    if (c == '|' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// "lenet:v1: 12 nodes, 9 parameters, 1 input, 1 output"
std::string NetworkText(const QueryNetwork& made) {
  const Network& network = made.network;
  return Sanitize(made.name) + (made.source.empty() ? "" : " from " + Sanitize(made.source)) +
         ": " + Plural(network.nodes.size(), "node") + ", " +
         Plural(network.parameters.size(), "parameter") + ", " +
         Plural(network.inputs.size(), "input") + ", " + Plural(network.outputs.size(), "output");
}

/// "conv1 (Conv) -> relu1 (Relu) -> ...": the nodes in their order, in `width` cells.
std::string NodesText(const Network& network, std::size_t width, Glyphs glyphs) {
  const std::string arrow = glyphs == Glyphs::kBlocks ? " → " : " -> ";
  std::string text;
  for (const NetworkNode& node : network.nodes) {
    text += (text.empty() ? "" : arrow) + Sanitize(node.name) + " (" + Sanitize(node.op) + ")";
    if (width > 0 && DisplayWidth(text) > width) return Elide(text, width);
  }
  return text;
}

std::string FiguresOf(const ExplainLine& line) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (line.rows) {
    add(Plural(*line.rows, "row") +
        (line.estimated_rows ? " (estimated " + HumanNumber(*line.estimated_rows, 3) + ")" : ""));
  } else if (line.estimated_rows) {
    add("about " + HumanNumber(*line.estimated_rows, 3) + " rows");
  }
  if (line.seconds) add(HumanNumber(*line.seconds * 1000, 3) + " ms");
  if (line.read_bytes) add(HumanBytes(*line.read_bytes));
  if (line.planes) add(Plural(*line.planes, "plane"));
  return text;
}

}  // namespace

std::span<const std::string_view> QueryModeNames() { return kModeNames; }

std::optional<QueryMode> QueryModeFromName(std::string_view name) {
  const auto found = std::find(kModeNames.begin(), kModeNames.end(), name);
  if (found == kModeNames.end()) return std::nullopt;
  return static_cast<QueryMode>(found - kModeNames.begin());
}

std::string_view NameOf(QueryMode mode) { return kModeNames[static_cast<std::size_t>(mode)]; }

std::string RenderLines(const QueryResult& result, const QueryView& view) {
  std::size_t width = 0;
  std::vector<std::string> names;
  for (const QueryColumn& column : result.columns) {
    names.push_back(Sanitize(column.name));
    width = std::max(width, DisplayWidth(names.back()));
  }
  std::string text;
  for (const auto& row : result.rows) {
    if (!text.empty()) text += '\n';
    for (std::size_t i = 0; i < row.size() && i < names.size(); ++i) {
      text += view.style(Paint::kDim, PadLeft(names[i], width) + " = ");
      text += Wrap(ValueForPeople(row[i]), view.width, width + 3, width + 3) + "\n";
    }
  }
  return text;
}

Result<QueryMode> ChooseMode(const std::optional<std::string>& given, const Output& out) {
  if (!given) {
    if (out.mode() == OutputMode::kJsonLines) return QueryMode::kJsonLines;
    return out.mode() == OutputMode::kJson ? QueryMode::kJson : QueryMode::kBox;
  }
  if (const auto mode = QueryModeFromName(*given)) return *mode;
  return Error{ErrorCode::kInvalidArgument,
               "--mode: got \"" + *given + "\", want box, line, json, jsonl, csv or markdown"};
}

std::string RenderCsv(const QueryResult& result) {
  std::string text;
  if (result.columns.empty()) return text;
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    text += (i == 0 ? "" : ",") + EscapeCsv(result.columns[i].name);
  text += "\r\n";
  for (const auto& row : result.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += (i == 0 ? "" : ",") + EscapeCsv(ValueForPrograms(row[i]));
    // A line of one empty cell would be no line to most readers.
    text += (line.empty() ? "\"\"" : line) + "\r\n";
  }
  return text;
}

std::string RenderMarkdown(const QueryResult& result) {
  if (result.columns.empty()) return "";
  std::string head = "|", rule = "|", text;
  for (const QueryColumn& column : result.columns) {
    head += " " + EscapeMarkdown(Sanitize(column.name)) + " |";
    rule += IsNumberType(column.type) ? " ---: |" : " --- |";
  }
  for (const auto& row : result.rows) {
    text += "|";
    for (const QueryValue& value : row)
      text += " " + (IsNull(value) ? "" : EscapeMarkdown(ValueForPeople(value))) + " |";
    text += "\n";
  }
  return head + "\n" + rule + "\n" + text;
}

std::string RenderExplain(const QueryResult& result, const QueryView& view) {
  std::string text;
  const bool blocks = view.glyphs == Glyphs::kBlocks;
  for (const ExplainLine& line : result.explain) {
    std::string lead;
    if (line.depth > 0)
      lead =
          std::string(2 * std::min<std::size_t>(line.depth - 1, 40), ' ') + (blocks ? "└ " : "`-");
    const std::string figures = FiguresOf(line);
    const std::size_t indent = DisplayWidth(lead) + 2;
    std::string row = lead + Wrap(Sanitize(line.text), view.width, indent, DisplayWidth(lead));
    if (!figures.empty()) {
      const std::size_t used = DisplayWidth(row.substr(row.rfind('\n') + 1));
      const bool fits = view.width == 0 || used + 3 + DisplayWidth(figures) <= view.width;
      row += fits ? "   " + view.style(Paint::kDim, figures)
                  : "\n" + std::string(indent, ' ') +
                        view.style(Paint::kDim, Wrap(figures, view.width, indent, indent));
    }
    text += row + "\n";
  }
  return text;
}

std::string RenderNetworks(const QueryResult& result, const QueryView& view) {
  std::string text;
  for (const QueryNetwork& made : result.networks) {
    text += Wrap(NetworkText(made), view.width, 2) + "\n";
    const std::size_t room = view.width > 2 ? view.width - 2 : 0;
    if (!made.network.nodes.empty()) {
      text += "  " + view.style(Paint::kDim, NodesText(made.network, room, view.glyphs)) + "\n";
    }
    for (const std::string& note : made.notes) text += "  " + Wrap(Sanitize(note), room, 4) + "\n";
  }
  return text;
}

std::string RenderResult(const QueryResult& result, const QueryView& view) {
  switch (view.mode) {
    case QueryMode::kJson:
      return QueryDocument({&result, 1});
    case QueryMode::kJsonLines:
      return QueryLines(result);
    case QueryMode::kCsv:
      return RenderCsv(result);
    default:
      break;
  }
  std::string text = RenderExplain(result, view) + RenderNetworks(result, view);
  const auto count = [&] {
    return view.style(Paint::kDim, Plural(result.rows.size(), "row")) + "\n";
  };
  // Where networks were made, the rows are these, and have been shown.
  if (!result.columns.empty() && result.explain.empty() && result.networks.empty()) {
    if (view.mode == QueryMode::kMarkdown) {
      text += RenderMarkdown(result);
    } else {
      text += (view.mode == QueryMode::kBox ? RenderBox(result, view) : RenderLines(result, view));
      text += count();
    }
  }
  for (const std::string& reference : result.saved) text += "saved " + Sanitize(reference) + "\n";
  if (!result.message.empty()) text += Wrap(Sanitize(result.message), view.width, 2) + "\n";
  return text;
}

}  // namespace dlv::cli
