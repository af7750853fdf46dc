// `order by FIGURE limit k`: of weights that surely are not among the first, no more is read than
// shows that.

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

#include "engine/query/analysis.h"
#include "engine/query/execute/figure_bounds.h"
#include "engine/query/execute/node_evaluators.h"
#include "engine/query/execute/operator.h"

namespace dlv::query {
namespace {

/// A place in the order of the first key: numbers, then NaN, then NULL, or NULL first.
struct Edge {
  int rank = 0;
  double number = 0;
  bool operator<(const Edge& other) const {
    return std::tie(rank, number) < std::tie(other.rank, other.number);
  }
};

/// A row that may be among the first.
struct Candidate {
  Frame frame;
  FigureBounds figure;
  Edge low = {}, high = {};
  std::optional<Value> exact = {};
  std::size_t place = 0;  ///< as it came: rows of equal keys keep their order
  List keys = {};
};

class TopOperator final : public Operator {
 public:
  TopOperator(Runtime& runtime, OperatorPtr input, TopPlan plan)
      : Operator(runtime.execution),
        runtime_(runtime),
        plan_(std::move(plan)),
        figure_(*FigureOfOrder(first().value)) {
    AddChild(std::move(input));
  }

 private:
  const BoundOrder& first() const { return plan_.select->order_by[0]; }

  Edge EdgeOf(const Value& value) const {
    if (value.is_null()) return {first().nulls_first ? -1 : 2, 0};
    if (value.is_nan()) return {1, 0};
    return EdgeOf(*value.Number());
  }
  Edge EdgeOf(double number) const { return {0, first().descending ? -number : number}; }

  Status DoOpen(Frame& frame) override {
    candidates_.clear();
    at_ = 0;
    DLV_ASSIGN(const std::size_t limit,
               CountOf(plan_.top.get(), frame, std::numeric_limits<std::size_t>::max()));
    DLV_ASSIGN(const std::size_t offset, CountOf(plan_.skipped.get(), frame, 0));
    most_ = limit + std::min(offset, std::numeric_limits<std::size_t>::max() - limit);
    if (most_ == 0) return Ok();
    DLV_TRY(Collect(frame));
    DLV_TRY(Narrow());
    return Finish();
  }

  /// Reads the rows, the first level of each figure, and forgets those that are surely too late.
  Status Collect(Frame& frame) {
    std::priority_queue<Edge> highs;  // the first most_ of them
    std::size_t next_sweep = 1024;
    DLV_TRY(child().Open(frame));
    List row;
    for (std::size_t place = 0;; ++place) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) return Ok();
      DLV_ASSIGN(Candidate candidate, CandidateOf(frame, place));
      if (highs.size() == most_ && highs.top() < candidate.low) continue;
      highs.push(candidate.high);
      if (highs.size() > most_) highs.pop();
      candidates_.push_back(std::move(candidate));
      DLV_TRY(Execution::KeepRow(candidates_.size()));
      if (candidates_.size() < next_sweep || highs.size() < most_) continue;
      std::erase_if(candidates_, [&](const Candidate& one) { return highs.top() < one.low; });
      next_sweep = 2 * candidates_.size() + 1024;
    }
  }

  Result<Candidate> CandidateOf(Frame& frame, std::size_t place) {
    DLV_ASSIGN(const bool has_member, TakeMember(frame));
    std::vector<Value> operands;
    for (const EvaluatorPtr& operand : plan_.operands) {
      DLV_ASSIGN(Value value, operand->Evaluate(frame));
      operands.push_back(std::move(value));
    }
    Candidate candidate{frame,
                        FigureBounds(runtime_.tensors, figure_.function, std::move(operands))};
    candidate.place = place;
    if (has_member) {
      DLV_TRY(Advance(candidate));
    } else {
      candidate.exact = Value();
      candidate.low = candidate.high = EdgeOf(Value());
    }
    return candidate;
  }
  /// Sets the variable of the figure to the first member; false where there is none.
  Result<bool> TakeMember(Frame& frame) {
    if (plan_.members == nullptr) return true;
    DLV_ASSIGN(const Value members, plan_.members->Evaluate(frame));
    const auto all = MembersOf(members);
    frame[first().value.operands[0].variable] = all.empty() ? Value() : all[0];
    return !all.empty();
  }

  /// Reads a level more, or the figure itself behind the last.
  Status Advance(Candidate& candidate) {
    auto more = candidate.figure.Refine();
    if (!more.ok()) return execution().Failed(first().value.place, std::move(more).error());
    if (!*more) return ReadExact(candidate);
    const Interval& interval = candidate.figure.interval();
    const Edge a = EdgeOf(interval.low), b = EdgeOf(interval.high);
    candidate.low = std::min(a, b);
    candidate.high = std::max(a, b);
    return Ok();
  }
  Status ReadExact(Candidate& candidate) {
    if (candidate.exact) return Ok();
    auto exact = candidate.figure.Exact();
    if (!exact.ok()) return execution().Failed(first().value.place, std::move(exact).error());
    candidate.exact = std::move(*exact);
    candidate.low = candidate.high = EdgeOf(*candidate.exact);
    return Ok();
  }

  /// Reads on where it is not known on which side of the last of the first ones a row stands.
  Status Narrow() {
    for (bool advanced = true; advanced && candidates_.size() > most_;) {
      const Edge last = Nth(&Candidate::high, most_ - 1);
      std::erase_if(candidates_, [&](const Candidate& one) { return last < one.low; });
      if (candidates_.size() <= most_) break;
      const Edge behind = Nth(&Candidate::low, most_);
      advanced = false;
      for (Candidate& one : candidates_) {
        if (one.exact || one.high < behind) continue;
        DLV_TRY(execution().CheckCancelled());
        DLV_TRY(Advance(one));
        advanced = true;
      }
    }
    return Ok();
  }
  Edge Nth(Edge Candidate::*edge, std::size_t place) const {
    std::vector<Edge> edges;
    edges.reserve(candidates_.size());
    for (const Candidate& one : candidates_) edges.push_back(one.*edge);
    const auto nth = edges.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(edges.begin(), nth, edges.end());
    return *nth;
  }

  Status Finish() {
    for (Candidate& one : candidates_) {
      DLV_TRY(ReadExact(one));
      one.keys.push_back(*one.exact);
      for (const EvaluatorPtr& key : plan_.other_keys) {
        DLV_ASSIGN(Value value, key->Evaluate(one.frame));
        one.keys.push_back(std::move(value));
      }
    }
    std::sort(candidates_.begin(), candidates_.end(), [this](const auto& a, const auto& b) {
      const int order = OrderRows(*plan_.select, a.keys, b.keys);
      return order != 0 ? order < 0 : a.place < b.place;
    });
    if (candidates_.size() > most_) {
      candidates_.erase(candidates_.begin() + static_cast<std::ptrdiff_t>(most_),
                        candidates_.end());
    }
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List& row) override {
    row.clear();
    if (at_ == candidates_.size()) return false;
    Candidate& one = candidates_[at_++];
    frame = std::move(one.frame);
    for (const EvaluatorPtr& output : plan_.outputs) {
      DLV_ASSIGN(Value value, output->Evaluate(frame));
      row.push_back(std::move(value));
    }
    for (Value& key : one.keys) row.push_back(std::move(key));
    return true;
  }

  Runtime& runtime_;
  TopPlan plan_;
  const BoundExpression& figure_;
  std::vector<Candidate> candidates_;
  std::size_t most_ = 0, at_ = 0;
};

}  // namespace

const BoundExpression* FigureOfOrder(const BoundExpression& key) {
  const bool is_first = key.kind == ExpressionKind::kFunction && key.function == Function::kFirst;
  const bool of_members = is_first && key.operands[0].kind == ExpressionKind::kMap;
  const BoundExpression& figure = of_members ? key.operands[0].operands[1] : key;
  return IsTensorFigure(figure) && HasBounds(figure.function) ? &figure : nullptr;
}

OperatorPtr MakeTop(Runtime& runtime, OperatorPtr child, TopPlan plan) {
  return std::make_unique<TopOperator>(runtime, std::move(child), std::move(plan));
}

}  // namespace dlv::query
