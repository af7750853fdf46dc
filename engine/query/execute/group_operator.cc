#include <unordered_map>
#include <unordered_set>

#include "engine/query/execute/operator.h"
#include "engine/query/operators.h"

namespace dlv::query {
namespace {

/// One aggregate of one group.
class Aggregate {
 public:
  explicit Aggregate(const BoundAggregate& of) : of_(&of) {}

  /// Errors: kInvalidArgument (a sum of integers overflows).
  Status Add(const Value& given) {
    const bool* const truth = given.As<bool>();  // counts as 0 or 1
    const Value value = truth == nullptr ? given : Value(std::int64_t{*truth ? 1 : 0});
    if (of_->function == AggregateFunction::kCountRows) {
      ++count_;
      return Ok();
    }
    if (value.is_null() || value.is_nan()) return Ok();
    if (of_->distinct && !seen_.insert(value).second) return Ok();
    ++count_;
    switch (of_->function) {
      case AggregateFunction::kAverage:
        real_sum_ += static_cast<long double>(value.Number().value_or(0));
        return Ok();
      case AggregateFunction::kSum:
        return Sum(value);
      case AggregateFunction::kMinimum:
        if (count_ == 1 || Order(value, best_) < 0) best_ = value;
        return Ok();
      case AggregateFunction::kMaximum:
        if (count_ == 1 || Order(value, best_) > 0) best_ = value;
        return Ok();
      default:
        return Ok();
    }
  }

  Value Finish() const {
    switch (of_->function) {
      case AggregateFunction::kCountRows:
      case AggregateFunction::kCount:
        return count_;
      case AggregateFunction::kAverage:
        if (count_ == 0) return {};
        return static_cast<double>(real_sum_ / static_cast<long double>(count_));
      case AggregateFunction::kSum:
        if (count_ == 0) return {};
        return all_integers_ ? Value(integer_sum_) : Value(static_cast<double>(real_sum_));
      default:
        return best_;
    }
  }

 private:
  Status Sum(const Value& value) {
    const auto* integer = value.As<std::int64_t>();
    real_sum_ += static_cast<long double>(value.Number().value_or(0));
    if (integer == nullptr) all_integers_ = false;
    if (!all_integers_) return Ok();
    if (__builtin_add_overflow(integer_sum_, *integer, &integer_sum_)) {
      return Error{ErrorCode::kInvalidArgument, "integer overflow in sum",
                   "sum reals: sum(real(x))"};
    }
    return Ok();
  }

  const BoundAggregate* of_;
  std::int64_t count_ = 0, integer_sum_ = 0;
  long double real_sum_ = 0;
  bool all_integers_ = true;
  Value best_;
  std::unordered_set<Value, ValueHash, ValueSame> seen_;
};

class GroupOperator final : public Operator {
 public:
  GroupOperator(Execution& execution, OperatorPtr input, GroupPlan plan)
      : Operator(execution), plan_(std::move(plan)) {
    AddChild(std::move(input));
  }

 private:
  struct Group {
    List keys;
    std::vector<Aggregate> aggregates;
  };

  Status DoOpen(Frame& frame) override {
    groups_.clear();
    places_.clear();
    at_ = 0;
    DLV_TRY(child().Open(frame));
    List row;
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) break;
      DLV_TRY(AddRow(frame));
    }
    if (groups_.empty() && plan_.keys.empty()) NewGroup({});
    return Ok();
  }

  Status AddRow(Frame& frame) {
    List keys;
    for (const EvaluatorPtr& key : plan_.keys) {
      DLV_ASSIGN(Value value, key->Evaluate(frame));
      keys.push_back(std::move(value));
    }
    const auto known = places_.find(keys);
    if (known == places_.end()) DLV_TRY(Execution::KeepRow(groups_.size()));
    const std::size_t place = known == places_.end() ? NewGroup(std::move(keys)) : known->second;
    std::vector<Aggregate>& aggregates = groups_[place].aggregates;
    for (std::size_t i = 0; i < aggregates.size(); ++i) {
      Value value;
      if (plan_.arguments[i] != nullptr) {
        DLV_ASSIGN(value, plan_.arguments[i]->Evaluate(frame));
      }
      auto added = aggregates[i].Add(value);
      if (!added.ok()) {
        return execution().Failed((*plan_.aggregates)[i].place, std::move(added).error());
      }
    }
    return Ok();
  }

  std::size_t NewGroup(List keys) {
    const std::size_t place = groups_.size();
    places_.emplace(keys, place);
    Group& group = groups_.emplace_back();
    group.keys = std::move(keys);
    for (const BoundAggregate& aggregate : *plan_.aggregates) {
      group.aggregates.emplace_back(aggregate);
    }
    return place;
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    if (at_ == groups_.size()) return false;
    const Group& group = groups_[at_++];
    for (std::size_t i = 0; i < group.keys.size(); ++i) {
      frame[plan_.slots.keys + i] = group.keys[i];
    }
    for (std::size_t i = 0; i < group.aggregates.size(); ++i) {
      frame[plan_.slots.aggregates + i] = group.aggregates[i].Finish();
    }
    return true;
  }

  GroupPlan plan_;
  std::vector<Group> groups_;
  std::unordered_map<List, std::size_t, ValueHash, ValueSame> places_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr MakeGroup(Execution& execution, OperatorPtr child, GroupPlan plan) {
  return std::make_unique<GroupOperator>(execution, std::move(child), std::move(plan));
}

}  // namespace dlv::query
