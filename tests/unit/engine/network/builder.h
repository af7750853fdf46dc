#pragma once
/// \file
/// Small networks for tests, written like programs:
///
///     Builder net;
///     const auto x = net.Input("x", {1, 3, 8, 8});
///     const auto y = net.Node("conv1", "Conv", {x, net.Parameter("conv1.weight", {4, 3, 3, 3})});
///     net.Output("y", y);

#include <cstring>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "engine/network/attributes.h"

namespace dlv::network {

class Builder {
 public:
  using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

  explicit Builder(std::int64_t opset = 13) { network_.operator_sets = {{"", opset}}; }

  NetworkOperand Input(const std::string& name, std::optional<NetworkShape> shape,
                       DType dtype = DType::kF32) {
    network_.inputs.push_back({name, dtype, std::move(shape)});
    return Place(OperandKind::kInput, network_.inputs.size());
  }
  NetworkOperand Parameter(const std::string& name, NetworkShape shape) {
    network_.parameters.push_back({name, DType::kF32, std::move(shape), ""});
    return Place(OperandKind::kParameter, network_.parameters.size());
  }
  NetworkOperand Constant(NetworkConstant constant) {
    network_.constants.push_back(std::move(constant));
    return Place(OperandKind::kConstant, network_.constants.size());
  }
  static NetworkConstant Wholes(const std::vector<std::int64_t>& values, bool scalar = false) {
    NetworkConstant constant{DType::kI64, {static_cast<std::int64_t>(values.size())}, {}};
    if (scalar) constant.shape.clear();
    constant.bytes.resize(values.size() * sizeof(std::int64_t));
    if (!values.empty()) std::memcpy(constant.bytes.data(), values.data(), constant.bytes.size());
    return constant;
  }
  static NetworkConstant Reals(const std::vector<float>& values, bool scalar = false) {
    NetworkConstant constant{DType::kF32, {static_cast<std::int64_t>(values.size())}, {}};
    if (scalar) constant.shape.clear();
    constant.bytes.resize(values.size() * sizeof(float));
    if (!values.empty()) std::memcpy(constant.bytes.data(), values.data(), constant.bytes.size());
    return constant;
  }
  NetworkOperand List(const std::vector<std::int64_t>& values) { return Constant(Wholes(values)); }
  NetworkOperand Scalar(std::int64_t value) { return Constant(Wholes({value}, true)); }

  /// Returns output 0; others by Port().
  NetworkOperand Node(const std::string& name, const std::string& op,
                      std::vector<NetworkOperand> operands, const Attributes& attributes = {},
                      std::size_t outputs = 1) {
    NetworkNode node;
    node.name = node.original_name = name;
    node.op = op;
    node.operands = std::move(operands);
    for (const auto& [key, value] : attributes) SetAttribute(node, key, value);
    for (std::size_t i = 0; i < outputs; ++i) {
      node.outputs.push_back({name + "_out" + (i == 0 ? "" : std::to_string(i)), {}, {}});
    }
    network_.nodes.push_back(std::move(node));
    return Place(OperandKind::kNode, network_.nodes.size());
  }
  static NetworkOperand Port(NetworkOperand operand, std::uint32_t port) {
    operand.port = port;
    return operand;
  }
  static NetworkOperand Outer(const std::string& name) { return {OperandKind::kOuter, 0, 0, name}; }
  static NetworkOperand Absent() { return {}; }

  void Output(const std::string& name, NetworkOperand source) {
    network_.outputs.push_back({name, std::move(source)});
  }
  Network Take() const { return network_; }
  Network& network() { return network_; }

 private:
  static NetworkOperand Place(OperandKind kind, std::size_t count) {
    return {kind, static_cast<std::uint32_t>(count - 1), 0, {}};
  }

  Network network_;
};

/// Three convolutions in a row with pools between, and a classifier: 10 nodes.
inline Network SmallClassifier() {
  Builder net;
  const auto x = net.Input("data", NetworkShape{kUnknownSize, 3, 32, 32});
  const auto conv = [&](const std::string& name, NetworkOperand in, std::int64_t from,
                        std::int64_t to) {
    return net.Node(name, "Conv",
                    {in, net.Parameter(name + ".weight", {to, from, 3, 3}),
                     net.Parameter(name + ".bias", {to})},
                    {{"kernel_shape", std::vector<std::int64_t>{3, 3}},
                     {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
  };
  const Builder::Attributes window = {{"kernel_shape", std::vector<std::int64_t>{2, 2}},
                                      {"strides", std::vector<std::int64_t>{2, 2}}};
  auto y = net.Node("relu1", "Relu", {conv("conv1", x, 3, 8)});
  y = net.Node("pool1", "MaxPool", {y}, window);
  y = net.Node("relu2", "Relu", {conv("conv2", y, 8, 16)});
  y = net.Node("pool2", "AveragePool", {y}, window);
  y = conv("conv3", y, 16, 16);
  y = net.Node("flatten", "Flatten", {y});
  y = net.Node("fc", "Gemm",
               {y, net.Parameter("fc.weight", {10, 1024}), net.Parameter("fc.bias", {10})},
               {{"transB", std::int64_t{1}}});
  net.Output("prob", net.Node("prob", "Softmax", {y}));
  return net.Take();
}

}  // namespace dlv::network
