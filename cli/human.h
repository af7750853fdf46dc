#pragma once
/// \file
/// Numbers and times as people read them.

#include <cstdint>
#include <string>
#include <string_view>

namespace dlv::cli {

/// "0 B", "812 B", "244.1 KiB", "1.33 GiB": three or four digits.
std::string HumanBytes(std::uint64_t bytes);
/// "61.7 k", "11.7 M", "1.2 G"; below 1000 the number itself.
std::string HumanCount(std::uint64_t count);
/// The same of how many a second: below 10 with one digit behind the point.
std::string HumanRate(double per_second);
/// "10 tensors", "1 tensor".
std::string Plural(std::uint64_t count, std::string_view noun);
/// A metric or hyper-parameter: at most `digits` significant digits, no trailing zeros.
std::string HumanNumber(double value, int digits = 6);
/// "12 s ago", "3 min ago", "2 h ago", "5 d ago", "7 w ago", "13 mo ago", "2 y ago"; "in the
/// future" for a skewed clock.
std::string RelativeTime(std::int64_t when, std::int64_t now);
/// The same without "ago", for a column: "12 s", "3 min", "2 h", "5 d", "7 w", "13 mo", "2 y".
std::string Age(std::int64_t when, std::int64_t now);
/// "2026-11-20 16:02" in local time.
std::string CalendarTime(std::int64_t when);
/// "0.1 s", "42 s", "3:07", "2:05:00".
std::string HumanDuration(double seconds);
/// "3.2x"; "-" when nothing is stored.
std::string HumanRatio(std::uint64_t raw, std::uint64_t stored);

}  // namespace dlv::cli
