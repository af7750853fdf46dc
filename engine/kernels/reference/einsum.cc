// Einsum: ONNX, operator version 12.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "engine/kernels/dispatch.h"
#include "engine/kernels/reference/rows.h"

namespace dlv::kernels {
namespace {

/// Letters stand for axes; those that "..." stands for get numbers from 0 on, the last axis that of
/// `dots - 1`.
using Term = std::vector<int>;

struct Equation {
  std::vector<Term> terms;
  Term out;
};

/// The axes of one term. `dots`: axes that its "..." stands for.
Result<Term> ReadTerm(const Call& call, std::string_view text, std::size_t dots,
                      std::size_t most_dots) {
  Term term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i).starts_with("...")) {
      for (std::size_t k = most_dots - dots; k < most_dots; ++k)
        term.push_back(static_cast<int>(k));
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      term.push_back(c);
    } else {
      return call.Bad("equation: \"" + std::string(text) + "\", want letters and \"...\"");
    }
  }
  return term;
}

std::vector<std::string_view> SplitAtCommas(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.push_back(text.substr(0, comma));
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

/// Without "->": what "..." stands for, then the letters that occur once, in order.
Term ImpliedOutput(const std::vector<Term>& terms, std::size_t most_dots) {
  std::map<int, int> counts;
  for (const Term& term : terms) {
    for (const int axis : term) ++counts[axis];
  }
  Term out;
  for (std::size_t k = 0; k < most_dots; ++k) out.push_back(static_cast<int>(k));
  for (const auto& [axis, count] : counts) {
    if (count == 1 && axis >= 'A') out.push_back(axis);
  }
  return out;
}

Result<Equation> ReadEquation(const Call& call) {
  std::string text(call.Text("equation", ""));
  std::erase(text, ' ');
  const std::size_t arrow = std::min(text.find("->"), text.size());
  const auto parts = SplitAtCommas(std::string_view(text).substr(0, arrow));
  if (parts.size() != call.input_count()) {
    return call.Bad("equation \"" + text + "\" for " + std::to_string(call.input_count()) +
                    " operands");
  }
  DLV_TRY(call.Want(parts.size()));
  std::vector<std::size_t> dots(parts.size(), 0);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].find("...") == std::string_view::npos) continue;
    const std::size_t letters = parts[i].size() - 3, rank = call.In(i).rank();
    if (letters > rank) return call.Bad("operand " + std::to_string(i) + " has too few axes");
    dots[i] = rank - letters;
  }
  const std::size_t most_dots = *std::ranges::max_element(dots);
  if (most_dots > 'A') return call.Unsupported("\"...\" of " + std::to_string(most_dots) + " axes");
  Equation equation;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    DLV_ASSIGN(auto term, ReadTerm(call, parts[i], dots[i], most_dots));
    equation.terms.push_back(std::move(term));
  }
  if (arrow == text.size()) {
    equation.out = ImpliedOutput(equation.terms, most_dots);
  } else {
    DLV_ASSIGN(equation.out, ReadTerm(call, text.substr(arrow + 2), most_dots, most_dots));
  }
  return equation;
}

/// Loops over the axes of the output, then over those that are summed.
struct EinsumLoops {
  Shape out, summed;
  std::vector<Strides> out_strides, summed_strides;  ///< one an operand
};

Result<std::map<int, std::int64_t>> SizesOf(const Call& call, const Equation& equation) {
  std::map<int, std::int64_t> sizes;
  for (std::size_t i = 0; i < equation.terms.size(); ++i) {
    const Shape& shape = call.In(i).shape();
    const Term& term = equation.terms[i];
    if (term.size() != shape.size() || call.In(i).dtype() != call.In(0).dtype()) {
      return call.Bad("operand " + std::to_string(i) + " " +
                      std::string(NameOf(call.In(i).dtype())) + " " + TextOf(shape) +
                      ", the equation has " + std::to_string(term.size()) + " axes for it");
    }
    for (std::size_t k = 0; k < term.size(); ++k) {
      const auto [at, added] = sizes.try_emplace(term[k], shape[k]);
      if (at->second == 1) at->second = shape[k];
      if (shape[k] != 1 && shape[k] != at->second) {
        return call.Bad("an axis of the equation is " + std::to_string(at->second) + " and " +
                        std::to_string(shape[k]));
      }
    }
  }
  return sizes;
}

/// Steps of one operand along `axes`; axes of size 1 stand still, one that comes twice goes along
/// the diagonal.
Strides StepsAlong(const Term& axes, const Term& term, const Shape& shape) {
  const Strides strides = StridesOf(shape);
  Strides steps(axes.size(), 0);
  for (std::size_t a = 0; a < axes.size(); ++a) {
    for (std::size_t k = 0; k < term.size(); ++k) {
      if (term[k] == axes[a] && shape[k] != 1) steps[a] += strides[k];
    }
  }
  return steps;
}

Result<EinsumLoops> PlanLoops(const Call& call, const Equation& equation) {
  DLV_ASSIGN(const auto sizes, SizesOf(call, equation));
  EinsumLoops loops;
  Term summed;
  for (const int axis : equation.out) {
    const auto at = sizes.find(axis);
    if (at == sizes.end() || std::ranges::count(equation.out, axis) != 1)
      return call.Bad("equation: an axis of the output is twice there, or in no operand");
    loops.out.push_back(at->second);
  }
  for (const auto& [axis, size] : sizes) {
    if (std::ranges::find(equation.out, axis) != equation.out.end()) continue;
    summed.push_back(axis);
    loops.summed.push_back(size);
  }
  for (std::size_t i = 0; i < equation.terms.size(); ++i) {
    const Shape& shape = call.In(i).shape();
    loops.out_strides.push_back(StepsAlong(equation.out, equation.terms[i], shape));
    loops.summed_strides.push_back(StepsAlong(summed, equation.terms[i], shape));
  }
  return loops;
}

/// Goes to the next place along `shape`. Returns false behind the last one, back at the first.
bool Advance(const Shape& shape, const std::vector<Strides>& strides, Shape& at,
             std::vector<std::int64_t>& places) {
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    ++at[axis];
    for (std::size_t i = 0; i < places.size(); ++i) places[i] += strides[i][axis];
    if (at[axis] < shape[axis]) return true;
    for (std::size_t i = 0; i < places.size(); ++i) places[i] -= strides[i][axis] * shape[axis];
    at[axis] = 0;
  }
  return false;
}

template <class T>
Status RunEinsum(const Call& call, const EinsumLoops& loops, Value& out) {
  using Total = std::conditional_t<std::is_floating_point_v<T>, Sum<T>, std::uint64_t>;
  const std::size_t operands = call.input_count();
  std::vector<const T*> data(operands);
  for (std::size_t i = 0; i < operands; ++i) data[i] = call.In(i).As<T>().data();
  std::vector<std::int64_t> places(operands, 0);
  Shape at(loops.out.size(), 0), inner_at(loops.summed.size(), 0);
  const bool is_empty = CountOf(loops.summed) == 0;
  std::int64_t done = 0;
  for (T& element : out.As<T>()) {
    if (done++ % 256 == 0) DLV_TRY(call.CheckCancelled());
    Total sum = 0;
    do {
      if (is_empty) break;
      auto product = static_cast<Total>(data[0][places[0]]);
      for (std::size_t i = 1; i < operands; ++i) product *= static_cast<Total>(data[i][places[i]]);
      sum += product;
    } while (Advance(loops.summed, loops.summed_strides, inner_at, places));
    element = static_cast<T>(sum);
    Advance(loops.out, loops.out_strides, at, places);
  }
  return Ok();
}

Status Einsum(Call& call) {
  if (call.input_count() == 0) return call.Bad("no operand");
  DLV_ASSIGN(const Equation equation, ReadEquation(call));
  DLV_ASSIGN(const EinsumLoops loops, PlanLoops(call, equation));
  DLV_ASSIGN(Value * out, call.Make(0, call.In(0).dtype(), loops.out));
  return OnNumber(call, call.In(0).dtype(), [&](auto type) {
    return RunEinsum<typename decltype(type)::type>(call, loops, *out);
  });
}

constexpr KernelRow kEinsumKernels[] = {{"", "Einsum", Einsum}};

}  // namespace

std::span<const KernelRow> EinsumKernels() { return kEinsumKernels; }

}  // namespace dlv::kernels
