#include "storage/interchange/onnx_graph.h"

#include <algorithm>
#include <bit>
#include <map>

#include "storage/interchange/network_readers.h"
#include "storage/interchange/onnx_proto.h"
#include "storage/interchange/onnx_tensor.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

using namespace onnx;

constexpr std::string_view kWhat = "onnx";
constexpr std::uint64_t kMaxGraphText = 64u << 10;
constexpr std::uint64_t kMaxAttributeText = 16u << 20;
constexpr std::uint64_t kSmallValue = 256;        // as in onnx.cc: below, constants are no tensors
constexpr std::size_t kMaxAttributeParts = 4096;  // tensors, graphs, texts of one attribute

std::string TextOfShape(const std::optional<NetworkShape>& shape) {
  if (!shape) return "";
  std::string text = "[";
  for (const std::int64_t size : *shape) {
    text += (text.size() > 1 ? "," : "") + (size < 0 ? std::string("?") : std::to_string(size));
  }
  return text + "]";
}

class GraphReader {
 public:
  explicit GraphReader(const io::ByteSource& file)
      : file_(file), wire_(file, kWhat), budget_(kWhat) {}

  Result<OnnxModelGraph> Run() {
    OnnxModelGraph model;
    bool has_graph = false;
    WireField field;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) break;
      if (field.type != WireType::kBytes) continue;
      if (field.number == kGraph) {
        has_graph = true;
        model.graph = {};  // of two the last counts, as in every protocol buffer reader
        DLV_TRY(Graph(field, model.graph));
      } else if (field.number == kOpsetImport) {
        DLV_TRY(Opset(field, model));
      } else {
        DLV_TRY(NamesBeside(field));
      }
    }
    if (!has_graph) return wire_.Bad(file_.size(), "the file ends without a graph");
    std::sort(model.operator_sets.begin(), model.operator_sets.end());
    return model;
  }

 private:
  template <class Body>
  Status ForEach(const WireField& field, Body body) {
    DLV_TRY(wire_.Enter(field));
    WireField part;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(part));
      if (!more) break;
      DLV_TRY(body(part));
    }
    return wire_.Leave();
  }

  Result<std::string> Text(const WireField& field, std::uint64_t limit = kMaxGraphText) {
    DLV_TRY(budget_.AddBytes(field.size));
    return wire_.Text(field, limit);
  }

  /// Functions and graphs of a training are not part of the network; their tensors have names that
  /// later ones must not get.
  Status NamesBeside(const WireField& field) {
    if (field.number == kFunctions) {
      return ForEach(field, [&](const WireField& part) -> Status {
        OnnxGraphNode node;
        return part.IsBytes(kFunctionNode) ? Node(part, node) : Ok();
      });
    }
    if (field.number != kTrainingInfo) return Ok();
    return ForEach(field, [&](const WireField& part) -> Status {
      OnnxGraph graph;
      const bool is = part.IsBytes(kInitialization) || part.IsBytes(kAlgorithm);
      return is ? Graph(part, graph) : Ok();
    });
  }

  Status Opset(const WireField& field, OnnxModelGraph& model) {
    std::pair<std::string, std::int64_t> set;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsVarint(kOpsetVersion)) set.second = std::bit_cast<std::int64_t>(part.value);
      if (part.IsBytes(kOpsetDomain)) {
        DLV_ASSIGN(set.first, Text(part));
      }
      return Ok();
    }));
    set.first = Domain(std::move(set.first));
    if (model.operator_sets.size() == kMaxAttributeParts) {
      return wire_.Bad(field.offset, "more than 4096 operator sets");
    }
    for (const auto& [domain, version] : model.operator_sets) {
      if (domain == set.first) return Ok();
    }
    model.operator_sets.push_back(std::move(set));
    return Ok();
  }

  static std::string Domain(std::string domain) {
    return domain == "ai.onnx" ? "" : CleanName(std::move(domain));
  }

  Status Graph(const WireField& field, OnnxGraph& graph) {
    graph.offset = field.offset;
    return ForEach(field, [&](const WireField& part) -> Status {
      if (part.type != WireType::kBytes) return Ok();
      switch (part.number) {
        case kGraphNode:
          return Node(part, graph.nodes.emplace_back());
        case kGraphName: {
          DLV_ASSIGN(std::string name, Text(part));
          graph.name = CleanName(std::move(name));
          return Ok();
        }
        case kInitializer: {
          DLV_ASSIGN(const OnnxTensor tensor, ReadOnnxTensor(wire_, part));
          return Initializer(tensor, graph);
        }
        case kSparseInitializer:
          return Sparse(part, graph);
        case kGraphInput:
          return Value(part, graph.inputs);
        case kGraphOutput:
          return Value(part, graph.outputs);
        case kGraphValue:
          return Value(part, graph.values);
        default:
          return Ok();
      }
    });
  }

  Status Initializer(const OnnxTensor& tensor, OnnxGraph& graph) {
    DLV_ASSIGN(OnnxGraphTensor made, Describe(tensor, kSmallValue));
    DLV_ASSIGN(made.tensor_name, NewName(tensor.name));
    graph.initializers.push_back(std::move(made));
    return Ok();
  }

  /// DescribeFile gives values and indices; the graph knows the whole, which has no numbers of its
  /// own.
  Status Sparse(const WireField& field, OnnxGraph& graph) {
    std::optional<OnnxTensor> values, indices;
    NetworkShape dims;
    DLV_TRY(SparseParts(field, values, indices, dims));
    if (!values || !indices) return wire_.Bad(field.offset, "a sparse tensor without its parts");
    DLV_ASSIGN(OnnxGraphTensor made, Describe(*values, 0));
    DLV_ASSIGN(made.tensor_name, NewName(values->name));
    DLV_ASSIGN([[maybe_unused]] const std::string second, NewName(values->name + ".indices"));
    made.shape = std::move(dims);
    graph.initializers.push_back(std::move(made));
    return Ok();
  }

  Status SparseParts(const WireField& field, std::optional<OnnxTensor>& values,
                     std::optional<OnnxTensor>& indices, NetworkShape& dims) {
    return ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsBytes(kSparseValues) || part.IsBytes(kSparseIndices)) {
        DLV_ASSIGN(OnnxTensor tensor, ReadOnnxTensor(wire_, part));
        (part.number == kSparseValues ? values : indices) = std::move(tensor);
      } else if (part.number == kSparseDims) {
        return Integers(part, dims);
      }
      return Ok();
    });
  }

  /// The name that DescribeFile gives the next tensor that is called so.
  Result<std::string> NewName(const std::string& given) {
    DLV_TRY(budget_.AddEdge());
    std::string name = given.empty() ? "tensor" : given;
    const unsigned uses = ++names_[name];
    if (uses > 1) name += "~" + std::to_string(uses);
    return CleanName(std::move(name));
  }

  /// Type, shape, and where they are less than `limit` bytes, values.
  Result<OnnxGraphTensor> Describe(const OnnxTensor& tensor, std::uint64_t limit) {
    DLV_TRY(budget_.AddBytes(tensor.name.size() + 8 * tensor.dims.size() + 64));
    OnnxGraphTensor made;
    made.name = tensor.name;
    NetworkShape shape;
    for (const std::uint64_t size : tensor.dims) shape.push_back(static_cast<std::int64_t>(size));
    made.shape = std::move(shape);
    const std::optional<OnnxType> type = OnnxTypeOf(tensor.data_type);
    if (!type) return made;  // texts
    made.dtype = type->dtype;
    std::uint64_t bits = type->bits;
    bool overflows = false;
    for (const std::uint64_t size : tensor.dims)
      overflows |= __builtin_mul_overflow(bits, size, &bits);
    const std::uint64_t bytes = bits / 8 + (bits % 8 != 0);
    if (overflows) {
      return wire_.Bad(tensor.offset,
                       "tensor '" + Printable(tensor.name) + "' has a shape that overflows");
    }
    if (type->dtype == DType::kOpaque) made.shape = NetworkShape{static_cast<std::int64_t>(bytes)};
    if (bytes >= limit || tensor.is_external || tensor.is_segment) return made;
    DLV_ASSIGN(made.value, ReadValue(tensor, made));
    return made;
  }

  Result<std::optional<NetworkConstant>> ReadValue(const OnnxTensor& tensor,
                                                   const OnnxGraphTensor& made) {
    FileDescription description;
    std::vector<PlacedPart> parts;
    DLV_ASSIGN(const bool added,
               AddOnnxTensor(file_, tensor, "value", TensorRole::kOther, description, parts));
    if (!added) return std::optional<NetworkConstant>();
    NetworkConstant constant{*made.dtype, *made.shape, {}};
    const io::ByteSource& source = *description.tensors.front().source;
    DLV_TRY(budget_.AddBytes(source.size()));
    constant.bytes.resize(static_cast<std::size_t>(source.size()));
    DLV_TRY(source.ReadAt(0, constant.bytes));
    return std::optional(std::move(constant));
  }

  Status Value(const WireField& field, std::vector<NetworkValue>& values) {
    DLV_TRY(budget_.AddEdge());
    NetworkValue value;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsBytes(kValueName)) {
        DLV_ASSIGN(value.name, Text(part));
      } else if (part.IsBytes(kValueType)) {
        return Type(part, value);
      }
      return Ok();
    }));
    values.push_back(std::move(value));
    return Ok();
  }

  Status Type(const WireField& field, NetworkValue& value) {
    return ForEach(field, [&](const WireField& part) -> Status {
      if (!part.IsBytes(kTypeTensor)) return Ok();  // sequences and maps have no shape
      return ForEach(part, [&](const WireField& inner) -> Status {
        if (inner.IsVarint(kTensorElement)) {
          const auto type = OnnxTypeOf(inner.value);
          if (type) value.dtype = type->dtype;
        } else if (inner.IsBytes(kTensorShape)) {
          value.shape = NetworkShape();
          return ForEach(inner, [&](const WireField& dim) -> Status {
            return dim.IsBytes(kShapeDim) ? Dimension(dim, *value.shape) : Ok();
          });
        }
        return Ok();
      });
    });
  }

  Status Dimension(const WireField& field, NetworkShape& shape) {
    if (shape.size() == kMaxRank) return wire_.Bad(field.offset, "more than 32 axes");
    std::int64_t size = kUnknownSize;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsVarint(kDimValue)) size = std::bit_cast<std::int64_t>(part.value);
      return Ok();
    }));
    shape.push_back(size < 0 ? kUnknownSize : size);
    return Ok();
  }

  Status Node(const WireField& field, OnnxGraphNode& node) {
    DLV_TRY(budget_.AddNode());
    node.offset = field.offset;
    std::vector<OnnxTensor> tensors;  // named when the outputs are known
    std::vector<std::size_t> places;
    const Status read = ForEach(field, [&](const WireField& part) -> Status {
      if (part.type != WireType::kBytes) return Ok();
      if (part.number == kNodeAttribute) return Attribute(part, node, tensors, places);
      if (part.number == kNodeInput || part.number == kNodeOutput) {
        DLV_TRY(budget_.AddEdge());
        DLV_ASSIGN(std::string text, Text(part));
        (part.number == kNodeInput ? node.inputs : node.outputs).push_back(std::move(text));
        return Ok();
      }
      if (part.number != kNodeName && part.number != kNodeOperator && part.number != kNodeDomain)
        return Ok();
      DLV_ASSIGN(std::string text, Text(part));
      if (part.number == kNodeName)
        node.name = CleanName(std::move(text));
      else if (part.number == kNodeOperator)
        node.op = CleanName(std::move(text));
      else
        node.domain = Domain(std::move(text));
      return Ok();
    });
    DLV_TRY(read);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      std::string output;
      for (const std::string& name : node.outputs) {
        if (output.empty()) output = name;
      }
      OnnxGraphTensor& tensor = *node.attributes[places[i]].tensor;
      DLV_ASSIGN(tensor.tensor_name, NewName(tensors[i].name.empty() ? output : tensors[i].name));
    }
    return Ok();
  }

  Status Attribute(const WireField& field, OnnxGraphNode& node, std::vector<OnnxTensor>& tensors,
                   std::vector<std::size_t>& places) {
    AttributeParts parts;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      return ReadAttributeField(part, parts, tensors);
    }));
    return AddPlain(std::move(parts), node, places);
  }

  struct AttributeParts {
    std::string name;
    std::uint64_t type = 0;
    std::optional<double> number;
    std::optional<std::int64_t> integer;
    std::optional<std::string> text;
    std::vector<double> numbers;
    std::vector<std::int64_t> integers;
    std::vector<std::string> texts;
    std::vector<OnnxGraphAttribute> made;  // graphs and tensors, unnamed
    std::vector<std::size_t> unnamed;      // of `made`: tensors that get a name
    bool is_list = false;                  // of graphs or tensors
  };

  Status ReadAttributeField(const WireField& part, AttributeParts& parts,
                            std::vector<OnnxTensor>& tensors);
  Status TensorAttribute(const WireField& part, AttributeParts& parts,
                         std::vector<OnnxTensor>& tensors);
  Status SparseAttribute(const WireField& part, AttributeParts& parts);
  Status AddPlain(AttributeParts parts, OnnxGraphNode& node, std::vector<std::size_t>& places);

  Status Integers(const WireField& field, std::vector<std::int64_t>& values) {
    if (field.type == WireType::kVarint) {
      DLV_TRY(budget_.AddBytes(8));
      values.push_back(std::bit_cast<std::int64_t>(field.value));
      return Ok();
    }
    if (field.type != WireType::kBytes) return wire_.Bad(field.offset, "integers of a wrong kind");
    DLV_TRY(wire_.Enter(field));
    std::uint64_t value = 0;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.NextPacked(value));
      if (!more) break;
      DLV_TRY(budget_.AddBytes(8));
      values.push_back(std::bit_cast<std::int64_t>(value));
    }
    return wire_.Leave();
  }

  Status Floats(const WireField& field, std::vector<double>& values) {
    if (field.type == WireType::kFixed32) {
      DLV_TRY(budget_.AddBytes(8));
      values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(field.value)));
      return Ok();
    }
    if (field.type != WireType::kBytes || field.size % 4 != 0) {
      return wire_.Bad(field.offset, "numbers of a wrong kind");
    }
    DLV_ASSIGN(const std::string bytes, Text(field, kMaxAttributeText));
    DLV_TRY(budget_.AddBytes(2 * field.size));
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      std::uint32_t bits = 0;
      for (std::size_t k = 4; k-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes[i + k]);
      values.push_back(std::bit_cast<float>(bits));
    }
    return Ok();
  }

  const io::ByteSource& file_;
  WireReader wire_;
  NetworkBudget budget_;
  std::map<std::string, unsigned> names_;
};

Status GraphReader::ReadAttributeField(const WireField& part, AttributeParts& parts,
                                       std::vector<OnnxTensor>& tensors) {
  if (parts.made.size() > kMaxAttributeParts || parts.texts.size() > kMaxAttributeParts) {
    return wire_.Bad(part.offset, "an attribute of more than 4096 parts");
  }
  switch (part.number) {
    case kAttributeFloat:
      if (part.type == WireType::kFixed32) {
        parts.number = std::bit_cast<float>(static_cast<std::uint32_t>(part.value));
      }
      return Ok();
    case kAttributeInt:
      if (part.type == WireType::kVarint) parts.integer = std::bit_cast<std::int64_t>(part.value);
      return Ok();
    case kAttributeType:
      if (part.type == WireType::kVarint) parts.type = part.value;
      return Ok();
    case kAttributeFloats:
      return Floats(part, parts.numbers);
    case kAttributeInts:
      return Integers(part, parts.integers);
    default:
      break;
  }
  if (part.type != WireType::kBytes) return Ok();
  switch (part.number) {
    case kAttributeName: {
      DLV_ASSIGN(std::string name, Text(part));
      parts.name = CleanName(std::move(name));
      return Ok();
    }
    case kAttributeString: {
      DLV_ASSIGN(parts.text, Text(part, kMaxAttributeText));
      return Ok();
    }
    case kAttributeStrings: {
      DLV_ASSIGN(std::string text, Text(part, kMaxAttributeText));
      parts.texts.push_back(std::move(text));
      return Ok();
    }
    case kAttributeGraph:
    case kAttributeGraphs: {
      parts.is_list |= part.number == kAttributeGraphs;
      OnnxGraphAttribute& made = parts.made.emplace_back();
      made.graph = std::make_unique<OnnxGraph>();
      return Graph(part, *made.graph);
    }
    case kAttributeTensor:
    case kAttributeTensors:
      parts.is_list |= part.number == kAttributeTensors;
      return TensorAttribute(part, parts, tensors);
    case kAttributeSparseTensor:
    case kAttributeSparseTensors:
      parts.is_list |= part.number == kAttributeSparseTensors;
      return SparseAttribute(part, parts);
    case kAttributeTypeProto:
    case kAttributeTypeProtos: {
      NetworkValue value;
      DLV_TRY(Type(part, value));
      parts.texts.push_back("tensor(" + std::string(value.dtype ? NameOf(*value.dtype) : "?") +
                            ")" + TextOfShape(value.shape));
      return Ok();
    }
    default:
      return Ok();
  }
}

Status GraphReader::TensorAttribute(const WireField& part, AttributeParts& parts,
                                    std::vector<OnnxTensor>& tensors) {
  DLV_ASSIGN(OnnxTensor tensor, ReadOnnxTensor(wire_, part));
  const std::uint64_t bytes = tensor.raw.size_bytes() + tensor.typed.size_bytes();
  const bool is_tensor = bytes >= kSmallValue || tensor.is_external;  // as onnx.cc decides
  OnnxGraphAttribute& made = parts.made.emplace_back();
  // Values below the size that onnx.cc counts (with tags, packed) may still be more elements.
  DLV_ASSIGN(made.tensor, Describe(tensor, is_tensor ? 0 : 16 * kSmallValue));
  if (is_tensor) {
    parts.unnamed.push_back(parts.made.size() - 1);
    tensors.push_back(std::move(tensor));
  }
  return Ok();
}

Status GraphReader::SparseAttribute(const WireField& part, AttributeParts& parts) {
  std::optional<OnnxTensor> values, indices;
  NetworkShape dims;
  DLV_TRY(SparseParts(part, values, indices, dims));
  if (!values || !indices) return wire_.Bad(part.offset, "a sparse tensor without its parts");
  const auto add = [&](const char* name, const OnnxTensor& tensor) -> Status {
    OnnxGraphAttribute made;
    made.name = name;
    DLV_ASSIGN(made.tensor, Describe(tensor, 16 * kSmallValue));
    if (made.tensor->value) made.value = *made.tensor->value;
    made.tensor.reset();
    if (made.value) parts.made.push_back(std::move(made));
    return Ok();
  };
  DLV_TRY(add(".values", *values));
  DLV_TRY(add(".indices", *indices));
  OnnxGraphAttribute shape;
  shape.name = ".dims";
  shape.value = std::move(dims);
  parts.made.push_back(std::move(shape));
  return Ok();
}

/// Puts the attribute into the node: one where it has one value, else several with a number each.
Status GraphReader::AddPlain(AttributeParts parts, OnnxGraphNode& node,
                             std::vector<std::size_t>& places) {
  if (node.attributes.size() > kMaxAttributeParts) {
    return wire_.Bad(node.offset, "a node of more than 4096 attributes");
  }
  enum : std::uint64_t { kFloat = 1, kInt, kString, kFloats = 6, kInts, kStrings };
  if (parts.made.empty()) {
    OnnxGraphAttribute made;
    made.name = parts.name;
    if (!parts.integers.empty() || parts.type == kInts)
      made.value = std::move(parts.integers);
    else if (!parts.numbers.empty() || parts.type == kFloats)
      made.value = std::move(parts.numbers);
    else if (!parts.texts.empty() || parts.type == kStrings)
      made.value = std::move(parts.texts);
    else if (parts.text || parts.type == kString)
      made.value = parts.text.value_or("");
    else if (parts.number || parts.type == kFloat)
      made.value = parts.number.value_or(0);
    else if (parts.integer || parts.type == kInt)
      made.value = parts.integer.value_or(0);
    if (made.value) node.attributes.push_back(std::move(made));
    return Ok();
  }
  const std::size_t first = node.attributes.size();
  for (std::size_t i = 0; i < parts.made.size(); ++i) {
    OnnxGraphAttribute& made = parts.made[i];
    const std::string suffix = parts.is_list ? "[" + std::to_string(i) + "]" : "";
    made.name = parts.name + suffix + made.name;
    node.attributes.push_back(std::move(made));
  }
  for (const std::size_t place : parts.unnamed) places.push_back(first + place);
  return Ok();
}

}  // namespace

Result<OnnxModelGraph> ReadOnnxGraph(const io::ByteSource& file) { return GraphReader(file).Run(); }

}  // namespace dlv::interchange
