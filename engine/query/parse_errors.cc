#include "engine/query/parse_errors.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/query/diagnostics.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

using Kind = TokenKind;

// Beyond this, asking the parser again and again takes too long.
constexpr std::size_t kProbedTokens = 500;

struct Slip {
  Place place;
  std::string message;
  std::string hint;
};

class Explainer {
 public:
  Explainer(std::string_view text, std::span<const Token> tokens, std::size_t failed,
            const Probe& probe)
      : text_(text), tokens_(tokens), failed_(failed), probe_(probe) {
    for (const Token& token : tokens) kinds_.push_back(token.kind);
  }

  Error Run(Place* error_place) {
    *error_place = PlaceAt(failed_);
    for (const auto& find : {&Explainer::FindMissingMutate, &Explainer::FindClauses,
                             &Explainer::FindOperators, &Explainer::FindBrackets}) {
      if (const auto slip = (this->*find)()) return Found(*slip, error_place);
    }
    if (tokens_.size() <= kProbedTokens) {
      if (const auto slip = FindKeyword()) return Found(*slip, error_place);
    }
    std::string message = Got();
    const std::string wanted = tokens_.size() <= kProbedTokens ? Wanted() : "";
    if (!wanted.empty()) message += ", want " + wanted;
    return Error{ErrorCode::kSyntax, message, {}};
  }

 private:
  static Error Found(const Slip& slip, Place* error_place) {
    *error_place = slip.place;
    return Error{ErrorCode::kSyntax, slip.message, slip.hint};
  }

  Kind KindAt(std::size_t index) const {
    return index < tokens_.size() ? tokens_[index].kind : Kind::kEnd;
  }
  Kind Before(std::size_t back = 1) const {
    return failed_ >= back ? KindAt(failed_ - back) : Kind::kNone;
  }
  Place PlaceAt(std::size_t index) const {
    return tokens_[std::min(index, tokens_.size() - 1)].place;
  }
  std::string TextAt(std::size_t index) const { return std::string(TextOf(text_, tokens_[index])); }

  std::string Got() const {
    if (KindAt(failed_) == Kind::kEnd) return "the statement ends here";
    std::string got = TextAt(failed_);
    if (got.size() > 40) got = got.substr(0, 37) + "...";
    return KindAt(failed_) == Kind::kText ? "got the text " + got : "got \"" + got + "\"";
  }

  /// The kind of the first word of the query in which the failed token stands.
  Kind QueryAround() const {
    int depth = 0;
    for (std::size_t i = failed_; i-- > 0;) {
      switch (KindAt(i)) {
        case Kind::kRightParenthesis:
          ++depth;
          break;
        case Kind::kLeftParenthesis:
          --depth;
          break;
        case Kind::kSelect:
        case Kind::kSlice:
        case Kind::kConstruct:
        case Kind::kEvaluate:
        case Kind::kPredict:
          if (depth <= 0) return KindAt(i);
          break;
        default:
          break;
      }
    }
    return Kind::kNone;
  }

  std::optional<Slip> FindMissingMutate() const {
    const Kind query = QueryAround();
    if (query != Kind::kSlice && query != Kind::kConstruct) return std::nullopt;
    for (std::size_t i = 0; i <= failed_ && i < tokens_.size(); ++i) {
      if (KindAt(i) == Kind::kMutate) return std::nullopt;
    }
    const Kind now = KindAt(failed_);
    const bool ends = now == Kind::kEnd || now == Kind::kSemicolon || now == Kind::kSave ||
                      now == Kind::kRightParenthesis;
    // "... where c and m2.input = m1[...]" fails at the second "=": the "mutate" was forgotten.
    const bool assigns = now == Kind::kEqual && FindAssignment();
    if (!ends && !assigns) return std::nullopt;
    if (ends && probe_(With(failed_, Kind::kMutate)) == failed_) return std::nullopt;
    return query == Kind::kSlice
               ? Slip{PlaceAt(failed_), "a slice without \"mutate\"",
                      "say what to cut: mutate s.input = m[\"conv1\"] and s.output = m[\"fc1\"]"}
               : Slip{PlaceAt(failed_), "a construct without \"mutate\"",
                      "say what to do: mutate m[\"conv1\"].insert = RELU(\"relu1\")"};
  }

  bool FindAssignment() const {
    const std::string word = failed_ > 0 ? Folded(TextAt(failed_ - 1)) : "";
    return word == "input" || word == "output" || word == "insert" || word == "delete";
  }

  static int OrderOf(Kind clause) {
    switch (clause) {
      case Kind::kFrom:
        return 1;
      case Kind::kWhere:
        return 2;
      case Kind::kGroup:
        return 3;
      case Kind::kHaving:
        return 4;
      case Kind::kOrder:
        return 5;
      case Kind::kLimit:
        return 6;
      default:
        return 0;
    }
  }

  /// Clauses that stand twice, or behind one that must follow them.
  std::optional<Slip> FindClauses() const {
    const Kind now = KindAt(failed_);
    const int order = OrderOf(now);
    if (order == 0) return std::nullopt;
    const std::string name = std::string(NameOf(now));
    const std::string by = now == Kind::kGroup || now == Kind::kOrder ? " by" : "";
    int depth = 0;
    for (std::size_t i = failed_; i-- > 0;) {
      const Kind kind = KindAt(i);
      if (kind == Kind::kRightParenthesis) ++depth;
      if (kind == Kind::kLeftParenthesis && --depth < 0) break;
      if (depth > 0 || OrderOf(kind) < order) continue;
      if (kind == now) {
        return Slip{PlaceAt(failed_), "a second \"" + name + by + "\"",
                    now == Kind::kWhere ? "join conditions with \"and\"" : ""};
      }
      const std::string other = std::string(NameOf(kind));
      return Slip{PlaceAt(failed_), "\"" + name + by + "\" behind \"" + other + "\"",
                  "clauses stand in this order: from, where, group by, having, order by, limit"};
    }
    return std::nullopt;
  }

  static bool IsComparison(Kind kind) {
    return (kind >= Kind::kEqual && kind <= Kind::kGreaterEqual) || kind == Kind::kTilde ||
           kind == Kind::kLike || kind == Kind::kIlike;
  }

  std::optional<Slip> FindOperators() const {
    const Kind now = KindAt(failed_);
    const Place place = PlaceAt(failed_);
    if (IsComparison(now) && IsComparison(Before())) {
      if (Before() == Kind::kLike || Before() == Kind::kIlike) {
        return Slip{place, "\"" + TextAt(failed_) + "\" behind \"like\"",
                    "write m.name like \"alexnet%\", without \"=\""};
      }
      return Slip{place, "\"" + TextAt(failed_) + "\" behind \"" + TextAt(failed_ - 1) + "\"", ""};
    }
    if (IsComparison(now) && ComparisonBefore()) {
      if (ConcatenationBefore()) {
        return Slip{place, "comparisons do not chain", "\"||\" joins texts; write \"or\""};
      }
      return Slip{place, "comparisons do not chain", "join two of them with \"and\""};
    }
    if (Before() == Kind::kLike || Before() == Kind::kIlike || Before() == Kind::kTilde) {
      if (now == Kind::kPercent || now == Kind::kStar) {
        return Slip{place, "a pattern without quotes", "write m.name like \"%net\""};
      }
    }
    if (now == Kind::kWhere && Before() == Kind::kAnd) {
      return Slip{place, "a second \"where\"", "join conditions with \"and\""};
    }
    if (now == Kind::kEnd && Before() == Kind::kPercent) {
      return Slip{PlaceAt(failed_ - 1), "a pattern without quotes", "write like \"alexnet%\""};
    }
    if (now == Kind::kNot && Before() == Kind::kHas) {
      return Slip{place, "\"not\" behind \"has\"", "write \"not has\""};
    }
    if (now == Kind::kMutate && QueryAround() == Kind::kSelect) {
      return Slip{place, "a select with \"mutate\"", "networks are made by slice and construct"};
    }
    if (failed_ == 0 && now == Kind::kIdentifier && IsChange(TextAt(0))) {
      return Slip{place, "there is no \"" + TextAt(0) + "\" statement",
                  "versions never change; construct makes new ones"};
    }
    if (now == Kind::kIdentifier && Before() == Kind::kIs) {
      return Slip{place, "\"is\" takes null or nan", "values are compared with \"=\""};
    }
    return std::nullopt;
  }

  /// Whether a word begins a statement of SQL that changes rows.
  static bool IsChange(const std::string& word) {
    return EqualFolded(word, "update") || EqualFolded(word, "insert") ||
           EqualFolded(word, "delete") || EqualFolded(word, "alter");
  }

  /// Whether a comparison stands between here and the last and, or, bracket or clause.
  bool ComparisonBefore() const {
    return StandsSince([](Kind kind) { return IsComparison(kind); });
  }
  bool ConcatenationBefore() const {
    return StandsSince([](Kind kind) { return kind == Kind::kConcat; });
  }
  template <class Predicate>
  bool StandsSince(Predicate matches) const {
    int depth = 0;
    for (std::size_t i = failed_; i-- > 0;) {
      const Kind kind = KindAt(i);
      if (kind == Kind::kRightBracket || kind == Kind::kRightParenthesis) ++depth;
      if ((kind == Kind::kLeftBracket || kind == Kind::kLeftParenthesis) && --depth < 0) break;
      if (depth > 0) continue;
      if (kind == Kind::kAnd || kind == Kind::kOr || kind == Kind::kNot || kind == Kind::kWhere ||
          kind == Kind::kOn || kind == Kind::kHaving || kind == Kind::kComma ||
          kind == Kind::kMutate || kind == Kind::kSelect || kind == Kind::kWith) {
        break;
      }
      if (matches(kind)) return true;
    }
    return false;
  }

  /// A bracket that closes nothing, or the wrong one, or that is never closed.
  std::optional<Slip> FindBrackets() const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Kind kind = KindAt(i);
      if (kind == Kind::kLeftParenthesis || kind == Kind::kLeftBracket) open.push_back(i);
      if (kind != Kind::kRightParenthesis && kind != Kind::kRightBracket) continue;
      if (open.empty()) {
        if (i < failed_) return std::nullopt;
        return Slip{PlaceAt(i), "a \"" + TextAt(i) + "\" that closes nothing", ""};
      }
      const bool fits =
          (kind == Kind::kRightParenthesis) == (KindAt(open.back()) == Kind::kLeftParenthesis);
      if (!fits && i >= failed_) {
        return Slip{PlaceAt(i),
                    "a \"" + TextAt(i) + "\" where a \"" +
                        (kind == Kind::kRightBracket ? ")" : "]") + "\" must close",
                    ""};
      }
      open.pop_back();
    }
    if (open.empty() || KindAt(failed_) != Kind::kEnd) return std::nullopt;
    return Slip{PlaceAt(open.back()), "a \"" + TextAt(open.back()) + "\" that is not closed", ""};
  }

  std::vector<Kind> With(std::size_t index, Kind kind) const {
    std::vector<Kind> changed = kinds_;
    if (changed[index] == Kind::kEnd && kind != Kind::kEnd) {
      changed.push_back(Kind::kEnd);
    } else if (kind == Kind::kEnd) {
      changed.resize(index + 1);
    }
    changed[index] = kind;
    return changed;
  }

  /// A word here or just before that is nearly a keyword with which parsing gets further.
  std::optional<Slip> FindKeyword() const {
    for (const std::size_t back : {0, 1, 2}) {
      if (back > failed_) break;
      const std::size_t at = failed_ - back;
      if (KindAt(at) != Kind::kIdentifier) continue;
      for (const std::string& near : NearKeywords(TextAt(at))) {
        if (probe_(With(at, KeywordOf(near))) <= failed_) continue;
        const std::string got = "got \"" + TextAt(at) + "\"";
        return Slip{PlaceAt(at), got + ", want \"" + near + "\"", "did you mean \"" + near + "\"?"};
      }
    }
    return std::nullopt;
  }

  static std::vector<std::string> NearKeywords(const std::string& word) {
    static const std::vector<std::string> all = [] {
      std::vector<std::string> names;
      for (const std::string_view keyword : Keywords()) names.emplace_back(keyword);
      return names;
    }();
    return Nearest(word, all);
  }

  bool Fits(Kind kind) const { return probe_(With(failed_, kind)) > failed_; }

  /// What may stand here, in words.
  std::string Wanted() const {
    std::vector<std::string> wanted;
    const bool name = Fits(Kind::kIdentifier), value = Fits(Kind::kReal);
    if (value) {
      wanted.emplace_back(Fits(Kind::kNot) ? "a condition or value" : "a value");
    } else {
      if (name) wanted.emplace_back("a name");
      if (Fits(Kind::kText)) wanted.emplace_back("a text in quotes");
      if (Fits(Kind::kInteger)) wanted.emplace_back("a whole number");
    }
    if (Fits(Kind::kLess)) {
      wanted.emplace_back("a comparison");
    } else if (Fits(Kind::kPlus) && !value) {
      wanted.emplace_back("an operator");
    }
    AddWords(value || Fits(Kind::kLess), &wanted);
    AddSigns(value || Fits(Kind::kPlus), &wanted);
    if (KindAt(failed_) != Kind::kEnd && Fits(Kind::kEnd)) wanted.emplace_back("the end");
    if (wanted.size() > 9) wanted.resize(9);
    return Joined(wanted);
  }

  /// Keywords that begin a clause; inside expressions those that are parts of conditions go
  /// without saying.
  void AddWords(bool in_expression, std::vector<std::string>* wanted) const {
    for (auto kind = Kind::kAll; IsKeyword(kind);
         kind = static_cast<Kind>(static_cast<int>(kind) + 1)) {
      if (!IsReserved(kind) && (in_expression || Fits(Kind::kIdentifier))) break;
      const bool part = kind == Kind::kAll || kind == Kind::kBetween || kind == Kind::kExists ||
                        kind == Kind::kFalse || kind == Kind::kHas || kind == Kind::kIlike ||
                        kind == Kind::kIn || kind == Kind::kIs || kind == Kind::kLike ||
                        kind == Kind::kNot || kind == Kind::kNull || kind == Kind::kTrue ||
                        kind == Kind::kDistinct || kind == Kind::kAs || kind == Kind::kInner;
      if (part && in_expression) continue;
      if ((kind == Kind::kAs && Fits(Kind::kIdentifier)) || kind == Kind::kInner) continue;
      if (KindAt(failed_) != kind && Fits(kind)) {
        wanted->push_back("\"" + std::string(NameOf(kind)) + "\"");
      }
    }
  }

  void AddSigns(bool in_expression, std::vector<std::string>* wanted) const {
    for (const Kind kind :
         {Kind::kComma, Kind::kDot, Kind::kLeftParenthesis, Kind::kRightParenthesis,
          Kind::kLeftBracket, Kind::kRightBracket, Kind::kEqual, Kind::kStar}) {
      const bool goes_without_saying =
          in_expression &&
          (kind == Kind::kDot || kind == Kind::kLeftParenthesis || kind == Kind::kLeftBracket ||
           kind == Kind::kEqual || kind == Kind::kStar);
      if (!goes_without_saying && Fits(kind)) {
        wanted->push_back("\"" + std::string(NameOf(kind)) + "\"");
      }
    }
  }

  static std::string Joined(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) text += i + 1 == parts.size() ? " or " : ", ";
      text += parts[i];
    }
    return text;
  }

  std::string_view text_;
  std::span<const Token> tokens_;
  std::size_t failed_;
  const Probe& probe_;
  std::vector<Kind> kinds_;
};

}  // namespace

Error ExplainSyntaxError(std::string_view text, std::span<const Token> tokens, std::size_t failed,
                         const Probe& probe, Place* error_place) {
  return Explainer(text, tokens, failed, probe).Run(error_place);
}

}  // namespace dlv::query
