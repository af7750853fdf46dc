// Nodes as a hostile file may have them: every kernel gives a result or an error, and stops.

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/engine/kernels/run_node.h"

namespace dlv::kernels {
namespace {

class Hostile {
 public:
  explicit Hostile(unsigned seed) : engine_(seed), memory_(1 << 20) {}

  std::int64_t Any(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  std::int64_t Number() {
    constexpr std::int64_t kEdges[] = {INT64_MIN, INT64_MAX, -1, 0, 1, 1 << 30, INT64_MIN + 1};
    return Any(0, 3) == 0 ? kEdges[Any(0, 6)] : Any(-3, 4);
  }
  Wholes Numbers() {
    Wholes numbers(static_cast<std::size_t>(Any(0, 6)));
    for (std::int64_t& one : numbers) one = Any(0, 4) == 0 ? Number() : Any(0, 3);
    return numbers;
  }
  Value Operand() {
    if (Any(0, 7) == 0) return {};
    constexpr DType kTypes[] = {DType::kF32, DType::kF32, DType::kI64, DType::kBool, DType::kI8};
    const DType dtype = kTypes[Any(0, 4)];
    Shape shape(static_cast<std::size_t>(Any(0, 4)));
    for (std::int64_t& size : shape) size = Any(0, 3);
    auto value = memory_.Make(dtype, shape);
    if (!value.ok()) return {};
    for (std::int64_t i = 0; i < value->count(); ++i) {
      if (dtype == DType::kI64) value->As<std::int64_t>()[static_cast<std::size_t>(i)] = Number();
      if (dtype == DType::kF32) {
        value->As<float>()[static_cast<std::size_t>(i)] = static_cast<float>(Number());
      }
      if (SizeOf(dtype) == 1) {
        value->As<std::uint8_t>()[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i % 2);
      }
    }
    return *value;
  }
  Attributes SomeAttributes() {
    Attributes attributes;
    for (const char* name : {"axis",       "axes",       "group",
                             "keepdims",   "blocksize",  "size",
                             "k",          "batch_dims", "ceil_mode",
                             "local_size", "perm",       "to",
                             "p",          "transA",     "fmod",
                             "upper",      "num_groups", "output_dtype",
                             "block_size", "dtype",      "linear_before_reset"}) {
      if (Any(0, 2) == 0) attributes.push_back({name, Number()});
    }
    for (const char* name :
         {"axes", "kernel_shape", "strides", "pads", "dilations", "perm", "split", "starts", "ends",
          "output_padding", "output_shape", "shape.dim"}) {
      if (Any(0, 2) == 0) attributes.push_back({name, Numbers()});
    }
    if (Any(0, 1) == 0) attributes.push_back({"scales", std::vector<double>{1, 1e300, -1}});
    if (Any(0, 2) == 0) attributes.push_back({"auto_pad", std::string("SAME_LOWER")});
    if (Any(0, 2) == 0)
      attributes.push_back({"mode", std::string(Any(0, 1) == 0 ? "edge" : "cubic")});
    constexpr const char* kEquations[] = {"ij,jk->ik", "ij,jk", "...i,...i->...", "ii->i",
                                          "i,i->",     "->",    "a,b->ab",        "...",
                                          ",->",       "i-i"};
    if (Any(0, 1) == 0) attributes.push_back({"equation", std::string(kEquations[Any(0, 9)])});
    if (Any(0, 3) == 0)
      attributes.push_back({"reduction", std::string(Any(0, 1) == 0 ? "add" : "max")});
    return attributes;
  }
  Memory& memory() { return memory_; }

 private:
  std::mt19937 engine_;
  Memory memory_;
};

TEST(HostileNodes, EndInAResultOrAnError) {
  Hostile hostile(7);
  std::size_t results = 0, errors = 0;
  for (const Implementation implementation : {Implementation::kReference, Implementation::kCpu}) {
    for (const KernelRow& row : AllKernels(implementation)) {
      for (int round = 0; round < 60; ++round) {
        NetworkNode node;
        node.op = row.op;
        node.domain = row.domain;
        node.attributes = hostile.SomeAttributes();
        node.outputs.resize(static_cast<std::size_t>(hostile.Any(1, 3)));
        std::vector<Value> inputs(static_cast<std::size_t>(hostile.Any(0, 6)));
        for (Value& input : inputs) input = hostile.Operand();
        const bool all_finite = hostile.Any(0, 1) == 1;  // a lie now and then
        const Setting setting{DType::kF32, &hostile.memory(), nullptr, 1, all_finite};
        Call call(node, hostile.Any(kOldestOpset, kNewestOpset), setting, std::move(inputs));
        const Status done = row.kernel(call);
        ++(done.ok() ? results : errors);
      }
    }
  }
  EXPECT_GT(results, 300u);
  EXPECT_GT(errors, 3000u);
}

}  // namespace
}  // namespace dlv::kernels
