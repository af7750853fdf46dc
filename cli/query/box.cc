#include <algorithm>
#include <array>
#include <string_view>

#include "cli/query/query_output.h"
#include "cli/query/query_text.h"
#include "cli/text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kLeastCells = 6;  // cells that a cut column keeps
constexpr std::size_t kFrame = 3;  // cells that a column takes beside its text; one more in all
constexpr std::size_t kHidden = static_cast<std::size_t>(-1);

struct BoxSigns {
  std::string_view horizontal, vertical;
  std::array<std::string_view, 3> top, middle, bottom;  // left, between, right
};
constexpr BoxSigns kBlockBox = {"─", "│", {"┌", "┬", "┐"}, {"├", "┼", "┤"}, {"└", "┴", "┘"}};
constexpr BoxSigns kAsciiBox = {"-", "|", {"+", "+", "+"}, {"+", "+", "+"}, {"+", "+", "+"}};

struct BoxColumn {
  std::string name, type;
  std::vector<std::string> cells;
  std::vector<bool> nulls;
  std::size_t width = 0;
  bool right = false;
};

std::vector<BoxColumn> ColumnsOf(const QueryResult& result) {
  std::vector<BoxColumn> columns;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    BoxColumn column;
    column.name = Sanitize(result.columns[i].name);
    column.type = Sanitize(result.columns[i].type);
    column.right = IsNumberType(result.columns[i].type);
    column.width = std::max(DisplayWidth(column.name), DisplayWidth(column.type));
    for (const auto& row : result.rows) {
      column.cells.push_back(i < row.size() ? ValueForPeople(row[i]) : "");
      column.nulls.push_back(i >= row.size() || IsNull(row[i]));
      column.width = std::max(column.width, DisplayWidth(column.cells.back()));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::size_t TotalWidth(const std::vector<BoxColumn>& columns) {
  std::size_t total = 1;
  for (const BoxColumn& column : columns) total += column.width + kFrame;
  return total;
}

/// Cuts the widest columns until the box fits, or no column can be cut any more. Numbers are never
/// cut: a number that is cut is another number.
void Shrink(std::vector<BoxColumn>& columns, std::size_t width) {
  while (TotalWidth(columns) > width) {
    BoxColumn* widest = nullptr;
    for (BoxColumn& column : columns) {
      if (column.right || column.width <= kLeastCells) continue;
      if (widest == nullptr || column.width > widest->width) widest = &column;
    }
    if (widest == nullptr) return;
    --widest->width;
  }
}

/// Puts one column "…" in the place of as many in the middle as need be; returns how many.
std::size_t HideMiddle(std::vector<BoxColumn>& columns, std::size_t width, Glyphs glyphs) {
  std::vector<BoxColumn> least = columns;
  for (BoxColumn& column : least) {
    if (!column.right) column.width = std::min(column.width, kLeastCells);
  }
  if (TotalWidth(least) <= width || columns.size() < 2) return 0;
  std::size_t hidden = 0, at = columns.size() / 2;
  BoxColumn gap;
  gap.name = glyphs == Glyphs::kBlocks ? "…" : "..";
  gap.width = DisplayWidth(gap.name);
  gap.cells.assign(columns.front().cells.size(), gap.name);
  gap.nulls.assign(gap.cells.size(), true);
  while (least.size() > 1 && TotalWidth(least) + gap.width + kFrame > width) {
    at = least.size() / 2;
    least.erase(least.begin() + static_cast<std::ptrdiff_t>(at));
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(at));
    ++hidden;
  }
  columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(at), std::move(gap));
  return hidden;
}

class BoxTable {
 public:
  BoxTable(const std::vector<BoxColumn>& columns, const QueryView& view)
      : columns_(columns),
        style_(view.style),
        signs_(view.glyphs == Glyphs::kBlocks ? kBlockBox : kAsciiBox) {}

  std::string Draw() const {
    std::string text = Rule(signs_.top);
    text += Row([](const BoxColumn& column) { return column.name; }, kHidden, Paint::kBold);
    text += Row([](const BoxColumn& column) { return column.type; }, kHidden, Paint::kDim);
    text += Rule(signs_.middle);
    for (std::size_t row = 0; row < columns_.front().cells.size(); ++row) {
      text += Row([row](const BoxColumn& column) { return column.cells[row]; }, row, Paint::kNone);
    }
    return text + Rule(signs_.bottom);
  }

 private:
  std::string Rule(const std::array<std::string_view, 3>& ends) const {
    std::string line(ends[0]);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      for (std::size_t k = 0; k < columns_[i].width + 2; ++k) line += signs_.horizontal;
      line += i + 1 < columns_.size() ? ends[1] : ends[2];
    }
    return style_(Paint::kDim, line) + "\n";
  }

  template <class CellOf>
  std::string Row(const CellOf& cell_of, std::size_t row, Paint paint) const {
    const std::string bar = style_(Paint::kDim, signs_.vertical);
    std::string line = bar;
    for (const BoxColumn& column : columns_) {
      const std::string text = Elide(cell_of(column), column.width);
      const std::size_t blanks = column.width - std::min(column.width, DisplayWidth(text));
      const bool null = row != kHidden && column.nulls[row];
      line += ' ';
      if (column.right) line.append(blanks, ' ');
      line += style_(null ? Paint::kDim : paint, text);
      if (!column.right) line.append(blanks, ' ');
      line += " " + bar;
    }
    return line + "\n";
  }

  const std::vector<BoxColumn>& columns_;
  const Style& style_;
  const BoxSigns& signs_;
};

}  // namespace

std::string RenderBox(const QueryResult& result, const QueryView& view) {
  std::vector<BoxColumn> columns = ColumnsOf(result);
  if (columns.empty()) return "";
  std::size_t hidden = 0;
  if (view.width > 0) {
    hidden = HideMiddle(columns, view.width, view.glyphs);
    Shrink(columns, view.width);
    if (columns.size() == 1 && TotalWidth(columns) > view.width)
      columns.front().width = view.width > 4 ? view.width - 4 : 1;
  }
  std::string text = BoxTable(columns, view).Draw();
  if (hidden > 0) {
    const std::string note = "(" + std::to_string(hidden) + (hidden == 1 ? " column" : " columns") +
                             " left out for want of room)";
    text += view.style(Paint::kDim, Elide(note, view.width)) + "\n";
  }
  return text;
}

}  // namespace dlv::cli
