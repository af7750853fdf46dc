#include "cli/table.h"

#include <algorithm>
#include <utility>

namespace dlv::cli {
namespace {

constexpr std::size_t kGap = 2;  // blanks between columns

std::size_t TotalWidth(const std::vector<std::size_t>& widths, const std::vector<bool>& shown) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (shown[i]) total += widths[i] + (total > 0 ? kGap : 0);
  }
  return total;
}

// Cuts the widest columns down, cell by cell, until the table fits or no column is above its
// minimum.
void Shrink(std::vector<std::size_t>& widths, const std::vector<std::size_t>& minima,
            const std::vector<bool>& shown, std::size_t width) {
  while (TotalWidth(widths, shown) > width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!shown[i] || widths[i] <= minima[i]) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
  }
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::AddRow(std::vector<std::string> cells, std::vector<Paint> styles) {
  cells.resize(columns_.size());
  styles.resize(columns_.size(), Paint::kNone);
  for (std::string& cell : cells) cell = Sanitize(cell);
  rows_.push_back({std::move(cells), std::move(styles)});
}

std::vector<std::size_t> Table::NaturalWidths() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row.cells[i]));
    }
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (widths[i] > 0 || rows_.empty())
      widths[i] = std::max(widths[i], DisplayWidth(columns_[i].header));
  }
  return widths;
}

// Cuts columns down (widest first) until the table fits; columns that would still not fit are left
// out, and what that frees is given back to the others.
std::vector<bool> Table::FitColumns(std::vector<std::size_t>& widths, std::size_t width) {
  std::vector<bool> shown(columns_.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = widths[i] > 0;
  hidden_ = 0;
  const std::vector<std::size_t> natural = widths;
  const auto least = [&](std::size_t i) {
    return columns_[i].min_width == 0 ? natural[i] : std::min(natural[i], columns_[i].min_width);
  };
  std::vector<std::size_t> minima(widths.size());
  for (std::size_t i = 0; i < widths.size(); ++i) minima[i] = least(i);
  while (TotalWidth(minima, shown) > width) {
    std::size_t victim = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool droppable = shown[i] && columns_[i].drop_rank > 0;
      if (droppable &&
          (victim == widths.size() || columns_[i].drop_rank > columns_[victim].drop_rank))
        victim = i;
    }
    if (victim == widths.size()) break;
    shown[victim] = false;
    ++hidden_;
  }
  Shrink(widths, minima, shown, width);
  // A column cut between its parts may need less than it was given: the others get what is left.
  std::vector<std::size_t> retry = natural;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (columns_[i].cut == Cut::kParts && shown[i]) retry[i] = WidestCell(i, widths[i]);
    minima[i] = std::min(minima[i], retry[i]);
  }
  Shrink(retry, minima, shown, width);
  widths = retry;
  return shown;
}

// Returns the width of the widest cell of the column when cut to `width`.
std::size_t Table::WidestCell(std::size_t column, std::size_t width) const {
  std::size_t widest = std::min(width, DisplayWidth(columns_[column].header));
  for (const Row& row : rows_) {
    widest = std::max(widest, DisplayWidth(Elide(row.cells[column], width, columns_[column].cut)));
  }
  return widest;
}

void Table::AppendLine(std::string& out, const Row& row, const std::vector<std::size_t>& widths,
                       const std::vector<bool>& shown, const Style& style) const {
  std::size_t pending = 0;  // blanks are written only before text, so that no line ends in them
  bool first = true;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!shown[i]) continue;
    if (!first) pending += kGap;
    first = false;
    const std::string text = Elide(row.cells[i], widths[i], columns_[i].cut);
    const std::size_t padding = widths[i] - std::min(widths[i], DisplayWidth(text));
    if (columns_[i].align == Align::kRight) pending += padding;
    if (!text.empty()) {
      out.append(std::exchange(pending, 0), ' ');
      out += style(row.styles[i], text);
    }
    if (columns_[i].align == Align::kLeft) pending += padding;
  }
  out += '\n';
}

std::string Table::Render(std::size_t width, const Style& style) {
  std::vector<std::size_t> widths = NaturalWidths();
  std::vector<bool> shown(columns_.size());
  for (std::size_t i = 0; i < shown.size(); ++i) shown[i] = widths[i] > 0;
  hidden_ = 0;
  if (width > 0) shown = FitColumns(widths, width);

  Row header;
  for (const Column& column : columns_) {
    header.cells.push_back(column.header);
    header.styles.push_back(Paint::kDim);
  }
  std::string out;
  const bool has_header = std::any_of(columns_.begin(), columns_.end(),
                                      [](const Column& c) { return !c.header.empty(); });
  if (has_header) AppendLine(out, header, widths, shown, style);
  for (const Row& row : rows_) AppendLine(out, row, widths, shown, style);
  return out;
}

}  // namespace dlv::cli
