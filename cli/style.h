#pragma once
/// \file
/// Colour, or none.

#include <string>
#include <string_view>

namespace dlv::cli {

enum class Paint { kNone, kBold, kDim, kRed, kGreen, kYellow, kCyan };

/// Paints text with the eight basic colours, which follow the user's terminal theme; does nothing
/// when off.
class Style {
 public:
  explicit Style(bool enabled = false) : enabled_(enabled) {}

  std::string operator()(Paint paint, std::string_view text) const {
    if (!enabled_ || paint == Paint::kNone || text.empty()) return std::string(text);
    return std::string(CodeOf(paint)).append(text).append("\x1b[0m");
  }
  bool enabled() const { return enabled_; }

 private:
  static constexpr std::string_view CodeOf(Paint paint) {
    switch (paint) {
      case Paint::kNone:
        return "";
      case Paint::kBold:
        return "\x1b[1m";
      case Paint::kDim:
        return "\x1b[2m";
      case Paint::kRed:
        return "\x1b[31m";
      case Paint::kGreen:
        return "\x1b[32m";
      case Paint::kYellow:
        return "\x1b[33m";
      case Paint::kCyan:
        return "\x1b[36m";
    }
    return "";
  }
  bool enabled_;
};

}  // namespace dlv::cli
