#pragma once
/// \file
/// Who uses how much of the disk, and what removing something would free.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dlv {

/// What the lines of a report stand for.
enum class UsageBy : std::uint8_t {
  kModel,
  kVersion,
  kTensor,  ///< a name in a model, over all versions that are looked at
  kPlane,   ///< bit planes of one element type: sign and exponent, then mantissa
  kCodec,   ///< how the bytes were coded
};

struct UsageOptions {
  UsageBy by = UsageBy::kModel;
  /// Models and versions to look at, as references; empty: all. A bare name stands for all versions
  /// of that model.
  std::vector<std::string> references;
};

struct UsageLine {
  /// Model, version reference, "MODEL/TENSOR" (optimizer state: "MODEL/@optimizer/TENSOR"), codec
  /// ("float", "delta", "zstd", ...) or planes ("f32 sign, exponent").
  std::string name;
  std::uint64_t raw_bytes = 0;  ///< uncoded: of files, or of distinct tensors
  /// Coded bytes that are there for it. Model or version: all that it needs, bases included; what
  /// two lines need counts for each, as does a tensor under two names.
  std::uint64_t stored_bytes = 0;
  /// Model or version: freed if it alone were removed. Tensor: freed if the versions looked at were
  /// removed. Codec, plane: nothing.
  std::optional<std::uint64_t> unique_bytes;
  /// Model or version: bytes that it needs as bases only, which no tensor of its own is.
  std::optional<std::uint64_t> base_bytes = std::nullopt;
};

struct UsageReport {
  std::vector<UsageLine> lines;
  std::uint64_t raw_bytes = 0;
  std::uint64_t tensor_bytes = 0;    ///< coded tensors in packs
  std::uint64_t blob_bytes = 0;      ///< files, literals, recipes, layouts
  std::uint64_t metadata_bytes = 0;  ///< catalog, manifests, directories, operation log
  std::uint64_t derived_bytes = 0;   ///< computed of the tensors; can be computed again
  std::uint64_t garbage_bytes = 0;
  std::uint64_t trash_bytes = 0;
  std::uint64_t total_bytes = 0;  ///< everything below .dlv

  /// With references: what removing all of them together would free, and what would stay because
  /// other versions need it (shared tensors, bases of their deltas).
  std::optional<std::uint64_t> freed_bytes = std::nullopt;
  std::optional<std::uint64_t> kept_bytes = std::nullopt;
};

}  // namespace dlv
