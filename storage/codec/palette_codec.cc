#include "storage/codec/palette_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "storage/codec/bit_stream.h"

namespace dlv::codec {
namespace {

Error Bad(const char* why) {
  return Error{ErrorCode::kCorruption, std::string("palette chunk: ") + why};
}

std::size_t ComponentBytes(DType dtype) { return FullPlanes(dtype) / 8; }

constexpr std::size_t kNeighbourValues = 64;

std::size_t LowBytes(std::size_t n, unsigned low_bits) { return (n * low_bits + 7) / 8; }

/// Gives each value a number, in the order of their first coming.
template <class Word>
class ValueNumbers {
 public:
  ValueNumbers() : used_(2 * kMaxPaletteValues) {}

  /// Returns the number, or kMaxPaletteValues where there are too many values.
  std::size_t Of(Word value) {
    auto slot = static_cast<std::size_t>((value * 0x9e3779b97f4a7c15ULL) >> (64 - kSlotBits));
    while (used_[slot] != 0 && values_[used_[slot] - 1u] != value) {
      slot = (slot + 1) % used_.size();
    }
    if (used_[slot] == 0) {
      if (values_.size() == kMaxPaletteValues) return kMaxPaletteValues;
      values_.push_back(value);
      used_[slot] = static_cast<std::uint16_t>(values_.size());
    }
    return used_[slot] - 1u;
  }
  std::span<const Word> values() const { return values_; }

 private:
  static constexpr unsigned kSlotBits = 16;
  static_assert((std::size_t{1} << kSlotBits) == 2 * kMaxPaletteValues);
  std::vector<std::uint16_t> used_;  // number plus 1
  std::vector<Word> values_;
};

}  // namespace

// Fills numbers_ and values_; false where there are too many values.
template <class Word>
bool PaletteEncoder::Collect(std::span<const std::byte> raw) {
  ValueNumbers<Word> first_numbers;
  const std::size_t n = raw.size() / sizeof(Word);
  numbers_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    Word value;
    std::memcpy(&value, raw.data() + i * sizeof value, sizeof value);
    const std::size_t number = first_numbers.Of(value);
    if (number == kMaxPaletteValues) return false;
    numbers_[i] = static_cast<std::uint16_t>(number);
  }
  const auto found = first_numbers.values();
  values_.assign(found.begin(), found.end());
  std::sort(values_.begin(), values_.end());
  std::vector<std::uint16_t> place(found.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    const auto at = std::lower_bound(values_.begin(), values_.end(), found[k]);
    place[k] = static_cast<std::uint16_t>(at - values_.begin());
  }
  for (std::uint16_t& number : numbers_) number = place[number];
  return true;
}

void PaletteEncoder::SplitNumbers() {
  const auto bits = static_cast<unsigned>(std::bit_width(values_.size() - 1));
  low_bits_ = bits > 8 ? bits - 8 : 0;
  symbols_.resize(numbers_.size());
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    symbols_[i] = static_cast<std::uint8_t>(numbers_[i] >> low_bits_);
  }
}

void PaletteEncoder::ChooseContext(SymbolEffort effort) {
  const SymbolEstimate estimate = encoder_.Estimate(symbols_);
  // With more symbols the sample shows too little of what follows what.
  const bool neighbour =
      values_.size() <= kNeighbourValues && estimate.neighbour_bits < estimate.plain_bits;
  context_ = neighbour ? SymbolContext::kNeighbour : SymbolContext::kNone;
  std::size_t size = (neighbour ? estimate.neighbour_bits : estimate.plain_bits) / 8;
  if (const auto choice = encoder_.TryZstd(symbols_, size, effort)) {
    context_ = choice->context;
    size = choice->size_bytes;
  }
  estimated_bytes_ = values_.size() * width_ + LowBytes(numbers_.size(), low_bits_) + size;
}

bool PaletteEncoder::Plan(DType dtype, std::span<const std::byte> raw, SymbolEffort effort) {
  dtype_ = dtype;
  count_ = static_cast<std::uint32_t>(raw.size() / SizeOf(dtype));
  width_ = ComponentBytes(dtype);
  const bool few = width_ == 1   ? Collect<std::uint8_t>(raw)
                   : width_ == 2 ? Collect<std::uint16_t>(raw)
                   : width_ == 4 ? Collect<std::uint32_t>(raw)
                                 : Collect<std::uint64_t>(raw);
  if (!few || values_.size() < 2) return false;
  SplitNumbers();
  ChooseContext(effort);
  return true;
}

void PaletteEncoder::Encode(ChunkHeader& header, std::vector<std::byte>& body) {
  header.mode = ChunkMode::kPalette;
  header.dtype = dtype_;
  header.count = count_;
  header.level_count = 0;
  std::vector<std::byte> payload;
  PutField(payload, static_cast<std::uint8_t>(context_));
  PutField(payload, static_cast<std::uint8_t>(low_bits_));
  PutField(payload, static_cast<std::uint16_t>(values_.size() - 1));
  header.SetPayload(payload);
  const std::size_t start = body.size();
  for (const std::uint64_t value : values_) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&value);
    body.insert(body.end(), bytes, bytes + width_);
  }
  BitWriter low(body);
  const std::uint32_t mask = (1u << low_bits_) - 1;
  for (const std::uint16_t number : numbers_) low.Put(number & mask, low_bits_);
  low.Finish();
  encoder_.Encode(context_, symbols_, static_cast<unsigned>((values_.size() - 1) >> low_bits_),
                  body);
  header.AddLevel(FullPlanes(dtype_), body.size() - start);
}

Status PaletteDecoder::Decode(const ChunkHeader& header, std::span<const std::byte> body,
                              std::span<std::byte> out) {
  FieldReader in(header.payload());
  const auto context = in.Get<std::uint8_t>();
  const auto low_bits = in.Get<std::uint8_t>();
  const std::size_t last = in.Get<std::uint16_t>();
  if (!in.ok() || in.remaining() != 0 || header.level_count != 1) return Bad("parameters");
  if (context >= kSymbolContexts) {
    return Error{ErrorCode::kUnsupported,
                 "palette chunk: symbol context " + std::to_string(context)};
  }
  if (last == 0 || low_bits > 8 || last >> low_bits > 255) return Bad("number of values");
  const std::size_t width = ComponentBytes(header.dtype);
  const std::size_t n = out.size() / width;
  const auto level = body.first(header.level_table[0].size_bytes);
  const std::size_t value_bytes = (last + 1) * width;
  const std::size_t low_bytes = LowBytes(n, low_bits);
  if (level.size() < value_bytes + low_bytes) return Bad("is cut off");
  symbols_.resize(n + 64);
  const auto largest = static_cast<unsigned>(std::max<std::size_t>(last >> low_bits, 1));
  if (!decoder_.Decode(level.subspan(value_bytes + low_bytes), static_cast<SymbolContext>(context),
                       largest, n, symbols_.data())) {
    return Bad("its numbers are malformed");
  }
  BitReader low(level.subspan(value_bytes, low_bytes));
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t number = std::size_t{symbols_[i]} << low_bits | low.Get(low_bits);
    if (number > last) return Bad("a number without a value");
    std::memcpy(out.data() + i * width, level.data() + number * width, width);
  }
  return Ok();
}

}  // namespace dlv::codec
