#pragma once
/// \file
/// A statement as it was written: names are not looked up, types not known. parse.h makes it,
/// print.h writes it back, bind.h gives it meaning.
///
/// Every part knows its place in the text. Equality (operator==) is about meaning: it leaves
/// places out, so `parse(print(tree)) == tree`.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dlv::query {

/// Bytes [begin, end) of the statement's text. source_text.h turns it into lines and columns.
struct Place {
  std::uint32_t begin = 0, end = 0;
  bool operator==(const Place&) const { return true; }  // see above
};

struct SyntaxQuery;
struct SyntaxExpression;
using SyntaxExpressions = std::vector<SyntaxExpression>;

enum class SyntaxKind : std::uint8_t {
  // Leaves
  kNull,
  kBoolean,    ///< text "true" or "false"
  kInteger,    ///< text: the digits
  kReal,       ///< text: the number as written
  kText,       ///< text: without quotes
  kParameter,  ///< :text
  kName,       ///< an identifier that stands alone: variable, column, alias
  kStar,       ///< the * of count(*); of `select *`
  // Postfix: operands[0] is what they are applied to
  kMember,  ///< .text
  kMethod,  ///< .text(operands[1], ...)
  kIndex,   ///< [operands[1]]
  kReach,   ///< .next* or .prev*; text is "next" or "prev"
  kAlias,   ///< @text, as in m@best
  // Calls and groups
  kCall,      ///< text(operands...); `distinct` only in aggregates
  kNamed,     ///< text = operands[0], an argument of a call or template
  kList,      ///< [operands...] or, behind `in`, (operands...)
  kExists,    ///< exists (query)
  kSubquery,  ///< (query) as a value
  kInQuery,   ///< operands[0] [not] in (query)
  // Operators: operands in the order of the text
  kNegate,
  kPlus,  ///< unary
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kConcatenate,  ///< ||
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kMatch,     ///< operands[0] [not] ~ operands[1]
  kLike,      ///< operands[0] [not] like operands[1] [escape operands[2]]
  kIlike,     ///< the same, folding case
  kIn,        ///< operands[0] [not] in operands[1] (a kList, or a list-valued expression)
  kBetween,   ///< operands[0] [not] between operands[1] and operands[2]
  kIsNull,    ///< operands[0] is [not] null
  kIsNan,     ///< operands[0] is [not] nan
  kIsExists,  ///< operands[0] exists: the set is not empty
  kHas,       ///< operands[0] [not] has operands[1] (a kCall: the template)
  kAll,       ///< all operands[0]: a condition on every element of the set
  kNot,
  kAnd,
  kOr,
};

struct SyntaxExpression {
  SyntaxKind kind = SyntaxKind::kNull;
  Place place;
  std::string text;
  bool negated = false;   ///< not in, not like, is not null, not between, not has, not ~
  bool distinct = false;  ///< kCall
  bool quoted = false;    ///< kName, kMember: stood in backticks
  SyntaxExpressions operands;
  std::shared_ptr<const SyntaxQuery> query;  ///< shared by copies of this expression; never changed

  bool operator==(const SyntaxExpression& other) const;
};

/// A name with its place.
struct SyntaxName {
  std::string text;
  Place place;
  bool operator==(const SyntaxName&) const = default;
};

enum class SourceForm : std::uint8_t {
  kName,       ///< from m, from models x: a variable, or a relation; text, alias
  kText,       ///< from "alexnet*": a stored query or a pattern of model names
  kParameter,  ///< from :name: the same, given as a value
  kCall,       ///< from ancestor(m) a, unnest(S) n, latest(m): call
  kQuery,      ///< from (select ...) x
  kPrevious,   ///< from _ x
};
enum class JoinForm : std::uint8_t { kNone, kComma, kInner, kLeft };

/// One source of a from clause, with how it is joined to those before it.
struct SyntaxSource {
  SourceForm form = SourceForm::kName;
  JoinForm join = JoinForm::kNone;  ///< kNone: the first
  Place place;
  std::string text;          ///< kName, kText, kParameter
  std::string version_name;  ///< m@best: "best"; else empty
  std::optional<SyntaxName> alias;
  std::optional<SyntaxExpression> call;  ///< kCall
  std::optional<SyntaxExpression> on;    ///< kInner, kLeft
  std::shared_ptr<const SyntaxQuery> query;

  bool operator==(const SyntaxSource& other) const;
};

struct SyntaxItem {
  SyntaxExpression value;  ///< kStar: every column
  std::optional<SyntaxName> alias;
  bool operator==(const SyntaxItem&) const = default;
};

enum class NullOrder : std::uint8_t { kDefault, kFirst, kLast };

struct SyntaxOrder {
  SyntaxExpression value;
  bool descending = false;
  NullOrder nulls = NullOrder::kDefault;
  bool operator==(const SyntaxOrder&) const = default;
};

struct SyntaxSelect {
  bool distinct = false;
  std::vector<SyntaxItem> items;
  std::vector<SyntaxSource> sources;
  std::optional<SyntaxExpression> where;
  SyntaxExpressions group_by;
  std::optional<SyntaxExpression> having;
  std::vector<SyntaxOrder> order_by;
  std::optional<SyntaxExpression> limit, offset;
  bool operator==(const SyntaxSelect&) const = default;
};

/// mutate m2.input = S and m2.output = T
struct SyntaxSlice {
  SyntaxName result;
  std::vector<SyntaxSource> sources;
  std::optional<SyntaxExpression> where;
  struct End {
    SyntaxName variable;  ///< m2
    SyntaxName end;       ///< input, output
    SyntaxExpression nodes;
    bool operator==(const End&) const = default;
  };
  std::vector<End> ends;
  bool closure = false;  ///< with closure
  bool operator==(const SyntaxSlice&) const = default;
};

struct SyntaxConstruct {
  SyntaxName result;
  std::vector<SyntaxSource> sources;
  std::optional<SyntaxExpression> where;
  enum class Verb : std::uint8_t { kInsert, kDelete };
  struct Action {
    Verb verb = Verb::kInsert;
    Place place;
    SyntaxExpression target;                ///< without .insert, .delete
    std::optional<SyntaxExpression> value;  ///< right of =; insert always has it
    std::optional<std::int64_t> keep;       ///< delete keep k
    bool operator==(const Action&) const = default;
  };
  std::vector<Action> actions;
  bool operator==(const SyntaxConstruct&) const = default;
};

/// with NAME = VALUE
struct SyntaxSetting {
  SyntaxName name;
  SyntaxExpression value;  ///< a literal or a parameter
  bool operator==(const SyntaxSetting&) const = default;
};

struct SyntaxEvaluate {
  SyntaxName result;
  std::vector<SyntaxSource> sources;     ///< none: all versions
  std::optional<SyntaxExpression> data;  ///< on "data"
  std::vector<SyntaxSetting> settings;
  std::optional<SyntaxExpression> where;
  struct Dimension {
    SyntaxExpression path;                 ///< config.net["conv*"].lr
    std::optional<SyntaxExpression> list;  ///< nothing: auto
    bool operator==(const Dimension&) const = default;
  };
  std::vector<Dimension> vary;
  SyntaxExpressions keep;  ///< calls: top(...), threshold(...)
  bool save = false;
  bool operator==(const SyntaxEvaluate&) const = default;
};

enum class PredictMode : std::uint8_t { kExact, kHeuristic, kWithin };

/// predict m [from ...] on "data" [top k] [exact | heuristic [tau] | within k planes] [with ...]
struct SyntaxPredict {
  SyntaxName subject;
  std::vector<SyntaxSource> sources;  ///< none: all versions, or an outer variable
  Place place;                        ///< from `predict` to the last setting, without sources
  SyntaxExpression data;
  std::optional<SyntaxExpression> top;
  PredictMode mode = PredictMode::kExact;
  std::optional<SyntaxExpression> tau, planes;
  std::vector<SyntaxSetting> settings;
  std::optional<SyntaxExpression> where;
  std::vector<SyntaxOrder> order_by;
  std::optional<SyntaxExpression> limit, offset;
  bool operator==(const SyntaxPredict&) const = default;
};

/// A query, which may stand in another one.
struct SyntaxQuery {
  Place place;
  std::variant<SyntaxSelect, SyntaxSlice, SyntaxConstruct, SyntaxEvaluate, SyntaxPredict> body;
  std::optional<SyntaxName> save_as;
  bool save_as_parameter = false;  ///< save as :name
  bool operator==(const SyntaxQuery&) const = default;
};

enum class ExplainForm : std::uint8_t { kNone, kPlan, kAnalyze };
enum class StatementForm : std::uint8_t { kQuery, kCreateQuery, kDropQuery };

struct SyntaxStatement {
  StatementForm form = StatementForm::kQuery;
  ExplainForm explain = ExplainForm::kNone;
  SyntaxName name;       ///< create query, drop query
  bool replace = false;  ///< create or replace query
  bool if_exists = false;
  std::optional<SyntaxQuery> query;  ///< kQuery, kCreateQuery
  bool operator==(const SyntaxStatement&) const = default;
};

}  // namespace dlv::query
