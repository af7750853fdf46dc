#include "cli/plots/scale.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dlv::cli::plots {

void Range::Include(double value) {
  if (!std::isfinite(value)) return;
  low = any ? std::min(low, value) : value;
  high = any ? std::max(high, value) : value;
  any = true;
}

double NiceStep(double range, std::size_t parts) {
  if (!(range > 0) || !std::isfinite(range)) return 1;
  const double rough = range / static_cast<double>(std::max<std::size_t>(parts, 1));
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  if (!(power > 0)) return rough;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string TickLabel(double value, double step) {
  if (std::fabs(value) < step * 1e-6) return "0";
  char buffer[48];
  const double magnitude = std::fabs(value);
  if (magnitude >= 1e4 && magnitude < 1e15) {
    static constexpr const char* kSuffixes[] = {"", " k", " M", " G", " T"};
    std::size_t unit = 0;
    double scaled = value, scaled_step = step;
    while (std::fabs(scaled) >= 1000 && unit + 1 < std::size(kSuffixes)) {
      scaled /= 1000;
      scaled_step /= 1000;
      ++unit;
    }
    const int decimals =
        std::clamp(static_cast<int>(-std::floor(std::log10(scaled_step) + 1e-9)), 0, 3);
    std::snprintf(buffer, sizeof buffer, "%.*f%s", decimals, scaled, kSuffixes[unit]);
    return buffer;
  }
  if (magnitude >= 1e15 || magnitude < 1e-3) {
    std::snprintf(buffer, sizeof buffer, "%.3g", value);
    std::string text = buffer;
    const std::size_t e = text.find("e-0");  // "1e-05" is "1e-5"
    if (e != std::string::npos) text.erase(e + 2, 1);
    return text;
  }
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 6);
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  return buffer;
}

Scale::Scale(double low, double high, double first, double last, std::size_t ticks)
    : low_(low), high_(high), first_(first), last_(last) {
  if (!std::isfinite(low_) || !std::isfinite(high_) || !std::isfinite(high_ - low_)) {
    low_ = std::clamp(std::isfinite(low) ? low : 0.0, -1e300, 1e300);
    high_ = std::clamp(std::isfinite(high) ? high : 1.0, -1e300, 1e300);
  }
  if (!(low_ < high_)) {
    const double room = low_ == 0 ? 1 : std::fabs(low_) * 0.1;
    low_ -= room;
    high_ += room;
  }
  const double step = NiceStep(high_ - low_, ticks);
  const double begin = std::floor(low_ / step + 1e-9), end = std::ceil(high_ / step - 1e-9);
  if (std::isfinite(begin) && std::isfinite(end) && end - begin <= 100 && end > begin) {
    low_ = begin * step;
    high_ = end * step;
    const auto count = static_cast<std::size_t>(end - begin);
    for (std::size_t i = 0; i <= count; ++i) {
      const double value = (begin + static_cast<double>(i)) * step;
      ticks_.push_back({value, TickLabel(value, step)});
    }
  }
}

double Scale::operator()(double value) const {
  const double part = (value - low_) / (high_ - low_);
  return first_ + std::clamp(part, -0.01, 1.01) * (last_ - first_);
}

}  // namespace dlv::cli::plots
