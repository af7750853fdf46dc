#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <set>

#include "storage/interchange/block_types.h"
#include "storage/interchange/export.h"
#include "storage/interchange/export_stream.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kHeaderAlignment = 64;

std::string_view SafetensorsName(DType dtype) {
  switch (dtype) {
    case DType::kOpaque:
      return "U8";
    case DType::kBool:
      return "BOOL";
    case DType::kU8:
      return "U8";
    case DType::kI8:
      return "I8";
    case DType::kU16:
      return "U16";
    case DType::kI16:
      return "I16";
    case DType::kU32:
      return "U32";
    case DType::kI32:
      return "I32";
    case DType::kU64:
      return "U64";
    case DType::kI64:
      return "I64";
    case DType::kF16:
      return "F16";
    case DType::kBF16:
      return "BF16";
    case DType::kF32:
      return "F32";
    case DType::kF64:
      return "F64";
    case DType::kF8E4M3:
      return "F8_E4M3";
    case DType::kF8E5M2:
      return "F8_E5M2";
    case DType::kComplex64:
      return "C64";
    case DType::kComplex128:
      return "F64";  // with an axis of two behind: the format has no such type
  }
  return "U8";
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kDigits[] = "0123456789abcdef";
      out += "\\u00";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string MetadataText(const ExportOptions& options) {
  std::string text;
  for (const auto& [key, value] : options.metadata) {
    text += (text.empty() ? "\"__metadata__\":{" : ",") + Quoted(key) + ":" + Quoted(value);
  }
  return text.empty() ? text : text + "}";
}

/// Type and shape that a header says of a tensor.
struct HeaderType {
  std::string_view name;
  Shape shape;
};

HeaderType TypeOf(const TensorInfo& info) {
  HeaderType type{SafetensorsName(info.dtype), info.shape};
  if (info.dtype == DType::kComplex128) type.shape.push_back(2);
  if (info.dtype != DType::kOpaque) return type;
  const PackedFloat* const packed = FindPackedFloat(info.foreign_dtype);
  if (packed == nullptr) return type;
  if (packed->block_elements == packed->block_bytes) return {packed->name, info.shape};
  const Shape elements = ShapeOfElements(packed->name, info.shape);
  return elements.empty() ? type : HeaderType{packed->name, elements};
}

std::string EntryText(const TensorInfo& info, std::uint64_t begin, std::uint64_t end) {
  const auto& [name, shape] = TypeOf(info);
  std::string text = Quoted(info.name) + ":{\"dtype\":\"" + std::string(name) + "\",\"shape\":[";
  for (std::size_t k = 0; k < shape.size(); ++k)
    text += (k == 0 ? "" : ",") + std::to_string(shape[k]);
  return text + "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(end) + "]}";
}

/// Room for the header: a text that grows needs two and a half times as much in between.
std::size_t HeaderBytes(const TensorSource& source, const std::vector<ExportItem>& items,
                        const ExportOptions& options) {
  std::size_t bytes = MetadataText(options).size() + 2 + kHeaderAlignment;
  for (const ExportItem& item : items)
    bytes += EntryText(source.Info(item.index), INT64_MAX, INT64_MAX).size() + 1;
  return bytes;
}

}  // namespace

Result<ExportReport> ExportSafetensors(TensorSource& source, const ExportOptions& options,
                                       io::ByteSink& sink) {
  DLV_ASSIGN(const std::vector<ExportItem> items, PlanExport(source, options));
  for (const auto& [key, value] : options.metadata) {
    if (!IsUtf8(key) || !IsUtf8(value)) {
      return Error{ErrorCode::kInvalidArgument, "metadata '" + Printable(key) + "' is not UTF-8"};
    }
  }
  ExportReport report;
  std::string header;
  header.reserve(HeaderBytes(source, items, options));
  header += '{';
  header += MetadataText(options);
  std::uint64_t at = 0;
  for (const ExportItem& item : items) {
    const TensorInfo info = source.Info(item.index);
    if (info.name == "__metadata__") {
      return Error{ErrorCode::kInvalidArgument,
                   "a tensor cannot be named __metadata__ in safetensors"};
    }
    const bool opaque =
        info.dtype == DType::kOpaque && TypeOf(info).name == SafetensorsName(DType::kOpaque);
    if (opaque || info.dtype == DType::kComplex128) {
      report.warnings.push_back(info.name + ": " + std::string(NameOf(info.dtype)) +
                                " is written as " + std::string(SafetensorsName(info.dtype)));
    }
    if (header.size() > 1) header += ',';
    header += EntryText(info, at, at + item.size_bytes);
    at += item.size_bytes;
  }
  header += '}';
  while ((sizeof(std::uint64_t) + header.size()) % kHeaderAlignment != 0) header += ' ';
  const std::uint64_t size = header.size();
  DLV_TRY(sink.Write(std::as_bytes(std::span(&size, 1))));
  DLV_TRY(sink.Write(std::as_bytes(std::span(header.data(), header.size()))));
  for (const ExportItem& item : items) DLV_TRY(CopyTensor(source, item, sink));
  report.size_bytes = sizeof size + size + at;
  return report;
}

}  // namespace dlv::interchange
