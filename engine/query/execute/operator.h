#pragma once
/// \file
/// Operators: rows of a plan, one after the other. An operator below the outputs puts its values
/// into the frame; the outputs and what is above them hand rows on.

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/query/execute/evaluator.h"
#include "engine/query/execute/row_stream.h"

namespace dlv::query {

/// What an operator did, with all that is below it.
struct OperatorReport {
  std::string text;
  double estimated_rows = 0;
  std::uint64_t rows = 0;
  std::uint64_t read_bytes = 0, planes = 0;
  double seconds = 0;
};

class Operator : public RowStream {
 public:
  explicit Operator(Execution& execution) : execution_(execution) {}
  Status Open(Frame& frame) final;
  Result<bool> Next(Frame& frame, List& row) final;

  const OperatorReport& report() const { return report_; }
  const std::vector<std::unique_ptr<Operator>>& children() const { return children_; }
  void Describe(std::string text, double estimated_rows) {
    report_.text = std::move(text);
    report_.estimated_rows = estimated_rows;
  }
  void AddChild(std::unique_ptr<Operator> child) { children_.push_back(std::move(child)); }
  /// Plans of nested queries that this operator runs, for explain; they belong to others.
  const std::vector<const Operator*>& nested() const { return nested_; }
  void ShowNested(const Operator* plan) { nested_.push_back(plan); }

 protected:
  virtual Status DoOpen(Frame& frame) = 0;
  virtual Result<bool> DoNext(Frame& frame, List& row) = 0;
  Operator& child(std::size_t place = 0) { return *children_[place]; }
  Execution& execution() const { return execution_; }

 private:
  class Meter;
  Execution& execution_;
  OperatorReport report_;
  std::vector<std::unique_ptr<Operator>> children_;
  std::vector<const Operator*> nested_;
};
using OperatorPtr = std::unique_ptr<Operator>;

/// Whether all conditions are true.
Result<bool> AllTrue(const std::vector<EvaluatorPtr>& conditions, Frame& frame);

// ---- Sources (source_operators.cc) ----

/// A relation's rows into slot `slot`.
struct ScanPlan {
  const BoundSource* source = nullptr;
  EvaluatorPtr version;  ///< only rows of this version; null: all
  /// Only rows of versions for which all are true; the slot holds the version meanwhile.
  std::vector<EvaluatorPtr> version_conditions;
  const std::vector<std::string>* metrics = nullptr;  ///< only series of these names; null: all
};
OperatorPtr MakeScan(Execution& execution, ScanPlan plan);
/// Versions by lineage, or the elements of a list.
OperatorPtr MakeListSource(Execution& execution, const BoundSource& source,
                           std::vector<EvaluatorPtr> arguments);
/// Rows of a nested query. `keep`: it does not depend on the rows around it.
OperatorPtr MakeQuerySource(Execution& execution, const BoundSource& source,
                            std::unique_ptr<RowStream> rows, bool keep);
OperatorPtr MakeOneRow(Execution& execution);
OperatorPtr MakePreviousSource(Execution& execution, const BoundSource& source);

// ---- Networks that run (predict_operator.cc, evaluate_operator.cc) ----

struct PredictPlan {
  const BoundSource* source = nullptr;
  EvaluatorPtr subject;
  std::vector<EvaluatorPtr> values;      ///< one a setting
  std::vector<EvaluatorPtr> conditions;  ///< on input and truth: only these inputs are answered
};
OperatorPtr MakePredict(Execution& execution, PredictPlan plan);

struct EvaluatePlan {
  const BoundEvaluate* evaluate = nullptr;
  Place place;
  std::vector<EvaluatorPtr> values;               ///< one a setting
  std::vector<std::vector<EvaluatorPtr>> varied;  ///< values of each dimension
};
/// Rows: the network, what varies, data, examples, metrics.
OperatorPtr MakeEvaluate(Execution& execution, OperatorPtr rows, EvaluatePlan plan);

// ---- Joins, filters (join_operators.cc) ----

/// For each row of the left child those of the right one that satisfy the conditions; with `outer`
/// one with NULLs where there is none.
OperatorPtr MakeJoin(Execution& execution, OperatorPtr left, OperatorPtr right,
                     std::vector<EvaluatorPtr> conditions, bool outer,
                     std::vector<std::size_t> right_slots);
/// The child's rows, read once into a table; opened, it gives those whose keys equal `probe`.
OperatorPtr MakeHashTable(Execution& execution, OperatorPtr child, std::vector<EvaluatorPtr> build,
                          std::vector<EvaluatorPtr> probe, std::vector<std::size_t> slots);
OperatorPtr MakeFilter(Execution& execution, OperatorPtr child,
                       std::vector<EvaluatorPtr> conditions);

// ---- Groups (group_operator.cc) ----

struct GroupPlan {
  std::vector<EvaluatorPtr> keys;
  const std::vector<BoundAggregate>* aggregates = nullptr;
  std::vector<EvaluatorPtr> arguments;  ///< one an aggregate; null for count(*)
  GroupSlots slots;
};
OperatorPtr MakeGroup(Execution& execution, OperatorPtr child, GroupPlan plan);

// ---- Outputs (output_operators.cc) ----

/// Rows of outputs, with the keys of `order by` behind them.
OperatorPtr MakeProject(Execution& execution, OperatorPtr child, std::vector<EvaluatorPtr> outputs,
                        std::vector<EvaluatorPtr> keys);
OperatorPtr MakeDistinct(Execution& execution, OperatorPtr child);
/// `outputs` values of a row come before its keys. With a limit it keeps that many rows (and those
/// to be skipped) only.
OperatorPtr MakeSort(Execution& execution, OperatorPtr child, const BoundSelect& select,
                     EvaluatorPtr top, EvaluatorPtr skipped);
/// Less than, equal to or greater than 0, by the keys of `order by`.
int OrderRows(const BoundSelect& select, std::span<const Value> a, std::span<const Value> b);
/// The number that a limit or offset says; `otherwise` without an evaluator.
Result<std::size_t> CountOf(Evaluator* evaluator, Frame& frame, std::size_t otherwise);

/// The first rows by a figure of weights (FigureOfOrder); what MakeProject and MakeSort together
/// give, but figures are read only until it is known which rows are the first.
struct TopPlan {
  const BoundSelect* select = nullptr;
  EvaluatorPtr members;  ///< nodes or tensors, of whose first the figure is; null: of the row
  std::vector<EvaluatorPtr> operands;  ///< of the figure
  std::vector<EvaluatorPtr> outputs;
  std::vector<EvaluatorPtr> other_keys;  ///< all keys but the first
  EvaluatorPtr top, skipped;
};
OperatorPtr MakeTop(Runtime& runtime, OperatorPtr child, TopPlan plan);
/// The figure that a key is: norm(t), or, in first(norm(m["fc"].weight)), that of one member. Null
/// where it is none, or one without bounds.
const BoundExpression* FigureOfOrder(const BoundExpression& key);
// ---- Networks (slice_operator.cc, construct_operator.cc) ----

/// The network of a version or of a made network. Errors: kInvalidArgument (it has none).
Result<GraphView*> SubjectGraph(Execution& execution, const Value& subject, Place place);
/// The error, with the name of what the network belongs to in front.
Error InSubject(const Execution& execution, const Value& subject, Error error);
/// A value of a network that was made from that of `subject`, with its tensors.
Result<Value> MakeNetworkValue(Execution& execution, const std::string& name, const Value& subject,
                               Network network, std::vector<std::string> notes);

/// A row with the network that was cut out, for each row of the child.
OperatorPtr MakeSlice(Execution& execution, OperatorPtr child, const BoundSlice& slice,
                      std::vector<EvaluatorPtr> inputs, std::vector<EvaluatorPtr> outputs);

struct ConstructPlan {
  const BoundConstruct* construct = nullptr;
  EvaluatorPtr where;                 ///< null: none
  std::vector<EvaluatorPtr> targets;  ///< one an action
  std::vector<EvaluatorPtr> nodes;    ///< the same; null: none
  std::vector<EvaluatorPtr> names;    ///< of what is inserted; null: none
};
/// A row with the edited network, for each row of the child that has a binding.
OperatorPtr MakeConstruct(Execution& execution, OperatorPtr child, ConstructPlan plan);

OperatorPtr MakeLimit(Execution& execution, OperatorPtr child, EvaluatorPtr limit,
                      EvaluatorPtr offset, Place place);

}  // namespace dlv::query
