#include "engine/query/parameter_values.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace dlv::query {
namespace {

SyntaxExpression Literal(SyntaxKind kind, std::string text) {
  SyntaxExpression literal;
  literal.kind = kind;
  literal.text = std::move(text);
  return literal;
}

SyntaxExpression Signed(bool negative, SyntaxExpression digits) {
  if (!negative) return digits;
  SyntaxExpression sign;
  sign.kind = SyntaxKind::kNegate;
  sign.operands.push_back(std::move(digits));
  return sign;
}

std::optional<SyntaxExpression> LiteralOf(const QueryValue& value);

/// Writes a value as a literal; nothing where there is none for it.
struct LiteralWriter {
  using Made = std::optional<SyntaxExpression>;
  Made operator()(std::monostate) const { return Literal(SyntaxKind::kNull, ""); }
  Made operator()(bool value) const {
    return Literal(SyntaxKind::kBoolean, value ? "true" : "false");
  }
  Made operator()(std::int64_t value) const {
    const std::string digits = std::to_string(value);
    if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    return Signed(value < 0, Literal(SyntaxKind::kInteger, digits.substr(value < 0 ? 1 : 0)));
  }
  Made operator()(double value) const {
    if (!std::isfinite(value)) return std::nullopt;
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                            std::abs(value), std::chars_format::scientific);
    return Signed(std::signbit(value), Literal(SyntaxKind::kReal, std::string(digits.data(), end)));
  }
  Made operator()(const std::string& value) const { return Literal(SyntaxKind::kText, value); }
  Made operator()(const QueryVersion& value) const {
    return Literal(SyntaxKind::kText, value.reference);
  }
  Made operator()(const QueryTime&) const { return std::nullopt; }
  Made operator()(const QueryNode&) const { return std::nullopt; }
  Made operator()(const QueryList& values) const {
    SyntaxExpression list = Literal(SyntaxKind::kList, "");
    for (const QueryValue& value : values) {
      auto one = LiteralOf(value);
      if (!one) return std::nullopt;
      list.operands.push_back(std::move(*one));
    }
    return list;
  }
};

std::optional<SyntaxExpression> LiteralOf(const QueryValue& value) {
  return std::visit(LiteralWriter(), value.value);
}

void SetPlace(SyntaxExpression& expression, Place place) {
  expression.place = place;
  for (SyntaxExpression& operand : expression.operands) SetPlace(operand, place);
}

class ValueFiller {
 public:
  explicit ValueFiller(const ParameterValues& values) : values_(values) {}

  void Fill(SyntaxQuery& query) const {
    std::visit([this](auto& body) { FillBody(body); }, query.body);
    if (!query.save_as_parameter) return;
    if (const std::string* text = TextOf(query.save_as->text)) {
      query.save_as->text = *text;
      query.save_as_parameter = false;
    }
  }

 private:
  const std::string* TextOf(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : std::get_if<std::string>(&found->second.value);
  }

  void Fill(SyntaxExpression& expression) const {
    if (expression.kind == SyntaxKind::kParameter) {
      const auto found = values_.find(expression.text);
      auto literal = found == values_.end() ? std::nullopt : LiteralOf(found->second);
      if (!literal) return;
      SetPlace(*literal, expression.place);
      expression = std::move(*literal);
      return;
    }
    for (SyntaxExpression& operand : expression.operands) Fill(operand);
    Fill(expression.query);
  }
  void Fill(std::shared_ptr<const SyntaxQuery>& query) const {
    if (query == nullptr) return;
    auto filled = std::make_shared<SyntaxQuery>(*query);
    Fill(*filled);
    query = std::move(filled);
  }
  template <class T>
  void Fill(std::optional<T>& value) const {
    if (value) Fill(*value);
  }
  template <class T>
  void Fill(std::vector<T>& values) const {
    for (T& value : values) Fill(value);
  }
  void Fill(SyntaxItem& item) const { Fill(item.value); }
  void Fill(SyntaxOrder& order) const { Fill(order.value); }
  void Fill(SyntaxSource& source) const {
    if (source.form == SourceForm::kParameter) {
      if (const std::string* text = TextOf(source.text)) {
        source.text = *text;
        source.form = SourceForm::kText;
      }
    }
    Fill(source.call);
    Fill(source.on);
    Fill(source.query);
  }
  void Fill(SyntaxSlice::End& end) const { Fill(end.nodes); }
  void Fill(SyntaxConstruct::Action& action) const {
    Fill(action.target);
    Fill(action.value);
  }
  void Fill(SyntaxEvaluate::Dimension& dimension) const {
    Fill(dimension.path);
    Fill(dimension.list);
  }

  void FillBody(SyntaxSelect& select) const {
    Fill(select.items);
    Fill(select.sources);
    Fill(select.where);
    Fill(select.group_by);
    Fill(select.having);
    Fill(select.order_by);
    Fill(select.limit);
    Fill(select.offset);
  }
  void FillBody(SyntaxSlice& slice) const {
    Fill(slice.sources);
    Fill(slice.where);
    Fill(slice.ends);
  }
  void FillBody(SyntaxConstruct& construct) const {
    Fill(construct.sources);
    Fill(construct.where);
    Fill(construct.actions);
  }
  void FillBody(SyntaxEvaluate& evaluate) const {
    Fill(evaluate.sources);
    Fill(evaluate.where);
    Fill(evaluate.vary);
    Fill(evaluate.keep);
  }
  void FillBody(SyntaxPredict& predict) const {
    Fill(predict.sources);
    Fill(predict.where);
    Fill(predict.order_by);
    Fill(predict.limit);
    Fill(predict.offset);
  }

  const ParameterValues& values_;
};

struct KindWriter {
  std::string operator()(std::monostate) const { return "NULL"; }
  std::string operator()(bool) const { return "boolean"; }
  std::string operator()(std::int64_t) const { return "integer"; }
  std::string operator()(double) const { return "real"; }
  std::string operator()(const std::string&) const { return "text"; }
  std::string operator()(const QueryTime&) const { return "timestamp"; }
  std::string operator()(const QueryVersion&) const { return "version"; }
  std::string operator()(const QueryNode&) const { return "node"; }
  std::string operator()(const QueryList&) const { return "list"; }
};

template <class... Kinds>
bool IsOneOf(const QueryValue& value) {
  return (std::holds_alternative<Kinds>(value.value) || ...);
}

}  // namespace

SyntaxQuery WithValues(const SyntaxQuery& query, const ParameterValues& values) {
  SyntaxQuery filled = query;
  ValueFiller(values).Fill(filled);
  return filled;
}

std::string KindOfValue(const QueryValue& value) { return std::visit(KindWriter(), value.value); }

bool FitsType(const QueryValue& value, Type type) {
  if (IsOneOf<std::monostate>(value)) return true;
  if (type.is_list()) return IsOneOf<QueryList>(value);
  switch (type.kind) {
    case TypeKind::kBoolean:
      return IsOneOf<bool>(value);
    case TypeKind::kInteger:
      return IsOneOf<std::int64_t>(value);
    case TypeKind::kReal:
      return IsOneOf<std::int64_t, double>(value);
    case TypeKind::kText:
      return IsOneOf<std::string>(value);
    case TypeKind::kTimestamp:
      return IsOneOf<QueryTime, std::string>(value);
    case TypeKind::kVersion:
      return IsOneOf<QueryVersion, std::string>(value);
    default:
      return true;
  }
}

}  // namespace dlv::query
