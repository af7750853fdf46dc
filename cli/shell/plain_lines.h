#pragma once
/// \file
/// Lines from a terminal that nothing can be edited on (TERM=dumb, a shell inside of an editor),
/// or where the output goes elsewhere: as the terminal gives them.

#include <string>

#include "cli/shell/line_editor.h"

namespace dlv::cli {

class PlainLines {
 public:
  explicit PlainLines(int file) : file_(file) {}

  /// The next line without its end; what stands after the last newline is a line too.
  LineEditor::Line ReadLine();

 private:
  bool TakeLine(std::string& line);

  int file_;
  std::string read_;  ///< and not given out
  bool ended_ = false;
};

}  // namespace dlv::cli
