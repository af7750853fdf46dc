// safetensors: u64 header size, JSON header, data without gaps.

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include "storage/interchange/block_types.h"
#include "storage/interchange/formats.h"
#include "storage/interchange/json_scanner.h"
#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/safetensors_metadata.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kPrefixBytes = 8;
constexpr unsigned kMaxHeaderDepth = 8;
constexpr std::size_t kMaxMetadataValue = 16u << 20;
constexpr std::size_t kMaxSafetensors = 1'000'000;

struct DTypeName {
  std::string_view name;
  DType dtype;
};
constexpr std::array<DTypeName, 17> kSafetensorsTypes = {{{"BOOL", DType::kBool},
                                                          {"U8", DType::kU8},
                                                          {"I8", DType::kI8},
                                                          {"U16", DType::kU16},
                                                          {"I16", DType::kI16},
                                                          {"U32", DType::kU32},
                                                          {"I32", DType::kI32},
                                                          {"U64", DType::kU64},
                                                          {"I64", DType::kI64},
                                                          {"F16", DType::kF16},
                                                          {"BF16", DType::kBF16},
                                                          {"F32", DType::kF32},
                                                          {"F64", DType::kF64},
                                                          {"F8_E4M3", DType::kF8E4M3},
                                                          {"F8_E5M2", DType::kF8E5M2},
                                                          {"C64", DType::kComplex64},
                                                          {"C128", DType::kComplex128}}};

struct HeaderEntry {
  std::string name;
  std::string dtype_name;
  DType dtype = DType::kOpaque;
  std::string foreign_dtype;  // kOpaque: for people, and for exports where it is a name alone
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::string ShapeText(const Shape& shape) {
  std::string text;
  for (const std::int64_t extent : shape)
    text += (text.empty() ? "" : ", ") + std::to_string(extent);
  return "[" + text + "]";
}

Result<std::uint64_t> HeaderSize(const Probe& probe) {
  std::uint64_t size = 0;
  if (probe.head.size() <= kPrefixBytes) return size;
  std::memcpy(&size, probe.head.data(), sizeof size);
  return size;
}

class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::uint64_t data_bytes, FileDescription& out)
      : json_(text, "safetensors header", kPrefixBytes), data_bytes_(data_bytes), out_(out) {}

  /// Only the metadata: tensors are passed over.
  Status RunMetadata() {
    DLV_TRY(json_.Expect('{'));
    for (bool more = !json_.Accept('}'); more;) {
      DLV_ASSIGN(const std::string name, json_.String());
      DLV_TRY(json_.Expect(':'));
      if (name == "__metadata__") {
        DLV_TRY(Metadata());
      } else {
        DLV_TRY(json_.Skip(kMaxHeaderDepth));
      }
      DLV_ASSIGN(more, json_.More('}'));
    }
    return json_.ExpectEnd();
  }

  Result<std::vector<HeaderEntry>> Run() {
    std::vector<HeaderEntry> entries;
    DLV_TRY(json_.Expect('{'));
    std::set<std::string> names;
    for (bool more = !json_.Accept('}'); more;) {
      DLV_ASSIGN(std::string name, json_.String());
      if (!names.insert(name).second)
        return json_.Bad("key '" + Printable(name) + "' stands twice");
      DLV_TRY(json_.Expect(':'));
      if (name == "__metadata__") {
        DLV_TRY(Metadata());
      } else {
        if (!IsTensorName(name)) return json_.Bad("bad tensor name '" + Printable(name) + "'");
        if (entries.size() == kMaxSafetensors) return json_.Bad("more than a million tensors");
        DLV_ASSIGN(HeaderEntry entry, Tensor());
        entry.name = std::move(name);
        DLV_TRY(CheckSize(entry));
        entries.push_back(std::move(entry));
      }
      DLV_ASSIGN(more, json_.More('}'));
    }
    DLV_TRY(json_.ExpectEnd());
    WarnOfUnknown();
    return entries;
  }

 private:
  Status Metadata() {
    if (json_.Peek() == 'n') return json_.Null();
    DLV_TRY(json_.Expect('{'));
    std::set<std::string> keys;
    for (bool more = !json_.Accept('}'); more;) {
      DLV_ASSIGN(std::string key, json_.String());
      if (!keys.insert(key).second) return json_.Bad("key '" + Printable(key) + "' stands twice");
      DLV_TRY(json_.Expect(':'));
      DLV_ASSIGN(std::string value, json_.String(kMaxMetadataValue));
      out_.metadata.emplace_back(std::move(key), std::move(value));
      DLV_ASSIGN(more, json_.More('}'));
    }
    return Ok();
  }

  Result<HeaderEntry> Tensor() {
    HeaderEntry entry;
    unsigned seen = 0;
    DLV_TRY(json_.Expect('{'));
    for (bool more = !json_.Accept('}'); more;) {
      DLV_ASSIGN(const std::string key, json_.String());
      DLV_TRY(json_.Expect(':'));
      const unsigned bit = key == "dtype"          ? 1u
                           : key == "shape"        ? 2u
                           : key == "data_offsets" ? 4u
                                                   : 0u;
      if ((seen & bit) != 0) return json_.Bad("key '" + key + "' stands twice");
      seen |= bit;
      if (bit == 1) {
        DLV_ASSIGN(entry.dtype_name, json_.String(64));
      } else if (bit == 2) {
        DLV_ASSIGN(entry.shape, Integers(kMaxRank));
      } else if (bit == 4) {
        DLV_ASSIGN(const std::vector<std::uint64_t> range, Integers(2));
        if (range.size() != 2) return json_.Bad("want two data_offsets");
        entry.begin = range[0];
        entry.end = range[1];
      } else {
        DLV_TRY(json_.Skip(kMaxHeaderDepth - 2));  // readers ignore what they do not know
      }
      DLV_ASSIGN(more, json_.More('}'));
    }
    if (seen != 7) return json_.Bad("tensor without dtype, shape or data_offsets");
    return entry;
  }

  Result<std::vector<std::uint64_t>> Integers(std::size_t limit) {
    std::vector<std::uint64_t> values;
    DLV_TRY(json_.Expect('['));
    for (bool more = !json_.Accept(']'); more;) {
      if (values.size() == limit)
        return json_.Bad("more than " + std::to_string(limit) + " numbers");
      DLV_ASSIGN(const std::uint64_t value, json_.Unsigned());
      values.push_back(value);
      DLV_ASSIGN(more, json_.More(']'));
    }
    return values;
  }

  Status CheckSize(HeaderEntry& entry) {
    const std::string shown = "tensor '" + Printable(entry.name) + "'";
    if (entry.begin > entry.end || entry.end > data_bytes_) {
      return json_.Bad(shown + " lies at " + std::to_string(entry.begin) + " to " +
                       std::to_string(entry.end) + " of " + std::to_string(data_bytes_) + " bytes");
    }
    const auto count = ElementCount(entry.shape);
    if (!count) return json_.Bad(shown + " has a shape that overflows");
    const auto* known =
        std::find_if(kSafetensorsTypes.begin(), kSafetensorsTypes.end(),
                     [&](const DTypeName& d) { return d.name == entry.dtype_name; });
    const std::uint64_t bytes = entry.end - entry.begin;
    if (known != kSafetensorsTypes.end()) {
      entry.dtype = known->dtype;
      return CheckBits(shown, *count, 8 * SizeOf(entry.dtype), bytes);
    }
    entry.foreign_dtype = Printable(entry.dtype_name);
    const PackedFloat* const packed = FindPackedFloat(entry.dtype_name);
    if (packed == nullptr) {
      unknown_[entry.foreign_dtype].push_back(shown);
      entry.shape = {bytes};
      return Ok();
    }
    DLV_TRY(CheckBits(shown, *count, 8 * packed->block_bytes / packed->block_elements, bytes));
    KeepShape(*packed, entry);
    return Ok();
  }

  /// The shape becomes that of the bytes. Where that does not tell it, the type's name does, and
  /// stands for no type that can be exported.
  static void KeepShape(const PackedFloat& type, HeaderEntry& entry) {
    if (type.block_elements == type.block_bytes) return;
    const Shape elements(entry.shape.begin(), entry.shape.end());
    const Shape stored =
        ShapeOfBlocks(elements, type.block_elements, type.block_bytes, entry.end - entry.begin);
    if (ShapeOfElements(type.name, stored) != elements)
      entry.foreign_dtype += " of " + ShapeText(elements);
    entry.shape.assign(stored.begin(), stored.end());
  }

  void WarnOfUnknown() {
    for (const auto& [type, shown] : unknown_) {
      const std::size_t others = shown.size() - 1;
      const std::string more = others == 0 ? "" : " (and " + std::to_string(others) + " more)";
      out_.warnings.push_back(shown.front() + more + " has the unknown dtype '" + type +
                              "' and is kept as bytes");
    }
  }

  Status CheckBits(const std::string& shown, std::uint64_t count, std::uint64_t bits,
                   std::uint64_t bytes) {
    std::uint64_t want = 0;
    if (!__builtin_mul_overflow(count, bits, &want) && want % 8 == 0 && want / 8 == bytes)
      return Ok();
    return json_.Bad(shown + " has " + std::to_string(bytes) + " bytes, its shape wants " +
                     std::to_string(want / 8) + (want % 8 == 0 ? "" : " and a part of one"));
  }

  JsonScanner json_;
  std::uint64_t data_bytes_;
  FileDescription& out_;
  std::map<std::string, std::vector<std::string>> unknown_;  // tensors by dtype
};

Error ShorterThanHeader(std::uint64_t header_bytes, std::uint64_t file_bytes) {
  return Error{ErrorCode::kCorruption, "safetensors, offset 0: header of " +
                                           std::to_string(header_bytes) + " bytes, the file has " +
                                           std::to_string(file_bytes)};
}

Result<std::string> ReadHeader(const io::ByteSource& file, std::uint64_t header_bytes) {
  if (header_bytes > file.size() - kPrefixBytes)
    return ShorterThanHeader(header_bytes, file.size());
  std::string text(static_cast<std::size_t>(header_bytes), '\0');
  DLV_TRY(file.ReadAt(kPrefixBytes, std::as_writable_bytes(std::span(text.data(), text.size()))));
  return text;
}

// Data must be covered exactly once. Returns the order in which the tensors lie.
Result<std::vector<std::uint32_t>> DataOrder(const std::vector<HeaderEntry>& entries,
                                             std::uint64_t data_offset, std::uint64_t data_bytes) {
  std::vector<std::uint32_t> order(entries.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(entries[a].begin, entries[a].end) <
           std::pair(entries[b].begin, entries[b].end);
  });
  std::uint64_t at = 0;
  for (const std::uint32_t i : order) {
    if (entries[i].begin != at) {
      return Error{ErrorCode::kCorruption, "safetensors data, offset " +
                                               std::to_string(data_offset + at) + ": tensor '" +
                                               Printable(entries[i].name) + "' begins at " +
                                               std::to_string(entries[i].begin) + ", want " +
                                               std::to_string(at) + " (a gap or an overlap)"};
    }
    at = entries[i].end;
  }
  if (at != data_bytes) {
    return Error{ErrorCode::kCorruption,
                 "safetensors data, offset " + std::to_string(data_offset + at) + ": " +
                     std::to_string(data_bytes - at) + " bytes belong to no tensor"};
  }
  return order;
}

}  // namespace

bool SniffSafetensors(const Probe& probe) {
  const Result<std::uint64_t> size = HeaderSize(probe);
  return probe.head.size() > kPrefixBytes && probe.head[kPrefixBytes] == std::byte{'{'} &&
         *size <= kMaxSafetensorsHeaderBytes;
}

Result<std::vector<std::pair<std::string, std::string>>> ReadSafetensorsMetadata(
    const io::ByteSource& file) {
  std::uint64_t header_bytes = 0;
  if (file.size() < kPrefixBytes) return ShorterThanHeader(kPrefixBytes, file.size());
  DLV_TRY(file.ReadAt(0, std::as_writable_bytes(std::span(&header_bytes, 1))));
  DLV_ASSIGN(const std::string text, ReadHeader(file, header_bytes));
  FileDescription description;
  DLV_TRY(HeaderReader(text, 0, description).RunMetadata());
  return std::move(description.metadata);
}

Result<FileDescription> DescribeSafetensors(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  DLV_ASSIGN(const std::uint64_t header_bytes, HeaderSize(probe));
  DLV_ASSIGN(const std::string text, ReadHeader(file, header_bytes));
  const std::uint64_t data_offset = kPrefixBytes + header_bytes;
  const std::uint64_t data_bytes = file.size() - data_offset;
  FileDescription description;
  description.format = "safetensors";
  DLV_ASSIGN(const std::vector<HeaderEntry> entries,
             HeaderReader(text, data_bytes, description).Run());
  DLV_ASSIGN(const std::vector<std::uint32_t> order, DataOrder(entries, data_offset, data_bytes));
  for (const HeaderEntry& entry : entries) {
    DescribedTensor tensor;
    tensor.name = entry.name;
    tensor.role = RoleOfName(entry.name);
    tensor.dtype = entry.dtype;
    tensor.foreign_dtype = entry.foreign_dtype;
    tensor.shape.assign(entry.shape.begin(), entry.shape.end());
    tensor.source = MakeRange(file, data_offset + entry.begin, entry.end - entry.begin);
    description.tensors.push_back(std::move(tensor));
  }
  RecipeBuilder builder;
  builder.LiteralRange(file, 0, data_offset);
  for (const std::uint32_t i : order) {
    if (auto part = WholeTensor(description.tensors[i], i)) builder.Tensor(std::move(*part));
  }
  builder.Finish(description);
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
