#include "storage/interchange/npy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxNpyHeaderBytes = 64u << 10;
constexpr unsigned kMaxTypeDepth = 8;

struct KindName {
  std::string_view name;  // without the byte order
  DType dtype;
};
constexpr std::array<KindName, 15> kNumpyKinds = {{{"b1", DType::kBool},
                                                   {"u1", DType::kU8},
                                                   {"i1", DType::kI8},
                                                   {"u2", DType::kU16},
                                                   {"i2", DType::kI16},
                                                   {"u4", DType::kU32},
                                                   {"i4", DType::kI32},
                                                   {"u8", DType::kU64},
                                                   {"i8", DType::kI64},
                                                   {"f2", DType::kF16},
                                                   {"f4", DType::kF32},
                                                   {"f8", DType::kF64},
                                                   {"c8", DType::kComplex64},
                                                   {"c16", DType::kComplex128},
                                                   {"bfloat16", DType::kBF16}}};

// A parser of Python literals as numpy writes them in headers: dict, list, tuple, str, int, True,
// False, None.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::uint64_t base) : text_(text), base_(base) {}

  Result<NpyHeader> Run() {
    NpyHeader header;
    unsigned seen = 0;
    DLV_TRY(Expect('{'));
    while (!Accept('}')) {
      DLV_ASSIGN(const std::string key, String());
      DLV_TRY(Expect(':'));
      const unsigned bit = key == "descr"           ? 1u
                           : key == "fortran_order" ? 2u
                           : key == "shape"         ? 4u
                                                    : 8u;
      if (bit == 8 || (seen & bit) != 0) return Bad("unexpected key '" + Printable(key) + "'");
      seen |= bit;
      if (bit == 1) DLV_TRY(Type(header));
      if (bit == 2) {
        DLV_ASSIGN(header.fortran_order, Boolean());
      }
      if (bit == 4) {
        DLV_ASSIGN(header.shape, Integers());
      }
      if (!Accept(',')) {
        DLV_TRY(Expect('}'));
        break;
      }
    }
    Peek();
    if (at_ != text_.size()) return Bad("text after the header");
    if (seen != 7) return Bad("descr, fortran_order or shape is missing");
    const auto count = ElementCount(header.shape);
    if (!count || __builtin_mul_overflow(*count, header.item_bytes, &header.data_bytes) ||
        header.data_bytes > INT64_MAX) {
      return Bad("shape overflows");
    }
    return header;
  }

 private:
  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kCorruption,
                 "npy header, offset " + std::to_string(base_ + at_) + ": " + why};
  }
  char Peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'))
      ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Accept(char c) {
    if (Peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  Status Expect(char c) {
    if (Accept(c)) return Ok();
    return Bad(std::string("want '") + c + "'");
  }
  Result<std::string> String() {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return Bad("want a string");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return Bad("string is cut off");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.find('\\') != std::string_view::npos) return Bad("escape in a string");
    at_ = end + 1;
    return std::string(inside);
  }
  Result<bool> Boolean() {
    Peek();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    return Bad("want True or False");
  }
  Result<std::uint64_t> Integer() {
    Peek();
    std::uint64_t value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc() || value > INT64_MAX) return Bad("want a size");
    at_ += static_cast<std::size_t>(end - begin);
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // written by Python 2
    return value;
  }
  Result<std::vector<std::uint64_t>> Integers() {
    std::vector<std::uint64_t> values;
    DLV_TRY(Expect('('));
    while (!Accept(')')) {
      if (values.size() == kMaxRank) return Bad("rank over " + std::to_string(kMaxRank));
      DLV_ASSIGN(const std::uint64_t value, Integer());
      values.push_back(value);
      if (!Accept(',')) {
        DLV_TRY(Expect(')'));
        break;
      }
    }
    return values;
  }

  Status Type(NpyHeader& header) {
    if (Peek() == '[') {
      DLV_ASSIGN(header.item_bytes, Structure(0));
      return Ok();
    }
    DLV_ASSIGN(header.descr, String());
    header.objects = header.descr == "|O" || header.descr == "O";
    return header.objects ? Ok() : Simple(header.descr, header);
  }

 public:
 public:
  // "<f4", "|S10", "<U5", "<M8[ns]", "|V2".
  Status Simple(std::string_view descr, NpyHeader& out) {
    const std::string shown = "dtype '" + Printable(descr) + "'";
    if (descr.size() < 2) return Bad("bad " + shown);
    const char order = descr[0];
    if (order != '<' && order != '>' && order != '|' && order != '=') {
      if (descr != "bfloat16") return Bad("bad " + shown);
      descr = "|bfloat16";
    }
    const std::string_view kind = descr.substr(1);
    const auto* known = std::find_if(kNumpyKinds.begin(), kNumpyKinds.end(),
                                     [&](const KindName& k) { return k.name == kind; });
    if (known != kNumpyKinds.end()) {
      out.dtype = known->dtype;
      out.item_bytes = SizeOf(known->dtype);
      out.big_endian = order == '>' && out.item_bytes > 1;
      return Ok();
    }
    if (kind[0] == 'O') {
      return Error{ErrorCode::kUnsafe, "npy header, offset " + std::to_string(base_ + at_) + ": " +
                                           shown +
                                           " holds Python objects, which only a pickle could make"};
    }
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(kind.data() + 1, kind.data() + kind.size(), size);
    const bool plain = end == kind.data() + kind.size();
    const bool time = (kind[0] == 'M' || kind[0] == 'm') && (plain || *end == '[');
    if (error != std::errc() || size > (1u << 28) || !(plain || time) ||
        std::string_view("SaUVfgcGMm").find(kind[0]) == std::string_view::npos) {
      return Bad("unknown " + shown);
    }
    out.item_bytes = kind[0] == 'U' ? size * 4 : size;
    return Ok();
  }

 private:
  // A structured type: [('x', '<f4'), ('y', '<f4', (3,))]. Returns its size; its elements stay
  // opaque.
  Result<std::uint64_t> Structure(unsigned depth) {
    if (depth == kMaxTypeDepth) return Bad("types nest too deep");
    DLV_TRY(Expect('['));
    std::uint64_t total = 0;
    while (!Accept(']')) {
      DLV_ASSIGN(const std::uint64_t size, Field(depth));
      if (__builtin_add_overflow(total, size, &total) || total > INT32_MAX)
        return Bad("type is too large");
      if (!Accept(',')) {
        DLV_TRY(Expect(']'));
        break;
      }
    }
    if (total == 0) return Bad("type without fields");
    return total;
  }
  Result<std::uint64_t> Field(unsigned depth) {
    DLV_TRY(Expect('('));
    if (Accept('(')) {  // (title, name)
      DLV_TRY(String());
      DLV_TRY(Expect(','));
      DLV_TRY(String());
      DLV_TRY(Expect(')'));
    } else {
      DLV_TRY(String());
    }
    DLV_TRY(Expect(','));
    NpyHeader part;
    if (Peek() == '[') {
      DLV_ASSIGN(part.item_bytes, Structure(depth + 1));
    } else {
      DLV_ASSIGN(const std::string descr, String());
      DLV_TRY(Simple(descr, part));
    }
    std::uint64_t size = part.item_bytes;
    if (Accept(',') && Peek() == '(') {
      DLV_ASSIGN(const std::vector<std::uint64_t> shape, Integers());
      const auto count = ElementCount(shape);
      if (!count || __builtin_mul_overflow(size, *count, &size)) return Bad("type is too large");
    }
    DLV_TRY(Expect(')'));
    return size;
  }

  std::string_view text_;
  std::uint64_t base_;
  std::size_t at_ = 0;
};

}  // namespace

Result<NpyHeader> ParseNpyHeaderText(std::string_view text, std::uint64_t base) {
  return HeaderParser(text, base).Run();
}

Status ReadNumpyType(std::string_view descr, NpyHeader& header) {
  return HeaderParser("", 0).Simple(descr, header);
}

Result<NpyHeader> ReadNpyHeader(const io::ByteSource& file) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  const auto bad = [](std::uint64_t offset, const std::string& why) {
    return Error{ErrorCode::kCorruption, "npy, offset " + std::to_string(offset) + ": " + why};
  };
  std::array<char, 12> head{};
  const std::size_t have =
      static_cast<std::size_t>(std::min<std::uint64_t>(head.size(), file.size()));
  DLV_TRY(file.ReadAt(0, std::as_writable_bytes(std::span(head).first(have))));
  if (have < 10 || std::string_view(head.data(), kMagic.size()) != kMagic)
    return bad(0, "no npy magic");
  const int version = head[6];
  if (version < 1 || version > 3 || head[7] != 0) {
    return bad(6, "version " + std::to_string(version) + ", want 1 to 3");
  }
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(head[i])};
  };
  const std::uint64_t begin = version == 1 ? 10 : 12;
  std::uint64_t size = byte(8) | byte(9) << 8;
  if (version != 1) size |= byte(10) << 16 | byte(11) << 24;
  if (size > kMaxNpyHeaderBytes || have < begin || size > file.size() - begin) {
    return bad(8, "header of " + std::to_string(size) + " bytes");
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  DLV_TRY(file.ReadAt(begin, std::as_writable_bytes(std::span(text.data(), text.size()))));
  DLV_ASSIGN(NpyHeader header, ParseNpyHeaderText(text, begin));
  header.data_offset = begin + size;
  if (header.objects) header.data_bytes = file.size() - header.data_offset;
  if (header.data_bytes > file.size() - header.data_offset) {
    return bad(header.data_offset, "the shape wants " + std::to_string(header.data_bytes) +
                                       " bytes, the file has " +
                                       std::to_string(file.size() - header.data_offset));
  }
  return header;
}

std::string_view NumpyDescr(DType dtype) {
  switch (dtype) {
    case DType::kBF16:
      return "<u2";
    case DType::kOpaque:
    case DType::kF8E4M3:
    case DType::kF8E5M2:
      return "|u1";
    case DType::kBool:
      return "|b1";
    case DType::kU8:
      return "|u1";
    case DType::kI8:
      return "|i1";
    case DType::kU16:
      return "<u2";
    case DType::kI16:
      return "<i2";
    case DType::kU32:
      return "<u4";
    case DType::kI32:
      return "<i4";
    case DType::kU64:
      return "<u8";
    case DType::kI64:
      return "<i8";
    case DType::kF16:
      return "<f2";
    case DType::kF32:
      return "<f4";
    case DType::kF64:
      return "<f8";
    case DType::kComplex64:
      return "<c8";
    case DType::kComplex128:
      return "<c16";
  }
  return "|u1";
}

// Fortran order of one axis is C order, and so it is for bytes of an unknown type, whose order
// cannot be told apart.
static bool IsTransposed(const NpyHeader& header) {
  return header.fortran_order && header.dtype != DType::kOpaque && header.data_bytes != 0 &&
         std::count_if(header.shape.begin(), header.shape.end(),
                       [](std::uint64_t extent) { return extent > 1; }) > 1;
}

DescribedTensor TensorOfNpy(const NpyHeader& header, std::shared_ptr<const io::ByteSource> file,
                            std::string name, std::shared_ptr<SlabCache> cache) {
  DescribedTensor tensor;
  tensor.name = std::move(name);
  tensor.dtype = header.dtype;
  tensor.big_endian = header.big_endian;
  tensor.order = header.fortran_order ? MemoryOrder::kFortran : MemoryOrder::kC;
  tensor.shape.assign(header.shape.begin(), header.shape.end());
  if (header.dtype == DType::kOpaque) {
    tensor.shape = {static_cast<std::int64_t>(header.data_bytes)};
    tensor.foreign_dtype = header.descr.empty() ? "structured" : Printable(header.descr);
  }
  tensor.source = MakeRange(std::move(file), header.data_offset, header.data_bytes);
  if (header.big_endian) tensor.source = MakeSwapped(tensor.source, SwapSizeOf(header.dtype));
  if (IsTransposed(header)) {
    StridedView view;
    view.element_size = static_cast<unsigned>(header.item_bytes);
    view.shape = header.shape;
    std::uint64_t stride = 1;
    for (const std::uint64_t extent : header.shape) {
      view.strides.push_back(stride);
      stride *= extent;
    }
    tensor.source = MakeStrided(tensor.source, std::move(view), std::move(cache));
  }
  return tensor;
}

std::optional<TensorPart> InstructionOfNpy(const NpyHeader& header, const DescribedTensor& tensor,
                                           std::uint32_t index) {
  std::optional<TensorPart> part = WholeTensor(tensor, index);
  if (part && IsTransposed(header)) {
    part->shape = header.shape;
    for (std::size_t k = header.shape.size(); k-- > 0;) {
      part->axes.push_back(static_cast<std::uint8_t>(k));
    }
  }
  return part;
}

}  // namespace dlv::interchange
