#include "engine/query/value.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace dlv::query {
namespace {

int OrderSign(bool less, bool greater) { return less ? -1 : (greater ? 1 : 0); }

template <class T>
int Three(const T& a, const T& b) {
  return OrderSign(a < b, b < a);
}

/// Exact also where the integer has more than 53 bits. `real` is no NaN.
int CompareMixed(std::int64_t integer, double real) {
  if (real >= 9223372036854775808.0) return -1;
  if (real < -9223372036854775808.0) return 1;
  const double whole = std::floor(real);
  const auto truncated = static_cast<std::int64_t>(whole);
  if (integer != truncated) return integer < truncated ? -1 : 1;
  return real > whole ? -1 : 0;
}

/// Both are numbers and no NaN.
int CompareNumbers(const Value& a, const Value& b) {
  const auto* x = a.As<std::int64_t>();
  const auto* y = b.As<std::int64_t>();
  if (x != nullptr && y != nullptr) return Three(*x, *y);
  if (x != nullptr) return CompareMixed(*x, *b.As<double>());
  if (y != nullptr) return -CompareMixed(*y, *a.As<double>());
  return Three(*a.As<double>(), *b.As<double>());
}

int CompareLists(const List& a, const List& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const int order = Order(a[i], b[i]); order != 0) return order;
  }
  return Three(a.size(), b.size());
}

/// Both hold the same alternative, and no numbers.
struct SameKind {
  const Value& other;
  int operator()(std::monostate) const { return 0; }
  int operator()(bool a) const { return Three(int{a}, int{*other.As<bool>()}); }
  int operator()(std::int64_t a) const { return Three(a, *other.As<std::int64_t>()); }
  int operator()(double a) const { return Three(a, *other.As<double>()); }
  int operator()(const std::string& a) const {
    const int order = a.compare(*other.As<std::string>());
    return OrderSign(order<0, order> 0);
  }
  int operator()(QueryTime a) const { return Three(a.seconds, other.As<QueryTime>()->seconds); }
  int operator()(VersionRef a) const { return Three(a.index, other.As<VersionRef>()->index); }
  int operator()(const NodeRef& a) const {
    const auto& b = *other.As<NodeRef>();
    return Three(std::pair(a.version, a.node), std::pair(b.version, b.node));
  }
  int operator()(const RowRef& a) const {
    const auto& b = *other.As<RowRef>();
    return Three(std::tuple(a.kind, a.version, a.row, a.point),
                 std::tuple(b.kind, b.version, b.row, b.point));
  }
  /// Tensors are the same where their numbers are.
  int operator()(const TensorRef& a) const {
    return Three(a.entry().id.bytes, other.As<TensorRef>()->entry().id.bytes);
  }
  int operator()(const std::shared_ptr<const List>& a) const {
    return CompareLists(*a, *other.AsList());
  }
  int operator()(const std::shared_ptr<const TensorGroup>& a) const {
    return Three(a.get(), other.As<std::shared_ptr<const TensorGroup>>()->get());
  }
  int operator()(const std::shared_ptr<const MadeNetwork>& a) const {
    return Three(a.get(), other.As<std::shared_ptr<const MadeNetwork>>()->get());
  }
};

/// Numbers of both kinds have one rank; NaN has its own; NULL is last.
std::size_t RankOf(const Value& value) {
  if (value.is_null()) return 1000;
  if (value.is_nan()) return 4;
  return value.is_number() ? 3 : value.data().index() + 2;
}

struct HashOne {
  std::size_t operator()(std::monostate) const { return 7; }
  std::size_t operator()(bool a) const { return a ? 11 : 13; }
  std::size_t operator()(std::int64_t a) const {
    return std::hash<double>()(static_cast<double>(a));
  }
  std::size_t operator()(double a) const { return a != a ? 17 : std::hash<double>()(a); }
  std::size_t operator()(const std::string& a) const { return std::hash<std::string>()(a); }
  std::size_t operator()(QueryTime a) const { return std::hash<std::int64_t>()(a.seconds) + 1; }
  std::size_t operator()(VersionRef a) const { return std::hash<std::uint64_t>()(a.index) * 31; }
  std::size_t operator()(const NodeRef& a) const {
    return (std::size_t{a.version} << 32 | a.node) * 0x9e3779b97f4a7c15u;
  }
  std::size_t operator()(const RowRef& a) const {
    return ((std::size_t{a.version} * 31 + a.row) * 1000003 + a.point) * 31 +
           static_cast<std::size_t>(a.kind);
  }
  std::size_t operator()(const TensorRef& a) const { return std::hash<TensorId>()(a.entry().id); }
  std::size_t operator()(const std::shared_ptr<const List>& a) const { return ValueHash()(*a); }
  std::size_t operator()(const std::shared_ptr<const TensorGroup>& a) const {
    return std::hash<const void*>()(a.get());
  }
  std::size_t operator()(const std::shared_ptr<const MadeNetwork>& a) const {
    return std::hash<const void*>()(a.get());
  }
};

std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool IsDate(int year, int month, int day) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (leap && month == 2 ? 1 : 0);
}

/// Seconds of "10:30" or "10:30:15"; nothing where it is neither.
std::optional<int> ParseClock(std::string_view text) {
  const auto hour = Digits(text, 0, 2), minute = Digits(text, 3, 2);
  if (!hour || !minute || text[2] != ':' || *hour > 23 || *minute > 59) return std::nullopt;
  if (text.size() == 5) return *hour * 3600 + *minute * 60;
  const auto second = Digits(text, 6, 2);
  if (!second || text.size() != 8 || text[5] != ':' || *second > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60 + *second;
}

/// Cuts "Z" or "+02:00" off the end and returns its seconds; nothing where it is wrong.
std::optional<int> TakeOffset(std::string_view& text) {
  if (text.back() == 'Z') text.remove_suffix(1);
  const std::size_t sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || sign < 11) return 0;
  const std::string_view offset = text.substr(sign + 1);
  const auto seconds = offset.size() == 5 ? ParseClock(offset) : std::nullopt;
  if (!seconds) return std::nullopt;
  const int direction = text[sign] == '-' ? -1 : 1;
  text = text.substr(0, sign);
  return direction * *seconds;
}

}  // namespace

std::optional<int> Compare(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null() || a.is_nan() || b.is_nan()) return std::nullopt;
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b);
  if (a.data().index() != b.data().index()) return std::nullopt;
  return std::visit(SameKind{b}, a.data());
}

int Order(const Value& a, const Value& b) {
  const std::size_t x = RankOf(a), y = RankOf(b);
  if (x != y) return x < y ? -1 : 1;
  if (a.is_null() || a.is_nan()) return 0;
  return a.is_number() ? CompareNumbers(a, b) : std::visit(SameKind{b}, a.data());
}

int OrderBy(const Value& a, const Value& b, bool descending, bool nulls_first) {
  const auto place = [&](const Value& value) {
    if (value.is_null()) return nulls_first ? -1 : 2;
    return value.is_nan() ? 1 : 0;
  };
  if (place(a) != place(b)) return place(a) < place(b) ? -1 : 1;
  return descending ? Order(b, a) : Order(a, b);
}

std::size_t ValueHash::operator()(const Value& value) const {
  return std::visit(HashOne(), value.data());
}

std::size_t ValueHash::operator()(const List& values) const {
  std::size_t hash = values.size();
  for (const Value& value : values) hash = hash * 0x100000001b3u ^ (*this)(value);
  return hash;
}

bool ValueSame::operator()(const List& a, const List& b) const {
  return a.size() == b.size() && CompareLists(a, b) == 0;
}

std::string_view KindOf(const Value& value) {
  constexpr std::string_view kNames[] = {"null",      "boolean", "integer", "real", "text",
                                         "timestamp", "version", "node",    "row",  "tensor",
                                         "list",      "tensors", "network"};
  return kNames[value.data().index()];
}

std::optional<QueryTime> ParseTime(std::string_view text) {
  const auto year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!IsDate(*year, *month, *day)) return std::nullopt;
  std::int64_t seconds = DaysFromCivil(*year, *month, *day) * 86400;
  if (text.size() == 10) return QueryTime{seconds};
  if (text[10] != ' ' && text[10] != 'T') return std::nullopt;
  const auto offset = TakeOffset(text);
  const auto clock = text.size() < 16 ? std::nullopt : ParseClock(text.substr(11));
  if (!clock || !offset) return std::nullopt;
  return QueryTime{seconds + *clock - *offset};
}

std::string FormatTime(QueryTime time) {
  std::int64_t days = time.seconds / 86400;
  std::int64_t rest = time.seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  char text[80];
  std::snprintf(text, sizeof text, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lldZ",
                static_cast<long long>(year), static_cast<long long>(month),
                static_cast<long long>(of_year - (153 * shifted + 2) / 5 + 1),
                static_cast<long long>(rest / 3600), static_cast<long long>(rest / 60 % 60),
                static_cast<long long>(rest % 60));
  return text;
}

std::string FormatReal(double value) {
  if (value != value) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

}  // namespace dlv::query
