#pragma once
/// \file
/// From ANTLR's parse tree to the syntax tree. Included by parse.cc and build_*.cc only.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query/literal_lists.h"
#include "engine/query/syntax_tree.h"
#include "engine/query/tokens.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "grammar/generated/DQL.h"
#pragma GCC diagnostic pop

namespace dlv::query {

using Grammar = dlv_grammar::DQL;

/// One function a rule of the grammar. The tree is one that the parser accepted. What the grammar
/// leaves open (how an action ends, lengths of chains) is checked here; the first problem is kept.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const ShortenedTokens& tokens, const ParseLimits& limits)
      : text_(text), tokens_(tokens.tokens), more_(tokens.more), limits_(limits) {}

  SyntaxStatement Statement(Grammar::StatementContext* tree);
  const std::optional<Error>& error() const { return error_; }
  Place error_place() const { return error_place_; }

 private:
  // build_query.cc
  SyntaxQuery Query(Grammar::QueryContext* tree);
  std::shared_ptr<const SyntaxQuery> Nested(Grammar::QueryContext* tree);
  SyntaxSelect Select(Grammar::SelectContext* tree);
  SyntaxItem Item(Grammar::ItemContext* tree);
  SyntaxOrder Order(Grammar::OrderContext* tree);
  std::vector<SyntaxSource> Sources(Grammar::SourcesContext* tree);
  SyntaxSource Source(Grammar::SourceContext* tree, JoinForm join);
  SyntaxSlice Slice(Grammar::SliceContext* tree);
  SyntaxConstruct Construct(Grammar::ConstructContext* tree);
  SyntaxConstruct::Action Action(Grammar::EditContext* tree);
  SyntaxEvaluate Evaluate(Grammar::EvaluateContext* tree);
  SyntaxPredict Predict(Grammar::PredictContext* tree);
  void Mode(Grammar::PredictContext* tree, SyntaxPredict* predict);
  std::vector<SyntaxSetting> Settings(Grammar::SettingsContext* tree);
  /// The one token that such a part is, as a literal or parameter.
  SyntaxExpression OneToken(antlr4::ParserRuleContext* tree);
  SyntaxEvaluate::Dimension Dimension(Grammar::DimensionContext* tree);
  std::optional<SyntaxName> Alias(Grammar::AliasContext* tree);

  // build_expression.cc
  SyntaxExpression Expression(Grammar::ExpressionContext* tree);
  SyntaxExpression Conjunction(Grammar::ConjunctionContext* tree);
  SyntaxExpression Negation(Grammar::NegationContext* tree);
  SyntaxExpression Condition(Grammar::ConditionContext* tree);
  SyntaxExpression Predicate(SyntaxExpression left, Grammar::PredicateContext* tree);
  SyntaxExpression Membership(SyntaxExpression left, Grammar::MembersContext* tree);
  SyntaxExpression Operand(Grammar::OperandContext* tree);
  SyntaxExpression Product(Grammar::ProductContext* tree);
  SyntaxExpression Factor(Grammar::FactorContext* tree);
  SyntaxExpression Primary(Grammar::PrimaryContext* tree);
  SyntaxExpression Postfixes(SyntaxExpression base,
                             const std::vector<Grammar::PostfixContext*>& postfixes);
  SyntaxExpression Postfix(SyntaxExpression base, Grammar::PostfixContext* tree);
  SyntaxExpression Nodes(Grammar::NodesContext* tree);
  SyntaxExpression Call(Grammar::CallContext* tree);
  SyntaxExpression List(Grammar::ListContext* tree);
  SyntaxExpression Literal(Grammar::LiteralContext* tree);
  SyntaxExpression Template(Grammar::NodeTemplateContext* tree);
  SyntaxExpression TemplateArgument(Grammar::TemplateArgumentContext* tree);
  SyntaxExpressions Arguments(Grammar::ArgumentsContext* tree);
  SyntaxExpression Name(Grammar::NameContext* tree);
  SyntaxName PlainName(antlr4::ParserRuleContext* tree);

  // Tokens and places
  std::size_t IndexOf(const antlr4::Token* token) const { return token->getTokenIndex(); }
  Place PlaceOf(antlr4::ParserRuleContext* tree) const;
  Place PlaceOf(antlr4::tree::TerminalNode* node) const;
  TokenKind KindOf(antlr4::tree::ParseTree* leaf) const;
  std::string ValueOf(antlr4::tree::TerminalNode* node) const;
  static Place Join(Place first, Place last) { return {first.begin, last.end}; }
  SyntaxExpression Leaf(SyntaxKind kind, antlr4::tree::TerminalNode* node) const;
  /// What ShortenLists left out behind an argument.
  void AddLeftOut(Grammar::ExpressionContext* argument, SyntaxExpressions* values) const;
  void CheckChain(std::size_t length, Place place);
  void Fail(Place place, std::string message, std::string hint = {});

  std::string_view text_;
  std::span<const Token> tokens_;
  const std::map<std::size_t, std::vector<Token>>& more_;
  const ParseLimits& limits_;
  std::optional<Error> error_;
  Place error_place_;
};

}  // namespace dlv::query
