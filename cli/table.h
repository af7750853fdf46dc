#pragma once
/// \file
/// Tables that fit the terminal.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/style.h"
#include "cli/text.h"

namespace dlv::cli {

enum class Align { kLeft, kRight };

struct Column {
  std::string header;
  Align align = Align::kLeft;
  /// Columns with a rank are left out, highest rank first, when the table does not fit; 0 stays.
  int drop_rank = 0;
  /// The column may be cut down to this many cells; 0: it is never cut.
  std::size_t min_width = 0;
  Cut cut = Cut::kEnd;
};

/// Rows of text under headers. Cells are sanitised as they come in.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  /// Adds a row; missing cells are empty. `styles` colours cells by column; shorter is fine.
  void AddRow(std::vector<std::string> cells, std::vector<Paint> styles = {});

  /// Returns the lines, each ended by '\n', none wider than `width` (0: no limit) where the
  /// columns' minimum widths allow. Columns that are empty in every row are left out without a
  /// word.
  std::string Render(std::size_t width, const Style& style);

  /// Returns the number of columns that the last Render left out for want of room.
  std::size_t hidden_columns() const { return hidden_; }
  std::size_t row_count() const { return rows_.size(); }

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<Paint> styles;
  };
  std::vector<std::size_t> NaturalWidths() const;
  std::size_t WidestCell(std::size_t column, std::size_t width) const;
  std::vector<bool> FitColumns(std::vector<std::size_t>& widths, std::size_t width);
  void AppendLine(std::string& out, const Row& row, const std::vector<std::size_t>& widths,
                  const std::vector<bool>& shown, const Style& style) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
  std::size_t hidden_ = 0;
};

}  // namespace dlv::cli
