#include <optional>

#include "engine/requirement/expression.h"
#include "engine/requirement/tokens.h"

namespace dlv::requirement {
namespace {

struct SymbolEntry {
  Operation operation;
  std::string_view symbol;
};

constexpr SymbolEntry kComparisons[] = {
    {Operation::kLess, "<"},    {Operation::kLessOrEqual, "<="},
    {Operation::kGreater, ">"}, {Operation::kGreaterOrEqual, ">="},
    {Operation::kEqual, "=="},  {Operation::kNotEqual, "!="},
};
constexpr SymbolEntry kSums[] = {{Operation::kAdd, "+"}, {Operation::kSubtract, "-"}};
constexpr SymbolEntry kProducts[] = {{Operation::kMultiply, "*"}, {Operation::kDivide, "/"}};
constexpr SymbolEntry kFunctions[] = {
    {Operation::kAbsolute, "abs"}, {Operation::kMinimum, "min"}, {Operation::kMaximum, "max"}};

using Place = std::uint32_t;

/// One function a rule of the grammar; each returns the place of its node.
class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens) : tokens_(std::move(tokens)) {
    expression_.text = text;
  }

  Result<Expression> Run() {
    DLV_ASSIGN(const Place whole, Or());
    static_cast<void>(whole);  // it is the last node
    if (Now().kind != Token::Kind::kEnd) return Unexpected("an operator or the end");
    return std::move(expression_);
  }

 private:
  const Token& Now() const { return tokens_[at_]; }
  bool IsWord(std::string_view word) const {
    return Now().kind == Token::Kind::kWord && Now().text == word;
  }
  bool IsSymbol(std::string_view symbol) const {
    return Now().kind == Token::Kind::kSymbol && Now().text == symbol;
  }
  Error Unexpected(const std::string& wanted) const {
    const std::string got =
        Now().kind == Token::Kind::kEnd ? "it ends" : "got \"" + Now().text + "\"";
    return SyntaxError(expression_.text, Now().begin, got + ", want " + wanted);
  }

  Result<Place> Add(Node node) {
    if (expression_.nodes.size() == kMaxNodes) {
      return SyntaxError(expression_.text, node.begin, "the requirement has too many parts");
    }
    expression_.nodes.push_back(std::move(node));
    return static_cast<Place>(expression_.nodes.size() - 1);
  }
  Result<Place> Join(Operation operation, Place left, Place right) {
    const auto& nodes = expression_.nodes;
    return Add({operation, nodes[left].begin, nodes[right].end, 0, {}, {}, {left, right}});
  }

  Result<Place> Or() {
    if (depth_ == kMaxDepth) return SyntaxError(expression_.text, Now().begin, "nested too deeply");
    ++depth_;
    DLV_ASSIGN(Place left, And());
    while (IsWord("or")) {
      ++at_;
      DLV_ASSIGN(const Place right, And());
      DLV_ASSIGN(left, Join(Operation::kOr, left, right));
    }
    --depth_;
    return left;
  }

  Result<Place> And() {
    DLV_ASSIGN(Place left, Not());
    while (IsWord("and")) {
      ++at_;
      DLV_ASSIGN(const Place right, Not());
      DLV_ASSIGN(left, Join(Operation::kAnd, left, right));
    }
    return left;
  }

  Result<Place> Not() {
    if (!IsWord("not")) return Comparison();
    return Prefix(Operation::kNot, &Parser::Not);
  }

  /// An operator before its one operand.
  Result<Place> Prefix(Operation operation, Result<Place> (Parser::*operand)()) {
    if (depth_ == kMaxDepth) return SyntaxError(expression_.text, Now().begin, "nested too deeply");
    ++depth_;
    const std::size_t begin = Now().begin;
    ++at_;
    DLV_ASSIGN(const Place inner, (this->*operand)());
    --depth_;
    return Add({operation, begin, expression_.nodes[inner].end, 0, {}, {}, {inner}});
  }

  template <std::size_t N>
  std::optional<Operation> Match(const SymbolEntry (&entries)[N]) const {
    for (const SymbolEntry& entry : entries) {
      if (IsSymbol(entry.symbol)) return entry.operation;
    }
    return std::nullopt;
  }

  Result<Place> Comparison() {
    DLV_ASSIGN(const Place left, Sum());
    const auto operation = Match(kComparisons);
    if (!operation) return left;
    ++at_;
    DLV_ASSIGN(const Place right, Sum());
    if (Match(kComparisons)) {
      return SyntaxError(expression_.text, Now().begin,
                         "comparisons do not chain; join two with \"and\"");
    }
    return Join(*operation, left, right);
  }

  Result<Place> Sum() {
    DLV_ASSIGN(Place left, Product());
    while (const auto operation = Match(kSums)) {
      ++at_;
      DLV_ASSIGN(const Place right, Product());
      DLV_ASSIGN(left, Join(*operation, left, right));
    }
    return left;
  }

  Result<Place> Product() {
    DLV_ASSIGN(Place left, Sign());
    while (const auto operation = Match(kProducts)) {
      ++at_;
      DLV_ASSIGN(const Place right, Sign());
      DLV_ASSIGN(left, Join(*operation, left, right));
    }
    return left;
  }

  Result<Place> Sign() {
    if (IsSymbol("-")) return Prefix(Operation::kNegate, &Parser::Sign);
    if (!IsSymbol("+")) return Primary();
    ++at_;
    return Primary();
  }

  Result<Place> Primary() {
    const Token token = Now();
    switch (token.kind) {
      case Token::Kind::kNumber:
        ++at_;
        return Add({Operation::kNumber, token.begin, token.end, token.number, {}, {}, {}});
      case Token::Kind::kText:
        ++at_;
        return Add({Operation::kText, token.begin, token.end, 0, token.text, {}, {}});
      case Token::Kind::kWord:
      case Token::Kind::kQuotedWord:
        return NameOrCall();
      default:
        break;
    }
    if (!IsSymbol("(")) return Unexpected("a value, a name or \"(\"");
    ++at_;
    DLV_ASSIGN(const Place inner, Or());
    if (!IsSymbol(")")) return Unexpected("\")\"");
    expression_.nodes[inner].begin = token.begin;  // shown with its parentheses
    expression_.nodes[inner].end = Now().end;
    ++at_;
    return inner;
  }

  Result<Place> NameOrCall() {
    const Token first = Now();
    for (const std::string_view word : {"and", "or", "not"}) {
      if (IsWord(word)) return Unexpected("a value, a name or \"(\"");
    }
    ++at_;
    if (IsSymbol("(") && first.kind == Token::Kind::kWord) return Call(first);
    Node node{Operation::kName, first.begin, first.end, 0, {}, {first.text}, {}};
    while (IsSymbol(".")) {
      ++at_;
      const Token& part = Now();
      if (part.kind != Token::Kind::kWord && part.kind != Token::Kind::kQuotedWord) {
        return Unexpected("a name after the dot");
      }
      node.name.push_back(part.text);
      node.end = part.end;
      ++at_;
    }
    return Add(std::move(node));
  }

  Result<Place> Call(const Token& name) {
    Node node{Operation::kNumber, name.begin, name.end, 0, {}, {}, {}};
    for (const SymbolEntry& entry : kFunctions) {
      if (entry.symbol == name.text) node.operation = entry.operation;
    }
    if (node.operation == Operation::kNumber) {
      return SyntaxError(expression_.text, name.begin,
                         "no function \"" + name.text + "\"; there are abs, min and max");
    }
    do {
      ++at_;
      DLV_ASSIGN(const Place operand, Or());
      node.operands.push_back(operand);
    } while (IsSymbol(","));
    if (!IsSymbol(")")) return Unexpected("\",\" or \")\"");
    node.end = Now().end;
    ++at_;
    if (node.operation == Operation::kAbsolute && node.operands.size() != 1) {
      return SyntaxError(expression_.text, name.begin, "abs takes one value");
    }
    return Add(std::move(node));
  }

  Expression expression_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
};

}  // namespace

std::string_view SymbolOf(Operation operation) {
  for (const SymbolEntry& entry : kComparisons) {
    if (entry.operation == operation) return entry.symbol;
  }
  for (const SymbolEntry& entry : kSums) {
    if (entry.operation == operation) return entry.symbol;
  }
  for (const SymbolEntry& entry : kProducts) {
    if (entry.operation == operation) return entry.symbol;
  }
  for (const SymbolEntry& entry : kFunctions) {
    if (entry.operation == operation) return entry.symbol;
  }
  switch (operation) {
    case Operation::kAnd:
      return "and";
    case Operation::kOr:
      return "or";
    case Operation::kNot:
      return "not";
    case Operation::kNegate:
      return "-";
    default:
      return "";
  }
}

Result<Expression> Parse(std::string_view text) {
  if (text.size() > kMaxLength) {
    return Error{ErrorCode::kSyntax, "a requirement has " + std::to_string(text.size()) +
                                         " bytes, at most " + std::to_string(kMaxLength) +
                                         " are taken"};
  }
  DLV_ASSIGN(auto tokens, Tokenize(text));
  return Parser(text, std::move(tokens)).Run();
}

}  // namespace dlv::requirement
