#include "storage/plan/cost_model.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace dlv::plan {
namespace {

/// To be counted up where the kernels become faster, so that rates are measured again.
constexpr std::string_view kRatesTitle = "dlv machine rates 7";
constexpr std::array<std::string_view, kDecodeKinds> kRateNames = {
    "base32", "base16",    "delta32", "delta16",    "other",
    "near32", "nearest32", "near16",  "delta-other"};
constexpr std::array<std::string_view, kSlowForms> kSlowNames = {
    "cold-base32", "cold-base16", "cold-delta32", "cold-delta16", "two-bases32", "two-bases16"};
/// Shares of coded bytes between the kinds, measured: two levels of a delta are coded below the
/// first, three below the second; for 16 bits the one level has few bits.
constexpr double kNearShare32 = 0.55;
constexpr double kNearestShare32 = 0.32;
constexpr double kNearShare16 = 0.15;
/// Predictions from two bases leave differences that are less even: so much more.
constexpr double kTwoBasesShare = 0.02;
constexpr std::string_view kFetchName = "fetch";
constexpr std::string_view kChunkName = "chunk";
constexpr std::string_view kMachineName = "machine";
/// From a terabyte to a hundred kilobytes a second; a chunk up to a second.
constexpr double kFastestRate = 1e-12;
constexpr double kSlowestRate = 1e-5;
constexpr double kMostChunkSeconds = 1;
constexpr double kLeastTimes = 0.1;
constexpr double kMostTimes = 100;
constexpr double kElementsPerChunk = 131072;
/// How much longer decoding takes than all cores would that were busy from beginning to end: 1.06
/// to 1.13 in bench_load on an idle machine, read from memory (docs/benchmarks.md).
constexpr double kUneven = 1.1;

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// The value of a line "NAME VALUE".
Result<std::string_view> TakeValue(std::string_view& text, std::string_view name) {
  const std::string_view line = TakeLine(text);
  if (line.size() <= name.size() || line.substr(0, name.size()) != name || line[name.size()] != ' ')
    return Error{ErrorCode::kCorruption,
                 "machine rates: want a line \"" + std::string(name) + " ...\""};
  return line.substr(name.size() + 1);
}

Result<double> TakeNumber(std::string_view& text, std::string_view name, double least,
                          double most) {
  DLV_ASSIGN(const std::string_view value, TakeValue(text, name));
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || !(number >= least) ||
      !(number <= most))
    return Error{ErrorCode::kCorruption, "machine rates: " + std::string(name) + " is no rate"};
  return number;
}

void AppendNumber(std::string& text, std::string_view name, double number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.4g", number);
  text.append(name).append(" ").append(digits).append("\n");
}

}  // namespace

DecodeKind DecodeKindOf(DType dtype, const Coding& coding, double share) {
  const double near = coding.two_bases_share * kTwoBasesShare;
  switch (dtype) {
    case DType::kF32:
    case DType::kF64:
    case DType::kComplex64:
    case DType::kComplex128:
      if (!coding.is_delta) return DecodeKind::kBase32;
      return share >= kNearShare32 + near      ? DecodeKind::kDelta32
             : share >= kNearestShare32 + near ? DecodeKind::kNearDelta32
                                               : DecodeKind::kNearestDelta32;
    case DType::kF16:
    case DType::kBF16:
    case DType::kF8E4M3:
    case DType::kF8E5M2:
      if (!coding.is_delta) return DecodeKind::kBase16;
      return share >= kNearShare16 ? DecodeKind::kDelta16 : DecodeKind::kNearDelta16;
    default:
      return coding.is_delta ? DecodeKind::kDeltaOther : DecodeKind::kOther;
  }
}

std::string ToText(const MachineRates& rates) {
  std::string text(kRatesTitle);
  text += '\n';
  text.append(kMachineName).append(" ").append(rates.machine).append("\n");
  for (std::size_t kind = 0; kind < kDecodeKinds; ++kind)
    AppendNumber(text, kRateNames[kind], rates.seconds_per_byte[kind]);
  for (std::size_t form = 0; form < kSlowForms; ++form)
    AppendNumber(text, kSlowNames[form], rates.times_as_long[form]);
  AppendNumber(text, kFetchName, rates.seconds_per_fetched_byte);
  AppendNumber(text, kChunkName, rates.seconds_per_chunk);
  return text;
}

Result<MachineRates> ParseMachineRates(std::string_view text) {
  if (TakeLine(text) != kRatesTitle)
    return Error{ErrorCode::kCorruption,
                 "machine rates: want \"" + std::string(kRatesTitle) + "\" at the beginning"};
  MachineRates rates;
  DLV_ASSIGN(rates.machine, TakeValue(text, kMachineName));
  for (std::size_t kind = 0; kind < kDecodeKinds; ++kind) {
    DLV_ASSIGN(rates.seconds_per_byte[kind],
               TakeNumber(text, kRateNames[kind], kFastestRate, kSlowestRate));
  }
  for (std::size_t form = 0; form < kSlowForms; ++form) {
    DLV_ASSIGN(rates.times_as_long[form],
               TakeNumber(text, kSlowNames[form], kLeastTimes, kMostTimes));
  }
  DLV_ASSIGN(rates.seconds_per_fetched_byte, TakeNumber(text, kFetchName, 0, kSlowestRate));
  DLV_ASSIGN(rates.seconds_per_chunk, TakeNumber(text, kChunkName, 0, kMostChunkSeconds));
  if (!text.empty())
    return Error{ErrorCode::kCorruption, "machine rates: more lines than there should be"};
  return rates;
}

double CostModel::TimesAsLong(DecodeKind kind, const Coding& coding) const {
  if (kind == DecodeKind::kOther || kind == DecodeKind::kDeltaOther) return 1;
  const auto times = [&](SlowForm of_32, SlowForm of_16) {
    const bool is_16 = kind == DecodeKind::kBase16 || kind == DecodeKind::kDelta16 ||
                       kind == DecodeKind::kNearDelta16;
    return rates_.times_as_long[static_cast<std::size_t>(is_16 ? of_16 : of_32)] - 1;
  };
  const double cold = coding.is_delta ? times(SlowForm::kColdDelta32, SlowForm::kColdDelta16)
                                      : times(SlowForm::kColdBase32, SlowForm::kColdBase16);
  return 1 + coding.cold_share * cold +
         coding.two_bases_share * times(SlowForm::kTwoBases32, SlowForm::kTwoBases16);
}

LoadParts CostModel::PartsOf(DType dtype, std::uint64_t element_count, const Coding& coding,
                             double coded_bytes) const {
  const auto elements = static_cast<double>(element_count);
  const double bytes = elements * static_cast<double>(SizeOf(dtype));
  const double share = bytes > 0 ? coded_bytes / bytes : 1;
  const DecodeKind kind = DecodeKindOf(dtype, coding, share);
  const double rate =
      rates_.seconds_per_byte[static_cast<std::size_t>(kind)] * TimesAsLong(kind, coding);
  // Small tensors share a chunk, and pay for a part of it.
  const double chunks = elements * 4 < kElementsPerChunk ? elements / kElementsPerChunk
                                                         : std::ceil(elements / kElementsPerChunk);
  return {coded_bytes, coded_bytes * rates_.seconds_per_fetched_byte + bytes * rate +
                           chunks * rates_.seconds_per_chunk};
}

double CostModel::Seconds(const LoadParts& parts) const {
  const double reading = parts.coded_bytes / read_rate_;
  const double decoding = parts.decode_seconds / cores_ * (cores_ > 1 ? kUneven : 1);
  const double longer = std::max(reading, decoding);
  const double shorter = std::min(reading, decoding);
  if (longer <= 0) return 0;
  const double share = shorter / longer;
  return longer * std::cbrt(1 + share * share * share);
}

}  // namespace dlv::plan
