#include "engine/query/selector.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "engine/network/families.h"

namespace dlv::query {
namespace {

constexpr std::size_t kLongest = 4096;  // bytes of a selector
constexpr unsigned kMostCaptures = 9;

bool IsCaptureNumber(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '1' && text[at] <= '9';
}

/// One piece of a glob.
struct Element {
  std::string expression;
  char literal = 0;  ///< the byte, where it is one
  bool is_literal = false;
  bool many = false;     ///< matches texts of different lengths
  unsigned capture = 0;  ///< $n; 0: none
  std::size_t at = 0;
};

/// "layer1.*.conv" without its star: most patterns are of that kind, and comparing is ten times as
/// fast as a regular expression.
struct Affixes {
  std::string prefix, suffix;
  bool Match(std::string_view name) const {
    if (name.size() < prefix.size() + suffix.size()) return false;
    if (!prefix.empty() && name[0] != prefix[0]) return false;
    return name.starts_with(prefix) && name.ends_with(suffix);
  }
};

/// Makes a regular expression of a glob.
class GlobReader {
 public:
  explicit GlobReader(std::string_view text) : text_(text) {}

  Status Read() {
    while (at_ < text_.size()) DLV_TRY(ReadElement());
    return CheckCaptures();
  }
  std::size_t at() const { return at_; }

  std::string Expression() const {
    std::string expression;
    for (const Element& element : elements_) {
      const bool captured = element.capture != 0;
      expression += (captured ? "(" : "") + element.expression + (captured ? ")" : "");
    }
    return expression;
  }

  std::string Exact() const {
    std::string exact;
    for (const Element& element : elements_) {
      if (!element.is_literal || element.capture != 0) return {};
      exact.push_back(element.literal);
    }
    return exact;
  }

  /// What stands before and behind the only "*", where there is nothing but that and literals.
  std::optional<Affixes> Ends() const {
    Affixes ends;
    bool behind = false;
    for (const Element& element : elements_) {
      const bool is_star = element.expression == "\\C*";
      if (!element.is_literal && (!is_star || behind)) return std::nullopt;
      if (element.is_literal && element.capture != 0) return std::nullopt;
      if (element.is_literal) (behind ? ends.suffix : ends.prefix).push_back(element.literal);
      behind = behind || is_star;
    }
    return behind ? std::optional(std::move(ends)) : std::nullopt;
  }

  /// Numbers in the order of the groups.
  std::vector<unsigned> Captures() const {
    std::vector<unsigned> numbers;
    for (const Element& element : elements_) {
      if (element.capture != 0) numbers.push_back(element.capture);
    }
    return numbers;
  }

 private:
  Error Fail(std::size_t at, std::string message) {
    at_ = at;
    return Error{ErrorCode::kSyntax, std::move(message), {}};
  }

  void Add(std::string expression, bool many) {
    elements_.push_back({std::move(expression), 0, false, many, 0, at_});
  }
  void AddLiteral(char byte) {
    elements_.push_back(
        {re2::RE2::QuoteMeta(re2::StringPiece(&byte, 1)), byte, true, false, 0, at_});
  }

  Status ReadElement() {
    const char c = text_[at_];
    if (c == '*') {
      Add("\\C*", true);
    } else if (c == '?') {
      Add(".", false);
    } else if (c == '[') {
      return ReadBrackets();
    } else if (c == '(' && at_ + 1 < text_.size() && text_[at_ + 1] == '$') {
      return ReadCapture();
    } else if (c == '$' && IsCaptureNumber(text_, at_ + 1)) {
      Add("\\C*", true);
      elements_.back().capture = static_cast<unsigned>(text_[at_ + 1] - '0');
      ++at_;
    } else if (c == '\\') {
      if (at_ + 1 == text_.size()) return Fail(at_, "a \"\\\" at the end of a selector");
      AddLiteral(text_[++at_]);
    } else {
      AddLiteral(c);
    }
    ++at_;
    return Ok();
  }

  Status ReadCapture() {
    if (!IsCaptureNumber(text_, at_ + 2) || at_ + 3 >= text_.size() || text_[at_ + 3] != ')') {
      return Fail(at_, "a capture is written ($1) to ($9)");
    }
    if (elements_.empty()) return Fail(at_, "a capture with nothing before it");
    if (elements_.back().capture != 0) return Fail(at_, "two captures of one element");
    elements_.back().capture = static_cast<unsigned>(text_[at_ + 2] - '0');
    at_ += 4;
    return Ok();
  }

  Status ReadBrackets() {
    const std::size_t close = text_.find(']', at_ + 1);
    if (close == text_.npos) return Fail(at_, "a \"[\" that is not closed");
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    if (inside.empty()) return Fail(at_, "\"[]\" matches nothing");
    if (inside.find(',') != inside.npos) {
      Add(Alternatives(inside), true);
    } else {
      DLV_ASSIGN(std::string set, CharacterSet(inside));
      Add(std::move(set), false);
    }
    at_ = close + 1;
    return Ok();
  }

  static std::string Alternatives(std::string_view inside) {
    std::string expression = "(?:";
    for (std::size_t begin = 0; begin <= inside.size();) {
      const std::size_t end = std::min(inside.find(',', begin), inside.size());
      const std::string_view one = inside.substr(begin, end - begin);
      expression +=
          (begin > 0 ? "|" : "") + re2::RE2::QuoteMeta(re2::StringPiece(one.data(), one.size()));
      begin = end + 1;
    }
    return expression + ")";
  }

  Result<std::string> CharacterSet(std::string_view inside) {
    std::string expression = "[";
    std::size_t i = 0;
    if (inside[0] == '!' || inside[0] == '^') {
      expression += "^";
      ++i;
    }
    if (i == inside.size()) return Fail(at_, "\"[!]\" matches nothing");
    for (; i < inside.size(); ++i) {
      const bool range = inside[i] == '-' && i > 0 && i + 1 < inside.size();
      if (range &&
          static_cast<unsigned char>(inside[i - 1]) > static_cast<unsigned char>(inside[i + 1])) {
        return Fail(at_, "a range of characters that runs backwards");
      }
      if (!range && (static_cast<unsigned char>(inside[i]) < 0x80)) expression += "\\";
      const bool word = std::isalnum(static_cast<unsigned char>(inside[i])) != 0;
      if (!range && word) expression.pop_back();
      expression += inside[i];
    }
    return expression + "]";
  }

  /// A number twice, or two neighbours of which nobody could say where one ends.
  Status CheckCaptures() {
    std::vector<unsigned> seen;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const Element& element = elements_[i];
      if (i > 0 && element.many && elements_[i - 1].many &&
          (element.capture != 0 || elements_[i - 1].capture != 0)) {
        return Fail(element.at,
                    "an ambiguous capture: what it takes could be split in several ways");
      }
      if (element.capture == 0) continue;
      if (std::find(seen.begin(), seen.end(), element.capture) != seen.end()) {
        return Fail(element.at, "$" + std::to_string(element.capture) + " twice in one selector");
      }
      seen.push_back(element.capture);
    }
    return Ok();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Element> elements_;
};

re2::RE2::Options RegexOptions() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(8 << 20);
  return options;
}

}  // namespace

class Selector::Impl {
 public:
  std::string text, exact;
  SelectorTarget target = SelectorTarget::kName;
  std::vector<unsigned> captures;      ///< ascending
  std::vector<std::size_t> groups;     ///< of the expression, for each of them
  std::optional<Affixes> ends;         ///< where they say whether it matches
  std::optional<re2::RE2> expression;  ///< none where `exact` or `ends` says all
  bool search = false;

  Status SetExpression(const std::string& pattern) {
    expression.emplace(pattern, RegexOptions());
    if (expression->ok()) return Ok();
    return Error{
        ErrorCode::kSyntax, "a regular expression that does not parse: " + expression->error(), {}};
  }

  void SetCaptures(const std::vector<unsigned>& numbers) {
    captures = numbers;
    std::sort(captures.begin(), captures.end());
    for (const unsigned number : captures) {
      const auto group = std::find(numbers.begin(), numbers.end(), number) - numbers.begin();
      groups.push_back(static_cast<std::size_t>(group) + 1);
    }
  }

  bool Matches(std::string_view name) const {
    if (ends) return ends->Match(name);
    return expression ? Match(name, nullptr) : name == exact;
  }
  bool Match(std::string_view name, std::vector<std::string>* values) const {
    if (values != nullptr) values->clear();
    if (ends && (values == nullptr || captures.empty())) return ends->Match(name);
    if (!expression) return name == exact;
    const auto anchor = search ? re2::RE2::UNANCHORED : re2::RE2::ANCHOR_BOTH;
    re2::StringPiece found[kMostCaptures + 1];
    const int wanted =
        values == nullptr || captures.empty() ? 0 : static_cast<int>(kMostCaptures) + 1;
    const re2::StringPiece piece(name.data(), name.size());
    if (!expression->Match(piece, 0, name.size(), anchor, found, wanted)) return false;
    if (values == nullptr) return true;
    for (const std::size_t group : groups)
      values->emplace_back(found[group].data(), found[group].size());
    return true;
  }
};

Selector::Selector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Selector::Selector(Selector&&) noexcept = default;
Selector& Selector::operator=(Selector&&) noexcept = default;
Selector::~Selector() = default;

Result<Selector> Selector::Compile(std::string_view text, std::size_t* error_at) {
  auto impl = std::make_unique<Impl>();
  std::size_t at = 0;
  if (error_at == nullptr) error_at = &at;
  *error_at = 0;
  impl->text = text;
  if (text.empty()) return Error{ErrorCode::kSyntax, "an empty selector", {}};
  if (text.size() > kLongest) {
    return Error{ErrorCode::kSyntax,
                 "a selector of " + std::to_string(text.size()) + " bytes, at most " +
                     std::to_string(kLongest) + " are taken",
                 {}};
  }
  if (text.starts_with("@")) {
    impl->exact = text.substr(1);
    if (impl->exact.empty()) return Error{ErrorCode::kSyntax, "\"@\" without an operator", {}};
    const auto family = network::FindFamily(impl->exact);
    impl->target =
        family && *family == impl->exact ? SelectorTarget::kFamily : SelectorTarget::kOperator;
    return Selector(std::move(impl));
  }
  if (text.starts_with("re:")) {
    *error_at = 3;
    DLV_TRY(impl->SetExpression(std::string(text.substr(3))));
    std::vector<unsigned> numbers;
    const auto groups =
        static_cast<unsigned>(std::max(0, impl->expression->NumberOfCapturingGroups()));
    if (groups > kMostCaptures) {
      return Error{ErrorCode::kSyntax, "a regular expression with more than 9 groups", {}};
    }
    for (unsigned i = 1; i <= groups; ++i) numbers.push_back(i);
    impl->SetCaptures(numbers);
    return Selector(std::move(impl));
  }
  GlobReader glob(text);
  const Status read = glob.Read();
  *error_at = glob.at();
  DLV_TRY(read);
  impl->exact = glob.Exact();
  impl->SetCaptures(glob.Captures());
  impl->ends = glob.Ends();
  const bool compared = !impl->exact.empty() || (impl->ends && impl->captures.empty());
  if (!compared) DLV_TRY(impl->SetExpression(glob.Expression()));
  return Selector(std::move(impl));
}

Result<Selector> Selector::CompileSearch(std::string_view expression) {
  auto impl = std::make_unique<Impl>();
  if (expression.size() > kLongest) {
    return Error{ErrorCode::kSyntax,
                 "a regular expression of more than " + std::to_string(kLongest) + " bytes",
                 {}};
  }
  impl->text = expression;
  impl->search = true;
  DLV_TRY(impl->SetExpression(std::string(expression)));
  return Selector(std::move(impl));
}

const std::string& Selector::text() const { return impl_->text; }
SelectorTarget Selector::target() const { return impl_->target; }
const std::string& Selector::exact() const { return impl_->exact; }
const std::vector<unsigned>& Selector::captures() const { return impl_->captures; }
bool Selector::is_expression() const { return !impl_->ends && impl_->expression.has_value(); }
bool Selector::Matches(std::string_view name) const { return impl_->Matches(name); }
bool Selector::Match(std::string_view name, std::vector<std::string>* values) const {
  return impl_->Match(name, values);
}

}  // namespace dlv::query
