#include <algorithm>
#include <charconv>

#include "engine/network/families.h"
#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

using network::TemplateValue;

std::optional<double> NumberOf(const SyntaxExpression& value) {
  const bool negative = value.kind == SyntaxKind::kNegate;
  const SyntaxExpression& digits = negative ? value.operands[0] : value;
  if (digits.kind != SyntaxKind::kInteger && digits.kind != SyntaxKind::kReal) return std::nullopt;
  double number = 0;
  std::from_chars(digits.text.data(), digits.text.data() + digits.text.size(), number);
  return negative ? -number : number;
}

std::optional<std::int64_t> WholeOf(const SyntaxExpression& value) {
  const bool negative = value.kind == SyntaxKind::kNegate;
  const SyntaxExpression& digits = negative ? value.operands[0] : value;
  if (digits.kind != SyntaxKind::kInteger) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(digits.text.data(), digits.text.data() + digits.text.size(), number);
  return negative ? -number : number;
}

std::optional<TemplateValue> ListOf(const SyntaxExpression& list) {
  std::vector<std::int64_t> wholes;
  std::vector<double> reals;
  for (const SyntaxExpression& one : list.operands) {
    const auto number = NumberOf(one);
    if (!number) return std::nullopt;
    reals.push_back(*number);
    if (const auto whole = WholeOf(one)) wholes.push_back(*whole);
  }
  if (wholes.size() == reals.size()) return wholes;
  return reals;
}

/// "normal(0, 0.02, seed = 7)" as text.
std::optional<TemplateValue> ValueOf(const SyntaxExpression& value) {
  switch (value.kind) {
    case SyntaxKind::kText:
      return value.text;
    case SyntaxKind::kBoolean:
      return std::int64_t{value.text == "true"};
    case SyntaxKind::kList:
      return ListOf(value);
    case SyntaxKind::kCall:
      return Print(value);
    default:
      break;
  }
  if (const auto whole = WholeOf(value)) return *whole;
  if (const auto number = NumberOf(value)) return *number;
  return std::nullopt;
}

bool HasParameter(const SyntaxExpression& value) {
  return value.kind == SyntaxKind::kParameter ||
         std::any_of(value.operands.begin(), value.operands.end(), HasParameter);
}

/// The text that became the name: the first by place that is no kind, or the one by that key.
const SyntaxExpression* NameArgument(const SyntaxExpression& call, const std::string& name) {
  for (const SyntaxExpression& argument : call.operands) {
    const bool named = argument.kind == SyntaxKind::kNamed;
    const SyntaxExpression& value = named ? argument.operands[0] : argument;
    if (value.kind == SyntaxKind::kText && value.text == name) return &value;
  }
  return nullptr;
}

}  // namespace

void Binder::NoteTemplateParameters(const SyntaxExpression& value) {
  if (value.kind == SyntaxKind::kParameter) NoteShaping(value.text, kAnyType, value.place);
  for (const SyntaxExpression& operand : value.operands) NoteTemplateParameters(operand);
}

/// A template of the family, for as long as its arguments are not known.
std::shared_ptr<const BoundTemplate> Binder::StandInTemplate(const SyntaxExpression& call,
                                                             bool insert) {
  NoteTemplateParameters(call);
  BoundTemplate made;
  made.place = call.place;
  made.checked.family = Folded(call.text);
  if (insert) {
    made.checked.name = "new";
    made.name = MakeConstant(std::string("new"), kTextType, call.place);
  }
  return std::make_shared<const BoundTemplate>(std::move(made));
}

Result<std::shared_ptr<const BoundTemplate>> Binder::BindTemplate(const SyntaxExpression& call,
                                                                  bool insert, Scope* scope) {
  if (!network::FindFamily(call.text)) {
    std::vector<std::string> known;
    for (const std::string_view family : network::FamilyNames()) known.emplace_back(family);
    return Unknown(call.place, "no template \"" + call.text + "\"", DidYouMean(call.text, known));
  }
  if (HasParameter(call)) return StandInTemplate(call, insert);
  std::vector<network::TemplateArgument> arguments;
  for (const SyntaxExpression& argument : call.operands) {
    const bool named = argument.kind == SyntaxKind::kNamed;
    const SyntaxExpression& value = named ? argument.operands[0] : argument;
    auto read = ValueOf(value);
    if (!read) {
      return Wrong(value.place,
                   "an argument of a template is a text, a number or a list of numbers");
    }
    arguments.push_back({named ? argument.text : "", std::move(*read)});
  }
  auto checked = network::MakeTemplate(call.text, arguments);
  if (!checked.ok()) {
    return Fail(call.place, checked.error().code, checked.error().message, checked.error().hint);
  }
  BoundTemplate made;
  made.checked = std::move(*checked);
  made.place = call.place;
  if (!made.checked.name) {
    if (insert) {
      return Wrong(call.place, "a new node without a name", call.text + "(\"name\")");
    }
    return std::make_shared<const BoundTemplate>(std::move(made));
  }
  const SyntaxExpression* const name = NameArgument(call, *made.checked.name);
  const Place place = name != nullptr ? name->place : call.place;
  DLV_ASSIGN(made.name, BindCapturedText(*made.checked.name, place, scope));
  const std::string* const constant = ConstantText(*made.name);
  if (!insert && constant != nullptr) {
    std::size_t at = 0;
    auto pattern = Selector::Compile(*constant, &at);
    if (!pattern.ok()) return Fail(place, pattern.error().code, pattern.error().message);
    made.pattern = std::make_shared<const Selector>(std::move(*pattern));
  }
  return std::make_shared<const BoundTemplate>(std::move(made));
}

}  // namespace dlv::query
