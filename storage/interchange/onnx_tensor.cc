#include "storage/interchange/onnx_tensor.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "storage/interchange/block_types.h"
#include "storage/interchange/onnx_proto.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

using namespace onnx;

constexpr std::uint64_t kMaxOnnxNameBytes = 4096;
constexpr std::uint64_t kMaxExternalText = 4096;
constexpr std::size_t kMaxExternalKeys = 16;
constexpr std::uint64_t kExternal = 1;  // DataLocation

// The place in the table is the number in the file.
constexpr std::array<OnnxType, 27> kTypes = {{{"", DType::kOpaque, 0, 0},
                                              {"FLOAT", DType::kF32, 32, kFloatData},
                                              {"UINT8", DType::kU8, 8, kInt32Data},
                                              {"INT8", DType::kI8, 8, kInt32Data},
                                              {"UINT16", DType::kU16, 16, kInt32Data},
                                              {"INT16", DType::kI16, 16, kInt32Data},
                                              {"INT32", DType::kI32, 32, kInt32Data},
                                              {"INT64", DType::kI64, 64, kInt64Data},
                                              {"", DType::kOpaque, 0, kStringData},
                                              {"BOOL", DType::kBool, 8, kInt32Data},
                                              {"FLOAT16", DType::kF16, 16, kInt32Data},
                                              {"DOUBLE", DType::kF64, 64, kDoubleData},
                                              {"UINT32", DType::kU32, 32, kUInt64Data},
                                              {"UINT64", DType::kU64, 64, kUInt64Data},
                                              {"COMPLEX64", DType::kComplex64, 64, kFloatData},
                                              {"COMPLEX128", DType::kComplex128, 128, kDoubleData},
                                              {"BFLOAT16", DType::kBF16, 16, kInt32Data},
                                              {"FLOAT8E4M3FN", DType::kF8E4M3, 8, kInt32Data},
                                              {"FLOAT8E4M3FNUZ", DType::kOpaque, 8, kInt32Data},
                                              {"FLOAT8E5M2", DType::kF8E5M2, 8, kInt32Data},
                                              {"FLOAT8E5M2FNUZ", DType::kOpaque, 8, kInt32Data},
                                              {"UINT4", DType::kOpaque, 4, kInt32Data},
                                              {"INT4", DType::kOpaque, 4, kInt32Data},
                                              {"FLOAT4E2M1", DType::kOpaque, 4, kInt32Data},
                                              {"FLOAT8E8M0", DType::kOpaque, 8, kInt32Data},
                                              {"UINT2", DType::kOpaque, 2, kInt32Data},
                                              {"INT2", DType::kOpaque, 2, kInt32Data}}};

Status AddExtent(WireReader& wire, std::uint64_t offset, std::uint64_t value, OnnxTensor& tensor) {
  if (value > INT64_MAX) return wire.Bad(offset, "an extent below 0");
  if (tensor.dims.size() == kMaxRank) {
    return wire.Bad(offset, "more than " + std::to_string(kMaxRank) + " axes");
  }
  tensor.dims.push_back(value);
  return Ok();
}

Status ReadDims(WireReader& wire, const WireField& field, OnnxTensor& tensor) {
  if (field.type == WireType::kVarint) return AddExtent(wire, field.offset, field.value, tensor);
  if (field.type != WireType::kBytes) return wire.Bad(field.offset, "extents that are no integers");
  DLV_TRY(wire.Enter(field));
  std::uint64_t value = 0;
  while (true) {
    DLV_ASSIGN(const bool more, wire.NextPacked(value));
    if (!more) break;
    DLV_TRY(AddExtent(wire, field.offset, value, tensor));
  }
  return wire.Leave();
}

Status ReadExternal(WireReader& wire, const WireField& field, OnnxTensor& tensor) {
  if (tensor.external.size() == kMaxExternalKeys) {
    return wire.Bad(field.offset,
                    "external data with more than " + std::to_string(kMaxExternalKeys) + " keys");
  }
  std::pair<std::string, std::string> entry;
  DLV_TRY(wire.Enter(field));
  WireField part;
  while (true) {
    DLV_ASSIGN(const bool more, wire.Next(part));
    if (!more) break;
    if (part.IsBytes(kEntryKey)) {
      DLV_ASSIGN(entry.first, wire.Text(part, kMaxExternalText));
    } else if (part.IsBytes(kEntryValue)) {
      DLV_ASSIGN(entry.second, wire.Text(part, kMaxExternalText));
    }
  }
  tensor.external.push_back(std::move(entry));
  return wire.Leave();
}

bool IsTypedField(std::uint32_t number) {
  return number == kFloatData || number == kInt32Data || number == kStringData ||
         number == kInt64Data || number == kDoubleData || number == kUInt64Data;
}

Status ReadField(WireReader& wire, const WireField& field, OnnxTensor& tensor) {
  switch (field.number) {
    case kDims:
      return ReadDims(wire, field, tensor);
    case kDataType:
      if (field.type != WireType::kVarint)
        return wire.Bad(field.offset, "a type that is no number");
      tensor.data_type = field.value;
      return Ok();
    case kTensorName: {
      if (field.type != WireType::kBytes) return wire.Bad(field.offset, "a name that is no text");
      DLV_ASSIGN(tensor.name, wire.Text(field, kMaxOnnxNameBytes));
      return Ok();
    }
    case kRawData:
      if (field.type != WireType::kBytes || !tensor.raw.empty()) {
        return wire.Bad(field.offset, "raw data that is no bytes, or stands twice");
      }
      tensor.raw.Add(field);
      return Ok();
    case kExternalData:
      if (field.type != WireType::kBytes)
        return wire.Bad(field.offset, "external data is no entry");
      return ReadExternal(wire, field, tensor);
    case kDataLocation:
      tensor.is_external = field.type == WireType::kVarint && field.value == kExternal;
      return Ok();
    case kSegment:
      tensor.is_segment = true;
      return Ok();
    default:
      break;
  }
  if (!IsTypedField(field.number)) {
    tensor.has_unknown |= field.number != kTensorDoc && field.number != kTensorMetadata;
    return Ok();
  }
  if (tensor.typed_field != 0 && tensor.typed_field != field.number) {
    return wire.Bad(field.offset, "values of two kinds");
  }
  tensor.typed_field = field.number;
  if (field.number != kStringData) tensor.typed.Add(field);
  return Ok();
}

Error BadTensor(const OnnxTensor& tensor, const std::string& name, const std::string& why) {
  return Error{ErrorCode::kCorruption, "onnx, offset " + std::to_string(tensor.offset) +
                                           ": tensor '" + Printable(name) + "' " + why};
}

Result<std::uint64_t> Decimal(const OnnxTensor& tensor, const std::string& name,
                              const std::string& key, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return BadTensor(tensor, name,
                     "has external data with " + key + " '" + Printable(text) + "', no number");
  }
  return value;
}

Status AddExternal(const OnnxTensor& from, std::uint64_t want, DescribedTensor tensor,
                   FileDescription& description) {
  ExternalTensor external;
  external.size_bytes = want;
  std::vector<std::string_view> seen;
  for (const auto& [key, value] : from.external) {
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      return BadTensor(from, tensor.name, "has external data with two '" + Printable(key) + "'");
    }
    seen.push_back(key);
    if (key == "location") {
      external.location = value;
    } else if (key == "offset") {
      DLV_ASSIGN(external.offset, Decimal(from, tensor.name, key, value));
    } else if (key == "length") {
      DLV_ASSIGN(const std::uint64_t length, Decimal(from, tensor.name, key, value));
      if (length != want) {
        return BadTensor(from, tensor.name,
                         "has external data of " + std::to_string(length) +
                             " bytes, its shape wants " + std::to_string(want));
      }
    } else if (key != "checksum") {
      Error error = BadTensor(from, tensor.name,
                              "has external data with the unknown key '" + Printable(key) + "'");
      error.code = ErrorCode::kUnsafe;
      return error;
    }
  }
  if (!IsContainedLocation(external.location)) {
    Error error = BadTensor(from, tensor.name,
                            "has external data at '" + Printable(external.location) +
                                "', which is not a path below its folder");
    error.code = ErrorCode::kUnsafe;
    return error;
  }
  external.tensor = std::move(tensor);
  description.external.push_back(std::move(external));
  return Ok();
}

/// The bytes of the values.
Result<std::shared_ptr<const io::ByteSource>> ValuesOf(const io::ByteSource& file,
                                                       const OnnxTensor& tensor,
                                                       const std::string& name,
                                                       const OnnxType& type) {
  if (!tensor.raw.empty()) return MakeWireSource(file, tensor.raw, WireEncoding::kFixed, 1, "onnx");
  if (tensor.typed_field != 0 && tensor.typed_field != type.typed_field) {
    return BadTensor(tensor, name, "has values of another type than " + std::string(type.name));
  }
  const bool fixed = type.typed_field == kFloatData || type.typed_field == kDoubleData;
  unsigned element = std::max(1u, type.bits / 8);
  if (fixed) element = type.typed_field == kFloatData ? 4 : 8;
  return MakeWireSource(file, tensor.typed, fixed ? WireEncoding::kFixed : WireEncoding::kVarint,
                        element, "onnx");
}

}  // namespace

std::optional<OnnxType> OnnxTypeOf(std::uint64_t data_type) {
  if (data_type >= kTypes.size() || kTypes[static_cast<std::size_t>(data_type)].name.empty()) {
    return std::nullopt;
  }
  return kTypes[static_cast<std::size_t>(data_type)];
}

bool IsContainedLocation(std::string_view location) {
  if (!IsTensorName(location) || location.find_first_of("\\:") != std::string_view::npos) {
    return false;
  }
  while (true) {
    const std::size_t slash = location.find('/');
    const std::string_view part = location.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
    if (slash == std::string_view::npos) return true;
    location.remove_prefix(slash + 1);
  }
}

Result<OnnxTensor> ReadOnnxTensorHere(WireReader& wire, std::uint64_t offset) {
  OnnxTensor tensor;
  tensor.offset = offset;
  WireField field;
  while (true) {
    DLV_ASSIGN(const bool more, wire.Next(field));
    if (!more) return tensor;
    DLV_TRY(ReadField(wire, field, tensor));
  }
}

Result<OnnxTensor> ReadOnnxTensor(WireReader& wire, const WireField& field) {
  DLV_TRY(wire.Enter(field));
  DLV_ASSIGN(OnnxTensor tensor, ReadOnnxTensorHere(wire, field.offset));
  DLV_TRY(wire.Leave());
  return tensor;
}

Result<bool> AddOnnxTensor(const io::ByteSource& file, const OnnxTensor& from, std::string name,
                           TensorRole role, FileDescription& description,
                           std::vector<PlacedPart>& parts) {
  if (from.data_type == kOnnxString) return false;
  if (from.is_segment) {
    description.warnings.push_back("tensor '" + Printable(name) +
                                   "' is cut into segments and stays unread");
    return false;
  }
  const std::optional<OnnxType> type = OnnxTypeOf(from.data_type);
  if (!type)
    return BadTensor(from, name,
                     "has the type " + std::to_string(from.data_type) + ", which is not known");
  const std::optional<std::uint64_t> count = ElementCount(from.dims);
  std::uint64_t bits = 0;
  if (!count || __builtin_mul_overflow(*count, std::uint64_t{type->bits}, &bits)) {
    return BadTensor(from, name, "has a shape that overflows");
  }
  const std::uint64_t want = bits / 8 + (bits % 8 != 0);
  DescribedTensor tensor;
  tensor.name = std::move(name);
  tensor.role = role;
  tensor.dtype = type->dtype;
  tensor.shape.assign(from.dims.begin(), from.dims.end());
  if (type->dtype == DType::kOpaque) {
    tensor.foreign_dtype = type->name;
    tensor.shape = ShapeOfBlocks(tensor.shape, std::max(1u, 8 / type->bits), 1, want);
  }
  if (from.is_external) {
    DLV_TRY(AddExternal(from, want, std::move(tensor), description));
    return false;
  }
  if (!from.raw.empty() && from.typed_field != 0) {
    return BadTensor(from, tensor.name, "has raw and other values");
  }
  DLV_ASSIGN(tensor.source, ValuesOf(file, from, tensor.name, *type));
  if (tensor.source->size() != want) {
    return BadTensor(from, tensor.name,
                     "has " + std::to_string(tensor.source->size()) + " bytes, its shape wants " +
                         std::to_string(want));
  }
  const auto index = static_cast<std::uint32_t>(description.tensors.size());
  description.tensors.push_back(std::move(tensor));
  const bool varints = from.typed_field == kInt32Data || from.typed_field == kInt64Data ||
                       from.typed_field == kUInt64Data;
  const WireValues& values = from.raw.empty() ? from.typed : from.raw;
  if (varints || !values.is_plain()) return true;  // its bytes are kept as they are, too
  const std::uint64_t item = SizeOf(type->dtype);
  std::uint64_t first = 0;
  for (const WireRun& run : values.runs()) {
    const std::uint64_t size = run.end - run.begin;
    if (size % item != 0) break;  // an element that is cut in two: a complex number
    parts.push_back({run.begin, index, first, size / item});
    first += size / item;
  }
  return true;
}

}  // namespace dlv::interchange
