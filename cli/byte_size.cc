#include "cli/byte_size.h"

#include <cctype>
#include <charconv>
#include <string_view>

namespace dlv::cli {
namespace {

struct Unit {
  std::string_view name;
  double bytes;
};

constexpr Unit kByteUnits[] = {
    {"", 1},       {"b", 1},        {"k", 0x1p10},   {"kib", 0x1p10}, {"kb", 1e3},
    {"m", 0x1p20}, {"mib", 0x1p20}, {"mb", 1e6},     {"g", 0x1p30},   {"gib", 0x1p30},
    {"gb", 1e9},   {"t", 0x1p40},   {"tib", 0x1p40}, {"tb", 1e12},
};

}  // namespace

Result<std::uint64_t> ParseByteSize(const std::string& text, const std::string& option) {
  const Error wrong{ErrorCode::kInvalidArgument, option + ": got \"" + text + "\", want a size",
                    "as in 5GiB, 500MB or a number of bytes"};
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc()) return wrong;
  std::string unit;
  for (const char* at = stop; at != end; ++at) {
    if (*at != ' ') unit += static_cast<char>(std::tolower(static_cast<unsigned char>(*at)));
  }
  for (const Unit& candidate : kByteUnits) {
    if (candidate.name != unit) continue;
    const double bytes = number * candidate.bytes;
    if (!(bytes >= 1) || bytes >= 0x1p63) return wrong;
    return static_cast<std::uint64_t>(bytes);
  }
  return wrong;
}

}  // namespace dlv::cli
