#include "engine/query/execute/tensor_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace dlv::query {
namespace {

/// The tensors of an operand: one, or several laid end to end; nothing for what is none.
std::optional<std::vector<TensorRef>> TensorsOf(const Value& value) {
  if (const auto* tensor = value.As<TensorRef>()) return std::vector{*tensor};
  const auto* group = value.As<std::shared_ptr<const TensorGroup>>();
  if (group == nullptr || (*group)->parts.empty()) return std::nullopt;
  return (*group)->parts;
}

/// The constant behind the tensor: p of norm, the threshold of sparsity.
double ConstantAt(std::span<const Value> operands, double otherwise) {
  if (operands.size() < 2) return otherwise;
  return operands[1].Number().value_or(otherwise);
}

/// norm(t, p) and sparsity(t, eps) of a constant that is NULL.
bool LacksConstant(Function function, std::span<const Value> operands) {
  const bool takes = function == Function::kNorm || function == Function::kSparsity;
  return takes && operands.size() > 1 && operands[1].is_null();
}

Value CountOf(std::uint64_t count) { return static_cast<std::int64_t>(count); }

double NormOf(const TensorStatistics& statistics, double p) {
  if (std::isinf(p)) return statistics.norm_inf;
  return p == 1 ? statistics.norm1 : statistics.norm2;
}

Value FigureOf(Function function, const TensorStatistics& statistics, double constant) {
  switch (function) {
    case Function::kNorm:
      return NormOf(statistics, constant);
    case Function::kMean:
      return statistics.mean;
    case Function::kStd:
      return statistics.std;
    case Function::kTensorMin:
      return statistics.min;
    case Function::kTensorMax:
      return statistics.max;
    case Function::kNanCount:
      return CountOf(statistics.nan_count);
    default:
      return CountOf(statistics.inf_count);
  }
}

/// Figures of two tensors laid end to end.
void Append(TensorStatistics& all, const TensorStatistics& next) {
  const auto n = static_cast<double>(all.finite_count());
  const auto m = static_cast<double>(next.finite_count());
  if (n == 0 || m == 0) {
    TensorStatistics kept = n == 0 ? next : all;
    kept.count = all.count + next.count;
    kept.nan_count = all.nan_count + next.nan_count;
    kept.inf_count = all.inf_count + next.inf_count;
    all = kept;
    return;
  }
  const double mean = all.mean + (next.mean - all.mean) * (m / (n + m));
  const double a = all.mean - mean, b = next.mean - mean;
  all.std =
      std::sqrt((n * (all.std * all.std + a * a) + m * (next.std * next.std + b * b)) / (n + m));
  all.mean = mean;
  all.min = std::min(all.min, next.min);
  all.max = std::max(all.max, next.max);
  all.norm1 += next.norm1;
  all.norm2 = std::hypot(all.norm2, next.norm2);
  all.norm_inf = std::max(all.norm_inf, next.norm_inf);
  all.count += next.count;
  all.nan_count += next.nan_count;
  all.inf_count += next.inf_count;
  all.zero_count += next.zero_count;
}

/// Adds the byte counts of whole elements to a distribution of their bytes.
class ByteCounts {
 public:
  void Add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) ++counts_[std::to_integer<std::size_t>(byte)];
    total_ += bytes.size();
  }
  /// Bits a byte.
  double Entropy() const {
    double bits = 0;
    for (const std::uint64_t count : counts_) {
      if (count == 0) continue;
      const double share = static_cast<double>(count) / static_cast<double>(total_);
      bits -= share * std::log2(share);
    }
    return bits;
  }

 private:
  std::array<std::uint64_t, 256> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace

std::int64_t ElementsOf(const TensorEntry& tensor) {
  std::int64_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= size;
  return count;
}

Status TensorFunctions::Check(Function function, std::span<const Value> operands) {
  if (function != Function::kNorm) return Ok();
  const double p = ConstantAt(operands, 2);
  if (p == 1 || p == 2 || p == std::numeric_limits<double>::infinity()) return Ok();
  return Error{ErrorCode::kInvalidArgument, "no norm(t, " + FormatReal(p) + ")",
               "p is 1, 2 or inf"};
}

void TensorFunctions::Count(std::uint64_t bytes, unsigned planes) {
  execution_.read_bytes += bytes;
  execution_.planes = std::max<std::uint64_t>(execution_.planes, planes);
}

Result<const TensorStatistics*> TensorFunctions::Statistics(const TensorEntry& tensor) {
  const auto known = statistics_.find(tensor.id);
  if (known != statistics_.end()) return &known->second;
  DLV_TRY(execution_.CheckCancelled());
  DLV_ASSIGN(auto read,
             execution_.context().ReadStatistics(tensor.id, execution_.input().operation));
  Count(read.read_bytes, static_cast<unsigned>(8 * SizeOf(tensor.dtype)));
  return &statistics_.emplace(tensor.id, std::move(read.statistics)).first->second;
}

Result<TensorStatistics> TensorFunctions::StatisticsOf(const Tensors& tensors) {
  DLV_ASSIGN(const TensorStatistics* first, Statistics(tensors[0].entry()));
  TensorStatistics all = *first;
  for (std::size_t i = 1; i < tensors.size(); ++i) {
    DLV_ASSIGN(const TensorStatistics* next, Statistics(tensors[i].entry()));
    Append(all, *next);
  }
  return all;
}

Result<double> TensorFunctions::Share(const Tensors& tensors, double threshold) {
  double below = 0, count = 0;
  for (const TensorRef& tensor : tensors) {
    const TensorEntry& entry = tensor.entry();
    if (threshold == 0 || !HasMagnitudes(entry.dtype)) {
      DLV_ASSIGN(const TensorStatistics* statistics, Statistics(entry));
      below += static_cast<double>(statistics->zero_count);
      count += static_cast<double>(statistics->count);
      continue;
    }
    ExactShare share(entry.dtype, threshold);
    DLV_ASSIGN(const TensorRead read, execution_.context().StreamTensor(
                                          entry.id, 0,
                                          [&](std::span<const std::byte> bytes, unsigned) {
                                            share.Add(bytes);
                                            return execution_.CheckCancelled();
                                          },
                                          execution_.input().operation));
    Count(read.read_bytes, static_cast<unsigned>(8 * SizeOf(entry.dtype)));
    below += share.below();
    count += share.count();
  }
  return count == 0 ? 0 : below / count;
}

Result<double> TensorFunctions::Entropy(const Tensors& tensors) {
  ByteCounts counts;
  double bytes_an_element = 1;
  for (const TensorRef& tensor : tensors) {
    const TensorEntry& entry = tensor.entry();
    bytes_an_element = static_cast<double>(SizeOf(entry.dtype));
    const auto known = entropies_.find(entry.id);
    if (known != entropies_.end() && tensors.size() == 1) return known->second;
    DLV_ASSIGN(const TensorRead read, execution_.context().StreamTensor(
                                          entry.id, 0,
                                          [&](std::span<const std::byte> bytes, unsigned) {
                                            counts.Add(bytes);
                                            return execution_.CheckCancelled();
                                          },
                                          execution_.input().operation));
    Count(read.read_bytes, static_cast<unsigned>(8 * SizeOf(entry.dtype)));
  }
  const double entropy = counts.Entropy() * bytes_an_element;
  if (tensors.size() == 1) entropies_[tensors[0].entry().id] = entropy;
  return entropy;
}

Result<Value> TensorFunctions::Pair(Function function, const Value& a, const Value& b) {
  const auto first = TensorsOf(a), second = TensorsOf(b);
  if (!first || !second) return Value();
  double squares = 0, products = 0, squares_a = 0, squares_b = 0;
  const bool alike = std::equal(first->begin(), first->end(), second->begin(), second->end(),
                                [](const TensorRef& x, const TensorRef& y) {
                                  return ElementsOf(x.entry()) == ElementsOf(y.entry());
                                });
  if (!alike) {
    return Error{ErrorCode::kInvalidArgument,
                 "tensors of different sizes: " + (*first)[0].entry().name + " and " +
                     (*second)[0].entry().name,
                 "compare numel(a) and numel(b) first"};
  }
  for (std::size_t i = 0; i < first->size(); ++i) {
    DLV_TRY(execution_.CheckCancelled());
    const TensorEntry &x = (*first)[i].entry(), &y = (*second)[i].entry();
    DLV_ASSIGN(const PairFigures pair,
               execution_.context().ReadPair(x.id, y.id, 0, execution_.input().operation));
    Count(pair.read_bytes, static_cast<unsigned>(8 * SizeOf(x.dtype)));
    const PairStatistics& figures = pair.statistics;
    squares += figures.norm_difference * figures.norm_difference;
    squares_a += figures.norm_before * figures.norm_before;
    squares_b += figures.norm_after * figures.norm_after;
    const double product = figures.cosine * figures.norm_before * figures.norm_after;
    products += product == product ? product : 0;
    if (first->size() == 1) {
      return Value(function == Function::kDistance ? figures.norm_difference : figures.cosine);
    }
  }
  if (function == Function::kDistance) return Value(std::sqrt(squares));
  return Value(products / std::sqrt(squares_a * squares_b));
}

Result<Value> TensorFunctions::Exact(Function function, std::span<const Value> operands) {
  if (function == Function::kDistance || function == Function::kCosine) {
    return Pair(function, operands[0], operands[1]);
  }
  DLV_TRY(Check(function, operands));
  const auto tensors = TensorsOf(operands[0]);
  if (!tensors || LacksConstant(function, operands)) return Value();
  if (function == Function::kSparsity) {
    DLV_ASSIGN(const double share, Share(*tensors, ConstantAt(operands, 0)));
    return Value(share);
  }
  if (function == Function::kEntropy) {
    DLV_ASSIGN(const double entropy, Entropy(*tensors));
    return Value(entropy);
  }
  DLV_ASSIGN(const TensorStatistics statistics, StatisticsOf(*tensors));
  return FigureOf(function, statistics, ConstantAt(operands, 2));
}

Result<const TensorFunctions::KnownPrefix*> TensorFunctions::Prefix(const TensorEntry& tensor,
                                                                    unsigned planes,
                                                                    double threshold) {
  KnownPrefix& known = prefixes_[tensor.id];
  if (known.planes >= planes && known.threshold == threshold) return &known;
  DLV_TRY(execution_.CheckCancelled());
  PrefixAccumulator accumulator(tensor.dtype, threshold);
  DLV_ASSIGN(const TensorRead read, execution_.context().StreamTensor(
                                        tensor.id, planes,
                                        [&](std::span<const std::byte> bytes, unsigned given) {
                                          accumulator.Add(bytes, given);
                                          return execution_.CheckCancelled();
                                        },
                                        execution_.input().operation));
  Count(read.read_bytes, read.planes);
  known = {read.planes, threshold, accumulator.Finish()};
  return &known;
}

Result<PairStatistics> TensorFunctions::PairPrefix(const TensorEntry& a, const TensorEntry& b,
                                                   unsigned planes) {
  DLV_TRY(execution_.CheckCancelled());
  DLV_ASSIGN(PairFigures pair,
             execution_.context().ReadPair(a.id, b.id, planes, execution_.input().operation));
  const auto full = static_cast<unsigned>(8 * SizeOf(a.dtype));
  Count(pair.read_bytes, pair.statistics.planes == 0 ? full : pair.statistics.planes);
  return std::move(pair.statistics);
}

}  // namespace dlv::query
