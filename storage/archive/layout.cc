#include "storage/archive/layout.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "storage/archive/canonical.h"

namespace dlv::archive {
namespace {

constexpr const char* kLayoutText = "layout";
constexpr std::uint64_t kMaxRank = 64;
constexpr std::uint8_t kFortran = 1, kBigEndian = 2, kInStrip = 4;

std::string CheckTensor(const LayoutTensor& tensor) {
  if (tensor.role > TensorRole::kOther) return "unknown role";
  if (static_cast<std::uint16_t>(tensor.dtype) >= kDTypeCount) return "unknown dtype";
  if (tensor.name.size() > kMaxNameBytes || tensor.foreign_dtype.size() > kMaxNameBytes)
    return "too long a name";
  if (tensor.dtype != DType::kOpaque && !tensor.foreign_dtype.empty())
    return "foreign type of a known dtype";
  if (tensor.shape.size() > kMaxRank) return "rank above " + std::to_string(kMaxRank);
  const auto count = ElementCount(tensor.shape);
  if (!count.ok()) return count.error().message;
  if (tensor.in_strip && (*count == 0 || *count > kMaxStripMemberBytes / SizeOf(tensor.dtype)))
    return "in a strip, with " + std::to_string(*count) + " elements";
  return {};
}

std::string CheckLayout(const Layout& layout) {
  std::set<std::tuple<std::uint32_t, TensorRole, std::string_view>> keys;
  for (const LayoutTensor& tensor : layout.tensors) {
    if (const std::string why = CheckTensor(tensor); !why.empty())
      return "tensor \"" + tensor.name + "\": " + why;
    if (!keys.emplace(tensor.file, tensor.role, tensor.name).second) {
      return "tensor \"" + tensor.name + "\" stands twice in one file";
    }
  }
  return {};
}

bool HasStrips(const Layout& layout) {
  return std::ranges::any_of(layout.tensors, &LayoutTensor::in_strip);
}

void Put(io::ByteWriter& out, const Layout& layout) {
  PutPreamble(out, LayoutFormat::kMagic, HasStrips(layout) ? LayoutFormat::kStrips : 0);
  out.PutVarint(layout.tensors.size());
  for (const LayoutTensor& tensor : layout.tensors) {
    out.PutVarint(tensor.file);
    out.Put(static_cast<std::uint8_t>(tensor.role));
    out.PutString(tensor.name);
    out.PutVarint(static_cast<std::uint64_t>(tensor.dtype));
    if (tensor.dtype == DType::kOpaque) out.PutString(tensor.foreign_dtype);
    out.Put(static_cast<std::uint8_t>((tensor.fortran_order ? kFortran : 0) |
                                      (tensor.big_endian ? kBigEndian : 0) |
                                      (tensor.in_strip ? kInStrip : 0)));
    out.PutVarint(tensor.shape.size());
    for (const std::int64_t extent : tensor.shape)
      out.PutVarint(static_cast<std::uint64_t>(extent));
  }
}

Status GetTensor(io::ByteReader& in, bool strips, LayoutTensor& tensor) {
  DLV_ASSIGN(const std::uint64_t file, in.GetVarint());
  if (file > UINT32_MAX) return in.Bad("impossible file ordinal");
  tensor.file = static_cast<std::uint32_t>(file);
  DLV_ASSIGN(const std::uint8_t role, in.Get<std::uint8_t>());
  tensor.role = static_cast<TensorRole>(role);  // checked by CheckTensor
  DLV_ASSIGN(tensor.name, in.GetString(kMaxNameBytes));
  DLV_ASSIGN(const std::uint64_t dtype, in.GetVarint());
  if (dtype >= kDTypeCount) return in.Bad("unknown dtype " + std::to_string(dtype));
  tensor.dtype = static_cast<DType>(dtype);
  if (tensor.dtype == DType::kOpaque) {
    DLV_ASSIGN(tensor.foreign_dtype, in.GetString(kMaxNameBytes));
  }
  DLV_ASSIGN(const std::uint8_t flags, in.Get<std::uint8_t>());
  if (flags > (kFortran | kBigEndian | (strips ? kInStrip : 0))) return in.Bad("unknown flags");
  tensor.fortran_order = (flags & kFortran) != 0;
  tensor.big_endian = (flags & kBigEndian) != 0;
  tensor.in_strip = (flags & kInStrip) != 0;
  DLV_ASSIGN(const std::uint64_t rank, in.GetCount(1));
  if (rank > kMaxRank) return in.Bad("rank above its limit");
  for (std::uint64_t i = 0; i < rank; ++i) {
    DLV_ASSIGN(const std::uint64_t extent, in.GetVarint());
    if (extent > kMaxElementCount) return in.Bad("impossible extent");
    tensor.shape.push_back(static_cast<std::int64_t>(extent));
  }
  return Ok();
}

}  // namespace

Result<std::uint64_t> ElementCount(const Shape& shape) {
  std::uint64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0)
      return Error{ErrorCode::kInvalidArgument, "negative extent " + std::to_string(extent)};
  }
  // A zero anywhere makes the tensor empty, however large the other extents are.
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return std::uint64_t{0};
  for (const std::int64_t extent : shape) {
    if (static_cast<std::uint64_t>(extent) > kMaxElementCount / count) {
      return Error{ErrorCode::kInvalidArgument, "more than 2^56 elements"};
    }
    count *= static_cast<std::uint64_t>(extent);
  }
  return count;
}

Result<std::vector<std::byte>> EncodeLayout(const Layout& layout) {
  if (const std::string why = CheckLayout(layout); !why.empty()) {
    return Error{ErrorCode::kInvalidArgument, "layout: " + why};
  }
  io::ByteWriter out;
  Put(out, layout);
  if (const auto again = DecodeLayout(out.bytes()); !again.ok()) {
    return Error{ErrorCode::kInvalidArgument, again.error().message};
  }
  return out.Take();
}

Result<Layout> DecodeLayout(std::span<const std::byte> bytes) {
  io::ByteReader in(bytes, kLayoutText);
  DLV_ASSIGN(const std::uint32_t features,
             GetPreamble(in, LayoutFormat::kMagic, kLayoutText, LayoutFormat::kStrips));
  const bool strips = (features & LayoutFormat::kStrips) != 0;
  Layout layout;
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(6));
  if (count > kMaxLayoutTensors) return in.Bad("more tensors than a layout may have");
  layout.tensors.resize(static_cast<std::size_t>(count));
  for (LayoutTensor& tensor : layout.tensors) DLV_TRY(GetTensor(in, strips, tensor));
  DLV_TRY(in.ExpectEnd());
  if (strips != HasStrips(layout)) return in.Bad("has the feature of strips, and none");
  if (const std::string why = CheckLayout(layout); !why.empty()) return in.Bad(why);
  return layout;
}

}  // namespace dlv::archive
