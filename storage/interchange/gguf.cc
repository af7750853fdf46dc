// GGUF, versions 2 and 3: key-value pairs, descriptions of tensors, data at aligned offsets. Blocks
// of quantised elements stay opaque, with the name of their type.

#include <algorithm>
#include <charconv>
#include <set>

#include "storage/interchange/block_types.h"
#include "storage/interchange/formats.h"
#include "storage/interchange/gguf_types.h"
#include "storage/interchange/placed_tensors.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/sequential_reader.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kGguf = "gguf";
constexpr std::uint64_t kMaxPairs = 100'000;
constexpr std::uint64_t kMaxGgufTensors = 1'000'000;
constexpr std::uint64_t kMaxKeyBytes = 65'535;
constexpr std::uint64_t kMaxTextBytes = 64u << 20;
constexpr std::uint64_t kMaxGgufNameBytes = 4096;
constexpr std::uint64_t kMaxAlignment = 1u << 20;
constexpr std::uint32_t kMaxGgufRank = 4;
constexpr unsigned kMaxArrayDepth = 4;
constexpr std::uint64_t kShownItems = 8;
constexpr std::size_t kShownText = 4096;
constexpr std::size_t kMaxGgufMetadata = 4096;

enum ValueType : std::uint32_t {
  kU8 = 0,
  kI8 = 1,
  kU16 = 2,
  kI16 = 3,
  kU32 = 4,
  kI32 = 5,
  kF32 = 6,
  kBool = 7,
  kText = 8,
  kArray = 9,
  kU64 = 10,
  kI64 = 11,
  kF64 = 12,
};

/// Bytes of a value of fixed size; 0 for others.
constexpr std::uint64_t SizeOfValue(std::uint32_t type) {
  constexpr std::uint64_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < std::size(kSizes) ? kSizes[type] : 0;
}

template <class T>
std::string Shown(T value) {
  char buffer[40];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string("?");
}

struct Info {
  std::uint64_t at = 0;  // of its description
  std::string name;
  std::vector<std::uint64_t> shape;  // C order
  std::uint32_t type = 0;
  std::uint64_t offset = 0;  // in the data
};

class GgufReader {
 public:
  explicit GgufReader(const io::ByteSource& file) : file_(file), in_(file, kGguf) {}

  Result<FileDescription> Run() {
    description_.format = kGguf;
    DLV_TRY(Header());
    for (std::uint64_t i = 0; i < pair_count_; ++i) DLV_TRY(Pair());
    std::vector<Info> infos;
    std::set<std::string> names;
    for (std::uint64_t i = 0; i < tensor_count_; ++i) {
      DLV_ASSIGN(Info info, TensorInfoHere());
      if (!names.insert(info.name).second) {
        return in_.Bad("tensor '" + Printable(info.name) + "' stands twice");
      }
      infos.push_back(std::move(info));
    }
    data_ = (in_.offset() + alignment_ - 1) / alignment_ * alignment_;
    if (data_ > file_.size()) {
      if (!infos.empty()) return in_.Bad("the data would begin at " + std::to_string(data_));
      data_ = file_.size();
    }
    DLV_TRY(AddTensors(infos));
    DLV_TRY(BuildPlacedRecipe(file_, std::move(parts_), kGguf, description_));
    return std::move(description_);
  }

 private:
  Status Header() {
    DLV_TRY(in_.Skip(4));
    DLV_ASSIGN(const auto version, in_.Number<std::uint32_t>());
    if (version == __builtin_bswap32(2) || version == __builtin_bswap32(3)) {
      Error error{ErrorCode::kUnsafe, "gguf, offset 4: a big-endian file, want a little-endian one",
                  "convert it, or keep it unread with --as-file"};
      return error;
    }
    if (version != 2 && version != 3) {
      return Error{ErrorCode::kUnsupported,
                   "gguf, offset 4: version " + std::to_string(version) + ", want 2 or 3"};
    }
    DLV_ASSIGN(tensor_count_, in_.Number<std::uint64_t>());
    DLV_ASSIGN(pair_count_, in_.Number<std::uint64_t>());
    if (tensor_count_ > kMaxGgufTensors) {
      return in_.Unsafe(std::to_string(tensor_count_) + " tensors, at most " +
                        std::to_string(kMaxGgufTensors));
    }
    if (pair_count_ > kMaxPairs) {
      return in_.Unsafe(std::to_string(pair_count_) + " keys, at most " +
                        std::to_string(kMaxPairs));
    }
    description_.metadata.emplace_back("gguf.version", std::to_string(version));
    return Ok();
  }

  Result<std::string> SizedText(std::uint64_t limit) {
    DLV_ASSIGN(const auto size, in_.Number<std::uint64_t>());
    return in_.Text(size, limit);
  }

  Status Pair() {
    DLV_ASSIGN(std::string key, SizedText(kMaxKeyBytes));
    const bool plain = !key.empty() && std::all_of(key.begin(), key.end(),
                                                   [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain) return in_.Bad("bad key '" + Printable(key) + "'");
    if (!keys_.insert(key).second) return in_.Bad("key '" + Printable(key) + "' stands twice");
    DLV_ASSIGN(const auto type, in_.Number<std::uint32_t>());
    if (key == "general.alignment") return Alignment(type);
    std::string shown;
    DLV_TRY(Value(type, 1, &shown));
    if (!shown.empty() && description_.metadata.size() < kMaxGgufMetadata) {
      description_.metadata.emplace_back(std::move(key), std::move(shown));
    }
    return Ok();
  }

  Status Alignment(std::uint32_t type) {
    if (type != kU32) return in_.Bad("general.alignment is no u32");
    DLV_ASSIGN(const auto value, in_.Number<std::uint32_t>());
    if (value == 0 || (value & (value - 1)) != 0 || value > kMaxAlignment) {
      return in_.Bad("general.alignment " + std::to_string(value) +
                     ", want a power of two up to 1048576");
    }
    alignment_ = value;
    description_.metadata.emplace_back("general.alignment", std::to_string(value));
    return Ok();
  }

  template <class T>
  Status Scalar(std::string* shown) {
    DLV_ASSIGN(const T value, in_.Number<T>());
    if (shown != nullptr) *shown = Shown(value);
    return Ok();
  }

  /// Reads a value; puts it into `shown` where that is wanted and short.
  Status Value(std::uint32_t type, unsigned depth, std::string* shown) {
    switch (type) {
      case kU8:
        return Scalar<std::uint8_t>(shown);
      case kI8:
        return Scalar<std::int8_t>(shown);
      case kU16:
        return Scalar<std::uint16_t>(shown);
      case kI16:
        return Scalar<std::int16_t>(shown);
      case kU32:
        return Scalar<std::uint32_t>(shown);
      case kI32:
        return Scalar<std::int32_t>(shown);
      case kU64:
        return Scalar<std::uint64_t>(shown);
      case kI64:
        return Scalar<std::int64_t>(shown);
      case kF32:
        return Scalar<float>(shown);
      case kF64:
        return Scalar<double>(shown);
      case kBool: {
        DLV_ASSIGN(const auto value, in_.Number<std::uint8_t>());
        if (value > 1) return in_.Bad("a truth value of " + std::to_string(value));
        if (shown != nullptr) *shown = value != 0 ? "true" : "false";
        return Ok();
      }
      case kText:
        return TextValue(shown);
      case kArray:
        return Array(depth, shown);
      default:
        return in_.Bad("values of type " + std::to_string(type) + " are not known");
    }
  }

  Status TextValue(std::string* shown) {
    DLV_ASSIGN(const auto size, in_.Number<std::uint64_t>());
    if (size > kMaxTextBytes) {
      return in_.Unsafe("a text of " + std::to_string(size) + " bytes, at most " +
                        std::to_string(kMaxTextBytes));
    }
    if (shown == nullptr) return in_.Skip(size);
    DLV_ASSIGN(const std::string text, in_.Text(size, kMaxTextBytes));
    *shown = Printable(text, kShownText);
    return Ok();
  }

  Status Array(unsigned depth, std::string* shown) {
    if (depth > kMaxArrayDepth) return in_.Unsafe("arrays nest more than 4 deep");
    DLV_ASSIGN(const auto type, in_.Number<std::uint32_t>());
    DLV_ASSIGN(const auto count, in_.Number<std::uint64_t>());
    const std::uint64_t item = SizeOfValue(type);
    const std::uint64_t least = item != 0 ? item : 8;  // a text has a length, an array 12 bytes
    if (count > in_.left() / least) {
      return in_.Bad("an array of " + std::to_string(count) + " values, " +
                     std::to_string(in_.left()) + " bytes are left");
    }
    const bool show = shown != nullptr && count <= kShownItems;
    if (item != 0 && type != kBool && !show) return in_.Skip(count * item);
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string one;
      DLV_TRY(Value(type, depth + 1, show ? &one : nullptr));
      if (show) text += (i == 0 ? "" : ", ") + one;
    }
    if (show) *shown = Printable("[" + text + "]", kShownText);
    if (shown != nullptr && !show) *shown = "[" + std::to_string(count) + " values]";
    return Ok();
  }

  Result<Info> TensorInfoHere() {
    Info info;
    info.at = in_.offset();
    DLV_ASSIGN(info.name, SizedText(kMaxGgufNameBytes));
    if (!IsTensorName(info.name)) return in_.Bad("bad tensor name '" + Printable(info.name) + "'");
    DLV_ASSIGN(const auto rank, in_.Number<std::uint32_t>());
    if (rank > kMaxGgufRank) {
      return in_.Bad("tensor '" + Printable(info.name) + "' has " + std::to_string(rank) +
                     " axes, at most 4");
    }
    for (std::uint32_t i = 0; i < rank; ++i) {
      DLV_ASSIGN(const auto extent, in_.Number<std::uint64_t>());
      info.shape.insert(info.shape.begin(), extent);  // the file begins with the innermost axis
    }
    DLV_ASSIGN(info.type, in_.Number<std::uint32_t>());
    DLV_ASSIGN(info.offset, in_.Number<std::uint64_t>());
    if (info.offset % alignment_ != 0) {
      return in_.Bad("tensor '" + Printable(info.name) + "' lies at " +
                     std::to_string(info.offset) + ", no multiple of " +
                     std::to_string(alignment_));
    }
    return info;
  }

  Error BadTensor(const Info& info, const std::string& why) const {
    return Error{ErrorCode::kCorruption, std::string(kGguf) + ", offset " +
                                             std::to_string(info.at) + ": tensor '" +
                                             Printable(info.name) + "' " + why};
  }

  Status AddTensors(const std::vector<Info>& infos) {
    std::vector<std::uint64_t> offsets;
    for (const Info& info : infos) offsets.push_back(info.offset);
    std::sort(offsets.begin(), offsets.end());
    const std::uint64_t data_bytes = file_.size() - data_;
    for (const Info& info : infos) {
      const auto* type = std::find_if(kGgufTypes.begin(), kGgufTypes.end(),
                                      [&](const GgufType& t) { return t.number == info.type; });
      if (type != kGgufTypes.end()) {
        DLV_TRY(Add(info, *type, data_bytes));
        continue;
      }
      // Of a type that came later: as far as the next one.
      const auto next = std::upper_bound(offsets.begin(), offsets.end(), info.offset);
      const std::uint64_t end = next == offsets.end() ? data_bytes : *next;
      if (info.offset > end || end > data_bytes) return BadTensor(info, "leaves the file");
      const std::string name = "type " + std::to_string(info.type);
      description_.warnings.push_back("tensor '" + Printable(info.name) + "' has the unknown " +
                                      name + " and is kept as bytes");
      Put(info, DType::kOpaque, name, {end - info.offset}, end - info.offset);
    }
    return Ok();
  }

  Status Add(const Info& info, const GgufType& type, std::uint64_t data_bytes) {
    const auto count = ElementCount(info.shape);
    std::uint64_t bytes = 0;
    if (!count || *count % type.block_elements != 0 ||
        (type.block_elements > 1 && !info.shape.empty() &&
         info.shape.back() % type.block_elements != 0) ||
        __builtin_mul_overflow(*count / type.block_elements, std::uint64_t{type.block_bytes},
                               &bytes)) {
      return BadTensor(info, "has a shape that " + std::string(type.name) + " cannot have");
    }
    if (info.offset > data_bytes || bytes > data_bytes - info.offset) {
      return BadTensor(info, "has " + std::to_string(bytes) + " bytes at " +
                                 std::to_string(info.offset) + " of " + std::to_string(data_bytes));
    }
    const bool opaque = type.dtype == DType::kOpaque;
    Put(info, type.dtype, opaque ? std::string(type.name) : std::string(),
        opaque ? BlockShape(info.shape, type, bytes) : info.shape, bytes);
    return Ok();
  }

  static std::vector<std::uint64_t> BlockShape(const std::vector<std::uint64_t>& elements,
                                               const GgufType& type, std::uint64_t bytes) {
    const std::vector<std::int64_t> shape = ShapeOfBlocks(
        {elements.begin(), elements.end()}, type.block_elements, type.block_bytes, bytes);
    return {shape.begin(), shape.end()};
  }

  void Put(const Info& info, DType dtype, std::string foreign,
           const std::vector<std::uint64_t>& shape, std::uint64_t bytes) {
    DescribedTensor tensor;
    tensor.name = info.name;
    tensor.role = RoleOfName(info.name);
    tensor.dtype = dtype;
    tensor.foreign_dtype = std::move(foreign);
    tensor.shape.assign(shape.begin(), shape.end());
    tensor.source = MakeRange(file_, data_ + info.offset, bytes);
    const auto index = static_cast<std::uint32_t>(description_.tensors.size());
    description_.tensors.push_back(std::move(tensor));
    parts_.push_back(PlaceWhole(description_, index, data_ + info.offset));
  }

  const io::ByteSource& file_;
  SequentialReader in_;
  FileDescription description_;
  std::vector<PlacedPart> parts_;
  std::set<std::string> keys_;
  std::uint64_t tensor_count_ = 0;
  std::uint64_t pair_count_ = 0;
  std::uint64_t alignment_ = 32;
  std::uint64_t data_ = 0;
};

}  // namespace

bool SniffGguf(const Probe& probe) {
  constexpr std::string_view kMagic = "GGUF";
  return probe.head.size() >= kMagic.size() &&
         std::string_view(reinterpret_cast<const char*>(probe.head.data()), kMagic.size()) ==
             kMagic;
}

Result<FileDescription> DescribeGguf(const Probe& probe, const DescribeOptions& options) {
  DLV_ASSIGN(FileDescription description, GgufReader(*probe.file).Run());
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
