#include <algorithm>
#include <span>

#include "engine/query/binder.h"
#include "engine/query/diagnostics.h"
#include "engine/query/print.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

/// What an argument may be, one letter each: t tensor, d node, v version, n number, i integer,
/// s text, x any single value, l list or set as a whole.
struct FunctionEntry {
  std::string_view name;
  Function function;
  std::string_view wanted;  ///< '?' before the first that may be left out, '+' behind one that may
                            ///< come again
  Type result;              ///< kNull: the type of the first argument
};

constexpr FunctionEntry kFunctions[] = {
    {"norm", Function::kNorm, "t?n", kRealType},
    {"mean", Function::kMean, "t", kRealType},
    {"std", Function::kStd, "t", kRealType},
    {"min", Function::kTensorMin, "t", kRealType},
    {"max", Function::kTensorMax, "t", kRealType},
    {"nan_count", Function::kNanCount, "t", kIntegerType},
    {"inf_count", Function::kInfCount, "t", kIntegerType},
    {"sparsity", Function::kSparsity, "t?n", kRealType},
    {"entropy", Function::kEntropy, "t", kRealType},
    {"distance", Function::kDistance, "tt", kRealType},
    {"cosine", Function::kCosine, "tt", kRealType},
    {"changed", Function::kChanged, "tt", kBooleanType},
    {"changed", Function::kChanged, "vv", kBooleanType},
    {"shape", Function::kShape, "t", ListOf(TypeKind::kInteger)},
    {"shape", Function::kShape, "d", ListOf(TypeKind::kInteger)},
    {"numel", Function::kNumel, "t", kIntegerType},
    {"numel", Function::kNumel, "d", kIntegerType},
    {"dtype", Function::kDtype, "t", kTextType},
    {"concat", Function::kConcat, "l", kTensorType},
    {"latest_of", Function::kLatestOf, "v", kVersionType},
    {"lca", Function::kLowestCommonAncestor, "vv", kVersionType},
    {"depth", Function::kDepthBetween, "vv", kIntegerType},
    {"attribute", Function::kAttributeNamed, "ds", kAnyType},
    {"size", Function::kSize, "l", kIntegerType},
    {"first", Function::kFirst, "l", kAnyType},
    {"last", Function::kLast, "l", kAnyType},
    {"contains", Function::kContains, "lx", kBooleanType},
    {"abs", Function::kAbs, "n", kNullType},
    {"round", Function::kRound, "n?i", kRealType},
    {"floor", Function::kFloor, "n", kRealType},
    {"ceil", Function::kCeil, "n", kRealType},
    {"sqrt", Function::kSqrt, "n", kRealType},
    {"ln", Function::kLog, "n", kRealType},
    {"log", Function::kLog, "n", kRealType},
    {"log2", Function::kLog2, "n", kRealType},
    {"log10", Function::kLog10, "n", kRealType},
    {"exp", Function::kExp, "n", kRealType},
    {"power", Function::kPower, "nn", kRealType},
    {"sign", Function::kSign, "n", kIntegerType},
    {"least", Function::kLeast, "xx+", kNullType},
    {"greatest", Function::kGreatest, "xx+", kNullType},
    {"coalesce", Function::kCoalesce, "xx+", kNullType},
    {"nullif", Function::kNullIf, "xx", kNullType},
    {"lower", Function::kLower, "s", kTextType},
    {"upper", Function::kUpper, "s", kTextType},
    {"length", Function::kLength, "s", kIntegerType},
    {"trim", Function::kTrim, "s", kTextType},
    {"replace", Function::kReplace, "sss", kTextType},
    {"substr", Function::kSubstring, "si?i", kTextType},
    {"starts_with", Function::kStartsWith, "ss", kBooleanType},
    {"ends_with", Function::kEndsWith, "ss", kBooleanType},
    {"text", Function::kToText, "x", kTextType},
    {"integer", Function::kToInteger, "x", kIntegerType},
    {"real", Function::kToReal, "x", kRealType},
    {"timestamp", Function::kToTimestamp, "x", kTimestampType},
    {"days", Function::kDays, "n", kRealType},
    {"hours", Function::kHours, "n", kRealType},
};

struct AggregateEntry {
  std::string_view name;
  AggregateFunction function;
};
constexpr AggregateEntry kAggregates[] = {
    {"count", AggregateFunction::kCount}, {"avg", AggregateFunction::kAverage},
    {"min", AggregateFunction::kMinimum}, {"max", AggregateFunction::kMaximum},
    {"sum", AggregateFunction::kSum},
};

constexpr std::string_view kSpecial[] = {"latest",     "parent", "ancestor",
                                         "descendant", "now",    "version"};

bool Fits(char wanted, Type type) {
  if (wanted == 'l') return type.is_list() || type.is_set() || type == kAnyType;
  const Type one = type.is_set() ? Type{type.element} : type;
  if (one == kNullType) return true;
  switch (wanted) {
    case 't':
      return one == kTensorType;
    case 'd':
      return one == kNodeType;
    case 'v':
      return one == kVersionType;
    case 'n':
      return MayBeNumber(one);
    case 'i':
      return one == kIntegerType || one == kAnyType;
    case 's':
      return one == kTextType || one == kAnyType;
    default:
      return one.kind != TypeKind::kRow;
  }
}

const char* Called(char wanted) {
  switch (wanted) {
    case 't':
      return "a tensor";
    case 'd':
      return "a node";
    case 'v':
      return "a version";
    case 'n':
      return "a number";
    case 'i':
      return "a whole number";
    case 's':
      return "a text";
    case 'l':
      return "a list or set";
    default:
      return "a value";
  }
}

Type TypeWanted(char wanted) {
  return wanted == 'n'   ? kRealType
         : wanted == 'i' ? kIntegerType
         : wanted == 's' ? kTextType
                         : kAnyType;
}

/// The letter for argument `index`; 0 where there may be no more.
char WantedAt(std::string_view wanted, std::size_t index) {
  std::size_t seen = 0;
  char last = 0;
  for (const char c : wanted) {
    if (c == '?') continue;
    if (c == '+') return last;
    if (seen++ == index) return c;
    last = c;
  }
  return 0;
}

std::size_t LeastArguments(std::string_view wanted) {
  std::size_t least = 0;
  for (const char c : wanted) {
    if (c == '?') break;
    if (c != '+') ++least;
  }
  return least;
}

/// Number of leading arguments that fit; more than there are arguments where all do and are enough.
std::size_t Fitting(const FunctionEntry& entry, const BoundExpressions& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const char wanted = WantedAt(entry.wanted, i);
    if (wanted == 0 || !Fits(wanted, arguments[i].type)) return i;
  }
  return arguments.size() + (arguments.size() >= LeastArguments(entry.wanted) ? 1 : 0);
}

std::string Counted(std::string_view wanted) {
  std::string text;
  for (std::size_t i = 0; WantedAt(wanted, i) != 0 && i < 3; ++i) {
    text += (i == 0 ? "" : ", ") + std::string(Called(WantedAt(wanted, i)));
    if (wanted.find('+') != wanted.npos && i == 1) return text + ", ...";
  }
  return text;
}

const AggregateEntry* FindAggregate(std::string_view name) {
  for (const AggregateEntry& entry : kAggregates) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Type ResultOf(const FunctionEntry& entry, const BoundExpressions& arguments) {
  if (entry.function == Function::kFirst || entry.function == Function::kLast) {
    const Type list = arguments[0].type;
    return {list == kAnyType ? TypeKind::kAny : list.element};
  }
  if (entry.result != kNullType) return entry.result;
  Type type = arguments[0].type;
  for (const BoundExpression& argument : arguments) {
    if (type == kNullType) type = argument.type;
    if (argument.type == type || argument.type == kNullType) continue;
    const bool numbers = MayBeNumber(type) && MayBeNumber(argument.type);
    const bool dynamic = type == kAnyType || argument.type == kAnyType;
    type = numbers && !dynamic ? kRealType : kAnyType;
  }
  return type;
}

}  // namespace

const std::vector<std::string>& FunctionNames() {
  static const std::vector<std::string> names = [] {
    std::set<std::string> all;
    for (const FunctionEntry& entry : kFunctions) all.emplace(entry.name);
    for (const AggregateEntry& entry : kAggregates) all.emplace(entry.name);
    for (const std::string_view name : kSpecial) all.emplace(name);
    return std::vector<std::string>(all.begin(), all.end());
  }();
  return names;
}

Result<BoundExpression> Binder::BindCall(const SyntaxExpression& call, Scope* scope) {
  const std::string name = Folded(call.text);
  const AggregateEntry* const aggregate = FindAggregate(name);
  const bool star = call.operands.size() == 1 && call.operands[0].kind == SyntaxKind::kStar;
  if (aggregate == nullptr && (star || call.distinct)) {
    return Wrong(call.place,
                 std::string(star ? "\"*\"" : "\"distinct\"") + " belongs to aggregates");
  }
  const bool both = name == "min" || name == "max";  // of tensors, or aggregates
  if (aggregate != nullptr && !both) return BindAggregate(call, aggregate->function, scope);
  const AggregateScope outside = scope->aggregates;
  if (both) scope->aggregates = {nullptr, "an aggregate inside of an aggregate"};
  BoundExpressions arguments;
  std::vector<Place> places;
  for (const SyntaxExpression& operand : call.operands) {
    if (operand.kind == SyntaxKind::kStar) {
      scope->aggregates = outside;
      return Wrong(call.place, name + "(*) counts nothing", "count(*) counts rows");
    }
    auto argument = BindValue(operand, scope);
    if (!argument.ok()) {
      scope->aggregates = outside;
      return argument;
    }
    arguments.push_back(std::move(*argument));
    places.push_back(operand.place);
  }
  scope->aggregates = outside;
  if (both) {
    const bool tensor =
        !arguments.empty() && Fits('t', arguments[0].type) && arguments[0].type != kNullType;
    if (!tensor) return BindAggregate(call, aggregate->function, scope);
  }
  return CallFunction(name, std::move(arguments), call.place, places);
}

Result<BoundExpression> Binder::BindAggregate(const SyntaxExpression& call,
                                              AggregateFunction function, Scope* scope) {
  const std::string name = Folded(call.text);
  if (scope->aggregates.refused != nullptr || scope->aggregates.aggregates == nullptr) {
    const char* const why = scope->aggregates.refused;
    return Wrong(call.place, why == nullptr ? "an aggregate outside of a select's columns" : why,
                 std::string_view(why == nullptr ? "" : why).ends_with("\"where\"")
                     ? "conditions on aggregates belong to \"having\""
                     : "");
  }
  if (call.operands.size() != 1) {
    return Wrong(call.place, name + "() takes one value", "count(*) counts rows");
  }
  BoundAggregate made;
  made.function = function;
  made.distinct = call.distinct;
  made.place = call.place;
  made.type = function == AggregateFunction::kCount ? kIntegerType : kRealType;
  if (call.operands[0].kind == SyntaxKind::kStar) {
    if (function != AggregateFunction::kCount)
      return Wrong(call.place, name + "(*) counts nothing", "count(*) counts rows");
    made.function = AggregateFunction::kCountRows;
  } else {
    const AggregateScope outside =
        std::exchange(scope->aggregates, {nullptr, "an aggregate inside of an aggregate"});
    auto argument = BindValue(call.operands[0], scope);
    scope->aggregates = outside;
    if (!argument.ok()) return argument;
    const Type type = argument->type;
    const bool counts = function == AggregateFunction::kCount;
    const bool orders =
        function == AggregateFunction::kMinimum || function == AggregateFunction::kMaximum;
    const bool ordered = orders && (type == kTextType || type == kTimestampType);
    if (type.is_set() || type.is_list()) {
      return Wrong(call.operands[0].place, name + "() of a " + NameOf(type),
                   counts ? "size(...) counts the elements of a set"
                          : "aggregates go over rows; from unnest(...) n makes rows of a set");
    }
    // The share, or the number, of rows for which a condition is true.
    const bool shares = type == kBooleanType && (function == AggregateFunction::kAverage ||
                                                 function == AggregateFunction::kSum);
    if (!counts && !ordered && !shares && !MayBeNumber(type)) {
      return Wrong(call.operands[0].place, name + "() takes numbers, not " + NameOf(type));
    }
    if (orders || (function == AggregateFunction::kSum && type == kIntegerType)) made.type = type;
    if (shares && function == AggregateFunction::kSum) made.type = kIntegerType;
    made.argument = std::move(*argument);
  }
  auto& all = *scope->aggregates.aggregates;
  const auto same = std::find_if(all.begin(), all.end(), [&](const BoundAggregate& other) {
    return other.function == made.function && other.distinct == made.distinct &&
           other.argument == made.argument;
  });
  BoundExpression reference = MakeExpression(ExpressionKind::kAggregate, made.type, call.place);
  reference.index = static_cast<std::uint32_t>(same - all.begin());
  if (same == all.end()) all.push_back(std::move(made));
  return reference;
}

Result<BoundExpression> Binder::SpecialCall(const std::string& name, BoundExpressions* arguments,
                                            Place place, bool* special) {
  *special = true;
  if (name == "now") {
    if (!arguments->empty()) return Wrong(place, "now() takes nothing");
    return MakeExpression(ExpressionKind::kNow, kTimestampType, place);
  }
  if (name == "version") {
    const bool given =
        arguments->size() == 1 && (ConstantText((*arguments)[0]) != nullptr ||
                                   (*arguments)[0].kind == ExpressionKind::kParameter);
    if (!given)
      return Wrong(place, "version() takes a reference in quotes", "version(\"lenet:v3\")");
    return AsVersion(std::move((*arguments)[0]), place);
  }
  const ExpressionKind kind = name == "parent"       ? ExpressionKind::kParents
                              : name == "ancestor"   ? ExpressionKind::kAncestors
                              : name == "descendant" ? ExpressionKind::kDescendants
                                                     : ExpressionKind::kIsAlias;
  if (kind == ExpressionKind::kIsAlias && name != "latest") {
    *special = false;
    return MakeConstant({}, kNullType, place);
  }
  if (arguments->size() == 1) {
    const Place where = (*arguments)[0].place;
    DLV_ASSIGN((*arguments)[0], AsVersion(std::move((*arguments)[0]), where));
  }
  if (arguments->size() != 1 || (*arguments)[0].type != kVersionType) {
    return Wrong(place, name + "() takes one version");
  }
  const Type type = kind == ExpressionKind::kIsAlias ? kBooleanType : SetOf(TypeKind::kVersion);
  BoundExpression made = MakeUnary(kind, type, place, std::move((*arguments)[0]));
  if (kind == ExpressionKind::kIsAlias) made.name = "latest";
  return made;
}

Result<BoundExpression> Binder::CallFunction(const std::string& name, BoundExpressions arguments,
                                             Place place, const std::vector<Place>& places) {
  bool special = false;
  auto made = SpecialCall(name, &arguments, place, &special);
  if (special) return made;
  if (name == "lca" || name == "depth" || name == "latest_of") {
    for (BoundExpression& argument : arguments) {
      const Place where = argument.place;
      DLV_ASSIGN(argument, AsVersion(std::move(argument), where));
    }
  }
  const FunctionEntry* best = nullptr;
  std::size_t fitting = 0;
  for (const FunctionEntry& entry : kFunctions) {
    if (entry.name != name) continue;
    const std::size_t fits = Fitting(entry, arguments);
    if (best == nullptr || fits > fitting) {
      best = &entry;
      fitting = fits;
    }
  }
  if (best == nullptr) {
    const bool source = name == "path" || name == "unnest" || name == "query" || name == "models";
    return Unknown(
        place, "no function \"" + name + "\"",
        source ? "it is a source: it stands behind \"from\"" : DidYouMean(name, FunctionNames()));
  }
  if (fitting < arguments.size() && WantedAt(best->wanted, fitting) != 0) {
    const char wanted = WantedAt(best->wanted, fitting);
    const bool nodes = wanted == 't' && (arguments[fitting].type == kNodeType ||
                                         arguments[fitting].type == SetOf(TypeKind::kNode));
    return Wrong(
        places[fitting],
        name + "() takes " + Called(wanted) + " here, not " + NameOf(arguments[fitting].type),
        nodes ? "its weights are a tensor: m[\"fc\"].weight" : "");
  }
  if (fitting <= arguments.size()) return Wrong(place, name + "() takes " + Counted(best->wanted));
  // Arguments from `index` on that are sets are taken element by element.
  std::function<Expression(std::size_t)> apply = [&](std::size_t index) -> Expression {
    if (index == arguments.size()) {
      BoundExpression call =
          MakeExpression(ExpressionKind::kFunction, ResultOf(*best, arguments), place, arguments);
      call.function = best->function;
      return call;
    }
    const char wanted = WantedAt(best->wanted, index);
    WantParameter(&arguments[index], TypeWanted(wanted));
    if (wanted == 'l' || !arguments[index].type.is_set()) {
      if (arguments[index].kind == ExpressionKind::kMap)
        arguments[index] = ToList(std::move(arguments[index]));
      return apply(index + 1);
    }
    BoundExpression set = std::move(arguments[index]);
    return Lift(std::move(set), false, [&](BoundExpression one) {
      arguments[index] = std::move(one);
      return apply(index + 1);
    });
  };
  if (best->function == Function::kConcat && arguments[0].type.element != TypeKind::kTensor) {
    return Wrong(places[0], "concat() takes tensors, not " + NameOf(arguments[0].type),
                 "m[\"fc*\"].weight are tensors");
  }
  return apply(0);
}

Result<BoundExpression> Binder::VersionByReference(const std::string& reference, Place place) {
  if (reference.find_first_of("@~^#/{") != reference.npos) {
    return LookUpReference(reference, place);
  }
  const std::size_t colon = reference.find(':');
  const std::string model = reference.substr(0, colon);
  std::string which = colon == reference.npos ? "latest" : reference.substr(colon + 1);
  if (!names().Has(NameKind::kModel, model)) {
    return Unknown(place, "no model \"" + model + "\" in the reference " + Quoted(reference),
                   DidYouMean(model, names().All(NameKind::kModel)));
  }
  const bool numbered =
      which.size() > 1 && which[0] == 'v' && which.find_first_not_of("0123456789", 1) == which.npos;
  BoundSource source = ImplicitSource("", place);
  if (numbered) {
    return VersionWhere(std::move(source), ColumnId::kVersionReference, reference, place);
  }
  DLV_TRY(CheckAlias(which, place));
  source.version_alias = which;
  return VersionWhere(std::move(source), ColumnId::kVersionName, model, place);
}

/// What is neither a number nor an alias is looked up once, and each time the statement runs.
Result<BoundExpression> Binder::LookUpReference(const std::string& reference, Place place) {
  const Result<QueryVersion> found = names().Resolve(reference);
  if (!found.ok()) {
    return Fail(place, found.error().code, found.error().message, found.error().hint);
  }
  statement_->looked_up = true;
  return VersionWhere(ImplicitSource("", place), ColumnId::kVersionId, found->id.Hex(), place);
}

/// Spelled out as a nested query, so that nothing else needs to know of references.
Result<BoundExpression> Binder::VersionWhere(BoundSource source, ColumnId column,
                                             const std::string& text, Place place) {
  BoundSelect select;
  BoundExpression value = MakeUnary(ExpressionKind::kColumn, kTextType, place,
                                    MakeVariable(source.variable, kVersionType, place));
  value.column = column;
  select.where = MakeBinary(ExpressionKind::kEqual, kBooleanType, place, std::move(value),
                            MakeConstant(text, kTextType, place));
  select.outputs.push_back(
      {"version", kVersionType, MakeVariable(source.variable, kVersionType, place)});
  select.sources.push_back(std::move(source));
  BoundQuery query;
  query.place = place;
  query.body = std::move(select);
  query.columns = {{"version", kVersionType}};
  BoundExpression made = MakeExpression(ExpressionKind::kScalarQuery, kVersionType, place);
  made.query = std::make_shared<const BoundQuery>(std::move(query));
  return made;
}

}  // namespace dlv::query
