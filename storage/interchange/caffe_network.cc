#include "storage/interchange/caffe_network.h"

#include <algorithm>
#include <unordered_set>

#include "storage/interchange/caffe_kinds.h"
#include "storage/interchange/caffe_tree.h"
#include "storage/interchange/network_file.h"
#include "storage/interchange/side_readers.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

// Of the operators that layers become, as MakeCaffeNode writes their attributes.
constexpr std::int64_t kOperatorSet = 11;

class CaffeBuilder {
 public:
  CaffeBuilder(const Tree& tree, std::string_view phase)
      : tree_(tree), phase_(phase), budget_("caffe") {}

  Result<Network> Run() {
    const CaffeFields net(tree_, &tree_.top());
    network_.name = CleanName(net.Text("name"));
    network_.operator_sets = {{"", kOperatorSet}, {std::string(kCaffeDomain), 1}};
    DLV_TRY(TakeInputs(net));
    for (const CaffeLayer& layer : CaffeLayersOf(tree_, phase_)) DLV_TRY(TakeLayer(layer));
    for (const std::string& name : order_) {
      const CaffeValue& value = values_.at(name);
      if (!value.is_read && value.operand.kind == OperandKind::kNode) {
        network_.outputs.push_back({CleanName(name), value.operand});
      }
    }
    return std::move(network_);
  }

 private:
  Status TakeInputs(const CaffeFields& net) {
    const std::vector<std::int64_t> dims = net.Integers("input_dim");
    const std::vector<CaffeFields> shapes = net.Messages("input_shape");
    std::size_t place = 0;
    for (const std::string& name : net.Texts("input")) {
      CaffeShape shape;
      if (place < shapes.size()) {
        shape = shapes[place].Integers("dim");
      } else if (dims.size() >= 4 * (place + 1)) {
        const auto first = dims.begin() + static_cast<std::ptrdiff_t>(4 * place);
        shape = NetworkShape(first, first + 4);
      }
      DLV_TRY(AddInput(name, std::move(shape)));
      ++place;
    }
    return Ok();
  }

  Status AddInput(const std::string& name, CaffeShape shape) {
    DLV_TRY(budget_.AddNode());
    Clamp(shape);
    const auto index = static_cast<std::uint32_t>(network_.inputs.size());
    network_.inputs.push_back({CleanName(name), DType::kF32, shape});
    Set(name, {{OperandKind::kInput, index, 0, {}}, std::move(shape), false});
    return Ok();
  }

  /// Sizes that cannot be are not known. What remains can be multiplied by a stride.
  static void Clamp(CaffeShape& shape) {
    constexpr std::int64_t kMaxSize = std::int64_t{1} << 36;
    if (!shape) return;
    for (std::int64_t& size : *shape) size = size < 1 || size > kMaxSize ? kUnknownSize : size;
  }

  void Set(const std::string& name, CaffeValue value) {
    if (values_.insert_or_assign(name, std::move(value)).second) order_.push_back(name);
  }

  Result<CaffeValue*> Find(const std::string& name, const CaffeLayer& layer) {
    DLV_TRY(budget_.AddEdge());
    const auto found = values_.find(name);
    if (found != values_.end()) return &found->second;
    return Error{ErrorCode::kCorruption, "caffe, layer '" + Printable(layer.name) + "': reads '" +
                                             Printable(name) + "', which no layer before it makes"};
  }

  Status TakeLayer(const CaffeLayer& layer) {
    if (IsCaffeInput(layer)) {
      const std::vector<CaffeShape> shapes = CaffeInputShapes(layer);
      for (std::size_t i = 0; i < layer.tops.size(); ++i) {
        DLV_TRY(AddInput(layer.tops[i], i < shapes.size() ? shapes[i] : std::nullopt));
      }
      return Ok();
    }
    if (layer.type == "Split") return Alias(layer);
    if (layer.tops.empty()) {  // Silence, HDF5Output: nothing comes of it
      for (const std::string& name : layer.bottoms) {
        DLV_ASSIGN(CaffeValue * value, Find(name, layer));
        value->is_read = true;
      }
      return Ok();
    }
    return AddLayer(layer);
  }

  /// A layer that Caffe puts in where a blob is read more than once.
  Status Alias(const CaffeLayer& layer) {
    if (layer.bottoms.size() != 1) {
      return Error{ErrorCode::kCorruption, "caffe, layer '" + Printable(layer.name) + "': splits " +
                                               std::to_string(layer.bottoms.size()) +
                                               " blobs, want 1"};
    }
    DLV_ASSIGN(CaffeValue * value, Find(layer.bottoms[0], layer));
    const CaffeValue copy = {value->operand, value->shape, false};
    value->is_read = true;
    for (const std::string& top : layer.tops) {
      DLV_TRY(budget_.AddEdge());
      Set(top, copy);
    }
    return Ok();
  }

  Status AddLayer(const CaffeLayer& layer) {
    DLV_TRY(budget_.AddNode());
    std::vector<CaffeShape> shapes;
    std::vector<NetworkOperand> operands;
    for (const std::string& name : layer.bottoms) {
      DLV_ASSIGN(CaffeValue * value, Find(name, layer));
      value->is_read = true;
      shapes.push_back(value->shape);
      operands.push_back(value->operand);
    }
    CaffeNode made = MakeCaffeNode(layer, shapes);
    if (made.flatten_before && !operands.empty()) operands[0] = AddFlatten(layer, operands[0]);
    NetworkNode node;
    node.name = node.original_name = layer.name;
    node.op = CleanName(made.op);
    node.domain = made.domain;
    node.attributes = std::move(made.attributes);
    for (NetworkAttribute& rate : CaffeRates(layer.fields)) {
      node.attributes.push_back(std::move(rate));
    }
    SortAttributes(node.attributes);
    DLV_TRY(budget_.AddBytes(64 * node.attributes.size() + layer.name.size()));
    node.operands = std::move(operands);
    AddParameters(layer, made, node);
    return AddTops(layer, made, std::move(node));
  }

  /// Caffe multiplies whatever it is given as a matrix.
  NetworkOperand AddFlatten(const CaffeLayer& layer, const NetworkOperand& input) {
    NetworkNode node;
    node.name = node.original_name = layer.name + "_flatten";
    node.op = "Flatten";
    node.attributes.push_back({"axis", std::int64_t{1}});
    node.operands.push_back(input);
    node.outputs.push_back({node.name, DType::kF32, std::nullopt});
    network_.nodes.push_back(std::move(node));
    return {OperandKind::kNode, static_cast<std::uint32_t>(network_.nodes.size() - 1), 0, {}};
  }

  /// Blobs that the file holds say more than what the layer's kind has.
  void AddParameters(const CaffeLayer& layer, const CaffeNode& made, NetworkNode& node) {
    std::vector<CaffeNode::Parameter> parameters = made.parameters;
    const std::vector<CaffeFields> blobs = layer.fields.Messages("blobs");
    for (std::size_t i = 0; i < blobs.size(); ++i) {
      const NetworkShape shape = blobs[i].Message("shape").Integers("dim");
      const auto known = std::find_if(parameters.begin(), parameters.end(),
                                      [&](const auto& parameter) { return parameter.place == i; });
      if (known == parameters.end()) {
        parameters.push_back({i, shape.empty() ? CaffeShape() : CaffeShape(shape)});
      } else if (!known->shape || shape.size() == known->shape->size()) {
        known->shape = shape;
      }
    }
    const CaffeKind* kind = CaffeKindOf(layer.type, 0);
    for (const CaffeNode::Parameter& parameter : parameters) {
      std::string name = CaffeBlobName(kind, layer.name, parameter.place);
      const unsigned uses = ++names_[name];
      if (uses > 1) name += "~" + std::to_string(uses);
      const auto index = static_cast<std::uint32_t>(network_.parameters.size());
      CaffeShape shape = parameter.shape;
      Clamp(shape);
      network_.parameters.push_back({std::move(name), DType::kF32, std::move(shape), {}});
      node.operands.push_back({OperandKind::kParameter, index, 0, {}});
    }
  }

  /// A layer may write over what it reads; its output then goes by the layer's name.
  Status AddTops(const CaffeLayer& layer, const CaffeNode& made, NetworkNode node) {
    const auto index = static_cast<std::uint32_t>(network_.nodes.size());
    for (std::uint32_t port = 0; port < layer.tops.size(); ++port) {
      DLV_TRY(budget_.AddEdge());
      const std::string& top = layer.tops[port];
      CaffeShape shape = port < made.shapes.size() ? made.shapes[port] : std::nullopt;
      Clamp(shape);
      const bool in_place = values_.contains(top);
      std::string name = CleanName(in_place && !layer.name.empty() ? layer.name : top);
      node.outputs.push_back({std::move(name), DType::kF32, shape});
      Set(top, {{OperandKind::kNode, index, port, {}}, shape, false});
    }
    network_.nodes.push_back(std::move(node));
    return Ok();
  }

  const Tree& tree_;
  std::string_view phase_;
  NetworkBudget budget_;
  Network network_;
  std::unordered_map<std::string, CaffeValue> values_;
  std::vector<std::string> order_;
  std::unordered_map<std::string, unsigned> names_;
};

bool HasWiring(const Tree& tree) {
  const CaffeFields net(tree, &tree.top());
  for (const char* key : {"layer", "layers"}) {
    for (const CaffeFields& layer : net.Messages(key)) {
      if (layer.Has("layer")) return false;  // the first generation: weights alone are read
      if (layer.Has("bottom")) return true;
    }
  }
  return false;
}

/// The network in use; of a file that describes training alone, that one.
Result<std::optional<Network>> NetworkOf(const Tree& tree) {
  if (!HasWiring(tree)) return std::optional<Network>();
  Result<Network> network = BuildCaffeNetwork(tree, "TEST");
  if (!network.ok() && network.error().code == ErrorCode::kCorruption) {
    Result<Network> training = BuildCaffeNetwork(tree, "TRAIN");
    if (training.ok()) network = std::move(training);
  }
  if (!network.ok()) return std::move(network).error();
  return std::optional(std::move(network).value());
}

}  // namespace

Result<Network> BuildCaffeNetwork(const Tree& tree, std::string_view phase) {
  return CaffeBuilder(tree, phase).Run();
}

Result<std::optional<Network>> ReadPrototxtNetwork(const io::ByteSource& file) {
  if (file.size() > kMaxNetworkBytes) {
    return Error{ErrorCode::kUnsafe, "prototxt: has " + std::to_string(file.size()) +
                                         " bytes, want at most " +
                                         std::to_string(kMaxNetworkBytes)};
  }
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParsePrototxt(text));
  return NetworkOf(tree);
}

Result<std::optional<Network>> ReadCaffeModelNetwork(const io::ByteSource& file) {
  DLV_ASSIGN(const Tree tree, ReadCaffeTree(file));
  return NetworkOf(tree);
}

}  // namespace dlv::interchange
