#pragma once
/// \file
/// Where a progressive run gets weights from, a few bits at a time, and where it keeps what it
/// computed of them. Implemented above this folder, over the store.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/network.h"
#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv::progressive {

/// The exact level of a tensor with levels by significance.
inline constexpr unsigned kWholeStep = 0xffff;

/// A readable level of a tensor: its `planes` leading bits of every element, sign first; or, by
/// significance, the bits with steps up to `planes` (docs/format/codec.md §6.5).
struct Level {
  unsigned planes = 0;
  bool exact = false;
  /// What reading the level fetches, chains included: coded planes alone, and all of it (headers,
  /// tables, clusters by share).
  std::uint64_t plane_bytes = 0;
  std::uint64_t all_bytes = 0;
  bool by_significance = false;
};

/// The number of a level of about so many planes: by significance, an octave for each that goes
/// beyond sign and exponent.
inline unsigned NumberOf(const std::vector<Level>& levels, unsigned planes) {
  constexpr unsigned kHead = 9;
  if (!levels.front().by_significance) return planes;
  return levels.front().planes + 2 * (planes < kHead ? 0 : planes - kHead);
}

/// A tensor as far as it was read.
struct LeveledTensor {
  DType dtype = DType::kF32;
  Shape shape;
  unsigned planes = 0;  ///< as in Level
  bool exact = false;
  std::vector<std::byte> bytes;  ///< elements in C order; bits that are not known are zero
  bool by_significance = false;
};

class LevelSource {
 public:
  virtual ~LevelSource() = default;
  /// Returns the levels of a parameter's tensor, ascending; the last one is exact. Types without
  /// leading bits that bound an element (whole numbers) have the exact level alone.
  /// Errors: kNotFound (no tensor for it), what the source says.
  virtual Result<std::vector<Level>> Levels(const NetworkParameter& parameter) = 0;
  /// Reads the nearest level at or above `planes`, a number as its levels have.
  virtual Result<LeveledTensor> Read(const NetworkParameter& parameter, unsigned planes) = 0;
  /// Returns what names the tensor's content: its id, in hexadecimal. Bounds are kept by it.
  virtual Result<std::string> ContentId(const NetworkParameter& parameter) = 0;
};

/// Bounds and profiles that were computed before, by key. What comes back was computed by this
/// repository and was not changed since; anything else is not there.
class DerivedData {
 public:
  virtual ~DerivedData() = default;
  virtual std::optional<std::vector<double>> Find(std::string_view key) = 0;
  virtual Status Put(std::string_view key, const std::vector<double>& values) = 0;
};

}  // namespace dlv::progressive
