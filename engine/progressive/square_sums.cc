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

template <class Number>
void AddRows(const SquareLoops<Number>& loops, std::span<const Number> elements,
             std::span<double> sums) {
  for (std::size_t at = 0; at < elements.size(); at += sums.size())
    loops.add(elements.data() + at, sums.size(), sums.data());
}

template <class Number>
void AddMovedRows(const SquareLoops<Number>& loops, std::span<const Number> elements,
                  std::span<const double> spreads, double below, double above,
                  std::span<double> sums) {
  for (std::size_t at = 0; at < elements.size(); at += sums.size()) {
    loops.add_moved(elements.data() + at, spreads.data(), sums.size(), below, above, sums.data());
  }
}

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

void AddSquares(std::span<const double> elements, std::span<double> sums) {
  AddRows(Best().doubles, elements, sums);
}
void AddSquares(std::span<const float> elements, std::span<double> sums) {
  AddRows(Best().floats, elements, sums);
}
void AddMovedSquares(std::span<const double> elements, std::span<const double> spreads,
                     double below, double above, std::span<double> sums) {
  AddMovedRows(Best().doubles, elements, spreads, below, above, sums);
}
void AddMovedSquares(std::span<const float> elements, std::span<const double> spreads, double below,
                     double above, std::span<double> sums) {
  AddMovedRows(Best().floats, elements, spreads, below, above, sums);
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
