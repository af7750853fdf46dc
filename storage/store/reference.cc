#include "storage/store/reference.h"

#include <charconv>
#include <ctime>

#include "storage/store/glob.h"
#include "storage/store/names.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kMaxSteps = 1'000'000;
constexpr std::size_t kMinHexDigits = 4;
constexpr std::size_t kMaxHexDigits = 64;
constexpr std::size_t kMaxReference = 8192;

/// Seconds since 1970 of "YYYY-MM-DD", at its end, or "YYYY-MM-DDTHH:MM[:SS]".
std::optional<std::int64_t> MomentOf(const std::string& text) {
  std::tm parts{};
  parts.tm_hour = 23;
  parts.tm_min = parts.tm_sec = 59;
  parts.tm_isdst = -1;
  const char* const format = text.size() == 10   ? "%Y-%m-%d"
                             : text.size() == 16 ? "%Y-%m-%dT%H:%M"
                                                 : "%Y-%m-%dT%H:%M:%S";
  if (text.size() == 16) parts.tm_sec = 0;
  const char* const end = strptime(text.c_str(), format, &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const std::time_t time = std::mktime(&parts);
  return time == static_cast<std::time_t>(-1) ? std::nullopt
                                              : std::optional(static_cast<std::int64_t>(time));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Reference> Parse() {
    Reference reference;
    if (text_.size() > kMaxReference) return Bad("a reference of at most 8192 bytes");
    reference.model = std::string(TakeUntil(":@~^#/"));
    if (!reference.model.empty()) {
      const Status name = CheckModelName(reference.model);
      if (!name.ok()) return Error{ErrorCode::kSyntax, name.error().message};
    }
    if (reference.model.empty() && Peek() != '@') return Bad("a model name");
    if (Peek() == ':')
      DLV_TRY(TakeSelector(reference));
    else if (Peek() == '@' && !AtMoment())
      DLV_TRY(TakeHash(reference));
    if (AtMoment()) DLV_TRY(TakeMoment(reference));
    while (Peek() == '~' || Peek() == '^') DLV_TRY(TakeStep(reference));
    if (Peek() == '#') DLV_TRY(TakeSnapshot(reference));
    if (Peek() == '/') {
      reference.tensor_pattern = std::string(text_.substr(at_ + 1));
      at_ = text_.size();
    }
    if (at_ != text_.size()) return Bad("'~', '^', '#', '/' or the end");
    return reference;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view TakeUntil(std::string_view stops) {
    const std::size_t end = std::min(text_.find_first_of(stops, at_), text_.size());
    const std::string_view part = text_.substr(at_, end - at_);
    at_ = end;
    return part;
  }

  Error Bad(std::string_view want) const {
    return Error{ErrorCode::kSyntax, "reference " + Quoted(text_) + ", byte " +
                                         std::to_string(at_ + 1) + ": want " + std::string(want)};
  }

  template <class Int>
  bool TakeNumber(Int& value) {
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return false;
    at_ = static_cast<std::size_t>(end - text_.data());
    return true;
  }

  Status TakeSelector(Reference& reference) {
    const std::size_t start = ++at_;
    const std::string_view word = TakeUntil("@~^#/");
    if (word.size() > 1 && (word[0] == 'v' || word[0] == 'V') &&
        word.find_first_not_of("0123456789", 1) == std::string_view::npos) {
      at_ = start + 1;
      std::uint64_t number = 0;
      if (!TakeNumber(number) || number == 0) return Bad("a version number from 1 on");
      reference.number = number;
      return Ok();
    }
    at_ = start;
    if (word.empty()) return Bad("vN or an alias");
    if (word != "latest") {
      const Status name = CheckAliasName(word);
      if (!name.ok()) return Error{ErrorCode::kSyntax, name.error().message};
    }
    at_ = start + word.size();
    reference.alias = std::string(word);
    return Ok();
  }

  bool AtMoment() const { return text_.substr(at_).starts_with("@{"); }

  /// `@{3}`, `@{2026-11-01}` (the end of that day) or `@{2026-11-01T16:02}`, in local time.
  Status TakeMoment(Reference& reference) {
    if (reference.number || !reference.id_prefix.empty() || reference.model.empty())
      return Bad("no @{...} here: a version does not move, only NAME and NAME:alias do");
    at_ += 2;
    const std::size_t start = at_;
    const std::string word(TakeUntil("}"));
    if (Peek() != '}') return Bad("a closing brace");
    ++at_;
    if (!word.empty() && word.size() < 10 &&
        word.find_first_not_of("0123456789") == std::string::npos) {
      reference.moves_back = std::stoull(word);
      return Ok();
    }
    reference.moment = MomentOf(word);
    if (reference.moment) return Ok();
    at_ = start;
    return Bad("a number of moves, or a date such as 2026-11-01 or 2026-11-01T16:02");
  }

  Status TakeHash(Reference& reference) {
    ++at_;
    const std::size_t start = at_;
    std::string digits(TakeUntil("~^#/"));
    for (char& digit : digits) {
      if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
    }
    if (digits.size() < kMinHexDigits || digits.size() > kMaxHexDigits ||
        digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
      at_ = start;
      return Bad("4 to 64 hexadecimal digits");
    }
    reference.id_prefix = std::move(digits);
    return Ok();
  }

  Status TakeStep(Reference& reference) {
    ReferenceStep step{Peek() == '^', 1};
    ++at_;
    const bool digit = Peek() >= '0' && Peek() <= '9';
    if (digit && (!TakeNumber(step.count) || step.count > kMaxSteps))
      return Bad("a smaller number");
    if (step.is_parent && step.count == 0) return Bad("a parent's number from 1 on");
    reference.steps.push_back(step);
    return Ok();
  }

  Status TakeSnapshot(Reference& reference) {
    ++at_;
    std::int64_t step = 0;
    if (!TakeNumber(step)) return Bad("a training step");
    reference.snapshot_step = step;
    return Ok();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<TensorRole> RoleFromName(std::string_view name) {
  for (const TensorRole role :
       {TensorRole::kParameter, TensorRole::kBuffer, TensorRole::kOptimizer, TensorRole::kOther}) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace

Result<Reference> ParseReference(std::string_view text) { return Parser(text).Parse(); }

Result<TensorPattern> TensorPattern::Parse(std::string_view text) {
  TensorPattern pattern;
  if (text.starts_with('@')) {
    const std::size_t slash = text.find('/');
    pattern.role_ = RoleFromName(text.substr(1, std::min(slash, text.size()) - 1));
    if (!pattern.role_) {
      return Error{ErrorCode::kSyntax,
                   "tensor pattern " + Quoted(text) +
                       ": want @parameter, @buffer, @optimizer or @other after the slash"};
    }
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
    if (text.empty()) text = "*";
  } else if (const std::size_t cut = text.find("//");
             cut != std::string_view::npos && cut != 0 && text[0] != '"') {
    pattern.file_ = std::string(text.substr(0, cut));
    text = text.substr(cut + 2);
    if (text.empty()) text = "*";
  }
  if (text.starts_with('"')) {
    if (text.size() < 2 || !text.ends_with('"')) {
      return Error{ErrorCode::kSyntax, "tensor pattern " + Quoted(text) + ": no closing quote"};
    }
    pattern.exact_ = true;
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty() && !pattern.exact_) {  // a tensor may have no name: REF/""
    return Error{ErrorCode::kSyntax, "tensor pattern: is empty"};
  }
  pattern.name_ = std::string(text);
  return pattern;
}

bool TensorPattern::Matches(TensorRole role, std::string_view file, std::string_view name) const {
  if (role_ && role != *role_) return false;
  if (!role_ && !exact_ && file_.empty() && role == TensorRole::kOptimizer) return false;
  if (!file_.empty() && !GlobMatches(file_, file)) return false;
  return exact_ ? name == name_ : GlobMatches(name_, name) || name == name_;
}

}  // namespace dlv::store
