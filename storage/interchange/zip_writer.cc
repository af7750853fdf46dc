#include "storage/interchange/zip_writer.h"

#include <algorithm>

#include "storage/interchange/zlib_streams.h"
#include "storage/io/byte_io.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kLimit32 = 0xffffffff;
constexpr std::uint16_t kVersionNeeded = 45;     // ZIP64
constexpr std::uint16_t kFlags = 0x0808;         // CRC-32 behind the data; names are UTF-8
constexpr std::uint32_t kDate1980 = 0x00210000;  // equal tensors make equal files at any time
constexpr std::uint16_t kPaddingField = 0x4246;  // "FB", as PyTorch pads
constexpr std::size_t kLocalHeaderSize = 30;
constexpr std::size_t kFieldHeaderSize = 4;
constexpr std::size_t kWideFieldSize = 16;

std::uint32_t Clamp32(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min(value, kLimit32));
}

void PutName(io::ByteWriter& out, const std::string& name) {
  out.PutBytes(std::as_bytes(std::span(name.data(), name.size())));
}

}  // namespace

bool ZipWriter::Entry::wide() const { return size >= kLimit32; }

Status ZipWriter::Write(std::span<const std::byte> bytes) {
  at_ += bytes.size();
  return sink_.Write(bytes);
}

Status ZipWriter::Member(const std::string& name, std::string_view bytes) {
  return Member(name, bytes.size(), [&](io::ByteSink& sink) {
    return sink.Write(std::as_bytes(std::span(bytes.data(), bytes.size())));
  });
}

Status ZipWriter::Member(const std::string& name, std::uint64_t size,
                         const std::function<Status(io::ByteSink& sink)>& write) {
  if (name.size() > 0xffff) {
    return Error{ErrorCode::kInvalidArgument, "a name is too long for a zip file"};
  }
  Entry entry{name, at_, size, 0};
  DLV_TRY(Write(LocalHeader(entry, PaddingFor(entry))));
  CrcSink counted(&sink_);
  DLV_TRY(write(counted));
  if (counted.state().size != size) {
    return Error{ErrorCode::kInternal, "member " + name + " has another size than announced"};
  }
  at_ += size;
  entry.crc = counted.state().crc;
  DLV_TRY(Write(Descriptor(entry)));
  entries_.push_back(std::move(entry));
  return Ok();
}

/// A field needs its own header, so there is never padding of one to three bytes.
std::uint64_t ZipWriter::PaddingFor(const Entry& entry) const {
  const std::uint64_t begin = at_ + kLocalHeaderSize + entry.name.size() +
                              (entry.wide() ? kFieldHeaderSize + kWideFieldSize : 0);
  std::uint64_t padding = (alignment_ - begin % alignment_) % alignment_;
  while (padding != 0 && padding < kFieldHeaderSize) padding += alignment_;
  return padding;
}

// Sizes and CRC-32 are not said here; a ZIP64 field says that the descriptor will be wide.
std::vector<std::byte> ZipWriter::LocalHeader(const Entry& entry, std::uint64_t padding) const {
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
  out.Put<std::uint16_t>(
      static_cast<std::uint16_t>((entry.wide() ? kFieldHeaderSize + kWideFieldSize : 0) + padding));
  PutName(out, entry.name);
  if (entry.wide()) {
    out.Put<std::uint16_t>(1);
    out.Put<std::uint16_t>(kWideFieldSize);
    out.Put<std::uint64_t>(0);
    out.Put<std::uint64_t>(0);
  }
  if (padding != 0) {
    out.Put<std::uint16_t>(kPaddingField);
    out.Put<std::uint16_t>(static_cast<std::uint16_t>(padding - kFieldHeaderSize));
    for (std::uint64_t i = kFieldHeaderSize; i < padding; ++i) out.Put<std::uint8_t>(0);
  }
  return out.Take();
}

std::vector<std::byte> ZipWriter::Descriptor(const Entry& entry) {
  io::ByteWriter out;
  out.Put<std::uint32_t>(0x08074b50);
  out.Put<std::uint32_t>(entry.crc);
  for (int i = 0; i < 2; ++i) {  // compressed and not
    if (entry.wide()) {
      out.Put<std::uint64_t>(entry.size);
    } else {
      out.Put<std::uint32_t>(static_cast<std::uint32_t>(entry.size));
    }
  }
  return out.Take();
}

std::vector<std::byte> ZipWriter::DirectoryEntry(const Entry& entry) {
  const bool far = entry.offset >= kLimit32;
  const auto extra =
      static_cast<std::uint16_t>((entry.wide() ? kWideFieldSize : 0) + (far ? 8 : 0));
  io::ByteWriter out;
  out.Put<std::uint32_t>(0x02014b50);
  out.Put<std::uint16_t>(kVersionNeeded);
  out.Put<std::uint16_t>(kVersionNeeded);
  out.Put<std::uint16_t>(kFlags);
  out.Put<std::uint16_t>(0);
  out.Put<std::uint32_t>(kDate1980);
  out.Put<std::uint32_t>(entry.crc);
  out.Put<std::uint32_t>(Clamp32(entry.size));
  out.Put<std::uint32_t>(Clamp32(entry.size));
  out.Put<std::uint16_t>(static_cast<std::uint16_t>(entry.name.size()));
  out.Put<std::uint16_t>(static_cast<std::uint16_t>(extra == 0 ? 0 : extra + kFieldHeaderSize));
  for (int i = 0; i < 3; ++i) out.Put<std::uint16_t>(0);  // comment, disk, internal attributes
  out.Put<std::uint32_t>(0);
  out.Put<std::uint32_t>(Clamp32(entry.offset));
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

std::vector<std::byte> ZipWriter::End64(std::uint64_t begin, std::uint64_t size) const {
  io::ByteWriter out;
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
  return out.Take();
}

Result<std::uint64_t> ZipWriter::Finish() {
  const std::uint64_t begin = at_;
  for (const Entry& entry : entries_) DLV_TRY(Write(DirectoryEntry(entry)));
  const std::uint64_t size = at_ - begin;
  if (entries_.size() >= 0xffff || begin >= kLimit32 || size >= kLimit32) {
    DLV_TRY(Write(End64(begin, size)));
  }
  const auto count = static_cast<std::uint16_t>(std::min<std::size_t>(entries_.size(), 0xffff));
  io::ByteWriter end;
  end.Put<std::uint32_t>(0x06054b50);
  end.Put<std::uint32_t>(0);
  end.Put<std::uint16_t>(count);
  end.Put<std::uint16_t>(count);
  end.Put<std::uint32_t>(Clamp32(size));
  end.Put<std::uint32_t>(Clamp32(begin));
  end.Put<std::uint16_t>(0);
  DLV_TRY(Write(end.bytes()));
  return at_;
}

}  // namespace dlv::interchange
