#pragma once
/// \file
/// A close look at tensors and at where a version's bytes are: what `dlv show`, `dlv desc
/// --storage` and `dlv check` ask for.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dlv/ids.h"
#include "dlv/statistics.h"
#include "dlv/tensor.h"

namespace dlv {

/// Coded bytes of one kind: planes first..last of an element (1 is the most significant: sign, then
/// exponent, then mantissa) that one codec wrote. Elements that are coded whole or by significance,
/// and integers, have one group of all planes.
struct PlaneGroup {
  std::string codec;  ///< "raw", "constant", "lz4", "zstd", "grouped-zstd", "float", "palette",
                      ///< "float-tail", "significance", "delta", "delta-two-bases"
  unsigned first_plane = 1;
  unsigned last_plane = 0;
  std::uint64_t coded_bytes = 0;  ///< a tensor in a cluster counts by its share; headers count for
                                  ///< the first group
};

/// A tensor of the chain that one is stored in: itself first, then its base, and so on.
struct ChainLink {
  TensorId id;
  std::string written_by;  ///< "NAME:vN" of the commit that stored it; empty where that is gone
  unsigned depth = 0;      ///< deltas between it and a tensor without a base
  std::uint64_t coded_bytes = 0;
};

struct InspectOptions {
  bool statistics = true;
  std::size_t histogram_bins = 0;  ///< 0: no histogram; at most 4096
  HistogramScale histogram_scale = HistogramScale::kLinear;
  std::size_t head = 0;  ///< how many elements are given as text; at most 65,536
};

/// One tensor. With a slice in the reference, statistics, histogram and head are those of the
/// slice.
struct TensorReport {
  TensorInfo info;
  std::string file;   ///< its path in the version; empty: committed from memory
  std::string slice;  ///< as given, e.g. "0:16, 3"; empty: the whole tensor
  Shape slice_shape;  ///< of what was looked at
  TensorStatistics statistics;
  std::vector<std::string> head;   ///< shortest decimals that give the value back; "1+2j", "true"
  std::vector<PlaneGroup> groups;  ///< of its own bytes, ascending by plane
  std::vector<ChainLink> chain;    ///< itself first
  std::uint64_t stored_bytes = 0;  ///< its own coded bytes
  std::uint64_t read_bytes = 0;    ///< those and its bases': what recreating it reads
};

/// Where the bytes of one snapshot's tensors are, and what getting them back costs. Tensors that
/// occur twice count once.
struct StorageReport {
  std::string reference;           ///< "NAME:vN"
  std::uint64_t raw_bytes = 0;     ///< of the distinct tensors, uncoded
  std::uint64_t own_bytes = 0;     ///< coded bytes that no other version needs
  std::uint64_t shared_bytes = 0;  ///< coded bytes of its tensors that another version needs too
  std::uint64_t base_bytes = 0;    ///< coded bytes of tensors that it needs as bases only
  std::vector<PlaneGroup> groups;  ///< of own and shared bytes, ascending by plane
  std::uint64_t read_bytes = 0;    ///< to get all its tensors back
  unsigned chain_depth_max = 0;
  double chain_depth_mean = 0;     ///< weighted by the tensors' bytes
  double predicted_seconds = 0;    ///< of recreating it, under `assumption`
  std::string assumption;          ///< rates behind the prediction, in words
  std::uint64_t tensor_count = 0;  ///< distinct ones
};

/// What `Repository::Check` is asked.
struct CheckOptions {
  /// Each is an expression over metrics, hyper-parameters and tags (docs/cli.md, "Requirements"):
  /// `val_acc >= best.val_acc - 0.005`.
  std::vector<std::string> requirements;
  bool no_nan = false;  ///< no tensor may hold a NaN
  bool no_inf = false;  ///< nor an infinity
};

/// One comparison inside a requirement, with the values that it met.
struct ComparisonResult {
  std::string text;         ///< as written
  std::string left, right;  ///< values, as text
  std::string operation;    ///< "<", "<=", ">", ">=", "==", "!="
  bool passed = false;
};

struct RequirementResult {
  std::string text;
  bool passed = false;
  std::vector<ComparisonResult> comparisons;
  std::vector<std::pair<std::string, std::string>> values;  ///< each name that occurs, its value
};

/// A tensor with elements that are not finite.
struct NonFiniteTensor {
  std::string name;
  std::uint64_t nan_count = 0;
  std::uint64_t inf_count = 0;
};

struct CheckResult {
  std::string reference;  ///< "NAME:vN"
  bool passed = false;    ///< all of it
  std::vector<RequirementResult> requirements;
  std::vector<NonFiniteTensor> non_finite;  ///< where tensors were looked at
  std::uint64_t tensors_read = 0;
  std::uint64_t read_bytes = 0;  ///< coded bytes fetched for that
};

}  // namespace dlv
