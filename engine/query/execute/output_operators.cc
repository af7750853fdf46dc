#include <algorithm>
#include <limits>
#include <unordered_set>

#include "engine/query/execute/operator.h"

namespace dlv::query {
namespace {

class ProjectOperator final : public Operator {
 public:
  ProjectOperator(Execution& execution, OperatorPtr input, std::vector<EvaluatorPtr> outputs,
                  std::vector<EvaluatorPtr> keys)
      : Operator(execution), values_(std::move(outputs)) {
    for (EvaluatorPtr& key : keys) values_.push_back(std::move(key));
    AddChild(std::move(input));
  }

 private:
  Status DoOpen(Frame& frame) override { return child().Open(frame); }
  Result<bool> DoNext(Frame& frame, List& row) override {
    DLV_ASSIGN(const bool more, child().Next(frame, row));
    row.clear();
    if (!more) return false;
    for (const EvaluatorPtr& value : values_) {
      DLV_ASSIGN(Value one, value->Evaluate(frame));
      row.push_back(std::move(one));
    }
    return true;
  }
  std::vector<EvaluatorPtr> values_;
};

class DistinctOperator final : public Operator {
 public:
  DistinctOperator(Execution& execution, OperatorPtr input) : Operator(execution) {
    AddChild(std::move(input));
  }

 private:
  Status DoOpen(Frame& frame) override {
    seen_.clear();
    return child().Open(frame);
  }
  Result<bool> DoNext(Frame& frame, List& row) override {
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) return false;
      if (!seen_.insert(row).second) continue;
      DLV_TRY(Execution::KeepRow(seen_.size()));
      return true;
    }
  }
  std::unordered_set<List, ValueHash, ValueSame> seen_;
};

class SortOperator final : public Operator {
 public:
  SortOperator(Execution& execution, OperatorPtr input, const BoundSelect& select, EvaluatorPtr top,
               EvaluatorPtr skipped)
      : Operator(execution), select_(select), top_(std::move(top)), skipped_(std::move(skipped)) {
    AddChild(std::move(input));
  }

 private:
  struct Row {
    List values;
    std::size_t place = 0;  ///< as it came: rows of equal keys keep their order
  };

  bool Before(const Row& a, const Row& b) const {
    const std::size_t outputs = select_.outputs.size();
    const int order = OrderRows(select_, std::span(a.values).subspan(outputs),
                                std::span(b.values).subspan(outputs));
    return order != 0 ? order < 0 : a.place < b.place;
  }

  Status DoOpen(Frame& frame) override {
    rows_.clear();
    at_ = 0;
    DLV_ASSIGN(const std::size_t limit,
               CountOf(top_.get(), frame, std::numeric_limits<std::size_t>::max()));
    DLV_ASSIGN(const std::size_t offset, CountOf(skipped_.get(), frame, 0));
    const std::size_t most = limit > std::numeric_limits<std::size_t>::max() - offset
                                 ? std::numeric_limits<std::size_t>::max()
                                 : limit + offset;
    const auto before = [this](const Row& a, const Row& b) { return Before(a, b); };
    DLV_TRY(child().Open(frame));
    Row row;
    for (std::size_t place = 0;; ++place) {
      DLV_ASSIGN(const bool more, child().Next(frame, row.values));
      if (!more) break;
      row.place = place;
      rows_.push_back(row);
      if (top_ == nullptr) {
        DLV_TRY(Execution::KeepRow(rows_.size()));
        continue;
      }
      std::push_heap(rows_.begin(), rows_.end(), before);
      if (rows_.size() <= most) continue;
      std::pop_heap(rows_.begin(), rows_.end(), before);
      rows_.pop_back();
    }
    std::sort(rows_.begin(), rows_.end(), before);
    return Ok();
  }

  Result<bool> DoNext(Frame&, List& row) override {
    if (at_ == rows_.size()) return false;
    row = std::move(rows_[at_++].values);
    return true;
  }

  const BoundSelect& select_;
  EvaluatorPtr top_, skipped_;
  std::vector<Row> rows_;
  std::size_t at_ = 0;
};

class LimitOperator final : public Operator {
 public:
  LimitOperator(Execution& execution, OperatorPtr input, EvaluatorPtr limit, EvaluatorPtr offset,
                Place place)
      : Operator(execution), limit_(std::move(limit)), offset_(std::move(offset)), place_(place) {
    AddChild(std::move(input));
  }

 private:
  Status DoOpen(Frame& frame) override {
    auto limit = CountOf(limit_.get(), frame, std::numeric_limits<std::size_t>::max());
    if (!limit.ok()) return execution().Failed(place_, std::move(limit).error());
    auto offset = CountOf(offset_.get(), frame, 0);
    if (!offset.ok()) return execution().Failed(place_, std::move(offset).error());
    left_ = *limit;
    skip_ = *offset;
    return child().Open(frame);
  }

  Result<bool> DoNext(Frame& frame, List& row) override {
    while (left_ != 0) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) return false;
      if (skip_ != 0) {
        --skip_;
        continue;
      }
      --left_;
      return true;
    }
    return false;
  }

  EvaluatorPtr limit_, offset_;
  Place place_;
  std::size_t left_ = 0, skip_ = 0;
};

}  // namespace

Result<std::size_t> CountOf(Evaluator* evaluator, Frame& frame, std::size_t otherwise) {
  if (evaluator == nullptr) return otherwise;
  DLV_ASSIGN(const Value value, evaluator->Evaluate(frame));
  const auto* count = value.As<std::int64_t>();
  if (count != nullptr && *count >= 0) return static_cast<std::size_t>(*count);
  return Error{ErrorCode::kInvalidArgument, "limit and offset want an integer of at least 0"};
}

int OrderRows(const BoundSelect& select, std::span<const Value> a, std::span<const Value> b) {
  for (std::size_t i = 0; i < select.order_by.size(); ++i) {
    const BoundOrder& order = select.order_by[i];
    const int sign = OrderBy(a[i], b[i], order.descending, order.nulls_first);
    if (sign != 0) return sign;
  }
  return 0;
}

OperatorPtr MakeProject(Execution& execution, OperatorPtr child, std::vector<EvaluatorPtr> outputs,
                        std::vector<EvaluatorPtr> keys) {
  return std::make_unique<ProjectOperator>(execution, std::move(child), std::move(outputs),
                                           std::move(keys));
}
OperatorPtr MakeDistinct(Execution& execution, OperatorPtr child) {
  return std::make_unique<DistinctOperator>(execution, std::move(child));
}
OperatorPtr MakeSort(Execution& execution, OperatorPtr child, const BoundSelect& select,
                     EvaluatorPtr top, EvaluatorPtr skipped) {
  return std::make_unique<SortOperator>(execution, std::move(child), select, std::move(top),
                                        std::move(skipped));
}
OperatorPtr MakeLimit(Execution& execution, OperatorPtr child, EvaluatorPtr limit,
                      EvaluatorPtr offset, Place place) {
  return std::make_unique<LimitOperator>(execution, std::move(child), std::move(limit),
                                         std::move(offset), place);
}

}  // namespace dlv::query
