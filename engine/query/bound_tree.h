#pragma once
/// \file
/// A statement with its meaning: every name is resolved, every expression has a type, conditions on
/// sets are spelled out. bind.h makes it; plans are made from it.
///
/// Variables. Everything that ranges over something is a variable with a number that is unique in
/// the statement, nested queries included: a source of `from`, an element of a set inside kSome, a
/// node of a construct. A nested query refers to an outer variable simply by its number: it is
/// correlated then (BoundQuery::outer names these).
///
/// Sets. There is no condition on a set any more. `m["x"].lr = 0.1` has become
///
///     kSome(e in kSelect(m, "x"): kEqual(kAttribute(e, "lr"), 0.1))
///
/// and is two-valued: true where the body is true for one element; false otherwise, also where it
/// is NULL for all. With `all` it is kEvery: false for the empty set. Captures of a select are
/// spelled out in the same way: see kCapture. A function of a set in a projection is kMap.
///
/// Coercions are spelled out too (kConvert); operands of an operator have one type, integer beside
/// real, or kAny. NULL, and kAny values that do not fit each other, give NULL when it runs.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/network/families.h"
#include "engine/query/run_settings.h"
#include "engine/query/schema.h"
#include "engine/query/selector.h"
#include "engine/query/syntax_tree.h"
#include "engine/query/types.h"

namespace dlv::query {

struct BoundQuery;
struct BoundExpression;
using BoundExpressions = std::vector<BoundExpression>;

using VariableId = std::uint32_t;  ///< place in BoundStatement::variables

/// Seconds since 1970-01-01 UTC.
struct Instant {
  std::int64_t seconds = 0;
  bool operator==(const Instant&) const = default;
};

/// A literal; std::monostate is NULL.
using Constant = std::variant<std::monostate, bool, std::int64_t, double, std::string, Instant>;

enum class ExpressionKind : std::uint8_t {
  // Leaves
  kConstant,   ///< constant
  kParameter,  ///< index: place in BoundStatement::parameters
  kVariable,   ///< variable: the row, entity or element itself
  kField,      ///< variable over a nested query with several columns; index: which column
  kGroupKey,   ///< index: place in BoundSelect::group_keys (only outputs, having, order by)
  kAggregate,  ///< index: place in BoundSelect::aggregates (the same)
  kCapture,    ///< variable: a node chosen by a selector; index: n of $n, one of the selector's
               ///< captures(); text
  kNow,        ///< the instant at which the statement began; one for the whole statement
  // Properties of operands[0], an entity or row; NULL where it is NULL
  kColumn,     ///< column
  kMetric,     ///< of a version: name, metric (which figure), operands[1]: step of .at
  kHparam,     ///< of a version: name; any
  kTag,        ///< of a version: name; text
  kAttribute,  ///< of a node: name; any; NULL where the node has none of that name
  kIsAlias,    ///< of a version: name ("latest", "best"): whether that alias points to it
  // Sets
  kSelect,     ///< nodes of operands[0] (version or network) that `selector` matches, in order
  kTensors,    ///< tensors of operands[0] (version: default snapshot; snapshot) whose name
               ///< `selector` matches
  kNext,       ///< nodes that read an output of operands[0] (node, or set of nodes), each once
  kPrevious,   ///< nodes whose output operands[0] reads
  kReachNext,  ///< all nodes reachable over kNext in one step or more
  kReachPrevious,
  kPort,         ///< operands[0] (node or set), output `index` of it; ends of slices only
  kNodeTensors,  ///< parameters of operands[0] (node or set) as tensors; name: role ("weight",
                 ///< "bias", "mean", "variance"; "": all). Parameters without tensor are left out
  kParents,      ///< set(version) of operands[0] (version): those that are in this repository
  kAncestors,    ///< transitive, without itself, nearest first
  kDescendants,
  kMap,       ///< list of operands[1] for each element `variable` of the set operands[0], in its
              ///< order
  kMembers,   ///< operands[0], a set, as a list
  kSome,      ///< boolean, never NULL: operands[1] is true for some `variable` in operands[0]
  kEvery,     ///< boolean, never NULL: the set has an element, and operands[1] is true for each
  kNotEmpty,  ///< boolean, never NULL: the set operands[0] has an element
  kMatches,   ///< boolean, never NULL: the node operands[0] is as `node_template` says
  // Operators; three-valued
  kNegate,
  kAdd,       ///< also timestamp + seconds
  kSubtract,  ///< also timestamp - seconds, timestamp - timestamp (real, seconds)
  kMultiply,
  kDivide,     ///< real, also of integers; by 0: NULL
  kRemainder,  ///< integers; sign of the dividend; by 0: NULL
  kConcatenate,
  kEqual,  ///< numbers, text, boolean, timestamp, entities of one kind, lists element by element
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kLike,  ///< operands: text, pattern, optional escape (one character)
  kIlike,
  kRegexMatch,  ///< operands: text, expression; `selector` is compiled where that is a constant
  kIn,          ///< operands[0] in the others
  kInList,      ///< operands[0] in operands[1], a list
  kInQuery,     ///< operands[0] in the one column of `query`
  kBetween,     ///< operands[1] <= operands[0] <= operands[2]
  kIsNull,      ///< never NULL
  kIsNan,       ///< never NULL; false for NULL
  kNot,
  kAnd,  ///< two or more operands
  kOr,   ///< two or more operands
  // The rest
  kConvert,   ///< operands[0] to `type`: text constant to timestamp (done at binding where it can
              ///< be), integer to real, any to what a context wants; NULL where it does not fit
  kFunction,  ///< function
  kExists,    ///< never NULL: `query` has a row
  kScalarQuery,  ///< the one column of the first row of `query`; NULL: no row; two rows: an error
};

enum class MetricFigure : std::uint8_t {
  kLast,  ///< m.metrics["x"]: at the last recorded step
  kMin,
  kMax,
  kAt,      ///< .at(step): at exactly that step, else NULL
  kSeries,  ///< list(real), in order of steps
};

enum class Function : std::uint8_t {
  // Tensors: one tensor; NULL of NULL. Real but where another type is named.
  kNorm,  ///< operands[1]: 1, 2 or infinity, constant (2 where it was left out)
  kMean,
  kStd,
  kTensorMin,
  kTensorMax,
  kNanCount,  ///< integer
  kInfCount,  ///< integer
  kSparsity,  ///< share of elements with |x| <= operands[1] (constant, 0 where it was left out)
  kEntropy,   ///< bits an element, of its bytes
  kDistance,  ///< two tensors of equal element count: 2-norm of the difference
  kCosine,
  kChanged,  ///< boolean: ids differ; two tensors, or two versions (some parameter differs)
  kShape,    ///< list(integer) of a tensor or node
  kNumel,    ///< integer; tensor, or node: elements of its first output
  kDtype,    ///< text
  kConcat,   ///< tensor: a set or list of tensors laid end to end
  // Versions
  kLatestOf,              ///< version: the latest of the model of operands[0]
  kLowestCommonAncestor,  ///< version: the first of them; NULL: none (a source gives them all)
  kDepthBetween,  ///< integer: edges on the shortest way from operands[0] up to operands[1]; NULL
  // Nodes
  kAttributeNamed,  ///< attribute(node, "name"): any
  // Lists
  kSize,  ///< integer: elements of a list or set
  kFirst,
  kLast,
  kElement,   ///< list[i], from 0; NULL outside
  kContains,  ///< boolean: list, value
  // Scalars
  kAbs,
  kRound,  ///< operands[1]: decimals, 0 where left out
  kFloor,
  kCeil,
  kSqrt,
  kLog,  ///< natural; of 0 or less: NULL
  kLog2,
  kLog10,
  kExp,
  kPower,
  kSign,
  kLeast,  ///< of two or more; NULLs are skipped
  kGreatest,
  kCoalesce,
  kNullIf,
  kLower,
  kUpper,
  kLength,  ///< characters
  kTrim,
  kReplace,
  kSubstring,  ///< text, first (from 1), count
  kStartsWith,
  kEndsWith,
  kToText,
  kToInteger,  ///< NULL where it does not fit
  kToReal,
  kToTimestamp,
  kDays,  ///< number of seconds in that many days, real
  kHours,
  kList,  ///< list(any): its operands, as `[a, b]` gives them
};

struct BoundTemplate;

struct BoundExpression {
  ExpressionKind kind = ExpressionKind::kConstant;
  Type type;
  Place place;
  BoundExpressions operands;

  // What the kind says:
  Constant constant;
  VariableId variable = 0;
  std::uint32_t index = 0;
  ColumnId column = ColumnId::kVersionName;
  Function function = Function::kNorm;
  MetricFigure metric = MetricFigure::kLast;
  std::string name;
  std::shared_ptr<const Selector> selector;            ///< shared by copies of the expression
  std::shared_ptr<const BoundTemplate> node_template;  ///< the same
  std::shared_ptr<const BoundQuery> query;             ///< the same

  /// Equality of meaning (places left out; selectors by text; nested queries by identity).
  bool operator==(const BoundExpression& other) const;
};

/// POOL("MAX"), RELU("relu$1"), CONV(3, 3, stride=2), checked by network::MakeTemplate.
struct BoundTemplate {
  network::NodeTemplate checked;  ///< its `name` is what was written, "relu$1"
  /// The text that is no kind: a constant, or kConcatenate of constants and kCapture. In `insert`
  /// it is the new node's name; in `has` and `delete = T` the name of a matching node: exactly, or
  /// as `pattern` says.
  std::optional<BoundExpression> name;
  std::shared_ptr<const Selector> pattern;  ///< where `name` is a constant and not of an insert
  Place place;
};

/// A variable of the statement.
struct BoundVariable {
  std::string name;  ///< as written; empty: an element of a set
  Type type;
  std::optional<RelationId> relation;  ///< whose columns it has
  /// Columns of a variable over a nested query with several columns (type kRow, kField).
  std::vector<std::pair<std::string, Type>> fields;
};

enum class SourceKind : std::uint8_t {
  kRelation,  ///< relation
  kParents,   ///< arguments[0]: version
  kAncestors,
  kDescendants,
  kPath,  ///< arguments[0], [1]: versions on one shortest way, both ends included
  kLowestCommonAncestors,
  kUnnest,    ///< arguments[0]: a set or list; one row an element
  kQuery,     ///< query: nested, or stored and put in here
  kPrevious,  ///< the session's last result, whose columns binding was given
  kPredict,   ///< answers of the network arguments[0] (version, network); its fields: predictions.h
};
enum class JoinKind : std::uint8_t { kCross, kInner, kLeft };

/// A source of `from`. Sources are joined from left to right; arguments and conditions may name
/// variables of the sources before it.
struct BoundSource {
  SourceKind kind = SourceKind::kRelation;
  JoinKind join = JoinKind::kCross;
  Place place;
  VariableId variable = 0;
  RelationId relation = RelationId::kVersions;
  BoundExpressions arguments;
  std::optional<BoundExpression> on;  ///< kInner, kLeft
  std::shared_ptr<const BoundQuery> query;
  std::string query_name;  ///< of a stored query; for explain
  /// kRelation over versions, models: only these model names. Null: all.
  std::shared_ptr<const Selector> models;
  /// kRelation over versions: only those that this alias points to. Empty: all.
  std::string version_alias;
  /// kPredict: what arguments[1], [2], ... are, and when an answer is taken.
  std::vector<RunSetting> settings;
  PredictMode mode = PredictMode::kExact;
};

enum class AggregateFunction : std::uint8_t {
  kCountRows,
  kCount,
  kAverage,
  kMinimum,
  kMaximum,
  kSum
};

/// NULLs and NaNs are skipped, but for kCountRows. Over nothing: count 0, the others NULL.
struct BoundAggregate {
  AggregateFunction function = AggregateFunction::kCountRows;
  bool distinct = false;
  Type type;
  std::optional<BoundExpression> argument;
  Place place;
};

struct BoundOutput {
  std::string name;
  Type type;
  BoundExpression value;
};

/// NaN sorts after all numbers in both directions; NULL after that, or as `nulls` says.
struct BoundOrder {
  BoundExpression value;
  bool descending = false;
  bool nulls_first = false;
};

/// Evaluated in this order: sources, where, groups, having, outputs, distinct, order by, offset,
/// limit. Where `grouped`, outputs, having and order_by refer to rows only through kGroupKey and
/// kAggregate; grouped without keys makes one row.
struct BoundSelect {
  std::vector<BoundSource> sources;  ///< none: one row, of constants
  std::optional<BoundExpression> where;
  bool grouped = false;
  BoundExpressions group_keys;
  std::vector<BoundAggregate> aggregates;
  std::optional<BoundExpression> having;
  bool distinct = false;
  std::vector<BoundOutput> outputs;              ///< at least one
  std::vector<BoundOrder> order_by;              ///< with distinct: each is equal to an output
  std::optional<BoundExpression> limit, offset;  ///< integer: constant or parameter
};

/// Nodes and weights that the outputs need, from the inputs on. One network a row of `sources` that
/// satisfies `where`.
struct BoundSlice {
  std::string result;  ///< name of the variable
  VariableId result_variable = 0;
  std::vector<BoundSource> sources;
  std::optional<BoundExpression> where;
  VariableId subject = 0;    ///< the version or network that is cut; one of the sources
  BoundExpressions inputs;   ///< set(node), perhaps under kPort; at least one
  BoundExpressions outputs;  ///< the same; at least one
  bool closure = false;      ///< operands that do not come from the inputs: their ancestors too,
                             ///< instead of extra inputs
};

/// A node of the subject that a construct chooses: every combination of nodes is a binding.
struct NodeVariable {
  VariableId variable = 0;
  std::shared_ptr<const Selector> selector;  ///< shared with the expressions made from it
  /// False: it stands in actions only. All its nodes are taken then, in every binding.
  bool in_where = false;
  Place place;
};

enum class ActionKind : std::uint8_t {
  kInsert,           ///< what `made` says, behind output `port` of each target
  kDelete,           ///< each target
  kDeleteConsumers,  ///< consumers of each target that match `made`, or that are in `nodes`
};

struct BoundAction {
  ActionKind kind = ActionKind::kInsert;
  Place place;
  BoundExpression target;  ///< node (a kVariable of node_variables) or set(node) made from one
  std::optional<std::uint32_t> port;          ///< .out[k]
  std::shared_ptr<const BoundTemplate> made;  ///< kInsert, kDeleteConsumers; shared by copies
  std::optional<BoundExpression> nodes;       ///< kDeleteConsumers: set(node)
  std::optional<std::uint32_t> keep;          ///< kDelete: which data input takes the node's place
};

/// One network for each row of `sources` that has a binding. A binding gives each of
/// `node_variables` a node of the subject such that `where` is true; `where` names the sources'
/// variables and node variables, and says that captures of equal number are equal. Actions run once
/// for each different outcome (target, template with its captures filled in).
struct BoundConstruct {
  std::string result;
  VariableId result_variable = 0;
  std::vector<BoundSource> sources;
  VariableId subject = 0;
  std::vector<NodeVariable> node_variables;
  std::optional<BoundExpression> where;
  std::vector<BoundAction> actions;  ///< in text order; at least one
};

/// One row for each network of `sources` that satisfies `where`, and each combination of `vary`,
/// as far as the rules keep it.
struct BoundEvaluate {
  std::string result;
  VariableId result_variable = 0;
  std::vector<BoundSource> sources;
  std::optional<BoundExpression> where;
  VariableId subject = 0;             ///< the version or network to evaluate; one of the sources
  std::optional<std::string> config;  ///< a file of settings
  std::vector<RunSetting> settings;   ///< what `values` are
  BoundExpressions values;            ///< constants or parameters
  std::vector<std::string> metrics;   ///< "top1", "loss": the last columns
  struct Dimension {
    std::string path;  ///< "config.base_lr", `config.net["conv*"].lr`
    Place place;
    std::string column;                 ///< its last name
    std::optional<RunSetting> setting;  ///< nothing: a setting of training
    BoundExpressions values;            ///< constants or parameters; empty: auto
  };
  std::vector<Dimension> vary;
  struct Rule {
    enum class Kind : std::uint8_t { kTop, kThreshold } kind = Kind::kTop;
    std::int64_t count = 0;  ///< kTop: how many stay
    std::string metric;
    double bound = 0;             ///< kThreshold
    std::int64_t iterations = 0;  ///< after so many; 0: at the end
    /// Whether small values are good: from asc or desc, else from the metric's name.
    bool ascending = false;
    Place place;
  };
  std::vector<Rule> keep;
  bool save = false;  ///< the results are recorded as evaluations
};

struct BoundQuery {
  Place place;
  std::variant<BoundSelect, BoundSlice, BoundConstruct, BoundEvaluate> body;
  std::string save_as;  ///< model that slice or construct makes versions of; empty: none
  /// What a row looks like: of a select its outputs; else one column, a network.
  std::vector<std::pair<std::string, Type>> columns;
  std::vector<VariableId> outer;  ///< variables of enclosing queries that it names; empty: none
};

struct BoundParameter {
  std::string name;
  Type type;  ///< what its place wants; kAny: anything
  Place place;
  /// It stands where binding must know its value: a selector, a name, an argument of a template.
  /// The statement is bound again with what it is given.
  bool shapes = false;
};

/// Names that the statement uses: what a plan has to load.
struct UsedNames {
  std::vector<std::string> metrics, hparams;  ///< ascending, each once
};

/// The text of a stored query that the statement uses. Places in it count from `begin` on, which is
/// behind the statement and the texts before.
struct StoredText {
  std::string name, text;
  std::uint32_t begin = 0;
  Place named_at;  ///< in the statement, or in another stored query
};

struct BoundStatement {
  StatementForm form = StatementForm::kQuery;
  ExplainForm explain = ExplainForm::kNone;
  std::string text;        ///< the statement, as places count
  std::string name;        ///< create query, drop query
  std::string query_text;  ///< create query: what is stored
  bool replace = false;
  bool if_exists = false;
  std::optional<BoundQuery> query;  ///< kQuery; kCreateQuery: bound to check it
  std::vector<BoundVariable> variables;
  std::vector<BoundParameter> parameters;  ///< in order of appearance, each once
  /// A reference was looked up while binding ("lenet~2"): it may mean another version later.
  bool looked_up = false;
  UsedNames used;
  std::vector<std::string> warnings;
  std::vector<StoredText> stored;  ///< ascending by begin

  /// Returns the stored query that the place is in; null: the statement itself.
  const StoredText* StoredAt(Place place) const {
    const StoredText* found = nullptr;
    for (const StoredText& one : stored) {
      if (one.begin <= place.begin) found = &one;
    }
    return found;
  }
};

}  // namespace dlv::query
