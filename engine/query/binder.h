#pragma once
/// \file
/// The state of binding one statement. Included by bind*.cc only: bind.cc has statements,
/// bind_source.cc sources and scopes, bind_select.cc select with grouping, bind_condition.cc
/// conditions, bind_value.cc other operators, bind_path.cc what stands behind names, bind_call.cc
/// functions and aggregates, bind_capture.cc selectors with captures, bind_template.cc templates,
/// bind_network.cc slice and construct, bind_run.cc predict and evaluate.

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/query/bind.h"

namespace dlv::query {

/// The nodes that selectors with captures chose, as far as their numbers are known together. In a
/// construct there is one for the query; in a select one for the conjunction of `where`, and one
/// for each condition under `or` and `not`.
struct CaptureFrame {
  struct Chosen {
    NodeVariable node;
    BoundExpression base;    ///< the version or network
    BoundExpressions equal;  ///< captures that must agree with earlier ones
  };
  CaptureFrame* outer = nullptr;
  std::vector<Chosen> chosen;
  std::size_t uses = 0;  ///< how often something of this frame was named
  /// Construct: texts of selectors that stand in actions; these are chosen too.
  std::set<std::string> in_actions;
  bool construct = false;
  bool where_over = false;  ///< construct: what is added now stands in actions only
};

/// Where aggregates are collected, or why they may not stand here.
struct AggregateScope {
  std::vector<BoundAggregate>* aggregates = nullptr;
  const char* refused = nullptr;  ///< message
};

/// Names that a query can use.
struct Scope {
  Scope* outer = nullptr;
  std::vector<VariableId> variables;               ///< of its sources, those before this point
  const std::vector<SyntaxItem>* items = nullptr;  ///< whose aliases may be named
  std::set<VariableId> outer_used;
  AggregateScope aggregates;
  CaptureFrame* frame = nullptr;
  bool conjunctive = false;         ///< still in the conjunction that the frame belongs to
  std::set<std::string> expanding;  ///< aliases that are being put in
  bool in_keep = false;
  std::optional<VariableId> preferred;  ///< whose columns go before those of other sources
};

class Binder {
 public:
  Binder(std::string_view text, const BindContext& context, BoundStatement* statement)
      : text_(text), context_(context), statement_(statement) {}

  Status Run(const SyntaxStatement& statement);
  Place error_place() const { return error_place_; }

 private:
  using Expression = Result<BoundExpression>;

  // bind.cc
  Result<BoundQuery> BindQuery(const SyntaxQuery& query, Scope* outer);
  Result<std::shared_ptr<const BoundQuery>> BindNested(const SyntaxQuery& query, Scope* outer);
  Result<std::shared_ptr<const BoundQuery>> BindStored(const std::string& name, Place place);
  const StoredText& KeepStored(const std::string& name, const std::string& text, Place place);
  Error Fail(Place place, ErrorCode code, std::string message, std::string hint = {});
  Error Wrong(Place place, std::string message, std::string hint = {}) {
    return Fail(place, ErrorCode::kInvalidArgument, std::move(message), std::move(hint));
  }
  Error Unknown(Place place, std::string message, std::string hint = {}) {
    return Fail(place, ErrorCode::kNotFound, std::move(message), std::move(hint));
  }
  const NameSource& names() const { return *context_.names; }
  VariableId AddVariable(std::string name, Type type, std::optional<RelationId> relation = {});
  BoundVariable& variable(VariableId id) { return statement_->variables[id]; }

  // bind_source.cc
  Result<std::vector<BoundSource>> BindSources(const std::vector<SyntaxSource>& sources,
                                               const std::vector<SyntaxName>& free, Scope* scope);
  Result<BoundSource> BindSource(const SyntaxSource& source, Scope* scope);
  Result<BoundSource> BindNamedSource(const SyntaxSource& source);
  Result<BoundSource> BindTextSource(const SyntaxSource& source);
  Result<BoundSource> BindModels(const std::string& pattern, Place place);
  Result<BoundSource> BindReference(const std::string& reference, Place place);
  Result<BoundSource> BindStoredSource(const std::string& name, Place place);
  Result<BoundSource> BindCallSource(const SyntaxSource& source, Scope* scope);
  Result<BoundSource> BindUnnest(const SyntaxExpression& call, Scope* scope);
  Result<BoundSource> BindPrevious(const SyntaxSource& source);
  Status SetVersionAlias(const std::string& alias, Place place, BoundSource* source);
  BoundSource ImplicitSource(const std::string& name, Place place);
  void ShapeVariable(const std::vector<std::pair<std::string, Type>>& columns, BoundSource* source);
  std::optional<VariableId> FindVariable(const std::string& name, Scope* scope);
  std::vector<std::string> VariableNames(const Scope* scope) const;
  /// Names that stand alone and are no variables of outer queries nor aliases, in order.
  std::vector<SyntaxName> FreeNames(
      const std::function<void(const std::function<void(const SyntaxExpression&)>&)>& walk,
      const std::vector<SyntaxItem>* items, Scope* outer);
  /// A column of a source that `name` means when it stands alone.
  Result<std::optional<BoundExpression>> FindLoneColumn(const std::string& name, Place place,
                                                        Scope* scope);

  // bind_select.cc
  Result<BoundQuery> BindSelect(const SyntaxSelect& select, Scope* outer);
  Status BindItems(const SyntaxSelect& select, Scope* scope, BoundSelect* bound);
  Status AddStar(const SyntaxItem& item, Scope* scope, BoundSelect* bound);
  Status AddVariableColumns(VariableId id, Place place, BoundSelect* bound);
  Status BindGroups(const SyntaxSelect& select, Scope* scope, BoundSelect* bound);
  Status BindOrders(const SyntaxSelect& select, Scope* scope, BoundSelect* bound);
  Result<std::optional<BoundExpression>> BindCount(const std::optional<SyntaxExpression>& count,
                                                   const char* word, Scope* scope);
  Status Regroup(const BoundSelect& select, const std::set<VariableId>& own,
                 BoundExpression* expression);
  static std::string NameOfItem(const SyntaxItem& item);

  // bind_condition.cc
  /// A boolean; sets are spelled out.
  Expression BindCondition(const SyntaxExpression& condition, Scope* scope);
  /// The where of a select: captures are chosen for the conjunction.
  Expression BindWhere(const SyntaxExpression& where, Scope* scope);
  Expression BindLeaf(const SyntaxExpression& condition, Scope* scope);
  Expression BindPredicate(const SyntaxExpression& condition, Scope* scope);
  Expression BindComparison(const SyntaxExpression& condition, Scope* scope);
  Expression BindBetween(const SyntaxExpression& condition, Scope* scope);
  Expression BindTextMatch(const SyntaxExpression& condition, Scope* scope);
  Expression BindMembership(const SyntaxExpression& condition, Scope* scope);
  Expression BindInQuery(const SyntaxExpression& condition, Scope* scope);
  Expression BindNullTest(const SyntaxExpression& condition, Scope* scope);
  Expression BindHas(const SyntaxExpression& condition, Scope* scope);
  Expression BindIsExists(const SyntaxExpression& condition, Scope* scope);
  Expression Compare(ExpressionKind kind, BoundExpression left, BoundExpression right, Place place);
  Expression ToCondition(BoundExpression value, bool every, Place place);
  Status MakeComparable(BoundExpression* left, BoundExpression* right, bool ordered, Place place);
  void WarnOfModelName(const BoundExpression& column, const BoundExpression& value);
  /// Applies `make` to the elements of a set; to the value itself where it is none.
  Expression Lift(BoundExpression value, bool every,
                  const std::function<Expression(BoundExpression)>& make);

  // bind_value.cc
  /// A value of any type; a condition is one of type boolean.
  Expression BindValue(const SyntaxExpression& value, Scope* scope);
  Expression BindLiteral(const SyntaxExpression& value);
  Expression BindParameter(const SyntaxExpression& value);
  Expression BindArithmetic(const SyntaxExpression& value, Scope* scope);
  Expression Arithmetic(ExpressionKind kind, BoundExpression left, BoundExpression right,
                        Place place);
  Expression BindSign(const SyntaxExpression& value, Scope* scope);
  Expression BindListValue(const SyntaxExpression& value, Scope* scope);
  Expression BindSubquery(const SyntaxExpression& value, Scope* scope);
  Expression BindName(const SyntaxExpression& value, Scope* scope);
  Expression ToTimestamp(BoundExpression value);
  void WantParameter(BoundExpression* value, Type type);
  /// Notes a parameter whose value binding must know. Until it is given, `text` stands for it.
  SyntaxExpression StandIn(const SyntaxExpression& parameter, Type type, std::string text);
  BoundParameter& NoteShaping(const std::string& name, Type type, Place place);
  /// A version, where a text is the reference of one; other values as they are.
  Expression AsVersion(BoundExpression value, Place place);
  /// A value for a result: a set becomes a list.
  static BoundExpression ToList(BoundExpression value);

  // bind_path.cc
  Expression BindMember(const SyntaxExpression& value, Scope* scope);
  Expression MemberOf(BoundExpression base, const SyntaxExpression& value);
  Expression NodeMember(BoundExpression base, const SyntaxExpression& value);
  Expression BindMethod(const SyntaxExpression& value, Scope* scope);
  Expression BindIndex(const SyntaxExpression& value, Scope* scope);
  Result<std::optional<BoundExpression>> BindKeyed(const SyntaxExpression& value, Scope* scope);
  Expression BindReach(const SyntaxExpression& value, Scope* scope);
  Expression BindIsAlias(const SyntaxExpression& value, Scope* scope);
  Expression BindNodes(BoundExpression base, const SyntaxExpression& text, Scope* scope);
  Expression Metric(BoundExpression base, const SyntaxExpression& key);
  Expression Hparam(BoundExpression base, const SyntaxExpression& key);
  Result<std::shared_ptr<const Selector>> CompileSelector(const SyntaxExpression& text);
  Status CheckAlias(const std::string& alias, Place place);
  Error NoMember(const BoundExpression& base, const SyntaxExpression& value);

  // bind_call.cc
  Expression BindCall(const SyntaxExpression& call, Scope* scope);
  Expression BindAggregate(const SyntaxExpression& call, AggregateFunction function, Scope* scope);
  Expression CallFunction(const std::string& name, BoundExpressions arguments, Place place,
                          const std::vector<Place>& places);
  Expression SpecialCall(const std::string& name, BoundExpressions* arguments, Place place,
                         bool* special);
  Expression VersionByReference(const std::string& reference, Place place);
  Expression LookUpReference(const std::string& reference, Place place);
  Expression VersionWhere(BoundSource source, ColumnId column, const std::string& text,
                          Place place);

  // bind_capture.cc
  Expression ChooseNode(BoundExpression base, std::shared_ptr<const Selector> selector, Place place,
                        CaptureFrame* frame);
  Expression FindCapture(unsigned number, Place place, CaptureFrame* frame);
  /// The text with each $n replaced by its capture.
  Expression BindCapturedText(const std::string& text, Place place, Scope* scope);
  /// kSome over all that the frame chose, around `body`.
  BoundExpression WrapChosen(CaptureFrame* frame, BoundExpression body);

  // bind_template.cc
  Result<std::shared_ptr<const BoundTemplate>> BindTemplate(const SyntaxExpression& call,
                                                            bool insert, Scope* scope);

  std::shared_ptr<const BoundTemplate> StandInTemplate(const SyntaxExpression& call, bool insert);
  void NoteTemplateParameters(const SyntaxExpression& value);

  // bind_network.cc
  Result<BoundQuery> BindSlice(const SyntaxSlice& slice, Scope* outer);
  Result<BoundQuery> BindConstruct(const SyntaxConstruct& construct, Scope* outer);
  Result<VariableId> FindSubject(const std::vector<const SyntaxExpression*>& paths, Scope* scope);
  Expression BindEnd(const SyntaxExpression& nodes, VariableId subject, Scope* scope);
  Result<BoundAction> BindAction(const SyntaxConstruct::Action& action, VariableId subject,
                                 Scope* scope);

  // bind_run.cc
  Result<BoundQuery> BindPredict(const SyntaxPredict& predict, Scope* outer);
  Result<BoundQuery> BindEvaluate(const SyntaxEvaluate& evaluate, Scope* outer);
  Status BindRunSources(const SyntaxName& subject, const std::vector<SyntaxSource>& sources,
                        Scope* scope, std::vector<BoundSource>* bound);
  Result<BoundSource> BindAnswers(const SyntaxPredict& predict, Scope* scope);
  Status AddSetting(RunSetting setting, const SyntaxExpression& written, Scope* scope,
                    std::vector<RunSetting>* settings, BoundExpressions* values);
  Status AddSettings(const std::vector<SyntaxSetting>& written, bool predicts, Scope* scope,
                     std::vector<RunSetting>* settings, BoundExpressions* values);
  Result<VariableId> FindEvaluated(const SyntaxEvaluate& evaluate, Scope* scope);
  Status TakeOwnSettings(std::vector<SyntaxSetting>* settings, BoundEvaluate* bound);
  Result<BoundEvaluate::Dimension> BindDimension(const SyntaxEvaluate::Dimension& dimension,
                                                 Scope* scope);
  Result<BoundEvaluate::Rule> BindRule(const SyntaxExpression& call, const std::string& variable);

  std::string_view text_;
  const BindContext& context_;
  BoundStatement* statement_;
  Place error_place_;
  bool failed_ = false;
  std::vector<std::string> stored_;  ///< stored queries that are being bound
  std::set<std::string> used_metrics_, used_hparams_;
};

// What several of these files make.

BoundExpression MakeExpression(ExpressionKind kind, Type type, Place place,
                               BoundExpressions operands = {});
BoundExpression MakeVariable(VariableId id, Type type, Place place);
BoundExpression MakeConstant(Constant value, Type type, Place place);
BoundExpression MakeUnary(ExpressionKind kind, Type type, Place place, BoundExpression operand);
BoundExpression MakeBinary(ExpressionKind kind, Type type, Place place, BoundExpression left,
                           BoundExpression right);
BoundExpression Negated(BoundExpression condition);
/// Where the name of a member stands: `nme` of `m.nme`.
Place MemberPlace(const SyntaxExpression& member);
/// The text of a constant of type text, or null.
const std::string* ConstantText(const BoundExpression& value);
/// The type of an element of a set or list, seen from outside.
TypeKind ElementKind(Type type);
/// Reads a timestamp as docs/dql.md writes them.
std::optional<Instant> ParseInstant(std::string_view text);
/// Names of attributes that operators use.
const std::vector<std::string>& AttributeNames();
bool IsAttributeName(std::string_view name);
/// Names of functions and aggregates, for suggestions and completion.
const std::vector<std::string>& FunctionNames();

inline constexpr Type kBooleanType{TypeKind::kBoolean};
inline constexpr Type kIntegerType{TypeKind::kInteger};
inline constexpr Type kRealType{TypeKind::kReal};
inline constexpr Type kTextType{TypeKind::kText};
inline constexpr Type kAnyType{TypeKind::kAny};
inline constexpr Type kNullType{TypeKind::kNull};
inline constexpr Type kTimestampType{TypeKind::kTimestamp};
inline constexpr Type kVersionType{TypeKind::kVersion};
inline constexpr Type kNodeType{TypeKind::kNode};
inline constexpr Type kTensorType{TypeKind::kTensor};
inline constexpr Type kNetworkType{TypeKind::kNetwork};

/// A node or a set of nodes.
inline bool IsNodes(Type type) { return type == kNodeType || type == SetOf(TypeKind::kNode); }
/// Something that selectors take nodes of.
inline bool HasNodes(Type type) { return type == kVersionType || type == kNetworkType; }

}  // namespace dlv::query
