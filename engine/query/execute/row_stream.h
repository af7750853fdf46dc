#pragma once
/// \file
/// Rows of a query as they come: what a nested query gives to the one around it.

#include <memory>

#include "dlv/result.h"
#include "engine/query/execute/execution.h"

namespace dlv::query {

/// Can be opened again and again; it then sees the frame's values of that moment.
class RowStream {
 public:
  virtual ~RowStream() = default;
  virtual Status Open(Frame& frame) = 0;
  /// Fills in the outputs of the next row; false at the end.
  virtual Result<bool> Next(Frame& frame, List& row) = 0;
};

}  // namespace dlv::query
