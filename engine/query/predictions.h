#pragma once
/// \file
/// The columns that predict and evaluate give.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/query/bound_tree.h"

namespace dlv::query {

/// Places of a prediction's fields, in the order of PredictionFields.
enum class PredictionField : std::uint8_t {
  kSubject,    ///< "version", or "network" of what a statement made
  kInput,      ///< number of the example, from 0
  kLabel,      ///< the class with the greatest score; NULL: a score is NaN
  kLabels,     ///< the `top` classes, the greatest score first
  kTruth,      ///< its label in the data; NULL: the data have none
  kCorrect,    ///< whether `truth` is among `labels`
  kStatus,     ///< "certified", "certified-full", "heuristic", "computed"
  kReason,     ///< of "computed"; NULL
  kMargin,     ///< between the least score of `labels` and the greatest outside
  kBits,       ///< read a weight, all bytes counted
  kPlaneBits,  ///< the same, planes alone
};
inline constexpr std::size_t kPredictionFields = 11;

/// `subject`: version or network.
std::vector<std::pair<std::string, Type>> PredictionFields(Type subject);

/// The network, what varies, data, examples, metrics.
std::vector<std::pair<std::string, Type>> EvaluationColumns(const BoundEvaluate& evaluate,
                                                            Type subject);

}  // namespace dlv::query
