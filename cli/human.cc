#include "cli/human.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace dlv::cli {
namespace {

template <class... Args>
std::string Format(const char* pattern, Args... args) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, pattern, args...);
  return buffer;
}

// Prints `value` in units of `step` with the first suffix that keeps it below 1000 (as it would be
// printed).
template <std::size_t N>
std::string Scaled(double value, double step, const std::array<const char*, N>& suffixes) {
  std::size_t unit = 0;
  while (unit + 1 < N && value >= 999.95) {
    value /= step;
    ++unit;
  }
  return Format(value < 10 && unit > 1 ? "%.2f %s" : "%.1f %s", value, suffixes[unit]);
}

}  // namespace

std::string HumanBytes(std::uint64_t bytes) {
  if (bytes < 1000) return Format("%llu B", static_cast<unsigned long long>(bytes));
  static constexpr std::array kSuffixes = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  return Scaled(static_cast<double>(bytes) / 1024, 1024, kSuffixes);
}

std::string HumanCount(std::uint64_t count) {
  if (count < 1000) return std::to_string(count);
  static constexpr std::array kSuffixes = {"k", "M", "G", "T", "P"};
  return Scaled(static_cast<double>(count) / 1000, 1000, kSuffixes);
}

std::string HumanRate(double per_second) {
  if (per_second < 9.95) return Format("%.1f", per_second);
  return HumanCount(static_cast<std::uint64_t>(per_second + 0.5));
}

std::string Plural(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string HumanNumber(double value, int digits) { return Format("%.*g", digits, value); }

std::string Age(std::int64_t when, std::int64_t now) {
  const std::int64_t age = now - when;
  if (age < -60) return "in future";
  if (age < 1) return "now";
  struct Unit {
    std::int64_t below, seconds;
    const char* name;
  };
  constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86400;
  static constexpr Unit kUnits[] = {{kMinute, 1, "s"},           {kHour, kMinute, "min"},
                                    {2 * kDay, kHour, "h"},      {21 * kDay, kDay, "d"},
                                    {120 * kDay, 7 * kDay, "w"}, {730 * kDay, 30 * kDay, "mo"}};
  for (const Unit& unit : kUnits) {
    if (age < unit.below) return std::to_string(age / unit.seconds) + " " + unit.name;
  }
  return std::to_string(age / (365 * kDay)) + " y";
}

std::string RelativeTime(std::int64_t when, std::int64_t now) {
  if (now - when < -60) return "in the future";
  const std::string age = Age(when, now);
  return age == "now" ? age : age + " ago";
}

std::string CalendarTime(std::int64_t when) {
  const auto time = static_cast<std::time_t>(when);
  std::tm parts{};
  if (localtime_r(&time, &parts) == nullptr) return "?";
  char buffer[64];
  return std::strftime(buffer, sizeof buffer, "%Y-%m-%d %H:%M", &parts) == 0 ? "?" : buffer;
}

std::string HumanDuration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
  if (seconds < 9.95) return Format("%.1f s", seconds);
  const auto whole = static_cast<long long>(seconds + 0.5);
  if (whole < 60) return Format("%lld s", whole);
  if (whole < 3600) return Format("%lld:%02lld", whole / 60, whole % 60);
  return Format("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string HumanRatio(std::uint64_t raw, std::uint64_t stored) {
  if (stored == 0) return "-";
  const double ratio = static_cast<double>(raw) / static_cast<double>(stored);
  return Format(ratio < 10 ? "%.2fx" : ratio < 100 ? "%.1fx" : "%.0fx", ratio);
}

}  // namespace dlv::cli
