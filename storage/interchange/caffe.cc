// Caffe: networks with weights (.caffemodel), the state of a solver (.solverstate) and lone blobs
// (.binaryproto). Field numbers: docs/format/foreign_messages.md.

#include <map>

#include "storage/interchange/caffe_blob.h"
#include "storage/interchange/caffe_kinds.h"
#include "storage/interchange/formats.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

enum NetField : std::uint32_t { kNetName = 1, kOldLayers = 2, kInputShape = 8, kLayer = 100 };
enum SolverField : std::uint32_t { kIteration = 1, kLearnedNet = 2, kHistory = 3, kStep = 4 };

constexpr std::uint64_t kMaxCaffeText = 64u << 10;
constexpr std::size_t kMaxBlobs = 1'000'000;

/// Where the three generations of layers keep what is needed here.
struct LayerFields {
  std::uint32_t name;
  std::uint32_t type;
  std::uint32_t blobs;
  std::uint32_t inside;  ///< the layer of the generation before; 0: none
};
constexpr LayerFields kNewLayer = {1, 2, 7, 0};
constexpr LayerFields kOldLayer = {4, 5, 6, 1};
constexpr LayerFields kOldestLayer = {1, 2, 50, 0};

struct LayerHead {
  std::string name;
  std::string type;
  std::uint64_t old_type = 0;
};

class CaffeReader {
 public:
  CaffeReader(const io::ByteSource& file, std::string_view format)
      : file_(file), wire_(file, kCaffe) {
    description_.format = format;
  }

  Result<FileDescription> Net() {
    WireField field;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) break;
      if (field.IsBytes(kNetName)) {
        DLV_ASSIGN(const std::string name, wire_.Text(field, kMaxCaffeText));
        description_.metadata.emplace_back("name", Printable(name, kMaxCaffeText));
      } else if (field.IsBytes(kLayer)) {
        DLV_TRY(Layer(field, kNewLayer));
      } else if (field.IsBytes(kOldLayers)) {
        DLV_TRY(Layer(field, kOldLayer));
      }
    }
    return Finish();
  }

  Result<FileDescription> Solver() {
    WireField field;
    std::uint32_t history = 0;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) break;
      if (field.IsVarint(kIteration)) Say("iter", std::to_string(field.value));
      if (field.IsVarint(kStep)) Say("current_step", std::to_string(field.value));
      if (field.IsBytes(kLearnedNet)) {
        DLV_ASSIGN(const std::string path, wire_.Text(field, kMaxCaffeText));
        Say("learned_net", Printable(path, kMaxCaffeText));
      }
      if (!field.IsBytes(kHistory)) continue;
      DLV_ASSIGN(const CaffeBlob blob, ReadCaffeBlob(wire_, field));
      DLV_TRY(Add(blob, "history." + std::to_string(history++), TensorRole::kOptimizer));
    }
    return Finish();
  }

  Result<FileDescription> Blob(std::string_view path) {
    DLV_ASSIGN(const CaffeBlob blob, ReadCaffeBlobHere(wire_, 0));
    DLV_TRY(Add(blob, TensorNameOfPath(path, "blob"), TensorRole::kBuffer));
    return Finish();
  }

 private:
  void Say(std::string key, std::string value) {
    if (description_.metadata.size() < 16) {
      description_.metadata.emplace_back(std::move(key), std::move(value));
    }
  }

  // The blobs may stand before the name.
  Status Layer(const WireField& layer, const LayerFields& fields) {
    LayerHead head;
    std::vector<CaffeBlob> blobs;
    DLV_TRY(wire_.Enter(layer));
    WireField field;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) break;
      if (field.IsBytes(fields.blobs)) {
        if (blobs_++ == kMaxBlobs) return wire_.Bad(field.offset, "more than a million blobs");
        DLV_ASSIGN(CaffeBlob blob, ReadCaffeBlob(wire_, field));
        blobs.push_back(std::move(blob));
      } else if (field.IsBytes(fields.name)) {
        DLV_ASSIGN(head.name, wire_.Text(field, 4000));
      } else if (field.IsBytes(fields.type)) {
        DLV_ASSIGN(head.type, wire_.Text(field, kMaxCaffeText));
      } else if (field.IsVarint(fields.type)) {
        head.old_type = field.value;
      } else if (fields.inside != 0 && field.IsBytes(fields.inside)) {
        DLV_TRY(Layer(field, kOldestLayer));
      }
    }
    DLV_TRY(wire_.Leave());
    for (std::size_t i = 0; i < blobs.size(); ++i) DLV_TRY(AddBlob(head, i, blobs[i]));
    return Ok();
  }

  Status AddBlob(const LayerHead& head, std::size_t place, const CaffeBlob& blob) {
    const CaffeKind* kind = CaffeKindOf(head.type, head.old_type);
    const TensorRole role =
        kind != nullptr && kind->statistics ? TensorRole::kBuffer : TensorRole::kParameter;
    if (!head.name.empty() && !IsTensorName(head.name)) {
      return wire_.Bad(blob.offset, "bad name '" + Printable(head.name) + "' of a layer");
    }
    return Add(blob, CaffeBlobName(kind, head.name, place), role);
  }

  Status Add(const CaffeBlob& blob, std::string name, TensorRole role) {
    const unsigned uses = ++names_[name];
    if (uses > 1) name += "~" + std::to_string(uses);
    return AddCaffeBlob(file_, blob, name, role, description_, parts_);
  }

  Result<FileDescription> Finish() {
    DLV_TRY(BuildPlacedRecipe(file_, std::move(parts_), kCaffe, description_));
    return std::move(description_);
  }

  const io::ByteSource& file_;
  WireReader wire_;
  FileDescription description_;
  std::vector<PlacedPart> parts_;
  std::map<std::string, unsigned> names_;
  std::size_t blobs_ = 0;
};

bool IsNetField(const WireField& field) {
  switch (field.number) {
    case kNetName:
    case kOldLayers:
    case 3:  // input
    case 6:  // state
    case kInputShape:
    case kLayer:
      return field.type == WireType::kBytes;
    case 4:  // input_dim; packed by some
      return true;
    case 5:  // force_backward
    case 7:  // debug_info
      return field.type == WireType::kVarint;
    default:
      return false;
  }
}

bool IsSolverField(const WireField& field) {
  switch (field.number) {
    case kIteration:
    case kStep:
      return field.type == WireType::kVarint;
    case kLearnedNet:
    case kHistory:
      return field.type == WireType::kBytes;
    default:
      return false;
  }
}

/// Whether all fields of the file are of a kind.
bool HasFields(const io::ByteSource& file, bool (*is)(const WireField&)) {
  WireReader wire(file, kCaffe);
  WireField field;
  for (std::size_t count = 0;; ++count) {
    const Result<bool> more = wire.Next(field);
    if (!more.ok()) return false;
    if (!*more) return count != 0;
    if (!is(field)) return false;
  }
}

bool HasTensors(const Result<FileDescription>& description) {
  return description.ok() && !description->tensors.empty();
}

}  // namespace

bool SniffCaffeNet(const Probe& probe) {
  const io::ByteSource& file = *probe.file;
  if (probe.name.ends_with(".caffemodel")) return IsNetField(FirstWireField(probe.head));
  return HasFields(file, IsNetField) && HasTensors(CaffeReader(file, "").Net());
}

Result<FileDescription> DescribeCaffeNet(const Probe& probe, const DescribeOptions& options) {
  DLV_ASSIGN(FileDescription description, CaffeReader(*probe.file, "caffemodel").Net());
  DropOptimizer(options, description);
  return description;
}

bool SniffCaffeSolver(const Probe& probe) {
  const io::ByteSource& file = *probe.file;
  if (probe.name.ends_with(".solverstate")) return IsSolverField(FirstWireField(probe.head));
  return HasFields(file, IsSolverField) && HasTensors(CaffeReader(file, "").Solver());
}

Result<FileDescription> DescribeCaffeSolver(const Probe& probe, const DescribeOptions& options) {
  DLV_ASSIGN(FileDescription description, CaffeReader(*probe.file, "solverstate").Solver());
  DropOptimizer(options, description);
  return description;
}

bool SniffCaffeBlob(const Probe& probe) {
  WireReader wire(*probe.file, kCaffe);
  const Result<CaffeBlob> blob = ReadCaffeBlobHere(wire, 0);
  if (!blob.ok() || blob->has_unknown || (!blob->shape && !blob->legacy)) return false;
  return HasTensors(CaffeReader(*probe.file, "").Blob(""));
}

Result<FileDescription> DescribeCaffeBlob(const Probe& probe, const DescribeOptions&) {
  return CaffeReader(*probe.file, "caffe-blob").Blob(probe.name);
}

}  // namespace dlv::interchange
