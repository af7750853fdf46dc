#pragma once
/// \file
/// From the engine's values to those that a program gets, and back for the next statement.

#include <memory>
#include <vector>

#include "dlv/query.h"
#include "engine/query/execute/execution.h"

namespace dlv::query {

QueryValue ToPublic(const Snapshot& snapshot, const Value& value);
/// A bound parameter; NULL where it is of a kind that no parameter has.
Value FromPublic(const Snapshot& snapshot, const QueryValue& value);
/// "real", "list(node)", ...: what a column of that type holds in a result.
std::string ResultTypeOf(Type type);
QueryNetwork ToPublic(const Snapshot& snapshot, const MadeNetwork& made);

/// Rows of a result, kept with the state that they belong to, so that a later statement can name
/// them as `_`.
class KeptRows {
 public:
  void Keep(std::shared_ptr<const Snapshot> snapshot,
            std::vector<std::pair<std::string, Type>> columns, std::vector<List> rows,
            std::shared_ptr<GraphCache> graphs);
  bool any() const { return snapshot_ != nullptr; }
  const std::vector<std::pair<std::string, Type>>& columns() const { return columns_; }
  /// The rows as values of another state: versions that are gone are NULL.
  PreviousRows In(const Snapshot& snapshot) const;

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::pair<std::string, Type>> columns_;
  std::vector<List> rows_;
  std::shared_ptr<GraphCache> graphs_;  ///< keeps the networks of nodes among the rows
};

}  // namespace dlv::query
