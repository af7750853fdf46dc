#pragma once
/// \file
/// What tensors would take, by their samples. Every pair of kin is estimated once in the life of a
/// repository: the notes keep the answers.

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/store/plan_tensors.h"
#include "storage/store/planner_notes.h"

namespace dlv::store {

class SizeEstimator {
 public:
  /// Both must outlive this object.
  SizeEstimator(const PlanTensors& input, PlannerNotes& notes);

  /// Of a tensor against another or (none) without a base; tensors without a sample count as they
  /// are in memory.
  double Bytes(std::uint32_t tensor, const std::optional<std::uint32_t>& base);
  /// Of tensors by their numbers in the search.
  double BytesInSearch(std::uint32_t tensor, std::uint32_t base) {
    return DeltaBytes(by_search_[tensor], by_search_[base]);
  }
  /// The tensor that has this number in the search.
  std::uint32_t TensorOf(std::uint32_t in_search) const { return by_search_[in_search]; }

 private:
  double WholeBytes(std::uint32_t tensor);
  double DeltaBytes(std::uint32_t tensor, std::uint32_t base);
  const plan::TensorSketch& SketchOf(std::uint32_t tensor) const {
    return input_.search.sketch(*input_.tensors[tensor].in_search);
  }

  const PlanTensors& input_;
  PlannerNotes& notes_;
  std::vector<std::uint32_t> by_search_;
  std::vector<std::optional<double>> whole_;  ///< by tensor
};

}  // namespace dlv::store
