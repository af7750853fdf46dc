#include "engine/progressive/decision.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

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

namespace {

double FiniteScore(double score) {
  return std::clamp(score, std::numeric_limits<double>::lowest(),
                    std::numeric_limits<double>::max());
}

}  // namespace

std::vector<std::int64_t> GreatestComputed(std::span<const double> scores, std::size_t k) {
  std::vector<double> ordered(scores.begin(), scores.end());
  for (double& score : ordered) {
    if (std::isnan(score)) return {};
    score = FiniteScore(score);
  }
  return GreatestClasses(ordered, k);
}

double MarginOf(std::span<const double> scores, std::span<const std::int64_t> classes) {
  if (classes.empty() || classes.size() >= scores.size()) return 0;
  double inside = std::numeric_limits<double>::infinity(), outside = -inside;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const bool is_inside =
        std::ranges::find(classes, static_cast<std::int64_t>(c)) != classes.end();
    if (is_inside) inside = std::min(inside, FiniteScore(scores[c]));
    if (!is_inside) outside = std::max(outside, FiniteScore(scores[c]));
  }
  return inside - outside;
}

namespace {

/// Fills what an answer says of the scores alone. Returns every contrast of a class inside and one
/// outside; none where nothing can be proved.
std::vector<Contrast> Begin(std::span<const double> scores, std::size_t top_k, Answer& answer) {
  answer.scores.assign(scores.begin(), scores.end());
  answer.contrasts.clear();
  answer.classes = GreatestClasses(scores, top_k);
  answer.margin = answer.lower_bound = 0;
  answer.by_backward = false;
  std::vector<Contrast> contrasts;
  if (answer.classes.empty() || answer.classes.size() == scores.size()) return contrasts;
  contrasts.reserve(answer.classes.size() * (scores.size() - answer.classes.size()));
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
  return contrasts;
}

/// Takes the least lower bound, all of which are above 0.
bool Finish(std::vector<Contrast> contrasts, bool keep_contrasts, Answer& answer) {
  answer.lower_bound = std::ranges::min_element(contrasts, {}, &Contrast::lower_bound)->lower_bound;
  if (keep_contrasts) answer.contrasts = std::move(contrasts);
  return true;
}

}  // namespace

bool Prove(const Pass& pass, const ContrastLosses& losses, std::size_t sample, std::size_t top_k,
           bool with_backward, bool keep_contrasts, Answer& answer) {
  std::vector<Contrast> contrasts = Begin(pass.ScoresOf(sample), top_k, answer);
  if (contrasts.empty()) return false;
  std::optional<Pass> single;
  const auto backward = [&](const Contrast& contrast, std::size_t layers) {
    if (!single) single.emplace(pass.Single(sample));
    return single->LowerBound(0, contrast.over, contrast.under, layers);
  };
  for (Contrast& contrast : contrasts) {
    if (!(contrast.margin > 0)) return false;
    contrast.lower_bound = losses.rounding.empty()
                               ? backward(contrast, 1)
                               : pass.LowerBound(losses, sample, contrast.over, contrast.under);
    if (contrast.lower_bound > 0) continue;
    const double lost = contrast.margin - contrast.lower_bound;
    if (!with_backward || !(lost < kHopeless * contrast.margin)) return false;
    contrast.lower_bound = backward(contrast, SIZE_MAX);
    answer.by_backward = true;
    if (!(contrast.lower_bound > 0)) return false;
  }
  return Finish(std::move(contrasts), keep_contrasts, answer);
}

bool Prove(const Pass& pass, std::size_t sample, std::size_t top_k, bool with_backward,
           bool keep_contrasts, Answer& answer) {
  return Prove(pass, pass.BoundContrasts(), sample, top_k, with_backward, keep_contrasts, answer);
}

bool ProveByIntervals(const Pass& pass, std::size_t sample, std::size_t top_k, bool keep_contrasts,
                      Answer& answer) {
  std::vector<Contrast> contrasts = Begin(pass.ScoresOf(sample), top_k, answer);
  if (contrasts.empty()) return false;
  const std::vector<double> radii = pass.ScoreRadii(sample);
  for (Contrast& contrast : contrasts) {
    const auto over = static_cast<std::size_t>(contrast.over);
    const auto under = static_cast<std::size_t>(contrast.under);
    const double radius = radii[over] + radii[under];
    const double size = std::abs(answer.scores[over]) + std::abs(answer.scores[under]) + radius;
    contrast.lower_bound = (contrast.margin - radius) - 10 * bounds::kUnit * size;
    if (!(contrast.lower_bound > 0)) return false;
  }
  return Finish(std::move(contrasts), keep_contrasts, answer);
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
