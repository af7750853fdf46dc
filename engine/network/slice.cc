#include "engine/network/slice.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/normalise.h"
#include "engine/network/normalise_parts.h"
#include "engine/network/outer_names.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

Error BadSlice(const std::string& why) {
  return Error{ErrorCode::kInvalidArgument, "slice: " + why};
}

class Slicer {
 public:
  Slicer(const Network& network, const SliceRequest& request)
      : network_(network),
        request_(request),
        dependence_(DependenceOf(network)),
        reads_(network),
        ends_(network.nodes.size()),
        kept_(network.nodes.size()) {}

  Result<SliceResult> Run() {
    DLV_TRY(CheckRequest());
    DLV_TRY(ChoosePaths());
    AddAncestors();
    result_.network.name = request_.name;
    result_.network.operator_sets = network_.operator_sets;
    result_.network.parameters = network_.parameters;
    result_.network.constants = network_.constants;
    NumberNodes();
    // The ends first, so that their inputs come before the extra ones.
    kept_.ForEach([&](NodeIndex node) {
      if (ends_.Has(node)) MakeInputs(node);
    });
    kept_.ForEach([&](NodeIndex node) {
      if (!ends_.Has(node)) MakeInputs(node);
    });
    kept_.ForEach([&](NodeIndex node) { CopyNode(node); });
    AddOutputs();
    return Finish();
  }

 private:
  std::string Text(NodeIndex node) const { return Describe(network_, node); }

  Status CheckRequest() {
    if (request_.inputs.empty()) return BadSlice("no node matches the input");
    if (request_.outputs.empty()) return BadSlice("no node matches the output");
    for (const NodePort& output : request_.outputs) {
      const std::size_t count = network_.nodes[output.node].outputs.size();
      if (output.port && *output.port >= count) {
        return BadSlice("node " + Text(output.node) + " has no output " +
                        std::to_string(*output.port) + ", it has " + std::to_string(count));
      }
    }
    for (const NodeIndex node : request_.inputs) ends_.Add(node);
    return Ok();
  }

  /// All nodes that follow an input and come before an output, ends included.
  Status ChoosePaths() {
    const std::size_t count = network_.nodes.size();
    NodeSet after = ends_, before(count);
    for (std::size_t i = 0; i < count; ++i) {
      for (const NodeIndex producer : reads_.Of(i)) {
        if (after.Has(producer)) after.Add(static_cast<NodeIndex>(i));
      }
    }
    for (const NodePort& output : request_.outputs) before.Add(output.node);
    for (std::size_t i = count; i-- > 0;) {
      if (!before.Has(static_cast<NodeIndex>(i))) continue;
      for (const NodeIndex producer : reads_.Of(i)) before.Add(producer);
    }
    for (const NodePort& output : request_.outputs) {
      if (!after.Has(output.node)) {
        return BadSlice("no path from " + Names(request_.inputs) + " to " + Text(output.node));
      }
    }
    for (const NodeIndex input : request_.inputs) {
      if (!before.Has(input)) return BadSlice("no path from " + Text(input) + " to an output");
    }
    kept_ = after;
    kept_ &= before;
    return Ok();
  }

  std::string Names(const std::vector<NodeIndex>& nodes) const {
    std::string text;
    for (std::size_t i = 0; i < nodes.size() && i < 5; ++i)
      text += (i == 0 ? "" : ", ") + Text(nodes[i]);
    return nodes.size() > 5 ? text + ", ..." : text;
  }

  /// Backwards: what computes from weights alone comes along; with closure everything does that an
  /// inner node reads.
  void AddAncestors() {
    for (std::size_t i = network_.nodes.size(); i-- > 0;) {
      const auto node = static_cast<NodeIndex>(i);
      if (!kept_.Has(node)) continue;
      for (const NodeIndex producer : reads_.Of(i)) {
        const bool weights = dependence_[producer] == Dependence::kWeights;
        if (weights || (request_.with_closure && !ends_.Has(node))) kept_.Add(producer);
      }
    }
  }

  void NumberNodes() {
    std::uint32_t next = 0;
    places_.resize(network_.nodes.size());
    kept_.ForEach([&](NodeIndex node) { places_[node] = next++; });
  }

  // ---- inputs

  using Key = std::tuple<OperandKind, std::uint32_t, std::uint32_t>;

  bool NeedsInput(const NetworkOperand& operand) const {
    return operand.kind == OperandKind::kInput ||
           (operand.kind == OperandKind::kNode && !kept_.Has(operand.index));
  }

  void MakeInputs(NodeIndex node) {
    for (const NetworkOperand& operand : network_.nodes[node].operands) {
      if (NeedsInput(operand)) InputFor(operand, node);
    }
    for (const auto& [name, operand] : OuterReads(node)) {
      if (NeedsInput(operand)) InputFor(operand, node);
    }
  }

  /// Values that a node's subgraphs read, as operands.
  std::vector<std::pair<std::string, NetworkOperand>> OuterReads(NodeIndex node) const {
    std::vector<std::pair<std::string, NetworkOperand>> found;
    for (const std::string& name : OuterNames(network_.nodes[node])) {
      for (std::uint32_t i = 0; i < network_.inputs.size(); ++i) {
        if (network_.inputs[i].name == name)
          found.push_back({name, {OperandKind::kInput, i, 0, {}}});
      }
      for (const NodeIndex producer : reads_.Of(node)) {
        const auto& outputs = network_.nodes[producer].outputs;
        for (std::uint32_t port = 0; port < outputs.size(); ++port) {
          if (outputs[port].name == name) {
            found.push_back({name, {OperandKind::kNode, producer, port, {}}});
          }
        }
      }
    }
    return found;
  }

  /// Place among the slice's inputs of a value that is not computed in it.
  std::uint32_t InputFor(const NetworkOperand& operand, NodeIndex reader) {
    const Key key(operand.kind, operand.index, operand.port);
    const auto at = inputs_.find(key);
    if (at != inputs_.end()) return at->second;
    const auto place = static_cast<std::uint32_t>(result_.network.inputs.size());
    inputs_.emplace(key, place);
    const bool input = operand.kind == OperandKind::kInput;
    const NetworkValue& value = input ? network_.inputs[operand.index]
                                      : network_.nodes[operand.index].outputs[operand.port];
    const std::string base =
        input ? value.name
              : network_.nodes[operand.index].name +
                    (operand.port == 0 ? "" : "_" + std::to_string(operand.port));
    const std::string name = Unique(input_names_, base);
    result_.network.inputs.push_back({name, value.dtype, value.shape});
    if (ends_.Has(reader)) return place;
    result_.extra_inputs.push_back(name);
    result_.notes.push_back(name + " became an input: " + network_.nodes[reader].name +
                            " reads it, and it does not follow " + Names(request_.inputs));
    return place;
  }

  static std::string Unique(std::set<std::string>& taken, const std::string& base) {
    std::string name = base;
    for (int i = 2; !taken.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    return name;
  }

  // ---- nodes and outputs

  void CopyNode(NodeIndex place) {
    NetworkNode node = network_.nodes[place];
    for (NetworkOperand& operand : node.operands) {
      if (NeedsInput(operand)) {
        operand = {OperandKind::kInput, InputFor(operand, place), 0, {}};
      } else if (operand.kind == OperandKind::kNode) {
        operand.index = places_[operand.index];
      }
    }
    for (const auto& [name, operand] : OuterReads(place)) {
      if (!NeedsInput(operand)) continue;
      RenameOuter(node, name, result_.network.inputs[InputFor(operand, place)].name);
    }
    result_.network.nodes.push_back(std::move(node));
  }

  bool IsUsed(NodeIndex node, std::uint32_t port) const {
    const auto is = [&](const NetworkOperand& operand) {
      return operand.kind == OperandKind::kNode && operand.index == node && operand.port == port;
    };
    const auto& outputs = network_.outputs;
    const auto& nodes = network_.nodes;
    return std::any_of(outputs.begin(), outputs.end(),
                       [&](const auto& one) { return is(one.source); }) ||
           std::any_of(nodes.begin() + node, nodes.end(), [&](const NetworkNode& one) {
             return std::any_of(one.operands.begin(), one.operands.end(), is);
           });
  }

  void AddOutputs() {
    for (const NodePort& output : request_.outputs) {
      if (output.port) {
        AddOutput(output.node, *output.port);
        continue;
      }
      bool any = false;
      const std::size_t count = network_.nodes[output.node].outputs.size();
      for (std::uint32_t port = 0; port < count && count > 1; ++port) {
        if (!IsUsed(output.node, port)) continue;
        AddOutput(output.node, port);
        any = true;
      }
      if (!any) AddOutput(output.node, 0);
    }
  }

  void AddOutput(NodeIndex node, std::uint32_t port) {
    const NetworkOperand source{OperandKind::kNode, places_[node], port, {}};
    for (const NetworkOutput& there : result_.network.outputs) {
      if (there.source == source) return;
    }
    std::string name = network_.nodes[node].name + (port == 0 ? "" : "_" + std::to_string(port));
    for (const NetworkOutput& output : network_.outputs) {
      if (output.source == NetworkOperand{OperandKind::kNode, node, port, {}}) name = output.name;
    }
    result_.network.outputs.push_back({Unique(output_names_, name), source});
  }

  Result<SliceResult> Finish() {
    Network& made = result_.network;
    std::vector<std::vector<NetworkOperand>> none;
    for (const NetworkNode& node : made.nodes) none.emplace_back(node.outputs.size());
    Compact(made, none);
    const Status shapes = InferShapes(made);
    if (!shapes.ok()) return BadSlice(shapes.error().message);
    DLV_TRY(CheckNetwork(made));
    return std::move(result_);
  }

  const Network& network_;
  const SliceRequest& request_;
  std::vector<Dependence> dependence_;
  Producers reads_;
  NodeSet ends_, kept_;
  std::vector<std::uint32_t> places_;
  std::map<Key, std::uint32_t> inputs_;
  std::set<std::string> input_names_, output_names_;
  SliceResult result_;
};

}  // namespace

Result<SliceResult> Slice(const Network& network, const SliceRequest& request) {
  return Slicer(network, request).Run();
}

}  // namespace dlv::network
