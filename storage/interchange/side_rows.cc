// Logs of rows: CSV and JSON lines.

#include <algorithm>
#include <array>
#include <cmath>

#include "storage/interchange/side_readers.h"

namespace dlv::interchange {
namespace {

constexpr std::array<std::string_view, 8> kStepNames = {
    "step", "global_step",          "_step",           "iteration",
    "iter", "time/total_timesteps", "timesteps_total", "epoch"};
constexpr std::size_t kMaxColumns = 1024;
constexpr double kMostSteps = 9e15;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool IsStepName(std::string_view name) {
  return std::find(kStepNames.begin(), kStepNames.end(), name) != kStepNames.end();
}

// Takes the cell at the front of a line of CSV. Quotes are undone.
std::string TakeCell(std::string_view& line, char separator, bool& more) {
  std::string cell;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < line.size() && (quoted || line[i] != separator); ++i) {
    if (line[i] == '"') {
      const bool twice = quoted && i + 1 < line.size() && line[i + 1] == '"';
      if (twice) cell += line[i++];
      if (!twice) quoted = !quoted;
    } else {
      cell += line[i];
    }
  }
  more = i < line.size();
  line.remove_prefix(std::min(i + 1, line.size()));
  return std::string(Trim(cell));
}

std::vector<std::string> Cells(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (bool more = true; more && cells.size() <= kMaxColumns;) {
    cells.push_back(TakeCell(line, separator, more));
  }
  return cells;
}

// Takes the line at the front of the text.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void AddTreeNumbers(const Tree& tree, const TreeNode& dict, const std::string& prefix,
                    unsigned depth, SideRow& row) {
  for (std::size_t i = 0; i + 1 < dict.items.size() && row.size() < kMaxColumns; i += 2) {
    const std::string name = prefix + tree.at(dict.items[i]).text;
    const TreeNode& value = tree.at(dict.items[i + 1]);
    if (const std::optional<double> number = NumberOf(value)) {
      row.emplace_back(name, *number);
    } else if (value.kind == TreeKind::kDict && depth < 4) {
      AddTreeNumbers(tree, value, name + ".", depth + 1, row);
    }
  }
}

}  // namespace

bool AddRow(const SideRow& row, SideCollector& out) {
  const std::pair<std::string, double>* step = nullptr;
  for (const std::string_view wanted : kStepNames) {
    for (const auto& cell : row) {
      if (step == nullptr && cell.first == wanted) step = &cell;
    }
  }
  if (step == nullptr || !(step->second >= 0) || step->second > kMostSteps) return false;
  for (const auto& [name, value] : row) {
    if (!IsStepName(name)) out.AddPoint(name, static_cast<std::int64_t>(step->second), value);
  }
  return true;
}

bool AddTreeRow(const Tree& tree, const TreeNode& dict, SideCollector& out) {
  if (dict.kind != TreeKind::kDict) return false;
  SideRow row;
  AddTreeNumbers(tree, dict, "", 0, row);
  return AddRow(row, out);
}

bool NamedCsv(std::string_view name, std::string_view) {
  if (!name.ends_with(".csv") && !name.ends_with(".tsv")) return false;
  const std::string_view stem = name.substr(0, name.size() - 4);
  return stem == "metrics" || stem == "results" || stem == "progress" || stem == "history" ||
         stem == "log" || stem.ends_with("_log") || stem.ends_with("_metrics") ||
         stem.ends_with("_history");
}

Status ReadCsv(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  std::string_view rest = text;
  const std::string_view header_line = TakeLine(rest);
  const char separator = header_line.find('\t') != std::string_view::npos  ? '\t'
                         : header_line.find(',') == std::string_view::npos ? ';'
                                                                           : ',';
  const std::vector<std::string> header = Cells(header_line, separator);
  if (std::none_of(header.begin(), header.end(), IsStepName)) return Ok();  // no log of a training
  for (std::size_t line = 2; !rest.empty(); ++line) {
    const std::size_t offset = text.size() - rest.size();
    const std::vector<std::string> cells = Cells(TakeLine(rest), separator);
    if (cells.size() > header.size()) {
      return Error{ErrorCode::kCorruption, "CSV, offset " + std::to_string(offset) + ", line " +
                                               std::to_string(line) + ": got " +
                                               std::to_string(cells.size()) + " columns, want " +
                                               std::to_string(header.size())};
    }
    SideRow row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (const auto value = NumberIn(cells[i])) row.emplace_back(header[i], *value);
    }
    AddRow(row, out);
  }
  return Ok();
}

bool NamedJsonLines(std::string_view name, std::string_view) {
  if (name.ends_with(".log.json")) return true;
  if (!name.ends_with(".jsonl")) return false;
  const std::string_view stem = name.substr(0, name.size() - 6);
  for (const std::string_view part : {"log", "metrics", "history"}) {
    if (stem.find(part) != std::string_view::npos) return true;
  }
  return false;
}

Status ReadJsonLines(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::uint64_t offset = text.size() - rest.size();
    const bool last = rest.find('\n') == std::string_view::npos;
    const std::string_view line = Trim(TakeLine(rest));
    if (line.empty()) continue;
    Result<Tree> tree = ParseJson(line, offset);
    if (!tree.ok() && last) break;  // a line that is being written
    if (!tree.ok()) return std::move(tree).error();
    AddTreeRow(*tree, tree->top(), out);
  }
  return Ok();
}

}  // namespace dlv::interchange
