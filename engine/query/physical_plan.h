#pragma once
/// \file
/// From a logical plan to operators.

#include <memory>
#include <string>
#include <vector>

#include "dlv/query.h"
#include "engine/query/execute/operator.h"
#include "engine/query/logical_plan.h"

namespace dlv::query {

/// A query ready to run: its plan and the operators made from it.
class PlannedQuery final : public RowStream {
 public:
  PlannedQuery(LogicalPlan plan, OperatorPtr root)
      : plan_(std::move(plan)), root_(std::move(root)) {}
  Status Open(Frame& frame) override { return root_->Open(frame); }
  Result<bool> Next(Frame& frame, List& row) override { return root_->Next(frame, row); }

  const Operator& root() const { return *root_; }
  const std::vector<std::string>& applied() const { return plan_.applied; }

 private:
  friend Result<std::unique_ptr<PlannedQuery>> PlanQuery(Runtime&, const BoundQuery&);
  LogicalPlan plan_;  ///< the operators' conditions belong to it
  OperatorPtr root_;
};

/// Plans a query and those nested in it. The query must outlive the plan.
/// Errors: kUnsupported (evaluate: what varies is of training), kInvalidArgument (a regular
/// expression).
Result<std::unique_ptr<PlannedQuery>> PlanQuery(Runtime& runtime, const BoundQuery& query);

/// The lines of `explain`.
std::vector<ExplainLine> Explain(const PlannedQuery& plan, bool analyzed);

}  // namespace dlv::query
