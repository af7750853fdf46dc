#include <charconv>

#include "engine/query/parse_tree.h"
#include "engine/query/text_case.h"

namespace dlv::query {

Place TreeBuilder::PlaceOf(antlr4::ParserRuleContext* tree) const {
  return Join(tokens_[IndexOf(tree->getStart())].place, tokens_[IndexOf(tree->getStop())].place);
}

Place TreeBuilder::PlaceOf(antlr4::tree::TerminalNode* node) const {
  return tokens_[IndexOf(node->getSymbol())].place;
}

TokenKind TreeBuilder::KindOf(antlr4::tree::ParseTree* leaf) const {
  auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(leaf);
  return node == nullptr ? TokenKind::kNone : tokens_[IndexOf(node->getSymbol())].kind;
}

std::string TreeBuilder::ValueOf(antlr4::tree::TerminalNode* node) const {
  return query::ValueOf(text_, tokens_[IndexOf(node->getSymbol())]);
}

SyntaxExpression TreeBuilder::Leaf(SyntaxKind kind, antlr4::tree::TerminalNode* node) const {
  SyntaxExpression leaf;
  leaf.kind = kind;
  leaf.place = PlaceOf(node);
  if (kind != SyntaxKind::kStar) leaf.text = ValueOf(node);
  return leaf;
}

SyntaxName TreeBuilder::PlainName(antlr4::ParserRuleContext* tree) {
  const Token& token = tokens_[IndexOf(tree->getStart())];
  return {query::ValueOf(text_, token), token.place};
}

void TreeBuilder::CheckChain(std::size_t length, Place place) {
  if (length <= limits_.max_depth) return;
  Fail(place, "more than " + std::to_string(limits_.max_depth) + " operators in a row");
}

void TreeBuilder::Fail(Place place, std::string message, std::string hint) {
  if (error_) return;
  error_ = Error{ErrorCode::kSyntax, std::move(message), std::move(hint)};
  error_place_ = place;
}

SyntaxStatement TreeBuilder::Statement(Grammar::StatementContext* tree) {
  SyntaxStatement statement;
  if (auto* explain = tree->explain()) {
    statement.explain = explain->ANALYZE() != nullptr ? ExplainForm::kAnalyze : ExplainForm::kPlan;
  }
  if (auto* create = tree->createQuery()) {
    statement.form = StatementForm::kCreateQuery;
    statement.name = PlainName(create->name());
    statement.replace = create->REPLACE() != nullptr;
    statement.query = Query(create->query());
  } else if (auto* drop = tree->dropQuery()) {
    statement.form = StatementForm::kDropQuery;
    statement.name = PlainName(drop->name());
    statement.if_exists = drop->EXISTS() != nullptr;
  } else {
    statement.query = Query(tree->query());
  }
  return statement;
}

SyntaxQuery TreeBuilder::Query(Grammar::QueryContext* tree) {
  SyntaxQuery query;
  query.place = PlaceOf(tree);
  if (auto* select = tree->select()) {
    query.body = Select(select);
  } else if (auto* slice = tree->slice()) {
    query.body = Slice(slice);
  } else if (auto* construct = tree->construct()) {
    query.body = Construct(construct);
  } else if (auto* evaluate = tree->evaluate()) {
    query.body = Evaluate(evaluate);
  } else {
    query.body = Predict(tree->predict());
  }
  auto* const written = tree->TEXT() != nullptr ? tree->TEXT() : tree->PARAMETER();
  if (written != nullptr) query.save_as = {ValueOf(written), PlaceOf(written)};
  query.save_as_parameter = tree->PARAMETER() != nullptr;
  if (tree->name() != nullptr) query.save_as = PlainName(tree->name());
  return query;
}

std::shared_ptr<const SyntaxQuery> TreeBuilder::Nested(Grammar::QueryContext* tree) {
  return std::make_shared<const SyntaxQuery>(Query(tree));
}

SyntaxSelect TreeBuilder::Select(Grammar::SelectContext* tree) {
  SyntaxSelect select;
  select.distinct = tree->DISTINCT() != nullptr;
  for (auto* item : tree->item()) select.items.push_back(Item(item));
  if (tree->sources() != nullptr) select.sources = Sources(tree->sources());
  if (tree->where != nullptr) select.where = Expression(tree->where);
  select.group_by = Arguments(tree->arguments());
  if (tree->having != nullptr) select.having = Expression(tree->having);
  for (auto* order : tree->order()) select.order_by.push_back(Order(order));
  if (tree->limit != nullptr) select.limit = Operand(tree->limit);
  if (tree->offset != nullptr) select.offset = Operand(tree->offset);
  return select;
}

SyntaxItem TreeBuilder::Item(Grammar::ItemContext* tree) {
  SyntaxItem item;
  item.alias = Alias(tree->alias());
  if (tree->expression() == nullptr) {
    item.value = Leaf(SyntaxKind::kStar, tree->STAR());
    return item;
  }
  item.value = Expression(tree->expression());
  if (tree->STAR() != nullptr) {
    SyntaxExpression star = Leaf(SyntaxKind::kStar, tree->STAR());
    star.place = Join(item.value.place, star.place);
    star.operands.push_back(std::move(item.value));
    item.value = std::move(star);
    if (item.alias) Fail(item.alias->place, "\".*\" takes no name; it is several columns");
  }
  return item;
}

std::optional<SyntaxName> TreeBuilder::Alias(Grammar::AliasContext* tree) {
  if (tree == nullptr) return std::nullopt;
  return PlainName(tree->name());
}

SyntaxOrder TreeBuilder::Order(Grammar::OrderContext* tree) {
  SyntaxOrder order;
  order.value = Expression(tree->expression());
  order.descending = tree->DESC() != nullptr;
  if (tree->FIRST() != nullptr) order.nulls = NullOrder::kFirst;
  if (tree->LAST() != nullptr) order.nulls = NullOrder::kLast;
  return order;
}

std::vector<SyntaxSource> TreeBuilder::Sources(Grammar::SourcesContext* tree) {
  std::vector<SyntaxSource> sources;
  for (auto* child : tree->children) {
    if (auto* source = dynamic_cast<Grammar::SourceContext*>(child)) {
      sources.push_back(Source(source, sources.empty() ? JoinForm::kNone : JoinForm::kComma));
    } else if (auto* joined = dynamic_cast<Grammar::JoinedContext*>(child)) {
      sources.push_back(
          Source(joined->source(), joined->LEFT() != nullptr ? JoinForm::kLeft : JoinForm::kInner));
      if (joined->expression() != nullptr) sources.back().on = Expression(joined->expression());
      if (joined->LEFT() != nullptr && joined->expression() == nullptr) {
        Fail(PlaceOf(joined), "a left join without a condition", "write \"on\" and what joins");
      }
    }
  }
  return sources;
}

SyntaxSource TreeBuilder::Source(Grammar::SourceContext* tree, JoinForm join) {
  SyntaxSource source;
  source.join = join;
  source.place = PlaceOf(tree);
  source.alias = Alias(tree->alias());
  if (tree->memberName() != nullptr) source.version_name = PlainName(tree->memberName()).text;
  if (tree->TEXT() != nullptr) {
    source.form = SourceForm::kText;
    source.text = ValueOf(tree->TEXT());
  } else if (tree->PARAMETER() != nullptr) {
    source.form = SourceForm::kParameter;
    source.text = ValueOf(tree->PARAMETER());
  } else if (tree->query() != nullptr) {
    source.form = SourceForm::kQuery;
    source.query = Nested(tree->query());
  } else if (tree->LPAREN() != nullptr) {
    source.form = SourceForm::kCall;
    SyntaxExpression call;
    call.kind = SyntaxKind::kCall;
    call.text = PlainName(tree->name()).text;
    call.operands = Arguments(tree->arguments());
    call.place = Join(PlaceOf(tree->name()), PlaceOf(tree->RPAREN()));
    source.call = std::move(call);
  } else {
    source.text = PlainName(tree->name()).text;
    const bool previous = source.text == "_" && tree->name()->QUOTED() == nullptr;
    source.form = previous ? SourceForm::kPrevious : SourceForm::kName;
    if (previous) source.text.clear();
  }
  return source;
}

SyntaxSlice TreeBuilder::Slice(Grammar::SliceContext* tree) {
  SyntaxSlice slice;
  slice.result = PlainName(tree->name());
  slice.sources = Sources(tree->sources());
  if (tree->expression() != nullptr) slice.where = Expression(tree->expression());
  for (auto* end : tree->sliceEnd()) {
    slice.ends.push_back(
        {PlainName(end->name()), PlainName(end->memberName()), Nodes(end->nodes())});
  }
  slice.closure = tree->CLOSURE() != nullptr;
  return slice;
}

SyntaxConstruct TreeBuilder::Construct(Grammar::ConstructContext* tree) {
  SyntaxConstruct construct;
  construct.result = PlainName(tree->name());
  construct.sources = Sources(tree->sources());
  if (tree->expression() != nullptr) construct.where = Expression(tree->expression());
  for (auto* edit : tree->edit()) construct.actions.push_back(Action(edit));
  return construct;
}

SyntaxConstruct::Action TreeBuilder::Action(Grammar::EditContext* tree) {
  SyntaxConstruct::Action action;
  action.place = PlaceOf(tree);
  SyntaxExpression path = Nodes(tree->nodes(0));
  const std::string verb = path.kind == SyntaxKind::kMember ? Folded(path.text) : std::string();
  if (verb != "insert" && verb != "delete") {
    Fail(path.place, "an action that neither inserts nor deletes",
         "it looks like m[\"conv1\"].insert = RELU(\"relu1\") or m[\"drop1\"].delete");
    return action;
  }
  action.verb = verb == "insert" ? SyntaxConstruct::Verb::kInsert : SyntaxConstruct::Verb::kDelete;
  action.target = SyntaxExpression(path.operands.front());
  if (tree->nodeTemplate() != nullptr) action.value = Template(tree->nodeTemplate());
  if (tree->value != nullptr) action.value = Nodes(tree->value);
  if (tree->INTEGER() != nullptr) {
    const std::string digits = ValueOf(tree->INTEGER());
    std::int64_t keep = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), keep);
    action.keep = keep;
  }
  if (verb == "insert" && (tree->nodeTemplate() == nullptr || action.keep)) {
    Fail(action.place, "insert wants a template", "write .insert = RELU(\"relu1\")");
  }
  if (action.keep && action.value) {
    Fail(action.place, "keep stands behind .delete alone", "write .delete keep 0");
  }
  return action;
}

SyntaxEvaluate TreeBuilder::Evaluate(Grammar::EvaluateContext* tree) {
  SyntaxEvaluate evaluate;
  evaluate.result = PlainName(tree->name());
  if (tree->sources() != nullptr) evaluate.sources = Sources(tree->sources());
  if (tree->data() != nullptr) evaluate.data = OneToken(tree->data());
  evaluate.settings = Settings(tree->settings());
  if (tree->where != nullptr) evaluate.where = Expression(tree->where);
  for (auto* dimension : tree->dimension()) evaluate.vary.push_back(Dimension(dimension));
  for (auto* rule : tree->call()) evaluate.keep.push_back(Call(rule));
  evaluate.save = tree->SAVE() != nullptr;
  return evaluate;
}

SyntaxExpression TreeBuilder::OneToken(antlr4::ParserRuleContext* tree) {
  const Token& token = tokens_[IndexOf(tree->getStop())];
  SyntaxExpression value;
  value.place = token.place;
  value.text = query::ValueOf(text_, token);
  value.kind = token.kind == TokenKind::kText      ? SyntaxKind::kText
               : token.kind == TokenKind::kInteger ? SyntaxKind::kInteger
               : token.kind == TokenKind::kReal    ? SyntaxKind::kReal
                                                   : SyntaxKind::kParameter;
  return value;
}

std::vector<SyntaxSetting> TreeBuilder::Settings(Grammar::SettingsContext* tree) {
  std::vector<SyntaxSetting> settings;
  if (tree == nullptr) return settings;
  for (auto* setting : tree->setting())
    settings.push_back({PlainName(setting->name()), OneToken(setting)});
  return settings;
}

void TreeBuilder::Mode(Grammar::PredictContext* tree, SyntaxPredict* predict) {
  if (tree->HEURISTIC() != nullptr) predict->mode = PredictMode::kHeuristic;
  if (tree->WITHIN() != nullptr) predict->mode = PredictMode::kWithin;
  if (tree->tau != nullptr) predict->tau = OneToken(tree->tau);
  if (tree->planes != nullptr) predict->planes = OneToken(tree->planes);
}

SyntaxPredict TreeBuilder::Predict(Grammar::PredictContext* tree) {
  SyntaxPredict predict;
  predict.subject = PlainName(tree->name());
  if (tree->sources() != nullptr) predict.sources = Sources(tree->sources());
  predict.data = OneToken(tree->data());
  if (tree->top != nullptr) predict.top = OneToken(tree->top);
  Mode(tree, &predict);
  predict.settings = Settings(tree->settings());
  predict.place = Join(PlaceOf(tree->ON()), PlaceOf(tree->data()));
  for (const auto* more : {&predict.top, &predict.tau, &predict.planes}) {
    if (*more) predict.place.end = (*more)->place.end;
  }
  if (auto* exact = tree->EXACT()) predict.place.end = PlaceOf(exact).end;
  if (auto* planes = tree->PLANES()) predict.place.end = PlaceOf(planes).end;
  if (tree->where != nullptr) predict.where = Expression(tree->where);
  for (auto* order : tree->order()) predict.order_by.push_back(Order(order));
  if (tree->limit != nullptr) predict.limit = Operand(tree->limit);
  if (tree->offset != nullptr) predict.offset = Operand(tree->offset);
  return predict;
}

SyntaxEvaluate::Dimension TreeBuilder::Dimension(Grammar::DimensionContext* tree) {
  SyntaxEvaluate::Dimension dimension;
  dimension.path = Postfixes(Name(tree->name()), tree->postfix());
  if (tree->AUTO() != nullptr) return dimension;
  SyntaxExpression list;
  if (tree->list() != nullptr) {
    list = List(tree->list());
  } else {
    list.kind = SyntaxKind::kList;
    list.place = Join(PlaceOf(tree->LPAREN()), PlaceOf(tree->RPAREN()));
    list.operands = Arguments(tree->arguments());
  }
  dimension.list = std::move(list);
  return dimension;
}

}  // namespace dlv::query
