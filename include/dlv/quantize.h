#pragma once
/// \file
/// Lossy versions, by name and on demand: fewer bits a weight, in a version of its own.
///
/// Nothing in dlv loses bits unless it is asked to, and what is made here never takes the place of
/// what it was made from: the result is a new version whose parent (relation "quantize") is the
/// exact one. That one goes when the user removes it, and by nothing else.
///
/// The schemes are those of ModelHub (Miao et al., ICDE 2017, section IV-B), rounded to nearest:
///
///     fp16, bf16   every value becomes the nearest of that type, ties to even. The tensors of the
///                  new version have that type.
///     fixed        one exponent for a tensor: the values are q * 2^e with whole numbers |q| <
///                  2^(BITS - 1), and e is the least with which the largest value still fits. Error
///                  of a value: at most 2^(e - 1).
///     codebook     2^BITS values for a tensor, placed by k-means (Lloyd's algorithm, begun at
///                  quantiles) so that the squared error is small; each value becomes the nearest.
///     uniform      2^BITS values for a tensor at equal distances from the least to the greatest.
///                  Error of a value: at most half a distance, but for the rounding of the values
///                  themselves to the tensor's type.
///
/// fixed, codebook and uniform keep the tensors' types: any program reads the result, and dlv
/// stores it small, as values that come again. The same input gives the same output on every
/// machine and with any number of threads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv {

enum class QuantizeScheme : std::uint8_t { kF16, kBF16, kFixed, kCodebook, kUniform };

/// A scheme and how many bits a value has in it.
struct Quantization {
  QuantizeScheme scheme = QuantizeScheme::kBF16;
  unsigned bits = 16;  ///< fixed: 2 to 24; codebook, uniform: 1 to 8; fp16, bf16: 16
};

/// Reads "fp16", "bf16", "fixed:BITS", "codebook:BITS" or "uniform:BITS" ("f16" and "float16" are
/// taken for fp16, "bfloat16" for bf16).  Errors: kInvalidArgument.
Result<Quantization> ParseQuantization(std::string_view text);
/// Returns the text that ParseQuantization reads.
std::string ToText(const Quantization& quantization);

struct QuantizeOptions {
  Quantization quantization;
  /// Which tensors; as after the slash of a reference. Empty: with fp16 and bf16 all parameters and
  /// buffers, with the others the parameters of two and more dimensions (biases and the figures of
  /// normalisations need their bits, and are few). Only floating-point tensors with more bits than
  /// the scheme leaves are ever changed.
  std::string tensor_glob;
  std::string model;     ///< of the new version; empty: that of the reference
  std::string message;   ///< empty: "SCHEME of NAME:vN"
  std::string author;    ///< empty: as in CommitRequest
  bool execute = false;  ///< false: only say what would be made
};

/// What becomes of one tensor.
struct QuantizedTensor {
  TensorInfo info;            ///< as it is; `dtype` before
  DType dtype = DType::kF32;  ///< after
  bool changed = false;       ///< false: it is taken over as it is
  std::string note;           ///< why it is not changed, where one might expect it; else empty
  std::uint64_t changed_values = 0;
  double max_error = 0;       ///< greatest absolute error of a value
  double relative_error = 0;  ///< norm of the errors over norm of the values
  /// The bound that the scheme gives for max_error; nothing where it gives none (codebook).
  std::optional<double> bound;
  std::uint64_t raw_bytes = 0;     ///< uncoded, before
  std::uint64_t coded_before = 0;  ///< coded without a base, before
  std::uint64_t coded_after = 0;   ///< coded without a base, after
};

struct QuantizeResult {
  std::string source;                    ///< "NAME:vN" or "NAME:vN#STEP"
  std::vector<QuantizedTensor> tensors;  ///< all of the snapshot, in its order
  std::uint64_t coded_before = 0;        ///< sums over all tensors
  std::uint64_t coded_after = 0;
  double max_error = 0;
  double relative_error = 0;           ///< over all changed tensors together
  std::optional<CommitResult> commit;  ///< the new version; nothing where it was only a preview
};

}  // namespace dlv
