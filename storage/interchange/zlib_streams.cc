#include "storage/interchange/zlib_streams.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <string>

#include "storage/interchange/fast_crc.h"
#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kFeedBytes = 64u << 10;
constexpr std::uint64_t kBlockBytes = 1u << 20;  // inflated bytes kept together
constexpr std::size_t kCachedBlocks = 4;
constexpr std::size_t kActiveSources = 3;      // with blocks and an inflater in memory
constexpr std::uint64_t kMaxCheckpoints = 16;  // a source, of about 48 KiB each
constexpr std::uint64_t kMinCheckpointBlocks = 32;

Bytef* AsZlib(std::byte* p) { return reinterpret_cast<Bytef*>(p); }

// An inflater at one place of a stream.
class Inflater {
 public:
  Inflater() { stream_ready_ = inflateInit2(&stream_, -15) == Z_OK; }
  Inflater(const Inflater& other)
      : ended_(other.ended_), in_offset_(other.in_offset_ - other.stream_.avail_in) {
    stream_ready_ = inflateCopy(&stream_, const_cast<z_stream*>(&other.stream_)) == Z_OK;
    stream_.avail_in = 0;
  }
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // Fills `out`, and at the end of the data demands the end of the stream.
  Status Fill(const io::ByteSource& in, std::span<std::byte> out, bool to_the_end) {
    if (!stream_ready_) return Error{ErrorCode::kInternal, "zlib has no memory"};
    std::byte spare{};
    stream_.next_out = AsZlib(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out != 0) DLV_TRY(Advance(in, "ends early"));
    if (!to_the_end) return Ok();
    stream_.next_out = AsZlib(&spare);  // a byte too many would show here
    stream_.avail_out = 1;
    while (!ended_ && stream_.avail_out != 0) DLV_TRY(Advance(in, "does not end"));
    if (!ended_) return Bad("inflates to more than its stated size");
    if (in_offset_ - stream_.avail_in != in.size()) return Bad("bytes after the end of the stream");
    return Ok();
  }

  // Inflates all there is, and keeps nothing of it.
  Result<DeflateEnd> FindEnd(const io::ByteSource& in) {
    if (!stream_ready_) return Error{ErrorCode::kInternal, "zlib has no memory"};
    std::vector<std::byte> out(kFeedBytes);
    DeflateEnd found;
    bool has_more = true;
    while (!ended_ && has_more) {
      stream_.next_out = AsZlib(out.data());
      stream_.avail_out = static_cast<uInt>(out.size());
      while (!ended_ && has_more && stream_.avail_out != 0) {
        DLV_ASSIGN(has_more, Step(in));
      }
      found.inflated += out.size() - stream_.avail_out;
    }
    found.ended = ended_;
    found.coded = in_offset_ - stream_.avail_in;
    return found;
  }

 private:
  Error Bad(const std::string& why) const {
    return Error{
        ErrorCode::kCorruption,
        "deflate stream, offset " + std::to_string(in_offset_ - stream_.avail_in) + ": " + why};
  }
  Status Advance(const io::ByteSource& in, const char* why_not) {
    if (ended_) return Bad("ends before its stated size");
    DLV_ASSIGN(const bool advanced, Step(in));
    return advanced ? Ok() : Status(Bad(why_not));
  }
  // Returns false where there is nothing more to read.
  Result<bool> Step(const io::ByteSource& in) {
    if (stream_.avail_in == 0 && in_offset_ < in.size()) {
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(kFeedBytes, in.size() - in_offset_));
      buffer_.resize(size);
      DLV_TRY(in.ReadAt(in_offset_, std::span(buffer_).first(size)));
      in_offset_ += size;
      stream_.next_in = AsZlib(buffer_.data());
      stream_.avail_in = static_cast<uInt>(size);
    }
    const uInt in_before = stream_.avail_in;
    const uInt out_before = stream_.avail_out;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      ended_ = true;
      return true;
    }
    if (code != Z_OK && code != Z_BUF_ERROR) {
      return Bad(stream_.msg != nullptr ? stream_.msg : "damaged");
    }
    return in_before != stream_.avail_in || out_before != stream_.avail_out;
  }

  z_stream stream_{};
  bool stream_ready_ = false;
  bool ended_ = false;
  std::uint64_t in_offset_ = 0;    // behind what has been given to zlib
  std::vector<std::byte> buffer_;  // empty in checkpoints
};

}  // namespace

// The working memory of the inflated sources of one file. One mutex for all: a file's members are
// read in order.
struct InflatePool {
  struct Block {
    std::uint64_t index = UINT64_MAX;
    std::vector<std::byte> bytes;
  };
  struct Active {
    std::uint64_t owner = 0;  // 0: free
    std::uint64_t last_use = 0;
    std::unique_ptr<Inflater> inflater;
    std::uint64_t next_block = 0;
    std::array<Block, kCachedBlocks> cache;
  };
  std::mutex mutex;
  std::uint64_t next_id = 1;
  std::uint64_t clock = 0;
  std::array<Active, kActiveSources> active;

  Active& Of(std::uint64_t owner) {
    Active* found = &active[0];
    for (Active& candidate : active) {
      if (candidate.owner == owner) {
        found = &candidate;
        break;
      }
      if (candidate.last_use < found->last_use) found = &candidate;
    }
    if (found->owner != owner) *found = Active{};
    found->owner = owner;
    found->last_use = ++clock;
    return *found;
  }
};

namespace {

class InflatedSource final : public io::ByteSource {
 public:
  InflatedSource(std::shared_ptr<const io::ByteSource> in, std::uint64_t size,
                 std::shared_ptr<InflatePool> pool)
      : in_(std::move(in)), size_(size), pool_(std::move(pool)) {
    const std::uint64_t blocks = (size + kBlockBytes - 1) / kBlockBytes;
    spacing_ = std::max(kMinCheckpointBlocks, blocks / kMaxCheckpoints + 1);
    const std::lock_guard lock(pool_->mutex);
    id_ = pool_->next_id++;
  }
  std::uint64_t size() const override { return size_; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return Error{ErrorCode::kCorruption, "read past the end of a deflated member"};
    }
    const std::lock_guard lock(pool_->mutex);
    while (!out.empty()) {
      DLV_ASSIGN(const std::vector<std::byte>* block, BlockAt(offset / kBlockBytes));
      const auto inside = static_cast<std::size_t>(offset % kBlockBytes);
      const std::size_t part = std::min(out.size(), block->size() - inside);
      std::memcpy(out.data(), block->data() + inside, part);
      out = out.subspan(part);
      offset += part;
    }
    return Ok();
  }

 private:
  // Goes to the nearest place at or before block `index` from which inflating can start.
  void Seek(InflatePool::Active& active, std::uint64_t index) const {
    const std::uint64_t checkpoint = std::min<std::uint64_t>(index / spacing_, checkpoints_.size());
    if (active.inflater != nullptr && active.next_block <= index &&
        active.next_block >= checkpoint * spacing_) {
      return;
    }
    active.inflater =
        checkpoint == 0
            ? std::make_unique<Inflater>()
            : std::make_unique<Inflater>(*checkpoints_[static_cast<std::size_t>(checkpoint - 1)]);
    active.next_block = checkpoint * spacing_;
  }

  Result<const std::vector<std::byte>*> BlockAt(std::uint64_t index) const {
    InflatePool::Active& active = pool_->Of(id_);
    for (const InflatePool::Block& block : active.cache) {
      if (block.index == index) return &block.bytes;
    }
    Seek(active, index);
    InflatePool::Block* slot = nullptr;
    while (active.next_block <= index) {
      const std::uint64_t next = active.next_block;
      if (next != 0 && next % spacing_ == 0 && next / spacing_ == checkpoints_.size() + 1) {
        checkpoints_.push_back(std::make_unique<Inflater>(*active.inflater));
      }
      slot = &active.cache[next % kCachedBlocks];
      slot->index = UINT64_MAX;
      const std::uint64_t begin = next * kBlockBytes;
      slot->bytes.resize(static_cast<std::size_t>(std::min(kBlockBytes, size_ - begin)));
      const Status status =
          active.inflater->Fill(*in_, slot->bytes, begin + slot->bytes.size() == size_);
      if (!status.ok()) {
        active.inflater = nullptr;  // an inflater that failed cannot go on
        return status.error();
      }
      slot->index = next;
      ++active.next_block;
    }
    return &slot->bytes;
  }

  std::shared_ptr<const io::ByteSource> in_;
  std::uint64_t size_;
  std::shared_ptr<InflatePool> pool_;  // shared by the members of one file
  std::uint64_t id_ = 0;
  std::uint64_t spacing_ = 1;
  mutable std::vector<std::unique_ptr<Inflater>>
      checkpoints_;  // at blocks spacing, 2 spacing, ...; under the pool's mutex
};

// Compares what is written with a source; a difference ends the writing.
class CompareSink final : public io::ByteSink {
 public:
  explicit CompareSink(const io::ByteSource& want) : want_(want) {}
  Status Write(std::span<const std::byte> bytes) override {
    differs_ = differs_ || bytes.size() > want_.size() - offset_;
    if (differs_) return Error{ErrorCode::kCorruption, "differs"};
    buffer_.resize(bytes.size());
    DLV_TRY(want_.ReadAt(offset_, buffer_));
    differs_ = !std::equal(bytes.begin(), bytes.end(), buffer_.begin());
    if (differs_) return Error{ErrorCode::kCorruption, "differs"};
    offset_ += bytes.size();
    return Ok();
  }
  bool differs() const { return differs_; }
  bool complete() const { return !differs_ && offset_ == want_.size(); }

 private:
  const io::ByteSource& want_;
  std::uint64_t offset_ = 0;
  bool differs_ = false;
  std::vector<std::byte> buffer_;
};

Status CopyInto(const io::ByteSource& from, io::ByteSink& to) {
  std::vector<std::byte> buffer(1u << 20);
  for (std::uint64_t offset = 0; offset < from.size();) {
    const auto part = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), from.size() - offset)));
    DLV_TRY(from.ReadAt(offset, part));
    DLV_TRY(to.Write(part));
    offset += part.size();
  }
  return Ok();
}

Result<bool> Reproduces(const Deflate& settings, const io::ByteSource& plain,
                        const io::ByteSource& compressed) {
  CompareSink compare(compressed);
  DeflateSink deflater(settings, compare);
  const Status copied = CopyInto(plain, deflater);
  if (copied.ok()) {
    const Result<std::uint64_t> finished = deflater.Finish();
    if (finished.ok()) return compare.complete();
    if (!compare.differs()) return finished.error();
  }
  if (!compare.differs()) return copied.error();
  return false;
}

}  // namespace

void CrcState::Update(std::span<const std::byte> bytes) {
  crc = UpdateCrc32(crc, bytes);
  size += bytes.size();
}

void CrcState::Append(const CrcState& next) {
  crc = static_cast<std::uint32_t>(crc32_combine(crc, next.crc, static_cast<z_off_t>(next.size)));
  size += next.size;
}

Status CrcSink::Write(std::span<const std::byte> bytes) {
  if (!bytes.empty()) state_.Update(bytes);
  return next_ != nullptr ? next_->Write(bytes) : Ok();
}

struct DeflateSink::State {
  explicit State(io::ByteSink& sink) : next(sink) {}
  io::ByteSink& next;
  z_stream stream{};
  bool ready = false;
  std::size_t filled = 0;
  std::uint64_t written = 0;
  std::array<std::byte, kFeedBytes> input{};
  std::array<std::byte, kFeedBytes> output{};
};

DeflateSink::DeflateSink(const Deflate& settings, io::ByteSink& next)
    : state_(std::make_unique<State>(next)) {
  state_->ready = deflateInit2(&state_->stream, settings.level, Z_DEFLATED, -settings.window_bits,
                               settings.memory_level, settings.strategy) == Z_OK;
}

DeflateSink::~DeflateSink() { deflateEnd(&state_->stream); }

Status DeflateSink::Write(std::span<const std::byte> bytes) {
  if (!state_->ready)
    return Error{ErrorCode::kCorruption, "recipe: zlib refuses the deflate settings"};
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), kFeedBytes - state_->filled);
    std::memcpy(state_->input.data() + state_->filled, bytes.data(), part);
    state_->filled += part;
    bytes = bytes.subspan(part);
    if (state_->filled == kFeedBytes) DLV_TRY(Pump(false));
  }
  return Ok();
}

Status DeflateSink::Pump(bool finish) {
  z_stream& stream = state_->stream;
  stream.next_in = AsZlib(state_->input.data());
  stream.avail_in = static_cast<uInt>(state_->filled);
  state_->filled = 0;
  int code = Z_OK;
  do {
    stream.next_out = AsZlib(state_->output.data());
    stream.avail_out = static_cast<uInt>(state_->output.size());
    code = deflate(&stream, finish ? Z_FINISH : Z_NO_FLUSH);
    if (code == Z_STREAM_ERROR) return Error{ErrorCode::kInternal, "zlib: stream error"};
    const std::size_t made = state_->output.size() - stream.avail_out;
    state_->written += made;
    if (made != 0) DLV_TRY(state_->next.Write(std::span(state_->output).first(made)));
  } while (stream.avail_out == 0 || (finish && code != Z_STREAM_END));
  return Ok();
}

Result<std::uint64_t> DeflateSink::Finish() {
  if (!state_->ready)
    return Error{ErrorCode::kCorruption, "recipe: zlib refuses the deflate settings"};
  DLV_TRY(Pump(true));
  return state_->written;
}

std::shared_ptr<InflatePool> MakeInflatePool() { return std::make_shared<InflatePool>(); }

std::shared_ptr<const io::ByteSource> MakeInflated(std::shared_ptr<const io::ByteSource> compressed,
                                                   std::uint64_t size,
                                                   std::shared_ptr<InflatePool> pool) {
  if (pool == nullptr) pool = MakeInflatePool();
  return std::make_shared<InflatedSource>(std::move(compressed), size, std::move(pool));
}

Result<DeflateEnd> FindDeflateEnd(const io::ByteSource& compressed) {
  return Inflater().FindEnd(compressed);
}

Result<std::optional<Deflate>> FindDeflateSettings(const io::ByteSource& plain,
                                                   const io::ByteSource& compressed) {
  constexpr std::array<std::uint8_t, 9> kLevels = {6, 9, 1, 2, 3, 4, 5, 7, 8};
  for (const std::uint8_t memory_level : {std::uint8_t{8}, std::uint8_t{9}}) {
    for (const std::uint8_t level : kLevels) {
      Deflate settings;
      settings.level = level;
      settings.memory_level = memory_level;
      settings.size = compressed.size();
      DLV_ASSIGN(const bool same, Reproduces(settings, plain, compressed));
      if (same) return std::optional<Deflate>(std::move(settings));
    }
  }
  return std::optional<Deflate>();
}

}  // namespace dlv::interchange
