#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "storage/interchange/recipe.h"
#include "storage/interchange/recipe_check.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/zlib_streams.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kChunkElements = 1u << 17;
constexpr std::uint64_t kLookAheadBytes =
    32u << 20;  // of output made before its turn, for CRC-32 that stand first
constexpr std::size_t kCopyBytes = 1u << 20;

class BufferSink final : public io::ByteSink {
 public:
  Status Write(std::span<const std::byte> bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return Ok();
  }
  std::vector<std::byte> Take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

// A tensor of the provider as a source, for permuted reading.
class ProvidedTensor final : public io::ByteSource {
 public:
  ProvidedTensor(TensorProvider& provider, std::uint32_t tensor, std::uint64_t size)
      : provider_(provider), tensor_(tensor), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    return provider_.Read(tensor_, offset, out);
  }

 private:
  TensorProvider& provider_;
  std::uint32_t tensor_;
  std::uint64_t size_;
};

class Replayer {
 public:
  Replayer(TensorProvider& tensors, LiteralProvider& literals)
      : tensors_(tensors), literals_(literals), cache_(std::make_shared<SlabCache>()) {}

  Status RunList(std::span<const Instruction> list, io::ByteSink& sink);

 private:
  // What is known of an instruction's output before or after its turn.
  struct Known {
    bool wanted = false;  // some Crc32 names it
    std::optional<CrcState> crc;
    std::optional<CrcState> inflated;
    std::optional<std::vector<std::byte>> bytes;  // made before its turn
  };

  Status RunOne(const Instruction& item, io::ByteSink& sink, std::optional<CrcState>* inflated);
  Status Run(const LiteralPart& part, io::ByteSink& sink);
  Status Run(const TensorPart& part, io::ByteSink& sink);
  Status RunPermuted(const TensorPart& part, std::uint64_t size, io::ByteSink& sink);
  Status Run(const Deflate& body, io::ByteSink& sink, std::optional<CrcState>* inflated);
  Result<std::uint32_t> CrcOf(const Crc32& crc, std::span<const Instruction> list,
                              std::vector<Known>& known);
  Status LookAhead(const Instruction& item, Known& known);

  TensorProvider& tensors_;
  LiteralProvider& literals_;
  std::shared_ptr<SlabCache> cache_;
  std::uint64_t ahead_bytes_ = 0;
};

Status Replayer::RunList(std::span<const Instruction> list, io::ByteSink& sink) {
  std::vector<Known> known(list.size());
  for (const Instruction& item : list) {
    if (const auto* crc = std::get_if<Crc32>(&item.body)) {
      for (std::uint64_t i = crc->first; i < std::uint64_t{crc->first} + crc->count; ++i) {
        known[static_cast<std::size_t>(i)].wanted = true;
      }
    }
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (const auto* crc = std::get_if<Crc32>(&list[i].body)) {
      DLV_ASSIGN(const std::uint32_t value, CrcOf(*crc, list, known));
      std::array<std::byte, 4> bytes{};
      std::memcpy(bytes.data(), &value, sizeof value);
      DLV_TRY(sink.Write(bytes));
    } else if (known[i].bytes) {
      DLV_TRY(sink.Write(*known[i].bytes));
      ahead_bytes_ -= known[i].bytes->size();
      known[i].bytes.reset();
    } else if (known[i].wanted && !known[i].crc) {
      CrcSink counted(&sink);
      DLV_TRY(RunOne(list[i], counted, &known[i].inflated));
      known[i].crc = counted.state();
    } else {
      DLV_TRY(RunOne(list[i], sink, nullptr));
    }
  }
  return Ok();
}

Result<std::uint32_t> Replayer::CrcOf(const Crc32& crc, std::span<const Instruction> list,
                                      std::vector<Known>& known) {
  CrcState total;
  for (std::size_t i = crc.first; i < std::size_t{crc.first} + crc.count; ++i) {
    if (!known[i].crc) DLV_TRY(LookAhead(list[i], known[i]));
    total.Append(crc.inflated ? *known[i].inflated : *known[i].crc);
  }
  return total.crc;
}

// Makes an instruction's output before its turn: kept when small, else made again when its turn
// comes.
Status Replayer::LookAhead(const Instruction& item, Known& known) {
  const std::uint64_t size = OutputSizeOf(item);
  BufferSink buffer;
  const bool keep = size <= kLookAheadBytes - ahead_bytes_;
  if (keep) ahead_bytes_ += size;
  CrcSink counted(keep ? &buffer : nullptr);
  DLV_TRY(RunOne(item, counted, &known.inflated));
  known.crc = counted.state();
  if (keep) known.bytes = buffer.Take();
  return Ok();
}

Status Replayer::RunOne(const Instruction& item, io::ByteSink& sink,
                        std::optional<CrcState>* inflated) {
  if (const auto* literal = std::get_if<LiteralPart>(&item.body)) return Run(*literal, sink);
  if (const auto* tensor = std::get_if<TensorPart>(&item.body)) return Run(*tensor, sink);
  if (const auto* deflate = std::get_if<Deflate>(&item.body)) return Run(*deflate, sink, inflated);
  return RunList(std::get<Inner>(item.body).inner, sink);
}

Status Replayer::Run(const LiteralPart& part, io::ByteSink& sink) {
  std::vector<std::byte> buffer(
      static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, part.size)));
  for (std::uint64_t done = 0; done < part.size;) {
    const auto piece = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), part.size - done)));
    DLV_TRY(literals_.Read(part.literal, part.offset + done, piece));
    DLV_TRY(sink.Write(piece));
    done += piece.size();
  }
  return Ok();
}

Status Replayer::Run(const TensorPart& part, io::ByteSink& sink) {
  DLV_ASSIGN(const std::uint64_t size, tensors_.SizeBytes(part.tensor));
  const std::uint64_t item = part.element_size;
  if ((part.first + part.count) * item > size ||
      (!part.shape.empty() && part.count * item != size)) {
    return Error{ErrorCode::kCorruption, "recipe: wants elements up to " +
                                             std::to_string(part.first + part.count) +
                                             " of tensor " + std::to_string(part.tensor) +
                                             ", which has " + std::to_string(size) + " bytes"};
  }
  if (!part.shape.empty()) return RunPermuted(part, size, sink);
  std::vector<std::byte> buffer;
  const std::uint64_t end = part.first + part.count;
  for (std::uint64_t at = part.first; at < end;) {
    const std::uint64_t next = std::min(end, (at / kChunkElements + 1) * kChunkElements);
    buffer.resize(static_cast<std::size_t>((next - at) * item));
    DLV_TRY(tensors_.Read(part.tensor, at * item, buffer));
    SwapGroups(buffer, part.swap_size);
    DLV_TRY(sink.Write(buffer));
    at = next;
  }
  return Ok();
}

Status Replayer::RunPermuted(const TensorPart& part, std::uint64_t size, io::ByteSink& sink) {
  StridedView view;
  view.element_size = part.element_size;
  const std::vector<std::uint64_t> strides = ContiguousStrides(part.shape);
  for (const std::uint8_t axis : part.axes) {
    view.shape.push_back(part.shape[axis]);
    view.strides.push_back(strides[axis]);
  }
  const auto tensor = std::make_shared<ProvidedTensor>(tensors_, part.tensor, size);
  const auto permuted = MakeStrided(tensor, std::move(view), cache_);
  std::vector<std::byte> buffer;
  for (std::uint64_t done = 0; done < size;) {
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, size - done)));
    DLV_TRY(permuted->ReadAt(done, buffer));
    SwapGroups(buffer, part.swap_size);
    DLV_TRY(sink.Write(buffer));
    done += buffer.size();
  }
  return Ok();
}

Status Replayer::Run(const Deflate& body, io::ByteSink& sink, std::optional<CrcState>* inflated) {
  DeflateSink deflater(body, sink);
  CrcSink counted(&deflater);
  DLV_TRY(RunList(body.inner, counted));
  DLV_ASSIGN(const std::uint64_t size, deflater.Finish());
  if (size != body.size) {
    return Error{ErrorCode::kCorruption, "recipe: zlib made " + std::to_string(size) +
                                             " bytes, want " + std::to_string(body.size) +
                                             " (was the file made with another zlib?)"};
  }
  if (inflated != nullptr) *inflated = counted.state();
  return Ok();
}

}  // namespace

Status Replay(const Recipe& recipe, TensorProvider& tensors, LiteralProvider& literals,
              io::ByteSink& sink) {
  DLV_TRY(RecipeOutputSize(recipe));
  return Replayer(tensors, literals).RunList(recipe.instructions, sink);
}

}  // namespace dlv::interchange
