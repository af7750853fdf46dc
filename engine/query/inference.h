#pragma once
/// \file
/// Networks that run on data, as queries need them: predict and evaluate. engine/api implements it
/// over a repository.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"

namespace dlv::query {

struct NewVersion;

/// A network that is to run: of a version, or one that a statement made of it.
struct RunSubject {
  VersionId version;                       ///< itself, or whose weights `made` takes
  std::string reference;                   ///< how messages call it
  std::shared_ptr<const NewVersion> made;  ///< null: the version's own network
};

/// Examples, and what is done to them first (docs/evaluation.md).
struct RunData {
  std::string data, labels, array, label_array;
  std::optional<std::string> preprocess;  ///< nothing: what is remembered with the version
  std::uint32_t batch = 64;
  std::optional<std::uint64_t> limit;  ///< the first so many examples
};

struct PredictionRequest {
  RunData data;
  unsigned top_k = 1;
  bool heuristic = false;
  double tau = 8;
  std::optional<unsigned> most_planes;
  bool intervals = false;   ///< the proofs are made with intervals
  std::string calibration;  ///< data of the same kind; empty: what is kept, else random numbers
  std::uint64_t calibration_examples = 256;
};

/// What the network says of one input.
struct Prediction {
  std::vector<std::int64_t> classes;  ///< the k greatest scores, the greatest first
  std::string_view status;            ///< "certified", "certified-full", "heuristic", "computed"
  std::string reason;                 ///< of "computed"
  std::optional<double> margin;
  double all_bits = 0, plane_bits = 0;  ///< read for it from cold, a weight
};

/// A network on data. Not thread-safe.
class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::uint64_t examples() const = 0;
  /// Labels of examples [first, first + count); empty where the data have none.
  virtual Result<std::vector<std::int64_t>> Labels(std::uint64_t first, std::uint64_t count) = 0;
  /// Answers for the examples of these numbers, ascending, each once. The more at once the better.
  virtual Result<std::vector<Prediction>> Answer(std::span<const std::uint64_t> inputs) = 0;
  /// Coded bytes that were fetched so far.
  virtual std::uint64_t fetched_bytes() const = 0;
  /// Most leading bits of an element that were read so far.
  virtual unsigned planes() const = 0;
};

/// A network's results on data.
struct Evaluated {
  RunSubject subject;
  std::string data;  ///< as it was given
  std::string preprocess;
  bool preprocess_given = false;  ///< by the statement, not remembered
  std::uint64_t examples = 0;
  std::vector<std::pair<std::string, double>> metrics;  ///< as asked for
  std::uint64_t fetched_bytes = 0;
};

}  // namespace dlv::query
