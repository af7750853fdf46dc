#include "storage/store/size_estimator.h"

#include "storage/plan/size_estimate.h"

namespace dlv::store {

SizeEstimator::SizeEstimator(const PlanTensors& input, PlannerNotes& notes)
    : input_(input), notes_(notes), by_search_(input.search.size()), whole_(input.tensors.size()) {
  for (std::uint32_t number = 0; number < input.tensors.size(); ++number) {
    const auto& place = input.tensors[number].in_search;
    if (place) by_search_[*place] = number;
  }
}

double SizeEstimator::Bytes(std::uint32_t tensor, const std::optional<std::uint32_t>& base) {
  const PlanTensor& described = input_.tensors[tensor];
  if (!described.in_search) return static_cast<double>(described.handle->size_bytes());
  if (!base || !input_.tensors[*base].in_search) return WholeBytes(tensor);
  return DeltaBytes(tensor, *base);
}

double SizeEstimator::WholeBytes(std::uint32_t tensor) {
  std::optional<double>& known = whole_[tensor];
  if (!known) known = plan::EstimateBaseBytes(SketchOf(tensor));
  return *known;
}

/// Rounded as it is kept, so that the next plan finds what this one has found.
double SizeEstimator::DeltaBytes(std::uint32_t tensor, std::uint32_t base) {
  const FormKey key =
      KeyOfForm(input_.tensors[tensor].handle->id(), input_.tensors[base].handle->id());
  if (const auto known = notes_.Estimate(key)) return static_cast<double>(*known);
  const auto bytes = static_cast<float>(plan::EstimateDeltaBytes(SketchOf(tensor), SketchOf(base)));
  notes_.KeepEstimate(key, bytes);
  return static_cast<double>(bytes);
}

}  // namespace dlv::store
