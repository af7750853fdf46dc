#include "storage/interchange/wire_values.h"

#include <algorithm>
#include <cstring>

#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxRuns = 65536;
constexpr std::size_t kMaxPlainRuns = 64;
constexpr std::uint64_t kMarkElements = 16384;
constexpr std::size_t kValueWindowBytes = 64u << 10;
constexpr unsigned kMaxVarintBytes = 10;

/// Goes over the bytes of runs one by one. Its owner keeps file and runs alive.
class Cursor {
 public:
  struct Place {
    std::size_t run = 0;
    std::uint64_t at = 0;
  };
  Cursor(const io::ByteSource& file, const std::vector<WireRun>& runs, Place place)
      : file_(file), runs_(runs), place_(place) {}

  /// Moves to the next value, past its tag; false behind the last.
  bool ToValue() {
    while (place_.run < runs_.size() && place_.at >= runs_[place_.run].end) {
      ++place_.run;
      if (place_.run < runs_.size()) place_.at = runs_[place_.run].begin;
    }
    if (place_.run == runs_.size()) return false;
    return true;
  }
  void PassTag() { place_.at += runs_[place_.run].tag_bytes; }
  Place place() const { return place_; }
  std::uint64_t left() const { return runs_[place_.run].end - place_.at; }

  /// `size` bytes of this run, which has them.
  Status Take(std::span<std::byte> out) {
    if (out.size() <= kValueWindowBytes) DLV_TRY(Fill(out.size()));
    if (out.size() > kValueWindowBytes) {
      DLV_TRY(file_.ReadAt(place_.at, out));
    } else {
      std::memcpy(out.data(), window_.data() + (place_.at - window_at_), out.size());
    }
    place_.at += out.size();
    return Ok();
  }

  /// A varint; false where it has more than 10 bytes or the run ends.
  Result<bool> TakeVarint(std::uint64_t& value) {
    const auto most = static_cast<unsigned>(std::min<std::uint64_t>(kMaxVarintBytes, left()));
    DLV_TRY(Fill(most));
    const std::byte* from = window_.data() + (place_.at - window_at_);
    value = 0;
    for (unsigned i = 0; i < most; ++i) {
      const auto byte = static_cast<std::uint64_t>(from[i]);
      value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        place_.at += i + 1;
        return true;
      }
    }
    return false;
  }

 private:
  /// Makes the window hold `size` bytes from here on.
  Status Fill(std::size_t size) {
    if (place_.at >= window_at_ && place_.at - window_at_ + size <= window_.size()) return Ok();
    window_.resize(static_cast<std::size_t>(
        std::min<std::uint64_t>(kValueWindowBytes, file_.size() - place_.at)));
    window_at_ = place_.at;
    return file_.ReadAt(window_at_, window_);
  }

  const io::ByteSource& file_;
  const std::vector<WireRun>& runs_;
  Place place_;
  std::vector<std::byte> window_;
  std::uint64_t window_at_ = 0;
};

class WireSource final : public io::ByteSource {
 public:
  WireSource(const io::ByteSource& file, std::vector<WireRun> runs, WireEncoding encoding,
             unsigned element_size, const std::string& what)
      : file_(file),
        runs_(std::move(runs)),
        encoding_(encoding),
        element_(element_size),
        what_(what) {}

  /// Finds the number of elements and where every 16384th is.
  Status Count() {
    Cursor cursor(file_, runs_, Start());
    std::uint64_t value = 0;
    for (; cursor.ToValue(); ++count_) {
      if (count_ % kMarkElements == 0) marks_.push_back(cursor.place());
      DLV_TRY(TakeOne(cursor, value));
    }
    return Ok();
  }

  std::uint64_t size() const override { return count_ * element_; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{ErrorCode::kCorruption, what_ + ": read beyond the values of a field"};
    }
    if (out.empty()) return Ok();
    std::uint64_t element = offset / element_ / kMarkElements * kMarkElements;
    Cursor cursor(file_, runs_, marks_[static_cast<std::size_t>(element / kMarkElements)]);
    std::size_t done = 0;
    for (; done < out.size(); ++element) {
      cursor.ToValue();
      std::uint64_t value = 0;
      DLV_TRY(TakeOne(cursor, value));
      const std::uint64_t begin = element * element_;
      if (begin + element_ <= offset) continue;
      const std::uint64_t from = offset > begin ? offset - begin : 0;
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(element_ - from, out.size() - done));
      std::memcpy(out.data() + done, reinterpret_cast<const std::byte*>(&value) + from, size);
      done += size;
    }
    return Ok();
  }

 private:
  Cursor::Place Start() const { return {0, runs_.empty() ? 0 : runs_.front().begin}; }

  Error Bad(std::uint64_t offset, const std::string& why) const {
    return Error{ErrorCode::kCorruption, what_ + ", offset " + std::to_string(offset) + ": " + why};
  }

  Status TakeOne(Cursor& cursor, std::uint64_t& value) const {
    cursor.PassTag();
    const std::uint64_t at = cursor.place().at;
    value = 0;
    if (encoding_ == WireEncoding::kFixed) {
      if (cursor.left() < element_) return Bad(at, "half a value");
      return cursor.Take({reinterpret_cast<std::byte*>(&value), element_});
    }
    DLV_ASSIGN(const bool whole, cursor.TakeVarint(value));
    if (!whole) return Bad(at, "no number of at most 10 bytes");
    return Fits(value)
               ? Ok()
               : Status(Bad(at, "the number " + std::to_string(value) + " does not fit into " +
                                    std::to_string(element_) + " bytes"));
  }

  // Negative numbers stand as 64 bits.
  bool Fits(std::uint64_t value) const {
    if (element_ == 8) return true;
    const unsigned bits = element_ * 8;
    const auto extended = static_cast<std::int64_t>(value << (64 - bits)) >> (64 - bits);
    return value >> bits == 0 || static_cast<std::uint64_t>(extended) == value;
  }

  const io::ByteSource& file_;
  std::vector<WireRun> runs_;
  WireEncoding encoding_;
  unsigned element_;
  std::string what_;
  std::uint64_t count_ = 0;
  std::vector<Cursor::Place> marks_;
};

}  // namespace

void WireValues::Add(const WireField& field) {
  if (field.type == WireType::kBytes) {
    if (field.size != 0) runs_.push_back({field.begin, field.end(), 0});
    return;
  }
  const auto tag = static_cast<unsigned>(field.begin - field.offset);
  WireRun* last = runs_.empty() ? nullptr : &runs_.back();
  if (last != nullptr && last->tag_bytes == tag && last->end == field.offset) {
    last->end = field.end();
    return;
  }
  runs_.push_back({field.offset, field.end(), tag});
}

bool WireValues::is_plain() const {
  return runs_.size() <= kMaxPlainRuns &&
         std::all_of(runs_.begin(), runs_.end(), [](const WireRun& r) { return r.tag_bytes == 0; });
}

std::uint64_t WireValues::size_bytes() const {
  std::uint64_t size = 0;
  for (const WireRun& run : runs_) size += run.end - run.begin;
  return size;
}

Result<std::shared_ptr<const io::ByteSource>> MakeWireSource(const io::ByteSource& file,
                                                             const WireValues& values,
                                                             WireEncoding encoding,
                                                             unsigned element_size,
                                                             const std::string& what) {
  const std::vector<WireRun>& runs = values.runs();
  if (runs.size() > kMaxRuns) {
    return Error{ErrorCode::kUnsafe, what + ": the values of a field are scattered over " +
                                         std::to_string(runs.size()) + " places, at most " +
                                         std::to_string(kMaxRuns)};
  }
  if (encoding == WireEncoding::kFixed && runs.size() == 1 && runs[0].tag_bytes == 0) {
    const std::uint64_t size = runs[0].end - runs[0].begin;
    if (size % element_size == 0) return MakeRange(file, runs[0].begin, size);
  }
  auto source = std::make_shared<WireSource>(file, runs, encoding, element_size, what);
  DLV_TRY(source->Count());
  return std::shared_ptr<const io::ByteSource>(std::move(source));
}

}  // namespace dlv::interchange
