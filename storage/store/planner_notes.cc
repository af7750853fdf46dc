#include "storage/store/planner_notes.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "storage/catalog/rows.h"
#include "storage/io/byte_io.h"
#include "storage/io/hash.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kNotesMagic = 0x35'4e'41'4c'50'56'4c'44;  // "DLVPLAN5"
constexpr std::uint64_t kMostSampleBytes = 8192;
constexpr std::size_t kSizeBytes = 32;  // of a size in the file
constexpr std::size_t kEstimateBytes = 20;
constexpr std::size_t kMarkBytes = 8;
constexpr std::size_t kSampleBytes = 33;  // of a sample, at least
constexpr std::uint64_t kMostFileBytes =
    PlannerNotes::kMostBytes +
    PlannerNotes::kMostSizes * (kSizeBytes + kEstimateBytes + kMarkBytes) + (16u << 20);

}  // namespace

std::string PlannerNotes::Path(Store& store) { return store.paths().dlv + "/plan"; }

PlannerNotes PlannerNotes::Load(Store& store) {
  const auto bytes = io::ReadWholeFile(store.file_system(), Path(store), kMostFileBytes);
  if (!bytes.ok()) return {};
  auto notes = Decode(*bytes);
  return notes.ok() ? std::move(notes).value() : PlannerNotes();
}

void PlannerNotes::Save(Store& store) {
  if (!changed_ || store.read_only()) return;
  const std::vector<std::byte> bytes = Encode();
  changed_ = !io::WriteFileAtomically(store.file_system(), Path(store), bytes).ok();
}

std::optional<std::span<const std::byte>> PlannerNotes::Sample(const TensorId& id) const {
  const auto found = samples_.find(id);
  if (found == samples_.end()) return std::nullopt;
  return std::span(found->second);
}

bool PlannerNotes::KeepSample(const TensorId& id, std::vector<std::byte> bytes) {
  const auto known = samples_.find(id);
  const std::size_t before = known == samples_.end() ? 0 : known->second.size();
  if (bytes.size() > kMostSampleBytes || sample_bytes_ - before + bytes.size() > kMostBytes)
    return false;
  sample_bytes_ += bytes.size() - before;
  samples_.insert_or_assign(id, std::move(bytes));
  changed_ = true;
  return true;
}

FormKey KeyOfForm(const TensorId& id, const std::optional<TensorId>& base) {
  return {catalog::IdPrefix(id), base ? catalog::IdPrefix(*base) : 0};
}

FormKey KeyOfForm(std::span<const TensorId> members,
                  std::span<const std::optional<TensorId>> bases) {
  const auto has_base = [](const auto& base) { return base.has_value(); };
  io::ByteWriter ids, base_ids;
  for (const TensorId& id : members) ids.PutDigest(id);
  for (const auto& base : bases) base_ids.PutDigest(base.value_or(TensorId()));
  return {io::Xxh3(ids.bytes()),
          std::ranges::any_of(bases, has_base) ? io::Xxh3(base_ids.bytes()) : 0};
}

std::optional<FormSize> PlannerNotes::Size(const FormKey& form) const {
  const auto found = sizes_.find(form);
  if (found == sizes_.end()) return std::nullopt;
  return found->second;
}

void PlannerNotes::KeepSize(const FormKey& form, const FormSize& size) {
  const auto found = sizes_.find(form);
  if (found == sizes_.end() ? sizes_.size() >= kMostSizes : found->second == size) return;
  sizes_[form] = size;
  changed_ = true;
}

std::optional<float> PlannerNotes::Estimate(const FormKey& form) const {
  const auto found = estimates_.find(form);
  if (found == estimates_.end()) return std::nullopt;
  return found->second;
}

void PlannerNotes::KeepEstimate(const FormKey& form, float bytes) {
  if (estimates_.size() >= kMostSizes) return;
  changed_ |= estimates_.try_emplace(form, bytes).second;
}

void PlannerNotes::ForgetFindings() {
  changed_ |= !samples_.empty() || !sizes_.empty() || !estimates_.empty();
  samples_.clear();
  sizes_.clear();
  estimates_.clear();
  sample_bytes_ = 0;
}

void PlannerNotes::Settle(std::span<const std::uint64_t> marks) {
  if (marks.size() > kMostSizes) return;
  std::unordered_set<std::uint64_t> settled(marks.begin(), marks.end());
  changed_ |= settled != settled_;
  settled_ = std::move(settled);
}

std::vector<std::byte> PlannerNotes::Encode() const {
  io::ByteWriter writer;
  writer.Put(kNotesMagic);
  writer.PutVarint(sizes_.size());
  for (const auto& [key, size] : sizes_) {
    writer.Put(key.tensor);
    writer.Put(key.base);
    writer.Put(size.bytes);
    writer.Put(std::bit_cast<std::uint32_t>(size.cold_share));
    writer.Put(std::bit_cast<std::uint32_t>(size.two_bases_share));
  }
  writer.PutVarint(estimates_.size());
  for (const auto& [key, bytes] : estimates_) {
    writer.Put(key.tensor);
    writer.Put(key.base);
    writer.Put(std::bit_cast<std::uint32_t>(bytes));
  }
  writer.PutVarint(settled_.size());
  for (const std::uint64_t mark : settled_) writer.Put(mark);
  writer.PutVarint(samples_.size());
  for (const auto& [id, bytes] : samples_) {
    writer.PutDigest(id);
    writer.PutVarint(bytes.size());
    writer.PutBytes(bytes);
  }
  writer.Put(io::Xxh3(writer.bytes()));
  return writer.Take();
}

Status PlannerNotes::DecodeSizes(io::ByteReader& reader) {
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(kSizeBytes));
  for (std::uint64_t i = 0; i < count; ++i) {
    FormKey key;
    DLV_ASSIGN(key.tensor, reader.Get<std::uint64_t>());
    DLV_ASSIGN(key.base, reader.Get<std::uint64_t>());
    FormSize size;
    DLV_ASSIGN(size.bytes, reader.Get<std::uint64_t>());
    for (float* const share : {&size.cold_share, &size.two_bases_share}) {
      DLV_ASSIGN(const std::uint32_t bits, reader.Get<std::uint32_t>());
      *share = std::bit_cast<float>(bits);
      if (!(*share >= 0 && *share <= 1)) return reader.Bad("a share is no share");
    }
    sizes_[key] = size;
  }
  return Ok();
}

Status PlannerNotes::DecodeEstimates(io::ByteReader& reader) {
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(kEstimateBytes));
  estimates_.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    FormKey key;
    DLV_ASSIGN(key.tensor, reader.Get<std::uint64_t>());
    DLV_ASSIGN(key.base, reader.Get<std::uint64_t>());
    DLV_ASSIGN(const std::uint32_t bits, reader.Get<std::uint32_t>());
    const auto bytes = std::bit_cast<float>(bits);
    if (!std::isfinite(bytes)) return reader.Bad("an estimate is no number");
    KeepEstimate(key, bytes);
  }
  return Ok();
}

Status PlannerNotes::DecodeSettled(io::ByteReader& reader) {
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(kMarkBytes));
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const std::uint64_t mark, reader.Get<std::uint64_t>());
    settled_.insert(mark);
  }
  return Ok();
}

Result<PlannerNotes> PlannerNotes::Decode(std::span<const std::byte> bytes) {
  const Error damaged{ErrorCode::kCorruption, "plan notes: the checksum does not fit"};
  if (bytes.size() < 2 * sizeof kNotesMagic) return damaged;
  const auto body = bytes.first(bytes.size() - sizeof kNotesMagic);
  io::ByteReader tail(bytes.last(sizeof kNotesMagic), "plan notes");
  DLV_ASSIGN(const std::uint64_t checksum, tail.Get<std::uint64_t>());
  if (checksum != io::Xxh3(body)) return damaged;
  io::ByteReader reader(body, "plan notes");
  DLV_ASSIGN(const std::uint64_t magic, reader.Get<std::uint64_t>());
  if (magic != kNotesMagic) return reader.Bad("not of this release");
  PlannerNotes notes;
  DLV_TRY(notes.DecodeSizes(reader));
  DLV_TRY(notes.DecodeEstimates(reader));
  DLV_TRY(notes.DecodeSettled(reader));
  DLV_ASSIGN(const std::uint64_t samples, reader.GetCount(kSampleBytes));
  for (std::uint64_t i = 0; i < samples; ++i) {
    DLV_ASSIGN(const TensorId id, reader.GetDigest<TensorId>());
    DLV_ASSIGN(const std::uint64_t size, reader.GetVarint());
    DLV_ASSIGN(const auto part, reader.GetBytes(size));
    notes.KeepSample(id, {part.begin(), part.end()});
  }
  DLV_TRY(reader.ExpectEnd());
  notes.changed_ = false;
  return notes;
}

}  // namespace dlv::store
