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

/// What is wrong with a file that is not what its last bytes, a checksum and a size, say it is:
/// `otherwise`, unless something else ends before or behind them.
Error Explain(std::shared_ptr<const io::ByteSource> packed, std::uint64_t begin,
              const std::string& name, const Error& otherwise) {
  const std::uint64_t size = packed->size();
  const auto rest = interchange::MakeRange(std::move(packed), begin, size - begin);
  const auto end = interchange::FindDeflateEnd(*rest);
  if (!end.ok()) return Damaged(name, end.error().message);
  const std::uint64_t behind = rest->size() - end->coded;
  const std::string bytes = std::to_string(size) + " bytes";
  if (!end->ended) {
    return Damaged(name, "cut off: the file ends after " + bytes + ", amid the data (" +
                             std::to_string(end->inflated) + " bytes are unpacked by then)");
  }
  if (behind < kTrailer) {
    return Damaged(name, "cut off: the file ends after " + bytes + ", amid the " +
                             std::to_string(kTrailer) + " bytes behind the data");
  }
  if (behind == kTrailer) return otherwise;
  return Error{ErrorCode::kUnsupported,
               name + ": gzip: goes on for " + std::to_string(behind - kTrailer) +
                   " bytes behind its end at byte " + std::to_string(size - behind + kTrailer) +
                   ", want one member",
               "pack it anew: gunzip -c FILE | gzip > NEW"};
}

}  // namespace

bool IsGzip(std::span<const std::byte> head) {
  return head.size() >= 2 && head[0] == std::byte{0x1f} && head[1] == std::byte{0x8b};
}

Result<std::shared_ptr<const io::ByteSource>> OpenGzip(std::shared_ptr<const io::ByteSource> packed,
                                                       const std::string& name) {
  const std::uint64_t size = packed->size();
  if (size < kFixedHead + kTrailer) {
    return Damaged(name, "cut off: the file ends after " + std::to_string(size) + " bytes, amid " +
                             (size < kFixedHead ? "its head" : "the data"));
  }
  std::vector<std::byte> head(static_cast<std::size_t>(std::min<std::uint64_t>(kMostHead, size)));
  DLV_TRY(packed->ReadAt(0, head));
  const auto begin = StreamAt(head);
  if (!begin || *begin + kTrailer > size) return Damaged(name, "its head");
  std::vector<std::byte> trailer(kTrailer);
  DLV_TRY(packed->ReadAt(size - kTrailer, trailer));
  const std::uint32_t plain = Number(trailer, 4, 4);
  const std::uint64_t coded = size - kTrailer - *begin;
  if (plain > coded * kMostRatio) {
    return Explain(std::move(packed), *begin, name,
                   Damaged(name, "says that it unpacks to " + std::to_string(plain) +
                                     " bytes, of " + std::to_string(coded) + " that cannot be"));
  }
  auto bytes = interchange::MakeInflated(interchange::MakeRange(packed, *begin, coded), plain);
  const Status checked = CheckCrc(*bytes, Number(trailer, 0, 4), name);
  if (!checked.ok()) return Explain(std::move(packed), *begin, name, checked.error());
  return bytes;
}

}  // namespace dlv::dataset
