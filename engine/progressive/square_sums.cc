#include "engine/progressive/square_sums.h"

#include <string_view>

#include "engine/bounds/rounding.h"
#include "engine/kernels/cpu/plane_kernels.h"
#include "engine/progressive/square_forms.h"

namespace dlv::progressive {
namespace {

/// Those that the loops over planes can run, too: they ask the machine.
std::vector<const SquareForm*> FindSquareForms() {
  std::vector<const SquareForm*> forms;
  const std::string_view best = kernels::BestPlaneKernels().name;
  for (const SquareForm* const form : kSquareForms) {
    if (best == form->name || !forms.empty()) forms.push_back(form);
  }
  return forms;
}

const SquareForm& Best() { return *SquareForms().front(); }

}  // namespace

const std::vector<const SquareForm*>& SquareForms() {
  static const std::vector<const SquareForm*> kForms = FindSquareForms();
  return kForms;
}

double SumOfSquares(std::span<const double> elements) {
  return Best().doubles.sum(elements.data(), elements.size());
}
double SumOfSquares(std::span<const float> elements) {
  return Best().floats.sum(elements.data(), elements.size());
}
double SumOfMovedSquares(std::span<const double> elements, const MovingRange& range) {
  return Best().doubles.sum_moved(elements.data(), elements.size(), range);
}
double SumOfMovedSquares(std::span<const float> elements, const MovingRange& range) {
  return Best().floats.sum_moved(elements.data(), elements.size(), range);
}

double LengthAbove(std::span<const double> elements) {
  const double squares = SumOfSquares(elements);
  return bounds::RootAbove(bounds::Above(squares, static_cast<double>(elements.size()) + 1));
}
double LengthAbove(std::span<const float> elements) {
  const double squares = SumOfSquares(elements);
  return bounds::RootAbove(bounds::Above(squares, static_cast<double>(elements.size()) + 1));
}

}  // namespace dlv::progressive
