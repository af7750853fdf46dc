#include "storage/interchange/zlib_streams.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <string>

#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kFeedBytes = 64u << 10;
constexpr std::uint64_t kBlockBytes = 1u << 20;  // inflated bytes kept together
constexpr std::size_t kCachedBlocks = 4;
constexpr std::uint64_t kMaxCheckpoints = 128;  // of about 48 KiB each

Bytef* AsZlib(std::byte* p) { return reinterpret_cast<Bytef*>(p); }
const Bytef* AsZlib(const std::byte* p) { return reinterpret_cast<const Bytef*>(p); }

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
    while (stream_.avail_out != 0) DLV_TRY(Step(in, false));
    if (!to_the_end) return Ok();
    stream_.next_out = AsZlib(&spare);  // a byte too many would show here
    stream_.avail_out = 1;
    while (!ended_ && stream_.avail_out != 0) DLV_TRY(Step(in, true));
    if (!ended_) return Bad("inflates to more than its stated size");
    if (in_offset_ - stream_.avail_in != in.size()) return Bad("bytes after the end of the stream");
    return Ok();
  }

 private:
  Error Bad(const std::string& why) const {
    return Error{
        ErrorCode::kCorruption,
        "deflate stream, offset " + std::to_string(in_offset_ - stream_.avail_in) + ": " + why};
  }
  Status Step(const io::ByteSource& in, bool at_end) {
    if (ended_) return Bad("ends before its stated size");
    if (stream_.avail_in == 0 && in_offset_ < in.size()) {
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), in.size() - in_offset_));
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
      return Ok();
    }
    if (code != Z_OK && code != Z_BUF_ERROR) {
      return Bad(stream_.msg != nullptr ? stream_.msg : "damaged");
    }
    if (in_before == stream_.avail_in && out_before == stream_.avail_out) {
      return Bad(at_end ? "does not end" : "ends early");
    }
    return Ok();
  }

  z_stream stream_{};
  bool stream_ready_ = false;
  bool ended_ = false;
  std::uint64_t in_offset_ = 0;  // behind what has been given to zlib
  std::array<std::byte, kFeedBytes> buffer_{};
};

class InflatedSource final : public io::ByteSource {
 public:
  InflatedSource(std::shared_ptr<const io::ByteSource> in, std::uint64_t size)
      : in_(std::move(in)), size_(size) {
    const std::uint64_t blocks = (size + kBlockBytes - 1) / kBlockBytes;
    spacing_ = std::max<std::uint64_t>(8, blocks / kMaxCheckpoints + 1);
  }
  std::uint64_t size() const override { return size_; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return Error{ErrorCode::kCorruption, "read past the end of a deflated member"};
    }
    const std::lock_guard lock(mutex_);
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
  struct Block {
    std::uint64_t index = UINT64_MAX;
    std::vector<std::byte> bytes;
  };

  Result<const std::vector<std::byte>*> BlockAt(std::uint64_t index) const {
    for (const Block& block : cache_) {
      if (block.index == index) return &block.bytes;
    }
    const std::size_t checkpoint = static_cast<std::size_t>(std::min<std::uint64_t>(
        index / spacing_, checkpoints_.empty() ? 0 : checkpoints_.size() - 1));
    const std::uint64_t checkpoint_block = checkpoint * spacing_;
    if (current_ == nullptr || next_block_ > index || next_block_ < checkpoint_block) {
      current_ = checkpoints_.empty() ? std::make_unique<Inflater>()
                                      : std::make_unique<Inflater>(*checkpoints_[checkpoint]);
      next_block_ = checkpoints_.empty() ? 0 : checkpoint_block;
    }
    Block* slot = nullptr;
    while (next_block_ <= index) {
      if (next_block_ == checkpoints_.size() * spacing_) {
        checkpoints_.push_back(std::make_unique<Inflater>(*current_));
      }
      slot = &cache_[next_block_ % kCachedBlocks];
      slot->index = UINT64_MAX;
      const std::uint64_t begin = next_block_ * kBlockBytes;
      slot->bytes.resize(static_cast<std::size_t>(std::min(kBlockBytes, size_ - begin)));
      const Status status = current_->Fill(*in_, slot->bytes, begin + slot->bytes.size() == size_);
      if (!status.ok()) {
        current_ = nullptr;  // an inflater that failed cannot go on
        return status.error();
      }
      slot->index = next_block_++;
    }
    return &slot->bytes;
  }

  std::shared_ptr<const io::ByteSource> in_;
  std::uint64_t size_;
  std::uint64_t spacing_ = 1;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Inflater> current_;
  mutable std::uint64_t next_block_ = 0;
  mutable std::vector<std::unique_ptr<Inflater>> checkpoints_;
  mutable std::array<Block, kCachedBlocks> cache_;
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
  crc = static_cast<std::uint32_t>(crc32_z(crc, AsZlib(bytes.data()), bytes.size()));
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

std::shared_ptr<const io::ByteSource> MakeInflated(std::shared_ptr<const io::ByteSource> compressed,
                                                   std::uint64_t size) {
  return std::make_shared<InflatedSource>(std::move(compressed), size);
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
