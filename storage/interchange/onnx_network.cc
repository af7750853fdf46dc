// The network of an ONNX file: its graph with the names resolved.

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "storage/interchange/network_readers.h"
#include "storage/interchange/onnx_graph.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

Error Bad(std::uint64_t offset, const std::string& why) {
  return Error{ErrorCode::kCorruption, "onnx, offset " + std::to_string(offset) + ": " + why};
}

std::string Shown(const OnnxGraphNode& node) {
  return "node '" + Printable(node.name.empty() ? node.op : node.name) + "'";
}

/// Whether input `place` of an operator says how it works, not what it works on.
bool IsStructure(const OnnxGraphNode& node, std::size_t place) {
  if (!node.domain.empty() || place == 0) return false;
  return node.op == "Resize" || node.op == "Upsample" || node.op == "Clip" || node.op == "Pad";
}

template <class T>
NetworkConstant ConstantOf(DType dtype, const std::vector<T>& values, bool is_list) {
  NetworkConstant constant{dtype, {}, {}};
  if (is_list) constant.shape = {static_cast<std::int64_t>(values.size())};
  constant.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(constant.bytes.data(), values.data(), constant.bytes.size());
  return constant;
}

std::vector<float> Narrow(const std::vector<double>& values) {
  std::vector<float> narrow;
  for (const double value : values) narrow.push_back(static_cast<float>(value));  // as in the file
  return narrow;
}

/// The value of a Constant node's attribute that is no tensor; nothing for texts.
std::optional<NetworkConstant> ConstantIn(const AttributeValue& value) {
  static_assert(std::endian::native == std::endian::little);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return ConstantOf<std::int64_t>(DType::kI64, {*integer}, false);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value))
    return ConstantOf(DType::kI64, *integers, true);
  if (const auto* number = std::get_if<double>(&value))
    return ConstantOf<float>(DType::kF32, {static_cast<float>(*number)}, false);
  if (const auto* numbers = std::get_if<std::vector<double>>(&value))
    return ConstantOf(DType::kF32, Narrow(*numbers), true);
  return std::nullopt;
}

/// Builds one graph. Graphs in it are built when it knows its own names.
class GraphBuilder {
 public:
  GraphBuilder(const OnnxGraph& graph, const GraphBuilder* outer, NetworkBudget& budget)
      : graph_(graph), outer_(outer), budget_(budget) {}

  Result<Network> Build();
  /// Values of the graphs around that this one reads.
  const std::vector<std::string>& free_names() const { return free_; }

 private:
  Status TakeInputs();
  void TakeInitializers();
  Status TakeNodes();
  bool TakeConstant(const OnnxGraphNode& node);
  Status Produce(std::uint64_t offset, const std::string& name, const NetworkOperand& operand);
  Result<NetworkNode> MakeNode(const OnnxGraphNode& from, std::vector<std::uint32_t>& reads);
  Status AddAttributes(const OnnxGraphNode& from, NetworkNode& node,
                       std::vector<std::uint32_t>& reads);
  Result<NetworkOperand> Find(const std::string& name, std::uint64_t offset,
                              const std::string& reader);
  NetworkOperand AddConstant(NetworkConstant constant);
  NetworkOperand AddParameter(const OnnxGraphTensor& tensor);
  Status TakeOutputs();
  Status PutInOrder(const std::vector<std::vector<std::uint32_t>>& reads);
  bool IsStructural(const OnnxGraphTensor& tensor) const;

  const OnnxGraph& graph_;
  const GraphBuilder* outer_;
  NetworkBudget& budget_;
  Network network_;
  std::unordered_map<std::string, NetworkOperand> values_;
  std::unordered_map<std::string, const NetworkValue*> declared_;
  std::unordered_set<std::string> structure_;  ///< read by a node to know how it works
  std::unordered_set<std::string> worked_on_;  ///< read by a node as more than that
  std::vector<const OnnxGraphNode*> nodes_;
  std::vector<std::string> free_;
};

Status GraphBuilder::Produce(std::uint64_t offset, const std::string& name,
                             const NetworkOperand& operand) {
  if (name.empty() || values_.emplace(name, operand).second) return Ok();
  return Bad(offset, "'" + Printable(name) + "' is made twice");
}

NetworkOperand GraphBuilder::AddConstant(NetworkConstant constant) {
  network_.constants.push_back(std::move(constant));
  return {OperandKind::kConstant, static_cast<std::uint32_t>(network_.constants.size() - 1), 0, {}};
}

NetworkOperand GraphBuilder::AddParameter(const OnnxGraphTensor& tensor) {
  network_.parameters.push_back({tensor.tensor_name, tensor.dtype, tensor.shape, {}});
  return {
      OperandKind::kParameter, static_cast<std::uint32_t>(network_.parameters.size() - 1), 0, {}};
}

Status GraphBuilder::TakeInputs() {
  std::unordered_set<std::string> given;
  for (const OnnxGraphTensor& tensor : graph_.initializers) given.insert(tensor.name);
  for (const NetworkValue& input : graph_.inputs) {
    if (given.contains(input.name)) continue;
    const auto index = static_cast<std::uint32_t>(network_.inputs.size());
    DLV_TRY(Produce(graph_.offset, input.name, {OperandKind::kInput, index, 0, {}}));
    network_.inputs.push_back(input);
    network_.inputs.back().name = CleanName(input.name);
  }
  return Ok();
}

/// 64-bit integers and truth values are shapes, counters and masks, as DescribeFile has it too;
/// others only where nothing works on them.
bool GraphBuilder::IsStructural(const OnnxGraphTensor& tensor) const {
  if (!tensor.value) return false;
  return tensor.dtype == DType::kI64 || tensor.dtype == DType::kBool ||
         (structure_.contains(tensor.name) && !worked_on_.contains(tensor.name));
}

void GraphBuilder::TakeInitializers() {
  for (const OnnxGraphNode& node : graph_.nodes) {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      (IsStructure(node, i) ? structure_ : worked_on_).insert(node.inputs[i]);
    }
  }
  for (const OnnxGraphTensor& tensor : graph_.initializers) {
    // Of two of one name the first counts; DescribeFile refuses the file.
    if (values_.contains(tensor.name)) continue;
    values_.emplace(tensor.name,
                    IsStructural(tensor) ? AddConstant(*tensor.value) : AddParameter(tensor));
  }
}

/// Whether the node is a constant, which then is known under its output's name.
bool GraphBuilder::TakeConstant(const OnnxGraphNode& node) {
  if (node.op != "Constant" || !node.domain.empty() || node.outputs.size() != 1 ||
      node.attributes.size() != 1) {
    return false;
  }
  const OnnxGraphAttribute& attribute = node.attributes.front();
  if (attribute.tensor && attribute.tensor->value) {
    return values_.emplace(node.outputs[0], AddConstant(*attribute.tensor->value)).second;
  }
  if (attribute.tensor && !attribute.tensor->tensor_name.empty()) {
    return values_.emplace(node.outputs[0], AddParameter(*attribute.tensor)).second;
  }
  if (!attribute.value) return false;
  auto constant = ConstantIn(*attribute.value);
  return constant && values_.emplace(node.outputs[0], AddConstant(std::move(*constant))).second;
}

Status GraphBuilder::TakeNodes() {
  for (const OnnxGraphNode& node : graph_.nodes) {
    if (node.op.empty()) return Bad(node.offset, "a node without an operator");
    if (TakeConstant(node)) continue;
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(&node);
    for (std::uint32_t port = 0; port < node.outputs.size(); ++port) {
      DLV_TRY(Produce(node.offset, node.outputs[port], {OperandKind::kNode, index, port, {}}));
    }
  }
  return Ok();
}

Result<NetworkOperand> GraphBuilder::Find(const std::string& name, std::uint64_t offset,
                                          const std::string& reader) {
  const auto own = values_.find(name);
  if (own != values_.end()) return own->second;
  for (const GraphBuilder* around = outer_; around != nullptr; around = around->outer_) {
    const auto found = around->values_.find(name);
    if (found == around->values_.end()) continue;
    const NetworkOperand& operand = found->second;
    if (operand.kind == OperandKind::kConstant) {
      const NetworkConstant& constant = around->network_.constants[operand.index];
      DLV_TRY(budget_.AddBytes(constant.bytes.size() + 64));  // a graph may be full of such
      const NetworkOperand copy = AddConstant(constant);
      values_.emplace(name, copy);
      return copy;
    }
    free_.push_back(name);
    const bool parameter = operand.kind == OperandKind::kParameter;
    return NetworkOperand{
        OperandKind::kOuter, 0, 0,
        parameter ? around->network_.parameters[operand.index].name : CleanName(name)};
  }
  return Bad(offset, reader + " reads '" + Printable(name) + "', which nothing makes");
}

Status GraphBuilder::AddAttributes(const OnnxGraphNode& from, NetworkNode& node,
                                   std::vector<std::uint32_t>& reads) {
  for (const OnnxGraphAttribute& attribute : from.attributes) {
    if (attribute.graph) {
      GraphBuilder builder(*attribute.graph, this, budget_);
      DLV_ASSIGN(Network network, builder.Build());
      for (const std::string& name : builder.free_names()) {
        DLV_ASSIGN(const NetworkOperand operand, Find(name, from.offset, Shown(from)));
        if (operand.kind == OperandKind::kNode) reads.push_back(operand.index);
      }
      node.attributes.push_back(
          {attribute.name, std::make_shared<const Network>(std::move(network))});
    } else if (attribute.tensor) {
      const OnnxGraphTensor& tensor = *attribute.tensor;
      node.attributes.push_back({attribute.name, tensor.value
                                                     ? AttributeValue(*tensor.value)
                                                     : AttributeValue(tensor.tensor_name)});
    } else if (attribute.value) {
      node.attributes.push_back({attribute.name, *attribute.value});
    }
  }
  SortAttributes(node.attributes);
  return Ok();
}

Result<NetworkNode> GraphBuilder::MakeNode(const OnnxGraphNode& from,
                                           std::vector<std::uint32_t>& reads) {
  NetworkNode node;
  node.name = node.original_name = from.name;
  node.op = from.op;
  node.domain = from.domain;
  for (const std::string& name : from.inputs) {
    NetworkOperand operand;
    if (!name.empty()) {
      DLV_ASSIGN(operand, Find(name, from.offset, Shown(from)));
    }
    if (operand.kind == OperandKind::kNode) reads.push_back(operand.index);
    node.operands.push_back(std::move(operand));
  }
  while (!node.operands.empty() && node.operands.back().kind == OperandKind::kAbsent) {
    node.operands.pop_back();
  }
  for (const std::string& name : from.outputs) {
    const auto declared = declared_.find(name);
    NetworkValue value = declared == declared_.end() ? NetworkValue() : *declared->second;
    value.name = CleanName(name);
    node.outputs.push_back(std::move(value));
  }
  if (node.outputs.empty()) node.outputs.emplace_back();
  DLV_TRY(AddAttributes(from, node, reads));
  return node;
}

Status GraphBuilder::TakeOutputs() {
  for (const NetworkValue& output : graph_.outputs) {
    if (output.name.empty()) continue;
    DLV_ASSIGN(NetworkOperand operand, Find(output.name, graph_.offset, "an output"));
    if (operand.kind == OperandKind::kOuter) {
      NetworkNode node;
      node.op = "Identity";
      node.operands.push_back(std::move(operand));
      node.outputs.push_back({CleanName(output.name), output.dtype, output.shape});
      operand = {OperandKind::kNode, static_cast<std::uint32_t>(network_.nodes.size()), 0, {}};
      network_.nodes.push_back(std::move(node));
    }
    network_.outputs.push_back({CleanName(output.name), std::move(operand)});
  }
  return Ok();
}

Status GraphBuilder::PutInOrder(const std::vector<std::vector<std::uint32_t>>& reads) {
  const std::vector<std::uint32_t> order = OrderNodes(reads);
  if (order.size() < reads.size()) {
    std::vector<char> placed(reads.size(), 0);
    for (const std::uint32_t node : order) placed[node] = 1;
    const auto stuck = std::find(placed.begin(), placed.end(), 0) - placed.begin();
    const OnnxGraphNode& node = *nodes_[static_cast<std::size_t>(stuck)];
    return Bad(node.offset, "a cycle through or before " + Shown(node));
  }
  std::vector<std::uint32_t> place_of(order.size());
  std::vector<NetworkNode> sorted;
  sorted.reserve(order.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    place_of[order[place]] = place;
    sorted.push_back(std::move(network_.nodes[order[place]]));
  }
  network_.nodes = std::move(sorted);
  const auto follow = [&](NetworkOperand& operand) {
    if (operand.kind == OperandKind::kNode) operand.index = place_of[operand.index];
  };
  for (NetworkNode& node : network_.nodes) {
    for (NetworkOperand& operand : node.operands) follow(operand);
  }
  for (auto& [name, operand] : values_) follow(operand);
  return Ok();
}

Result<Network> GraphBuilder::Build() {
  network_.name = graph_.name;
  for (const auto* list : {&graph_.outputs, &graph_.values}) {
    for (const NetworkValue& value : *list) declared_.emplace(value.name, &value);
  }
  DLV_TRY(TakeInputs());
  TakeInitializers();
  DLV_TRY(TakeNodes());
  std::vector<std::vector<std::uint32_t>> reads(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    DLV_ASSIGN(NetworkNode node, MakeNode(*nodes_[i], reads[i]));
    network_.nodes.push_back(std::move(node));
  }
  DLV_TRY(PutInOrder(reads));
  DLV_TRY(TakeOutputs());
  return std::move(network_);
}

}  // namespace

Result<Network> ReadOnnxNetwork(const io::ByteSource& file) {
  DLV_ASSIGN(const OnnxModelGraph model, ReadOnnxGraph(file));
  NetworkBudget budget("onnx");
  DLV_ASSIGN(Network network, GraphBuilder(model.graph, nullptr, budget).Build());
  network.operator_sets = model.operator_sets;
  return network;
}

}  // namespace dlv::interchange
