#include <unordered_map>

#include "engine/query/execute/operator.h"

namespace dlv::query {
namespace {

class JoinOperator final : public Operator {
 public:
  JoinOperator(Execution& execution, OperatorPtr left, OperatorPtr right,
               std::vector<EvaluatorPtr> conditions, bool outer,
               std::vector<std::size_t> right_slots)
      : Operator(execution),
        conditions_(std::move(conditions)),
        outer_(outer),
        right_slots_(std::move(right_slots)) {
    AddChild(std::move(left));
    AddChild(std::move(right));
  }

 private:
  Status DoOpen(Frame& frame) override {
    has_left_ = false;
    return child(0).Open(frame);
  }

  Result<bool> DoNext(Frame& frame, List& row) override {
    while (true) {
      if (!has_left_) {
        DLV_ASSIGN(has_left_, child(0).Next(frame, row));
        if (!has_left_) return false;
        matched_ = false;
        DLV_TRY(child(1).Open(frame));
      }
      DLV_ASSIGN(const bool has_right, child(1).Next(frame, row));
      if (!has_right) {
        has_left_ = false;
        if (!outer_ || matched_) continue;
        for (const std::size_t slot : right_slots_) frame[slot] = Value();
        return true;
      }
      DLV_ASSIGN(const bool fits, AllTrue(conditions_, frame));
      if (!fits) continue;
      matched_ = true;
      return true;
    }
  }

  std::vector<EvaluatorPtr> conditions_;
  bool outer_, has_left_ = false, matched_ = false;
  std::vector<std::size_t> right_slots_;
};

class HashTable final : public Operator {
 public:
  HashTable(Execution& execution, OperatorPtr table, std::vector<EvaluatorPtr> build,
            std::vector<EvaluatorPtr> probe, std::vector<std::size_t> slots)
      : Operator(execution),
        build_(std::move(build)),
        probe_(std::move(probe)),
        slots_(std::move(slots)) {
    AddChild(std::move(table));
  }

 private:
  /// Keys with NULL or NaN equal nothing: nothing then.
  static Result<std::optional<List>> KeysOf(const std::vector<EvaluatorPtr>& evaluators,
                                            Frame& frame) {
    List keys;
    for (const EvaluatorPtr& evaluator : evaluators) {
      DLV_ASSIGN(Value key, evaluator->Evaluate(frame));
      if (key.is_null() || key.is_nan()) return std::optional<List>();
      keys.push_back(std::move(key));
    }
    return std::optional(std::move(keys));
  }

  Status Load(Frame frame) {  // a copy: the left row is in the frame
    List row;
    DLV_TRY(child().Open(frame));
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) break;
      DLV_ASSIGN(auto keys, KeysOf(build_, frame));
      if (!keys) continue;
      DLV_TRY(Execution::KeepRow(kept_++));
      List values;
      for (const std::size_t slot : slots_) values.push_back(frame[slot]);
      rows_[std::move(*keys)].push_back(std::move(values));
    }
    loaded_ = true;
    return Ok();
  }

  Status DoOpen(Frame& frame) override {
    if (!loaded_) DLV_TRY(Load(frame));
    at_ = 0;
    found_ = nullptr;
    DLV_ASSIGN(const auto keys, KeysOf(probe_, frame));
    if (!keys) return Ok();
    const auto found = rows_.find(*keys);
    if (found != rows_.end()) found_ = &found->second;
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    if (found_ == nullptr || at_ == found_->size()) return false;
    const List& values = (*found_)[at_++];
    for (std::size_t i = 0; i < slots_.size(); ++i) frame[slots_[i]] = values[i];
    return true;
  }

  std::vector<EvaluatorPtr> build_, probe_;
  std::vector<std::size_t> slots_;
  bool loaded_ = false;
  std::size_t kept_ = 0;
  std::unordered_map<List, std::vector<List>, ValueHash, ValueSame> rows_;
  const std::vector<List>* found_ = nullptr;
  std::size_t at_ = 0;
};

class FilterOperator final : public Operator {
 public:
  FilterOperator(Execution& execution, OperatorPtr input, std::vector<EvaluatorPtr> conditions)
      : Operator(execution), conditions_(std::move(conditions)) {
    AddChild(std::move(input));
  }

 private:
  Status DoOpen(Frame& frame) override { return child().Open(frame); }
  Result<bool> DoNext(Frame& frame, List& row) override {
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) return false;
      DLV_ASSIGN(const bool fits, AllTrue(conditions_, frame));
      if (fits) return true;
    }
  }
  std::vector<EvaluatorPtr> conditions_;
};

}  // namespace

OperatorPtr MakeJoin(Execution& execution, OperatorPtr left, OperatorPtr right,
                     std::vector<EvaluatorPtr> conditions, bool outer,
                     std::vector<std::size_t> right_slots) {
  return std::make_unique<JoinOperator>(execution, std::move(left), std::move(right),
                                        std::move(conditions), outer, std::move(right_slots));
}
OperatorPtr MakeHashTable(Execution& execution, OperatorPtr child, std::vector<EvaluatorPtr> build,
                          std::vector<EvaluatorPtr> probe, std::vector<std::size_t> slots) {
  return std::make_unique<HashTable>(execution, std::move(child), std::move(build),
                                     std::move(probe), std::move(slots));
}
OperatorPtr MakeFilter(Execution& execution, OperatorPtr child,
                       std::vector<EvaluatorPtr> conditions) {
  return std::make_unique<FilterOperator>(execution, std::move(child), std::move(conditions));
}

}  // namespace dlv::query
