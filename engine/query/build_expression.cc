#include "engine/query/parse_tree.h"

namespace dlv::query {
namespace {

SyntaxExpression Node(SyntaxKind kind, Place place, SyntaxExpressions operands = {}) {
  SyntaxExpression node;
  node.kind = kind;
  node.place = place;
  node.operands = std::move(operands);
  return node;
}

SyntaxExpression Wrap(SyntaxKind kind, Place place, SyntaxExpression operand) {
  SyntaxExpression node = Node(kind, place);
  node.operands.push_back(std::move(operand));
  return node;
}

/// A node over two operands, which covers both.
SyntaxExpression Pair(SyntaxKind kind, SyntaxExpression left, SyntaxExpression right) {
  const Place place{left.place.begin, right.place.end};
  SyntaxExpressions operands;
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  return Node(kind, place, std::move(operands));
}

SyntaxKind OperatorOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual:
      return SyntaxKind::kEqual;
    case TokenKind::kNotEqual:
      return SyntaxKind::kNotEqual;
    case TokenKind::kLess:
      return SyntaxKind::kLess;
    case TokenKind::kLessEqual:
      return SyntaxKind::kLessOrEqual;
    case TokenKind::kGreater:
      return SyntaxKind::kGreater;
    case TokenKind::kGreaterEqual:
      return SyntaxKind::kGreaterOrEqual;
    case TokenKind::kPlus:
      return SyntaxKind::kAdd;
    case TokenKind::kMinus:
      return SyntaxKind::kSubtract;
    case TokenKind::kConcat:
      return SyntaxKind::kConcatenate;
    case TokenKind::kStar:
      return SyntaxKind::kMultiply;
    case TokenKind::kSlash:
      return SyntaxKind::kDivide;
    case TokenKind::kPercent:
      return SyntaxKind::kRemainder;
    default:
      DLV_CHECK(false, "the grammar has no other operators");
  }
}

}  // namespace

SyntaxExpression TreeBuilder::Expression(Grammar::ExpressionContext* tree) {
  const auto parts = tree->conjunction();
  if (parts.size() == 1) return Conjunction(parts.front());
  SyntaxExpression node = Node(SyntaxKind::kOr, PlaceOf(tree));
  for (auto* part : parts) node.operands.push_back(Conjunction(part));
  return node;
}

SyntaxExpression TreeBuilder::Conjunction(Grammar::ConjunctionContext* tree) {
  const auto parts = tree->negation();
  if (parts.size() == 1) return Negation(parts.front());
  SyntaxExpression node = Node(SyntaxKind::kAnd, PlaceOf(tree));
  for (auto* part : parts) node.operands.push_back(Negation(part));
  return node;
}

SyntaxExpression TreeBuilder::Negation(Grammar::NegationContext* tree) {
  if (tree->condition() != nullptr) return Condition(tree->condition());
  return Wrap(SyntaxKind::kNot, PlaceOf(tree), Negation(tree->negation()));
}

SyntaxExpression TreeBuilder::Condition(Grammar::ConditionContext* tree) {
  SyntaxExpression left = Operand(tree->operand());
  if (tree->ALL() != nullptr) {
    left = Wrap(SyntaxKind::kAll, Join(PlaceOf(tree->ALL()), left.place), std::move(left));
  }
  return tree->predicate() == nullptr ? left : Predicate(std::move(left), tree->predicate());
}

SyntaxExpression TreeBuilder::Predicate(SyntaxExpression left, Grammar::PredicateContext* tree) {
  const Place place = Join(left.place, PlaceOf(tree));
  const auto operands = tree->operand();
  SyntaxExpression node = Node(SyntaxKind::kNull, place);
  node.operands.push_back(std::move(left));
  for (auto* operand : operands) node.operands.push_back(Operand(operand));
  node.negated = tree->NOT() != nullptr;
  if (tree->LIKE() != nullptr) {
    node.kind = SyntaxKind::kLike;
  } else if (tree->ILIKE() != nullptr) {
    node.kind = SyntaxKind::kIlike;
  } else if (tree->TILDE() != nullptr) {
    node.kind = SyntaxKind::kMatch;
  } else if (tree->BETWEEN() != nullptr) {
    node.kind = SyntaxKind::kBetween;
  } else if (tree->IN() != nullptr) {
    const bool negated = node.negated;
    node = Membership(std::move(node.operands.front()), tree->members());
    node.place = place;
    node.negated = negated;
  } else if (tree->HAS() != nullptr) {
    node.kind = SyntaxKind::kHas;
    node.operands.push_back(Template(tree->nodeTemplate()));
  } else if (tree->IS() != nullptr) {
    node.kind = tree->NAN_() != nullptr ? SyntaxKind::kIsNan : SyntaxKind::kIsNull;
  } else if (tree->EXISTS() != nullptr) {
    node.kind = SyntaxKind::kIsExists;
  } else {
    node.kind = OperatorOf(KindOf(tree->children.front()));
  }
  return node;
}

SyntaxExpression TreeBuilder::Membership(SyntaxExpression left, Grammar::MembersContext* tree) {
  if (tree->query() != nullptr) {
    SyntaxExpression node = Wrap(SyntaxKind::kInQuery, left.place, std::move(left));
    node.query = Nested(tree->query());
    return node;
  }
  SyntaxExpression members = Node(SyntaxKind::kList, PlaceOf(tree));
  if (tree->list() != nullptr) {
    members = List(tree->list());
  } else if (tree->LPAREN() != nullptr) {
    members.operands = Arguments(tree->arguments());
  } else {
    members = tree->call() != nullptr   ? Call(tree->call())
              : tree->name() != nullptr ? Name(tree->name())
                                        : Leaf(SyntaxKind::kParameter, tree->PARAMETER());
    members = Postfixes(std::move(members), tree->postfix());
  }
  return Pair(SyntaxKind::kIn, std::move(left), std::move(members));
}

SyntaxExpression TreeBuilder::Operand(Grammar::OperandContext* tree) {
  CheckChain(tree->children.size() / 2, PlaceOf(tree));
  SyntaxExpression left;
  TokenKind sign = TokenKind::kNone;
  for (auto* child : tree->children) {
    if (auto* product = dynamic_cast<Grammar::ProductContext*>(child)) {
      left = sign == TokenKind::kNone ? Product(product)
                                      : Pair(OperatorOf(sign), std::move(left), Product(product));
    } else {
      sign = KindOf(child);
    }
  }
  return left;
}

SyntaxExpression TreeBuilder::Product(Grammar::ProductContext* tree) {
  CheckChain(tree->children.size() / 2, PlaceOf(tree));
  SyntaxExpression left;
  TokenKind sign = TokenKind::kNone;
  for (auto* child : tree->children) {
    if (auto* factor = dynamic_cast<Grammar::FactorContext*>(child)) {
      left = sign == TokenKind::kNone ? Factor(factor)
                                      : Pair(OperatorOf(sign), std::move(left), Factor(factor));
    } else {
      sign = KindOf(child);
    }
  }
  return left;
}

SyntaxExpression TreeBuilder::Factor(Grammar::FactorContext* tree) {
  if (tree->primary() != nullptr) return Postfixes(Primary(tree->primary()), tree->postfix());
  const SyntaxKind kind = tree->MINUS() != nullptr ? SyntaxKind::kNegate : SyntaxKind::kPlus;
  return Wrap(kind, PlaceOf(tree), Factor(tree->factor()));
}

SyntaxExpression TreeBuilder::Primary(Grammar::PrimaryContext* tree) {
  if (tree->literal() != nullptr) return Literal(tree->literal());
  if (tree->PARAMETER() != nullptr) return Leaf(SyntaxKind::kParameter, tree->PARAMETER());
  if (tree->list() != nullptr) return List(tree->list());
  if (tree->call() != nullptr) return Call(tree->call());
  if (tree->name() != nullptr) return Name(tree->name());
  if (tree->expression() != nullptr) {
    SyntaxExpression inner = Expression(tree->expression());
    inner.place = PlaceOf(tree);  // with the parentheses
    return inner;
  }
  SyntaxExpression node =
      Node(tree->EXISTS() != nullptr ? SyntaxKind::kExists : SyntaxKind::kSubquery, PlaceOf(tree));
  node.query = Nested(tree->query());
  return node;
}

SyntaxExpression TreeBuilder::Postfixes(SyntaxExpression base,
                                        const std::vector<Grammar::PostfixContext*>& postfixes) {
  if (!postfixes.empty()) CheckChain(postfixes.size(), PlaceOf(postfixes.back()));
  for (auto* postfix : postfixes) base = Postfix(std::move(base), postfix);
  return base;
}

SyntaxExpression TreeBuilder::Postfix(SyntaxExpression base, Grammar::PostfixContext* tree) {
  SyntaxExpression node = Node(SyntaxKind::kMember, Join(base.place, PlaceOf(tree)));
  node.operands.push_back(std::move(base));
  if (tree->STAR() != nullptr) {
    node.kind = SyntaxKind::kReach;
    node.text = tree->NEXT() != nullptr ? "next" : "prev";
    return node;
  }
  if (tree->LBRACKET() != nullptr) {
    node.kind = SyntaxKind::kIndex;
    node.operands.push_back(Expression(tree->expression()));
    return node;
  }
  const SyntaxName name = PlainName(tree->memberName());
  node.text = name.text;
  node.quoted = tree->memberName()->QUOTED() != nullptr;
  if (tree->AT() != nullptr) {
    node.kind = SyntaxKind::kAlias;
    node.quoted = false;
  } else if (tree->LPAREN() != nullptr) {
    node.kind = SyntaxKind::kMethod;
    for (SyntaxExpression& argument : Arguments(tree->arguments())) {
      node.operands.push_back(std::move(argument));
    }
  }
  return node;
}

SyntaxExpression TreeBuilder::Nodes(Grammar::NodesContext* tree) {
  return Postfixes(Name(tree->name()), tree->postfix());
}

SyntaxExpression TreeBuilder::Call(Grammar::CallContext* tree) {
  SyntaxExpression node = Node(SyntaxKind::kCall, PlaceOf(tree));
  node.text = PlainName(tree->name()).text;
  node.distinct = tree->DISTINCT() != nullptr;
  if (tree->STAR() != nullptr) {
    node.operands.push_back(Leaf(SyntaxKind::kStar, tree->STAR()));
  } else {
    node.operands = Arguments(tree->arguments());
  }
  return node;
}

SyntaxExpression TreeBuilder::List(Grammar::ListContext* tree) {
  return Node(SyntaxKind::kList, PlaceOf(tree), Arguments(tree->arguments()));
}

SyntaxExpression TreeBuilder::Literal(Grammar::LiteralContext* tree) {
  auto* leaf = dynamic_cast<antlr4::tree::TerminalNode*>(tree->children.front());
  switch (KindOf(leaf)) {
    case TokenKind::kText:
      return Leaf(SyntaxKind::kText, leaf);
    case TokenKind::kInteger:
      return Leaf(SyntaxKind::kInteger, leaf);
    case TokenKind::kReal:
      return Leaf(SyntaxKind::kReal, leaf);
    case TokenKind::kNull: {
      SyntaxExpression node = Leaf(SyntaxKind::kNull, leaf);
      node.text.clear();
      return node;
    }
    default: {
      SyntaxExpression node = Leaf(SyntaxKind::kBoolean, leaf);
      node.text = KindOf(leaf) == TokenKind::kTrue ? "true" : "false";
      return node;
    }
  }
}

SyntaxExpression TreeBuilder::Template(Grammar::NodeTemplateContext* tree) {
  SyntaxExpression node = Node(SyntaxKind::kCall, PlaceOf(tree));
  node.text = PlainName(tree->name()).text;
  for (auto* argument : tree->templateArgument()) {
    node.operands.push_back(TemplateArgument(argument));
  }
  return node;
}

SyntaxExpression TreeBuilder::TemplateArgument(Grammar::TemplateArgumentContext* tree) {
  SyntaxExpression value;
  if (tree->nodeTemplate() != nullptr) {
    value = Template(tree->nodeTemplate());
  } else if (tree->list() != nullptr) {
    value = List(tree->list());
  } else if (tree->PARAMETER() != nullptr) {
    value = Leaf(SyntaxKind::kParameter, tree->PARAMETER());
  } else {
    value = Literal(tree->literal());
    if (tree->MINUS() != nullptr) {
      value =
          Wrap(SyntaxKind::kNegate, Join(PlaceOf(tree->MINUS()), value.place), std::move(value));
    }
  }
  if (tree->name() == nullptr) return value;
  SyntaxExpression named = Wrap(SyntaxKind::kNamed, PlaceOf(tree), std::move(value));
  named.text = PlainName(tree->name()).text;
  return named;
}

SyntaxExpressions TreeBuilder::Arguments(Grammar::ArgumentsContext* tree) {
  SyntaxExpressions values;
  if (tree == nullptr) return values;
  for (auto* argument : tree->expression()) {
    values.push_back(Expression(argument));
    if (!more_.empty()) AddLeftOut(argument, &values);
  }
  return values;
}

void TreeBuilder::AddLeftOut(Grammar::ExpressionContext* argument,
                             SyntaxExpressions* values) const {
  const auto more = more_.find(IndexOf(argument->getStart()));
  if (more == more_.end()) return;
  for (const Token& token : more->second) {
    SyntaxExpression leaf = Node(token.kind == TokenKind::kText      ? SyntaxKind::kText
                                 : token.kind == TokenKind::kInteger ? SyntaxKind::kInteger
                                                                     : SyntaxKind::kReal,
                                 token.place);
    leaf.text = query::ValueOf(text_, token);
    values->push_back(std::move(leaf));
  }
}

SyntaxExpression TreeBuilder::Name(Grammar::NameContext* tree) {
  SyntaxExpression node = Node(SyntaxKind::kName, PlaceOf(tree));
  node.text = PlainName(tree).text;
  node.quoted = tree->QUOTED() != nullptr;
  return node;
}

}  // namespace dlv::query
