#include "engine/network/edit.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/network_diff.h"
#include "engine/network/normalise.h"
#include "engine/network/normalise_parts.h"
#include "engine/network/outer_names.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

Error BadEdit(const std::string& why) {
  return Error{ErrorCode::kInvalidArgument, "construct: " + why};
}
Error EditConflict(const std::string& why) {
  return Error{ErrorCode::kConflict, "construct: " + why};
}

bool SameTemplate(const NodeTemplate& a, const NodeTemplate& b) {
  const auto same = [](const NetworkAttribute& one, const NetworkAttribute& other) {
    return one.name == other.name && AttributeText(one.value) == AttributeText(other.value);
  };
  return a.family == b.family && a.kind == b.kind && a.kernel == b.kernel &&
         std::equal(a.properties.begin(), a.properties.end(), b.properties.begin(),
                    b.properties.end(), same);
}

/// The type of the one output of a node behind a value.
Result<NetworkValue> TypeBehind(const MadeNode& made, const NetworkValue& value) {
  Network alone;
  alone.inputs.push_back({"x", value.dtype, value.shape});
  alone.parameters = made.parameters;
  alone.nodes.push_back(made.node);
  alone.nodes[0].operands[made.data_operand] = {OperandKind::kInput, 0, 0, {}};
  DLV_TRY(InferShapes(alone));
  return alone.nodes[0].outputs[0];
}

class Editor {
 public:
  explicit Editor(const Network& network)
      : network_(network), dependence_(DependenceOf(network)), inserts_(network.nodes.size()) {}

  Result<EditResult> Run(const std::vector<EditAction>& actions) {
    CollectReads();
    for (const EditAction& action : actions) {
      if (const auto* insert = std::get_if<InsertAction>(&action)) DLV_TRY(AddInsert(*insert));
      if (const auto* removal = std::get_if<DeleteAction>(&action)) DLV_TRY(AddDelete(*removal));
    }
    DLV_TRY(CheckTogether());
    result_.network.name = network_.name;
    result_.network.operator_sets = network_.operator_sets;
    result_.network.inputs = network_.inputs;
    result_.network.parameters = network_.parameters;
    result_.network.constants = network_.constants;
    DLV_TRY(Build());
    Rewire();
    return Finish();
  }

 private:
  struct Planned {
    InsertAction action;
    std::uint32_t port = 0;
    std::uint32_t place = 0;  ///< in the result
  };

  std::string Text(NodeIndex node) const { return Describe(network_, node); }

  // ---- what is asked for

  /// Outputs that nodes, subgraphs or the network's outputs read.
  void CollectReads() {
    const auto add = [&](const NetworkOperand& operand) {
      if (operand.kind == OperandKind::kNode) reads_.emplace(operand.index, operand.port);
    };
    std::set<std::string> outer;
    for (const NetworkOutput& output : network_.outputs) add(output.source);
    for (const NetworkNode& node : network_.nodes) {
      std::for_each(node.operands.begin(), node.operands.end(), add);
      for (std::string& name : OuterNames(node)) outer.insert(std::move(name));
    }
    for (NodeIndex i = 0; i < network_.nodes.size() && !outer.empty(); ++i) {
      const auto& outputs = network_.nodes[i].outputs;
      for (std::uint32_t port = 0; port < outputs.size(); ++port) {
        if (outer.contains(outputs[port].name)) reads_.emplace(i, port);
      }
    }
  }
  std::vector<std::uint32_t> PortsInUse(NodeIndex node) const {
    std::vector<std::uint32_t> ports;
    for (std::uint32_t port = 0; port < network_.nodes[node].outputs.size(); ++port) {
      if (reads_.contains({node, port})) ports.push_back(port);
    }
    return ports;
  }

  Result<std::uint32_t> PortOf(const InsertAction& action) const {
    const std::size_t count = network_.nodes[action.node].outputs.size();
    if (action.port && *action.port >= count) {
      return BadEdit("node " + Text(action.node) + " has no output " +
                     std::to_string(*action.port) + ", it has " + std::to_string(count));
    }
    if (action.port) return *action.port;
    const auto used = count > 1 ? PortsInUse(action.node) : std::vector<std::uint32_t>();
    if (used.size() > 1) {
      return BadEdit("node " + Text(action.node) + " has " + std::to_string(used.size()) +
                     " outputs in use: say which, .out[0] to .out[" + std::to_string(count - 1) +
                     "]");
    }
    return used.empty() ? 0 : used[0];
  }

  Status AddInsert(const InsertAction& action) {
    DLV_ASSIGN(const std::uint32_t port, PortOf(action));
    const auto [at, added] = by_name_.emplace(action.name, std::pair(action.node, port));
    if (!added) {
      if (at->second != std::pair(action.node, port)) {
        return EditConflict("the name " + action.name + " is wanted for a node behind " +
                            Text(at->second.first) + " and for one behind " + Text(action.node));
      }
      for (const Planned& other : inserts_[action.node]) {
        if (other.action.name == action.name && !SameTemplate(other.action.made, action.made)) {
          return EditConflict("two different nodes with the name " + action.name +
                              " are wanted behind " + Text(action.node));
        }
      }
      return Ok();  // the same once more
    }
    inserts_[action.node].push_back({action, port, 0});
    return Ok();
  }

  Status AddDelete(const DeleteAction& action) {
    const auto [at, added] = deletes_.emplace(action.node, action.keep);
    if (!added && at->second != action.keep) {
      const auto keep = [](const std::optional<std::uint32_t>& one) {
        return one ? "keep " + std::to_string(*one) : std::string("no keep");
      };
      return BadEdit("node " + Text(action.node) + " is deleted with " + keep(at->second) +
                     " and with " + keep(action.keep));
    }
    return Ok();
  }

  Status CheckTogether() {
    std::unordered_map<std::string_view, NodeIndex> names;
    for (NodeIndex i = 0; i < network_.nodes.size(); ++i) names.emplace(network_.nodes[i].name, i);
    for (const auto& [name, place] : by_name_) {
      const auto taken = names.find(name);
      if (taken != names.end() && !deletes_.contains(taken->second)) {
        return EditConflict("the name " + name + " of the node to insert behind " +
                            Text(place.first) + " is taken by " + Text(taken->second));
      }
      if (deletes_.contains(place.first)) {
        return BadEdit("node " + Text(place.first) + " is deleted, and " + name +
                       " is to be inserted behind it");
      }
    }
    for (const auto& [node, keep] : deletes_) {
      DLV_ASSIGN(const NetworkOperand operand, Bypass(node, keep));
      bypass_.emplace(node, operand);
    }
    return Ok();
  }

  // ---- deleting

  bool CarriesData(const NetworkOperand& operand) const {
    if (operand.kind == OperandKind::kNode) return dependence_[operand.index] == Dependence::kData;
    return operand.kind == OperandKind::kInput || operand.kind == OperandKind::kOuter;
  }

  /// The operand that takes the place of a deleted node's output.
  Result<NetworkOperand> Bypass(NodeIndex node, const std::optional<std::uint32_t>& keep) const {
    std::vector<NetworkOperand> data;
    for (const NetworkOperand& operand : network_.nodes[node].operands) {
      if (CarriesData(operand)) data.push_back(operand);
    }
    const std::string who = "cannot delete " + Text(node) + ": ";
    if (data.empty()) return BadEdit(who + "it has no data input to take its place");
    if (keep && *keep >= data.size()) {
      return BadEdit(who + "keep " + std::to_string(*keep) + ", it has " +
                     std::to_string(data.size()) + " data inputs");
    }
    const auto used = PortsInUse(node);
    if (used.size() > 1)
      return BadEdit(who + std::to_string(used.size()) + " of its outputs are in use");
    if (keep) return data[*keep];
    if (data.size() > 1) {
      std::string names;
      for (const NetworkOperand& one : data)
        names += (names.empty() ? "" : ", ") + OperandText(network_, one);
      return BadEdit(who + "it has " + std::to_string(data.size()) + " data inputs (" + names +
                     "); say which stays with keep 0 to " + std::to_string(data.size() - 1));
    }
    const ValueType in = TypeOf(network_, data[0]);
    const NetworkValue& out = network_.nodes[node].outputs[used.empty() ? 0 : used[0]];
    if (!in.shape || in.shape != out.shape || in.dtype != out.dtype) {
      return BadEdit(who + "it turns " + ShapeText(in.shape) + " of " +
                     OperandText(network_, data[0]) + " into " + ShapeText(out.shape) +
                     "; keep 0 deletes it all the same");
    }
    return data[0];
  }

  // ---- building

  Status Build() {
    places_.resize(network_.nodes.size());
    for (NodeIndex i = 0; i < network_.nodes.size(); ++i) {
      if (deletes_.contains(i)) {
        result_.notes.push_back("deleted " + Text(i));
        continue;
      }
      places_[i] = static_cast<std::uint32_t>(result_.network.nodes.size());
      result_.network.nodes.push_back(network_.nodes[i]);
      std::map<std::uint32_t, NetworkOperand> ends;  // by port: what the next one reads
      std::map<std::uint32_t, NetworkValue> types;
      for (Planned& planned : inserts_[i]) {
        ends.try_emplace(planned.port,
                         NetworkOperand{OperandKind::kNode, places_[i], planned.port, {}});
        types.try_emplace(planned.port, network_.nodes[i].outputs[planned.port]);
        DLV_TRY(Insert(i, planned, ends[planned.port], types[planned.port]));
      }
      for (const auto& [port, end] : ends) moved_[{i, port}] = end;
    }
    return Ok();
  }

  Status Insert(NodeIndex anchor, Planned& planned, NetworkOperand& end, NetworkValue& type) {
    Network& made_in = result_.network;
    DLV_ASSIGN(MadeNode made, MakeNode(planned.action.made, planned.action.name, type));
    DLV_ASSIGN(type, TypeBehind(made, type));
    for (const NetworkParameter& parameter : made.parameters) {
      for (const NetworkParameter& there : made_in.parameters) {
        if (there.name == parameter.name) {
          return EditConflict("the parameter " + parameter.name + " of the node to insert behind " +
                              Text(anchor) + " is there already");
        }
      }
    }
    const auto first = static_cast<std::uint32_t>(made_in.parameters.size());
    for (NetworkOperand& operand : made.node.operands) {
      if (operand.kind == OperandKind::kParameter) operand.index += first;
    }
    made.node.operands[made.data_operand] = end;
    made.node.outputs[0].name = FreeValueName(made.node.name);
    made_in.parameters.insert(made_in.parameters.end(), made.parameters.begin(),
                              made.parameters.end());
    planned.place = static_cast<std::uint32_t>(made_in.nodes.size());
    end = {OperandKind::kNode, planned.place, 0, {}};
    result_.notes.push_back("inserted " + made.node.name + " (" + made.node.op + ") behind " +
                            network_.nodes[anchor].name);
    made_in.nodes.push_back(std::move(made.node));
    inserted_.insert(planned.place);
    return Ok();
  }

  /// Subgraphs read values by name, so a new one must not hide another.
  std::string FreeValueName(const std::string& base) {
    if (values_.empty()) {
      for (const NetworkNode& node : network_.nodes) {
        for (const NetworkValue& output : node.outputs) values_.insert(output.name);
      }
      for (const NetworkValue& input : network_.inputs) values_.insert(input.name);
      for (const NetworkParameter& parameter : network_.parameters) values_.insert(parameter.name);
    }
    std::string name = base;
    for (int i = 2; !values_.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    return name;
  }

  /// Where a value of the original network now is, in the result.
  NetworkOperand Now(NetworkOperand operand) const {
    while (operand.kind == OperandKind::kNode) {
      const auto bypassed = bypass_.find(operand.index);
      if (bypassed == bypass_.end()) break;
      operand = bypassed->second;
    }
    if (operand.kind != OperandKind::kNode) return operand;
    const auto moved = moved_.find({operand.index, operand.port});
    if (moved != moved_.end()) return moved->second;
    operand.index = places_[operand.index];
    return operand;
  }

  void Rewire() {
    Network& made = result_.network;
    std::vector<bool> stale(made.nodes.size());
    for (std::uint32_t i = 0; i < made.nodes.size(); ++i) {
      NetworkNode& node = made.nodes[i];
      bool touched = inserted_.contains(i);
      if (!touched) {
        for (NetworkOperand& operand : node.operands) {
          const NetworkOperand now = Now(operand);
          touched = touched || IsElsewhere(operand, now);
          operand = now;
        }
        touched = RewireBodies(node) || touched;
      }
      for (const NetworkOperand& operand : node.operands) {
        if (operand.kind == OperandKind::kNode && stale[operand.index]) touched = true;
      }
      stale[i] = touched;
      // What was inferred or declared before may not be true any more.
      for (NetworkValue& output : node.outputs) {
        if (touched) output.shape.reset();
      }
    }
    for (NetworkOutput output : network_.outputs) {
      output.source = Now(output.source);
      made.outputs.push_back(std::move(output));
    }
  }

  bool IsElsewhere(const NetworkOperand& before, const NetworkOperand& now) const {
    if (before.kind != OperandKind::kNode) return false;
    return bypass_.contains(before.index) || moved_.contains({before.index, before.port}) ||
           now.kind != OperandKind::kNode;
  }

  bool RewireBodies(NetworkNode& node) {
    bool touched = false;
    for (const std::string& name : OuterNames(node)) {
      for (NodeIndex i = 0; i < network_.nodes.size(); ++i) {
        const auto& outputs = network_.nodes[i].outputs;
        for (std::uint32_t port = 0; port < outputs.size(); ++port) {
          const bool elsewhere = bypass_.contains(i) || moved_.contains({i, port});
          if (outputs[port].name != name || !elsewhere) continue;
          RenameOuter(node, name, NameOf(Now({OperandKind::kNode, i, port, {}})));
          touched = true;
        }
      }
    }
    return touched;
  }

  std::string NameOf(const NetworkOperand& operand) {
    if (operand.kind == OperandKind::kInput) return network_.inputs[operand.index].name;
    if (operand.kind == OperandKind::kOuter) return operand.name;
    NetworkNode& node = result_.network.nodes[operand.index];
    std::string& name = node.outputs[operand.port].name;
    if (name.empty()) name = FreeValueName(node.name);
    return name;
  }

  Result<EditResult> Finish() {
    Network& made = result_.network;
    std::vector<std::vector<NetworkOperand>> none;
    for (const NetworkNode& node : made.nodes) none.emplace_back(node.outputs.size());
    Compact(made, none);
    const Status shapes = InferShapes(made);
    if (!shapes.ok()) return BadEdit("the result does not fit together: " + shapes.error().message);
    DLV_TRY(CheckNetwork(made));
    return std::move(result_);
  }

  const Network& network_;
  std::vector<Dependence> dependence_;
  std::vector<std::vector<Planned>> inserts_;  ///< by node, in the order given
  std::map<NodeIndex, std::optional<std::uint32_t>> deletes_;
  std::map<NodeIndex, NetworkOperand> bypass_;
  std::set<std::pair<NodeIndex, std::uint32_t>> reads_;
  std::map<std::string, std::pair<NodeIndex, std::uint32_t>> by_name_;
  std::map<std::pair<NodeIndex, std::uint32_t>, NetworkOperand> moved_;
  std::vector<std::uint32_t> places_;
  std::set<std::uint32_t> inserted_;
  std::set<std::string> values_;
  EditResult result_;
};

}  // namespace

Result<EditResult> ApplyEdits(const Network& network, const std::vector<EditAction>& actions) {
  return Editor(network).Run(actions);
}

}  // namespace dlv::network
