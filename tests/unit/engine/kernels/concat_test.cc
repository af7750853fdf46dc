// Concat of what convolutions made in its place.

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

Value Ramp(const Shape& shape, int factor = 1) {
  std::vector<float> elements(static_cast<std::size_t>(CountOf(shape)));
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i] = static_cast<float>(factor * static_cast<int>(i % 97) - 40);
  }
  return Floats(shape, elements);
}

/// One node by its fast kernel, among others.
Value RunAmong(const std::string& op, const Attributes& attributes, std::vector<Value> inputs,
               const Surroundings& around) {
  NetworkNode node;
  node.op = op;
  node.attributes = attributes;
  node.outputs.resize(1);
  const Setting setting{DType::kF32, &TestMemory(), nullptr, 1, true};
  Call call(node, 13, setting, std::move(inputs));
  call.Place(around);
  EXPECT_TRUE(FindKernel(Implementation::kCpu, "", op)(call).ok());
  return call.outputs()[0];
}

TEST(CpuConcat, TakesWhatWasMadeInItsPlace) {
  const Attributes on_channels = {{"axis", std::int64_t{1}}};
  for (const std::int64_t batch : {1, 2}) {
    const Value x = Ramp({batch, 16, 5, 6}), weights = Ramp({16, 16, 1, 1});
    const Value y = Ramp({batch, 16, 5, 6}, 3);
    NodeState state;
    Surroundings concat{{}, &state, nullptr, {true, true}};
    const Value first = RunAmong("Conv", {}, {x, weights}, {});
    const Value second = RunAmong("Conv", {}, {y, weights}, {});
    const Value apart = RunAmong("Concat", on_channels, {first, second}, concat);
    const auto wanted = RealsOf(*InPlainOrder(apart, TestMemory()));
    for (const bool both : {true, false}) {
      Value whole;
      const Join joins[] = {{&whole, 0, &state}, {&whole, 1, &state}};
      Surroundings conv;
      conv.joins = {joins, 1};
      const Value one = RunAmong("Conv", {}, {x, weights}, conv);
      conv.joins = {joins + 1, 1};
      const Value two = both ? RunAmong("Conv", {}, {y, weights}, conv) : second;
      EXPECT_EQ(whole.present(), batch == 1);  // of several images, parts do not stand together
      const std::byte* const begun = whole.data();
      EXPECT_EQ(one.data() == begun, batch == 1);
      concat.begun = &whole;
      const Value together = RunAmong("Concat", on_channels, {one, two}, concat);
      EXPECT_EQ(together.data() == begun, batch == 1);
      EXPECT_EQ(RealsOf(*InPlainOrder(together, TestMemory())), wanted);
    }
  }
}

/// Of so many channels each.
std::vector<Value> Convolved(const Value& x, const Wholes& channels,
                             const std::vector<Surroundings>& around) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const Value weights = Ramp({channels[i], x.shape()[1], 1, 1}, static_cast<int>(i) + 1);
    values.push_back(RunAmong("Conv", {}, {x, weights}, around[i]));
  }
  return values;
}

/// What earlier runs put together had other sizes, of which one or the other comes again.
TEST(CpuConcat, KeepsPartsThatOtherResultsHaveElsewhere) {
  struct Sizes {
    std::vector<Wholes> earlier;
    Wholes now;
  };
  const Sizes all[] = {{{{32, 32}, {16, 48}}, {32, 48}},
                       {{{16, 48}, {32, 32}}, {32, 48}},
                       {{{16, 16, 16, 48}}, {16, 32, 16, 32}}};
  const Attributes on_channels = {{"axis", std::int64_t{1}}};
  const Value x = Ramp({1, 16, 5, 6});
  for (const Sizes& sizes : all) {
    NodeState state;
    Surroundings concat{{}, &state, nullptr, {true, true}};
    std::vector<Surroundings> apart(sizes.now.size());
    for (const Wholes& channels : sizes.earlier) {
      RunAmong("Concat", on_channels, Convolved(x, channels, apart), concat);
    }
    Value whole;
    std::vector<Join> joins;
    for (std::size_t i = 0; i < apart.size(); ++i) joins.push_back({&whole, i, &state});
    std::vector<Surroundings> joined(apart.size());
    for (std::size_t i = 0; i < joined.size(); ++i) joined[i].joins = {&joins[i], 1};
    const std::vector<Value> parts = Convolved(x, sizes.now, joined);
    concat.begun = &whole;
    const Value together = RunAmong("Concat", on_channels, parts, concat);
    NodeState other;
    const Value wanted = RunAmong("Concat", on_channels, Convolved(x, sizes.now, apart),
                                  {{}, &other, nullptr, {true, true}});
    EXPECT_EQ(RealsOf(*InPlainOrder(together, TestMemory())),
              RealsOf(*InPlainOrder(wanted, TestMemory())))
        << TextOf(sizes.now);
  }
}

}  // namespace
}  // namespace dlv::kernels
