#pragma once
/// \file
/// Progressive evaluation of a network: a few bits of every weight first, more only for the inputs
/// whose answer they do not prove (docs/progressive.md).

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/infer/weight_source.h"
#include "engine/kernels/value.h"
#include "engine/progressive/level_source.h"
#include "engine/progressive/precision.h"

namespace dlv::progressive {

/// How an answer is known.
enum class AnswerStatus : std::uint8_t {
  kCertified,      ///< proved from the bits read
  kCertifiedFull,  ///< all bits read; the margin exceeds what rounding can do
  kHeuristic,      ///< the increment rule; no proof
  kComputed,       ///< the fp64 reference kernels, no proof: `reason` of the report or the answer
};

enum class StopRule : std::uint8_t { kCertified, kHeuristic };
/// What the proof is made with: norms (docs/progressive.md), or intervals alone, the method of
/// ModelHub (Miao et al., ICDE 2017), as a baseline and a cross-check.
enum class BoundMethod : std::uint8_t { kNorms, kIntervals };

struct RunOptions {
  StopRule stop = StopRule::kCertified;
  double tau = 8;      ///< of the increment rule
  unsigned top_k = 1;  ///< the set of the k greatest scores is what is proved
  /// Never read beyond: what is open then is answered from these bits, as kHeuristic. Preparing
  /// fails (kInvalidArgument) where a weight has no level of so few; small ones without any level
  /// are read whole.
  std::optional<unsigned> most_planes;
  BoundMethod method = BoundMethod::kNorms;
  /// What centres are computed in; nothing: f32 where its rounding takes little off the margins of
  /// the calibration inputs, else f64 (docs/progressive.md, "Precision of centres"). What stays
  /// open at the last step in f32 is tried there in f64. Intervals, the increment rule and runs
  /// that keep contrasts are in f64.
  std::optional<Precision> precision;
  bool keep_contrasts = false;  ///< fills Answer::contrasts
  bool sketches = true;         ///< may be used; certificates do without (docs/progressive.md)
  bool stretches = true;        ///< the same of stretched inputs; without them no sketches, too
  unsigned threads = 0;         ///< 0: all cores
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;  ///< of values, and again of weights
  const CancellationToken* cancel = nullptr;
};

/// One weight tensor in a step of the profile.
struct StepLevel {
  std::string parameter;
  unsigned planes = 0;  ///< as in Level
  bool exact = false;
  bool by_significance = false;
};

/// One step of the nested table of profiles, and what became of the inputs there.
struct StepReport {
  std::vector<StepLevel> levels;
  std::uint64_t plane_bytes = 0, all_bytes = 0;  ///< read from cold, up to this step
  double plane_bits = 0, all_bits = 0;           ///< the same in bits a parameter element
  std::uint64_t open_before = 0;                 ///< inputs that came here
  std::uint64_t certified_forward = 0, certified_backward = 0, heuristic = 0;
  double seconds = 0;
};

struct RunReport {
  std::uint64_t inputs = 0, certified = 0, certified_full = 0, heuristic = 0, computed = 0;
  std::map<std::string, std::uint64_t> reasons;  ///< of kComputed: how many of each
  std::vector<StepReport> steps;
  std::uint64_t parameter_elements = 0;
  std::uint64_t full_bytes = 0;           ///< of a full read
  std::uint64_t bound_bytes = 0;          ///< of the bounds that were used, in all_bytes too
  Precision precision = Precision::kF64;  ///< of centres
  std::uint64_t escalated = 0;            ///< inputs that f32 left open, tried in f64
  /// Over the inputs, each from cold; who was not certified counts with the full read.
  double mean_plane_bits = 0, p50_plane_bits = 0, p99_plane_bits = 0;
  double mean_all_bits = 0, p50_all_bits = 0, p99_all_bits = 0;
  /// The node that no rule knows, with the reason; empty: all have one. Then everything is
  /// kComputed.
  std::string stopped_by;
  double seconds = 0, bound_seconds = 0;
  /// The most that inputs, values, bounds and weights took together, those of the reference too.
  std::uint64_t peak_bytes = 0;
};

/// One contrast of a certificate.
struct Contrast {
  std::int64_t over = 0, under = 0;  ///< classes: score of `over` > score of `under` is proved
  double margin = 0;                 ///< at the centre
  double lower_bound = 0;            ///< of the true difference; > 0
};

struct Answer {
  std::vector<std::int64_t> classes;  ///< the k greatest scores, the greatest first
  AnswerStatus status = AnswerStatus::kComputed;
  std::uint32_t step = 0;  ///< of the profile at which it was answered
  double margin = 0;       ///< least difference to a class outside, at the centre or as computed
  double lower_bound = 0;  ///< proved of it; 0 where nothing is
  bool by_backward = false;
  /// Of kComputed: "tie", "not a number", "operator", "margin below rounding", "no class outside".
  std::string reason;
  std::vector<double> scores;       ///< at the centre that answered
  std::vector<Contrast> contrasts;  ///< where RunOptions::keep_contrasts
};

struct AppliedRule {
  std::string node, rule;  ///< "conv1 (Conv)", "linear"
};

class Run {
 public:
  /// Plans the network. `source`, `derived` (may be null), `weights` (the same tensors whole, for
  /// the reference) must outlive it. A network with an operator without a rule can be run all the
  /// same: everything is answered as kComputed.
  /// Errors: those of infer::Session::Make; kUnsupported (not one input and one output of scores).
  static Result<std::unique_ptr<Run>> Make(Network network, LevelSource& source,
                                           infer::WeightSource& weights, DerivedData* derived,
                                           const RunOptions& options = {});
  ~Run();

  /// Computes bounds and the table of profiles, from `calibration` (a batch of inputs, f32) or,
  /// without it, from random numbers; what is kept already is not computed again.
  Status Prepare(const kernels::Value* calibration, ProgressSink* progress = nullptr);

  /// Answers for inputs [N, ...], f32, or of the network's type where it takes whole numbers; the
  /// more at once the better (thousands): planes are read once for all of them. Prepares first,
  /// without calibration, where that was not done.
  Result<std::vector<Answer>> Classify(const kernels::Value& inputs);

  /// Answers for inputs from these levels alone, as StepReport has them: what a certificate says is
  /// proved again. As Classify where the table has this step and no other: what is not proved is
  /// kHeuristic where the step leaves bits out, else kComputed. Of a network without a rule for
  /// each operator there are no levels. The report is of the last such call.
  /// Errors: as Classify and CheckLevels.
  Result<std::vector<Answer>> ClassifyAt(const kernels::Value& inputs,
                                         const std::vector<StepLevel>& levels);

  /// How many scores an input gets; nothing where an operator has no rule.
  std::optional<std::uint64_t> classes() const;

  /// Whether `levels` are a step of this network.
  /// Errors: kInvalidArgument (levels that a weight does not have, not of every weight, or of
  /// something else).
  Status CheckLevels(const std::vector<StepLevel>& levels) const;

  /// The nodes and the rules that bound what is behind them, in order; none where one has none.
  std::vector<AppliedRule> rules() const;

  /// What stops the calls from now on, in place of RunOptions::cancel; null: nothing.
  void SetCancel(const CancellationToken* cancel);

  /// Over all inputs so far.
  RunReport report() const;

 private:
  class Impl;
  explicit Run(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::progressive
