#include "storage/archive/coded_size.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "storage/codec/chunk_codec.h"
#include "storage/io/parallel.h"

namespace dlv::archive {
namespace {

struct Scratch {
  codec::ChunkEncoder encoder;
  codec::EncodedChunk chunk;
  std::vector<std::byte> raw;
  std::vector<std::byte> base, second_base;
};

CodedMeasure MeasureOf(const codec::EncodedChunk& chunk) {
  CodedMeasure measure{chunk.bytes.size(), chunk.header.needs_base, {}};
  measure.coding.Add(chunk.header, chunk.header.count);
  return measure;
}

}  // namespace

CodedMeasure& CodedMeasure::operator+=(const CodedMeasure& other) {
  bytes += other.bytes;
  uses_base = uses_base || other.uses_base;
  coding += other.coding;
  return *this;
}

Result<CodedMeasure> MeasureTensor(DType dtype, std::uint64_t element_count,
                                   const io::ByteSource& tensor, const io::ByteSource* base,
                                   const io::ByteSource* second_base,
                                   const codec::EncodeOptions& options,
                                   const Operation& operation) {
  const unsigned threads = operation.threads == 0 ? io::DefaultThreads() : operation.threads;
  const std::uint64_t chunks =
      (element_count + codec::kMaxChunkElements - 1) / codec::kMaxChunkElements;
  std::vector<Scratch> scratch(
      std::min<std::uint64_t>(threads, std::max<std::uint64_t>(chunks, 1)));
  CodedMeasure total;
  std::mutex mutex;
  const auto code = [&](std::uint64_t index, unsigned worker) -> Status {
    if (operation.cancel != nullptr && operation.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped on request"};
    Scratch& mine = scratch[worker];
    const std::uint64_t first = index * codec::kMaxChunkElements;
    const auto count = std::min<std::uint64_t>(codec::kMaxChunkElements, element_count - first);
    mine.raw.resize(static_cast<std::size_t>(count) * SizeOf(dtype));
    DLV_TRY(tensor.ReadAt(first * SizeOf(dtype), mine.raw));
    const auto read = [&](const io::ByteSource* source, std::vector<std::byte>& bytes) -> Status {
      bytes.resize(source == nullptr ? 0 : mine.raw.size());
      return source == nullptr ? Ok() : source->ReadAt(first * SizeOf(dtype), bytes);
    };
    DLV_TRY(read(base, mine.base));
    DLV_TRY(read(second_base, mine.second_base));
    codec::EncodeOptions encode = options;
    encode.second_base = mine.second_base;
    DLV_TRY(mine.encoder.Encode(dtype, mine.raw, mine.base, encode, mine.chunk));
    const std::lock_guard lock(mutex);
    total += MeasureOf(mine.chunk);
    return Ok();
  };
  DLV_TRY(io::ParallelFor(chunks, static_cast<unsigned>(scratch.size()), code));
  return total;
}

Result<CodedMeasure> MeasureChunk(DType dtype, std::span<const std::byte> raw,
                                  std::span<const std::byte> base,
                                  const codec::EncodeOptions& options) {
  Scratch scratch;
  DLV_TRY(scratch.encoder.Encode(dtype, raw, base, options, scratch.chunk));
  return MeasureOf(scratch.chunk);
}

Result<std::uint64_t> CodedSize(DType dtype, std::uint64_t element_count,
                                const io::ByteSource& tensor, const io::ByteSource* base,
                                unsigned threads) {
  DLV_ASSIGN(const CodedMeasure measure,
             MeasureTensor(dtype, element_count, tensor, base, nullptr, {}, {.threads = threads}));
  return measure.bytes;
}

}  // namespace dlv::archive
