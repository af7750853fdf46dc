// TensorReader::StepsOf and ReadToStep: tensors of which chunks have levels by significance.

#include <algorithm>
#include <array>
#include <set>

#include "storage/archive/reader_caches.h"
#include "storage/archive/tensor_reader.h"
#include "storage/codec/chunk_codec.h"
#include "storage/codec/significance_layout.h"

namespace dlv::archive {
namespace {

/// A chunk that is stored by itself.
struct Unit {
  const SectionReader* section = nullptr;
  UnitPlace place;
  std::uint64_t elements = 0;
  codec::ChunkHeader header;
  std::vector<unsigned> steps;  ///< of the levels; of another mode kWholeStep alone
};

Error Bad(const Unit& unit, const std::string& why) {
  return Error{ErrorCode::kCorruption, unit.section->Name() + ", unit at " +
                                           std::to_string(unit.place.offset) + ": " + why};
}

/// The chunks of a tensor; none where one of them has company or a base.
Result<std::vector<Unit>> UnitsOf(const TensorHandle& tensor) {
  std::vector<Unit> units;
  if (tensor.strip() != nullptr) return units;
  for (std::uint64_t index = 0; index < ChunkCount(tensor.element_count()); ++index) {
    const TensorHandle::Part& part = tensor.PartOfChunk(index);
    if (part.entry.clustered) {
      DLV_ASSIGN(const ClusterEntry cluster, part.section->directory().Cluster(part.entry.cluster));
      const bool is_alone = cluster.member_count == 1 && part.entry.first_element == 0 &&
                            cluster.element_count == tensor.element_count();
      if (!is_alone || cluster.uses_base) return std::vector<Unit>();
      units.push_back({part.section.get(), cluster.place, cluster.element_count, {}, {}});
      continue;
    }
    const TensorHandle::Chunk& chunk =
        part.chunks[static_cast<std::size_t>(index - part.entry.first_chunk)];
    if (chunk.uses_base) return std::vector<Unit>();
    units.push_back(
        {part.section.get(), chunk.place, ChunkLength(tensor.element_count(), index), {}, {}});
  }
  return units;
}

/// The level of a unit with at least these steps; the last one if there is none.
std::size_t LevelAt(const Unit& unit, unsigned step) {
  const auto found = std::ranges::lower_bound(unit.steps, step);
  const auto level = static_cast<std::size_t>(found - unit.steps.begin());
  return unit.header.level_count - unit.steps.size() + std::min(level, unit.steps.size() - 1);
}

unsigned StepAt(const Unit& unit, std::size_t level) {
  return unit.steps[level - (unit.header.level_count - unit.steps.size())];
}

TensorLevel CostOf(const std::vector<Unit>& units, unsigned step) {
  TensorLevel cost{codec::kWholeStep, 0, 0};
  for (const Unit& unit : units) {
    const std::size_t level = LevelAt(unit, step);
    const std::uint64_t prefix = unit.header.PrefixBytes(level);
    cost.planes = std::min(cost.planes, StepAt(unit, level));
    cost.plane_bytes += prefix - unit.header.header_bytes;
    cost.all_bytes +=
        std::max(prefix, std::min<std::uint64_t>(unit.place.coded_bytes, codec::kMaxHeaderBytes));
  }
  return cost;
}

}  // namespace

/// Reads prefixes of single chunks.
class StepReader {
 public:
  explicit StepReader(TensorReader::Shared& shared) : shared_(shared) {}

  /// Gives each unit its header and steps; none where all are of other modes.
  Result<std::vector<Unit>> Open(const TensorHandle& tensor) {
    DLV_ASSIGN(std::vector<Unit> units, UnitsOf(tensor));
    bool any = false;
    for (Unit& unit : units) {
      DLV_TRY(ReadHeader(tensor, unit));
      DLV_ASSIGN(unit.steps, codec::StepsOfLevels(unit.header));
      any = any || IsBySignificance(unit);
    }
    return any ? units : std::vector<Unit>();
  }

  Result<bool> AnyBySignificance(const TensorHandle& tensor) {
    DLV_ASSIGN(std::vector<Unit> units, UnitsOf(tensor));
    for (Unit& unit : units) {
      // What a commit wrote is by planes, and nothing is read.
      if (unit.section->has_manifest()) continue;
      DLV_TRY(ReadHeader(tensor, unit));
      if (IsBySignificance(unit)) return true;
    }
    return false;
  }

  Status Read(const Unit& unit, unsigned step, std::span<std::byte> out) {
    const std::size_t level = LevelAt(unit, step);
    std::vector<std::byte> bytes;
    DLV_TRY(Fetch(unit, unit.header.PrefixBytes(level), bytes));
    auto decoder = shared_.decoders.Take();
    if (decoder == nullptr) decoder = std::make_unique<codec::ChunkDecoder>();
    const Status decoded = decoder->Decode(unit.header, bytes, level, {}, out);
    shared_.decoders.Give(std::move(decoder));
    shared_.decoded_units.fetch_add(1, std::memory_order_relaxed);
    return decoded.ok() ? decoded : Status(Bad(unit, decoded.error().message));
  }

 private:
  static bool IsBySignificance(const Unit& unit) {
    return unit.header.mode == codec::ChunkMode::kSignificance;
  }

  Status ReadHeader(const TensorHandle& tensor, Unit& unit) {
    std::vector<std::byte> bytes;
    DLV_TRY(
        Fetch(unit, std::min<std::size_t>(unit.place.coded_bytes, codec::kMaxHeaderBytes), bytes));
    auto header = codec::ParseChunkHeader(bytes);
    if (!header.ok() || header->EncodedBytes() != unit.place.coded_bytes ||
        header->dtype != tensor.dtype() || header->count != unit.elements || header->needs_base)
      return Bad(unit, header.ok() ? "its header does not fit" : header.error().message);
    unit.header = *header;
    return Ok();
  }

  Status Fetch(const Unit& unit, std::size_t size, std::vector<std::byte>& bytes) {
    const CodedPrefixes::Key key{unit.section->place().id, unit.place.offset};
    bytes.resize(size);
    const std::size_t have = shared_.prefixes.CopyTo(key, bytes);
    if (have == size) return Ok();
    const auto rest = std::span(bytes).subspan(have);
    DLV_TRY(unit.section->ReadRange(unit.place.offset + have, rest));
    shared_.fetched_bytes.fetch_add(rest.size(), std::memory_order_relaxed);
    if (size == unit.place.coded_bytes) DLV_TRY(unit.section->CheckUnit(unit.place, bytes));
    shared_.prefixes.Keep(key, bytes);
    return Ok();
  }

  TensorReader::Shared& shared_;
};

Result<std::vector<TensorLevel>> TensorReader::StepsOf(const TensorHandle& tensor) {
  DLV_ASSIGN(const std::vector<Unit> units, StepReader(*shared_).Open(tensor));
  std::set<unsigned> wishes;
  for (const Unit& unit : units) wishes.insert(unit.steps.begin(), unit.steps.end());
  std::vector<TensorLevel> levels;
  for (const unsigned step : wishes) {
    const TensorLevel level = CostOf(units, step);
    if (levels.empty() || level.planes > levels.back().planes) levels.push_back(level);
  }
  return levels;
}

Result<bool> TensorReader::HasSteps(const TensorHandle& tensor) {
  return StepReader(*shared_).AnyBySignificance(tensor);
}

Status TensorReader::ReadToStep(const TensorHandle& tensor, unsigned step,
                                std::span<std::byte> out) {
  StepReader reader(*shared_);
  DLV_ASSIGN(const std::vector<Unit> units, reader.Open(tensor));
  if (units.empty() || out.size() != tensor.element_count() * SizeOf(tensor.dtype())) {
    return Error{ErrorCode::kInvalidArgument,
                 "tensor " + tensor.id().Hex(12) + " is not read by significance"};
  }
  for (const Unit& unit : units) {
    const std::size_t size = unit.header.raw_bytes();
    DLV_TRY(reader.Read(unit, step, out.first(size)));
    out = out.subspan(size);
  }
  return Ok();
}

}  // namespace dlv::archive
