// Packs of tensors that are stored against others.

#include <cstring>

#include "tests/format/golden_list.h"
#include "tests/format/golden_packs.h"

namespace dlv::testing {

using archive::SectionWriter;
using golden::Add;
using golden::AddChunked;
using golden::Append;
using golden::Bytes;
using golden::Golden;
using golden::GoldenList;
using golden::Moved;
using golden::OnePack;
using golden::OneThread;
using golden::Onward;
using golden::Weights;
using golden::WithZeros;

Status MakeSecondBasesPacks(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/chunks.pack"),
                            archive::kPackTargetBytes, 3);
  const auto add_chain = [&](const std::string& name, DType dtype, const Bytes& first,
                             Bytes (*onward)(Bytes, std::uint64_t)) -> Status {
    std::vector<Golden> chain = {{name + ".0", dtype, first}};
    for (std::uint64_t i = 1; i < 4; ++i)
      chain.push_back({name + "." + std::to_string(i), dtype, onward(chain.back().bytes, i)});
    for (std::size_t i = 0; i < chain.size(); ++i) {
      DLV_TRY(AddChunked(sink, chain[i], i > 0 ? &chain[i - 1] : nullptr, static_cast<unsigned>(i),
                         list, {}, i > 1 ? &chain[i - 2] : nullptr));
    }
    return Ok();
  };
  DLV_TRY(add_chain("f32", DType::kF32, Weights(DType::kF32, 5000, 80), Onward<std::uint32_t>));
  DLV_TRY(add_chain("bf16", DType::kBF16, Weights(DType::kBF16, 3000, 81), Onward<std::uint16_t>));
  DLV_TRY(add_chain("f64", DType::kF64, Weights(DType::kF64, 1000, 82), Onward<std::uint64_t>));
  DLV_TRY(sink.Finish({}, {}));

  // Clusters: of the last, one member has a second base and one has none.
  SectionWriter writer(OnePack(file_system, folder + "/clusters.pack"), OneThread());
  std::vector<Golden> before, now;
  for (std::uint64_t i = 0; i < 2; ++i)
    before.push_back({"", DType::kF32, Weights(DType::kF32, i == 0 ? 1500 : 100, 83 + i)});
  for (Golden& tensor : before) DLV_TRY(Add(writer, tensor, nullptr, list));
  std::vector<Golden> last = before;
  for (std::uint64_t version = 1; version < 4; ++version) {
    now = last;
    for (Golden& tensor : now) tensor.bytes = Onward<std::uint32_t>(tensor.bytes, version);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const bool both = version > 1 && (version < 3 || i == 0);
      DLV_TRY(Add(writer, now[i], &last[i], list, both ? &before[i] : nullptr));
    }
    before = std::exchange(last, now);
  }
  DLV_TRY(writer.Finish());
  return golden::WriteExpected(file_system, folder, list);
}

Status MakeColdPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/cold.pack"), archive::kPackTargetBytes,
                            3);
  codec::EncodeOptions wide;
  wide.cold = true;
  wide.force_mode = codec::ChunkMode::kFloat;
  codec::EncodeOptions second;
  second.force_mode = codec::ChunkMode::kDeltaSecond;
  std::vector<Golden> bases = {{"f32.0", DType::kF32, Weights(DType::kF32, 20'000, 80)},
                               {"bf16.0", DType::kBF16, Weights(DType::kBF16, 24'000, 81)},
                               {"f64.0", DType::kF64, Weights(DType::kF64, 1100, 82)}};
  std::vector<Golden> children = {
      {"f32.1", DType::kF32, Moved<std::uint32_t>(bases[0].bytes, 83)},
      {"bf16.1", DType::kBF16, Moved<std::uint16_t>(bases[1].bytes, 84)},
      {"f64.1", DType::kF64, Moved<std::uint64_t>(bases[2].bytes, 85)}};
  for (Golden& base : bases) DLV_TRY(AddChunked(sink, base, nullptr, 0, list, wide));
  for (std::size_t i = 0; i < children.size(); ++i)
    DLV_TRY(AddChunked(sink, children[i], &bases[i], 1, list, second));
  DLV_TRY(sink.Finish({}, {}));
  return golden::WriteExpected(file_system, folder, list);
}

Status MakeNarrowPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/narrow.pack"),
                            archive::kPackTargetBytes, 3);
  struct Narrow {
    DType dtype;
    std::uint64_t count;
    unsigned zero_bits;
  };
  constexpr Narrow kAll[] = {{DType::kF32, 5000, 16}, {DType::kF32, 5000, 13},
                             {DType::kF32, 700, 4},   {DType::kF64, 1100, 29},
                             {DType::kF64, 500, 48},  {DType::kComplex64, 900, 16}};
  codec::EncodeOptions usual, second_bits;
  usual.force_mode = codec::ChunkMode::kDelta;
  second_bits.force_mode = codec::ChunkMode::kDeltaSecond;
  std::uint64_t seed = 110;
  for (const Narrow& one : kAll) {
    const bool is_wide = codec::FullPlanes(one.dtype) == 64;
    const auto moved = [&](const Bytes& from) {  // so far that little of the low levels is coded
      return is_wide ? Moved<std::uint64_t>(from, ++seed, 1ULL << (one.zero_bits + 9))
                     : Moved<std::uint32_t>(from, ++seed, 1ULL << (one.zero_bits + 3));
    };
    const std::string name = std::string(NameOf(one.dtype)) + "." + std::to_string(one.zero_bits);
    Golden base{name + ".0", one.dtype, Weights(one.dtype, one.count, ++seed)};
    Golden next{name + ".1", one.dtype, WithZeros(moved(base.bytes), one.dtype, one.zero_bits)};
    Golden last{name + ".2", one.dtype, WithZeros(moved(next.bytes), one.dtype, one.zero_bits)};
    DLV_TRY(AddChunked(sink, base, nullptr, 0, list));
    DLV_TRY(AddChunked(sink, next, &base, 1, list, usual));
    DLV_TRY(AddChunked(sink, last, &next, 2, list, second_bits));
  }
  DLV_TRY(sink.Finish({}, {}));
  return golden::WriteExpected(file_system, folder, list);
}

Status MakeIntegersPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/integers.pack"),
                            archive::kPackTargetBytes, 3);
  codec::EncodeOptions delta;
  delta.force_mode = codec::ChunkMode::kIntegerDelta;
  const auto add_pair = [&](const std::string& name, DType dtype, const Bytes& first,
                            const Bytes& next) -> Status {
    Golden base{name + ".0", dtype, first}, child{name + ".1", dtype, next};
    DLV_TRY(AddChunked(sink, base, nullptr, 0, list));
    return AddChunked(sink, child, &base, 1, list, delta);
  };
  const Bytes large = golden::Quantised(20'000, 90), small = golden::Quantised(700, 91);
  DLV_TRY(add_pair("scaled", DType::kI8, large, golden::Requantised(large, 90, 0)));
  DLV_TRY(add_pair("small", DType::kI8, small, golden::Requantised(small, 91, 0)));
  DLV_TRY(add_pair("unsigned", DType::kU8, large, golden::Requantised(large, 92, 3)));
  DLV_TRY(add_pair("packed", DType::kI32, large, golden::Requantised(large, 93, 0)));
  Bytes mask = Weights(DType::kBool, 9000, 94), pruned = mask;
  for (std::size_t i = 0; i < pruned.size(); i += 1 + golden::SplitMix(i) % 60)
    pruned[i] = std::byte{0};
  DLV_TRY(add_pair("mask", DType::kBool, mask, pruned));
  const Bytes wide = Weights(DType::kI32, 5000, 95);
  DLV_TRY(add_pair("wide", DType::kI32, wide, Moved<std::uint32_t>(wide, 95)));
  const Bytes counts = Weights(DType::kI64, 60, 96);
  Bytes later;
  for (std::size_t i = 0; i < counts.size(); i += 8) {
    std::int64_t count = 0;
    std::memcpy(&count, counts.data() + i, sizeof count);
    Append(later, count + 1000);
  }
  DLV_TRY(add_pair("steps", DType::kI64, counts, later));
  Bytes edited = Weights(DType::kI16, 6000, 97), rows = edited;
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] ^= std::byte{static_cast<std::uint8_t>(i % 96 / 2)};
  DLV_TRY(add_pair("rows", DType::kI16, edited, rows));
  for (std::size_t i = 3000; i < 3020; ++i) edited[i] ^= std::byte{1};
  DLV_TRY(add_pair("edited", DType::kU16, Weights(DType::kI16, 6000, 97), edited));
  DLV_TRY(sink.Finish({}, {}));
  return golden::WriteExpected(file_system, folder, list);
}

}  // namespace dlv::testing
