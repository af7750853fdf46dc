#include <charconv>
#include <chrono>

#include "engine/query/binder.h"

namespace dlv::query {
namespace {

/// Reads digits of a text from the front.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : text_(text) {}

  bool Number(std::size_t digits, int least, int most, int* value) {
    if (text_.size() < digits) return false;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + digits, *value);
    if (error != std::errc() || end != text_.data() + digits || text_[0] == '-') return false;
    text_.remove_prefix(digits);
    return *value >= least && *value <= most;
  }
  bool Sign(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_[0]) == any_of.npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool empty() const { return text_.empty(); }
  char front() const { return text_.empty() ? '\0' : text_[0]; }

 private:
  std::string_view text_;
};

/// "Z", "+02:00", "-0530" or nothing; minutes to subtract.
bool ReadOffset(DigitReader* digits, int* minutes) {
  if (digits->empty() || digits->Sign("Z")) return true;
  const int sign = digits->front() == '-' ? -1 : 1;
  int hour = 0, minute = 0;
  if (!digits->Sign("+-") || !digits->Number(2, 0, 23, &hour)) return false;
  static_cast<void>(digits->Sign(":"));
  if (!digits->empty() && !digits->Number(2, 0, 59, &minute)) return false;
  *minutes = sign * (hour * 60 + minute);
  return true;
}

}  // namespace

std::optional<Instant> ParseInstant(std::string_view text) {
  DigitReader digits(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
  if (!digits.Number(4, 1, 9999, &year) || !digits.Sign("-") || !digits.Number(2, 1, 12, &month) ||
      !digits.Sign("-") || !digits.Number(2, 1, 31, &day)) {
    return std::nullopt;
  }
  if (!digits.empty()) {
    if (!digits.Sign(" T") || !digits.Number(2, 0, 23, &hour) || !digits.Sign(":") ||
        !digits.Number(2, 0, 59, &minute)) {
      return std::nullopt;
    }
    if (digits.Sign(":") && !digits.Number(2, 0, 59, &second)) return std::nullopt;
    if (digits.Sign(".")) {
      for (int digit = 0; digits.Number(1, 0, 9, &digit);) continue;  // whole seconds count
    }
    if (!ReadOffset(&digits, &offset)) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!digits.empty() || !date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return Instant{days * 86400 + hour * 3600 + (minute - offset) * 60 + second};
}

}  // namespace dlv::query
