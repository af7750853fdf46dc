#pragma once
/// \file
/// How well scores name the right class: accuracy, loss, the confusion matrix.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"

namespace dlv::evaluation {

/// What the scores of a network are, which only the loss depends on.
enum class ScoreKind : std::uint8_t {
  kLogits,            ///< any real numbers
  kProbabilities,     ///< the output of Softmax
  kLogProbabilities,  ///< the output of LogSoftmax
};

/// A number asked for: "top1", "top5" (any k from 1), or "loss".
struct Metric {
  std::uint32_t top = 0;  ///< 0: the loss
  /// Errors: kSyntax with what there is.
  static Result<Metric> Parse(std::string_view name);
  std::string Name() const;
  bool operator==(const Metric&) const = default;
};

/// The class with the greatest score, the first of equal ones; -1 where a score is NaN: such scores
/// name no class.
std::int64_t PredictedClass(std::span<const float> scores);

/// The place of `label` among the classes by falling score, 0 for the first; equal scores by
/// ascending class. All classes where a score is NaN.
std::uint64_t RankOf(std::span<const float> scores, std::size_t label);

/// Cross entropy of one example in nats, -log p(label), where p is the softmax of logits. Computed
/// in double. Infinite where p is 0 (probabilities of f32 may round to it); NaN where a score is.
double LossOf(ScoreKind kind, std::span<const float> scores, std::size_t label);

/// Sums over the examples of one network. Memory: classes squared counters with `confusion`, else a
/// few a class.
class Classification {
 public:
  static constexpr std::size_t kMostConfused = 4096;  ///< classes, with `confusion`

  /// Errors: kInvalidArgument (no classes, no metric, more than kMostConfused with `confusion`, a
  /// top-k beyond the classes).
  static Result<Classification> Make(std::size_t classes, std::vector<Metric> metrics,
                                     ScoreKind kind, bool confusion);

  /// Adds examples: scores.size() is labels.size() * classes, an example after the other. `logits`:
  /// empty, or as many numbers, the logits whose softmax the scores are; the loss is then theirs.
  /// Errors: kInvalidArgument naming the example whose label is no class; nothing is added then.
  Status Add(std::span<const float> scores, std::span<const std::int64_t> labels,
             std::span<const float> logits = {});

  std::uint64_t examples() const { return examples_; }
  std::size_t classes() const { return classes_; }
  const std::vector<Metric>& metrics() const { return metrics_; }
  /// One a metric: the share of right answers from 0 to 1, or the mean loss.
  std::vector<double> Values() const;
  /// Examples with a NaN among their scores: they count as wrong.
  std::uint64_t undefined() const { return undefined_; }

  /// Of one class: how many examples have it, how many of these are named right, and how many of
  /// any class are named so.
  struct Class {
    std::uint64_t examples = 0, right = 0, predicted = 0;
    double recall() const;     ///< right of its examples; NaN without examples
    double precision() const;  ///< right of those named so; NaN without any
  };
  const std::vector<Class>& by_class() const { return by_class_; }
  /// Row: the label; column: the class predicted. Empty without `confusion`.
  const std::vector<std::uint64_t>& confusion() const { return confusion_; }

 private:
  void AddOne(std::span<const float> scores, std::span<const float> logits, std::size_t label);

  std::size_t classes_ = 0;
  std::vector<Metric> metrics_;
  ScoreKind kind_ = ScoreKind::kLogits;
  std::uint64_t examples_ = 0, undefined_ = 0;
  std::vector<double> sums_;  ///< one a metric
  std::vector<Class> by_class_;
  std::vector<std::uint64_t> confusion_;
};

}  // namespace dlv::evaluation
