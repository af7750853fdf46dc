#include "engine/progressive/decision.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/bounds/rounding.h"

namespace dlv::progressive {
namespace {

/// A way back that has to win more than so many times the margin is not tried.
constexpr double kHopeless = 256;

}  // namespace

std::vector<std::int64_t> GreatestClasses(std::span<const double> scores, std::size_t k) {
  for (const double score : scores) {
    if (!std::isfinite(score)) return {};
  }
  std::vector<std::int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  const auto score = [&](std::int64_t c) { return scores[static_cast<std::size_t>(c)]; };
  std::ranges::stable_sort(order,
                           [&](std::int64_t a, std::int64_t b) { return score(a) > score(b); });
  order.resize(std::min(k, order.size()));
  return order;
}

bool Prove(const Pass& pass, std::size_t sample, std::size_t top_k, bool with_backward,
           bool keep_contrasts, Answer& answer) {
  const std::span<const double> scores = pass.ScoresOf(sample);
  answer.scores.assign(scores.begin(), scores.end());
  answer.contrasts.clear();
  answer.classes = GreatestClasses(scores, top_k);
  answer.margin = answer.lower_bound = 0;
  answer.by_backward = false;
  if (answer.classes.empty() || answer.classes.size() == scores.size()) return false;
  std::vector<Contrast> contrasts;
  for (const std::int64_t over : answer.classes) {
    for (std::int64_t under = 0; under < static_cast<std::int64_t>(scores.size()); ++under) {
      if (std::ranges::find(answer.classes, under) != answer.classes.end()) continue;
      const double margin =
          scores[static_cast<std::size_t>(over)] - scores[static_cast<std::size_t>(under)];
      contrasts.push_back({over, under, margin, 0});
    }
  }
  // The hardest first, as far as margins tell: most samples that stay open do so at the first one.
  std::ranges::sort(contrasts, {}, &Contrast::margin);
  answer.margin = contrasts.front().margin;
  double least = std::numeric_limits<double>::infinity();
  for (Contrast& contrast : contrasts) {
    if (!(contrast.margin > 0)) return false;
    contrast.lower_bound = pass.LowerBound(sample, contrast.over, contrast.under, 1);
    if (!(contrast.lower_bound > 0)) {
      const double lost = contrast.margin - contrast.lower_bound;
      if (!with_backward || !(lost < kHopeless * contrast.margin)) return false;
      contrast.lower_bound = pass.LowerBound(sample, contrast.over, contrast.under, SIZE_MAX);
      answer.by_backward = true;
      if (!(contrast.lower_bound > 0)) return false;
    }
    least = std::min(least, contrast.lower_bound);
  }
  answer.lower_bound = least;
  if (keep_contrasts) answer.contrasts = std::move(contrasts);
  return true;
}

bool ProveByIntervals(const Pass& pass, std::size_t sample, std::size_t top_k, Answer& answer) {
  const std::span<const double> scores = pass.ScoresOf(sample);
  answer.scores.assign(scores.begin(), scores.end());
  answer.contrasts.clear();
  answer.classes = GreatestClasses(scores, top_k);
  answer.margin = answer.lower_bound = 0;
  answer.by_backward = false;
  if (answer.classes.empty() || answer.classes.size() == scores.size()) return false;
  const std::vector<double> radii = pass.ScoreRadii(sample);
  answer.margin = answer.lower_bound = std::numeric_limits<double>::infinity();
  for (const std::int64_t over : answer.classes) {
    for (std::int64_t under = 0; under < static_cast<std::int64_t>(scores.size()); ++under) {
      if (std::ranges::find(answer.classes, under) != answer.classes.end()) continue;
      const double inside = scores[static_cast<std::size_t>(over)];
      const double outside = scores[static_cast<std::size_t>(under)];
      const double radius =
          radii[static_cast<std::size_t>(over)] + radii[static_cast<std::size_t>(under)];
      const double size = std::abs(inside) + std::abs(outside) + radius;
      const double lower = (inside - outside - radius) - 8 * bounds::kUnit * size;
      answer.margin = std::min(answer.margin, inside - outside);
      if (!(lower > 0)) return false;
      answer.lower_bound = std::min(answer.lower_bound, lower);
    }
  }
  return true;
}

bool AcceptsIncrement(std::span<const double> before, std::span<const double> now, double tau) {
  const auto top = GreatestClasses(now, 1);
  if (top.empty() || before.size() != now.size() || now.size() < 2) return false;
  const auto first = static_cast<std::size_t>(top[0]);
  double squares = 0, margin = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < now.size(); ++c) {
    if (c == first) continue;
    const double change = (now[first] - now[c]) - (before[first] - before[c]);
    squares += change * change;
    margin = std::min(margin, now[first] - now[c]);
  }
  const double scale = std::sqrt(squares / static_cast<double>(now.size() - 1) / 3);
  return margin > 0 && margin >= tau * scale;
}

}  // namespace dlv::progressive
