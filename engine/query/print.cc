#include "engine/query/print.h"

#include "engine/query/tokens.h"

namespace dlv::query {
namespace {

// How strongly an expression holds together; from docs/dql.md, the weakest first.
enum Strength {
  kOrStrength,
  kAndStrength,
  kNotStrength,
  kConditionStrength,
  kSumStrength,
  kProductStrength,
  kSignStrength,
  kPrimaryStrength
};

Strength StrengthOf(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kOr:
      return kOrStrength;
    case SyntaxKind::kAnd:
      return kAndStrength;
    case SyntaxKind::kNot:
      return kNotStrength;
    case SyntaxKind::kAdd:
    case SyntaxKind::kSubtract:
    case SyntaxKind::kConcatenate:
      return kSumStrength;
    case SyntaxKind::kMultiply:
    case SyntaxKind::kDivide:
    case SyntaxKind::kRemainder:
      return kProductStrength;
    case SyntaxKind::kNegate:
    case SyntaxKind::kPlus:
      return kSignStrength;
    default:
      break;
  }
  const bool condition = kind == SyntaxKind::kInQuery || kind >= SyntaxKind::kEqual;
  return condition ? kConditionStrength : kPrimaryStrength;
}

std::string_view SignOf(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::kAdd:
      return "+";
    case SyntaxKind::kSubtract:
      return "-";
    case SyntaxKind::kConcatenate:
      return "||";
    case SyntaxKind::kMultiply:
      return "*";
    case SyntaxKind::kDivide:
      return "/";
    case SyntaxKind::kRemainder:
      return "%";
    case SyntaxKind::kEqual:
      return "=";
    case SyntaxKind::kNotEqual:
      return "!=";
    case SyntaxKind::kLess:
      return "<";
    case SyntaxKind::kLessOrEqual:
      return "<=";
    case SyntaxKind::kGreater:
      return ">";
    case SyntaxKind::kGreaterOrEqual:
      return ">=";
    case SyntaxKind::kMatch:
      return "~";
    case SyntaxKind::kLike:
      return "like";
    case SyntaxKind::kIlike:
      return "ilike";
    default:
      return "";
  }
}

bool IsIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name) {
    const bool part =
        c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!part) return false;
  }
  return true;
}

std::string Backticks(std::string_view name) {
  std::string text = "`";
  for (const char c : name) {
    text.push_back(c);
    if (c == '`') text.push_back(c);
  }
  return text + "`";
}

/// After a dot every word is a name.
std::string MemberName(const SyntaxExpression& node) {
  return node.quoted || !IsIdentifier(node.text) ? Backticks(node.text) : node.text;
}

class Printer {
 public:
  std::string text;

  void Write(const SyntaxExpression& node, Strength least = kOrStrength) {
    const bool brackets = StrengthOf(node.kind) < least;
    if (brackets) text += "(";
    WriteNode(node);
    if (brackets) text += ")";
  }

  void Write(const SyntaxQuery& query) {
    std::visit([this](const auto& body) { WriteBody(body); }, query.body);
    if (!query.save_as) return;
    const std::string& name = query.save_as->text;
    text += " save as " + (query.save_as_parameter ? ":" + name : Quoted(name));
  }

 private:
  void WriteNode(const SyntaxExpression& node) {
    if (node.kind == SyntaxKind::kOr || node.kind == SyntaxKind::kAnd) return WriteChain(node);
    const Strength strength = StrengthOf(node.kind);
    if (strength == kConditionStrength) return WriteCondition(node);
    if (strength == kSumStrength || strength == kProductStrength) {
      Write(node.operands[0], strength);
      text += " " + std::string(SignOf(node.kind)) + " ";
      return Write(node.operands[1], static_cast<Strength>(strength + 1));
    }
    WritePrimary(node);
  }

  void WriteChain(const SyntaxExpression& node) {
    const bool is_or = node.kind == SyntaxKind::kOr;
    const char* between = "";
    for (const SyntaxExpression& part : node.operands) {
      text += between;
      Write(part, is_or ? kAndStrength : kNotStrength);
      between = is_or ? " or " : " and ";
    }
  }

  void WriteCondition(const SyntaxExpression& node) {
    if (node.kind == SyntaxKind::kAll) {
      text += "all ";
      return Write(node.operands[0], kSumStrength);
    }
    const SyntaxExpression& left = node.operands[0];
    if (left.kind == SyntaxKind::kAll) {
      WriteCondition(left);
    } else {
      Write(left, kSumStrength);
    }
    const std::string negation = node.negated ? " not" : "";
    switch (node.kind) {
      case SyntaxKind::kIsNull:
      case SyntaxKind::kIsNan:
        text += " is" + negation + (node.kind == SyntaxKind::kIsNull ? " null" : " nan");
        break;
      case SyntaxKind::kIsExists:
        text += " exists";
        break;
      case SyntaxKind::kHas:
        text += negation + " has ";
        Write(node.operands[1]);
        break;
      case SyntaxKind::kIn:
        text += negation + " in ";
        Write(node.operands[1], kPrimaryStrength);
        break;
      case SyntaxKind::kInQuery:
        text += negation + " in (";
        Write(*node.query);
        text += ")";
        break;
      case SyntaxKind::kBetween:
        text += negation + " between ";
        Write(node.operands[1], kSumStrength);
        text += " and ";
        Write(node.operands[2], kSumStrength);
        break;
      default:
        text += negation + " " + std::string(SignOf(node.kind)) + " ";
        Write(node.operands[1], kSumStrength);
        if (node.operands.size() > 2) {
          text += " escape ";
          Write(node.operands[2], kSumStrength);
        }
    }
  }

  void WritePrimary(const SyntaxExpression& node) {
    switch (node.kind) {
      case SyntaxKind::kNull:
        text += "null";
        break;
      case SyntaxKind::kText:
        text += Quoted(node.text);
        break;
      case SyntaxKind::kParameter:
        text += ":" + node.text;
        break;
      case SyntaxKind::kName:
        text += node.quoted ? Backticks(node.text) : WrittenName(node.text);
        break;
      case SyntaxKind::kStar:
        if (!node.operands.empty()) {
          Write(node.operands[0], kPrimaryStrength);
          text += ".";
        }
        text += "*";
        break;
      case SyntaxKind::kNot:
        text += "not ";
        Write(node.operands[0], kNotStrength);
        break;
      case SyntaxKind::kNegate:
      case SyntaxKind::kPlus:
        text += node.kind == SyntaxKind::kNegate ? "-" : "+";
        if (node.operands[0].kind == node.kind) text += " ";  // "--" begins a comment
        Write(node.operands[0], kSignStrength);
        break;
      case SyntaxKind::kExists:
      case SyntaxKind::kSubquery:
        text += node.kind == SyntaxKind::kExists ? "exists (" : "(";
        Write(*node.query);
        text += ")";
        break;
      case SyntaxKind::kList:
        text += "[";
        WriteList(node.operands, 0);
        text += "]";
        break;
      case SyntaxKind::kNamed:
        text += WrittenName(node.text) + " = ";
        Write(node.operands[0], kSignStrength);
        break;
      case SyntaxKind::kCall:
        text += WrittenName(node.text) + (node.distinct ? "(distinct " : "(");
        WriteList(node.operands, 0);
        text += ")";
        break;
      case SyntaxKind::kMember:
      case SyntaxKind::kMethod:
      case SyntaxKind::kIndex:
      case SyntaxKind::kReach:
      case SyntaxKind::kAlias:
        WritePostfix(node);
        break;
      default:  // kBoolean, kInteger, kReal
        text += node.text;
    }
  }

  void WritePostfix(const SyntaxExpression& node) {
    Write(node.operands[0], kPrimaryStrength);
    if (node.kind == SyntaxKind::kReach) {
      text += "." + node.text + "*";
    } else if (node.kind == SyntaxKind::kAlias) {
      text += "@" + MemberName(node);
    } else if (node.kind == SyntaxKind::kIndex) {
      text += "[";
      Write(node.operands[1]);
      text += "]";
    } else {
      text += "." + MemberName(node);
      if (node.kind == SyntaxKind::kMember) return;
      text += "(";
      WriteList(node.operands, 1);
      text += ")";
    }
  }

  void WriteList(const SyntaxExpressions& values, std::size_t first) {
    for (std::size_t i = first; i < values.size(); ++i) {
      if (i > first) text += ", ";
      Write(values[i]);
    }
  }

  void WriteBody(const SyntaxSelect& select) {
    text += select.distinct ? "select distinct " : "select ";
    const char* between = "";
    for (const SyntaxItem& item : select.items) {
      text += between;
      Write(item.value);
      if (item.alias) text += " as " + WrittenName(item.alias->text);
      between = ", ";
    }
    if (!select.sources.empty()) WriteSources(select.sources);
    WriteClause(" where ", select.where);
    if (!select.group_by.empty()) {
      text += " group by ";
      WriteList(select.group_by, 0);
    }
    WriteClause(" having ", select.having);
    WriteOrder(select.order_by);
    WriteClause(" limit ", select.limit);
    WriteClause(" offset ", select.offset);
  }

  void WriteClause(const char* word, const std::optional<SyntaxExpression>& value) {
    if (!value) return;
    text += word;
    Write(*value);
  }

  void WriteOrder(const std::vector<SyntaxOrder>& orders) {
    const char* between = " order by ";
    for (const SyntaxOrder& order : orders) {
      text += between;
      Write(order.value);
      if (order.descending) text += " desc";
      if (order.nulls == NullOrder::kFirst) text += " nulls first";
      if (order.nulls == NullOrder::kLast) text += " nulls last";
      between = ", ";
    }
  }

  void WriteSources(const std::vector<SyntaxSource>& sources) {
    for (const SyntaxSource& source : sources) {
      switch (source.join) {
        case JoinForm::kNone:
          text += " from ";
          break;
        case JoinForm::kComma:
          text += ", ";
          break;
        case JoinForm::kInner:
          text += " join ";
          break;
        case JoinForm::kLeft:
          text += " left join ";
          break;
      }
      WriteSource(source);
      WriteClause(" on ", source.on);
    }
  }

  void WriteSource(const SyntaxSource& source) {
    switch (source.form) {
      case SourceForm::kName:
        text += source.text == "_" ? Backticks(source.text) : WrittenName(source.text);
        break;
      case SourceForm::kText:
        text += Quoted(source.text);
        break;
      case SourceForm::kParameter:
        text += ":" + source.text;
        break;
      case SourceForm::kCall:
        Write(*source.call);
        break;
      case SourceForm::kQuery:
        text += "(";
        Write(*source.query);
        text += ")";
        break;
      case SourceForm::kPrevious:
        text += "_";
        break;
    }
    if (!source.version_name.empty()) {
      text += "@" + (IsIdentifier(source.version_name) ? source.version_name
                                                       : Backticks(source.version_name));
    }
    if (source.alias) text += " as " + WrittenName(source.alias->text);
  }

  void WriteBody(const SyntaxSlice& slice) {
    text += "slice " + WrittenName(slice.result.text);
    WriteSources(slice.sources);
    WriteClause(" where ", slice.where);
    const char* between = " mutate ";
    for (const SyntaxSlice::End& end : slice.ends) {
      text += between + WrittenName(end.variable.text) + "." +
              (IsIdentifier(end.end.text) ? end.end.text : Backticks(end.end.text)) + " = ";
      Write(end.nodes);
      between = " and ";
    }
    if (slice.closure) text += " with closure";
  }

  void WriteBody(const SyntaxConstruct& construct) {
    text += "construct " + WrittenName(construct.result.text);
    WriteSources(construct.sources);
    WriteClause(" where ", construct.where);
    const char* between = " mutate ";
    for (const SyntaxConstruct::Action& action : construct.actions) {
      text += between;
      Write(action.target, kPrimaryStrength);
      text += action.verb == SyntaxConstruct::Verb::kInsert ? ".insert" : ".delete";
      WriteClause(" = ", action.value);
      if (action.keep) text += " keep " + std::to_string(*action.keep);
      between = " and ";
    }
  }

  void WriteBody(const SyntaxEvaluate& evaluate) {
    text += "evaluate " + WrittenName(evaluate.result.text);
    WriteSources(evaluate.sources);
    WriteClause(" on ", evaluate.data);
    WriteSettings(evaluate.settings);
    WriteClause(" where ", evaluate.where);
    const char* between = " vary ";
    for (const SyntaxEvaluate::Dimension& dimension : evaluate.vary) {
      text += between;
      Write(dimension.path);
      WriteClause(" in ", dimension.list);
      if (!dimension.list) text += " auto";
      between = " and ";
    }
    between = " keep ";
    for (const SyntaxExpression& rule : evaluate.keep) {
      text += between;
      Write(rule);
      between = " and ";
    }
    if (evaluate.save) text += " save";
  }

  void WriteSettings(const std::vector<SyntaxSetting>& settings) {
    const char* between = " with ";
    for (const SyntaxSetting& setting : settings) {
      const std::string& name = setting.name.text;
      text += between + (IsIdentifier(name) ? name : Backticks(name)) + " = ";
      Write(setting.value);
      between = " and ";
    }
  }

  void WriteBody(const SyntaxPredict& predict) {
    text += "predict " + WrittenName(predict.subject.text);
    WriteSources(predict.sources);
    text += " on ";
    Write(predict.data);
    WriteClause(" top ", predict.top);
    if (predict.mode == PredictMode::kHeuristic) text += " heuristic";
    WriteClause(" ", predict.tau);
    WriteClause(" within ", predict.planes);
    if (predict.planes) text += " planes";
    WriteSettings(predict.settings);
    WriteClause(" where ", predict.where);
    WriteOrder(predict.order_by);
    WriteClause(" limit ", predict.limit);
    WriteClause(" offset ", predict.offset);
  }
};

}  // namespace

std::string Print(const SyntaxExpression& expression) {
  Printer printer;
  printer.Write(expression);
  return printer.text;
}

std::string Print(const SyntaxQuery& query) {
  Printer printer;
  printer.Write(query);
  return printer.text;
}

std::string Print(const SyntaxStatement& statement) {
  if (statement.form == StatementForm::kDropQuery) {
    return std::string("drop query ") + (statement.if_exists ? "if exists " : "") +
           WrittenName(statement.name.text);
  }
  std::string before;
  if (statement.form == StatementForm::kCreateQuery) {
    before = std::string("create ") + (statement.replace ? "or replace " : "") + "query " +
             WrittenName(statement.name.text) + " as ";
  } else if (statement.explain != ExplainForm::kNone) {
    before = statement.explain == ExplainForm::kAnalyze ? "explain analyze " : "explain ";
  }
  return before + Print(*statement.query);
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted.push_back(c == '\n' ? ' ' : c);
    if (c == '"') quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string WrittenName(std::string_view name) {
  return IsIdentifier(name) && !IsReserved(KeywordOf(name)) ? std::string(name) : Backticks(name);
}

}  // namespace dlv::query
