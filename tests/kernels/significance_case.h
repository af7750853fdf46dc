#pragma once
/// \file
/// A chunk by significance (docs/format/codec.md §6.5) taken apart, with what the codec and
/// engine/bounds make of its levels. See float_case.h.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "engine/kernels/cuda/significance_jobs.h"
#include "tests/kernels/float_case.h"

namespace dlv::kernels::test {

struct SignificanceCase {
  std::string name;
  cuda::ElementFormat format;
  cuda::SignificanceJob job;  ///< pointers are null; levels_read is level_count
  Bytes symbols;
  Bytes bits;                   ///< of all levels
  std::vector<Bytes> elements;  ///< of each level; in files the last one's alone
  std::vector<Bytes> centres;   ///< of each level but the last, as bits of the type. Not in files
};

/// The job of a reader of the first `levels` levels; pointers are null.
inline cuda::SignificanceJob JobOf(const SignificanceCase& one, std::uint32_t levels) {
  cuda::SignificanceJob job = one.job;
  job.levels_read = levels;
  return job;
}

/// The bits that this reader has.
inline Bytes StoredBits(const SignificanceCase& one, std::uint32_t levels) {
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < levels; ++i) bytes += one.job.level_bytes[i];
  return {one.bits.begin(), one.bits.begin() + static_cast<std::ptrdiff_t>(bytes)};
}

/// Encodes elements by significance. Nothing where they have no such form: exponents too far apart,
/// or so few elements that coding makes them longer.
std::optional<SignificanceCase> MakeSignificanceCase(const std::string& name, DType dtype,
                                                     std::span<const std::byte> elements);

/// Every type, many sizes, every kind of data. `large`: whole chunks too.
std::vector<SignificanceCase> MakeSignificanceCases(bool large);

}  // namespace dlv::kernels::test
