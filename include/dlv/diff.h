#pragma once
/// \file
/// What differs between two versions: tensors with their figures, hyper-parameters, metrics, files.
///
///     DLV_ASSIGN(const VersionDiff diff, repository->Diff("lenet:v1", "lenet:v2"));
///     for (const TensorChange& tensor : diff.tensors)
///       if (tensor.figures) Report(tensor.name, tensor.figures->relative());
///
/// Tensors are paired by role and name first; then by name alone; then by a change of prefix that
/// fits several of them ("module.", "_orig_mod.", "model.", any other); then by identical content;
/// last by a shape that is unique on both sides, where the values are close. A tensor is in one
/// pair at most; what stays alone was added or removed. Nothing identical is read: equal tensor ids
/// mean equal elements.
///
/// Figures are those of dlv/statistics.h for pairs of elements (a before, b after), differences
/// are b - a, sums are in binary64 or better. A pair with a NaN or an infinity on either side is
/// counted in `nonfinite` and in no norm, extreme, cosine or histogram. Tensors of unlike types are
/// compared by value: 0.5 in half precision equals 0.5 in single precision.
///
/// What it costs. With kIds nothing but manifests is read. With the others each pair that differs
/// is read once, by chunk and on all cores, in memory that does not grow with the tensors; and once
/// more where a histogram is wanted, since its range is known only then.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/statistics.h"
#include "dlv/tensor.h"
#include "dlv/version_info.h"

namespace dlv {

/// How much is read to compare tensors.
enum class DiffDepth : std::uint8_t {
  kIds,       ///< nothing: which tensors differ, not by how much
  kEstimate,  ///< the high 16 bits of each element (f32: sign, exponent, 7 mantissa bits)
  kExact,     ///< all of what differs
};

struct DiffOptions {
  DiffDepth depth = DiffDepth::kExact;
  bool histograms = false;  ///< PairStatistics::difference
  /// Whether tensors of unlike names may be a pair. Without, a rename is one tensor removed and one
  /// added: what a program wants that goes by names.
  bool find_renames = true;
};

/// Figures about the pairs of elements of two tensors of the same number of elements. Elements are
/// paired in C order, also where the shape changed. Of complex numbers each part is an element.
struct PairStatistics {
  std::uint64_t count = 0;      ///< pairs; of parts, where elements are complex
  std::uint64_t differing = 0;  ///< pairs whose values differ (two NaNs do not, nor do 0 and -0)
  std::uint64_t nonfinite = 0;  ///< pairs that are in no figure below
  std::uint64_t nan_before = 0, nan_after = 0;
  std::uint64_t inf_before = 0, inf_after = 0;
  std::uint64_t zero_before = 0, zero_after = 0;  ///< of both signs, among finite pairs
  std::uint64_t sign_flips = 0;                   ///< from above 0 to below, or back
  double norm_before = 0, norm_after = 0;         ///< root of the sum of squares
  double norm_difference = 0;                     ///< root of the sum of squared differences
  double max_difference = 0;                      ///< greatest |b - a|
  double cosine = std::numeric_limits<double>::quiet_NaN();  ///< NaN: a side is all zeros
  /// Planes really read of both sides; 0: all, the figures are exact.
  unsigned planes = 0;
  /// With few planes: the true norm of the differences lies within this distance of the norm of
  /// the differences of what was read, `norm_read`; `norm_difference` is the likeliest value. The
  /// bound is rigorous, the estimate is not. Both 0 where all was read.
  double norm_error = 0, norm_read = 0;
  Histogram difference;  ///< where it was asked for; edges are multiples of a power of two

  std::uint64_t finite() const { return count - nonfinite; }
  /// ||b - a|| / ||a||; infinite where only the difference is not 0; 0 where both are.
  double relative() const {
    if (norm_difference == 0) return 0;
    return norm_before == 0 ? std::numeric_limits<double>::infinity()
                            : norm_difference / norm_before;
  }
  /// With few planes: no more than this is ||b - a|| / ||a||.
  double relative_bound() const {
    if (planes == 0) return relative();
    const double most = norm_read + norm_error;
    return most == 0          ? 0
           : norm_before == 0 ? std::numeric_limits<double>::infinity()
                              : most / norm_before;
  }
};

/// What became of one tensor.
struct TensorChange {
  enum class Kind : std::uint8_t {
    kIdentical,  ///< the same elements in the same shape
    kReshaped,   ///< the same elements in another shape
    kChanged,    ///< other elements, as many
    kResized,    ///< another number of elements: not compared
    kAdded,
    kRemoved,
  } kind = Kind::kIdentical;
  std::string name;        ///< of `after`, or of what was removed
  bool renamed = false;    ///< has another name than before
  bool converted = false;  ///< has another dtype; elements are compared by value
  std::optional<TensorInfo> before;
  std::optional<TensorInfo> after;
  /// Where elements were compared: changed tensors, and reshaped or identical ones whose type
  /// changed. Not with kIds, not for bytes of an unknown type, not for what has no partner.
  std::optional<PairStatistics> figures;
};

/// Returns "identical", "reshaped", "changed", "resized", "added" or "removed".
constexpr std::string_view NameOf(TensorChange::Kind kind) {
  switch (kind) {
    case TensorChange::Kind::kIdentical:
      return "identical";
    case TensorChange::Kind::kReshaped:
      return "reshaped";
    case TensorChange::Kind::kChanged:
      return "changed";
    case TensorChange::Kind::kResized:
      return "resized";
    case TensorChange::Kind::kAdded:
      return "added";
    case TensorChange::Kind::kRemoved:
      return "removed";
  }
  return "changed";
}

/// A prefix of names that became another one, either of them perhaps empty.
struct PrefixChange {
  std::string before, after;
  std::uint64_t tensors = 0;
};

/// A hyper-parameter with two values, or on one side only. Values are compared as text, so that
/// "0.10" differs from "0.1".
struct ValueChange {
  std::string name;
  std::optional<std::string> before, after;
};

/// A metric of either version, whole series, also where both are equal, so that curves can be drawn
/// beside each other.
struct MetricChange {
  std::string name;
  std::optional<Metric> before, after;
  /// Whether it is on one side only, or has another point.
  bool different() const {
    if (!before || !after || before->points.size() != after->points.size()) return true;
    for (std::size_t i = 0; i < before->points.size(); ++i) {
      const MetricPoint &a = before->points[i], &b = after->points[i];
      const bool same = a.value == b.value || (std::isnan(a.value) && std::isnan(b.value));
      if (a.step != b.step || !same) return true;
    }
    return false;
  }
};

/// A file of either version. Files are paired by path, then by content, then by what is left over
/// if it is one of each suffix ("iter_200.caffemodel", "iter_400.caffemodel").
struct FileChange {
  TensorChange::Kind kind = TensorChange::Kind::kIdentical;  ///< never kReshaped or kResized
  bool renamed = false;
  std::optional<FileInfo> before, after;
};

/// All that differs. A version is taken with its last snapshot unless the reference names a step;
/// metrics, hyper-parameters and files are those of the whole version.
struct VersionDiff {
  VersionSummary before, after;
  std::optional<std::int64_t> before_step, after_step;  ///< of the snapshots compared
  DiffDepth depth = DiffDepth::kExact;
  std::vector<TensorChange> tensors;   ///< in the order of `after`; then what was removed
  std::vector<PrefixChange> prefixes;  ///< most tensors first
  std::vector<ValueChange> hparams;    ///< differing ones, by name
  std::uint64_t equal_hparams = 0;
  std::vector<MetricChange> metrics;  ///< by name
  std::vector<FileChange> files;
  std::uint64_t read_bytes = 0;      ///< coded bytes fetched
  std::uint64_t compared_bytes = 0;  ///< original bytes of both sides that were looked at

  /// Returns how many tensors that became of. The six kinds add up to all of `tensors`.
  std::uint64_t Count(TensorChange::Kind kind) const {
    std::uint64_t count = 0;
    for (const TensorChange& tensor : tensors) count += tensor.kind == kind ? 1 : 0;
    return count;
  }
  /// Returns how many have another name, whatever else became of them.
  std::uint64_t CountRenamed() const {
    std::uint64_t count = 0;
    for (const TensorChange& tensor : tensors) count += tensor.renamed ? 1 : 0;
    return count;
  }
  /// Whether anything differs but message, author, time, and the names of model and version.
  bool different() const {
    for (const TensorChange& tensor : tensors) {
      if (tensor.kind != TensorChange::Kind::kIdentical || tensor.renamed || tensor.converted)
        return true;
    }
    for (const FileChange& file : files) {
      if (file.kind != TensorChange::Kind::kIdentical || file.renamed) return true;
    }
    for (const MetricChange& metric : metrics) {
      if (metric.different()) return true;
    }
    return !hparams.empty();
  }
};

}  // namespace dlv
