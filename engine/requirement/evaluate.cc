#include "engine/requirement/evaluate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dlv::requirement {
namespace {

const char* KindOf(const Value& value) {
  if (std::holds_alternative<bool>(value)) return "a truth value";
  return std::holds_alternative<double>(value) ? "a number" : "a text";
}

class Evaluator {
 public:
  Evaluator(const Expression& expression, ValueLookup& lookup)
      : expression_(expression), lookup_(lookup) {}

  /// Nodes stand behind their operands, so one pass in order suffices.
  Result<RequirementResult> Run() {
    result_.text = expression_.text;
    for (const Node& node : expression_.nodes) {
      DLV_ASSIGN(Value value, Compute(node));
      values_.push_back(std::move(value));
    }
    const bool* passed = std::get_if<bool>(&values_.back());
    if (passed == nullptr) {
      return Wrong(expression_.root(),
                   std::string("is ") + KindOf(values_.back()) + ", want a comparison");
    }
    result_.passed = *passed;
    return std::move(result_);
  }

 private:
  Error Wrong(const Node& node, const std::string& why) const {
    return Error{ErrorCode::kInvalidArgument, "requirement \"" + expression_.text + "\": \"" +
                                                  std::string(expression_.TextOf(node)) + "\" " +
                                                  why};
  }
  const Value& Operand(const Node& node, std::size_t index) const {
    return values_[node.operands[index]];
  }

  Result<Value> Compute(const Node& node) {
    switch (node.operation) {
      case Operation::kNumber:
        return Value(node.number);
      case Operation::kText:
        return Value(node.text);
      case Operation::kName:
        return LookUp(node);
      case Operation::kNot:
      case Operation::kAnd:
      case Operation::kOr:
        return Logic(node);
      default:
        return IsComparison(node.operation) ? Compare(node) : Arithmetic(node);
    }
  }

  Result<Value> LookUp(const Node& node) {
    DLV_ASSIGN(Value value, lookup_.Find(node.name));
    std::pair<std::string, std::string> shown(expression_.TextOf(node), TextOf(value));
    auto& all = result_.values;
    if (std::find(all.begin(), all.end(), shown) == all.end()) all.push_back(std::move(shown));
    return value;
  }

  Result<bool> Truth(const Node& node, std::size_t index) const {
    const bool* truth = std::get_if<bool>(&Operand(node, index));
    if (truth != nullptr) return *truth;
    return Wrong(expression_.nodes[node.operands[index]],
                 std::string("is ") + KindOf(Operand(node, index)) + ", want a comparison");
  }

  Result<Value> Logic(const Node& node) {
    DLV_ASSIGN(const bool left, Truth(node, 0));
    if (node.operation == Operation::kNot) return Value(!left);
    DLV_ASSIGN(const bool right, Truth(node, 1));
    return Value(node.operation == Operation::kAnd ? left && right : left || right);
  }

  Result<double> Number(const Node& node, std::size_t index) const {
    const double* number = std::get_if<double>(&Operand(node, index));
    if (number != nullptr) return *number;
    return Wrong(expression_.nodes[node.operands[index]],
                 std::string("is ") + KindOf(Operand(node, index)) + ", want a number");
  }

  Result<Value> Arithmetic(const Node& node) {
    DLV_ASSIGN(double value, Number(node, 0));
    if (node.operation == Operation::kNegate) return Value(-value);
    if (node.operation == Operation::kAbsolute) return Value(std::fabs(value));
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      DLV_ASSIGN(const double next, Number(node, i));
      value = Apply(node.operation, value, next);
    }
    return Value(value);
  }

  static double Apply(Operation operation, double left, double right) {
    switch (operation) {
      case Operation::kAdd:
        return left + right;
      case Operation::kSubtract:
        return left - right;
      case Operation::kMultiply:
        return left * right;
      case Operation::kDivide:
        return left / right;
      default:
        break;
    }
    if (std::isnan(left) || std::isnan(right)) return std::nan("");
    return operation == Operation::kMinimum ? std::fmin(left, right) : std::fmax(left, right);
  }

  template <class T>
  static bool Holds(Operation operation, const T& left, const T& right) {
    switch (operation) {
      case Operation::kLess:
        return left < right;
      case Operation::kLessOrEqual:
        return left <= right;
      case Operation::kGreater:
        return left > right;
      case Operation::kGreaterOrEqual:
        return left >= right;
      case Operation::kEqual:
        return left == right;
      default:
        return left != right;
    }
  }

  Result<Value> Compare(const Node& node) {
    const Value& left = Operand(node, 0);
    const Value& right = Operand(node, 1);
    const bool equality =
        node.operation == Operation::kEqual || node.operation == Operation::kNotEqual;
    if (left.index() != right.index()) {
      return Wrong(node, std::string("compares ") + KindOf(left) + " with " + KindOf(right));
    }
    if (!equality && !std::holds_alternative<double>(left)) {
      return Wrong(node, std::string("orders ") + KindOf(left) + "; only numbers have an order");
    }
    ComparisonResult comparison;
    comparison.text = expression_.TextOf(node);
    comparison.left = TextOf(left);
    comparison.right = TextOf(right);
    comparison.operation = SymbolOf(node.operation);
    comparison.passed = std::visit(
        [&](const auto& value) {
          return Holds(node.operation, value, std::get<std::decay_t<decltype(value)>>(right));
        },
        left);
    const bool passed = comparison.passed;
    result_.comparisons.push_back(std::move(comparison));
    return Value(passed);
  }

  const Expression& expression_;
  ValueLookup& lookup_;
  RequirementResult result_;
  std::vector<Value> values_;
};

}  // namespace

std::string TextOf(const Value& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const std::string* text = std::get_if<std::string>(&value)) return "\"" + *text + "\"";
  char text[64];
  std::snprintf(text, sizeof text, "%.9g", std::get<double>(value));
  return text;
}

Result<RequirementResult> Evaluate(const Expression& expression, ValueLookup& lookup) {
  return Evaluator(expression, lookup).Run();
}

}  // namespace dlv::requirement
