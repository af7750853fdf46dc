// ONNX: a ModelProto (docs/format/foreign_messages.md). Initializers, and values of Constant nodes
// from 256 bytes on, are tensors; the graph is kept, not interpreted. Also a file that is one
// TensorProto, as data sets of tests have them.

#include <algorithm>
#include <map>
#include <set>

#include "storage/interchange/formats.h"
#include "storage/interchange/onnx_proto.h"
#include "storage/interchange/onnx_tensor.h"
#include "storage/interchange/onnx_wiring.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

using namespace onnx;

constexpr std::string_view kOnnx = "onnx";
constexpr std::uint64_t kMaxOnnxText = 64u << 10;
constexpr std::uint64_t kMaxMetadataText = 16u << 20;
constexpr std::size_t kMaxOnnxMetadata = 512;
constexpr std::size_t kMaxOnnxTensors = 1'000'000;
constexpr std::uint64_t kSmallConstant = 256;  // bytes; shapes, axes and the like are structure
constexpr std::uint32_t kMeanInput = 3;        // of BatchNormalization
constexpr std::uint32_t kVarianceInput = 4;

// 64-bit integers and truth values of a network are shapes, counters and masks, not weights.
TensorRole RoleOf(const DescribedTensor& tensor, const std::set<std::string>& statistics) {
  if (tensor.dtype == DType::kI64 || tensor.dtype == DType::kBool ||
      statistics.contains(tensor.name)) {
    return TensorRole::kBuffer;
  }
  return RoleOfName(tensor.name);
}

class ModelReader {
 public:
  explicit ModelReader(const io::ByteSource& file) : file_(file), wire_(file, kOnnx) {}

  Result<FileDescription> Run() {
    description_.format = kOnnx;
    WireField field;
    bool has_graph = false;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) break;
      has_graph |= field.IsBytes(kGraph);
      DLV_TRY(ModelField(field));
    }
    if (!has_graph) return wire_.Bad(file_.size(), "the file ends without a graph");
    for (DescribedTensor& tensor : description_.tensors) Settle(tensor);
    for (ExternalTensor& external : description_.external) Settle(external.tensor);
    for (std::string& problem : wiring_.Problems()) {
      description_.warnings.push_back(std::move(problem));
    }
    Say("opset", opsets_);
    DLV_TRY(BuildPlacedRecipe(file_, std::move(parts_), kOnnx, description_));
    return std::move(description_);
  }

 private:
  void Settle(DescribedTensor& tensor) {
    if (tensor.role == TensorRole::kParameter) tensor.role = RoleOf(tensor, statistics_);
  }

  void Say(std::string key, const std::string& value) {
    if (value.empty() || description_.metadata.size() >= kMaxOnnxMetadata) return;
    description_.metadata.emplace_back(Printable(key, 1024), Printable(value, kMaxMetadataText));
  }

  /// Calls `body` for each field of the message in `field`.
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

  Status ModelField(const WireField& field) {
    if (field.IsVarint(kIrVersion)) Say("ir_version", std::to_string(field.value));
    if (field.type != WireType::kBytes) return Ok();
    switch (field.number) {
      case kGraph:
        return Graph(field, TensorRole::kParameter);
      case kFunctions:
        return Function(field);
      case kTrainingInfo:
        return ForEach(field, [&](const WireField& part) -> Status {
          const bool graph = part.IsBytes(kInitialization) || part.IsBytes(kAlgorithm);
          return graph ? Graph(part, TensorRole::kOther) : Ok();
        });
      case kOpsetImport:
        return Opset(field);
      case kMetadataProps:
        return Entry(field);
      case kProducerName:
      case kProducerVersion:
      case kModelDomain: {
        DLV_ASSIGN(const std::string text, wire_.Text(field, kMaxMetadataText));
        Say(field.number == kProducerName      ? "producer_name"
            : field.number == kProducerVersion ? "producer_version"
                                               : "domain",
            text);
        return Ok();
      }
      default:
        return Ok();
    }
  }

  Status Opset(const WireField& field) {
    std::string domain;
    std::uint64_t version = 0;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsVarint(kOpsetVersion)) version = part.value;
      if (part.IsBytes(kOpsetDomain)) {
        DLV_ASSIGN(domain, wire_.Text(part, kMaxOnnxText));
      }
      return Ok();
    }));
    if (opsets_.size() > kMaxOnnxText) return Ok();
    opsets_ += (opsets_.empty() ? "" : ", ") + (domain.empty() ? "" : domain + " ") +
               std::to_string(version);
    return Ok();
  }

  Status Entry(const WireField& field) {
    std::string key;
    std::string value;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsBytes(kEntryKey)) {
        DLV_ASSIGN(key, wire_.Text(part, kMaxOnnxText));
      } else if (part.IsBytes(kEntryValue)) {
        DLV_ASSIGN(value, wire_.Text(part, kMaxMetadataText));
      }
      return Ok();
    }));
    Say(key, value);
    return Ok();
  }

  Status Graph(const WireField& field, TensorRole role) {
    wiring_.OpenGraph();
    std::set<std::string> names;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.type != WireType::kBytes) return Ok();
      switch (part.number) {
        case kGraphNode:
          return Node(part, role);
        case kInitializer: {
          DLV_ASSIGN(const std::string name, Initializer(part, role, ""));
          return NewName(part, name, names);
        }
        case kSparseInitializer: {
          DLV_ASSIGN(const std::string name, Sparse(part, role));
          return NewName(part, name, names);
        }
        case kGraphInput:
        case kGraphOutput:
          return ValueInfo(part);
        default:
          return Ok();
      }
    }));
    wiring_.CloseGraph(role != TensorRole::kOther);  // graphs of a training read the other graphs
    return Ok();
  }

  Status NewName(const WireField& field, const std::string& name, std::set<std::string>& names) {
    wiring_.Gives(name);
    if (name.empty() || names.insert(name).second) return Ok();
    return wire_.Bad(field.offset, "initializer '" + Printable(name) + "' stands twice");
  }

  Status ValueInfo(const WireField& field) {
    std::string name;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (!part.IsBytes(kValueName)) return Ok();
      DLV_ASSIGN(name, wire_.Text(part, kMaxOnnxText));
      return Ok();
    }));
    field.number == kGraphInput ? wiring_.Gives(name) : wiring_.Returns(name);
    return Ok();
  }

  Status Function(const WireField& field) {
    wiring_.OpenGraph();
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.IsBytes(kFunctionNode)) return Node(part, TensorRole::kParameter);
      if (!part.IsBytes(kFunctionInput) && !part.IsBytes(kFunctionOutput)) return Ok();
      DLV_ASSIGN(const std::string name, wire_.Text(part, kMaxOnnxText));
      part.number == kFunctionInput ? wiring_.Gives(name) : wiring_.Returns(name);
      return Ok();
    }));
    wiring_.CloseGraph();
    return Ok();
  }

  struct NodeNames {
    std::string name;
    std::string operation;
    std::string output;
    std::vector<std::string> statistics;  // inputs that BatchNormalization keeps its own in
    std::uint32_t inputs = 0;
  };

  Status Node(const WireField& field, TensorRole role) {
    wiring_.OpenNode();
    NodeNames node;
    std::vector<std::pair<OnnxTensor, std::string>> constants;  // named when the outputs are known
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (part.type != WireType::kBytes) return Ok();
      if (part.number == kNodeAttribute) return Attribute(part, role, constants);
      if (part.number > kNodeOperator) return Ok();
      DLV_ASSIGN(std::string text, wire_.Text(part, kMaxOnnxText));
      if (part.number == kNodeInput) {
        wiring_.Reads(text);
        const std::uint32_t place = node.inputs++;
        if (place == kMeanInput || place == kVarianceInput) {
          node.statistics.push_back(std::move(text));
        }
      } else if (part.number == kNodeOutput) {
        wiring_.Writes(text);
        if (node.output.empty()) node.output = std::move(text);
      } else {
        (part.number == kNodeName ? node.name : node.operation) = std::move(text);
      }
      return Ok();
    }));
    for (const auto& [tensor, name] : constants) {
      const std::string& shown = !name.empty() ? name : node.output;
      DLV_TRY(Add(tensor, shown, role));
    }
    if (node.operation == "BatchNormalization") {
      statistics_.insert(node.statistics.begin(), node.statistics.end());
    }
    wiring_.NameNode(node.name, node.operation);
    wiring_.CloseNode();
    return Ok();
  }

  Status Attribute(const WireField& field, TensorRole role,
                   std::vector<std::pair<OnnxTensor, std::string>>& constants) {
    return ForEach(field, [&](const WireField& part) -> Status {
      if (part.type != WireType::kBytes) return Ok();
      switch (part.number) {
        case kAttributeGraph:
        case kAttributeGraphs:
          return Graph(part, role);
        case kAttributeTensor:
        case kAttributeTensors: {
          DLV_ASSIGN(OnnxTensor tensor, ReadOnnxTensor(wire_, part));
          const std::uint64_t bytes = tensor.raw.size_bytes() + tensor.typed.size_bytes();
          if (bytes < kSmallConstant && !tensor.is_external) return Ok();
          std::string name = tensor.name;
          constants.emplace_back(std::move(tensor), std::move(name));
          return Ok();
        }
        default:
          return Ok();
      }
    });
  }

  /// Returns the name of the tensor.
  Result<std::string> Initializer(const WireField& field, TensorRole role,
                                  const std::string& suffix) {
    DLV_ASSIGN(const OnnxTensor tensor, ReadOnnxTensor(wire_, field));
    DLV_TRY(Add(tensor, tensor.name + suffix, role));
    return tensor.name;
  }

  // The values carry the name; the indices stand beside them.
  Result<std::string> Sparse(const WireField& field, TensorRole role) {
    std::optional<OnnxTensor> values;
    std::optional<OnnxTensor> indices;
    DLV_TRY(ForEach(field, [&](const WireField& part) -> Status {
      if (!part.IsBytes(kSparseValues) && !part.IsBytes(kSparseIndices)) return Ok();
      DLV_ASSIGN(OnnxTensor tensor, ReadOnnxTensor(wire_, part));
      (part.number == kSparseValues ? values : indices) = std::move(tensor);
      return Ok();
    }));
    if (!values || !indices) return wire_.Bad(field.offset, "a sparse tensor without its parts");
    DLV_TRY(Add(*values, values->name, role));
    DLV_TRY(Add(*indices, values->name + ".indices", role));
    return values->name;
  }

  Status Add(const OnnxTensor& tensor, const std::string& given, TensorRole role) {
    if (description_.tensors.size() + description_.external.size() == kMaxOnnxTensors) {
      return wire_.Bad(tensor.offset, "more than a million tensors");
    }
    std::string name = given.empty() ? "tensor" : given;
    if (!IsTensorName(name)) {
      return wire_.Bad(tensor.offset, "bad tensor name '" + Printable(name) + "'");
    }
    // Graphs inside graphs may use a name again.
    const unsigned uses = ++names_[name];
    if (uses > 1) name += "~" + std::to_string(uses);
    DLV_ASSIGN(const bool added, AddOnnxTensor(file_, tensor, name, role, description_, parts_));
    (void)added;
    return Ok();
  }

  const io::ByteSource& file_;
  WireReader wire_;
  FileDescription description_;
  std::vector<PlacedPart> parts_;
  OnnxWiring wiring_;
  std::set<std::string> statistics_;
  std::map<std::string, unsigned> names_;
  std::string opsets_;
};

/// Whether a field may stand at the top of a ModelProto.
bool IsModelField(const WireField& field) {
  switch (field.number) {
    case kIrVersion:
    case kModelVersion:
      return field.type == WireType::kVarint;
    case kProducerName:
    case kProducerVersion:
    case kModelDomain:
    case kModelDoc:
    case kGraph:
    case kOpsetImport:
    case kMetadataProps:
    case kTrainingInfo:
    case kFunctions:
      return field.type == WireType::kBytes;
    default:
      return false;
  }
}

bool IsWholeModel(const io::ByteSource& file) {
  WireReader wire(file, kOnnx);
  WireField field;
  bool version = false;
  bool graph = false;
  while (true) {
    const Result<bool> more = wire.Next(field);
    if (!more.ok()) return false;
    if (!*more) return version && graph;
    if (!IsModelField(field)) return false;
    version |= field.number == kIrVersion;
    graph |= field.number == kGraph;
  }
}

}  // namespace

bool SniffOnnx(const Probe& probe) {
  if (probe.head.empty()) return false;
  if (probe.name.ends_with(".onnx")) return IsModelField(FirstWireField(probe.head));
  return IsWholeModel(*probe.file);
}

Result<FileDescription> DescribeOnnx(const Probe& probe, const DescribeOptions&) {
  return ModelReader(*probe.file).Run();
}

bool SniffOnnxTensor(const Probe& probe) {
  if (probe.head.empty()) return false;
  WireReader wire(*probe.file, kOnnx);
  const Result<OnnxTensor> tensor = ReadOnnxTensorHere(wire, 0);
  if (!tensor.ok() || tensor->has_unknown || tensor->is_external || tensor->is_segment ||
      !OnnxTypeOf(tensor->data_type) || (tensor->raw.empty() && tensor->typed.empty())) {
    return false;
  }
  FileDescription description;
  std::vector<PlacedPart> parts;
  const auto added =
      AddOnnxTensor(*probe.file, *tensor, "x", TensorRole::kOther, description, parts);
  return added.ok() && *added;  // the values have exactly the size that the shape wants
}

Result<FileDescription> DescribeOnnxTensor(const Probe& probe, const DescribeOptions&) {
  WireReader wire(*probe.file, kOnnx);
  DLV_ASSIGN(const OnnxTensor tensor, ReadOnnxTensorHere(wire, 0));
  FileDescription description;
  description.format = "onnx-tensor";
  std::vector<PlacedPart> parts;
  const std::string name =
      IsTensorName(tensor.name) ? tensor.name : TensorNameOfPath(probe.name, "tensor");
  DLV_ASSIGN(const bool added,
             AddOnnxTensor(*probe.file, tensor, name, TensorRole::kOther, description, parts));
  if (!added) return wire.Bad(0, "no tensor");
  DLV_TRY(BuildPlacedRecipe(*probe.file, std::move(parts), kOnnx, description));
  return description;
}

}  // namespace dlv::interchange
