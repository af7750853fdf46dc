#pragma once
/// \file
/// From scores and bounds to an answer.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/progressive/pass.h"
#include "engine/progressive/run.h"

namespace dlv::progressive {

/// The k classes with the greatest scores, the greatest first; of equal ones the lowest index.
/// Empty where a score is not finite.
std::vector<std::int64_t> GreatestClasses(std::span<const double> scores, std::size_t k);

/// The same without a claim: infinite scores have their place. Empty where one is NaN.
std::vector<std::int64_t> GreatestComputed(std::span<const double> scores, std::size_t k);

/// Returns the least score of `classes` less the greatest outside of them; 0 without either, and of
/// infinite scores as GreatestComputed ranks them.
double MarginOf(std::span<const double> scores, std::span<const std::int64_t> classes);

/// Tries to prove the answer of a sample of a pass: every contrast of a class inside and one
/// outside. Fills classes, margin and lower bound whatever comes of it. Returns whether all are
/// proved. `with_backward`: contrasts that the last layer leaves open are followed back.
/// `losses`: of the pass (Pass::BoundContrasts), once for all its samples.
bool Prove(const Pass& pass, const ContrastLosses& losses, std::size_t sample, std::size_t top_k,
           bool with_backward, bool keep_contrasts, Answer& answer);
bool Prove(const Pass& pass, std::size_t sample, std::size_t top_k, bool with_backward,
           bool keep_contrasts, Answer& answer);

/// The same by intervals: the lower end of each score inside is above the upper end of each
/// outside.
bool ProveByIntervals(const Pass& pass, std::size_t sample, std::size_t top_k, bool keep_contrasts,
                      Answer& answer);

/// The increment rule (docs/progressive.md, "Heuristic"): whether the least margin is at least
/// `tau` times the root mean square of the contrasts' change since the last level, over sqrt 3.
bool AcceptsIncrement(std::span<const double> before, std::span<const double> now, double tau);

}  // namespace dlv::progressive
