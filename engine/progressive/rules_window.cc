// Pools: ONNX MaxPool (operator versions 1 to 12), AveragePool (1 to 11), GlobalAveragePool,
// GlobalMaxPool (1), ReduceMean over all positions (1 to 18).

#include <algorithm>

#include "engine/network/attributes.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/pool_layer.h"

namespace dlv::progressive {
namespace {

struct Pool {
  std::uint32_t value = 0;
  Extent in, out;
  Window window;
  kernels::Window read;
};

Result<std::optional<Pool>> PoolOf(GraphBuilder& builder, const NetworkNode& node,
                                   std::string& why) {
  using Found = std::optional<Pool>;
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  const auto* kernel = network::IntegersAttribute(node, "kernel_shape");
  const std::size_t rank = value ? builder.RankOf(node.operands[0]) : 0;
  if (kernel == nullptr || rank < 3 || rank > 4) {
    why = "windows over 1 or 2 axes have a rule";
    return Found();
  }
  Pool pool;
  pool.value = *value;
  pool.in = builder.ExtentOf(*value);
  kernels::Shape in = {1, pool.in.channels, pool.in.height, pool.in.width};
  if (rank == 3) in.erase(in.begin() + 2);
  const kernels::Setting setting;
  const kernels::Call call(node, builder.opset(), setting, {});
  auto read = kernels::ReadWindow(call, in, *kernel);
  if (!read.ok()) {
    why = read.error().message;
    return Found();
  }
  pool.read = *read;
  const kernels::WindowAxis &down = pool.read[1], &across = pool.read[2];
  pool.window = {down.kernel,   across.kernel,   down.stride, across.stride,
                 down.dilation, across.dilation, down.before, across.before};
  pool.out = {pool.in.channels, down.out, across.out};
  return Found(pool);
}

Outcome MaxPool(GraphBuilder& builder, const NetworkNode& node) {
  std::string why;
  auto pool = PoolOf(builder, node, why);
  if (!pool.ok()) return pool.error();
  if (!*pool) return NoRule{why};
  builder.Add(std::make_unique<MaxPoolLayer>(builder.name(), (*pool)->value, (*pool)->in,
                                             (*pool)->out, (*pool)->window));
  return {};
}

/// Elements of a window that lie in the input or its padding (as the reference kernel counts).
std::int64_t PaddedCount(const kernels::WindowAxis& axis, std::int64_t position) {
  const std::int64_t begin = axis.Begin(position), end = axis.in + axis.after;
  return begin >= end ? 0 : std::min(axis.kernel, (end - begin - 1) / axis.dilation + 1);
}

Outcome AveragePool(GraphBuilder& builder, const NetworkNode& node) {
  std::string why;
  auto found = PoolOf(builder, node, why);
  if (!found.ok()) return found.error();
  if (!*found) return NoRule{why};
  const Pool& pool = **found;
  std::vector<double> divisors(static_cast<std::size_t>(pool.out.positions()), 0);
  const bool with_padding = network::IntegerAttribute(node, "count_include_pad", 0) != 0;
  if (with_padding) {
    for (std::size_t p = 0; p < divisors.size(); ++p) {
      const auto at = static_cast<std::int64_t>(p);
      divisors[p] = static_cast<double>(PaddedCount(pool.read[1], at / pool.out.width) *
                                        PaddedCount(pool.read[2], at % pool.out.width));
    }
  } else {
    ForEachTap(pool.window, pool.in, pool.out,
               [&](std::size_t position, std::size_t, std::size_t) { divisors[position] += 1; });
  }
  for (const double divisor : divisors) {
    if (divisor < 1) return NoRule{"a window lies in the padding"};
  }
  builder.Add(std::make_unique<MeanPoolLayer>(builder.name(), pool.value, pool.in, pool.out,
                                              pool.window, std::move(divisors)));
  return {};
}

/// A window that is the whole input.
template <class Make>
Outcome Whole(GraphBuilder& builder, const NetworkNode& node, Make&& make) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  const Extent in = builder.ExtentOf(*value);
  const Window window{in.height, in.width};
  builder.Add(make(*value, in, Extent{in.channels, 1, 1}, window));
  return {};
}

Outcome AddMean(GraphBuilder& builder, const NetworkNode& node) {
  return Whole(builder, node, [&](std::uint32_t value, Extent in, Extent out, Window window) {
    return std::make_unique<MeanPoolLayer>(builder.name(), value, in, out, window,
                                           std::vector{static_cast<double>(in.positions())});
  });
}

Outcome GlobalMaxPool(GraphBuilder& builder, const NetworkNode& node) {
  return Whole(builder, node, [&](std::uint32_t value, Extent in, Extent out, Window window) {
    return std::make_unique<MaxPoolLayer>(builder.name(), value, in, out, window);
  });
}

Outcome ReduceMean(GraphBuilder& builder, const NetworkNode& node) {
  const auto rank =
      static_cast<std::int64_t>(node.operands.empty() ? 0 : builder.RankOf(node.operands[0]));
  std::optional<std::vector<std::int64_t>> axes;
  if (const auto* given = network::IntegersAttribute(node, "axes")) axes = *given;
  if (!builder.IsAbsent(node, 1)) axes = builder.WholesOf(node.operands[1]);
  if (!axes) return NoRule{"its axes are not known"};
  std::vector<std::int64_t> wanted;
  for (std::int64_t axis = 2; axis < rank; ++axis) wanted.push_back(axis);
  for (std::int64_t& axis : *axes) axis += axis < 0 ? rank : 0;
  std::ranges::sort(*axes);
  if (*axes != wanted || wanted.empty()) return NoRule{"not over all positions"};
  return AddMean(builder, node);
}

constexpr RuleRow kWindowRules[] = {
    {"", "AveragePool", AveragePool},     {"", "GlobalAveragePool", AddMean},
    {"", "GlobalMaxPool", GlobalMaxPool}, {"", "MaxPool", MaxPool},
    {"", "ReduceMean", ReduceMean},
};

}  // namespace

std::span<const RuleRow> WindowRules() { return kWindowRules; }

}  // namespace dlv::progressive
