#include "python/src/networks.h"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "dlv/network_text.h"
#include "dlv/repository.h"
#include "python/src/long_call.h"

namespace dlv::python {
namespace {

namespace py = pybind11;
using NetworkPointer = std::shared_ptr<const Network>;

/// A node, and the network that its operands are named by.
struct Node {
  NetworkPointer network;
  std::size_t index = 0;
  const NetworkNode& value() const { return network->nodes[index]; }
};

/// A network as a class of Python: a holder, since pybind11 shares no constants.
struct NetworkHandle {
  NetworkPointer network;
};

/// A version's network, with what the report says beside.
struct VersionNetwork : NetworkHandle {
  explicit VersionNetwork(NetworkReport made)
      : report(std::make_shared<NetworkReport>(std::move(made))) {
    network = NetworkPointer(report, &report->network);
  }
  std::shared_ptr<NetworkReport> report;
};

py::object ShapeObject(const std::optional<NetworkShape>& shape) {
  if (!shape) return py::none();
  py::tuple sizes(shape->size());
  for (std::size_t i = 0; i < shape->size(); ++i)
    sizes[i] = (*shape)[i] == kUnknownSize ? py::object(py::none()) : py::int_((*shape)[i]);
  return sizes;
}

py::object DTypeObject(const std::optional<DType>& dtype) {
  return dtype ? py::object(py::str(std::string(NameOf(*dtype)))) : py::object(py::none());
}

py::tuple ValueTuple(const NetworkValue& value) {
  return py::make_tuple(value.name, DTypeObject(value.dtype), ShapeObject(value.shape));
}

/// The name of what an operand reads; "conv:1" is the second output of a node.
std::string OperandName(const Network& network, const NetworkOperand& operand) {
  const auto named = [&](const auto& list) {
    return operand.index < list.size() ? list[operand.index].name : std::string();
  };
  switch (operand.kind) {
    case OperandKind::kNode:
      return named(network.nodes) + (operand.port > 0 ? ":" + std::to_string(operand.port) : "");
    case OperandKind::kInput:
      return named(network.inputs);
    case OperandKind::kParameter:
      return named(network.parameters);
    case OperandKind::kOuter:
      return operand.name;
    case OperandKind::kConstant:
    case OperandKind::kAbsent:
      break;
  }
  return "";
}

bool IsParameter(const NetworkOperand& operand) { return operand.kind == OperandKind::kParameter; }

std::vector<std::string> OperandNames(const Node& node, bool parameters) {
  std::vector<std::string> names;
  for (const NetworkOperand& operand : node.value().operands) {
    std::string name = OperandName(*node.network, operand);
    if (IsParameter(operand) == parameters && !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

py::object AttributeObject(const AttributeValue& value) {
  if (const auto* constant = std::get_if<NetworkConstant>(&value))
    return py::make_tuple(
        std::string(NameOf(constant->dtype)), ShapeObject(constant->shape),
        py::bytes(reinterpret_cast<const char*>(constant->bytes.data()), constant->bytes.size()));
  if (const auto* network = std::get_if<NetworkPointer>(&value)) return NetworkObject(*network);
  return std::visit(
      [](const auto& plain) -> py::object {
        using Plain = std::decay_t<decltype(plain)>;
        if constexpr (std::is_same_v<Plain, NetworkConstant> ||
                      std::is_same_v<Plain, NetworkPointer>) {
          return py::none();
        } else {
          return py::cast(plain);
        }
      },
      value);
}

py::dict AttributesOf(const Node& node) {
  py::dict attributes;
  for (const NetworkAttribute& attribute : node.value().attributes)
    attributes[py::str(attribute.name)] = AttributeObject(attribute.value);
  return attributes;
}

std::vector<Node> NodesOf(const NetworkPointer& network) {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < network->nodes.size(); ++i) nodes.push_back({network, i});
  return nodes;
}

Node NodeNamed(const NetworkHandle& self, const std::string& name) {
  for (std::size_t i = 0; i < self.network->nodes.size(); ++i) {
    if (self.network->nodes[i].name == name) return {self.network, i};
  }
  throw py::key_error(name);
}

py::list InputsOf(const NetworkPointer& network) {
  py::list inputs;
  for (const NetworkValue& input : network->inputs) inputs.append(ValueTuple(input));
  return inputs;
}

py::list ParametersOf(const NetworkPointer& network) {
  py::list parameters;
  for (const NetworkParameter& parameter : network->parameters)
    parameters.append(
        py::make_tuple(parameter.name, DTypeObject(parameter.dtype), ShapeObject(parameter.shape)));
  return parameters;
}

py::list OutputsOf(const NetworkPointer& network) {
  py::list outputs;
  for (const NetworkOutput& output : network->outputs)
    outputs.append(py::make_tuple(output.name, OperandName(*network, output.source)));
  return outputs;
}

const char* NameOfMatch(ParameterMatch match) {
  switch (match) {
    case ParameterMatch::kName:
      return "name";
    case ParameterMatch::kContent:
      return "content";
    case ParameterMatch::kGuess:
      return "guess";
    case ParameterMatch::kDerived:
      return "derived";
    case ParameterMatch::kNone:
      break;
  }
  return "none";
}

py::list BindingsOf(const VersionNetwork& self) {
  py::list bindings;
  for (const ParameterBinding& binding : self.report->bindings)
    bindings.append(py::make_tuple(binding.parameter, binding.tensor, NameOfMatch(binding.match)));
  return bindings;
}

py::list ChangesOf(const std::vector<NodeChange>& changes) {
  py::list list;
  for (const NodeChange& change : changes)
    list.append(py::make_tuple(change.before, change.after, change.differences));
  return list;
}

void DefineGraph(py::module_& module) {
  py::class_<NetworkHandle>(module, "Network", "A network: nodes, and what flows between them.")
      .def_property_readonly("name", [](const NetworkHandle& self) { return self.network->name; })
      .def_property_readonly("nodes",
                             [](const NetworkHandle& self) { return NodesOf(self.network); })
      .def_property_readonly("inputs",
                             [](const NetworkHandle& self) { return InputsOf(self.network); })
      .def_property_readonly("outputs",
                             [](const NetworkHandle& self) { return OutputsOf(self.network); })
      .def_property_readonly("parameters",
                             [](const NetworkHandle& self) { return ParametersOf(self.network); })
      .def("text", [](const NetworkHandle& self) { return NetworkText(*self.network); })
      .def("dot", [](const NetworkHandle& self) { return NetworkDot(*self.network); })
      .def("__len__", [](const NetworkHandle& self) { return self.network->nodes.size(); })
      .def("__iter__",
           [](const NetworkHandle& self) { return py::iter(py::cast(NodesOf(self.network))); })
      .def("__getitem__", &NodeNamed)
      .def("__repr__", [](const NetworkHandle& self) {
        return "<dlv.Network " + std::to_string(self.network->nodes.size()) + " nodes>";
      });
}

void DefineNodes(py::module_& module) {
  py::class_<Node>(module, "NetworkNode", "A node of a network.")
      .def_property_readonly("name", [](const Node& self) { return self.value().name; })
      .def_property_readonly("op", [](const Node& self) { return self.value().op; })
      .def_property_readonly("domain", [](const Node& self) { return self.value().domain; })
      .def_property_readonly("original_name",
                             [](const Node& self) { return self.value().original_name; })
      .def_property_readonly("attributes", &AttributesOf)
      .def_property_readonly("inputs", [](const Node& self) { return OperandNames(self, false); })
      .def_property_readonly("parameters",
                             [](const Node& self) { return OperandNames(self, true); })
      .def_property_readonly("outputs",
                             [](const Node& self) {
                               py::list outputs;
                               for (const NetworkValue& output : self.value().outputs)
                                 outputs.append(ValueTuple(output));
                               return outputs;
                             })
      .def_property_readonly("shape",
                             [](const Node& self) -> py::object {
                               const auto& outputs = self.value().outputs;
                               return outputs.empty() ? py::none() : ShapeObject(outputs[0].shape);
                             })
      .def("__repr__", [](const Node& self) {
        return "<dlv.NetworkNode " + self.value().name + " " + self.value().op + ">";
      });
}

}  // namespace

py::object NetworkObject(std::shared_ptr<const Network> network) {
  return py::cast(NetworkHandle{std::move(network)});
}

void DefineNetworks(py::module_& module) {
  DefineNodes(module);
  DefineGraph(module);
  py::class_<VersionNetwork, NetworkHandle>(module, "VersionNetwork", "The network of a version.")
      .def_property_readonly("id", [](const VersionNetwork& self) { return self.report->id.Hex(); })
      .def_property_readonly("file", [](const VersionNetwork& self) { return self.report->file; })
      .def_property_readonly("bindings", &BindingsOf)
      .def_property_readonly("unused_tensors",
                             [](const VersionNetwork& self) { return self.report->unused_tensors; })
      .def_property_readonly("warnings",
                             [](const VersionNetwork& self) { return self.report->warnings; });
  py::class_<NetworkDiff>(module, "NetworkDiff", "What differs between two networks.")
      .def_readonly("added", &NetworkDiff::added)
      .def_readonly("removed", &NetworkDiff::removed)
      .def_property_readonly("changed",
                             [](const NetworkDiff& self) { return ChangesOf(self.changed); })
      .def_property_readonly("renamed",
                             [](const NetworkDiff& self) { return ChangesOf(self.renamed); })
      .def_readonly("same", &NetworkDiff::same)
      .def_property_readonly("identical", &NetworkDiff::identical);
  module.def("read_network", [](const Repository& repository, const std::string& reference) {
    return VersionNetwork(Unlocked([&] { return repository.ReadNetwork(reference); }));
  });
  module.def("diff_networks",
             [](const Repository& repository, const std::string& before, const std::string& after) {
               return Unlocked([&] { return repository.DiffNetworks(before, after); });
             });
}

}  // namespace dlv::python
