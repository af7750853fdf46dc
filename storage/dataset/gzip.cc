#include <algorithm>
#include <cstring>

#include "storage/dataset/readers.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/zlib_streams.h"

namespace dlv::dataset {
namespace {

constexpr std::uint64_t kFixedHead = 10, kTrailer = 8;
constexpr std::size_t kMostHead = 1U << 16;  ///< names and comments
constexpr std::uint64_t kMostRatio = 1032;   ///< of deflate
enum : unsigned { kHasCrc = 2, kHasExtra = 4, kHasName = 8, kHasComment = 16, kReserved = 0xe0 };

std::uint32_t Number(std::span<const std::byte> bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, size);
  return value;
}

Error Damaged(const std::string& name, const std::string& what) {
  return Error{ErrorCode::kCorruption, name + ": gzip: " + what};
}

/// Where the deflate stream begins (RFC 1952, 2.3); nothing where the head is damaged.
std::optional<std::uint64_t> StreamAt(std::span<const std::byte> head) {
  if (head.size() < kFixedHead || std::to_integer<int>(head[2]) != 8) return std::nullopt;
  const unsigned flags = std::to_integer<unsigned>(head[3]);
  if ((flags & kReserved) != 0) return std::nullopt;
  std::size_t at = kFixedHead;
  if ((flags & kHasExtra) != 0) {
    if (at + 2 > head.size()) return std::nullopt;
    at += 2 + Number(head, at, 2);
  }
  for (const unsigned text : {unsigned{kHasName}, unsigned{kHasComment}}) {
    if ((flags & text) == 0) continue;
    while (at < head.size() && head[at] != std::byte{0}) ++at;
    ++at;
  }
  if ((flags & kHasCrc) != 0) at += 2;
  if (at > head.size()) return std::nullopt;
  return at;
}

/// Reads everything once.
Status CheckCrc(const io::ByteSource& bytes, std::uint32_t want, const std::string& name) {
  interchange::CrcState state;
  std::vector<std::byte> piece(std::size_t{1} << 18);
  for (std::uint64_t done = 0; done < bytes.size();) {
    const auto part = std::span(piece).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), bytes.size() - done)));
    const Status read = bytes.ReadAt(done, part);
    if (!read.ok()) return Damaged(name, read.error().message);
    state.Update(part);
    done += part.size();
  }
  return state.crc == want ? Ok() : Status(Damaged(name, "checksum differs"));
}

}  // namespace

bool IsGzip(std::span<const std::byte> head) {
  return head.size() >= 2 && head[0] == std::byte{0x1f} && head[1] == std::byte{0x8b};
}

Result<std::shared_ptr<const io::ByteSource>> OpenGzip(std::shared_ptr<const io::ByteSource> packed,
                                                       const std::string& name) {
  const std::uint64_t size = packed->size();
  if (size < kFixedHead + kTrailer) return Damaged(name, "ends early");
  std::vector<std::byte> head(static_cast<std::size_t>(std::min<std::uint64_t>(kMostHead, size)));
  DLV_TRY(packed->ReadAt(0, head));
  const auto begin = StreamAt(head);
  if (!begin || *begin + kTrailer > size) return Damaged(name, "its head");
  std::vector<std::byte> trailer(kTrailer);
  DLV_TRY(packed->ReadAt(size - kTrailer, trailer));
  const std::uint32_t plain = Number(trailer, 4, 4);
  const std::uint64_t coded = size - kTrailer - *begin;
  if (plain > coded * kMostRatio) {
    return Damaged(name, "says that it unpacks to " + std::to_string(plain) + " bytes, of " +
                             std::to_string(coded) + " that cannot be");
  }
  auto bytes =
      interchange::MakeInflated(interchange::MakeRange(std::move(packed), *begin, coded), plain);
  DLV_TRY(CheckCrc(*bytes, Number(trailer, 0, 4), name));
  return bytes;
}

}  // namespace dlv::dataset
