#include <algorithm>

#include "storage/interchange/export.h"
#include "storage/interchange/export_stream.h"
#include "storage/interchange/npy_header.h"
#include "storage/interchange/zlib_streams.h"
#include "storage/io/byte_io.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kLimit32 = 0xffffffff;
constexpr std::uint16_t kVersionNeeded = 45;     // ZIP64
constexpr std::uint16_t kFlags = 0x0808;         // CRC-32 behind the data; names are UTF-8
constexpr std::uint32_t kDate1980 = 0x00210000;  // equal tensors make equal files at any time
constexpr std::size_t kNpyAlignment = 64;

std::string NpyText(const TensorInfo& info) {
  std::string text =
      "{'descr': '" + std::string(NumpyDescr(info.dtype)) + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t extent : info.shape) text += std::to_string(extent) + ", ";
  if (info.shape.size() > 1) text.resize(text.size() - 2);  // (2, 3), but (2,)
  if (info.shape.size() == 1) text.resize(text.size() - 1);
  text += "), }";
  while ((10 + text.size() + 1) % kNpyAlignment != 0) text += ' ';
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(text.size() & 0xff);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

class NpzWriter {
 public:
  explicit NpzWriter(io::ByteSink& sink) : sink_(sink) {}

  Status Member(TensorSource& source, const ExportItem& item) {
    Entry entry;
    entry.name = item.info.name + ".npy";
    entry.offset = at_;
    const std::string text = NpyText(item.info);
    entry.size = text.size() + item.size_bytes;
    DLV_TRY(Write(LocalHeader(entry)));
    CrcSink counted(&sink_);
    DLV_TRY(counted.Write(std::as_bytes(std::span(text.data(), text.size()))));
    DLV_TRY(CopyTensor(source, item, counted));
    at_ += entry.size;
    entry.crc = counted.state().crc;
    io::ByteWriter descriptor;
    descriptor.Put<std::uint32_t>(0x08074b50);
    descriptor.Put<std::uint32_t>(entry.crc);
    if (entry.wide()) {
      descriptor.Put<std::uint64_t>(entry.size);
      descriptor.Put<std::uint64_t>(entry.size);
    } else {
      descriptor.Put<std::uint32_t>(static_cast<std::uint32_t>(entry.size));
      descriptor.Put<std::uint32_t>(static_cast<std::uint32_t>(entry.size));
    }
    entries_.push_back(std::move(entry));
    return Write(descriptor.bytes());
  }

  Result<std::uint64_t> Finish() {
    const std::uint64_t begin = at_;
    for (const Entry& entry : entries_) DLV_TRY(Write(DirectoryEntry(entry)));
    const std::uint64_t size = at_ - begin;
    io::ByteWriter end;
    const bool wide = entries_.size() >= 0xffff || begin >= kLimit32 || size >= kLimit32;
    if (wide) PutEnd64(end, begin, size);
    const auto count = static_cast<std::uint16_t>(std::min<std::size_t>(entries_.size(), 0xffff));
    end.Put<std::uint32_t>(0x06054b50);
    end.Put<std::uint32_t>(0);
    end.Put<std::uint16_t>(count);
    end.Put<std::uint16_t>(count);
    end.Put<std::uint32_t>(static_cast<std::uint32_t>(std::min(size, kLimit32)));
    end.Put<std::uint32_t>(static_cast<std::uint32_t>(std::min(begin, kLimit32)));
    end.Put<std::uint16_t>(0);
    DLV_TRY(Write(end.bytes()));
    return at_;
  }

 private:
  struct Entry {
    std::string name;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
    bool wide() const { return size >= kLimit32; }
  };

  static void PutName(io::ByteWriter& out, const std::string& name) {
    out.PutBytes(std::as_bytes(std::span(name.data(), name.size())));
  }

  // Sizes and CRC-32 are not known yet; a ZIP64 field says that the descriptor will be wide.
  static std::vector<std::byte> LocalHeader(const Entry& entry) {
    io::ByteWriter out;
    out.Put<std::uint32_t>(0x04034b50);
    out.Put<std::uint16_t>(kVersionNeeded);
    out.Put<std::uint16_t>(kFlags);
    out.Put<std::uint16_t>(0);
    out.Put<std::uint32_t>(kDate1980);
    out.Put<std::uint32_t>(0);
    out.Put<std::uint32_t>(entry.wide() ? static_cast<std::uint32_t>(kLimit32) : 0);
    out.Put<std::uint32_t>(entry.wide() ? static_cast<std::uint32_t>(kLimit32) : 0);
    out.Put<std::uint16_t>(static_cast<std::uint16_t>(entry.name.size()));
    out.Put<std::uint16_t>(entry.wide() ? 20 : 0);
    PutName(out, entry.name);
    if (entry.wide()) {
      out.Put<std::uint16_t>(1);
      out.Put<std::uint16_t>(16);
      out.Put<std::uint64_t>(0);
      out.Put<std::uint64_t>(0);
    }
    return out.Take();
  }

  static std::vector<std::byte> DirectoryEntry(const Entry& entry) {
    const bool far = entry.offset >= kLimit32;
    const auto extra = static_cast<std::uint16_t>((entry.wide() ? 16 : 0) + (far ? 8 : 0));
    const auto size32 = static_cast<std::uint32_t>(std::min(entry.size, kLimit32));
    io::ByteWriter out;
    out.Put<std::uint32_t>(0x02014b50);
    out.Put<std::uint16_t>(kVersionNeeded);
    out.Put<std::uint16_t>(kVersionNeeded);
    out.Put<std::uint16_t>(kFlags);
    out.Put<std::uint16_t>(0);
    out.Put<std::uint32_t>(kDate1980);
    out.Put<std::uint32_t>(entry.crc);
    out.Put<std::uint32_t>(size32);
    out.Put<std::uint32_t>(size32);
    out.Put<std::uint16_t>(static_cast<std::uint16_t>(entry.name.size()));
    out.Put<std::uint16_t>(static_cast<std::uint16_t>(extra == 0 ? 0 : extra + 4));
    for (int i = 0; i < 3; ++i) out.Put<std::uint16_t>(0);  // comment, disk, internal attributes
    out.Put<std::uint32_t>(0);
    out.Put<std::uint32_t>(static_cast<std::uint32_t>(std::min(entry.offset, kLimit32)));
    PutName(out, entry.name);
    if (extra == 0) return out.Take();
    out.Put<std::uint16_t>(1);
    out.Put<std::uint16_t>(extra);
    if (entry.wide()) {
      out.Put<std::uint64_t>(entry.size);
      out.Put<std::uint64_t>(entry.size);
    }
    if (far) out.Put<std::uint64_t>(entry.offset);
    return out.Take();
  }

  void PutEnd64(io::ByteWriter& out, std::uint64_t begin, std::uint64_t size) const {
    out.Put<std::uint32_t>(0x06064b50);
    out.Put<std::uint64_t>(44);
    out.Put<std::uint16_t>(kVersionNeeded);
    out.Put<std::uint16_t>(kVersionNeeded);
    out.Put<std::uint64_t>(0);
    out.Put<std::uint64_t>(entries_.size());
    out.Put<std::uint64_t>(entries_.size());
    out.Put<std::uint64_t>(size);
    out.Put<std::uint64_t>(begin);
    out.Put<std::uint32_t>(0x07064b50);
    out.Put<std::uint32_t>(0);
    out.Put<std::uint64_t>(begin + size);
    out.Put<std::uint32_t>(1);
  }

  Status Write(std::span<const std::byte> bytes) {
    at_ += bytes.size();
    return sink_.Write(bytes);
  }

  io::ByteSink& sink_;
  std::uint64_t at_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace

Result<ExportReport> ExportNpz(TensorSource& source, const ExportOptions& options,
                               io::ByteSink& sink) {
  DLV_ASSIGN(const std::vector<ExportItem> items, PlanExport(source, options));
  ExportReport report;
  NpzWriter writer(sink);
  for (const ExportItem& item : items) {
    if (item.info.shape.size() > kMaxRank) {
      return Error{ErrorCode::kUnsupported,
                   "tensor '" + item.info.name + "' has more axes than numpy takes"};
    }
    const bool lossless_name =
        item.info.dtype != DType::kBF16 && item.info.dtype != DType::kF8E4M3 &&
        item.info.dtype != DType::kF8E5M2 && item.info.dtype != DType::kOpaque;
    if (!lossless_name) {
      report.warnings.push_back(
          item.info.name + ": numpy has no " + std::string(NameOf(item.info.dtype)) +
          "; its bits are written as " + std::string(NumpyDescr(item.info.dtype)));
    }
    DLV_TRY(writer.Member(source, item));
  }
  DLV_ASSIGN(report.size_bytes, writer.Finish());
  return report;
}

}  // namespace dlv::interchange
