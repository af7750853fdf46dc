#pragma once
/// \file
/// How long a tensor takes to come back, from rates that were measured on this machine: the
/// recreation costs of a delta graph.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "dlv/dtype.h"
#include "dlv/result.h"

namespace dlv::plan {

/// What decoding speed depends on.
enum class DecodeKind : std::uint8_t {
  kBase32,   ///< floating point of 4 bytes and more, without a base
  kBase16,   ///< of 2 bytes and less
  kDelta32,  ///< against a base
  kDelta16,
  kOther,  ///< integers and bytes
  /// Against a base that is near: what differs little in its upper bits has more to decode in the
  /// lower ones (docs/format/delta.md: elements whose difference is 0 or 1 at a level are coded at
  /// the next one too), for fewer bytes.
  kNearDelta32,
  kNearestDelta32,
  kNearDelta16,
  kDeltaOther,  ///< integers and bytes against a base
};
inline constexpr std::size_t kDecodeKinds = 9;

/// How a stored form is coded, as far as the time of decoding depends on it.
struct Coding {
  bool is_delta = false;
  double cold_share = 0;       ///< of its elements: in cold forms,
  double two_bases_share = 0;  ///< and predicted from two bases
};
/// `share`: coded bytes of uncoded ones, which says how near a base is.
DecodeKind DecodeKindOf(DType dtype, const Coding& coding, double share = 1);

/// What takes longer than the usual form of its kind.
enum class SlowForm : std::uint8_t {
  kColdBase32,
  kColdBase16,
  kColdDelta32,
  kColdDelta16,
  kTwoBases32,
  kTwoBases16,
};
inline constexpr std::size_t kSlowForms = 6;

/// The rates of a machine. Derived data, kept as text (ToText) so that it is measured once; to be
/// measured again where `machine` says another one.
struct MachineRates {
  std::string machine;  ///< processor, cores, vector units, as one line
  std::array<double, kDecodeKinds> seconds_per_byte{};  ///< uncoded bytes, one core
  /// What a coded byte takes a core before it is decoded: copied out of the kernel, and checked.
  double seconds_per_fetched_byte = 0;
  double seconds_per_chunk = 0;  ///< what a chunk costs besides
  /// By SlowForm: how many times as long as the usual form it takes to decode.
  std::array<double, kSlowForms> times_as_long = {1, 1, 1, 1, 1, 1};
};
std::string ToText(const MachineRates& rates);
/// Errors: kCorruption (not that text, or rates that no machine has).
Result<MachineRates> ParseMachineRates(std::string_view text);

/// What a load consists of; those of several tensors are added.
struct LoadParts {
  double coded_bytes = 0;     ///< to read
  double decode_seconds = 0;  ///< on one core

  LoadParts& operator+=(const LoadParts& other) {
    coded_bytes += other.coded_bytes;
    decode_seconds += other.decode_seconds;
    return *this;
  }
};

/// Reading cold at a fixed rate, decoding on all cores while reading goes on.
class CostModel {
 public:
  static constexpr double kDefaultReadRate = 500e6;  ///< bytes a second

  CostModel(MachineRates rates, unsigned cores, double read_bytes_per_second = kDefaultReadRate)
      : rates_(std::move(rates)),
        cores_(cores == 0 ? 1 : cores),
        read_rate_(read_bytes_per_second) {}

  /// Of one step of a chain: a tensor once its base is there.
  LoadParts PartsOf(DType dtype, std::uint64_t element_count, const Coding& coding,
                    double coded_bytes) const;
  /// Returns how long a load takes. Reading and decoding overlap, so the longer of both counts, but
  /// not wholly where they take alike: (reading^3 + decoding^3)^(1/3), a norm that fits what
  /// bench_load measures to a few percent (docs/decisions/0011). Several cores are not all busy
  /// from beginning to end: decoding takes a tenth longer for that.
  double Seconds(const LoadParts& parts) const;
  /// The recreation cost of an edge. The sum over edges is at least what Seconds says of all of
  /// them together, by the triangle inequality: a plan within its budgets is within them.
  double EdgeSeconds(const LoadParts& parts) const { return Seconds(parts); }

 private:
  double TimesAsLong(DecodeKind kind, const Coding& coding) const;

  MachineRates rates_;
  unsigned cores_;
  double read_rate_;
};

}  // namespace dlv::plan
