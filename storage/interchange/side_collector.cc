#include <algorithm>

#include "storage/interchange/side_information.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxKey = 256;
constexpr std::size_t kMaxValue = 4096;
constexpr std::size_t kMaxHparams = 4096;
constexpr std::size_t kMaxTags = 256;
constexpr std::size_t kMaxSeries = 1024;
constexpr std::size_t kMaxPoints = 4'000'000;
constexpr std::size_t kMaxSeriesPoints = 100'000;

// Whether a name is one under which people keep passwords; "pad_token" is none.
bool LooksSecret(std::string_view key) {
  std::string last(key.substr(key.rfind('.') == std::string_view::npos ? 0 : key.rfind('.') + 1));
  std::transform(last.begin(), last.end(), last.begin(), [](char c) {
    return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const std::string_view word :
       {"password", "passwd", "secret", "api_key", "apikey", "access_key", "private_key",
        "access_token", "auth_token", "api_token", "hub_token", "hf_token", "credential"}) {
    if (last.find(word) != std::string::npos) return true;
  }
  return false;
}

// Puts the points in order and keeps the last of each step.
void SortPoints(std::vector<MetricPoint>& points) {
  std::stable_sort(points.begin(), points.end(),
                   [](const MetricPoint& a, const MetricPoint& b) { return a.step < b.step; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i + 1 < points.size() && points[i + 1].step == points[i].step) continue;
    points[kept++] = points[i];
  }
  points.resize(kept);
}

// Keeps points at even distances, and the last.
void Thin(std::vector<MetricPoint>& points) {
  const std::size_t every = (points.size() + kMaxSeriesPoints - 1) / kMaxSeriesPoints;
  const MetricPoint last = points.back();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); i += every) points[kept++] = points[i];
  points.resize(kept);
  points.back() = last;
}

}  // namespace

bool SideCollector::IsUsable(std::string_view key, std::string_view value) {
  const bool usable = !key.empty() && key.size() <= kMaxKey && IsCleanText(key) &&
                      key.find('=') == std::string_view::npos && value.size() <= kMaxValue &&
                      IsUtf8(value) && value.find('\0') == std::string_view::npos;
  left_out_ += usable ? 0 : 1;
  return usable;
}

void SideCollector::AddHparam(std::string_view key, std::string_view value) {
  if (!IsUsable(key, value)) return;
  const bool filled = !value.empty() && value != "null";
  if (filled && LooksSecret(key)) {
    return Warn("'" + std::string(key) + "' looks like a secret and is left out");
  }
  if (found_.hparams.size() == kMaxHparams) {
    ++left_out_;
    return;
  }
  found_.hparams.emplace(key, value);
}

void SideCollector::AddTag(std::string_view key, std::string_view value) {
  if (!IsUsable(key, value)) return;
  if (found_.tags.size() == kMaxTags) {
    ++left_out_;
    return;
  }
  found_.tags.emplace(key, value);
}

void SideCollector::AddPoint(std::string_view metric, std::int64_t step, double value) {
  auto series = series_.find(metric);
  if (series == series_.end()) {
    if (!IsUsable(metric, "")) return;
    if (series_.size() == kMaxSeries) {
      ++left_out_;
      return;
    }
    series = series_.emplace(metric, std::vector<MetricPoint>()).first;
  }
  if (points_ == kMaxPoints || step < -1) {
    ++left_out_;
    return;
  }
  ++points_;
  series->second.push_back({step, value});
}

void SideCollector::Warn(const std::string& reason) {
  constexpr std::size_t kMaxWarnings = 16;
  if (found_.warnings.size() < kMaxWarnings) {
    found_.warnings.push_back(Printable(found_.source) + ": " + reason);
  }
}

SideInformation SideCollector::Finish() {
  std::size_t thinned = 0;
  for (auto& [name, points] : series_) {
    SortPoints(points);
    if (points.size() > kMaxSeriesPoints) {
      Thin(points);
      ++thinned;
    }
    if (!points.empty()) found_.metrics.push_back({name, std::move(points)});
  }
  if (thinned != 0) {
    Warn(std::to_string(thinned) + " series of more than 100000 points are thinned out");
  }
  if (left_out_ != 0) {
    Warn(std::to_string(left_out_) + " entries are left out: too many, too long, or no clean text");
  }
  return std::move(found_);
}

}  // namespace dlv::interchange
