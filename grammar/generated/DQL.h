
// Generated from DQL.g4 by ANTLR 4.7.2

#pragma once


#include "grammar/antlr.h"


namespace dlv_grammar {


class  DQL : public antlr4::Parser {
public:
  enum {
    ALL = 1, AND = 2, AS = 3, BETWEEN = 4, BY = 5, CONSTRUCT = 6, CREATE = 7, 
    DISTINCT = 8, DROP = 9, EVALUATE = 10, EXISTS = 11, EXPLAIN = 12, FALSE = 13, 
    FROM = 14, GROUP = 15, HAS = 16, HAVING = 17, ILIKE = 18, IN = 19, INNER = 20, 
    IS = 21, JOIN = 22, KEEP = 23, LEFT = 24, LIKE = 25, LIMIT = 26, MUTATE = 27, 
    NOT = 28, NULL_ = 29, ON = 30, OR = 31, ORDER = 32, PREDICT = 33, SAVE = 34, 
    SELECT = 35, SLICE = 36, TRUE = 37, VARY = 38, WHERE = 39, WITH = 40, 
    ANALYZE = 41, ASC = 42, AUTO = 43, CLOSURE = 44, CONFIG = 45, DESC = 46, 
    ESCAPE = 47, EXACT = 48, FIRST = 49, HEURISTIC = 50, IF = 51, LAST = 52, 
    NAN_ = 53, NEXT = 54, NULLS = 55, OFFSET = 56, PLANES = 57, PREV = 58, 
    QUERY = 59, REPLACE = 60, TOP = 61, WITHIN = 62, IDENTIFIER = 63, QUOTED = 64, 
    TEXT = 65, INTEGER = 66, REAL = 67, PARAMETER = 68, SEMICOLON = 69, 
    COMMA = 70, DOT = 71, LPAREN = 72, RPAREN = 73, LBRACKET = 74, RBRACKET = 75, 
    STAR = 76, SLASH = 77, PERCENT = 78, PLUS = 79, MINUS = 80, CONCAT = 81, 
    EQUAL = 82, NOT_EQUAL = 83, LESS = 84, LESS_EQUAL = 85, GREATER = 86, 
    GREATER_EQUAL = 87, TILDE = 88, AT = 89
  };

  enum {
    RuleStatement = 0, RuleExplain = 1, RuleCreateQuery = 2, RuleDropQuery = 3, 
    RuleQuery = 4, RuleSelect = 5, RuleItem = 6, RuleAlias = 7, RuleOrder = 8, 
    RuleSources = 9, RuleJoined = 10, RuleSource = 11, RuleSlice = 12, RuleSliceEnd = 13, 
    RuleConstruct = 14, RuleEdit = 15, RuleNodes = 16, RuleEvaluate = 17, 
    RuleData = 18, RuleSettings = 19, RuleSetting = 20, RuleDimension = 21, 
    RulePredict = 22, RuleCount = 23, RuleNumber = 24, RuleExpression = 25, 
    RuleConjunction = 26, RuleNegation = 27, RuleCondition = 28, RulePredicate = 29, 
    RuleMembers = 30, RuleNodeTemplate = 31, RuleTemplateArgument = 32, 
    RuleOperand = 33, RuleProduct = 34, RuleFactor = 35, RulePostfix = 36, 
    RulePrimary = 37, RuleCall = 38, RuleList = 39, RuleArguments = 40, 
    RuleLiteral = 41, RuleName = 42, RuleMemberName = 43, RuleSoftKeyword = 44, 
    RuleReservedWord = 45
  };

  DQL(antlr4::TokenStream *input);
  ~DQL();

  virtual std::string getGrammarFileName() const override;
  virtual const antlr4::atn::ATN& getATN() const override { return _atn; };
  virtual const std::vector<std::string>& getTokenNames() const override { return _tokenNames; }; // deprecated: use vocabulary instead.
  virtual const std::vector<std::string>& getRuleNames() const override;
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;


    /// Makes the tables, once, in the first call. Generated code would do that when the program starts.
    static void Load() { static const Initializer once; }


  class StatementContext;
  class ExplainContext;
  class CreateQueryContext;
  class DropQueryContext;
  class QueryContext;
  class SelectContext;
  class ItemContext;
  class AliasContext;
  class OrderContext;
  class SourcesContext;
  class JoinedContext;
  class SourceContext;
  class SliceContext;
  class SliceEndContext;
  class ConstructContext;
  class EditContext;
  class NodesContext;
  class EvaluateContext;
  class DataContext;
  class SettingsContext;
  class SettingContext;
  class DimensionContext;
  class PredictContext;
  class CountContext;
  class NumberContext;
  class ExpressionContext;
  class ConjunctionContext;
  class NegationContext;
  class ConditionContext;
  class PredicateContext;
  class MembersContext;
  class NodeTemplateContext;
  class TemplateArgumentContext;
  class OperandContext;
  class ProductContext;
  class FactorContext;
  class PostfixContext;
  class PrimaryContext;
  class CallContext;
  class ListContext;
  class ArgumentsContext;
  class LiteralContext;
  class NameContext;
  class MemberNameContext;
  class SoftKeywordContext;
  class ReservedWordContext; 

  class  StatementContext : public antlr4::ParserRuleContext {
  public:
    StatementContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EOF();
    QueryContext *query();
    CreateQueryContext *createQuery();
    DropQueryContext *dropQuery();
    antlr4::tree::TerminalNode *SEMICOLON();
    ExplainContext *explain();

   
  };

  StatementContext* statement();

  class  ExplainContext : public antlr4::ParserRuleContext {
  public:
    ExplainContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EXPLAIN();
    antlr4::tree::TerminalNode *ANALYZE();

   
  };

  ExplainContext* explain();

  class  CreateQueryContext : public antlr4::ParserRuleContext {
  public:
    CreateQueryContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *CREATE();
    antlr4::tree::TerminalNode *QUERY();
    NameContext *name();
    antlr4::tree::TerminalNode *AS();
    QueryContext *query();
    antlr4::tree::TerminalNode *OR();
    antlr4::tree::TerminalNode *REPLACE();

   
  };

  CreateQueryContext* createQuery();

  class  DropQueryContext : public antlr4::ParserRuleContext {
  public:
    DropQueryContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *DROP();
    antlr4::tree::TerminalNode *QUERY();
    NameContext *name();
    antlr4::tree::TerminalNode *IF();
    antlr4::tree::TerminalNode *EXISTS();

   
  };

  DropQueryContext* dropQuery();

  class  QueryContext : public antlr4::ParserRuleContext {
  public:
    QueryContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    SelectContext *select();
    SliceContext *slice();
    ConstructContext *construct();
    EvaluateContext *evaluate();
    PredictContext *predict();
    antlr4::tree::TerminalNode *SAVE();
    antlr4::tree::TerminalNode *AS();
    antlr4::tree::TerminalNode *TEXT();
    antlr4::tree::TerminalNode *PARAMETER();
    NameContext *name();

   
  };

  QueryContext* query();

  class  SelectContext : public antlr4::ParserRuleContext {
  public:
    DQL::ExpressionContext *where = nullptr;;
    DQL::ExpressionContext *having = nullptr;;
    DQL::OperandContext *limit = nullptr;;
    DQL::OperandContext *offset = nullptr;;
    SelectContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SELECT();
    std::vector<ItemContext *> item();
    ItemContext* item(size_t i);
    antlr4::tree::TerminalNode *DISTINCT();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    antlr4::tree::TerminalNode *FROM();
    SourcesContext *sources();
    antlr4::tree::TerminalNode *WHERE();
    antlr4::tree::TerminalNode *GROUP();
    std::vector<antlr4::tree::TerminalNode *> BY();
    antlr4::tree::TerminalNode* BY(size_t i);
    ArgumentsContext *arguments();
    antlr4::tree::TerminalNode *HAVING();
    antlr4::tree::TerminalNode *ORDER();
    std::vector<OrderContext *> order();
    OrderContext* order(size_t i);
    antlr4::tree::TerminalNode *LIMIT();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    std::vector<OperandContext *> operand();
    OperandContext* operand(size_t i);
    antlr4::tree::TerminalNode *OFFSET();

   
  };

  SelectContext* select();

  class  ItemContext : public antlr4::ParserRuleContext {
  public:
    ItemContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *STAR();
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *DOT();
    AliasContext *alias();

   
  };

  ItemContext* item();

  class  AliasContext : public antlr4::ParserRuleContext {
  public:
    AliasContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *AS();

   
  };

  AliasContext* alias();

  class  OrderContext : public antlr4::ParserRuleContext {
  public:
    OrderContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *NULLS();
    antlr4::tree::TerminalNode *ASC();
    antlr4::tree::TerminalNode *DESC();
    antlr4::tree::TerminalNode *FIRST();
    antlr4::tree::TerminalNode *LAST();

   
  };

  OrderContext* order();

  class  SourcesContext : public antlr4::ParserRuleContext {
  public:
    SourcesContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<SourceContext *> source();
    SourceContext* source(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    std::vector<JoinedContext *> joined();
    JoinedContext* joined(size_t i);

   
  };

  SourcesContext* sources();

  class  JoinedContext : public antlr4::ParserRuleContext {
  public:
    JoinedContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *JOIN();
    SourceContext *source();
    antlr4::tree::TerminalNode *ON();
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *INNER();
    antlr4::tree::TerminalNode *LEFT();

   
  };

  JoinedContext* joined();

  class  SourceContext : public antlr4::ParserRuleContext {
  public:
    SourceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *AT();
    MemberNameContext *memberName();
    AliasContext *alias();
    antlr4::tree::TerminalNode *TEXT();
    antlr4::tree::TerminalNode *PARAMETER();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    ArgumentsContext *arguments();
    QueryContext *query();

   
  };

  SourceContext* source();

  class  SliceContext : public antlr4::ParserRuleContext {
  public:
    SliceContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *SLICE();
    NameContext *name();
    antlr4::tree::TerminalNode *FROM();
    SourcesContext *sources();
    antlr4::tree::TerminalNode *MUTATE();
    std::vector<SliceEndContext *> sliceEnd();
    SliceEndContext* sliceEnd(size_t i);
    antlr4::tree::TerminalNode *WHERE();
    ExpressionContext *expression();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    antlr4::tree::TerminalNode *WITH();
    antlr4::tree::TerminalNode *CLOSURE();
    std::vector<antlr4::tree::TerminalNode *> AND();
    antlr4::tree::TerminalNode* AND(size_t i);

   
  };

  SliceContext* slice();

  class  SliceEndContext : public antlr4::ParserRuleContext {
  public:
    SliceEndContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *DOT();
    MemberNameContext *memberName();
    antlr4::tree::TerminalNode *EQUAL();
    NodesContext *nodes();

   
  };

  SliceEndContext* sliceEnd();

  class  ConstructContext : public antlr4::ParserRuleContext {
  public:
    ConstructContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *CONSTRUCT();
    NameContext *name();
    antlr4::tree::TerminalNode *FROM();
    SourcesContext *sources();
    antlr4::tree::TerminalNode *MUTATE();
    std::vector<EditContext *> edit();
    EditContext* edit(size_t i);
    antlr4::tree::TerminalNode *WHERE();
    ExpressionContext *expression();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    std::vector<antlr4::tree::TerminalNode *> AND();
    antlr4::tree::TerminalNode* AND(size_t i);

   
  };

  ConstructContext* construct();

  class  EditContext : public antlr4::ParserRuleContext {
  public:
    DQL::NodesContext *value = nullptr;;
    EditContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<NodesContext *> nodes();
    NodesContext* nodes(size_t i);
    antlr4::tree::TerminalNode *EQUAL();
    antlr4::tree::TerminalNode *KEEP();
    antlr4::tree::TerminalNode *INTEGER();
    NodeTemplateContext *nodeTemplate();

   
  };

  EditContext* edit();

  class  NodesContext : public antlr4::ParserRuleContext {
  public:
    NodesContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    std::vector<PostfixContext *> postfix();
    PostfixContext* postfix(size_t i);

   
  };

  NodesContext* nodes();

  class  EvaluateContext : public antlr4::ParserRuleContext {
  public:
    DQL::ExpressionContext *where = nullptr;;
    EvaluateContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EVALUATE();
    NameContext *name();
    antlr4::tree::TerminalNode *FROM();
    SourcesContext *sources();
    antlr4::tree::TerminalNode *ON();
    DataContext *data();
    SettingsContext *settings();
    antlr4::tree::TerminalNode *WHERE();
    antlr4::tree::TerminalNode *VARY();
    std::vector<DimensionContext *> dimension();
    DimensionContext* dimension(size_t i);
    antlr4::tree::TerminalNode *KEEP();
    std::vector<CallContext *> call();
    CallContext* call(size_t i);
    antlr4::tree::TerminalNode *SAVE();
    ExpressionContext *expression();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    std::vector<antlr4::tree::TerminalNode *> AND();
    antlr4::tree::TerminalNode* AND(size_t i);

   
  };

  EvaluateContext* evaluate();

  class  DataContext : public antlr4::ParserRuleContext {
  public:
    DataContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *TEXT();
    antlr4::tree::TerminalNode *PARAMETER();

   
  };

  DataContext* data();

  class  SettingsContext : public antlr4::ParserRuleContext {
  public:
    SettingsContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *WITH();
    std::vector<SettingContext *> setting();
    SettingContext* setting(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    std::vector<antlr4::tree::TerminalNode *> AND();
    antlr4::tree::TerminalNode* AND(size_t i);

   
  };

  SettingsContext* settings();

  class  SettingContext : public antlr4::ParserRuleContext {
  public:
    SettingContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *EQUAL();
    antlr4::tree::TerminalNode *TEXT();
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *REAL();
    antlr4::tree::TerminalNode *PARAMETER();

   
  };

  SettingContext* setting();

  class  DimensionContext : public antlr4::ParserRuleContext {
  public:
    DimensionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *IN();
    antlr4::tree::TerminalNode *AUTO();
    std::vector<PostfixContext *> postfix();
    PostfixContext* postfix(size_t i);
    ListContext *list();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    ArgumentsContext *arguments();

   
  };

  DimensionContext* dimension();

  class  PredictContext : public antlr4::ParserRuleContext {
  public:
    DQL::CountContext *top = nullptr;;
    DQL::NumberContext *tau = nullptr;;
    DQL::CountContext *planes = nullptr;;
    DQL::ExpressionContext *where = nullptr;;
    DQL::OperandContext *limit = nullptr;;
    DQL::OperandContext *offset = nullptr;;
    PredictContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PREDICT();
    NameContext *name();
    antlr4::tree::TerminalNode *ON();
    DataContext *data();
    antlr4::tree::TerminalNode *FROM();
    SourcesContext *sources();
    antlr4::tree::TerminalNode *TOP();
    antlr4::tree::TerminalNode *EXACT();
    antlr4::tree::TerminalNode *HEURISTIC();
    antlr4::tree::TerminalNode *WITHIN();
    antlr4::tree::TerminalNode *PLANES();
    SettingsContext *settings();
    antlr4::tree::TerminalNode *WHERE();
    antlr4::tree::TerminalNode *ORDER();
    antlr4::tree::TerminalNode *BY();
    std::vector<OrderContext *> order();
    OrderContext* order(size_t i);
    antlr4::tree::TerminalNode *LIMIT();
    std::vector<CountContext *> count();
    CountContext* count(size_t i);
    ExpressionContext *expression();
    std::vector<OperandContext *> operand();
    OperandContext* operand(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    antlr4::tree::TerminalNode *OFFSET();
    NumberContext *number();

   
  };

  PredictContext* predict();

  class  CountContext : public antlr4::ParserRuleContext {
  public:
    CountContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *PARAMETER();

   
  };

  CountContext* count();

  class  NumberContext : public antlr4::ParserRuleContext {
  public:
    NumberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *REAL();
    antlr4::tree::TerminalNode *PARAMETER();

   
  };

  NumberContext* number();

  class  ExpressionContext : public antlr4::ParserRuleContext {
  public:
    ExpressionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<ConjunctionContext *> conjunction();
    ConjunctionContext* conjunction(size_t i);
    std::vector<antlr4::tree::TerminalNode *> OR();
    antlr4::tree::TerminalNode* OR(size_t i);

   
  };

  ExpressionContext* expression();

  class  ConjunctionContext : public antlr4::ParserRuleContext {
  public:
    ConjunctionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<NegationContext *> negation();
    NegationContext* negation(size_t i);
    std::vector<antlr4::tree::TerminalNode *> AND();
    antlr4::tree::TerminalNode* AND(size_t i);

   
  };

  ConjunctionContext* conjunction();

  class  NegationContext : public antlr4::ParserRuleContext {
  public:
    NegationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *NOT();
    NegationContext *negation();
    ConditionContext *condition();

   
  };

  NegationContext* negation();

  class  ConditionContext : public antlr4::ParserRuleContext {
  public:
    ConditionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    OperandContext *operand();
    antlr4::tree::TerminalNode *ALL();
    PredicateContext *predicate();

   
  };

  ConditionContext* condition();

  class  PredicateContext : public antlr4::ParserRuleContext {
  public:
    PredicateContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<OperandContext *> operand();
    OperandContext* operand(size_t i);
    antlr4::tree::TerminalNode *EQUAL();
    antlr4::tree::TerminalNode *NOT_EQUAL();
    antlr4::tree::TerminalNode *LESS();
    antlr4::tree::TerminalNode *LESS_EQUAL();
    antlr4::tree::TerminalNode *GREATER();
    antlr4::tree::TerminalNode *GREATER_EQUAL();
    antlr4::tree::TerminalNode *LIKE();
    antlr4::tree::TerminalNode *ILIKE();
    antlr4::tree::TerminalNode *NOT();
    antlr4::tree::TerminalNode *ESCAPE();
    antlr4::tree::TerminalNode *TILDE();
    antlr4::tree::TerminalNode *BETWEEN();
    antlr4::tree::TerminalNode *AND();
    antlr4::tree::TerminalNode *IN();
    MembersContext *members();
    antlr4::tree::TerminalNode *HAS();
    NodeTemplateContext *nodeTemplate();
    antlr4::tree::TerminalNode *IS();
    antlr4::tree::TerminalNode *NULL_();
    antlr4::tree::TerminalNode *NAN_();
    antlr4::tree::TerminalNode *EXISTS();

   
  };

  PredicateContext* predicate();

  class  MembersContext : public antlr4::ParserRuleContext {
  public:
    MembersContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    QueryContext *query();
    ArgumentsContext *arguments();
    ListContext *list();
    CallContext *call();
    NameContext *name();
    antlr4::tree::TerminalNode *PARAMETER();
    std::vector<PostfixContext *> postfix();
    PostfixContext* postfix(size_t i);

   
  };

  MembersContext* members();

  class  NodeTemplateContext : public antlr4::ParserRuleContext {
  public:
    NodeTemplateContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    std::vector<TemplateArgumentContext *> templateArgument();
    TemplateArgumentContext* templateArgument(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  NodeTemplateContext* nodeTemplate();

  class  TemplateArgumentContext : public antlr4::ParserRuleContext {
  public:
    TemplateArgumentContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NodeTemplateContext *nodeTemplate();
    LiteralContext *literal();
    ListContext *list();
    antlr4::tree::TerminalNode *PARAMETER();
    NameContext *name();
    antlr4::tree::TerminalNode *EQUAL();
    antlr4::tree::TerminalNode *MINUS();
    antlr4::tree::TerminalNode *PLUS();

   
  };

  TemplateArgumentContext* templateArgument();

  class  OperandContext : public antlr4::ParserRuleContext {
  public:
    OperandContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<ProductContext *> product();
    ProductContext* product(size_t i);
    std::vector<antlr4::tree::TerminalNode *> PLUS();
    antlr4::tree::TerminalNode* PLUS(size_t i);
    std::vector<antlr4::tree::TerminalNode *> MINUS();
    antlr4::tree::TerminalNode* MINUS(size_t i);
    std::vector<antlr4::tree::TerminalNode *> CONCAT();
    antlr4::tree::TerminalNode* CONCAT(size_t i);

   
  };

  OperandContext* operand();

  class  ProductContext : public antlr4::ParserRuleContext {
  public:
    ProductContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<FactorContext *> factor();
    FactorContext* factor(size_t i);
    std::vector<antlr4::tree::TerminalNode *> STAR();
    antlr4::tree::TerminalNode* STAR(size_t i);
    std::vector<antlr4::tree::TerminalNode *> SLASH();
    antlr4::tree::TerminalNode* SLASH(size_t i);
    std::vector<antlr4::tree::TerminalNode *> PERCENT();
    antlr4::tree::TerminalNode* PERCENT(size_t i);

   
  };

  ProductContext* product();

  class  FactorContext : public antlr4::ParserRuleContext {
  public:
    FactorContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    FactorContext *factor();
    antlr4::tree::TerminalNode *MINUS();
    antlr4::tree::TerminalNode *PLUS();
    PrimaryContext *primary();
    std::vector<PostfixContext *> postfix();
    PostfixContext* postfix(size_t i);

   
  };

  FactorContext* factor();

  class  PostfixContext : public antlr4::ParserRuleContext {
  public:
    PostfixContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *DOT();
    antlr4::tree::TerminalNode *STAR();
    antlr4::tree::TerminalNode *NEXT();
    antlr4::tree::TerminalNode *PREV();
    MemberNameContext *memberName();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    ArgumentsContext *arguments();
    antlr4::tree::TerminalNode *LBRACKET();
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *RBRACKET();
    antlr4::tree::TerminalNode *AT();

   
  };

  PostfixContext* postfix();

  class  PrimaryContext : public antlr4::ParserRuleContext {
  public:
    PrimaryContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    LiteralContext *literal();
    antlr4::tree::TerminalNode *PARAMETER();
    ListContext *list();
    antlr4::tree::TerminalNode *LPAREN();
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *RPAREN();
    QueryContext *query();
    antlr4::tree::TerminalNode *EXISTS();
    CallContext *call();
    NameContext *name();

   
  };

  PrimaryContext* primary();

  class  CallContext : public antlr4::ParserRuleContext {
  public:
    CallContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    NameContext *name();
    antlr4::tree::TerminalNode *LPAREN();
    antlr4::tree::TerminalNode *RPAREN();
    antlr4::tree::TerminalNode *STAR();
    ArgumentsContext *arguments();
    antlr4::tree::TerminalNode *DISTINCT();

   
  };

  CallContext* call();

  class  ListContext : public antlr4::ParserRuleContext {
  public:
    ListContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *LBRACKET();
    antlr4::tree::TerminalNode *RBRACKET();
    ArgumentsContext *arguments();

   
  };

  ListContext* list();

  class  ArgumentsContext : public antlr4::ParserRuleContext {
  public:
    ArgumentsContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  ArgumentsContext* arguments();

  class  LiteralContext : public antlr4::ParserRuleContext {
  public:
    LiteralContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *TEXT();
    antlr4::tree::TerminalNode *INTEGER();
    antlr4::tree::TerminalNode *REAL();
    antlr4::tree::TerminalNode *TRUE();
    antlr4::tree::TerminalNode *FALSE();
    antlr4::tree::TerminalNode *NULL_();

   
  };

  LiteralContext* literal();

  class  NameContext : public antlr4::ParserRuleContext {
  public:
    NameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENTIFIER();
    antlr4::tree::TerminalNode *QUOTED();
    SoftKeywordContext *softKeyword();

   
  };

  NameContext* name();

  class  MemberNameContext : public antlr4::ParserRuleContext {
  public:
    MemberNameContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IDENTIFIER();
    antlr4::tree::TerminalNode *QUOTED();
    SoftKeywordContext *softKeyword();
    ReservedWordContext *reservedWord();

   
  };

  MemberNameContext* memberName();

  class  SoftKeywordContext : public antlr4::ParserRuleContext {
  public:
    SoftKeywordContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ANALYZE();
    antlr4::tree::TerminalNode *ASC();
    antlr4::tree::TerminalNode *AUTO();
    antlr4::tree::TerminalNode *CLOSURE();
    antlr4::tree::TerminalNode *CONFIG();
    antlr4::tree::TerminalNode *DESC();
    antlr4::tree::TerminalNode *ESCAPE();
    antlr4::tree::TerminalNode *EXACT();
    antlr4::tree::TerminalNode *FIRST();
    antlr4::tree::TerminalNode *HEURISTIC();
    antlr4::tree::TerminalNode *IF();
    antlr4::tree::TerminalNode *LAST();
    antlr4::tree::TerminalNode *NAN_();
    antlr4::tree::TerminalNode *NEXT();
    antlr4::tree::TerminalNode *NULLS();
    antlr4::tree::TerminalNode *OFFSET();
    antlr4::tree::TerminalNode *PLANES();
    antlr4::tree::TerminalNode *PREV();
    antlr4::tree::TerminalNode *QUERY();
    antlr4::tree::TerminalNode *REPLACE();
    antlr4::tree::TerminalNode *TOP();
    antlr4::tree::TerminalNode *WITHIN();

   
  };

  SoftKeywordContext* softKeyword();

  class  ReservedWordContext : public antlr4::ParserRuleContext {
  public:
    ReservedWordContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *ALL();
    antlr4::tree::TerminalNode *AND();
    antlr4::tree::TerminalNode *AS();
    antlr4::tree::TerminalNode *BETWEEN();
    antlr4::tree::TerminalNode *BY();
    antlr4::tree::TerminalNode *CONSTRUCT();
    antlr4::tree::TerminalNode *CREATE();
    antlr4::tree::TerminalNode *DISTINCT();
    antlr4::tree::TerminalNode *DROP();
    antlr4::tree::TerminalNode *EVALUATE();
    antlr4::tree::TerminalNode *EXISTS();
    antlr4::tree::TerminalNode *EXPLAIN();
    antlr4::tree::TerminalNode *FALSE();
    antlr4::tree::TerminalNode *FROM();
    antlr4::tree::TerminalNode *GROUP();
    antlr4::tree::TerminalNode *HAS();
    antlr4::tree::TerminalNode *HAVING();
    antlr4::tree::TerminalNode *ILIKE();
    antlr4::tree::TerminalNode *IN();
    antlr4::tree::TerminalNode *INNER();
    antlr4::tree::TerminalNode *IS();
    antlr4::tree::TerminalNode *JOIN();
    antlr4::tree::TerminalNode *KEEP();
    antlr4::tree::TerminalNode *LEFT();
    antlr4::tree::TerminalNode *LIKE();
    antlr4::tree::TerminalNode *LIMIT();
    antlr4::tree::TerminalNode *MUTATE();
    antlr4::tree::TerminalNode *NOT();
    antlr4::tree::TerminalNode *NULL_();
    antlr4::tree::TerminalNode *ON();
    antlr4::tree::TerminalNode *OR();
    antlr4::tree::TerminalNode *ORDER();
    antlr4::tree::TerminalNode *PREDICT();
    antlr4::tree::TerminalNode *SAVE();
    antlr4::tree::TerminalNode *SELECT();
    antlr4::tree::TerminalNode *SLICE();
    antlr4::tree::TerminalNode *TRUE();
    antlr4::tree::TerminalNode *VARY();
    antlr4::tree::TerminalNode *WHERE();
    antlr4::tree::TerminalNode *WITH();

   
  };

  ReservedWordContext* reservedWord();


private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace dlv_grammar
