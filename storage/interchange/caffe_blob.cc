#include "storage/interchange/caffe_blob.h"

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

enum BlobField : std::uint32_t {
  kNum = 1,
  kWidth = 4,
  kBlobData = 5,
  kBlobDiff = 6,
  kBlobShape = 7,
  kBlobDoubleData = 8,
  kBlobDoubleDiff = 9,
};
constexpr std::uint32_t kBlobShapeDim = 1;

Status AddExtent(WireReader& wire, std::uint64_t offset, std::uint64_t value,
                 std::vector<std::uint64_t>& shape) {
  if (value > INT64_MAX) return wire.Bad(offset, "an extent below 0");
  if (shape.size() == kMaxRank) {
    return wire.Bad(offset, "more than " + std::to_string(kMaxRank) + " axes");
  }
  shape.push_back(value);
  return Ok();
}

Status ReadDims(WireReader& wire, const WireField& field, std::vector<std::uint64_t>& shape) {
  DLV_TRY(wire.Enter(field));
  std::uint64_t value = 0;
  while (true) {
    DLV_ASSIGN(const bool more, wire.NextPacked(value));
    if (!more) break;
    DLV_TRY(AddExtent(wire, field.offset, value, shape));
  }
  return wire.Leave();
}

Status ReadShape(WireReader& wire, const WireField& field, std::vector<std::uint64_t>& shape) {
  DLV_TRY(wire.Enter(field));
  WireField part;
  while (true) {
    DLV_ASSIGN(const bool more, wire.Next(part));
    if (!more) break;
    if (part.IsVarint(kBlobShapeDim)) DLV_TRY(AddExtent(wire, part.offset, part.value, shape));
    if (part.IsBytes(kBlobShapeDim)) DLV_TRY(ReadDims(wire, part, shape));
  }
  return wire.Leave();
}

Status AddValues(WireReader& wire, const WireField& field, CaffeBlob& blob) {
  const bool is_double = field.number == kBlobDoubleData || field.number == kBlobDoubleDiff;
  const WireType one = is_double ? WireType::kFixed64 : WireType::kFixed32;
  if (field.type != WireType::kBytes && field.type != one) {
    return wire.Bad(field.offset, "values of another type");
  }
  WireValues& values = field.number == kBlobData         ? blob.data
                       : field.number == kBlobDiff       ? blob.diff
                       : field.number == kBlobDoubleData ? blob.double_data
                                                         : blob.double_diff;
  values.Add(field);
  return Ok();
}

Status ReadField(WireReader& wire, const WireField& field, CaffeBlob& blob) {
  if (field.number >= kNum && field.number <= kWidth && field.type == WireType::kVarint) {
    if (!blob.legacy) blob.legacy = std::vector<std::uint64_t>(4, 0);
    if (field.value > INT32_MAX) return wire.Bad(field.offset, "an extent below 0");
    (*blob.legacy)[field.number - kNum] = field.value;
    return Ok();
  }
  if (field.IsBytes(kBlobShape)) {
    if (blob.shape) return wire.Bad(field.offset, "a second shape");
    blob.shape.emplace();
    return ReadShape(wire, field, *blob.shape);
  }
  const bool values = field.number == kBlobData || field.number == kBlobDiff ||
                      field.number == kBlobDoubleData || field.number == kBlobDoubleDiff;
  if (values) return AddValues(wire, field, blob);
  blob.has_unknown = true;
  return Ok();
}

Error BadBlob(const CaffeBlob& blob, const std::string& name, const std::string& why) {
  return Error{ErrorCode::kCorruption, std::string(kCaffe) + ", offset " +
                                           std::to_string(blob.offset) + ": blob '" +
                                           Printable(name) + "' " + why};
}

Status AddOne(const io::ByteSource& file, const CaffeBlob& blob, const WireValues& values,
              DType dtype, std::string name, TensorRole role, FileDescription& description,
              std::vector<PlacedPart>& parts) {
  DescribedTensor tensor;
  tensor.name = std::move(name);
  tensor.role = role;
  tensor.dtype = dtype;
  const auto item = static_cast<unsigned>(SizeOf(dtype));
  DLV_ASSIGN(tensor.source,
             MakeWireSource(file, values, WireEncoding::kFixed, item, std::string(kCaffe)));
  const std::uint64_t count = tensor.source->size() / item;
  const std::vector<std::uint64_t> shape =
      blob.shape ? *blob.shape : blob.legacy.value_or(std::vector<std::uint64_t>{count});
  const auto want = ElementCount(shape);
  if (!want) return BadBlob(blob, tensor.name, "has a shape that overflows");
  if (*want != count) {
    return BadBlob(
        blob, tensor.name,
        "has " + std::to_string(count) + " values, its shape wants " + std::to_string(*want));
  }
  tensor.shape.assign(shape.begin(), shape.end());
  const auto index = static_cast<std::uint32_t>(description.tensors.size());
  description.tensors.push_back(std::move(tensor));
  if (!values.is_plain()) return Ok();  // one field a value: the bytes are kept as they are, too
  std::uint64_t first = 0;
  for (const WireRun& run : values.runs()) {
    const std::uint64_t elements = (run.end - run.begin) / item;
    parts.push_back({run.begin, index, first, elements});
    first += elements;
  }
  return Ok();
}

}  // namespace

Result<CaffeBlob> ReadCaffeBlobHere(WireReader& wire, std::uint64_t offset) {
  CaffeBlob blob;
  blob.offset = offset;
  WireField field;
  while (true) {
    DLV_ASSIGN(const bool more, wire.Next(field));
    if (!more) return blob;
    DLV_TRY(ReadField(wire, field, blob));
  }
}

Result<CaffeBlob> ReadCaffeBlob(WireReader& wire, const WireField& field) {
  DLV_TRY(wire.Enter(field));
  DLV_ASSIGN(CaffeBlob blob, ReadCaffeBlobHere(wire, field.offset));
  DLV_TRY(wire.Leave());
  return blob;
}

Status AddCaffeBlob(const io::ByteSource& file, const CaffeBlob& blob, const std::string& name,
                    TensorRole role, FileDescription& description, std::vector<PlacedPart>& parts) {
  if (blob.data.empty() && blob.double_data.empty()) {
    description.warnings.push_back("blob '" + Printable(name) +
                                   "' has no values of a kind that is known");
  } else if (!blob.data.empty()) {
    DLV_TRY(AddOne(file, blob, blob.data, DType::kF32, name, role, description, parts));
  } else {
    DLV_TRY(AddOne(file, blob, blob.double_data, DType::kF64, name, role, description, parts));
  }
  const bool doubles = blob.diff.empty();
  const WireValues& gradients = doubles ? blob.double_diff : blob.diff;
  if (gradients.empty()) return Ok();
  return AddOne(file, blob, gradients, doubles ? DType::kF64 : DType::kF32, name + ".diff",
                TensorRole::kOther, description, parts);
}

}  // namespace dlv::interchange
